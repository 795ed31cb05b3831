"""After two were found to be one: whether one of them was erased, and a registration of theirs was not known then.

Clauses: 5, 6.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chikai.web.actions import WORK, following
from chikai.web.models import Request

if TYPE_CHECKING:
    from chikai.web.work.engine import Work


def follow(work: Work) -> dict[str, object]:
    """The verb `follow`: open the request that follows an answered erasure, where it left a registration out."""
    request = Request.objects.get(pk=work.about["request"])
    links = following.found_since(request, json.loads(str(work.about["links"])))
    events = following.follow_erasure(WORK, request, links) if links else ()
    return {"opened": len(events) // 2}
