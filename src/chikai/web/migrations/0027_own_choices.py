"""What each of those who are one person chose by themselves, and through which links somebody wrote a message."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0026_held"),
    ]

    operations = [
        migrations.RemoveField("merge", "before"),
        migrations.AddField("message", "through", models.JSONField(null=True)),
        migrations.CreateModel(
            name="OwnChoices",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="chikai.person",
                    ),
                ),
                ("bits", models.TextField(default="0")),
            ],
            options={"db_table": "choices_own"},
        ),
    ]
