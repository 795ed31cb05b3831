"""How the portal names services and places: in the policy's own words.

Clauses: 2.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from chikai.policy import stored
from chikai.web.frame import language
from chikai.web.models import Edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chikai.policy.document import Document


def document() -> Document | None:
    """The policy in force; None before the first edition."""
    edition = Edition.objects.current()
    return stored.document(bytes(edition.canonical)) if edition else None


def names(sources: Iterable[str]) -> list[str]:
    """The services whose data these sources hold, by the names that the policy gives them."""
    policy, found = document(), dict[str, None]()
    for source in sources:
        config = settings.HOME.sources.get(source)
        found[name(policy, config.service if config else source)] = None
    return list(found)


def name(policy: Document | None, service: str) -> str:
    """A service's name in the language of the page."""
    known = policy.service(service) if policy else None
    return known.name.in_(language()) if known else service
