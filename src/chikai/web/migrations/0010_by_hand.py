"""What people found in places that no program opens, its proof, and the second look at it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0009_claims'),
    ]

    operations = [
        migrations.CreateModel(
            name='ByHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rows', models.PositiveIntegerField(default=0)),
                ('note', models.BinaryField(null=True)),
                ('proof', models.BinaryField(null=True)),
                ('media', models.CharField(default='', max_length=20)),
                ('digest', models.CharField(default='', max_length=71)),
                ('searched_at', models.DateTimeField()),
                ('searched_by', models.CharField(max_length=40)),
                ('seen_at', models.DateTimeField(null=True)),
                ('seen_by', models.CharField(default='', max_length=40)),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='by_hand', to='chikai.step')),
            ],
            options={
                'db_table': 'request_by_hand',
                'ordering': ['pk'],
            },
        ),
    ]
