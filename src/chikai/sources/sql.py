"""A source that is a SQL database: SQLite, PostgreSQL, MariaDB or MySQL.

Reading is one consistent picture: REPEATABLE READ and READ ONLY on PostgreSQL, a consistent snapshot on MariaDB, one
transaction on a file that SQLite opens read-only. Writing is one transaction, refused while the source is observed.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 33(2), APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chikai.errors import ChikaiError, ConfigError
from chikai.sources import markers
from chikai.sources import sql_after as after
from chikai.sources import sql_markers as stored
from chikai.sources.catalogue import Catalogue
from chikai.sources.config import SourceConfig, password
from chikai.sources.erasure import Replacing, refuse_observing
from chikai.sources.grants import needed
from chikai.sources.map import Map
from chikai.sources.protocol import Applying, Change, Health, Holds, Statement, Subjects
from chikai.sources.single import Single
from chikai.sources.sql_each import known_subjects
from chikai.sources.sql_engine import engine_for
from chikai.sources.sql_faults import plain_faults
from chikai.sources.sql_markers import Markers
from chikai.sources.sql_queries import EachReach
from chikai.sources.sql_read import SqlReading
from chikai.sources.sql_rights import Privileges, judged, lacking, of_mariadb, of_postgresql, server
from chikai.sources.sql_shape import Shape, fingerprint, read_shape, shape_of
from chikai.sources.sql_write import SqlChanging, fitted_rows


def connect(config: SourceConfig, *, environ: Mapping[str, str], secret: bytes = b"") -> SqlSource:
    """Make the source; nothing is opened before it is asked.

    Args:
        config: what `chikai.toml` says about it.
        environ: the environment, for `password_env`.
        secret: what replacements are made from when rows are erased; needed for `erase` only.

    Raises:
        ConfigError: the password cannot be read, or the driver is not installed.
    """
    if config.kind != "sql":
        raise ConfigError(
            f"source `{config.name}` is worked by hand",
            'Only `kind = "sql"` is connected.',
            config.name,
        )
    secret_word = password(config, environ)
    reader = engine_for(config, secret_word, writes=False)
    writer = reader
    if config.dialect == "sqlite" and config.mode != "observe":
        writer = engine_for(config, secret_word, writes=True)
    return SqlSource(config, reader, writer, secret)


class SqlSource(Single):
    """One SQL database as a source; safe to keep, its connections are checked before use."""

    reads_many = True

    def __init__(
        self, config: SourceConfig, reader: sa.Engine, writer: sa.Engine, secret: bytes
    ) -> None:
        self.name = config.name
        self.config = config
        self._reader, self._writer, self._secret = reader, writer, secret
        self._shape: Shape | None = None

    def close(self) -> None:
        """Give the connections back to the server."""
        self._reader.dispose()
        self._writer.dispose()

    def check(self) -> Health:
        """Whether it answers and what our account may do; a fault is told, not raised."""
        dialect = self.config.dialect
        try:
            with self._plain(), self._reader.connect() as connection:
                version = server(connection, dialect)
                tables = len(self._fresh(connection).tables)
                privileges = self._privileges(connection, dialect)
        except ChikaiError as told:
            return Health(reachable=False, dialect=dialect, fault=told.what, do=told.do)
        fault, do = judged(privileges, self.config, tables)
        return Health(True, dialect, version, privileges, tables, fault, do)

    def catalogue(self) -> Catalogue:
        """What the database says about itself now."""
        with self._plain(), self._reader.connect() as connection:
            return self._fresh(connection)

    def lacking(self, map_: Map) -> tuple[str, ...]:
        """The rights that the map needs in this mode and our account does not have, as `DELETE ON orders`."""
        with self._plain(), self._reader.connect() as connection:
            wanted = needed(self._now(connection).catalogue, map_, self.config.mode)
            found = lacking(connection, self.config.dialect, wanted)
        return tuple(f"{v} ({c}) ON {t}" if c else f"{v} ON {t}" for v, t, c in found)

    def fingerprint(self) -> str:
        """A short text that changes when the shape does."""
        with self._plain(), self._reader.connect() as connection:
            return fingerprint(connection, self.config.dialect)

    def epoch(self) -> int | None:
        """The epoch that our last change wrote here; None where there is no place for it."""
        with self._plain(), self._reader.connect() as connection:
            shape = self._now(connection)
            return stored.epoch(connection) if markers.EPOCH in shape.own else None

    def prepare(self) -> bool:
        """Make the tables for markers and epoch where our account may; whether they are there now."""
        refuse_observing(self.config.mode, self.name)
        with self._plain(), self._writer.connect() as connection:
            if self._now(connection).own != markers.OWN:
                for statement in markers.tables(self.config.dialect):
                    with suppress(sa.exc.DBAPIError):  # whoever owns the database makes them then
                        connection.exec_driver_sql(statement)
            return self._now(connection).own == markers.OWN

    def prune(self, before: datetime, keep: Collection[str]) -> int:
        """Remove markers from before a moment, save those of these subjects; none where our account may only add them."""
        refuse_observing(self.config.mode, self.name)
        with self._plain(), self._writer.connect() as connection:
            if markers.APPLIED not in self._now(connection).own:
                return 0
            try:
                return stored.prune(connection, before, keep)
            except sa.exc.DBAPIError:  # whoever owns the database does it then
                return 0

    @contextmanager
    def reading(self, *, fresh: bool = False) -> Iterator[SqlReading]:
        """One consistent picture, read-only, until the block ends; `fresh` on a connection that nobody used before."""
        dialect = self.config.dialect
        with self._plain():
            connection = self._reader.connect()
            if fresh:
                connection.invalidate()  # the next word goes over a new one
        try:
            with self._plain():
                _begin_picture(connection, dialect)
                if not fresh or self._shape is None:
                    self._now(connection)
            yield self._picture(connection)
        finally:
            _leave(connection, "ROLLBACK")

    @contextmanager
    def changing(self, applying: Applying | None = None) -> Iterator[SqlChanging]:
        """One transaction, committed when the block ends."""
        refuse_observing(self.config.mode, self.name)
        if not self._secret:
            raise ConfigError(
                f"source `{self.name}` was opened without the secret that replacements are made from",
                "Hand `secret` to `connect`.",
                self.name,
            )
        dialect = self.config.dialect
        with self._plain():
            connection = self._writer.connect()

        def begun(end: str = "ROLLBACK") -> None:
            with self._plain(verb="UPDATE"):
                if end:
                    connection.exec_driver_sql(end)
                _begin_change(connection, dialect)

        end = "ROLLBACK"
        try:
            begun("")
            with self._plain():
                shape = self._now(connection)
            marks = Markers(connection, applying, shape.own, self.name, self.config.where)
            yield SqlChanging(connection, self._picture(connection), marks, self._secret, begun)
            with self._plain(verb="UPDATE"):
                connection.exec_driver_sql("COMMIT")
            end = ""
        finally:
            _leave(connection, end)

    def left(
        self, map_: Map, subjects: Subjects, *, holds: Holds | None = None
    ) -> dict[str, dict[str, int]]:
        """What an erasure should have taken and still stands, by subject and table."""
        with self._afresh() as reading:
            each = reading.each(map_, subjects)
            return after.left(each, Replacing(map_, self._secret, each.reach.shape), holds)

    def unlike(
        self, map_: Map, subjects: Subjects, changes: Mapping[str, Sequence[Change]]
    ) -> dict[str, tuple[Change, ...]]:
        """The changes whose new value does not stand in its row, by subject."""
        known_subjects(subjects, changes, self.name)
        with self._afresh() as reading:
            each = reading.each(map_, subjects)
            return after.unlike(each, fitted_rows(map_, each.reach, changes, self.name))

    def preview(
        self,
        map_: Map,
        subjects: Subjects,
        *,
        changes: Mapping[str, Sequence[Change]] | None = None,
        holds: Holds | None = None,
    ) -> tuple[Statement, ...]:
        """The statements that an erasure, or these changes, would run, with counts; nothing is changed."""
        with self.reading() as reading:
            each = reading.each(map_, subjects)
            if changes is not None:
                return after.preview_changes(
                    each, fitted_rows(map_, each.reach, changes, self.name)
                )
            return after.preview_erasure(each, reading.work(map_, subjects, holds))

    @contextmanager
    def _afresh(self) -> Iterator[SqlReading]:
        """A picture on a connection that nothing was done on before."""
        with self._plain():
            connection = self._reader.connect()
            connection.invalidate()  # the next word goes over a new one
        try:
            with self._plain():
                if self._shape is None:
                    self._now(connection)
            yield self._picture(connection)
        finally:
            _leave(connection, "")

    def _picture(self, connection: sa.Connection) -> SqlReading:
        assert self._shape is not None
        shape = self._shape.catalogue
        return SqlReading(connection, self._reach, self.name, self.config.where, shape)

    def _reach(self, map_: Map, *, anchored: bool = False) -> EachReach:
        """The statements of a map, compiled once while the shape holds."""
        assert self._shape is not None
        return self._shape.reach(map_, anchored=anchored)

    def _now(self, connection: sa.Connection) -> Shape:
        where = f"{self.config.url} {self.config.schema}"
        self._shape = shape_of(connection, self.config.dialect, self.config.schema, where)
        return self._shape

    def _fresh(self, connection: sa.Connection) -> Catalogue:
        return read_shape(connection, self.config.dialect, self.config.schema).catalogue

    def _privileges(self, connection: sa.Connection, dialect: str) -> Privileges:
        if dialect == "postgresql":
            return of_postgresql(connection, self.config.schema)
        if dialect == "mariadb":
            return of_mariadb(connection)
        return "write" if os.access(str(self.config.file), os.W_OK) else "select"

    def _plain(self, verb: str = "SELECT") -> Any:
        return plain_faults(self.name, self.config.where, verb=verb)


def _begin_picture(connection: sa.Connection, dialect: str) -> None:
    if dialect == "postgresql":
        # BEGIN alone takes no picture: the first query does, and that is the fingerprint.
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    elif dialect == "mariadb":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar()


def _begin_change(connection: sa.Connection, dialect: str) -> None:
    if dialect == "sqlite":
        connection.exec_driver_sql(
            "PRAGMA foreign_keys = ON"
        )  # off by default, for old times' sake
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN" if dialect == "postgresql" else "START TRANSACTION")


def _leave(connection: sa.Connection, word: str) -> None:
    """End the transaction and hand the connection back; one that is broken is thrown away."""
    try:
        if word:
            connection.exec_driver_sql(word)
    except Exception:
        connection.invalidate()
    finally:
        connection.close()
