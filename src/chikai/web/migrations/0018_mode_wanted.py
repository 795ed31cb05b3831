"""Who asked that a source be written to, until another officer has looked at it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chikai", "0017_proposed_refusal")]

    operations = [
        migrations.AddField("sourceepoch", "wanted_by", models.CharField(default="", max_length=40)),
        migrations.AddField("sourceepoch", "wanted_at", models.DateTimeField(null=True)),
    ]
