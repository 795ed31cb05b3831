"""Where an answer goes when nobody gave an address: to one that a service verified, read before it is changed."""

import shutil

import pytest
import sqlalchemy as sa
from django.core import mail

from chikai import clock
from chikai.web.actions import PERSON, first_writes
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Request
from chikai.web.work import engine, notices
from tests.web import asking
from tests.web.asking import DESK, HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def her(urls):
    mail.outbox.clear()
    return asking.settle(urls, mode="enforce")


def balus(urls, statement, **values):
    engine_ = sa.create_engine(urls["balus"])
    with engine_.begin() as c:
        found = c.execute(sa.text(statement), {"id": HEROINE["balus"], **values})
        row = found.first() if found.returns_rows else None
    engine_.dispose()
    return row


def verify(urls, when):
    """Let Balus have proved her address at this moment, and nobody else; the address."""
    balus(urls, "update accounts set email_verified_at = :at where id = :id", at=when)
    engine_ = sa.create_engine(urls["website"])
    with engine_.begin() as c:
        c.execute(sa.text("update newsletter set confirmed_at = null"))
    engine_.dispose()
    return balus(urls, "select email from accounts where id = :id")[0]


def asked(her, kind, **more):
    events = actions.open_request(PERSON, person=her, kind=kind, evidence="sign_in", **more)
    return Request.objects.get(number=events[0].facts["number"])


def test_a_person_from_a_service_is_told_of_the_erasure_of_their_own_address(her, urls):
    address = verify(urls, "2026-01-05 09:00:00")
    request = asked(her, "erase", channel="service")
    engine.drain()
    for officer in (OFFICER, SECOND):
        actions.approve_request(officer, Request.objects.get(pk=request.pk))
    engine.drain()
    if first_writes.unseen(Request.objects.get(pk=request.pk)):
        first_writes.see_first_writes(OFFICER, Request.objects.get(pk=request.pk))
    engine.drain()
    assert Request.objects.get(pk=request.pk).state == "answered"
    assert balus(urls, "select email from accounts where id = :id")[0] != address
    told = Outbox.objects.filter(request=request).values_list("kind", "state")
    assert dict(told) == {"received": "sent", "answered": "sent"}
    assert {to for message in mail.outbox for to in message.to} == {address}


def test_who_telephoned_without_an_address_is_told_at_the_one_a_service_verified(her, urls):
    address = verify(urls, "2026-01-05 09:00:00")
    actions.open_request(DESK, person=her, kind="suspend", channel="phone", evidence="officer")
    engine.drain()
    assert Request.objects.get().state == "answered"
    assert {to for message in mail.outbox for to in message.to} == {address}


def test_an_address_that_nobody_verified_is_told_nothing(her, urls):
    verify(urls, None)
    asked(her, "suspend", channel="service")
    engine.drain()
    assert Request.objects.get().state == "answered"
    assert mail.outbox == []
    assert Outbox.objects.get(kind="answered").state == "no_address"


def test_an_address_that_was_given_is_not_replaced(her, urls):
    verify(urls, "2026-01-05 09:00:00")
    asked(her, "notify_purpose", reply_to=asking.MAIL)
    engine.drain()
    assert {to for message in mail.outbox for to in message.to} == {asking.MAIL}


def test_what_was_received_is_told_as_soon_as_the_address_is_known(her, urls):
    address = verify(urls, "2026-01-05 09:00:00")
    asked(her, "correct", channel="service", asked={"wrong": "住所の番地", "right": "2-3-4"})
    engine.drain()
    assert Request.objects.get().state == "review"
    assert [message.to for message in mail.outbox] == [[address]]


def test_what_waited_for_an_address_waits_no_longer_once_it_is_known(her, urls):
    address = verify(urls, "2026-01-05 09:00:00")
    request = asked(
        her, "correct", channel="service", asked={"wrong": "住所の番地", "right": "2-3-4"}
    )
    notices.turn(clock.now())  # before any place is read
    assert Outbox.objects.get(request=request).not_before > clock.now()
    engine.drain()
    assert [message.to for message in mail.outbox] == [[address]]


def test_a_place_that_does_not_answer_keeps_no_other_from_giving_the_address(her, urls):
    address = verify(urls, "2026-01-05 09:00:00")
    for service in ("kata", "training"):
        shutil.move(urls[service].removeprefix("sqlite:///"), f"{urls[service][10:]}.away")
    asked(her, "suspend", channel="service")
    engine.drain()
    assert {to for message in mail.outbox for to in message.to} == {address}
