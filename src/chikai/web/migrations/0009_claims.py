"""Claims: a worker takes requests and notices themselves, many at once; rows of the queue for them are closed."""

from typing import Any

from django.db import migrations, models


def close(apps: Any, _editor: Any) -> None:
    """End the old queue's rows; a worker of the old release that still has one finds a higher fence and stops."""
    rows = apps.get_model("chikai", "Job").objects.filter(verb__in=("carry", "notice"))
    rows.filter(state__in=("todo", "running")).update(state="done", fence=models.F("fence") + 1)


def keep(_apps: Any, _editor: Any) -> None:
    """Nothing to take back: requests and notices say themselves what is due."""


class Migration(migrations.Migration):
    """Who has a request or a notice, and which files a taking wrote."""

    dependencies = [
        ("chikai", "0008_prepared"),
    ]

    operations = [
        migrations.AddField("request", "claim", models.UUIDField(null=True, db_index=True)),
        migrations.AddField("request", "lease_until", models.DateTimeField(null=True)),
        migrations.AddField("request", "takings", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "request", "package_file", models.CharField(default="package", max_length=40)
        ),
        migrations.AddField("step", "file", models.CharField(default="", max_length=40)),
        migrations.AddField("step", "found", models.JSONField(default=dict)),
        migrations.AddField("outbox", "claim", models.UUIDField(null=True, db_index=True)),
        migrations.AddField("outbox", "lease_until", models.DateTimeField(null=True)),
        migrations.RunPython(close, keep),
    ]
