"""Where the rows of a sync wait: digests of what was read, outside our own tables, until one transaction applies them.

Sources are read for minutes, so nothing of ours may be locked meanwhile. On SQLite the rows wait in a file of their
own beside the database, on PostgreSQL in temporary tables. A killed sync leaves at most that file, and the next sync
removes it. Only rows wait that say something new; a row that is as it was is a bit in memory (`people_known`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chikai.people.normalise import Digested

# The identity tables that are applied; rows whose key no link has, numbered as they were read, each with the id of the
# person it may become; what was read of links that changed; links whose key went; links that share an address with
# another; moves and doubts.
TABLES: Final = {
    "place": "place {int} PRIMARY KEY, source text NOT NULL, name text NOT NULL",
    "fresh": "n {int} {alone}, place {int} NOT NULL, key text NOT NULL, mail {bytes}, phone {bytes}, name {bytes},"
    " verified {bool} NOT NULL, seen {bytes} NOT NULL, person {uuid} NOT NULL, joined {bool} NOT NULL",
    "change": "link {long} {alone}, place {int} NOT NULL, mail {bytes}, phone {bytes}, name {bytes},"
    " verified {bool} NOT NULL, seen {bytes} NOT NULL",
    "lost": "link {long} {alone}",
    "carrier": "digest {bytes} NOT NULL, link {long} NOT NULL, verified {bool} NOT NULL",
    "move": "link {long} {alone}, person {uuid} NOT NULL",
    "doubt": "reason text NOT NULL, a {long} NOT NULL, b {long} NOT NULL, digest {bytes} NOT NULL{pair}",
}


class Staging(Protocol):
    """The waiting place of one sync. `prefix` stands before its tables' names in SQL."""

    prefix: str

    def add_fresh(
        self, place: int, first: int, ids: Iterable[str], rows: Iterable[Digested]
    ) -> None:
        """Keep rows whose key no link has: they are numbered on, and each has the id of a person."""
        ...

    def add_changed(self, place: int, links: Iterable[int], rows: Iterable[Digested]) -> None:
        """Keep rows that are not as these links were read before."""
        ...

    def ready(self) -> None:
        """Nothing more comes: make the rows reachable from our own connection."""
        ...

    def close(self) -> None:
        """Leave nothing behind."""
        ...


def opened() -> Staging:
    """The waiting place that our own database has."""
    return Temporary() if connection.vendor == "postgresql" else Beside()


