"""The portal's pages: one press stops and one resumes, a request is three clicks away, and nobody sees another's."""

import re

import pytest
from django.test import Client

from chikai import clock
from chikai.web import held_file
from chikai.web.actions import feed, integrate
from chikai.web.actions import portal as actions
from chikai.web.models import HeldIndex, Job, PortalSession
from chikai.web.models.rights import Request
from chikai.web.models.switches import choices_of
from chikai.web.portal import access, door, switches
from tests.web import portal_world as us

pytestmark = [pytest.mark.django_db, pytest.mark.own_state]

PAGES = ("/me", "/me/held", "/me/settings", "/me/requests", "/me/requests/new", "/me/history")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """No test waits for the answer's own time."""
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)


@pytest.fixture
def hanako(client):
    """A person who is signed in."""
    person = us.begin()
    us.sign_in(client)
    return person


def text(response):
    return response.content.decode()


def is_stopped(person, unit):
    lines = choices_of(person.pk)
    return next(x.is_stopped for line in lines for x in (line, *line.cells) if x.unit == unit)


@pytest.mark.parametrize("tongue", ["", "/en"])
def test_each_page_opens_for_a_new_person(client, hanako, tongue):
    for path in PAGES:
        answer = client.get(tongue + path)
        assert answer.status_code == 200, path
        assert answer["Cache-Control"] == "no-store"
        assert "None" not in re.sub(r"<[^>]*>", "", text(answer)), path


def test_a_visitor_is_led_to_the_sign_in_and_back(client):
    us.begin()
    for path in PAGES:
        assert client.get(path)["Location"] == f"/me/sign-in?next={path.replace('/', '%2F')}"
    for path in ("/me/settings/turn", "/me/held", "/me/requests/new"):
        assert client.post(path).status_code == 302


def test_one_press_stops_and_one_press_resumes(client, hanako):
    for unit in (
        "purpose:guidance",
        "item:usage_history",
        "cell:improvement/voluntary",
        "everything",
    ):
        said = client.post("/me/settings/turn", {"unit": unit, "to": "stop"}, follow=True)
        assert is_stopped(hanako, unit), unit
        assert "止めました" in text(said)
        assert "か所" in text(said) or "つながっている" in text(said)
        client.post("/me/settings/turn", {"unit": unit, "to": "resume"})
        assert not is_stopped(hanako, unit), unit


def test_a_use_is_called_stopped_once_every_running_copy_has_heard(client, hanako, monkeypatch):
    monkeypatch.setattr(switches, "HEARD_SECONDS", 0.05)
    feed.heard("balus", "a", 0, clock.now())
    said = client.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"}, follow=True)
    assert "止めているところです" in text(said)
    assert "1か所のうち、0か所" in text(said)
    assert re.search("つながっていないサービス：.*KATA", text(said))
    for service in ("balus", "kata", "training", "website"):
        feed.heard(service, "a", 9, clock.now())
    said = client.post("/me/settings/turn", {"unit": "purpose:support", "to": "stop"}, follow=True)
    assert "止めました" in text(said)
    assert "4か所のうち、4か所" in text(said)
    assert "つながっていない" not in text(said)


def test_a_press_from_the_home_page_leads_home(client, hanako):
    answer = client.post(
        "/me/settings/turn", {"unit": "purpose:guidance", "to": "stop", "back": "me"}
    )
    assert answer["Location"].startswith("/me?v=")
    page = text(client.get(answer["Location"]))
    assert 'aria-checked="false"' in page
    assert "あなたが止めました" in page


def test_htmx_gets_the_line_alone_with_its_news(client, hanako):
    answer = client.post(
        "/me/settings/turn",
        {"unit": "purpose:guidance", "to": "stop"},
        headers={"hx-request": "true"},
    )
    assert text(answer).startswith("<li")
    assert 'aria-checked="false"' in text(answer)
    assert "data-say" in text(answer)


def test_what_ends_a_service_is_said_before_the_one_press(client, hanako):
    page = text(client.get("/me/settings/ends?unit=purpose:billing"))
    assert "有料の利用は終わります" in page
    everything = text(client.get("/me/settings/ends?unit=everything"))
    assert "有料の利用は終わります" in everything
    assert everything.count('name="to"') == 1


@pytest.mark.parametrize("unit", ["", "purpose:none", "purpose:", "x", "cell:billing", "item:<b>"])
def test_an_unknown_unit_is_not_found(client, hanako, unit):
    for to in ("stop", "resume", "explode"):
        assert client.post("/me/settings/turn", {"unit": unit, "to": to}).status_code == 404
    assert client.get("/me/settings/ends", {"unit": unit}).status_code == 404


