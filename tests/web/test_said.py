"""What somebody says of themselves and no service has verified: it is a doubt for an officer, and nobody's registration."""

import argparse
import io
import json
import re

import pytest
from django.conf import settings

from chikai import clock
from chikai.cli import gate_desk, own
from chikai.cli import people as people_cli
from chikai.errors import BadInput, WrongState
from chikai.people.normalise import Keyed
from chikai.web.actions import COMMAND, rights
from chikai.web.models import Candidate, Identifier, Link, Outbox, Person, Request
from chikai.web.models.people import MOST_PERHAPS
from chikai.web.work import disclose, engine
from chikai.web.work.people import sync_sources
from tests.web import asking
from tests.web.asking import DESK

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
NEW = "/desk/requests/new?kind=disclose"
VICTIM, NUMBER = "victim@mihon.example", "03-5555-0100"
SHOWN = "次の登録のどれかもしれません"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def typist(urls):
    """Somebody who typed another's address and number into their own account; no service verified either."""
    asking.settle(urls)
    other = asking.more_people(urls, 1)[0]
    carry(other.links.get(), VICTIM)
    carry(other.links.get(), NUMBER, kind="phone")
    return other


def carry(link, text, *, kind="mail", verified=False):
    keyed = Keyed(settings.HOME.key("identifiers"))
    digest = keyed.mail(text) if kind == "mail" else keyed.phone(text)
    Identifier.objects.create(link=link, kind=kind, digest=digest, verified=verified)


def said(**more):
    return {
        "kind": "disclose", "person": VICTIM, "channel": "phone", "note": "お電話", "form": "paper",
        "reply_to": VICTIM, "identified": "on", **more,
    }  # fmt: skip


def page_of(client, request):
    return client.get(f"/desk/requests/{request.number}").content.decode()


def entered(client, **more):
    answer = client.post(NEW, said(maybe="1", **more))
    assert answer.status_code == 302, answer.content.decode()
    return Request.objects.get()


@pytest.mark.parametrize("word", [VICTIM, NUMBER])
@pytest.mark.parametrize("mark", ["", "on"])
def test_the_desk_is_shown_a_doubt_and_why_before_anything_is_entered(typist, as_role, word, mark):
    page = as_role("desk").post(NEW, said(person=word, unknown=mark)).content.decode()
    assert SHOWN in page
    assert "サービスは確かめていません" in page
    assert "accounts" in page
    assert "accounts:" not in page.partition(SHOWN)[2].partition("</ul>")[0], (
        "the key would name it surely"
    )
    assert not Request.objects.exists()


def test_what_is_entered_all_the_same_is_about_nobody_until_an_officer_says_so(typist, as_role):
    request = entered(as_role("desk"))
    engine.drain()
    assert request.person_id != typist.pk
    assert not request.steps.filter(action="read").exists()
    pair = Candidate.objects.get()
    assert (pair.reason, pair.held) == ("said", True)
    assert {pair.a.person_id, pair.b.person_id} == {typist.pk, request.person_id}
    page = page_of(as_role("desk"), request)
    assert "この方のものかもしれない登録" in page
    assert "窓口で聞いただけで、サービスは確かめていません" in page
    assert "/one" not in page
    assert "/one" in page_of(as_role("officer"), request)


def test_once_an_officer_confirms_it_is_about_that_registration(typist, as_role):
    request = entered(as_role("desk"))
    engine.drain()
    officer, pair = as_role("officer"), Candidate.objects.get()
    officer.post(f"/desk/people/{pair.pk}/one", {"request": request.number})
    request.refresh_from_db()
    assert Person.resolve(request.person_id) == Person.resolve(typist.pk)
    with pytest.raises(WrongState, match="has changed"):
        asking.approve(request)
    officer.post(f"/desk/requests/{request.number}/do/look-at-more")
    engine.drain()
    assert request.steps.get(action="read", source="balus").rows > 0


def test_once_an_officer_denies_it_is_about_nobody(typist, as_role):
    request = entered(as_role("desk"))
    pair = Candidate.objects.get()
    as_role("officer").post(f"/desk/people/{pair.pk}/two", {"request": request.number})
    engine.drain()
    request.refresh_from_db()
    assert not request.steps.filter(action="read").exists()
    assert Person.resolve(request.person_id) != Person.resolve(typist.pk)


def test_no_sync_takes_the_doubt_away(typist, as_role):
    entered(as_role("desk"))
    assert not sync_sources(COMMAND, settings.HOME).faults
    assert Candidate.objects.waiting().filter(reason="said").count() == 1


