"""The exact statements that make the least role a source needs: read what is mapped, and write only where we must.

The statements hold no password: whoever runs them sets it, so that it stands in nobody's history or log.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from chikai.errors import BadInput
from chikai.sources.catalogue import Catalogue, split_name
from chikai.sources.config import Mode
from chikai.sources.map import Map, TableMap

CONNECTIONS: Final = 4


def statements(
    catalogue: Catalogue, map_: Map | None, *, role: str, mode: Mode, dialect: str
) -> tuple[str, ...]:
    """The statements, to be run in the source's own database by somebody who may.

    Without a map every table can be read, which a first scan needs; with one, only what is mapped as somebody's or
    stands on the way there. Writing is granted with a map only, and not while the source is observed.

    Raises:
        BadInput: the role's name cannot be one, or the dialect has no roles.
    """
    if not role or len(role) > 60 or any(ord(sign) < 32 for sign in role):
        raise BadInput(
            "the role has no usable name", "Use up to 60 letters, digits and `_`.", "role"
        )
    if dialect == "postgresql":
        return tuple(_postgresql(catalogue, map_, role, mode))
    if dialect == "mariadb":
        return tuple(_mariadb(catalogue, map_, role, mode))
    if dialect == "sqlite":
        return ()
    raise BadInput(
        f"`{dialect}` has no roles", "Use `postgresql`, `mariadb` or `sqlite`.", "dialect"
    )


def advice(*, role: str, mode: Mode, dialect: str) -> tuple[str, ...]:
    """What remains to be done by hand, in sentences."""
    if dialect == "postgresql":
        return (
            f"Set the password in psql with `\\password {_double(role)}`; it is then in no history.",
            "Where PostgreSQL is older than 15, run `REVOKE CREATE ON SCHEMA public FROM PUBLIC` too.",
        )
    if dialect == "mariadb":
        return (
            f"Set the password and open the account: `ALTER USER {_account(role)} IDENTIFIED BY '...' ACCOUNT UNLOCK`.",
            "Run it in a session whose history is off, and narrow `%` to Chikai's host where you can.",
        )
    if mode == "observe":
        return (
            "Give Chikai's account the right to read the file and its folder, and not to write to either: `chmod 640`.",
            "Where the file has `-wal` beside it, the folder must be writable while no service has the file open.",
        )
    return (
        "Give Chikai's account the right to write to the file and to its folder: `chmod 660` by a shared group.",
    )


def _postgresql(catalogue: Catalogue, map_: Map | None, role: str, mode: Mode) -> Iterable[str]:
    name = _double(role)
    yield (
        f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
        f"CONNECTION LIMIT {CONNECTIONS}"
    )
    if mode == "observe":
        # A second lock only: SQL can undo it, so the grants below are what holds.
        yield f"ALTER ROLE {name} SET default_transaction_read_only = on"
    yield (
        "DO $do$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), "
        f"{_single(role)}); END $do$"
    )
    tables = _read(catalogue, map_)
    for schema in sorted({split_name(table)[0] for table in tables}):
        where = _double(schema) if schema else ""
        if where:
            yield f"GRANT USAGE ON SCHEMA {where} TO {name}"
        else:
            yield (
                "DO $do$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), "
                f"{_single(role)}); END $do$"
            )
    for table in tables:
        yield f"GRANT SELECT ON {_qualified(table, _double)} TO {name}"
    for verb, table in _written(catalogue, map_, mode, _double):
        yield f"GRANT {verb} ON {_qualified(table, _double)} TO {name}"


def _mariadb(catalogue: Catalogue, map_: Map | None, role: str, mode: Mode) -> Iterable[str]:
    account = _account(role)
    # Locked, because an account without a password is open to everybody until it has one.
    yield f"CREATE USER {account} WITH MAX_USER_CONNECTIONS {CONNECTIONS} ACCOUNT LOCK"
    for table in _read(catalogue, map_):
        yield f"GRANT SELECT ON {_qualified(table, _tick)} TO {account}"
    for verb, table in _written(catalogue, map_, mode, _tick):
        yield f"GRANT {verb} ON {_qualified(table, _tick)} TO {account}"


def _read(catalogue: Catalogue, map_: Map | None) -> list[str]:
    """The tables that must be readable: all without a map, else those of somebody and those on the way to them."""
    if map_ is None:
        return [table.name for table in catalogue.tables]
    wanted = [table.name for table in map_.tables if table.personal]
    for name in wanted:  # grows while it is walked: the way up to the identity tables
        table = map_.by_name.get(name)
        wanted.extend(e.table for e in (table.edges if table else ()) if e.table not in wanted)
    return [table.name for table in catalogue.tables if table.name in wanted]


def _written(
    catalogue: Catalogue, map_: Map | None, mode: Mode, quote: _Quote
) -> Iterable[tuple[str, str]]:
    if map_ is None or mode == "observe":
        return
    for mapped in map_.tables:
        if mapped.whose not in {"person", "shared"} or mapped.name not in catalogue.by_name:
            continue
        personal = _changed(mapped)
        if personal:
            yield f"UPDATE ({', '.join(quote(column) for column in personal)})", mapped.name
        if mapped.whose == "person" and _goes(mapped):
            yield "DELETE", mapped.name


def _changed(table: TableMap) -> list[str]:
    return [column.name for column in table.columns if column.category not in {"-", "?"}]


def _goes(table: TableMap) -> bool:
    personal = [c for c in table.columns if c.category != "-"]
    return bool(personal) and all(c.erase == "delete" for c in personal)


class _Quote:
    """How a dialect quotes a name."""

    def __init__(self, sign: str) -> None:
        self.sign = sign

    def __call__(self, name: str) -> str:
        """The name between signs, those inside doubled."""
        return f"{self.sign}{name.replace(self.sign, self.sign * 2)}{self.sign}"


_double: Final = _Quote('"')
_tick: Final = _Quote("`")
_single: Final = _Quote("'")


def _account(role: str) -> str:
    return f"{_single(role.replace(chr(92), chr(92) * 2))}@'%'"


def _qualified(name: str, quote: _Quote) -> str:
    schema, table = split_name(name)
    return f"{quote(schema)}.{quote(table)}" if schema else quote(table)
