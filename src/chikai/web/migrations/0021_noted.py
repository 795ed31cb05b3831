from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0020_follows'),
    ]

    operations = [
        migrations.AddField(
            model_name='outbox',
            name='told_way',
            field=models.CharField(default='', max_length=10),
        ),
        migrations.AddField(
            model_name='outbox',
            name='told_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='outbox',
            name='told_by',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddField(
            model_name='asked',
            name='fee_paid_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='asked',
            name='fee_noted_by',
            field=models.CharField(default='', max_length=40),
        ),
    ]