def test_an_address_that_a_service_verified_names_its_one_person(typist, as_role):
    owner = Link.objects.get(source="kata").person
    carry(owner.links.get(source="kata"), VICTIM, verified=True)
    assert Person.objects.find_person(VICTIM, surely=True) == (owner,)
    as_role("desk").post(NEW, said())
    assert Request.objects.get().person == owner


def test_a_row_of_which_an_officer_found_who_reads_its_mailbox_is_proved_by_mail_alone(typist):
    typist.links.update(verified="officer")
    assert Person.objects.find_person(VICTIM, surely=True) == (typist,)
    assert Person.objects.find_person(NUMBER, surely=True) == ()


def test_what_many_registrations_carry_names_none_of_them(typist, as_role):
    now = clock.now()
    for n in range(MOST_PERHAPS):
        key = f"many-{n}"
        link = Link.objects.create(
            person=typist, source="balus", table="accounts", key=key, since=now
        )
        carry(link, NUMBER, kind="phone")
    page = as_role("desk").post(NEW, said(person=NUMBER)).content.decode()
    assert "あてはまる方が何人もいます" in page
    assert SHOWN not in page
    with pytest.raises(BadInput, match="more than"):
        rights.open_request(DESK, person=None, kind="disclose", channel="phone", perhaps=NUMBER)
    assert not Request.objects.exists()


def test_what_has_changed_since_the_page_was_shown_is_entered_anew(typist):
    Identifier.objects.all().delete()
    with pytest.raises(WrongState, match="meanwhile"):
        rights.open_request(DESK, person=None, kind="disclose", channel="phone", perhaps=VICTIM)


@pytest.mark.parametrize("word", [VICTIM, NUMBER])
def test_the_command_hands_out_nothing_and_says_what_to_do(typist, tmp_path, word):
    out = tmp_path / "package.zip"
    with pytest.raises(BadInput, match="1 registrations carry it") as fault:
        disclose.run(settings.HOME, word, out, words=())
    assert "chikai people find" in fault.value.do
    assert word not in str(fault.value)
    assert not out.exists()
    with pytest.raises(BadInput, match="no service has verified"):
        gate_desk._person(word)


def test_who_looks_for_a_person_is_told_whether_it_is_sure(typist, monkeypatch, capsys):
    monkeypatch.setattr(own, "start", lambda: settings.HOME)
    for word, sure in ((VICTIM, False), (str(typist.pk), True)):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{word}\n"))
        people_cli._find(argparse.Namespace(who=None, format="json"))
        assert [row["sure"] for row in json.loads(capsys.readouterr().out)] == [sure]


def test_the_button_sends_what_was_written_once_more(typist, as_role):
    """An agent asks: once an officer decides the pair, the person hears of who acts for them."""
    desk = as_role("desk")
    said_so = said(agency="mandated", agent="見本 次郎", reply_to="agent@mihon.example")
    page = desk.post(NEW, said_so).content.decode()
    section = page.partition(SHOWN)[2].partition("</section>")[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', section))
    assert desk.post(NEW, sent).status_code == 302
    request = Request.objects.get()
    assert rights.read_note(request) == "お電話"
    desk.post(f"/desk/requests/{request.number}/agent/right")
    desk.post(f"/desk/requests/{request.number}/do/identify")
    assert not Outbox.objects.filter(kind="named").exists()
    pair = Candidate.objects.get()
    as_role("officer").post(f"/desk/people/{pair.pk}/one", {"request": request.number})
    assert Outbox.objects.filter(request=request, kind="named").exists()


def test_an_officer_joins_nobody_by_what_no_service_verified(typist, as_role):
    request = entered(as_role("desk"))
    page = as_role("officer").post(
        f"/desk/requests/{request.number}/join", {"person": VICTIM}, follow=True
    )
    assert "保管場所、表、キーで指定してください" in page.content.decode()
    request.refresh_from_db()
    assert Person.resolve(request.person_id) != Person.resolve(typist.pk)


def test_a_stop_that_was_entered_so_stops_nothing_of_anybody_until_then(typist, as_role):
    desk = as_role("desk")
    sent = {
        "kind": "suspend", "person": VICTIM, "channel": "phone", "items": "address", "identified": "on",
    }  # fmt: skip
    assert SHOWN in desk.post(NEW.replace("disclose", "suspend"), sent).content.decode()
    desk.post(NEW.replace("disclose", "suspend"), {**sent, "maybe": "1"})
    engine.drain()
    assert Request.objects.get().person_id != typist.pk
