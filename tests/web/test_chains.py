"""Three registrations of one person, found one after the other: what is asked about one of them reaches all."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from chikai import canon, clock
from chikai.web.actions import forgetting, people, rights, taking_back, telling
from chikai.web.models import Candidate, Outbox, ProvisionRecord, Request
from chikai.web.models.people import everybody_of
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK, HEROINE, OFFICER, SECOND
from tests.web.test_parted import fresh
from tests.web.test_parted_asked import signed_in

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three(urls):
    """The oldest of three, and the two who are found to be them one through the other; and somebody else."""
    her = asking.settle(urls, mode="enforce")
    one, two, stranger = asking.more_people(urls, 3)
    a, b, c = sorted([her, one, two], key=lambda person: person.pk.hex)
    return SimpleNamespace(a=a, b=b, c=c, through=c.links.get(), stranger=stranger)


def join(three):
    people.merge(OFFICER, three.b.pk, three.c.pk)
    people.merge(OFFICER, three.a.pk, three.b.pk)


def erased(request):
    engine.drain()
    for by in (OFFICER, SECOND):
        rights.approve_request(by, fresh(request))
    engine.drain()
    assert fresh(request).state == "answered"
    return fresh(request)


def days_pass():
    Outbox.objects.filter(state="todo").update(state="no_address")
    yesterday = clock.day_in_japan(clock.now()) - timedelta(days=1)
    Request.objects.exclude(forget_on=None).update(forget_on=yesterday)
    engine.drain()


def test_each_id_of_a_chain_means_them_all(three):
    join(three)
    every = {three.a.pk, three.b.pk, three.c.pk}
    asked = [three.c.pk, three.b.pk, three.a.pk, three.stranger.pk]
    assert everybody_of(asked) == {
        **dict.fromkeys(every, every),
        three.stranger.pk: {three.stranger.pk},
    }
    assert everybody_of([]) == {}


def test_nobody_is_forgotten_while_they_wait_for_an_answer_under_another_id(three):
    request = erased(asking.ask(three.c, kind="erase"))
    join(three)
    engine.drain()
    for later in Request.objects.open().filter(kind="erase"):
        taking_back.record_withdrawal(DESK, later, way="phone", checked=True)
    waiting = asking.ask(three.a, kind="disclose", note="わたしのことば")
    engine.drain()
    days_pass()
    assert fresh(request).forgotten_at is None
    assert fresh(waiting).note is not None


def test_packages_from_before_the_erasure_close_under_every_id(three):
    before = asking.ask(three.a, kind="disclose")
    engine.drain()
    asking.approve(before)
    engine.drain()
    assert fresh(before).ready(clock.now())
    erased(asking.ask(three.c, kind="erase"))
    assert fresh(before).ready(clock.now())
    join(three)
    assert [row.pk for row in forgetting.open_packages()] == [before.pk]


def test_a_pair_is_held_for_an_erasure_that_was_asked_under_any_id(three):
    join(three)
    mine = three.a.links.order_by("pk").first()
    a, b = sorted((mine.pk, three.stranger.links.get().pk))
    pair = Candidate.objects.create(
        reason="names_differ", a_id=a, b_id=b, digest=b"x" * 32, at=clock.now()
    )
    request = asking.ask(three.a, kind="erase", through=[three.through.pk])
    assert request.person_id == three.c.pk
    erased(request)
    assert Candidate.objects.get(pk=pair.pk).held


def test_recipients_are_told_of_a_correction_that_was_asked_under_any_id(three):
    join(three)
    ProvisionRecord.objects.create(
        person=three.a, service="balus", recipient="aoba_payment", name={"ja": "青葉"},
        purpose="billing", items=["name"], basis="entrusted", edition="x",
        act=canon.new_id(clock.now()), at=clock.now(), kept_until=date(2030, 1, 1),
    )  # fmt: skip
    given = telling._given([three.c.pk, three.stranger.pk])
    assert [one.recipient for one in given[three.c.pk]] == ["aoba_payment"]
    assert three.stranger.pk not in given


@pytest.mark.parametrize("kind", ["disclose", "notify_purpose", "disclose_records"])
def test_what_is_asked_after_the_erasure_can_be_fetched_for_all_its_days(three, kind):
    her = three.a if three.a.links.filter(source="balus", key=HEROINE["balus"]) else three.b
    her = her if her.links.filter(source="balus", key=HEROINE["balus"]) else three.c
    browser = signed_in(HEROINE["balus"])
    request = erased(asking.ask(her, kind="erase"))
    after = asking.ask(her, kind=kind)
    engine.drain()
    for by in (OFFICER, SECOND):
        if fresh(after).state == "review":
            asking.approve(after, by)
    engine.drain()
    assert fresh(after).ready(clock.now())
    assert browser.get(reverse("me-request-download", args=[after.number])).status_code == 200
    days_pass()
    assert fresh(request).forgotten_at is None
    assert fresh(after).ready(clock.now())
    Request.objects.filter(pk=after.pk).update(expires_at=clock.now())
    engine.drain()
    engine.drain()
    assert fresh(request).forgotten_at is not None
