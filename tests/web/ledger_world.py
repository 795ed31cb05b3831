"""What the tests of the ledger share: an installation's folder of their own, events, and a database without guards."""

from datetime import UTC, datetime

from django.db import connection, transaction

from chikai import home
from chikai.ledger.events import Event
from chikai.web import sql_guards
from chikai.web.actions import ledger

NOON = datetime(2025, 11, 26, 3, 0, 0, 123456, tzinfo=UTC)


def new_home(settings, tmp_path):
    """An installation's folder of one test, since the signer remembers in it."""
    settings.HOME = home.Home(tmp_path / "home")
    settings.HOME.path.mkdir()
    return settings.HOME


def add(count=1, subject=None, kind="work.asked", **facts):
    events = tuple(Event(kind, {"n": n, **facts}, subject=subject) for n in range(count))
    with transaction.atomic():
        ledger.append("staff:7", events, NOON)


def drop_guards():
    """Take the guards away for the rest of the test, for what only somebody outside of us does."""
    with connection.cursor() as cursor:
        for text in sql_guards.removals(connection.vendor):
            cursor.execute(text)
