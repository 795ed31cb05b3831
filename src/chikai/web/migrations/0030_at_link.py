"""Which registration an officer named when two were found to be one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0029_told_apart"),
    ]

    operations = [
        migrations.AddField(
            model_name="merge",
            name="at_link",
            field=models.BigIntegerField(null=True),
        ),
    ]
