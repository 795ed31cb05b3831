"""Who comes back within the fourteen days after an erasure: what they registered, chose and asked since stays theirs."""

from datetime import timedelta

import pytest
from django.conf import settings

from chikai import canon, clock
from chikai.people.normalise import Keyed
from chikai.web.actions import PERSON, choices, people, rights, taking_back
from chikai.web.actions.portal import mailbox_of
from chikai.web.models import (
    Choice,
    Identifier,
    Link,
    Outbox,
    Person,
    PortalSession,
    Request,
    ServiceKey,
)
from chikai.web.models.ledger import SubjectKey
from chikai.web.models.people import ids_of
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK, HEROINE, OFFICER, SECOND
from tests.web.test_parted_asked import signed_in

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
WORDS = "あたらしい登録のことです"
BEFORE = "むかしのことばです"


@pytest.fixture
def her(urls):
    return asking.settle(urls, mode="enforce")


@pytest.fixture
def new_key(urls, her):
    """The key of an account that stands in the service, and that she registers only later."""
    other = asking.more_people(urls, 1)[0]
    key = other.links.get().key
    other.links.all().delete()
    other.delete()
    return key


def fresh(request):
    return Request.objects.get(pk=request.pk)


def erased(her, **more):
    request = asking.ask(her, kind="erase", **more)
    return carried_out(request)


def carried_out(request):
    engine.drain()
    for by in (OFFICER, SECOND):
        rights.approve_request(by, fresh(request))
    engine.drain()
    assert fresh(request).state == "answered"
    return fresh(request)


def registered(person, key):
    now = clock.now()
    link = Link.objects.create(
        person=person, source="balus", table="accounts", key=key, since=now, verified="mail"
    )
    digest = Keyed(settings.HOME.key("identifiers")).mail(asking.MAIL)
    Identifier.objects.create(link=link, kind="mail", digest=digest, verified=True)
    ServiceKey.objects.create(service="balus", key=key, since=now, bits="0")
    return link


def someone():
    now = clock.now()
    return Person.objects.create(id=canon.new_id(now), since=now)


def back(her, key, how):
    """She registers anew: a sync gives the account to her at once, or an officer finds later that it is she."""
    if how == "sync":
        return registered(her, key)
    link = registered(someone(), key)
    people.merge(OFFICER, her.pk, link.person_id)
    engine.drain()
    return link


def days_pass():
    Outbox.objects.filter(state="todo").update(state="no_address")
    yesterday = clock.day_in_japan(clock.now()) - timedelta(days=1)
    Request.objects.exclude(forget_on=None).update(forget_on=yesterday)
    Request.objects.exclude(expires_at=None).update(expires_at=clock.now())
    engine.drain()
    engine.drain()


def holder(link):
    return Person.resolve(Link.objects.get(pk=link.pk).person_id)


def bits(key):
    return int(ServiceKey.objects.get(service="balus", key=key).bits, 16)


@pytest.mark.parametrize("how", ["sync", "officer"])
def test_the_new_registration_is_still_hers_and_the_old_ones_are_nobodys(her, new_key, how):
    request = erased(her, note=BEFORE)
    old = Link.objects.get(source="balus", key=str(HEROINE["balus"]))
    link = back(her, new_key, how)
    assert not Request.objects.filter(follows=request).exists()
    days_pass()
    assert fresh(request).forgotten_at is not None
    assert SubjectKey.objects.get(subject=her.pk).state == "destroyed"
    now_her = holder(link)
    assert now_her.pk not in (her.pk, holder(old).pk)
    assert [*now_her.links.values_list("pk", flat=True)] == [link.pk]
    assert ids_of(now_her.pk) == [now_her.pk]
    assert Identifier.objects.filter(link=link, verified=True).exists()
    assert Person.objects.find_person(asking.MAIL, surely=True) == (now_her,)
    assert choices.stands_stopped(holder(old).pk, "everything")
    assert not Identifier.objects.filter(link=old).exists()
    assert fresh(request).note is None


@pytest.mark.parametrize("how", ["sync", "officer"])
def test_what_she_chose_since_stands_and_reaches_the_service(her, new_key, how):
    erased(her)
    link = back(her, new_key, how)
    choices.resume(PERSON, her.pk, "everything")
    choices.stop(PERSON, her.pk, "purpose:guidance")
    before = bits(new_key)
    assert not before & 1
    days_pass()
    now_her = holder(link).pk
    assert not choices.stands_stopped(now_her, "everything")
    assert choices.stands_stopped(now_her, "purpose:guidance")
    assert bits(new_key) == before
    choices.resume(PERSON, now_her, "purpose:guidance")
    assert not choices.stands_stopped(now_her, "purpose:guidance")


