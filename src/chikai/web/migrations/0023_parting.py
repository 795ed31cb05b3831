import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0022_made_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='merge',
            name='before',
            field=models.CharField(default='', max_length=200),
        ),
        migrations.AddField(
            model_name='portalsession',
            name='links',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='request',
            name='through',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='request',
            name='between',
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chikai.person'
            ),
        ),
    ]
