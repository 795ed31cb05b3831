"""What a place is called where colleagues read it: the service in the words of the policy, and the source where one service has several.

Law: APPI Art. 23.
"""

from __future__ import annotations

from django.conf import settings

from chikai.policy.document import Text
from chikai.web.models import Edition


def named(source: str) -> Text:
    """The name of a place by its source, or by its service; what no policy names stays as it is."""
    known = settings.HOME.sources
    service = known[source].service if source in known else source
    policy = Edition.objects.document()
    found = policy.service(service) if policy else None
    return found.name if found else Text(service, service)


def is_one_of_several(source: str) -> bool:
    """Whether its service has other sources too, so that its name alone does not say which is meant."""
    known = settings.HOME.sources
    return source in known and sum(c.service == known[source].service for c in known.values()) > 1