def test_a_forged_press_changes_nothing():
    person = us.begin()
    strict = Client(enforce_csrf_checks=True)
    us.sign_in(strict)
    for path, form in (
        ("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"}),
        ("/me/requests/new", {"kind": "disclose"}),
        ("/me/held", {}),
    ):
        assert strict.post(path, form).status_code == 403
    assert not is_stopped(person, "purpose:guidance")
    assert not Request.objects.exists()


def test_a_copy_is_asked_for_in_three_clicks(client, hanako):
    home = text(client.get("/me"))
    assert 'href="/me/requests/new?kind=disclose"' in home
    page = text(client.get("/me/requests/new?kind=disclose"))
    assert "この内容で請求する" in page
    answer = client.post("/me/requests/new", {"kind": "disclose"})
    request = Request.objects.get()
    assert answer["Location"] == f"/me/requests/{request.number}"
    assert request.person == hanako
    assert request.evidence == "sign_in"
    assert request.number in text(client.get(answer["Location"]))
    assert request.number in text(client.get("/me"))
    assert request.number in text(client.get("/me/requests"))


def test_asking_twice_leads_to_the_first(client, hanako):
    client.post("/me/requests/new", {"kind": "disclose"})
    number = Request.objects.get().number
    assert number in text(client.get("/me/requests/new?kind=disclose"))
    answer = client.post("/me/requests/new", {"kind": "disclose"})
    assert answer["Location"] == f"/me/requests/{number}"
    assert Request.objects.count() == 1


def test_a_request_is_taken_back_once(client, hanako):
    client.post("/me/requests/new", {"kind": "disclose"})
    number = Request.objects.get().number
    client.post(f"/me/requests/{number}/withdraw")
    assert Request.objects.get().state == "withdrawn"
    again = client.post(f"/me/requests/{number}/withdraw", follow=True)
    assert "取り下げられません" in text(again)


def test_another_persons_request_is_as_if_it_were_not_there(client, hanako):
    client.post("/me/requests/new", {"kind": "disclose"})
    number = Request.objects.get().number
    us.person("taro@minato.example", {"balus": "55"}, 9)
    other = Client()
    us.sign_in(other, key="55")
    for path in ("", "/download"):
        assert other.get(f"/me/requests/{number}{path}").status_code == 404
    assert other.post(f"/me/requests/{number}/withdraw").status_code == 404
    assert Request.objects.get().state != "withdrawn"


def test_there_is_nothing_to_fetch_before_the_answer(client, hanako):
    client.post("/me/requests/new", {"kind": "disclose"})
    number = Request.objects.get().number
    assert client.get(f"/me/requests/{number}/download").status_code == 302


def test_a_mailbox_of_two_asks_without_proof_and_sees_no_value(client):
    us.begin()
    one, _ = us.two()
    token = "t" * 43
    mailbox = actions.mailbox_of(us.SHARED)
    PortalSession.objects.create(
        id="01890000-0000-7000-8000-000000000000",
        digest=actions.digest(token),
        person=one,
        mailbox=mailbox,
        proof="mail",
        shared=True,
        seal=held_file.public_half(token),
        began_at=clock.now(),
        ends_at=clock.now() + actions.SESSION_LASTS,
    )
    client.cookies[access.COOKIE] = token
    client.post("/me/requests/new", {"kind": "disclose"})
    request = Request.objects.get()
    assert (request.state, request.evidence) == ("received", "")
    client.post("/me/held")
    assert not Job.objects.filter(verb="read").exists()
    assert "いまはお見せできません" in text(client.get("/me/held"))
    client.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"})
    assert is_stopped(one, "purpose:guidance")


def test_signing_in_asks_for_a_count_once(client, hanako):
    us.sign_in(client)
    assert Job.objects.filter(verb="count").count() == 1


def test_before_the_first_count_the_page_says_so(client, hanako):
    assert "まだ数えていません" in text(client.get("/me"))


def test_counts_are_shown_without_values(client, hanako):
    row = {"service": "balus", "standing": "counted", "counts": {"email": 1, "usage_history": 1204}}
    away = {"service": "kata", "standing": "unreachable", "counts": {}}
    actions.keep_counts(actions.PERSON, hanako, {"balus": row, "kata": away})
    page = text(client.get("/me/held"))
    assert "1,204件（Balus）" in page
    assert "いまは調べられません" in page
    assert us.HANAKO not in page
    assert HeldIndex.objects.count() == 2


