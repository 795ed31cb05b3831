"""What two who were parted are told, who took a request back, and through which registrations papers and agents came."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0028_asked_by_hand"),
    ]

    operations = [
        migrations.CreateModel(
            name="TakenBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by", models.CharField(max_length=40)),
                ("through", models.JSONField(null=True)),
                ("way", models.CharField(default="portal", max_length=10)),
                ("evidence", models.CharField(default="", max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="chikai.request",
                    ),
                ),
            ],
            options={"db_table": "request_taken_back"},
        ),
        migrations.CreateModel(
            name="PartedNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("told", models.JSONField(default=dict)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chikai.person",
                    ),
                ),
            ],
            options={"db_table": "person_parted_notice", "ordering": ["-until"]},
        ),
        migrations.AddField(
            model_name="ownchoices",
            name="mine",
            field=models.TextField(default=""),
        ),
        migrations.AddField(
            model_name="paper",
            name="through",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="asked",
            name="by_through",
            field=models.JSONField(null=True),
        ),
    ]