class Beside:
    """A file beside an SQLite database, attached to our connection when everything was read."""

    prefix = "staging."
    WORDS: Final = {
        "int": "integer",
        "long": "integer",
        "bytes": "blob",
        "bool": "integer",
        "uuid": "text",
        "alone": "PRIMARY KEY",
        "pair": ", PRIMARY KEY (reason, a, b, digest)",
    }
    ENDING: Final = ".people-sync"

    def __init__(self) -> None:
        name = Path(str(connection.settings_dict["NAME"]))
        # A database in memory, as tests have, has no folder.
        self.folder = name.parent if name.is_file() else Path(tempfile.gettempdir())
        self._sweep()
        self.path = self.folder / f".{os.getpid()}{self.ENDING}"
        self.own = sqlite3.connect(self.path, isolation_level=None)
        self.path.chmod(0o600)
        # Losing this file loses nothing, so it need not reach the disk.
        self.own.execute("PRAGMA journal_mode = OFF")
        self.own.execute("PRAGMA synchronous = OFF")
        for table, columns in TABLES.items():
            self.own.execute(f"CREATE TABLE {table} ({columns.format(**self.WORDS)})")

    def _sweep(self) -> None:
        """Remove files of syncs whose process is no more."""
        for file in self.folder.glob(f".*{self.ENDING}"):
            owner = file.name[1:].removesuffix(self.ENDING)
            if owner == str(os.getpid()) or not (owner.isdigit() and _is_alive(int(owner))):
                file.unlink(missing_ok=True)

    def add_fresh(
        self, place: int, first: int, ids: Iterable[str], rows: Iterable[Digested]
    ) -> None:
        """Keep rows whose key no link has: they are numbered on, and each has the id of a person."""
        # Python's driver binds these types at once; for None, bytes and bool it first looks for adapters.
        each = [
            (n, place, key, _blob(mail), _blob(phone), _blob(name), int(proved), _blob(seen), id_)
            for (key, mail, phone, name, proved, seen), n, id_ in zip(rows, count(first), ids)
        ]
        self._insert("fresh VALUES (?, ?, ?, {0}, {0}, {0}, ?, ?, ?, 0)", each)

    def add_changed(self, place: int, links: Iterable[int], rows: Iterable[Digested]) -> None:
        """Keep rows that are not as these links were read before."""
        each = [
            (link, place, _blob(mail), _blob(phone), _blob(name), int(proved), _blob(seen))
            for (_, mail, phone, name, proved, seen), link in zip(rows, links, strict=True)
        ]
        self._insert("change VALUES (?, ?, {0}, {0}, {0}, ?, ?)", each)

    def _insert(self, where: str, rows: list[tuple[Any, ...]]) -> None:
        """Insert rows in one go; an empty blob stands for nothing."""
        self.own.execute("BEGIN")
        self.own.executemany(f"INSERT INTO {where}".format("nullif(?, x'')"), rows)
        self.own.execute("COMMIT")

    def ready(self) -> None:
        """Attach the file to our own connection, and let large sorts go to disk for as long."""
        if connection.in_atomic_block:
            self._copy()
            return
        self.own.close()
        with connection.cursor() as cursor:
            cursor.execute("ATTACH DATABASE %s AS staging", [str(self.path)])
            cursor.execute("PRAGMA staging.journal_mode = OFF")
            cursor.execute("PRAGMA staging.synchronous = OFF")
            cursor.execute("PRAGMA staging.secure_delete = OFF")
            cursor.execute("PRAGMA temp_store = FILE")
            cursor.execute("PRAGMA cache_size = -40000")

    def _copy(self) -> None:
        """Copy the rows into temporary tables: no file can be let go of inside somebody's transaction, as tests are."""
        self.prefix = "temp.sync_"
        with connection.cursor() as cursor:
            for table, columns in TABLES.items():
                words = columns.format(**self.WORDS)
                cursor.execute(f"DROP TABLE IF EXISTS temp.sync_{table}")
                cursor.execute(f"CREATE TEMP TABLE sync_{table} ({words})")
        for table in ("fresh", "change"):
            fill(self.prefix, table, self.own.execute(f"SELECT * FROM {table}").fetchall())

    def close(self) -> None:
        """Detach and remove the file, and set the connection as it was."""
        self.own.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pragma_database_list WHERE name = 'staging'")
            if cursor.fetchone()[0]:
                cursor.execute("DETACH DATABASE staging")
                cursor.execute("PRAGMA temp_store = MEMORY")
                cursor.execute("PRAGMA cache_size = -20000")
        self.path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Temporary:
    """Temporary tables of our own PostgreSQL connection."""

    prefix = "pg_temp.sync_"
    WORDS: Final = {
        "int": "integer",
        "long": "bigint",
        "bytes": "bytea",
        "bool": "boolean",
        "uuid": "uuid",
        "alone": "NOT NULL",
        "pair": "",
    }

    def __init__(self) -> None:
        self._drop()
        with connection.cursor() as cursor:
            for table, columns in TABLES.items():
                cursor.execute(f"CREATE TEMP TABLE sync_{table} ({columns.format(**self.WORDS)})")

    def add_fresh(
        self, place: int, first: int, ids: Iterable[str], rows: Iterable[Digested]
    ) -> None:
        """Keep rows whose key no link has: they are numbered on, and each has the id of a person."""
        _copy_in(
            "pg_temp.sync_fresh",
            [
                f"{n}\t{place}\t{_escaped(key)}\t{_hex(mail)}\t{_hex(phone)}\t{_hex(name)}\t{proved:d}"
                f"\t{_hex(seen)}\t{id_}\t0\n"
                for (key, mail, phone, name, proved, seen), n, id_ in zip(rows, count(first), ids)
            ],
        )

    def add_changed(self, place: int, links: Iterable[int], rows: Iterable[Digested]) -> None:
        """Keep rows that are not as these links were read before."""
        _copy_in(
            "pg_temp.sync_change",
            [
                f"{link}\t{place}\t{_hex(mail)}\t{_hex(phone)}\t{_hex(name)}\t{proved:d}\t{_hex(seen)}\n"
                for (_, mail, phone, name, proved, seen), link in zip(rows, links, strict=True)
            ],
        )

    def ready(self) -> None:
        """Count the rows, so that the planner knows what waits."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE pg_temp.sync_fresh, pg_temp.sync_change")

    def close(self) -> None:
        """Drop the tables. A broken connection has dropped them already."""
        with contextlib.suppress(Exception):
            self._drop()

    def _drop(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.sync_{table}")


def fill(prefix: str, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows into a waiting table of our own connection."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy_in(f"{prefix}{table}", ["\t".join(map(_spelt, row)) + "\n" for row in rows])
        return
    marks = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {prefix}{table} VALUES ({marks})", rows)


def _copy_in(table: str, lines: list[str]) -> None:
    """Copy lines in the text form of PostgreSQL's COPY; the driver's own form costs three times this for each row."""
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        with raw.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write("".join(lines))


def _spelt(value: object) -> str:
    return _hex(value) if isinstance(value, bytes) else _escaped(str(value))


def _hex(value: bytes | None) -> str:
    return r"\N" if value is None else rf"\\x{value.hex()}"


def _escaped(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPES)


def _blob(value: bytes | None) -> bytearray:
    return bytearray(value or b"")


_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
