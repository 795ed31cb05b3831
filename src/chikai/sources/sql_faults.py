"""What a driver raises, in a plain sentence: what happened and what to do, never a value, an account or an address.

A driver's own text may quote the row it failed on, so it is never passed on: the fault is known by its code, and only
where a driver has no code (a failed connection to PostgreSQL) by words of its message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from chikai.errors import ChikaiError, ConfigError, Disagrees, Unreachable

_DRIFT: Final = "Run `chikai map drift {name}` to see what has changed."


class Deadlock(Unreachable):
    """The server ended one of two transactions that waited for each other: ours; it may be tried once more."""


_ERRORS: Final = {
    "deadlock": Deadlock,
    "unreachable": Unreachable,
    "disagrees": Disagrees,
    "config": ConfigError,
}
# A fault of ours: which error, what happened, what to do. `{name}`, `{where}`, `{table}` are filled in.
_FAULTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "host": (
        "unreachable",
        "the server at `{where}` does not answer",
        "Check that it runs, that this machine may reach it, and host and port in `url`.",
    ),
    "password": (
        "config",
        "`{where}` does not accept our account or its password",
        "Check the account in `url` and the file that `password_file` names.",
    ),
    "database": (
        "config",
        "there is no database at `{where}`",
        "Check the name at the end of `url`.",
    ),
    "file": (
        "unreachable",
        "the file `{where}` is not there or cannot be opened",
        "Check the path in `url` and the rights of the file and its folder.",
    ),
    "notadb": ("config", "the file `{where}` is not a SQLite database", "Check the path in `url`."),
    "corrupt": (
        "unreachable",
        "the file `{where}` is damaged",
        "Restore it, or ask its service to run `PRAGMA integrity_check`.",
    ),
    "locked": (
        "unreachable",
        "another process holds a lock on {table} in `{where}`",
        "Nothing was changed; it is safe to try again.",
    ),
    "deadlock": (
        "deadlock",
        "two changes waited for each other at {table} in `{where}`, and ours was ended",
        "Nothing was changed; it is safe to try again.",
    ),
    "busy": (
        "unreachable",
        "the server at `{where}` takes no more connections, or is shutting down",
        "Nothing was changed; it is safe to try again.",
    ),
    "timeout": (
        "unreachable",
        "the server at `{where}` ended the statement, because it took too long",
        "Nothing was changed; check that the columns of the map's edges have an index.",
    ),
    "denied": (
        "config",
        "our account may not `{verb}` {table}",
        (
            "Run `GRANT {verb} ON {table} TO ...` there, "
            "or `chikai source grants {name}` for all that is needed."
        ),
    ),
    "readonly": (
        "config",
        "`{where}` lets us read only",
        'Give the account the right to write, or set `mode = "observe"`.',
    ),
    "table": ("disagrees", "{table} is missing from the source", _DRIFT),
    "column": ("disagrees", "a column of {table} is missing from the source", _DRIFT),
    "foreign": (
        "disagrees",
        "rows of another table still point at rows of {table}",
        "Nothing was changed; map that table too, or let its service remove the rows first.",
    ),
    "unique": (
        "disagrees",
        "a new value stands already in another row of {table}",
        "Nothing was changed; the column is unique there.",
    ),
    "null": (
        "disagrees",
        "a column of {table} does not take an empty value",
        "Nothing was changed; correct the value.",
    ),
    "long": (
        "disagrees",
        "a value does not fit its column of {table}",
        "Nothing was changed; correct the value.",
    ),
    "check": (
        "disagrees",
        "a rule of the source forbids the new value of {table}",
        "Nothing was changed; correct the value.",
    ),
    "types": (
        "disagrees",
        "the columns that an edge of {table} joins cannot be compared in the source",
        "Check the edge in the map: their types or collations differ.",
    ),
    "other": (
        "disagrees",
        "`{where}` refused a statement about {table}",
        "Nothing was changed; its own log holds the reason (code `{code}`).",
    ),
}
_POSTGRESQL: Final = {
    "08": "host", "28": "password", "3D": "database", "57P": "busy", "53": "busy", "57014": "timeout",
    "42501": "denied", "25006": "readonly", "42P01": "table", "3F000": "table", "42703": "column",
    "23503": "foreign", "23001": "foreign", "23505": "unique", "23502": "null", "23514": "check", "22": "long",
    "42883": "types", "42804": "types", "42P": "types", "55P03": "locked", "40P01": "deadlock", "40": "deadlock",
}  # fmt: skip
_MARIADB: Final = {
    2002: "host", 2003: "host", 2005: "host", 2006: "host", 2013: "host", 1045: "password", 1698: "password",
    4151: "password", 1130: "password", 1049: "database", 1044: "database", 1040: "busy", 1053: "busy", 1226: "busy",
    1969: "timeout", 3024: "timeout", 1142: "denied", 1143: "denied", 1227: "denied", 1370: "denied",
    1290: "readonly", 1792: "readonly", 1146: "table", 1054: "column", 1451: "foreign", 1452: "foreign",
    1062: "unique", 1048: "null", 1364: "null", 1406: "long", 1264: "long", 1366: "long", 1292: "long",
    4025: "check", 3819: "check", 1267: "types", 1271: "types", 1205: "locked", 1213: "deadlock", 1020: "deadlock",
}  # fmt: skip
_SQLITE: Final = {
    "SQLITE_CANTOPEN": "file", "SQLITE_PERM": "file", "SQLITE_IOERR": "file", "SQLITE_NOTADB": "notadb",
    "SQLITE_CORRUPT": "corrupt", "SQLITE_BUSY": "locked", "SQLITE_LOCKED": "locked", "SQLITE_READONLY": "readonly",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "foreign", "SQLITE_CONSTRAINT_TRIGGER": "check",
    "SQLITE_CONSTRAINT_UNIQUE": "unique", "SQLITE_CONSTRAINT_PRIMARYKEY": "unique",
    "SQLITE_CONSTRAINT_NOTNULL": "null", "SQLITE_CONSTRAINT_CHECK": "check", "SQLITE_TOOBIG": "long",
}  # fmt: skip
# A failed connection to PostgreSQL has no code; servers also speak Japanese.
_WORDS: Final = (
    (r"password|パスワード|authentication|認証|pg_hba|role .* does not exist|ロール", "password"),
    (r"database .* does not exist|データベース.*存在しません", "database"),
    (r"too many|remaining connection|starting up|shutting down", "busy"),
)


@contextmanager
def plain_faults(name: str, where: str, table: str = "", verb: str = "SELECT") -> Iterator[None]:
    """Turn what the driver raises inside the block into an error of ours, without the driver's text.

    Args:
        name: the source's name.
        where: its host and database, or its file.
        table: the table that is asked for, where that is known.
        verb: the right that a refusal is about.
    """
    try:
        yield
    except ChikaiError:
        raise
    except Exception as fault:
        known = fault_of(fault)
        if known is None:
            raise
        kind, code = known
        # From None: the driver's text may hold the values of a row.
        raise stated(kind, name=name, where=where, table=table, verb=verb, code=code) from None


def stated(
    kind: str, *, name: str, where: str, table: str = "", verb: str = "SELECT", code: str = ""
) -> ChikaiError:
    """The error of ours for a kind of fault."""
    error, what, do = _FAULTS[kind]
    words = {
        "name": name,
        "where": where,
        "table": f"table `{table}`" if table else "a table of the map",
        "verb": verb,
        "code": code,
    }
    if kind == "denied" and table:
        return _ERRORS[error](
            what.format(**words),
            do.format(**{**words, "table": ".".join(f'"{part}"' for part in table.split(".", 1))}),
            name,
        )
    return _ERRORS[error](what.format(**words), do.format(**words), name)


def fault_of(error: BaseException) -> tuple[str, str] | None:
    """Which fault of ours a driver's error is, and the driver's own code; None if it is no driver's."""
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    module = type(original).__module__.partition(".")[0]
    if isinstance(error, sa.exc.TimeoutError):
        return "busy", "pool"
    if module == "psycopg":
        return _of_postgresql(original)
    if module == "pymysql":
        code = original.args[0] if original and original.args else 0
        return _MARIADB.get(code, "other"), str(code)
    if module == "sqlite3":
        return _of_sqlite(original)
    return ("other", type(error).__name__) if isinstance(error, sa.exc.SQLAlchemyError) else None


def _of_postgresql(error: BaseException | None) -> tuple[str, str]:
    state = str(getattr(error, "sqlstate", None) or "")
    for length in (5, 3, 2):
        if state and state[:length] in _POSTGRESQL:
            return _POSTGRESQL[state[:length]], state
    if state:
        return "other", state
    text = str(error)
    return next((kind for words, kind in _WORDS if re.search(words, text)), "host"), "connection"


def _of_sqlite(error: BaseException | None) -> tuple[str, str]:
    code = str(getattr(error, "sqlite_errorname", "") or "")
    parts = code.split("_")
    for length in (len(parts), 2):
        if (kind := _SQLITE.get("_".join(parts[:length]))) is not None:
            return kind, code
    text = str(error)  # SQLite has one code for every fault of a statement
    if text.startswith("no such table"):
        return "table", code
    return ("column" if text.startswith("no such column") else "other"), code
