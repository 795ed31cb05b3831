"""A source that is a SQL database: SQLite, PostgreSQL, MariaDB or MySQL.

Reading is one consistent picture: REPEATABLE READ and READ ONLY on PostgreSQL, a consistent snapshot on MariaDB, one
transaction on a file that SQLite opens read-only. Writing is one transaction, refused while the source is observed.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 33(2), APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final, Literal
from urllib.parse import quote

import sqlalchemy as sa

from chikai.errors import ChikaiError, ConfigError
from chikai.sources.catalogue import Catalogue
from chikai.sources.config import SourceConfig, password
from chikai.sources.graph import compile_map
from chikai.sources.map import Map
from chikai.sources.protocol import Change, Health, Keys
from chikai.sources.sql_catalogue import fingerprint, read_catalogue
from chikai.sources.sql_faults import plain_faults
from chikai.sources.sql_reach import Reach
from chikai.sources.sql_read import SqlReading
from chikai.sources.sql_write import SqlWriting, refuse_observing

CONNECT_SECONDS: Final = 5
LOCK_SECONDS: Final = 5
_DRIVERS: Final = {
    "postgresql": ("postgresql+psycopg", "psycopg", "chikai[postgres]"),
    "mariadb": ("mysql+pymysql", "pymysql", "chikai[mysql]"),
}
Privileges = Literal["none", "select", "write", "more"]
_WRITES: Final = {"INSERT", "UPDATE", "DELETE", "REPLACE"}
_READS: Final = {"SELECT", "SHOW VIEW", "USAGE", "SHOW DATABASES", "PROCESS", "LOCK TABLES"}


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
    reader = _engine(config, secret_word, writes=False)
    writer = reader
    if config.dialect == "sqlite" and config.mode != "observe":
        writer = _engine(config, secret_word, writes=True)
    return SqlSource(config, reader, writer, secret)


class SqlSource:
    """One SQL database as a source; safe to keep, its connections are checked before use."""

    reads_many = True

    def __init__(
        self, config: SourceConfig, reader: sa.Engine, writer: sa.Engine, secret: bytes
    ) -> None:
        self.name = config.name
        self.config = config
        self._reader, self._writer, self._secret = reader, writer, secret
        self._shape: tuple[str, Catalogue] | None = None
        self._reaches: dict[str, Reach] = {}

    def close(self) -> None:
        """Give the connections back to the server."""
        for engine in (self._reader, self._writer, self.__dict__.get("_fresh_reader")):
            if engine is not None:
                engine.dispose()

    def check(self) -> Health:
        """Whether it answers and what our account may do; a fault is told, not raised."""
        dialect = self.config.dialect
        try:
            with self._plain(), self._reader.connect() as connection:
                server = _server(connection, dialect)
                tables = len(self._fresh(connection).tables)
                privileges = self._privileges(connection, dialect)
        except ChikaiError as told:
            return Health(reachable=False, dialect=dialect, fault=told.what, do=told.do)
        fault, do = _judged(privileges, self.config, tables)
        return Health(True, dialect, server, privileges, tables, fault, do)

    def catalogue(self) -> Catalogue:
        """What the database says about itself now."""
        with self._plain(), self._reader.connect() as connection:
            return self._fresh(connection)

    def fingerprint(self) -> str:
        """A short text that changes when the shape of the source does; one cheap statement."""
        with self._plain(), self._reader.connect() as connection:
            return fingerprint(connection, self.config.dialect)

    @contextmanager
    def reading(self, *, fresh: bool = False) -> Iterator[SqlReading]:
        """One consistent picture, read-only, until the block ends; `fresh` on a connection that nobody used before."""
        dialect = self.config.dialect
        with self._plain():
            connection = (self._fresh_reader if fresh else self._reader).connect()
        try:
            with self._plain():
                _begin_picture(connection, dialect)
                if not fresh or self._shape is None:
                    self._known(connection)
            yield SqlReading(connection, self._reach, self.name, self.config.where, self._now)
        finally:
            _leave(connection, "ROLLBACK")

    @cached_property
    def _fresh_reader(self) -> sa.Engine:
        """The reader's engine without its pool."""
        found = sa.create_engine(
            self._reader.url,
            creator=self._reader.pool._creator,  # noqa: SLF001  the only way to the same settings
            poolclass=sa.NullPool,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
        )
        found.dialect = self._reader.dialect
        return found

    def _now(self) -> Catalogue:
        assert self._shape is not None
        return self._shape[1]

    def write(
        self, map_: Map, keys: Keys, changes: Sequence[Change], *, at_most: int
    ) -> dict[str, int]:
        """Make the changes in one transaction; rows changed by table."""
        with self._writing(map_) as writing:
            return writing.write(map_, keys, changes, at_most=at_most)

    def erase(self, map_: Map, keys: Keys, *, at_most: Mapping[str, int]) -> dict[str, int]:
        """Erase by the map in one transaction; rows changed by table."""
        if not self._secret:
            raise ConfigError(
                f"source `{self.name}` was opened without the secret that replacements are made from",
                "Hand `secret` to `connect`.",
                self.name,
            )
        with self._writing(map_) as writing:
            return writing.erase(map_, keys, at_most=at_most)

    @contextmanager
    def _writing(self, map_: Map) -> Iterator[SqlWriting]:
        refuse_observing(self.config.mode, self.name)
        with self._plain():
            connection = self._writer.connect()
        end = "ROLLBACK"
        try:
            with self._plain(verb="UPDATE"):
                _begin_change(connection, self.config.dialect)
                self._known(connection)
            reading = SqlReading(connection, self._reach, self.name, self.config.where)
            yield SqlWriting(connection, reading, self._reach(map_), self._secret)
            with self._plain(verb="UPDATE"):
                connection.exec_driver_sql("COMMIT")
            end = ""
        finally:
            _leave(connection, end)

    def _reach(self, map_: Map) -> Reach:
        """The statements of a map, compiled once while the shape holds."""
        if map_.digest not in self._reaches:
            assert self._shape is not None
            self._reaches[map_.digest] = Reach(compile_map(map_), self._shape[1])
        return self._reaches[map_.digest]

    def _known(self, connection: sa.Connection) -> None:
        """Read the catalogue unless its fingerprint, one cheap statement, is the one that we know."""
        mark = fingerprint(connection, self.config.dialect)
        if self._shape is None or self._shape[0] != mark:
            self._fresh(connection, mark)

    def _fresh(self, connection: sa.Connection, mark: str = "") -> Catalogue:
        found = read_catalogue(connection, self.config.dialect, self.config.schema)
        if self._shape is None or self._shape[1] != found:
            self._reaches.clear()
        self._shape = (mark or fingerprint(connection, self.config.dialect), found)
        return found

    def _privileges(self, connection: sa.Connection, dialect: str) -> Privileges:
        if dialect == "postgresql":
            return _of_postgresql(connection, self.config.schema)
        if dialect == "mariadb":
            return _of_mariadb(connection)
        return "write" if os.access(str(self.config.file), os.W_OK) else "select"

    def _plain(self, verb: str = "SELECT") -> Any:
        return plain_faults(self.name, self.config.where, verb=verb)


