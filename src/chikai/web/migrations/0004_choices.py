"""Choices: toggles, keys of services, and the feed; editions that were published before are given their toggles."""

import django.db.models.deletion
from django.db import migrations, models

from chikai.choices.registry import Registry
from chikai.gate.compile import compile_table
from chikai.policy import stored


def allocate(apps, editor):
    """Give every edition that was published before its toggles, in their order."""
    registry = Registry()
    for edition in apps.get_model("chikai", "Edition").objects.order_by("number"):
        document = stored.document(bytes(edition.canonical))
        registry = registry.allocate(document)
        table = compile_table(document, registry)
        apps.get_model("chikai", "ToggleSet").objects.create(
            number=edition.number,
            edition=edition,
            registry=registry.as_json(),
            table=table.as_json(),
            digest=table.digest,
            at=edition.published_at,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0003_rights'),
    ]

    operations = [
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bit', models.PositiveIntegerField()),
                ('since', models.DateTimeField()),
            ],
            options={
                'db_table': 'choices_choice',
            },
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=64)),
                ('v', models.PositiveBigIntegerField(default=0)),
                ('heard_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'choices_copy',
            },
        ),
        migrations.CreateModel(
            name='Delta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('v', models.PositiveBigIntegerField()),
                ('service', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=200)),
                ('sets', models.JSONField(default=list)),
                ('clears', models.JSONField(default=list)),
                ('forget', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'choices_delta',
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('v', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'db_table': 'choices_feed',
            },
        ),
        migrations.CreateModel(
            name='FeedEntry',
            fields=[
                ('v', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('whole', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'choices_feed_entry',
            },
        ),
        migrations.CreateModel(
            name='Handed',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('service', models.CharField(max_length=100)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'choices_handed',
            },
        ),
        migrations.CreateModel(
            name='ServiceKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=200)),
                ('since', models.DateTimeField()),
                ('notice', models.CharField(default='', max_length=100)),
                ('given', models.TextField(default='0')),
                ('bits', models.TextField(default='')),
            ],
            options={
                'db_table': 'choices_key',
            },
        ),
        migrations.CreateModel(
            name='ToggleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('registry', models.JSONField()),
                ('table', models.JSONField()),
                ('digest', models.CharField(max_length=71)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'choices_toggles',
            },
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(fields=['key'], name='link_key'),
        ),
        migrations.AddField(
            model_name='choice',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chikai.person'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.UniqueConstraint(fields=('service', 'name'), name='one_copy_a_name'),
        ),
        migrations.AddIndex(
            model_name='delta',
            index=models.Index(fields=['service', 'v'], name='delta_service'),
        ),
        migrations.AddConstraint(
            model_name='servicekey',
            constraint=models.UniqueConstraint(fields=('service', 'key'), name='one_key_a_service'),
        ),
        migrations.AddField(
            model_name='toggleset',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.edition'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.UniqueConstraint(fields=('person', 'bit'), name='one_choice_a_toggle'),
        ),
        migrations.RunPython(allocate, migrations.RunPython.noop),
    ]