def test_values_open_in_the_browser_that_asked_and_nowhere_else(client, hanako):
    client.post("/me/held")
    job = Job.objects.get(verb="read")
    assert us.HANAKO not in str(job.about)
    assert "読んでいます" in text(client.get("/me/held"))
    session = PortalSession.objects.get()
    places = [
        {
            "service": "balus",
            "standing": "counted",
            "items": [{"category": "email", "values": [us.HANAKO, "<b>x</b>"], "more": 3}],
        },
        {"service": "kata", "standing": "unreachable", "items": []},
    ]
    held = {"at": clock.now().isoformat(), "places": places}
    held_file.write(session.pk, bytes(session.seal), held)
    Job.objects.filter(pk=job.pk).update(state="done")
    page = text(client.get("/me/held"))
    assert us.HANAKO in page
    assert "&lt;b&gt;x" in page
    assert "いまは調べられません" in page
    sealed = next(held_file.folder().glob("*.sealed")).read_text()
    assert us.HANAKO.encode().hex() not in sealed
    assert held_file.read(session.pk, "another cookie") is None
    part = client.get("/me/held", headers={"hx-request": "true"})
    assert text(part).startswith("<section")
    client.post("/me/sign-out")
    assert held_file.read(session.pk, "x") is None
    assert not list(held_file.folder().glob("*.sealed"))


@pytest.mark.clause("6")
def test_somebody_points_at_a_value_that_is_wrong(client, hanako):
    session = PortalSession.objects.get()
    items = [{"category": "email", "values": [us.HANAKO, "old@a.example"], "more": 0}]
    places = [{"service": "balus", "standing": "counted", "items": items}]
    held_file.write(
        session.pk, bytes(session.seal), {"at": clock.now().isoformat(), "places": places}
    )
    client.post("/me/held")
    Job.objects.filter(verb="read").update(state="done")
    held_file.write(
        session.pk, bytes(session.seal), {"at": clock.now().isoformat(), "places": places}
    )
    page = text(client.get("/me/held"))
    assert 'name="point" value="0.0.1"' in page
    assert 'href="/me/requests/new?kind=add&amp;items=email"' in page
    for kind, asks in (("correct", True), ("delete", False)):
        opened = text(client.post("/me/requests/new", {"kind": kind, "point": "0.0.1"}))
        assert ">\nold@a.example</textarea>" in opened
        assert '<option value="email" selected>' in opened
        assert ("正しい内容" in opened) is asks
    assert not Request.objects.filter(kind__in=("correct", "delete")).exists(), (
        "nothing is asked yet"
    )
    wish = {"kind": "delete", "items": "email", "wrong": "old@a.example"}
    client.post("/me/requests/new", wish)
    assert Request.objects.get(kind="delete").number in text(client.get("/me/requests"))
    for where in ("0.0.9", "x", "9.9.9", ""):
        gone = client.post("/me/requests/new", {"kind": "correct", "point": where})
        assert gone["Location"] == "/me/held"


def test_values_are_gone_after_fifteen_minutes(client, hanako, monkeypatch):
    session = PortalSession.objects.get()
    token = client.cookies[access.COOKIE].value
    held_file.write(session.pk, bytes(session.seal), {"at": clock.now().isoformat(), "places": []})
    assert held_file.read(session.pk, token) is not None
    later = held_file.time.time() + held_file.LASTS.total_seconds() + 1
    monkeypatch.setattr(held_file.time, "time", lambda: later)
    assert held_file.read(session.pk, token) is None
    assert not list(held_file.folder().glob("*.sealed"))


def number_of(client, page):
    """The number of the newest effect. On PostgreSQL a worker gives it within a second; here its turn is taken by hand."""
    integrate.integrate()
    shown = re.search(r"台帳 #(\d+)", text(page))
    return int((shown or re.search(r"#(\d+)", text(client.get("/me/history"))))[1])


@pytest.mark.django_db(transaction=True)
def test_each_effect_shows_its_number_and_gives_a_receipt(client):
    us.begin()
    us.sign_in(client)
    page = client.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"}, follow=True)
    number = number_of(client, page)
    history = text(client.get("/me/history"))
    assert f"#{number}" in history
    answer = client.get(f"/me/history/receipt?entry={number}")
    assert answer["Content-Disposition"].startswith("attachment")
    from chikai.ledger import note, receipt

    (one,) = receipt.read(answer.content)
    proved = receipt.check(one, note.VerifierKey.parse(one.key))
    assert proved.index == number
    assert proved.payload["kind"] == "choices.stopped"
    assert len(receipt.read(client.get("/me/history/receipt").content)) >= 2
    assert client.get("/me/history/receipt?entry=999999").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_the_receipt_of_another(client):
    us.begin()
    us.person("taro@minato.example", {"balus": "55"}, 9)
    us.sign_in(client)
    page = client.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"}, follow=True)
    number = number_of(client, page)
    other = Client()
    us.sign_in(other, key="55")
    assert other.get(f"/me/history/receipt?entry={number}").status_code == 404


def test_the_home_page_leads_to_asking_for_somebody_else(client, hanako):
    us.sign_in(client)
    page = client.get("/me").content.decode()
    assert "代理で手続きする" in page
    assert "ご家族・代理人" in page
    assert 'href="/me/requests/for"' in page
    assert client.get("/me/requests/for").status_code == 200
