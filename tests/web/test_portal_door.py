"""The portal's door: a mailed link opens once, where it was asked for; a hand-off is taken once; nobody learns who is known."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from chikai import clock
from chikai.sdk import handoff
from chikai.web.actions import portal as actions
from chikai.web.actions import rights
from chikai.web.models import Asked, HandoffNonce, Person, PortalLink, PortalSession, Request
from chikai.web.models.ledger import counted
from chikai.web.portal import access, door
from tests.web import portal_world as us
from tests.web import world
from tests.web.asking import OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.own_state]


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """No test waits for the answer's own time."""
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)


def text(response):
    return response.content.decode()


def ask(client, address=us.HANAKO, **more):
    return client.post("/me/sign-in", {"email": address}, **more)


def path_of(message):
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def asked(client, address=us.HANAKO):
    ask(client, address)
    return path_of(mail.outbox[-1])


def signed_in(client):
    return client.get("/me/which").headers.get("Location", "") != "/me/sign-in"


def session(client):
    return actions.find_session(client.cookies[access.COOKIE].value)


def test_a_mailed_link_opens_only_by_a_press(client):
    person = us.begin()
    path = asked(client)
    assert "続ける" in text(client.get(path))
    assert access.COOKIE not in client.cookies
    assert client.post(path)["Location"] == "/me"
    assert session(client).person == person
    assert session(client).proof == "mail"


def test_the_form_asks_one_thing(client):
    us.begin()
    page = text(client.get("/me/sign-in"))
    assert len(re.findall(r'<input(?![^>]*type="hidden")', page)) == 1


def test_a_link_opens_once(client):
    us.begin()
    path = asked(client)
    client.post(path)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "新しい" in text(answer)


def test_a_used_link_ends_the_others_of_the_mailbox(client):
    us.begin()
    first, second = asked(client), asked(client)
    client.post(second)
    assert client.post(first).status_code == 410


def test_a_link_of_the_day_before_is_over(client):
    us.begin()
    path = asked(client)
    PortalLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_a_forwarded_link_opens_nothing_in_another_browser(client):
    us.begin()
    path, other = asked(client), Client()
    for answer in (other.get(path), other.post(path)):
        assert answer.status_code == 410
        assert "別のブラウザー" in text(answer)
    ask(other)  # having asked once itself makes no difference
    assert other.post(path).status_code == 410
    assert client.post(path).status_code == 302  # and it was not used up


def test_a_link_survives_the_closing_of_the_browser(client):
    us.begin()
    asked(client)
    assert client.cookies[access.BROWSER]["max-age"] == 24 * 60 * 60


def test_a_known_and_an_unknown_address_get_the_same_answer_and_the_same_mail(client):
    us.begin()
    strip = re.compile(r'value="[^"]*"')
    known = strip.sub("", text(ask(client)).replace(us.HANAKO, "A"))
    unknown = strip.sub(
        "", text(ask(client, "nobody@minato.example")).replace("nobody@minato.example", "A")
    )
    assert known == unknown
    bodies = [re.sub(r"/link/\S+", "", message.body) for message in mail.outbox]
    assert bodies[0] == bodies[1]
    assert mail.outbox[0].subject == mail.outbox[1].subject
    assert PortalLink.objects.count() == 2
    assert Person.objects.count() == 1  # nobody is noted before the mailbox is proved


def test_the_mail_goes_to_the_spelling_that_was_compared(client):
    us.begin()
    ask(client, "HANAKO@Minato.example")
    assert mail.outbox[0].to == [us.HANAKO]


def test_a_mailbox_gets_five_links_in_a_quarter_of_an_hour(client):
    us.begin()
    for _ in range(8):
        assert ask(client).status_code == 200
    assert len(mail.outbox) == 5


def test_one_place_asks_thirty_times(client):
    us.begin()
    for number in range(30):
        ask(client, f"nobody{number}@minato.example")
    ask(client)
    assert us.HANAKO not in [message.to[0] for message in mail.outbox]
    assert len(mail.outbox) == 30


def test_neither_link_nor_cookie_nor_address_is_kept(client):
    us.begin()
    path = asked(client)
    client.post(path)
    secrets = [path.rsplit("/", 1)[1], client.cookies[access.COOKIE].value, us.HANAKO]
    kept = str(list(PortalLink.objects.values())) + str(list(PortalSession.objects.values()))
    assert not [secret for secret in secrets if secret in kept]


def test_a_header_cannot_be_injected_through_the_address(client):
    us.begin()
    answer = ask(client, "hanako@minato.example\r\nBcc: all@evil.example")
    assert answer.status_code == 422
    assert mail.outbox == []


def test_a_forged_form_is_refused():
    us.begin()
    strict = Client(enforce_csrf_checks=True)
    us.sign_in(strict)
    for path in ("/me/sign-in", "/me/sign-out", "/me/which"):
        assert strict.post(path, {"email": us.HANAKO}).status_code == 403
    assert mail.outbox == []
    assert PortalSession.objects.count() == 1


def test_a_session_that_somebody_planted_is_worth_nothing(client):
    us.begin()
    planted = "a" * 43
    client.cookies[access.COOKIE] = planted
    path = asked(client)
    client.post(path)
    assert client.cookies[access.COOKIE].value != planted
    assert actions.find_session(planted) is None


def test_signing_in_anew_ends_the_session_before(client):
    us.begin()
    us.sign_in(client)
    old = client.cookies[access.COOKIE].value
    us.sign_in(client)
    assert actions.find_session(old) is None
    assert session(client) is not None


def test_signing_out_ends_a_stolen_copy_of_the_cookie_too(client):
    us.begin()
    us.sign_in(client)
    thief = Client()
    thief.cookies[access.COOKIE] = client.cookies[access.COOKIE].value
    client.post("/me/sign-out")
    assert not signed_in(thief)


