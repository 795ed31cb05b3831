from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0024_acting'),
    ]

    operations = [
        migrations.CreateModel(
            name='Used',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('purpose', models.CharField(max_length=100)),
                ('service', models.CharField(max_length=100)),
                ('used', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'db_table': 'gate_used',
                'constraints': [models.UniqueConstraint(fields=('day', 'purpose', 'service'), name='one_sum_a_day_purpose_service')],
            },
        ),
    ]
