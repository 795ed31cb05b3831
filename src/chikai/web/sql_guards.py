"""The database's own refusal to change the ledger: triggers, for SQLite and for PostgreSQL.

They stop a slip of ours and of whoever has our role. What proves the ledger is its tree, not these.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FOLDER: Final = Path(__file__).resolve().parent / "sql"
VENDORS: Final = ("sqlite", "postgresql")


def statements(vendor: str) -> list[str]:
    """The statements that set the guards, in order; each begins with a sentence. None for another database."""
    return _read(f"ledger_guards.{vendor}.sql") if vendor in VENDORS else []


def removals(vendor: str) -> list[str]:
    """The statements that take the guards away again, where a migration goes back."""
    found = re.compile(r"CREATE TRIGGER (\w+)[^;]*? ON (\w+)", re.DOTALL)
    pairs = [m for text in statements(vendor) for m in found.findall(text)]
    on = {"sqlite": "", "postgresql": " ON {table}"}[vendor] if pairs else ""
    return [f"DROP TRIGGER IF EXISTS {name}{on.format(table=table)}" for name, table in pairs]


def _read(name: str) -> list[str]:
    text = (_FOLDER / name).read_text("utf-8")
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def set_guards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """For `migrations.RunPython`: set the guards of this database."""
    for text in statements(editor.connection.vendor):
        editor.execute(text, params=None)


def take_guards(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """For `migrations.RunPython`, backwards."""
    for text in removals(editor.connection.vendor):
        editor.execute(text, params=None)
