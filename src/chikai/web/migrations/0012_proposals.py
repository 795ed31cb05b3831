"""What is to be corrected in a place, as it was written for a request."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0011_reviewed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('told', models.BinaryField()),
                ('number', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=71)),
                ('by', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proposal', to='chikai.step')),
            ],
            options={
                'db_table': 'request_proposal',
                'ordering': ['pk'],
            },
        ),
    ]
