"""A catalogue of five hundred tables is read in a handful of statements, and one person's rows by indexes."""

import time

import pytest
import sqlalchemy as sa

from tests.contract import shop

KINDS = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


def many(count):
    meta = sa.MetaData()
    for n in range(count):
        above = [sa.Column("above", sa.ForeignKey(f"t{n - 1}.id"))] if n % 10 else []
        columns = [sa.Column(f"c{k}", sa.String(50)) for k in range(14 - len(above))]
        sa.Table(f"t{n}", meta, sa.Column("id", sa.Integer, primary_key=True), *above, *columns)
    return meta


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_catalogue_takes_few_statements(kind, request, tmp_path, long):
    url = shop.sqlite_url(tmp_path) if kind == "sqlite" else request.getfixturevalue(kind).fresh()
    engine = sa.create_engine(url)
    count = 500 if long else 60
    many(count).create_all(engine)
    source = shop.opened(url)
    source.catalogue()
    asked = []
    sa.event.listen(source._reader, "before_cursor_execute", lambda *a: asked.append(a[2]))
    start = time.perf_counter()
    catalogue = source.catalogue()
    seconds = time.perf_counter() - start
    print(f"{kind}: catalogue of {count} tables in {seconds:.2f} s, {len(asked)} statements")
    assert len(catalogue.tables) == count
    assert sum(len(t.columns) for t in catalogue.tables) == count * 15
    assert sum(len(t.foreign_keys) for t in catalogue.tables) == count * 9 // 10
    assert len(asked) <= 10
    assert seconds < 3
    source.close()
    engine.dispose()


EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgres": "EXPLAIN ", "mariadb": "EXPLAIN "}


def walked(kind, plan):
    """The tables that a plan walks from end to end."""
    if kind == "mariadb":
        return [row[2] for row in plan if row[3] == "ALL" and not str(row[2]).startswith("<")]
    lines = [str(row[-1 if kind == "sqlite" else 0]) for row in plan]
    if kind == "sqlite":
        return [
            line for line in lines if line.startswith("SCAN ") and "(subquery" not in line.lower()
        ]
    return [line for line in lines if "Seq Scan" in line]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", ["a", "b", "c", "m"])
def test_one_person_is_read_by_indexes(kind, table, large):
    source, map_ = large(kind)
    keys = {"people": (77,)}
    with source.reading() as reading:
        reach = reading.reach_for(map_)
        query = reach.rows(table, reach.columns(map_.by_name[table]))
        [values] = reach.parameters(query, keys)
        explained = lambda *a: (EXPLAIN[kind] + a[2], a[3])  # noqa: E731
        sa.event.listen(reading.connection, "before_cursor_execute", explained, retval=True)
        plan = reading.connection.execute(query, values).all()
    bad = walked(kind, plan)
    if kind == "sqlite":  # what it calls a scan of the inner query is of its few rows
        bad = [line for line in bad if line.split()[1] in {"people", "a", "b", "c", "m"}]
    assert not bad, plan


@pytest.fixture(scope="module")
def large(request, tmp_path_factory):
    """Three thousand rows on each of three hops, by kind."""
    made = {}

    def one(kind):
        if kind not in made:
            url = (
                shop.sqlite_url(tmp_path_factory.mktemp("large"))
                if kind == "sqlite"
                else request.getfixturevalue(kind).fresh()
            )
            made[kind] = (shop.opened(url), fill(url))
        return made[kind][0], MAP

    yield one
    for source, engine in made.values():
        source.close()
        engine.dispose()


MAP = shop.Map("large", "large", (
    shop._table("people", "person", [], "name:name", identity=shop.Identity("id")),
    shop._table("a", "person", [shop._edge("people_id", "people")], "text:content:delete"),
    shop._table("b", "person", [shop._edge("a_id", "a")], "text:content:delete"),
    shop._table("c", "person", [shop._edge("b_id", "b")], "text:content:delete"),
    shop._table("m", "person", [shop._edge("people_id", "people"), shop._edge("b_id", "b")], "text:content"),
))  # fmt: skip


def fill(url, rows=3_000):
    meta = sa.MetaData()
    key = sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)
    sa.Table("people", meta, key._copy(), sa.Column("name", sa.String(50)))
    for name, above in (("a", ["people"]), ("b", ["a"]), ("c", ["b"]), ("m", ["people", "b"])):
        hops = [sa.Column(f"{n}_id", sa.ForeignKey(f"{n}.id"), index=True) for n in above]
        sa.Table(name, meta, key._copy(), *hops, sa.Column("text", sa.String(50)))
    engine = sa.create_engine(url)
    meta.create_all(engine)
    with engine.begin() as connection:
        for table in meta.sorted_tables:
            hops = [c.name for c in table.columns if c.name.endswith("_id")]
            for start in range(0, rows, 3000):
                connection.execute(
                    sa.insert(table),
                    [{"id": n, ("name" if table.name == "people" else "text"): "x" * 30} | dict.fromkeys(hops, n * 7919 % rows)
                     for n in range(start, start + 3000)],
                )  # fmt: skip
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        names = ", ".join(meta.tables)
        connection.exec_driver_sql(
            f"ANALYZE TABLE {names}" if engine.dialect.name == "mysql" else "ANALYZE"
        )
    return engine
