import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0016_hurry'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProposedRefusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(max_length=20)),
                ('text', models.BinaryField()),
                ('by', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.request')),
            ],
            options={
                'db_table': 'request_proposed_refusal',
            },
        ),
    ]
