"""Doubtful pairs of who asks an erasure wait for an officer, also when the address they rest on is masked.

Those of erasures that are decided already, and that no sync has taken away yet, wait as well.
"""

from django.db import migrations, models
from django.db.models import Q


def hold(apps, schema_editor):
    request, candidate = apps.get_model("chikai", "Request"), apps.get_model("chikai", "Candidate")
    decided = request.objects.filter(kind="erase", state__in=("acting", "answered"))
    people = {id_ for row in decided.values_list("person", "person__merged_into") for id_ in row}
    people.discard(None)
    waiting = candidate.objects.filter(decided="")
    for person in people:
        waiting.filter(Q(a__person=person) | Q(b__person=person)).update(held=True)


class Migration(migrations.Migration):
    dependencies = [
        ("chikai", "0025_used"),
    ]

    operations = [
        migrations.AddField("candidate", "held", models.BooleanField(default=False)),
        migrations.RunPython(hold, migrations.RunPython.noop),
    ]
