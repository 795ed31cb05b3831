"""A worker is killed at every named point of a replay: the source stays closed until all stands, and is lifted once."""

import signal
from datetime import timedelta

import pytest

from chikai import clock
from chikai.web.models import Job, SourceEpoch
from chikai.web.models.ledger import Events
from chikai.web.work import engine, restored
from tests.crash.test_disclose import worker
from tests.web import asking
from tests.web.asking import HEROINE
from tests.web.test_restored import backup, erase, mail_of, prepare, put_back

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
POINTS = [p for p in engine.POINTS if p.startswith("replay.")]


@pytest.mark.parametrize("point", POINTS)
def test_a_replay_whose_worker_is_killed_is_made_whole_by_the_next(tmp_path, point):
    urls = asking.fill(tmp_path)
    her = asking.settle(urls, mode="enforce")
    prepare(urls)
    backup(urls)
    erase(her)
    put_back(urls)
    restored.look("balus")
    killed = worker(point, 1)
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    if point != "replay.lifted":
        assert SourceEpoch.objects.quarantined().get().source == "balus"
    past = clock.now() - timedelta(seconds=1)
    Job.objects.filter(state="running").update(lease_until=past)
    engine.drain()
    assert not SourceEpoch.objects.quarantined().exists()
    assert mail_of(urls, HEROINE["balus"]).endswith(".invalid")
    for kind in ("restored", "replayed", "lifted"):
        assert len(Events(f"source.{kind}")) == 1, kind
    assert not restored.look("balus")
