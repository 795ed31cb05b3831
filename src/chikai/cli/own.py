"""The installation behind a command, and Django where a command needs our own database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chikai import home
from chikai.errors import BadInput, ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from chikai.home import Home
    from chikai.policy.document import Document
    from chikai.policy.load import Draft


def read() -> Home:
    """The installation that CHIKAI_HOME (or `--home`) names."""
    return home.read(home.where(os.environ))


def draft(folder: Path | None, *, halves: bool = False) -> Draft:
    """The policy as its files say it: in a folder that was named, or in the installation."""
    from chikai.policy import load

    return load.read(folder if folder is not None else read().policy, halves=halves)


def document(folder: Path | None = None) -> Document:
    """The document of the policy's files."""
    return draft(folder).document


def refuse_address(who: str) -> None:
    """BadInput where a word that names a person is neither an id nor a key: an address would stand in the list of processes."""
    try:
        UUID(who)
    except ValueError:
        if ":" not in who or "@" in who:
            raise BadInput(
                "an address would stand in the list of processes",
                "run `chikai people find`, which asks for it, and name the person by the id that it prints",
            ) from None


def start(*, migrated: bool = True) -> Home:
    """Read the installation and set Django up; ConfigError when our own database is behind this version."""
    installation = read()
    set_up()
    reach()
    if migrated and (missing := missing_migrations()):
        raise ConfigError(
            f"our own database lacks {len(missing)} migrations", "run `chikai migrate`"
        )
    return installation


def set_up() -> None:
    """Set Django up for the installation of this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chikai.web.settings")
    import django

    django.setup()


def reach() -> None:
    """Knock once at our own database where it is on PostgreSQL; ConfigError says why it does not let us in."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    import psycopg

    known = connection.settings_dict
    words = {
        "dbname": known["NAME"], "user": known["USER"], "password": known["PASSWORD"],
        "host": known["HOST"], "port": known["PORT"],
    }  # fmt: skip
    try:
        psycopg.connect(
            **{key: value for key, value in words.items() if value}, connect_timeout=5
        ).close()
    except psycopg.Error as fault:
        place = f"{known['HOST'] or 'localhost'}/{known['NAME']}"
        text = str(fault).lower()
        what = f"our own database at `{place}` does not answer"
        if "password" in text or "authentication" in text or "role" in text:
            what = f"our own database at `{place}` does not accept our account or its password"
        elif "database" in text and "does not exist" in text:
            what = f"there is no database at `{place}`"
        raise ConfigError(
            what, "check `own.database` and `own.password_file` in chikai.toml"
        ) from None


def let_go() -> None:
    """Close every connection to our own database, and their pool: a forked process must not share them."""
    from django.db import connection

    known: Any = connection  # the pool is PostgreSQL's alone
    known.close()
    if known.vendor == "postgresql":
        known.close_pool()


def started() -> bool:
    """Whether our own database holds an installation; one that lacks its tables does not."""
    from django.db import connection

    from chikai.web.models import Installation

    table = Installation._meta.db_table  # noqa: SLF001  Django documents it
    return table in connection.introspection.table_names() and Installation.objects.exists()


def missing_migrations() -> list[str]:
    """The migrations that our own database has not had, in order."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> None:
    """Bring our own database to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    call_command("createcachetable", verbosity=0)
