"""Whether more is known as a person's than a request was planned for.

Persons are found to be one, and people register anew, while a request waits for weeks. An answer that left such a
registration out would say that it is all, so it is looked at before anybody approves, and before an erasure is answered.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 35(2).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chikai.errors import WrongState
from chikai.ledger import sealing
from chikai.rights import carrying
from chikai.web.models.people import keys_of_each

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from chikai.web.models import Request

Held = dict[str, dict[str, list[str]]]  # local keys by source and table


def outgrown(requests: Collection[Request], keys: Mapping[UUID, bytes]) -> dict[UUID, set[str]]:
    """The places where more is known as the person's today than when a request was planned, by request.

    `keys` are the requests' own keys, which their plans are sealed with.
    """
    planned = {
        r.pk: read_plan(r, keys[r.pk]) for r in requests if r.plan and r.kind in carrying.ASKED
    }
    today = keys_of_each({r.person_id for r in requests if r.pk in planned})
    found: dict[UUID, set[str]] = {}
    for request in requests:
        for source, known in planned.get(request.pk, {}).items():
            for table, local in today[request.person_id].get(source, {}).items():
                if not set(local) <= set(known.get(table, ())):
                    found.setdefault(request.pk, set()).add(source)
    return found


def refuse_outgrown(request: Request, key: bytes) -> None:
    """WrongState if more is known as the person's than was looked at."""
    if places := outgrown([request], {request.pk: key}).get(request.pk):
        listed = ", ".join(f"`{name}`" for name in sorted(places))
        raise WrongState(
            f"since the search began more became known as the person's, in {listed}",
            "let these places be looked at as well, then approve it",
        )


def read_plan(request: Request, key: bytes) -> Held:
    """The local keys that a request was planned with, by source and table."""
    found: Held = json.loads(sealing.unseal(key, bytes(request.plan or b""), _context(request)))
    return found


def seal_plan(request: Request, key: bytes, plan: Held) -> bytes:
    """The plan as it is stored."""
    return sealing.seal(key, json.dumps(plan).encode(), _context(request))


def _context(request: Request) -> str:
    return f"request|{request.pk}|plan"
