from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0018_mode_wanted'),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='whole',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='request',
            name='forget_on',
            field=models.DateField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='request',
            name='forgotten_at',
            field=models.DateTimeField(null=True),
        ),
    ]
