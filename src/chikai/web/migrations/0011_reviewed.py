"""What an officer decided about a gathered disclosure, and recipients who are to be told of a change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0010_by_hand'),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='is_reviewed',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.BinaryField()),
                ('left', models.JSONField(default=list)),
                ('redacted', models.PositiveIntegerField(default=0)),
                ('found', models.PositiveIntegerField(default=0)),
                ('by', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='chikai.request')),
            ],
            options={
                'db_table': 'request_review',
            },
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=100)),
                ('name', models.JSONField(default=dict)),
                ('items', models.JSONField(default=list)),
                ('since', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('told_by', models.CharField(default='', max_length=40)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='chikai.request')),
            ],
            options={
                'db_table': 'request_telling',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('request', 'recipient'), name='one_telling_a_recipient')],
            },
        ),
    ]
