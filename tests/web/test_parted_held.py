"""Two taken for one: what is read for a page, or counted, is the reader's own once they are found to be two."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from chikai.web import held_file, whom
from chikai.web.actions import PERSON, people, rights_asked
from chikai.web.actions import portal as actions
from chikai.web.models import HeldIndex, Job, Link, Merge, Request
from chikai.web.models.people import ids_of
from chikai.web.models.portal import PortalSession
from chikai.web.work import engine, held
from tests.web import asking
from tests.web.asking import DESK, HEROINE, OFFICER
from tests.web.test_parted import row
from tests.web.test_parted_asked import signed_in

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(urls):
    """She, and somebody who was found to be her by mistake, signed in as themselves from the service."""
    her = asking.settle(urls, mode="enforce")
    other = asking.more_people(urls, 3)[-1]
    key = int(other.links.get().key)
    hers, theirs = (str(row(urls, k)[1]) for k in (HEROINE["balus"], key))
    people.merge(OFFICER, her.pk, other.pk)
    return SimpleNamespace(her=her, other=other, browser=signed_in(key), hers=hers, theirs=theirs)


def part():
    people.part(OFFICER, Merge.objects.filter(undone_at=None).latest("pk").pk)


def page(browser):
    return browser.get(reverse("me-held")).content.decode()


@pytest.fixture
def parted_while_reading(monkeypatch):
    """An officer parts the two between the plan of a reading and its first place."""
    real, done = held.connect, []

    def connect(*args):
        if not done:
            done.append(True)
            part()
        return real(*args)

    monkeypatch.setattr(held, "connect", connect)


@pytest.mark.parametrize("when", ["asked after", "asked before"])
def test_a_session_from_before_the_parting_shows_the_rows_of_its_own_registration(two, when):
    if when == "asked before":
        two.browser.post(reverse("me-held"))
    part()
    if when == "asked after":
        two.browser.post(reverse("me-held"))
    engine.drain()
    shown = page(two.browser)
    assert two.hers not in shown
    assert two.theirs in shown


def test_a_reading_that_the_parting_ran_into_shows_nothing_and_the_next_one_their_own(
    two, parted_while_reading
):
    Job.objects.all().delete()  # the page has asked for a count, which would be run into first
    two.browser.post(reverse("me-held"))
    engine.drain()
    assert not [*held_file.folder().glob("*.sealed")]
    shown = page(two.browser)
    assert two.hers not in shown
    assert two.theirs not in shown
    assert Job.objects.get(verb="read").state == "failed"
    two.browser.post(reverse("me-held"))
    engine.drain()
    shown = page(two.browser)
    assert two.hers not in shown
    assert two.theirs in shown


def test_a_count_that_the_parting_ran_into_is_kept_for_neither(two, parted_while_reading):
    Job.objects.all().delete()
    actions.ask_count(PERSON, two.her)
    engine.drain()
    assert not HeldIndex.objects.exists()


@pytest.mark.parametrize("evidence", ["", "sign_in"])
def test_whom_a_request_is_about_is_read_anew_for_the_desk(two, evidence):
    request = asking.ask(two.her, kind="erase", evidence=evidence)
    engine.drain()
    rights_asked.ask_whom(DESK, Request.objects.get(pk=request.pk))
    engine.drain()
    said = str(whom.of_request(request))
    assert two.hers in said
    assert two.theirs in said
    part()
    assert whom.of_request(request) is None
    rights_asked.ask_whom(DESK, Request.objects.get(pk=request.pk))
    engine.drain()
    said = str(whom.of_request(request))
    assert two.hers in said
    assert two.theirs not in said


def test_whom_is_not_kept_where_the_parting_ran_into_the_reading(two, parted_while_reading):
    request = asking.ask(two.her, kind="erase", evidence="")
    Job.objects.all().delete()
    rights_asked.ask_whom(DESK, Request.objects.get(pk=request.pk))
    engine.drain()
    assert whom.of_request(request) is None


def test_a_session_of_a_key_that_the_service_gave_to_somebody_else_is_over(two):
    part()
    session = PortalSession.objects.get()
    assert session.holder() == two.other
    link = two.other.links.get()
    link.since = session.began_at.replace(year=session.began_at.year + 1)
    link.save()
    assert session.holder() is None


def test_who_was_merged_away_gets_their_own_history_back_by_their_one_registration(two):
    """Their id from before holds what they pressed and what was given of them; it goes with the registration."""
    [moved] = Merge.objects.get().links
    link = Link.objects.get(pk=moved)
    people.part_link(OFFICER, link.pk)
    link.refresh_from_db()
    assert link.person == two.other
    assert ids_of(two.her.pk) == [two.her.pk]
    assert Merge.objects.get().undone_at is not None
