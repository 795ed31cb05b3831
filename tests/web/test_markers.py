"""Our markers in a source are removed when no backup and no open request can ask for them any more."""

from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa
from django.conf import settings

from chikai import clock
from chikai.sources import sql
from chikai.sources.config import SourceConfig
from chikai.web.models import Request
from chikai.web.work import engine, restored
from tests.web import asking
from tests.web.test_erasing import approved

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
OLD = clock.now() - timedelta(days=200)


def markers(url):
    db = sa.create_engine(url)
    with db.connect() as c:
        found = set(c.scalars(sa.text("select subject from chikai_applied")))
    db.dispose()
    return found


def age(url):
    db = sa.create_engine(url)
    with db.begin() as c:
        said = {"at": OLD.astimezone(UTC).replace(tzinfo=None)}
        c.execute(sa.text("update chikai_applied set at = :at"), said)
    db.dispose()


def test_they_go_with_the_last_backup_and_stay_while_the_request_is_open(urls):
    her = asking.settle(urls, mode="enforce")
    source = sql.connect(
        SourceConfig("balus", "balus", url=urls["balus"], mode="enforce"),
        environ={}, secret=settings.HOME.key("erasing"),
    )  # fmt: skip
    assert source.prepare()
    source.close()
    request = asking.ask(her, kind="erase")
    approved(request)
    there = {str(request.pk)}
    assert markers(urls["balus"]) == there
    assert restored.prune("balus", clock.now()) == 0
    age(urls["balus"])
    Request.objects.filter(pk=request.pk).update(state="acting")
    assert restored.prune("balus", clock.now()) == 0
    Request.objects.filter(pk=request.pk).update(state="answered")
    restored._looked.clear()  # a day has passed
    restored._pruned.clear()
    restored.sweep(clock.now())
    assert markers(urls["balus"]) == set()
    engine.drain()
    assert Request.objects.get(pk=request.pk).state == "answered"


@pytest.mark.parametrize("where", ["postgres", "mariadb"])
def test_each_server_removes_the_old_ones_alone(where, request):
    server = request.getfixturevalue(where)
    url = server.fresh()
    config = SourceConfig("balus", "balus", url=url, mode="enforce")
    source = sql.connect(config, environ={}, secret=b"s" * 32)
    assert source.prepare()
    db = sa.create_engine(url)
    with db.begin() as c:
        for subject in ("old", "open"):
            c.execute(
                sa.text(
                    "insert into chikai_applied (step_id, subject, fence, subject_seq, "
                    + ("`rows`" if where == "mariadb" else '"rows"')
                    + ", at) values ('erase', :s, 1, 1, '{}', :at)"
                ),
                {"s": subject, "at": OLD.astimezone(UTC).replace(tzinfo=None)},
            )
    db.dispose()
    assert source.prune(clock.now() - timedelta(days=90), ["open"]) == 1
    assert markers(url) == {"open"}
    source.close()