def _engine(config: SourceConfig, secret_word: str | None, *, writes: bool) -> sa.Engine:
    # hide_parameters: SQLAlchemy's own messages and logs would hold values otherwise.
    quiet: dict[str, Any] = {"hide_parameters": True, "isolation_level": "AUTOCOMMIT"}
    if config.dialect == "sqlite":
        path = quote(str(config.file))

        def opened() -> sqlite3.Connection:
            return sqlite3.connect(
                f"file:{path}?mode={'rw' if writes else 'ro'}",
                uri=True,
                timeout=LOCK_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )

        return sa.create_engine("sqlite://", creator=opened, poolclass=sa.NullPool, **quiet)
    driver, module, extra = _DRIVERS[config.dialect]
    url = sa.make_url(config.url).set(drivername=driver)
    if secret_word is not None:
        url = url.set(password=secret_word)
    arguments: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if config.dialect == "postgresql":
        arguments["application_name"] = "chikai"
    elif "charset" not in url.query:
        arguments["charset"] = "utf8mb4"
    try:
        engine = sa.create_engine(
            url, connect_args=arguments, pool_size=2, max_overflow=2, pool_pre_ping=True, **quiet
        )
    except ModuleNotFoundError:
        raise ConfigError(
            f"the driver `{module}` is not installed", f"Run `pip install '{extra}'`.", config.name
        ) from None
    sa.event.listen(engine, "connect", _prepare(config))
    return engine


