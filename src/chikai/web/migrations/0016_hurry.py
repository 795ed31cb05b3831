from datetime import timedelta

from django.db import migrations, models

_OPEN = ('received', 'identified', 'gathering', 'review', 'acting', 'waiting_for_person')


def fill(apps, _editor):
    request = apps.get_model('chikai', 'Request')
    for row in request.objects.filter(state__in=_OPEN):
        request.objects.filter(pk=row.pk).update(hurry_on=row.due_on - timedelta(days=4))


class Migration(migrations.Migration):

    dependencies = [
        ('chikai', '0015_prepared_notice'),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='hurry_on',
            field=models.DateField(db_index=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
