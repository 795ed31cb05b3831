"""Anonymised information, contracts and records of provision, inquiries, announcements."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0005_portal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=12, unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('channel', models.CharField(max_length=10)),
                ('language', models.CharField(default='ja', max_length=2)),
                ('sealed', models.BinaryField()),
                ('opened_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('once', models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                'db_table': 'inquiry',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ProcessingStandard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=71, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('service', models.CharField(max_length=100)),
                ('source', models.CharField(max_length=100)),
                ('lead_days', models.PositiveIntegerField(default=0)),
                ('sealed', models.BinaryField()),
                ('fixed_by', models.CharField(max_length=40)),
                ('fixed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'anonymise_standard',
            },
        ),
        migrations.CreateModel(
            name='RegisteredContract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('recipient', models.CharField(db_index=True, max_length=100)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('secrecy', models.BooleanField(default=False)),
                ('country', models.CharField(default='JP', max_length=2)),
                ('route', models.CharField(default='', max_length=20)),
                ('checked_on', models.DateField(null=True)),
                ('paper', models.CharField(default='', max_length=200)),
                ('registered_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'provision_contract',
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('changes', models.JSONField(default=list)),
                ('questions', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.edition')),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='announcement', to='chikai.edition')),
            ],
            options={
                'db_table': 'policy_announcement',
            },
        ),
        migrations.CreateModel(
            name='InquiryAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('by', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='chikai.inquiry')),
            ],
            options={
                'db_table': 'inquiry_answer',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='NoticeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.UUIDField(db_index=True)),
                ('question', models.CharField(max_length=100)),
                ('agrees', models.BooleanField()),
                ('words', models.CharField(max_length=71)),
                ('at', models.DateTimeField()),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='chikai.announcement')),
            ],
            options={
                'db_table': 'policy_notice_answer',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='AnonymisedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('items', models.JSONField(default=list)),
                ('rows', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=71)),
                ('edition', models.CharField(max_length=71)),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('manner_ja', models.CharField(default='', max_length=300)),
                ('manner_en', models.CharField(default='', max_length=300)),
                ('released_at', models.DateTimeField(null=True)),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.processingstandard')),
            ],
            options={
                'db_table': 'anonymise_table',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='SealedMethod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('table', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='method', to='chikai.anonymisedtable')),
            ],
            options={
                'db_table': 'anonymise_method',
            },
        ),
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.UUIDField()),
                ('message_id', models.CharField(max_length=200)),
                ('begun_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('announcement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='chikai.announcement')),
            ],
            options={
                'db_table': 'policy_notice_mail',
                'constraints': [models.UniqueConstraint(fields=('announcement', 'person'), name='one_mail_a_notice')],
            },
        ),
        migrations.CreateModel(
            name='ProvisionRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=100)),
                ('recipient', models.CharField(max_length=100)),
                ('name', models.JSONField(default=dict)),
                ('purpose', models.CharField(max_length=100)),
                ('why', models.JSONField(default=dict)),
                ('items', models.JSONField(default=list)),
                ('basis', models.CharField(max_length=12)),
                ('is_owed', models.BooleanField(default=False)),
                ('edition', models.CharField(max_length=71)),
                ('act', models.UUIDField(db_index=True)),
                ('at', models.DateTimeField()),
                ('kept_until', models.DateField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.person')),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.registeredcontract')),
            ],
            options={
                'db_table': 'provision_record',
                'constraints': [models.UniqueConstraint(fields=('act', 'person'), name='one_record_a_provision')],
            },
        ),
    ]
