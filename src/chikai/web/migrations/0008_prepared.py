"""Editions that one officer prepared and another publishes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0007_asked'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preparation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=71)),
                ('follows', models.CharField(blank=True, max_length=71)),
                ('canonical', models.BinaryField()),
                ('accepted', models.JSONField(default=list)),
                ('decisions', models.JSONField(default=list)),
                ('prepared_by', models.CharField(max_length=40)),
                ('prepared_at', models.DateTimeField()),
                ('set_aside_by', models.CharField(blank=True, max_length=40)),
                ('set_aside_at', models.DateTimeField(null=True)),
                ('edition', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='preparation', to='chikai.edition')),
            ],
            options={
                'db_table': 'policy_preparation',
            },
        ),
    ]
