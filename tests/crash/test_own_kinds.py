"""A worker is killed at every point of the kinds that our own records answer: the next one ends the same, once."""

import signal
from datetime import timedelta

import pytest

from chikai import clock
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.models.switches import choices_of
from chikai.web.work import engine, own
from tests.crash.test_disclose import go_on, worker
from tests.web import asking

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
KIND = {"tally": "notify_purpose", "records": "disclose_records", "stop": "suspend"}


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.mark.parametrize("point", own.POINTS)
def test_a_worker_that_is_killed_is_followed_by_another(urls, point):
    her = asking.settle(urls)
    kind = KIND[point.partition(".")[0]]
    request = asking.ask(her, kind=kind, asked={"items": "email"} if kind == "suspend" else {})
    killed = worker(point)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    go_on()
    request.refresh_from_db()
    if request.state == "review":
        actions.approve_request(asking.OFFICER, request)
        engine.drain()
        request.refresh_from_db()
    assert request.state == "answered"
    assert {s.state for s in request.steps.all()} == {"done"}
    assert len(Events("rights.answered")) == 1
    assert Outbox.objects.filter(kind="answered").count() == 1
    if kind == "suspend":
        assert len(Events("choices.stopped")) == 1, "what was stopped is not stopped again"
        assert any(line.unit == "item:email" and line.is_stopped for line in choices_of(her.pk))


def test_a_worker_that_wakes_after_another_took_over_stops_nothing_twice(urls):
    her = asking.settle(urls)
    asking.ask(her, kind="suspend", asked={"items": "email"})
    for point in ("stop.doing", "stop.made", "stop.verify"):
        assert worker(point).returncode == -signal.SIGKILL
        past = clock.now() - timedelta(seconds=1)
        Request.objects.update(lease_until=past)
        Step.objects.exclude(state="done").update(not_before=past)
    go_on()
    assert Request.objects.get().state == "answered"
    assert len(Events("choices.stopped")) == 1