def _prepare(config: SourceConfig) -> Any:
    """What every new connection is told."""

    def prepared(driver_connection: Any, _record: object) -> None:
        with driver_connection.cursor() as cursor:
            if config.dialect == "mariadb":
                cursor.execute(f"SET SESSION innodb_lock_wait_timeout = {LOCK_SECONDS}")
                # Names in double quotes are texts here by default; SQLAlchemy writes back-ticks.
                cursor.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')")
                return
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            if config.schema:
                name = config.schema.replace('"', '""')
                cursor.execute(f'SET search_path TO "{name}"')
        driver_connection.commit()

    return prepared


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


def _server(connection: sa.Connection, dialect: str) -> str:
    words = {
        "postgresql": "SHOW server_version",
        "mariadb": "SELECT version()",
        "sqlite": "SELECT sqlite_version()",
    }
    version = str(connection.exec_driver_sql(words[dialect]).scalar())
    title = {"postgresql": "PostgreSQL", "mariadb": "MariaDB", "sqlite": "SQLite"}[dialect]
    if dialect == "mariadb" and "mariadb" not in version.lower():
        title = "MySQL"
    return f"{title} {re.split(r'[ -]', version, maxsplit=1)[0]}"


_PG_RIGHTS: Final = """
SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
       OR EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                  AND has_schema_privilege(n.oid, 'CREATE'))
       OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relowner = r.oid),
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
               AND (has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')
                    OR has_any_column_privilege(c.oid, 'INSERT') OR has_any_column_privilege(c.oid, 'UPDATE'))),
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
               AND (:schema = '' OR n.nspname = :schema) AND has_schema_privilege(n.oid, 'USAGE')
               AND has_any_column_privilege(c.oid, 'SELECT'))
FROM pg_roles r WHERE r.rolname = current_user
"""


def _of_postgresql(connection: sa.Connection, schema: str) -> Privileges:
    more, write, read = connection.execute(sa.text(_PG_RIGHTS), {"schema": schema}).one()
    if more:
        return "more"
    if write:
        return "write"
    return "select" if read else "none"


def _of_mariadb(connection: sa.Connection) -> Privileges:
    held: set[str] = set()
    for (line,) in connection.exec_driver_sql("SHOW GRANTS"):
        found = re.match(r"GRANT (.+?) ON ", line)
        words = re.sub(r"\([^)]*\)", "", found[1]) if found else ""
        held.update(word.strip() for word in words.split(",") if word.strip())
        if "WITH GRANT OPTION" in line:
            held.add("GRANT OPTION")
    if held - _WRITES - _READS:
        return "more"
    if held & _WRITES:
        return "write"
    return "select" if "SELECT" in held else "none"


def _judged(privileges: Privileges, config: SourceConfig, tables: int) -> tuple[str, str]:
    """What is wrong with these rights for this mode, and what to do."""
    name, advice = (
        config.name,
        f"Run `chikai source grants {config.name}` for the role that is needed.",
    )
    if config.dialect == "sqlite":
        if privileges == "write" and config.mode == "observe":
            return (
                "",
                f"The file is opened read-only; for certainty take our account's right to write `{config.where}`.",
            )
        return "", ""
    if privileges == "none" or not tables:
        return f"our account may not read any table of `{name}`", advice
    if privileges == "more":
        return (
            f"our account at `{name}` may do more than read and write rows: create, own or administer",
            advice,
        )
    if privileges == "write" and config.mode == "observe":
        return f"source `{name}` is only observed, and our account may write to it", advice
    if privileges == "select" and config.mode == "enforce":
        return f"source `{name}` is enforced, and our account may not write to it", advice
    return "", ""
