"""Who acts for the person of a request, what their document lets them receive, and where the person was told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0023_parting"),
    ]

    operations = [
        migrations.AddField(
            model_name="asked",
            name="by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="chikai.person",
            ),
        ),
        migrations.AddField(
            model_name="asked",
            name="receives",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="asked",
            name="person_to",
            field=models.BinaryField(null=True),
        ),
    ]