def test_what_stood_stopped_stays_so_until_she_says_otherwise(her, new_key):
    erased(her)
    link = back(her, new_key, "officer")
    days_pass()
    assert choices.stands_stopped(holder(link).pk, "everything")
    assert bits(new_key) & 1


@pytest.mark.parametrize("how", ["sync", "officer"])
def test_what_she_asked_since_can_be_read_by_her_and_nothing_of_before(her, new_key, how):
    old = asking.ask(her, kind="notify_purpose", note=BEFORE)
    taking_back.withdraw_request(PERSON, fresh(old), person=her)
    erased(her)
    link = back(her, new_key, how)
    client = signed_in(new_key)
    asked = asking.ask(her, kind="notify_purpose", note=WORDS, through=[link.pk])
    engine.drain()
    if fresh(asked).state == "review":
        asking.approve(asked)
        engine.drain()
    days_pass()
    asked = fresh(asked)
    assert Person.resolve(asked.person_id) == holder(link)
    assert rights.read_note(asked) == WORDS
    assert SubjectKey.objects.get(subject=asked.person_id).state == "active"
    assert fresh(old).note is None
    for browser in (client, signed_in(new_key, "n2")):
        page = browser.get("/me/requests").content.decode()
        assert asked.number in page
        assert old.number not in page
    assert PortalSession.objects.filter(person=holder(link)).count() == 2


def test_who_came_back_and_left_again_is_forgotten_altogether(her, new_key):
    request = erased(her)
    link = back(her, new_key, "sync")
    Link.objects.filter(pk=link.pk).update(gone_at=clock.now())
    days_pass()
    assert fresh(request).forgotten_at is not None
    assert not Choice.objects.filter(person=her).exists()
    assert holder(link) == holder(Link.objects.get(key=str(HEROINE["balus"])))


def test_an_address_alone_that_she_proved_since_keeps_nothing(her):
    request = erased(her)
    now = clock.now()
    link = Link.objects.create(person=her, source=Link.NOWHERE, table="asker", key="x", since=now)
    Identifier.objects.create(
        link=link, kind="added", digest=mailbox_of(asking.MAIL), verified=True
    )
    days_pass()
    assert fresh(request).forgotten_at is not None
    assert not Identifier.objects.filter(link=link).exists()


def test_a_second_erasure_means_what_was_registered_after_the_first(her, new_key):
    first = erased(her)
    link = back(her, new_key, "officer")
    second = erased(Person.resolve(her.pk), through=[link.pk])
    days_pass()
    assert fresh(first).forgotten_at is not None
    assert fresh(second).forgotten_at is not None
    assert choices.stands_stopped(holder(link).pk, "everything")
    assert not Identifier.objects.filter(link=link).exists()


@pytest.mark.parametrize("older", [False, True])
def test_a_registration_found_later_stays_where_its_erasure_was_taken_back(urls, her, older):
    other = asking.more_people(urls, 1)[0]
    if older:
        elder = clock.now() - timedelta(days=900)
        elder_one = Person.objects.create(id=canon.new_id(elder), since=elder)
        other.links.update(person=elder_one)
        other.delete()
        other = elder_one
    link = other.links.get()
    earlier = asking.ask(other, kind="notify_purpose", note=WORDS)
    taking_back.withdraw_request(PERSON, fresh(earlier), person=other)
    request = erased(her)
    people.merge(OFFICER, her.pk, other.pk)
    engine.drain()
    later = Request.objects.get(follows=request)
    taking_back.record_withdrawal(DESK, later, way="phone", checked=True)
    days_pass()
    assert fresh(request).forgotten_at is not None
    assert holder(link) == Person.resolve(other.pk)
    assert other.pk == Person.resolve(other.pk).pk
    assert rights.read_note(fresh(earlier)) == WORDS
    assert SubjectKey.objects.get(subject=her.pk).state == "destroyed"
    assert holder(Link.objects.get(key=str(HEROINE["balus"]))) not in (other, her)


def test_two_registrations_since_stay_one_person_that_can_be_parted(urls, her, new_key):
    erased(her)
    one = back(her, new_key, "officer")
    two = registered(someone(), "another-key")
    people.merge(OFFICER, Person.resolve(her.pk).pk, two.person_id)
    engine.drain()
    asked = asking.ask(Person.resolve(her.pk), kind="erase", note=WORDS, through=[two.pk])
    taking_back.withdraw_request(PERSON, fresh(asked), person=Person.resolve(her.pk))
    days_pass()
    assert holder(one) == holder(two)
    assert rights.read_note(fresh(asked)) == WORDS
    people.part_link(OFFICER, two.pk)
    assert holder(one) != holder(two)
