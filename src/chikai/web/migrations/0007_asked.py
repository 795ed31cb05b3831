"""What was asked, messages and documents of requests."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0006_care'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField(null=True)),
                ('form', models.CharField(default='file', max_length=10)),
                ('reason', models.CharField(default='', max_length=20)),
                ('agency', models.CharField(default='', max_length=12)),
                ('agent', models.BinaryField(null=True)),
                ('paper_seen_at', models.DateTimeField(null=True)),
                ('paper_seen_by', models.CharField(default='', max_length=40)),
                ('fee_yen', models.PositiveIntegerField(default=0)),
                ('put_off', models.PositiveSmallIntegerField(default=0)),
                ('why', models.BinaryField(null=True)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='chikai.request')),
            ],
            options={
                'db_table': 'request_asked',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('sealed', models.BinaryField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='chikai.request')),
            ],
            options={
                'db_table': 'request_message',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('media', models.CharField(max_length=20)),
                ('size', models.PositiveIntegerField()),
                ('sealed', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='chikai.request')),
            ],
            options={
                'db_table': 'request_paper',
                'ordering': ['at', 'pk'],
            },
        ),
    ]
