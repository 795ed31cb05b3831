"""When whoever does a step by hand was written to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0027_own_choices"),
    ]

    operations = [
        migrations.AddField(
            model_name="step",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
    ]
