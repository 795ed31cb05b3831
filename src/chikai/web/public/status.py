"""What machines ask: is it up, and which edition is in force.

Clauses: 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from chikai import __version__
from chikai.web.models import Edition, Installation

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers."""
    Installation.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def well_known(request: HttpRequest) -> JsonResponse:
    """The edition in force, for programs."""
    edition = Edition.objects.current()
    if edition is None:
        return JsonResponse({"chikai": __version__, "edition": None})
    address = reverse("edition-bytes", args=[edition.number])
    return JsonResponse(
        {
            "chikai": __version__,
            "edition": edition.number,
            "digest": edition.digest,
            "published_at": edition.published_at.isoformat(),
            "policy": request.build_absolute_uri(address),
        }
    )
