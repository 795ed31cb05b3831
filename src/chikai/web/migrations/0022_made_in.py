"""Which session asked from a mailbox of several: only it takes the request back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0021_noted"),
    ]

    operations = [
        migrations.AddField(
            model_name="request",
            name="made_in",
            field=models.CharField(default="", max_length=64),
        ),
    ]
