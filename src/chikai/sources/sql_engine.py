"""How connections to a SQL source are opened: quiet about values, impatient with locks, in its own schema."""

from __future__ import annotations

import sqlite3
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa

from chikai.errors import ConfigError
from chikai.sources.config import SourceConfig

CONNECT_SECONDS: Final = 5
LOCK_SECONDS: Final = 5
_DRIVERS: Final = {
    "postgresql": ("postgresql+psycopg", "psycopg", "chikai[postgres]"),
    "mariadb": ("mysql+pymysql", "pymysql", "chikai[mysql]"),
}


def engine_for(config: SourceConfig, secret_word: str | None, *, writes: bool) -> sa.Engine:
    """The engine of a source; nothing is opened. ConfigError when its driver is not installed."""
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