def test_a_session_ends_after_two_hours(client):
    us.begin()
    us.sign_in(client)
    row = PortalSession.objects.get()
    assert row.ends_at - row.began_at == timedelta(hours=2)
    PortalSession.objects.update(ends_at=clock.now())
    assert session(client) is None


def test_a_persons_session_opens_no_desk_and_a_staff_session_no_portal(client, as_role):
    us.begin()
    us.sign_in(client)
    assert client.get("/desk")["Location"].startswith("/sign-in")
    assert as_role("officer").get("/me/which")["Location"] == "/me/sign-in"


def test_signing_in_never_leads_to_another_site(client):
    us.begin()
    path = asked(client)
    assert client.post(f"{path}?next=https://evil.example/")["Location"] == "/me"


def test_a_service_hands_its_person_over(client):
    person = us.begin()
    answer = client.get(f"/me/enter?token={us.token()}")
    assert answer["Location"] == "/me"
    assert session(client).person == person
    assert not session(client).shared


def test_the_link_of_the_sdk_is_taken(client, tmp_path):
    us.begin()
    file = tmp_path / "key"
    file.write_bytes(actions.handoff_key("balus"))
    address = handoff.link("http://testserver", "balus", 17, file, language="en")
    assert client.get(address)["Location"] == "/en/me"


def test_a_hand_off_is_taken_once(client):
    us.begin()
    token = us.token()
    client.get(f"/me/enter?token={token}")
    answer = Client().get(f"/me/enter?token={token}")
    assert answer.status_code == 410
    assert "メールで入" in text(answer)
    assert HandoffNonce.objects.count() == 1


@pytest.mark.parametrize("seconds", [-121, 60])
def test_a_hand_off_of_another_time_is_refused(client, seconds):
    us.begin()
    token = us.token(now=clock.now() + timedelta(seconds=seconds))
    assert client.get(f"/me/enter?token={token}").status_code == 410


def test_a_hand_off_that_was_changed_is_refused(client):
    us.begin()
    body, _, signature = us.token().partition(".")
    other = us.token(key="32").partition(".")[0]
    wrong = [
        f"{other}.{signature}",
        body,
        f"{body}.",
        us.token(secret=b"x" * 32),
        us.token(service="training"),
        us.token(service="no-such-service"),
        us.token(key="no-such-key"),
        "",
        "あ.い",
        "e30.e30",
        "A" * 5000,
    ]
    for number, token in enumerate(wrong):
        assert client.get("/me/enter", {"token": token}).status_code == 410, number
    assert not PortalSession.objects.exists()


def test_the_page_of_a_hand_off_that_does_not_open_says_the_same_whatever_the_reason(client):
    us.begin()
    late = us.token(now=clock.now() - timedelta(seconds=200))
    pages = [
        re.sub(r'csrf\S+ value="\w+"', "", text(client.get("/me/enter", {"token": token})))
        for token in (late, us.token(key="no-such-key"), "x")
    ]
    assert len({page.partition("<main")[2] for page in pages}) == 1
    assert "ここで分かっている登録についてだけ開きます" in pages[0]


def test_no_key_is_made_by_a_name_that_somebody_sent(client):
    home = world.settings.HOME.path
    us.begin()
    token = us.token(service="../../evil")
    assert client.get("/me/enter", {"token": token}).status_code == 410
    made = {p.name for p in (home / "keys").glob("handoff-*")}
    assert made <= {"handoff-balus", "handoff-training"}
    assert not list(home.parent.glob("evil*"))


def test_a_mailbox_of_two_opens_switches_and_no_values(client):
    us.begin()
    one, _other = us.two()
    assert client.post(asked(client, us.SHARED))["Location"] == "/me"
    page = text(client.get("/me/which"))
    assert "Balus" in page
    assert "KATA" in page
    assert client.post("/me/which", {"which": "1"})["Location"] == "/me"
    assert session(client).person == one
    assert session(client).shared
    with pytest.raises(actions.Refused, match="mailbox"):
        actions.ask_read(actions.PERSON, session(client))


def test_a_package_does_not_open_to_a_mailbox_of_two_though_an_officer_knows_who_asked(client):
    """The officer found who asked; who reads the mailbox tomorrow is another question."""
    us.begin()
    us.two()
    client.post(asked(client, us.SHARED))
    client.post("/me/which", {"which": "1"})
    client.post("/me/requests/new", {"kind": "disclose"})
    request = Request.objects.get()
    rights.identify_request(OFFICER, request, evidence="officer")
    assert Asked.objects.get(request=request).form == "paper"  # so that it is no dead end
    ends = clock.now() + timedelta(days=1)
    Request.objects.update(state="answered", package_digest="x", package_file="p", expires_at=ends)
    assert Request.objects.get().ready(clock.now())
    assert "内容は、ここには出しません" in text(client.get(f"/me/requests/{request.number}"))
    assert client.get(f"/me/requests/{request.number}/download").status_code == 302


def test_a_choice_that_the_page_does_not_show_is_none(client):
    us.begin()
    us.two()
    client.post(asked(client, us.SHARED))
    for which in ("0", "3", "", "x"):
        assert client.post("/me/which", {"which": which}).status_code == 404


def test_each_way_in_leaves_its_entry(client):
    us.begin()
    client.post(asked(client))
    us.sign_in(client)
    client.post("/me/sign-out")
    Client().get("/me/enter?token=x")
    kinds = {one.kind for one in counted()}
    for kind in ("portal.linked", "portal.signed_in", "portal.signed_out", "portal.refused"):
        assert kind in kinds
