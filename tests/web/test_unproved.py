"""A mailbox that no service has proved: who reads it may ask and stop, and sees nothing of the row until an officer confirms."""

import re
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client

from chikai import clock
from chikai.errors import WrongState
from chikai.web.actions import PERSON, Actor, rights
from chikai.web.actions import portal as actions
from chikai.web.models import Job, Link, Request
from chikai.web.models.switches import choices_of
from chikai.web.portal import access, door
from chikai.web.work import held
from tests.web import portal_world as us
from tests.web import world

pytestmark = [pytest.mark.django_db, pytest.mark.own_state]

MISTYPED = "ken@minato.example"
DESK = Actor("staff:3", frozenset({"desk"}))


@pytest.fixture
def taro(monkeypatch):
    """Somebody whose service took down another's mail address, and never proved it."""
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)
    world.begin()
    world.publish()
    return us.person(MISTYPED, {"balus": "67"}, proved=False)


@pytest.fixture
def reader(taro):
    """The browser of whoever reads that mailbox, after the link was pressed."""
    client = Client()
    client.post("/me/sign-in", {"email": MISTYPED})
    path = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    assert client.post(path)["Location"] == "/me"
    return client


def page(client, path):
    return client.get(path).content.decode()


def session(client):
    return actions.find_session(client.cookies[access.COOKIE].value)


def test_who_reads_the_mailbox_sees_no_value(reader):
    assert "確かめていません" in page(reader, "/me")
    assert "いまはお見せできません" in page(reader, "/me/held")
    reader.post("/me/held")
    assert not Job.objects.filter(verb="read").exists()
    with pytest.raises(actions.Refused, match="who reads it"):
        actions.ask_read(PERSON, session(reader))


def test_no_reading_is_done_for_it_even_when_it_was_asked(reader):
    row = session(reader)
    row.shared = False
    row.save()

    with pytest.raises(WrongState, match="over"):
        held.read(SimpleNamespace(about={"session": str(row.pk)}))


def test_to_whom_and_what_happened_are_not_shown_either(reader, taro):
    us._given(taro)
    for path in ("/me", "/me/given", "/me/history"):
        shown = page(reader, path)
        assert "あおば決済" not in shown
        assert "窓口でご本人と確かめた後" in shown
    assert reader.get("/me/receipt").status_code == 404


def test_who_reads_the_mailbox_may_stop_a_use(reader, taro):
    reader.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"})
    assert next(x.is_stopped for x in choices_of(taro.pk) if x.unit == "purpose:guidance")


def test_what_is_asked_from_it_waits_for_an_officer(reader):
    for kind in ("disclose", "erase"):
        reader.post("/me/requests/new", {"kind": kind})
    asked = Request.objects.filter(kind="disclose").get()
    assert (asked.state, asked.evidence) == ("received", "")
    assert Request.objects.filter(state="received", evidence="").count() == 2


def test_what_the_person_asked_elsewhere_is_not_shown_there(reader, taro):
    rights.open_request(
        PERSON, person=taro, kind="disclose", evidence="sign_in", channel="service",
        reply_to=MISTYPED,
    )  # fmt: skip
    number = Request.objects.get().number
    assert number not in page(reader, "/me/requests")
    assert number not in page(reader, "/me")
    for path in ("", "/download"):
        assert reader.get(f"/me/requests/{number}{path}").status_code == 404
    assert reader.post(f"/me/requests/{number}/withdraw").status_code == 404


def test_an_officer_who_confirms_opens_it(reader, taro):
    reader.post("/me/requests/new", {"kind": "disclose"})
    asked = Request.objects.get()
    assert session(reader).shared
    rights.identify_request(DESK, asked)
    assert Link.objects.get(person=taro).verified == "officer"
    assert not session(reader).shared
    reader.post("/me/held")
    assert Job.objects.filter(verb="read").exists()


def test_an_officer_who_knows_the_person_by_phone_says_nothing_of_the_mailbox(taro):
    by = Actor("staff:3", frozenset({"desk"}))
    rights.open_request(
        by, person=taro, kind="disclose", channel="phone", evidence="officer", reply_to=MISTYPED
    )
    assert Link.objects.get(person=taro).verified == ""
    assert actions.is_closed(actions.mailbox_of(MISTYPED), taro)


def test_one_service_that_proved_the_address_is_enough(taro):
    link = Link.objects.get(person=taro)
    link.pk, link.source = None, "kata"
    link.save(force_insert=True)
    link.identifiers.create(kind="mail", digest=actions.mailbox_of(MISTYPED), verified=True)
    assert not actions.is_closed(actions.mailbox_of(MISTYPED), taro)
    Link.objects.filter(pk=link.pk).update(gone_at=clock.now())
    assert actions.is_closed(actions.mailbox_of(MISTYPED), taro)


def signed_in(address):
    """A browser that pressed the link of this mailbox, and where it was led."""
    client = Client()
    client.post("/me/sign-in", {"email": address})
    path = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    return client, client.post(path)["Location"]


def test_who_writes_anothers_address_into_a_form_takes_nothing_from_them(taro):
    """A sign-up that was never confirmed locks nobody out: it is a doubt for an officer, and no choice of the page."""
    hanako = us.person(us.HANAKO, {"kata": "9"}, 5)
    us.person(us.HANAKO, {"training": "666"}, 6, proved=False)

    client, led = signed_in(us.HANAKO)
    assert led == "/me"
    assert (session(client).person, session(client).shared) == (hanako, False)
    client.post("/me/requests/new", {"kind": "disclose"})
    assert Request.objects.get().state == "identified"


def test_a_session_as_the_row_that_nobody_proved_is_not_opened_by_the_owners_proof():
    world.begin()
    world.publish()
    a, b = (us.person(us.HANAKO, {s: "1"}, n, proved=False) for n, s in ((5, "kata"), (6, "balus")))
    client, led = signed_in(us.HANAKO)
    assert led == "/me"
    client.post("/me/which", {"which": "2"})
    assert session(client).person == b
    Link.objects.filter(person=a).update(verified="officer")
    assert session(client).shared


def test_of_several_who_proved_one_mailbox_none_is_alone():
    world.begin()
    world.publish()
    us.two()
    us.person(us.SHARED, {"training": "33"}, 7, proved=False)
    client, _led = signed_in(us.SHARED)
    assert session(client).person is None
    assert len(re.findall('name="which"', page(client, "/me/which"))) == 3


def test_who_asked_before_any_service_knew_them_may_still_choose_the_row_that_came_later():
    world.begin()
    world.publish()
    signed_in(us.HANAKO)
    us.person(us.HANAKO, {"training": "5"}, 5000, proved=False)
    client, _led = signed_in(us.HANAKO)
    assert len(re.findall('name="which"', page(client, "/me/which"))) == 2
