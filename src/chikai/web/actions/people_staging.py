"""Where the rows of a sync wait: digests of what was read, outside our own tables, until one transaction applies them.

Sources are read for minutes, so nothing of ours may be locked meanwhile. On SQLite the rows wait in a file of their
own beside the database, on PostgreSQL in temporary tables. A killed sync leaves at most that file, and the next sync
removes it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chikai.people.normalise import Digested

# The rows that were read; the identity tables that are applied; what is new; the links that
# were read again; those of them that changed; moves and doubts.
TABLES: Final = {
    "row": "place {int} NOT NULL, key text NOT NULL, mail {bytes}, phone {bytes}, name {bytes},"
    " verified {bool} NOT NULL, seen {bytes} NOT NULL{rowkey}",
    "place": "place {int} PRIMARY KEY, source text NOT NULL, name text NOT NULL",
    "fresh": "n {serial}, place {int} NOT NULL, key text NOT NULL, mail {bytes}, phone {bytes}, name {bytes},"
    " verified {bool} NOT NULL, seen {bytes} NOT NULL",
    "at": "link bigint PRIMARY KEY, place {int} NOT NULL, key text NOT NULL, changed {bool} NOT NULL",
    "change": "link bigint PRIMARY KEY, mail {bytes}, phone {bytes}, name {bytes},"
    " verified {bool} NOT NULL, seen {bytes} NOT NULL",
    "move": "link bigint NOT NULL, person {uuid} NOT NULL",
    "doubt": "reason text NOT NULL, a bigint NOT NULL, b bigint NOT NULL, digest {bytes} NOT NULL,"
    " PRIMARY KEY (reason, a, b, digest)",
}


class Staging(Protocol):
    """The waiting place of one sync. `prefix` stands before its tables' names in SQL."""

    prefix: str

    def add(self, place: int, rows: Iterable[Digested]) -> int:
        """Keep rows of an identity table; how many came."""
        ...

    def repeated(self) -> set[int]:
        """The identity tables that showed one key more than once."""
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
        "bytes": "blob",
        "bool": "integer",
        "uuid": "text",
        "serial": "integer PRIMARY KEY",
        "rowkey": ", PRIMARY KEY (place, key)",
    }
    ENDING: Final = ".people-sync"

    def __init__(self) -> None:
        name = Path(str(connection.settings_dict["NAME"]))
        # A database in memory, as tests have, has no folder.
        self.folder = name.parent if name.is_file() else Path(tempfile.gettempdir())
        self._sweep()
        self.path = self.folder / f".{os.getpid()}{self.ENDING}"
        self.repeats: set[int] = set()
        self.own = sqlite3.connect(self.path, isolation_level=None)
        self.path.chmod(0o600)
        # Losing this file loses nothing, so it need not reach the disk.
        self.own.execute("PRAGMA journal_mode = OFF")
        self.own.execute("PRAGMA synchronous = OFF")
        self.own.execute("PRAGMA cache_size = -32768")
        for table, columns in TABLES.items():
            tail = " WITHOUT ROWID" if table == "row" else ""
            self.own.execute(f"CREATE TABLE {table} ({columns.format(**self.WORDS)}){tail}")

    def _sweep(self) -> None:
        """Remove files of syncs whose process is no more."""
        for file in self.folder.glob(f".*{self.ENDING}"):
            owner = file.name[1:].removesuffix(self.ENDING)
            if owner == str(os.getpid()) or not (owner.isdigit() and _is_alive(int(owner))):
                file.unlink(missing_ok=True)

    def add(self, place: int, rows: Iterable[Digested]) -> int:
        """Keep rows of an identity table; how many came."""
        batch = [(place, *row) for row in sorted(rows, key=itemgetter(0))]
        before = self.own.total_changes
        self.own.execute("BEGIN")
        self.own.executemany("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", batch)
        self.own.execute("COMMIT")
        if self.own.total_changes - before < len(batch):
            self.repeats.add(place)
        return len(batch)

    def repeated(self) -> set[int]:
        """The identity tables that showed one key more than once."""
        return self.repeats

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
        fill(self.prefix, "row", self.own.execute("SELECT * FROM row").fetchall())

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
        "bytes": "bytea",
        "bool": "boolean",
        "uuid": "uuid",
        "serial": "bigint GENERATED ALWAYS AS IDENTITY",
        "rowkey": "",
    }

    def __init__(self) -> None:
        self._drop()
        with connection.cursor() as cursor:
            for table, columns in TABLES.items():
                cursor.execute(f"CREATE TEMP TABLE sync_{table} ({columns.format(**self.WORDS)})")

    def add(self, place: int, rows: Iterable[Digested]) -> int:
        """Keep rows of an identity table; how many came."""
        count = 0
        types = ("int4", "text", "bytea", "bytea", "bytea", "bool", "bytea")
        with connection.cursor() as cursor:
            raw: Any = cursor.cursor
            with raw.copy("COPY pg_temp.sync_row FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row((place, *row))
                    count += 1
        return count

    def repeated(self) -> set[int]:
        """The identity tables that showed one key more than once."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT place FROM (SELECT place FROM pg_temp.sync_row"
                " GROUP BY place, key HAVING count(*) > 1) AS twice"
            )
            return {place for (place,) in cursor.fetchall()}

    def ready(self) -> None:
        """Count the rows, so that the planner knows what waits."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE pg_temp.sync_row")

    def close(self) -> None:
        """Drop the tables. A broken connection has dropped them already."""
        with contextlib.suppress(Exception):
            self._drop()

    def _drop(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.sync_{table}")


def fill(prefix: str, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Put rows into a waiting table; one that stands there already is left as it is."""
    if rows:
        marks = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {prefix}{table} VALUES ({marks}) ON CONFLICT DO NOTHING", rows
            )
