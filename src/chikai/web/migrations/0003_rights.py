"""Requests of persons, their steps, approvals and notices."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tables of requests."""

    dependencies = [
        ("chikai", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "request_count",
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=12, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("state", models.CharField(db_index=True, default="received", max_length=20)),
                ("back", models.CharField(default="", max_length=20)),
                ("channel", models.CharField(default="portal", max_length=10)),
                ("evidence", models.CharField(default="", max_length=10)),
                ("language", models.CharField(default="ja", max_length=2)),
                ("entered_by", models.CharField(max_length=40)),
                ("arrived_at", models.DateTimeField()),
                ("due_on", models.DateField(db_index=True)),
                ("note", models.BinaryField(null=True)),
                ("reply_to", models.BinaryField(null=True)),
                ("plan", models.BinaryField(null=True)),
                ("plan_digest", models.CharField(default="", max_length=71)),
                ("edition", models.CharField(default="", max_length=71)),
                ("approve_after", models.DateTimeField(null=True)),
                ("decision_no", models.PositiveSmallIntegerField(default=0)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(default="", max_length=40)),
                ("ground", models.CharField(default="", max_length=20)),
                ("text", models.BinaryField(null=True)),
                ("package_digest", models.CharField(default="", max_length=71)),
                ("package_rows", models.PositiveIntegerField(default=0)),
                ("expires_at", models.DateTimeField(null=True)),
                ("expired_at", models.DateTimeField(null=True)),
                (
                    "assigned",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "db_table": "request",
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("decision_no", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("trying_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("perhaps_twice", models.BooleanField(default=False)),
                ("state", models.CharField(default="todo", max_length=10)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="chikai.request",
                    ),
                ),
            ],
            options={
                "db_table": "request_outbox",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("request", "kind", "decision_no"), name="one_notice_a_decision"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="chikai.request",
                    ),
                ),
            ],
            options={
                "db_table": "request_approval",
                "constraints": [
                    models.UniqueConstraint(fields=("request", "by"), name="one_approval_each")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ord", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=100)),
                ("service", models.CharField(default="", max_length=100)),
                ("action", models.CharField(max_length=10)),
                ("plan_digest", models.CharField(default="", max_length=71)),
                ("state", models.CharField(default="todo", max_length=10)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField()),
                ("rows", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(default="", max_length=71)),
                ("fault", models.TextField(default="")),
                ("do", models.TextField(default="")),
                ("note", models.BinaryField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(default="", max_length=40)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="chikai.request",
                    ),
                ),
            ],
            options={
                "db_table": "request_step",
                "ordering": ["ord"],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "ord"), name="one_step_a_place")
                ],
            },
        ),
    ]
