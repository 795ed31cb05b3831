"""Writes the rows of a service into an empty database, in chunks, so that memory stays flat at any size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from types import ModuleType
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)

from examples.levii.databases import balus, kata, names, training, website
from examples.levii.databases.names import World
from examples.levii.databases.shape import Row

SERVICES: Final = ("balus", "kata", "training", "website")
CHUNK: Final = 5_000

_MODULES: Final[dict[str, ModuleType]] = {
    "balus": balus,
    "kata": kata,
    "training": training,
    "website": website,
}


# Rows of the cast whose running text names others: service, table, key column, key, column, names.
NAMES_IN_FREE_TEXT: Final = (
    ("balus", "comments", "id", 9, "body", ("山田花子",)),
    ("balus", "comments", "id", names.HEROINE, "body", ("佐藤健",)),
    ("balus", "comments", "id", names.DELETED, "body", ("小川真理",)),
    ("kata", "reviews", "id", names.HEROINE // 4, "body", ("𠮷田誠", "山﨑")),
    ("training", "アンケート回答", "回答番号", 2, "自由記述", ("𠮷田誠", "髙橋恵")),
    ("website", "inquiries", "id", website.HEROINE_INQUIRY, "body", ("佐藤健",)),
)
RESERVED_WORDS: Final = (
    ("balus", "memberships", "group"),
    ("balus", "views", "order"),
    ("balus", "elements", "order"),
    ("balus", "elements", "group"),
    ("kata", "templates", "group"),
    ("training", "attendees", "group"),
    ("training", "sessions", "order"),
)


class NotEmptyError(RuntimeError):
    """The database already holds rows in a table of the service."""


def metadata(service: str) -> MetaData:
    """Give the tables of a service.

    Raises:
        ValueError: there is no such service.
    """
    return _tables(service)


def _module(service: str) -> ModuleType:
    if service not in _MODULES:
        raise ValueError(
            f"`{service}` is no service of the example; there are {', '.join(SERVICES)}"
        )
    return _MODULES[service]


def _tables(service: str) -> MetaData:
    found: MetaData = _module(service).METADATA
    return found


def fill(engine: Engine, service: str, people: int = 2000, seed: int = 2025) -> dict[str, int]:
    """Make the tables of a service, fill them, and say how many rows each has.

    Each table is one transaction: a fill that was cut short leaves rows behind and is refused the next time.

    Raises:
        NotEmptyError: one of the tables exists and is not empty.
        ValueError: there is no such service, or the people are too few.
    """
    world = World(people=people, seed=seed)
    tables = _tables(service)
    rows_of = _module(service).ROWS
    _refuse_if_not_empty(engine, service)
    tables.create_all(engine)
    counts = {}
    for table in tables.sorted_tables:  # parents first
        with engine.begin() as connection:
            counts[table.name] = _write(connection, table, rows_of[table.name](world))
            _move_sequence(connection, table)
    return counts


def held_by(engine: Engine, service: str, subject: int | str) -> dict[str, int]:
    """Count the rows of each table that are about one person, by the service's own key for that person.

    The key is an account's id, a profile's id, an attendee's id, or on the website a mail address. Rows of a team
    count if the person made or last edited them; what is held for a customer counts for nobody.
    """
    queries: dict[str, str] = _module(service).HELD_BY
    with engine.connect() as connection:
        return {
            name: int(connection.execute(text(queries[name]), {"subject": subject}).scalar_one())
            if name in queries
            else 0
            for name in _tables(service).tables
        }


def awkward(size: int = 2000) -> dict[str, Any]:
    """Give the exact keys of every awkward fact, by its name in README.md; no seed changes them."""
    world = World(people=size, seed=0)
    facts: dict[str, Any] = {"heroine": _heroine(world)}
    for module in _MODULES.values():
        facts.update(module.cast_facts(world))
    facts["names_in_free_text"] = {"rows": NAMES_IN_FREE_TEXT}
    facts["reserved_words"] = {"columns": RESERVED_WORDS}
    return facts


def _heroine(world: World) -> dict[str, Any]:
    person = world.person(names.HEROINE)
    return {
        "name": person.name,
        "email": person.email,
        "balus": names.HEROINE,
        "kata": kata.profile_key(names.HEROINE // 4),
        "training": names.HEROINE // 3,
        "website": person.email,
    }


def _refuse_if_not_empty(engine: Engine, service: str) -> None:
    present = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for table in _tables(service).sorted_tables:
            if table.name not in present:
                continue
            if connection.execute(select(func.count()).select_from(table)).scalar_one():
                raise NotEmptyError(
                    f"table `{table.name}` is not empty; fill `{service}` into a new database"
                )


def _write(connection: Connection, table: Table, rows: Iterator[Row]) -> int:
    if connection.dialect.driver == "psycopg":
        return _copy(connection, table, rows)
    statement, count = insert(table), 0
    while chunk := list(islice(rows, CHUNK)):
        connection.execute(statement, chunk)
        count += len(chunk)
    return count


def _copy(connection: Connection, table: Table, rows: Iterator[Row]) -> int:
    # psycopg sends each row of an INSERT by itself; COPY is several times faster.
    quote = connection.dialect.identifier_preparer.quote
    names_of_columns = [column.name for column in table.columns]
    target = f"{quote(table.name)} ({', '.join(map(quote, names_of_columns))})"
    count = 0
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names_of_columns])
            count += 1
    return count


def _move_sequence(connection: Connection, table: Table) -> None:
    # We name every id ourselves; PostgreSQL's sequence would hand out the first of them again.
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    if not isinstance(column.type, Integer):
        return
    connection.execute(
        select(
            func.setval(
                func.pg_get_serial_sequence(f'"{table.name}"', column.name),
                select(func.max(column)).scalar_subquery(),
            )
        )
    )
