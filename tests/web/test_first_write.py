"""Before the first change of a source an officer sees what it runs; in shadow mode it is counted, and nothing is written."""

import pytest
from django.conf import settings

from chikai import clock, home
from chikai.errors import NotAllowed, WrongState
from chikai.web.actions import COMMAND, by_hand, first_writes
from chikai.web.actions import rights as actions
from chikai.web.models import Request, SourceEpoch, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.web import asking, test_correcting
from tests.web.asking import DESK, OFFICER, SECOND
from tests.web.test_erasing import approved, texts

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def her(urls):
    person = asking.settle(urls, mode="enforce")
    SourceEpoch.objects.all().delete()
    return person


def again():
    Step.objects.exclude(state="done").update(not_before=clock.now())
    engine.drain()


def test_the_first_erasure_waits_until_an_officer_has_seen_its_statements(her, urls):
    before = texts(urls)
    request = asking.ask(her, kind="erase")
    engine.drain()
    shown = first_writes.unseen(request)
    assert set(shown) == set(urls)
    assert any("UPDATE" in sql.upper() for _table, sql, _rows in shown["balus"])
    assert "hanako" not in repr(shown)
    approved(request)
    step = request.steps.get(source="balus", action="erase")
    assert (step.state, step.attempts) == ("todo", 0)
    assert "looked at" in step.fault
    assert texts(urls) == before
    with pytest.raises(NotAllowed):
        first_writes.see_first_writes(DESK, request)
    first_writes.see_first_writes(OFFICER, request)
    again()
    assert Request.objects.get(pk=request.pk).state == "answered"
    assert len(Events("source.first_write_seen")) == len(urls)
    with pytest.raises(WrongState):
        first_writes.see_first_writes(OFFICER, request)


def test_it_is_asked_once_for_each_place(her):
    request = asking.ask(her, kind="erase")
    engine.drain()
    first_writes.see_first_writes(OFFICER, request)
    approved(request)
    assert Request.objects.get(pk=request.pk).state == "answered"


def test_the_first_correction_waits_too(her, urls):
    request = test_correcting.asked(her)
    test_correcting.written(request)
    before = texts(urls)
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert texts(urls) == before
    assert set(first_writes.unseen(request)) == {"balus"}
    assert test_correcting.NEW not in repr(first_writes.unseen(request))
    first_writes.see_first_writes(SECOND, request)
    again()
    assert test_correcting.name_of(urls) == test_correcting.NEW


def test_in_shadow_mode_it_is_counted_and_shown_and_changed_by_hand(urls):
    her = asking.settle(urls, mode="shadow")
    before = texts(urls)
    request = asking.ask(her, kind="erase")
    engine.drain()
    counted = request.steps.get(source="balus", action="count")
    assert counted.found["sql"]
    assert sum(counted.found["rows"].values()) > 5
    approved(request)
    assert texts(urls) == before
    asking.erase_by_hand(urls, request)
    for step in request.steps.filter(state="manual"):
        assert step.found["sql"] is not None
        by_hand.complete_manual(OFFICER, step, note="消しました", rows=1)
    engine.drain()
    assert Request.objects.get(pk=request.pk).state == "answered"


def test_a_source_that_goes_back_to_shadow_is_not_written_to(her, urls):
    request = asking.ask(her, kind="erase")
    engine.drain()
    first_writes.see_first_writes(OFFICER, request)
    actions.approve_request(OFFICER, request)
    actions.approve_request(SECOND, request)
    before = texts(urls)
    for name in urls:
        config = settings.HOME.source(name)
        first_writes.set_mode(COMMAND, config, "shadow")
        home.set_mode(home.read(settings.HOME.path), name, "shadow")
    engine.drain()
    assert texts(urls) == before
    step = request.steps.get(source="balus", action="erase")
    assert "`shadow` mode" in step.fault
    assert len(Events("source.mode_set")) == len(urls)


def test_the_statements_stand_on_the_requests_page_and_one_press_says_that_they_were_seen(
    her, as_role
):
    request = asking.ask(her, kind="erase")
    engine.drain()
    officer = as_role("officer")
    for path in ("", "/approve"):
        page = officer.get(f"/desk/requests/{request.number}{path}").content.decode()
        assert "保管場所への最初の書き込み" in page
        assert "UPDATE" in page
    officer.post(f"/desk/requests/{request.number}/do/seen")
    assert first_writes.unseen(request) == {}
    page = officer.get(f"/desk/requests/{request.number}").content.decode()
    assert "保管場所への最初の書き込み" not in page


def test_nobody_is_asked_to_look_at_statements_that_never_run(urls, as_role):
    """In a place that is only observed people do it by hand; the page names no statement of ours."""
    her = asking.settle(urls, mode="observe")
    SourceEpoch.objects.all().delete()
    request = asking.ask(her, kind="erase")
    engine.drain()
    assert first_writes.unseen(request) == {}
    page = as_role("officer").get(f"/desk/requests/{request.number}/approve").content.decode()
    assert "UPDATE" not in page
    with pytest.raises(WrongState, match="nothing to look at"):
        first_writes.see_first_writes(OFFICER, request)
