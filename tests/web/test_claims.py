"""How a worker holds the rows that it has taken, on a database where several transactions run at once."""

import threading
import time
from uuid import uuid4

import pytest
from django.db import connection, transaction

from chikai import clock
from chikai.web.models import Person, Request
from chikai.web.work import claims

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


def taken(claim, person, number):
    """A request that a worker has."""
    now = clock.now()
    Person.objects.create(id=person, since=now)
    return Request.objects.create(
        id=uuid4(),
        number=number,
        kind="erase",
        person_id=person,
        state="acting",
        entered_by="person",
        arrived_at=now,
        due_on=now.date(),
        claim=claim,
        lease_until=now,
    )


def until_somebody_waits():
    """Return when a session of this database waits for the lock of a row."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                "AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits for a row")


def test_a_lease_is_renewed_in_the_order_in_which_a_batch_is_held():
    """The rows stand the other way round in the table, and an UPDATE of many may take them as they stand."""
    if connection.vendor != "postgresql":
        pytest.skip("needs CHIKAI_TEST_DB=postgres")
    claim = claims.Claim(uuid4(), Request)
    first, second = sorted([uuid4(), uuid4()])
    rows = [taken(claim.id, person, f"2026-000{n}") for n, person in enumerate((second, first))]
    renewed, faults = [], []

    def renew():
        try:
            renewed.append(claim.renew())
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    with transaction.atomic():
        Request.objects.select_for_update().get(pk=rows[1].pk)
        beside = threading.Thread(target=renew)
        beside.start()
        until_somebody_waits()
        Request.objects.select_for_update().get(pk=rows[0].pk)
    beside.join()
    assert not faults
    assert renewed == [2]


def test_a_lease_that_somebody_took_over_is_not_renewed():
    claim = claims.Claim(uuid4(), Request)
    taken(uuid4(), uuid4(), "2026-0001")
    assert claim.renew() == 0
