from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0019_forget'),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='follows',
            field=models.ForeignKey(
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name='followers',
                to='chikai.request',
            ),
        ),
        migrations.AddField(
            model_name='request',
            name='links',
            field=models.JSONField(null=True),
        ),
    ]
