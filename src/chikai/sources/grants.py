"""The exact statements that make the least role a source needs: read what is mapped, and write only where we must.

The statements hold no password: whoever runs them sets it, so that it stands in nobody's history or log.

Clauses: 6.
Law: APPI Art. 23.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from chikai.errors import BadInput
from chikai.sources import markers
from chikai.sources.catalogue import Catalogue, split_name
from chikai.sources.config import Mode
from chikai.sources.map import Map, TableMap

CONNECTIONS: Final = 4
ROLE: Final = "chikai"
_DOLLAR: Final = "$do$"


def statements(
    catalogue: Catalogue,
    map_: Map | None,
    *,
    role: str,
    mode: Mode,
    dialect: str,
    schema: str = "",
    database: str = "",
) -> tuple[str, ...]:
    """The statements, to be run in the source's own database by somebody who may; running them twice does no harm.

    `map_` is the map in force. Without one every table can be read, which a scan needs; with one, all but those that it
    calls nobody's. A catalogue without tables is not known yet: reading is then granted on `schema` (PostgreSQL) or on
    `database` (MariaDB) as a whole. Writing is granted with a map only, and not while the source is observed.

    Raises:
        BadInput: the role's name cannot be one, or the dialect has no roles.
    """
    if not role or len(role) > 60 or any(ord(sign) < 32 for sign in role) or _DOLLAR in role:
        raise BadInput(
            "the role has no usable name", "Use up to 60 letters, digits and `_`.", "role"
        )
    if dialect == "postgresql":
        return tuple(_postgresql(catalogue, map_, role, mode, schema))
    if dialect == "mariadb":
        return tuple(_mariadb(catalogue, map_, role, mode, database))
    if (
        dialect == "sqlite"
    ):  # a file has no roles, and a place for our markers is made like everywhere
        return markers.tables("sqlite") if map_ is not None and mode != "observe" else ()
    raise BadInput(
        f"`{dialect}` has no roles", "Use `postgresql`, `mariadb` or `sqlite`.", "dialect"
    )  # fmt: skip


def role_for(account: str, *, privileges: str, mode: Mode, dialect: str) -> tuple[str, str]:
    """The role that the statements are for, and why it is not the account that was connected.

    An account that holds more rights than the mode needs is somebody else's work, and is left as it is.
    """
    named = account or ROLE
    over = privileges == "more" or (privileges == "write" and mode == "observe")
    if dialect not in {"postgresql", "mariadb"} or not over:
        return named, ""
    holds = "owns or administers what is there" if privileges == "more" else "may write"
    new = ROLE if named != ROLE else f"{ROLE}_least"
    return new, f"`{named}` {holds} and is left as it is; the statements make the role `{new}`"


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
        "Run the statements with `sqlite3` once: without these tables a restored backup is not noticed.",
    )


def _postgresql(
    catalogue: Catalogue, map_: Map | None, role: str, mode: Mode, schema: str
) -> Iterable[str]:
    name = _double(role)
    yield _made(role, mode)
    yield f"ALTER ROLE {name} LOGIN NOINHERIT CONNECTION LIMIT {CONNECTIONS}"
    if mode != "observe":
        yield f"ALTER ROLE {name} RESET default_transaction_read_only"
    yield (
        "DO $do$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), "
        f"{_single(role)}); END $do$"
    )
    if not catalogue.tables:
        where = _double(schema or "public")
        yield f"GRANT USAGE ON SCHEMA {where} TO {name}"
        yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {where} TO {name}"
        return
    tables = _read(catalogue, map_)
    for each in sorted({split_name(table)[0] or schema for table in tables}):
        if each:
            yield f"GRANT USAGE ON SCHEMA {_double(each)} TO {name}"
        else:
            yield (
                "DO $do$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), "
                f"{_single(role)}); END $do$"
            )
    for table in tables:
        yield f"GRANT SELECT ON {_qualified(table, _double, schema)} TO {name}"
    for verb, table in _written(catalogue, map_, mode, _double):
        yield f"GRANT {verb} ON {_qualified(table, _double, schema)} TO {name}"
    if map_ is not None and mode != "observe":
        yield from markers.tables("postgresql", _double(schema) if schema else "")
        for verb, table in markers.RIGHTS:
            yield f"GRANT {verb} ON {_qualified(table, _double, schema)} TO {name}"


_OWNS: Final = """r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
    OR EXISTS (SELECT FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relowner = r.oid)"""
_WRITES: Final = """
    OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'
      AND (has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE')
        OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE')))"""


def _made(role: str, mode: Mode) -> str:
    """Make the role where there is none; stop before anything changes for one that holds more than the mode needs.

    The read-only setting is a second lock only, since SQL can undo it, and no account that stood before receives it.
    """
    more = _OWNS + (_WRITES if mode == "observe" else "")
    lock = (
        f"\n    ALTER ROLE {_double(role)} SET default_transaction_read_only = on;"
        if mode == "observe"
        else ""
    )
    text = f"""DO $do$ BEGIN
  IF EXISTS (SELECT FROM pg_roles r WHERE r.rolname = {_single(role)} AND ({more})) THEN
    RAISE EXCEPTION 'this role exists and may do more than it should: choose another with --role';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {_single(role)}) THEN
    CREATE ROLE {_double(role)} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;{lock}
  END IF;
END $do$"""
    return " ".join(line.strip() for line in text.splitlines())  # one line is one statement


def _mariadb(
    catalogue: Catalogue, map_: Map | None, role: str, mode: Mode, database: str
) -> Iterable[str]:
    account = _account(role)
    # Locked, because an account without a password is open to everybody until it has one.
    yield (
        f"CREATE USER IF NOT EXISTS {account} WITH MAX_USER_CONNECTIONS {CONNECTIONS} ACCOUNT LOCK"
    )
    if not catalogue.tables and database:
        # `_` and `%` are wildcards in the name of a database that is granted as a whole.
        plain = database.replace("_", r"\_").replace("%", r"\%")
        yield f"GRANT SELECT ON {_tick(plain)}.* TO {account}"
    for table in _read(catalogue, map_):
        yield f"GRANT SELECT ON {_qualified(table, _tick)} TO {account}"
    for verb, table in _written(catalogue, map_, mode, _tick):
        yield f"GRANT {verb} ON {_qualified(table, _tick)} TO {account}"
    if map_ is not None and mode != "observe":
        yield from markers.tables("mariadb")
        for verb, table in markers.RIGHTS:
            yield f"GRANT {verb} ON {_tick(table)} TO {account}"


def needed(catalogue: Catalogue, map_: Map, mode: Mode) -> tuple[tuple[str, str, str], ...]:
    """What our account needs to work by a map: a right, a table and, where it is for one, a column."""
    out = [("SELECT", table, "") for table in _read(catalogue, map_)]
    for mapped in map_.tables if mode != "observe" else ():
        if mapped.whose in {"person", "shared"} and mapped.name in catalogue.by_name:
            columns = _changed(mapped, catalogue, map_)
            out += [("UPDATE", mapped.name, column) for column in columns]
            if mapped.whose == "person" and _goes(mapped):
                out.append(("DELETE", mapped.name, ""))
    return tuple(out)


def _read(catalogue: Catalogue, map_: Map | None) -> list[str]:
    """The tables that must be readable: all without a map, else all that it does not call nobody's, and the ways there."""
    if map_ is None:
        return [table.name for table in catalogue.tables]
    ways = {edge.table for t in map_.tables if t.whose != "none" for edge in t.edges}
    left = {table.name for table in map_.tables if table.whose == "none"} - ways
    return [table.name for table in catalogue.tables if table.name not in left]


def _written(
    catalogue: Catalogue, map_: Map | None, mode: Mode, quote: _Quote
) -> Iterable[tuple[str, str]]:
    if map_ is None or mode == "observe":
        return
    for mapped in map_.tables:
        if mapped.whose not in {"person", "shared"} or mapped.name not in catalogue.by_name:
            continue
        personal = _changed(mapped, catalogue, map_)
        if personal:
            yield f"UPDATE ({', '.join(quote(column) for column in personal)})", mapped.name
        if mapped.whose == "person" and _goes(mapped):
            yield "DELETE", mapped.name


def _changed(table: TableMap, catalogue: Catalogue, map_: Map) -> list[str]:
    """What an erasure or a correction gives new values: personal columns, what a hold sets, and what lets go of a row."""
    named = [column.name for column in table.columns if column.category not in {"-", "?"}]
    named += [name for name, _ in table.held.set] if table.held else []
    described = catalogue.by_name[table.name]
    for foreign in described.foreign_keys:
        above = map_.by_name.get(foreign.table)
        if above is not None and above.whose == "person" and _goes(above) and not foreign.on_delete:
            named += [c.name for c in described.columns if c.name in foreign.columns and c.nullable]
    return list(dict.fromkeys(named))


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


def _qualified(name: str, quote: _Quote, own: str = "") -> str:
    schema, table = split_name(name)
    schema = schema or own
    return f"{quote(schema)}.{quote(table)}" if schema else quote(table)
