"""Two were taken for one, and one's erasure erased both: an old backup brings the other back, who is not erased again."""

from types import SimpleNamespace

import pytest

from chikai.web.actions import parting, people
from chikai.web.models import Link, Merge, Order, SourceEpoch
from chikai.web.work import engine, restored
from tests.web import asking
from tests.web.asking import HEROINE, OFFICER, SECOND
from tests.web.test_parted import fresh
from tests.web.test_restored import backup, mail_of, prepare, put_back, rights_actions

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def both(urls):
    """She, and somebody who was found to be her by mistake; there is a backup of the service that knows both."""
    her = asking.settle(urls, mode="enforce")
    prepare(urls)
    other = asking.more_people(urls, 3)[-1]
    hers, theirs = HEROINE["balus"], int(other.links.get().key)
    backup(urls)
    people.merge(OFFICER, her.pk, other.pk)
    return SimpleNamespace(her=her, other=other, hers=hers, theirs=theirs)


def erased(urls, key):
    return mail_of(urls, key).endswith(".invalid")


def erase(both, through):
    """One of the two asks for the erasure through a registration (or nobody knows which), and both are erased."""
    came = Link.objects.filter(source="balus", key=str(through)).values_list("pk", flat=True)
    request = asking.ask(both.her, kind="erase", through=[*came] or None)
    engine.drain()
    rights_actions.approve_request(OFFICER, request)
    rights_actions.approve_request(SECOND, request)
    engine.drain()
    assert fresh(request).state == "answered"
    return request


def part():
    event = people.part(OFFICER, Merge.objects.get(undone_at=None).pk)
    engine.drain()
    return event.facts


def restore(urls):
    put_back(urls)
    assert restored.look("balus")
    engine.drain()


@pytest.mark.parametrize("asker", ["hers", "theirs"])
def test_only_who_asked_is_erased_again_once_the_two_are_parted(both, urls, asker):
    mine = getattr(both, asker)
    (spared,) = {both.hers, both.theirs} - {mine}
    erase(both, mine)
    assert erased(urls, mine)
    assert erased(urls, spared)
    assert part()["left_out"] >= 1
    restore(urls)
    assert erased(urls, mine)
    assert not erased(urls, spared)
    assert not SourceEpoch.objects.quarantined().exists()


def test_an_order_in_a_service_that_knows_only_who_had_not_asked_is_gone(both):
    erase(both, both.theirs)
    assert Order.objects.filter(source="kata").exists()
    part()
    assert not Order.objects.filter(source="kata").exists()


def test_while_nobody_knows_who_asked_the_place_stays_closed_and_nobody_is_erased_again(both, urls):
    request = erase(both, None)
    part()
    restore(urls)
    closed = SourceEpoch.objects.quarantined().get()
    assert request.number in closed.fault
    assert not erased(urls, both.hers)
    assert not erased(urls, both.theirs)
    event = parting.say_who_asked(OFFICER, fresh(request), both.her.pk)
    assert event.facts["left_out"] >= 1
    assert restored.carry_out("balus")["waiting"] == 0
    assert erased(urls, both.hers)
    assert not erased(urls, both.theirs)
    assert not SourceEpoch.objects.quarantined().exists()


def test_who_asked_as_well_is_erased_again(both, urls):
    part()
    alone = asking.ask(both.other, kind="erase")
    engine.drain()
    rights_actions.approve_request(OFFICER, alone)
    rights_actions.approve_request(SECOND, alone)
    engine.drain()
    people.merge(OFFICER, both.her.pk, both.other.pk)
    erase(both, both.hers)
    part()
    restore(urls)
    assert erased(urls, both.hers)
    assert erased(urls, both.theirs)
