"""On random maps and rows, SQLite answers as the dict does: the compiled statements mean what the map says."""

import tempfile
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chikai.errors import Disagrees
from chikai.sources.config import parse
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap
from chikai.sources.memory import MemorySource
from chikai.sources.sql import connect

SECRET = b"agree"
KINDS = st.sampled_from(["integer", "text"])
WHOSE = st.sampled_from(["person", "person", "shared", "customer", "none"])
ERASE = st.sampled_from(["delete", "null", "replace", "keep"])
SMALL = st.integers(1, 4)


@st.composite
def worlds(draw):
    """Some tables, each with edges to tables before it, and a few rows whose numbers often meet."""
    tables, rows, ddl = [], {}, []
    for n in range(draw(st.integers(1, 5))):
        name = f"t {n}"
        roots = n == 0 or draw(st.integers(0, 4)) == 0
        above = draw(st.lists(st.integers(0, n - 1), max_size=3)) if n else []
        if not above and not roots:
            above = [n - 1]
        kinds = [draw(KINDS) for _ in above]
        edges = tuple(
            Edge((f"e{k}",), f"t {a}", (draw(st.sampled_from(["id", "tag"])),),
                 draw(st.sampled_from([None, ("kind", "x")])))
            for k, a in enumerate(above)
        )  # fmt: skip
        whose = "person" if roots else draw(WHOSE)
        columns = (ColumnMap("id", "-"), ColumnMap("note", "content", draw(ERASE)))
        identity = Identity("id", email="tag") if roots else None
        tables.append(TableMap(name, whose, edges, identity, columns))
        keyed = draw(st.booleans()) or roots
        hops = "".join(
            f', "e{k}" {"VARCHAR(9)" if kind == "text" else "INTEGER"}'
            for k, kind in enumerate(kinds)
        )
        ddl.append(f'CREATE TABLE "{name}" (id INTEGER {"PRIMARY KEY" if keyed else "NOT NULL"}, tag INTEGER, kind VARCHAR(9), '
                   f'note VARCHAR(40){" NOT NULL" if draw(st.booleans()) else ""}{hops})')  # fmt: skip
        rows[name] = [
            {"id": i, "tag": draw(SMALL), "kind": draw(st.sampled_from(["x", "y"])), "note": f"note {n}.{i}"}
            | {f"e{k}": draw(st.none() | (SMALL.map(str) if kind == "text" else SMALL)) for k, kind in enumerate(kinds)}
            for i in range(1, draw(st.integers(0, 4)) + 1)
        ]  # fmt: skip
    reached = set()
    for n, table in enumerate(tables):  # what no person can be reached from is nobody's
        if table.identity or any(e.table in reached for e in table.edges):
            reached.add(table.name)
        else:
            tables[n] = replace(table, whose="none")

    def somebody():
        return {t.name: tuple(draw(st.lists(SMALL, max_size=2))) for t in tables if t.identity}

    people = {f"p{n}": somebody() for n in range(draw(st.integers(1, 3)))}
    return Map("w", "w", tuple(tables)), rows, ddl, people


def both(world, folder):
    _, rows, ddl, _ = world
    engine = sa.create_engine(f"sqlite:///{folder}/w.db")
    with engine.begin() as connection:
        for statement in ddl:
            connection.exec_driver_sql(statement)
        for name, held in rows.items():
            for row in held:
                marks = ", ".join("?" for _ in row)
                connection.exec_driver_sql(
                    f'INSERT INTO "{name}" ({", ".join(row)}) VALUES ({marks})', tuple(row.values())
                )
    engine.dispose()
    config = parse("w", {"service": "w", "url": f"sqlite:///{folder}/w.db", "mode": "enforce"})
    sql = connect(config, environ={}, secret=SECRET)
    return sql, MemorySource("w", replace(sql.catalogue(), dialect="memory"), rows, secret=SECRET)


def answers(source, map_, people):
    keys = next(iter(people.values()))
    with source.reading() as reading:
        counted = reading.count_each(map_, people)
        assert reading.count(map_, keys) == next(iter(counted.values()))
        read = {
            name: sorted((who, repr(row)) for who, row in rows)
            for name, rows in reading.read_each(map_, people)
        }
        alone = {name: sorted(map(repr, rows)) for name, rows in reading.read(map_, keys)}
        found = [reading.find(map_, t.name, "tag", [1, 3]) for t in map_.identities]
        plan = reading.would_erase(map_, people)
        resolved = {
            who: {name: sorted(map(str, held)) for name, held in keys.items()}
            for who, keys in reading.resolve(map_, people).items()
        }
        all_ = {
            t.name: sorted(map(repr, reading.sample(t.name, ["id", "note"], 99)))
            for t in map_.tables
        }
    for name, rows in alone.items():
        assert rows == [row for who, row in read[name] if who == next(iter(people))]
    return counted, read, alone, found, plan, resolved, all_


def _same(sampled, read):
    """Whether a sampled row `(id, note)` is one that was read as a dict."""
    row = eval(read)
    return sampled == repr((row["id"], row["note"]))


def carried_out(source, map_, people, planned):
    with source.reading() as reading:
        resolved = reading.resolve(map_, people)
    try:
        with source.changing() as change:
            done = change.erase(map_, resolved, planned=planned)
    except Disagrees as refused:
        return refused.what
    assert source.left(map_, resolved) == {}
    return done


@given(worlds())
def test_sqlite_reads_and_erases_as_the_dict_does(world):
    map_, _, _, people = world
    with tempfile.TemporaryDirectory() as folder:
        sql, memory = both(world, Path(folder))
        before = answers(sql, map_, people)
        assert before == answers(memory, map_, people)
        planned = {
            who: {name: rows for name, rows in counts.items() if rows != 3}
            for who, counts in before[0].items()
        }
        assert sql.left(map_, people) == memory.left(map_, people)
        outcomes = [carried_out(source, map_, people, planned) for source in (sql, memory)]
        assert outcomes[0] == outcomes[1]
        after = answers(sql, map_, people)
        assert after == answers(memory, map_, people)
        for name, rows in before[-1].items():  # what is nobody's of these stands as it was
            theirs = {row for _, row in before[1].get(name, ())}
            others = [row for row in rows if not any(_same(row, one) for one in theirs)]
            assert set(others) <= set(after[-1][name])
        sql.close()


def test_a_row_without_a_key_is_left_once_however_many_keys_of_its_person_lead_to_it():
    """Two accounts with one address, one note of that address, and nothing that names the note."""
    accounts = TableMap("t 0", "person", (), Identity("id", email="tag"), (ColumnMap("id", "-"),))
    notes = TableMap(
        "t 1", "person", (Edge(("e0",), "t 0", ("tag",), None),), None,
        (ColumnMap("note", "content", "delete"),),
    )  # fmt: skip
    rows = {"t 0": [{"id": 1, "tag": 7}, {"id": 2, "tag": 7}], "t 1": [{"note": "n", "e0": 7}]}
    ddl = [
        'CREATE TABLE "t 0" (id INTEGER PRIMARY KEY, tag INTEGER)',
        'CREATE TABLE "t 1" (note VARCHAR(9), e0 INTEGER)',
    ]
    people = {"p": {"t 0": (1, 2)}}
    map_ = Map("w", "w", (accounts, notes))
    with tempfile.TemporaryDirectory() as folder:
        sql, memory = both((map_, rows, ddl, people), Path(folder))
        assert sql.left(map_, people) == memory.left(map_, people) == {"p": {"t 1": 1}}
        with sql.reading() as reading:
            assert reading.count_each(map_, people) == {"p": {"t 0": 2, "t 1": 1}}
        sql.close()
