"""3(1): anonymised information is made by a standard that was fixed before, so that nobody can be identified."""

import csv
import io
import sqlite3

import pytest
import sqlalchemy as sa
from django.conf import settings

from chikai.errors import BadInput, StandardNotMet, WrongState
from chikai.web.actions import anonymise as actions
from chikai.web.actions import choices
from chikai.web.models import Pending
from chikai.web.models.anonymise import AnonymisedTable, ProcessingStandard
from chikai.web.models.ledger import Events
from chikai.web.work import anonymise as work
from examples.levii import databases
from tests.clause import care

pytestmark = [pytest.mark.own_state, pytest.mark.clause("3.1")]


def fixed(**more):
    standard = care.standard(**more)
    actions.propose_standard(care.COMMAND, standard)
    return standard, ProcessingStandard.objects.get(digest=standard.digest)


def rows_of(table):
    text = actions.file_of(table).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_no_published_row_stands_for_fewer_than_k_persons_by_sql_that_knows_nothing_of_us(balus):
    standard, row = fixed()
    header, *rows = rows_of(work.make(care.COMMAND, settings.HOME, row))
    checker = sqlite3.connect(":memory:")
    names = ", ".join(f'"{name}"' for name in header)
    checker.execute(f"CREATE TABLE made ({names})")
    checker.executemany(f"INSERT INTO made VALUES ({', '.join('?' * len(header))})", rows)
    below = checker.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM made GROUP BY {names} HAVING count(*) < ?)",
        [standard.k],
    ).fetchone()
    assert rows
    assert below == (0,)


def test_a_row_counts_persons_and_not_uses(balus, balus_file):
    """Account 28 used Balus 400 times: one person never makes a group."""
    _, row = fixed()
    _, *rows = rows_of(work.make(care.COMMAND, settings.HOME, row))
    engine = sa.create_engine(f"sqlite:///{balus_file}")
    with engine.connect() as c:
        events = c.scalar(sa.text("select count(*) from usage_events"))
    engine.dispose()
    assert len(rows) < events
    combinations = len({tuple(r) for r in rows})
    assert len(rows) <= combinations * care.PEOPLE


def test_no_key_and_no_address_of_the_source_is_in_the_file(balus, balus_file):
    _, row = fixed()
    table = work.make(care.COMMAND, settings.HOME, row)
    text = actions.file_of(table).read_text("utf-8-sig")
    engine = sa.create_engine(f"sqlite:///{balus_file}")
    with engine.connect() as c:
        held = [
            str(v)
            for r in c.execute(
                sa.text(
                    "select a.name, a.email, u.ip, u.user_agent from accounts a join usage_events u on u.account_id = a.id"
                )
            )
            for v in r
            if v
        ]
    engine.dispose()
    assert not [v for v in held if v in text]
    assert "account" not in text.splitlines()[0]


def test_whoever_stopped_the_purpose_is_left_out(balus):
    _, row = fixed(at_most_suppressed=90)
    heavy = databases.awkward(care.PEOPLE)["heavy"] if "heavy" in databases.awkward() else 28
    who = care.person(heavy if isinstance(heavy, int) else 28)
    choices.stop(care.PERSON, who.pk, "purpose:anonymised_information")
    keys = []
    original = work.facts

    def spied(standard, map_, source, allowed_keys):
        keys.extend(allowed_keys)
        return original(standard, map_, source, allowed_keys)

    work.facts = spied
    try:
        work.make(care.COMMAND, settings.HOME, row)
    finally:
        work.facts = original
    assert "28" not in keys
    assert len(keys) == care.PEOPLE - 1


def test_a_standard_that_asks_for_what_the_policy_does_not_grant_is_not_fixed(balus):
    plain = care.standard().as_json()
    plain["columns"].append(
        {
            "name": "住所",
            "category": "address",
            "table": "invoices",
            "source": "billing_address",
            "role": "quasi",
            "ladder": [{"kind": "all", "words": {}, "other": "", "bands": []}],
        }
    )
    with pytest.raises(BadInput, match="does not grant `address`"):
        actions.propose_standard(care.COMMAND, type(care.standard()).from_json(plain))


def test_where_the_standard_cannot_be_met_nothing_is_made(balus):
    _, row = fixed(k=care.PEOPLE + 1)
    with pytest.raises(StandardNotMet):
        work.make(care.COMMAND, settings.HOME, row)
    assert not AnonymisedTable.objects.exists()
    assert not actions.folder().exists() or not list(actions.folder().iterdir())


def test_the_standard_stands_in_the_ledger_before_the_table(balus):
    _, row = fixed()
    work.make(care.COMMAND, settings.HOME, row)
    kinds = [e.kind for e in Events("")] + [p.kind for p in Pending.objects.order_by("number")]
    assert {"anonymise.standard_fixed", "anonymise.made"} <= set(kinds)


def test_the_same_rows_are_one_table_however_often_it_is_made(balus):
    _, row = fixed()
    first = work.make(care.COMMAND, settings.HOME, row)
    with pytest.raises(WrongState, match=f"table {first.number}"):
        work.make(care.COMMAND, settings.HOME, row)
    assert AnonymisedTable.objects.count() == 1
