"""The database's own guards of the ledger, after the tables are there."""

from typing import ClassVar

from django.db import migrations

from chikai.web import sql_guards


class Migration(migrations.Migration):
    """Triggers refuse UPDATE and DELETE on the ledger's tables."""

    dependencies: ClassVar = [("chikai", "0001_initial")]
    operations: ClassVar = [
        migrations.RunPython(sql_guards.set_guards, sql_guards.take_guards),
    ]
