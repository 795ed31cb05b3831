"""A scan of a small source held in memory: with rows, without rows, with a table that may not be read."""

from contextlib import contextmanager

import pytest

from chikai.errors import Disagrees
from chikai.sources import scan
from chikai.sources.catalogue import Catalogue, Column, Table
from tests.corpus.corpus import policy_of_all_kinds


class Fake:
    """A source whose reading refuses one table and dies at the first error, as PostgreSQL's transaction does."""

    name = "fake"

    def __init__(self, rows, forbidden=()):
        self.rows, self.forbidden, self.readings = rows, forbidden, 0

    def catalogue(self):
        def table(name, *columns):
            return Table(
                name, tuple(Column(*c.split(":")) for c in columns), (columns[0].split(":")[0],)
            )

        return Catalogue("memory", (
            table("users", "id:integer", "email:text", "x1:text", "created_at:timestamp"),
            table("locked", "id:integer", "user_id:integer", "phone:text"),
            table("notes", "id:integer", "user_id:integer", "body:text"),
            table("colours", "id:integer", "name:text"),
        ))  # fmt: skip

    @contextmanager
    def reading(self):
        self.readings += 1
        yield Reading(self)


class Reading:
    def __init__(self, source):
        self.source, self.dead = source, False

    def sample(self, table, columns, rows):
        if self.dead or table in self.source.forbidden:
            self.dead = True
            raise Disagrees("canary-value is not allowed")
        return [tuple(row.get(c) for c in columns) for row in self.source.rows.get(table, [])][
            :rows
        ]

    def included(self, child, parent, rows):
        mine = {r[child[1]] for r in self.source.rows.get(child[0], [])}
        theirs = {r[parent[1]] for r in self.source.rows.get(parent[0], [])}
        return len(mine & theirs), len(mine)


ROWS = {
    "users": [
        {"id": i, "email": f"p{i}@example.jp", "x1": f"03-1234-{1000 + i}"} for i in range(20)
    ],
    "notes": [{"user_id": i % 20, "body": "番号は123456789018です"} for i in range(40)],
}


def test_values_name_a_column_whose_name_says_nothing():
    found = scan.scan(Fake(ROWS), policy_of_all_kinds(), "app")
    assert found.map.by_name["users"].column("x1").category == "phone"
    assert found.map.by_name["users"].identity.email == "email"


def test_a_table_that_may_not_be_read_is_a_finding_and_the_rest_is_read():
    source = Fake(ROWS, forbidden=("locked",))
    found = scan.scan(source, policy_of_all_kinds(), "app")
    assert [f.table for f in found.findings if f.code == "unreadable"] == ["locked"]
    assert any(f.code == "guarded" and f.where == "notes.body" for f in found.findings)
    assert found.map.by_name["locked"].edges[0].table == "users"
    assert "canary" not in repr(found)
    assert "example.jp" not in repr(found)


@pytest.mark.parametrize("rows", [0, 200])
def test_a_list_of_colours_is_nobodys(rows):
    found = scan.scan(Fake(ROWS), policy_of_all_kinds(), "app", rows=rows)
    assert found.map.by_name["colours"].whose == "none"
    assert found.map.by_name["notes"].edges[0].columns == ("user_id",)


def test_progress_is_told_for_each_table():
    told = []
    scan.scan(
        Fake(ROWS),
        policy_of_all_kinds(),
        "app",
        progress=lambda at, of, name: told.append((at, of, name)),
    )
    assert told[-1] == (4, 4, "colours")


def test_a_kind_that_no_category_covers_is_an_error_by_name():
    policy = policy_of_all_kinds()
    less = type(policy)(
        policy.controller,
        policy.services,
        tuple(c for c in policy.categories if c.id != "email"),
        (),
        (),
        (),
        (),
    )
    found = scan.scan(Fake(ROWS), less, "app")
    finding = next(f for f in found.findings if f.code == "uncovered")
    assert finding.where == "users.email"
    assert finding.error
    assert "no category of the policy covers it" in finding.what
