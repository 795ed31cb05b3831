"""The person's portal: links, sessions, hand-offs, and the index of what is held."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """Tables of the portal: links, sessions, nonces and counts."""

    dependencies: ClassVar = [("chikai", "0004_choices")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="HandoffNonce",
            fields=[
                ("id", _ID.clone()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
            ],
            options={"db_table": "portal_handoff"},
        ),
        migrations.CreateModel(
            name="PortalLink",
            fields=[
                ("id", _ID.clone()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("mailbox", models.BinaryField(max_length=32)),
                ("address", models.BinaryField()),
                ("browser", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "portal_link"},
        ),
        migrations.CreateModel(
            name="PortalSession",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("mailbox", models.BinaryField(max_length=32, null=True)),
                ("address", models.BinaryField(null=True)),
                ("proof", models.CharField(max_length=10)),
                ("shared", models.BooleanField(default=False)),
                ("seal", models.BinaryField(max_length=32)),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chikai.person",
                    ),
                ),
            ],
            options={"db_table": "portal_session"},
        ),
        migrations.CreateModel(
            name="HeldIndex",
            fields=[
                ("id", _ID.clone()),
                ("source", models.CharField(max_length=100)),
                ("service", models.CharField(max_length=100)),
                ("standing", models.CharField(max_length=12)),
                ("counts", models.JSONField(default=dict)),
                ("as_of", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chikai.person",
                    ),
                ),
            ],
            options={
                "db_table": "portal_held",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "source"), name="one_count_a_source")
                ],
            },
        ),
    ]
