"""Whom a request is about, read once from the identity rows of every place, and sealed with the request's own key.

Staff compare a caller or a document with it, and people who work by hand know whose row they look for, also after the
places that a program changes have been changed. It is gone when the request is closed.

Clauses: 6.
Law: APPI Art. 37(1).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from chikai.errors import WrongState
from chikai.rights import writing
from chikai.rights.request import OPEN
from chikai.web import packages, whom
from chikai.web.actions.rights import key_of
from chikai.web.models import Person, Request
from chikai.web.models.people import hold_persons, keys_of
from chikai.web.work.held import each_place

if TYPE_CHECKING:
    from chikai.sources.map import Map
    from chikai.sources.protocol import Keys, Reading
    from chikai.web.work.engine import Work


def read(work: Work) -> dict[str, object]:
    """The verb `whom`: what the identity rows of a request's person say in each place."""
    request = Request.objects.get(pk=work.about["request"])
    if request.state not in OPEN:
        raise WrongState("this request is closed", "nobody is looked for any more")
    person = Person.resolve(UUID(str(request.person_id)))
    keys = keys_of(person)
    places = [
        {"source": step.source, "standing": standing, "rows": rows or []}
        for step, standing, rows in each_place(work, person, _identity_rows, keys)
    ]
    said = json.dumps(places, ensure_ascii=False).encode()
    with transaction.atomic():
        hold_persons([person.pk])
        request.refresh_from_db()
        if Person.resolve(request.person_id) != person or keys_of(person) != keys:
            raise WrongState("who this person is was put right meanwhile", "ask once more")
        with packages.writing(request, packages.WHOM, key_of(request)) as out:
            out.write(said)
    return {"places": len(places)}


def _identity_rows(reading: Reading, map_: Map, keys: Keys) -> list[dict[str, Any]]:
    """Of each identity table the person's rows: their key, and the columns by which one knows somebody."""
    found = []
    for table, rows in reading.read(map_, keys):
        mapped = map_.by_name[table]
        if mapped.identity is None:
            continue
        named = {mapped.identity.name, mapped.identity.email, mapped.identity.phone}
        shown = [c.name for c in mapped.columns if c.name in named or c.kind in whom.KNOWN_BY]
        for row in rows:
            values = [[name, writing.as_text(row[name])] for name in shown if row.get(name)]
            key = writing.as_text(row.get(mapped.identity.key))
            found.append({"table": table, "key": key, "values": values})
    return found
