"""What stands around every view: the mark of an example, no indexing of the console, and refusals as pages.

Clauses: 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from chikai.errors import ChikaiError
from chikai.web import errors
from chikai.web.frame import installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

_PLACES = ("/desk", "/me", "/sign-in", "/setup")
QUIET = (*_PLACES, "/example", *(f"/en{place}" for place in _PLACES))


class Frame:
    """Asks once a request whether this installation is an example; turns a rule's refusal into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        request.installation = SimpleLazyObject(installation)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response = errors.not_allowed(request, response["Allow"])
        if response.get("Content-Type", "").startswith("text/html"):
            mark = request.installation  # type: ignore[attr-defined]
            if request.path.startswith(QUIET) or (mark and mark.example):
                response["X-Robots-Tag"] = "noindex, nofollow"
            if request.path.startswith(QUIET):
                response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a rule's refusal with its page; anything else is Django's to report."""
        return errors.said(request, error) if isinstance(error, ChikaiError) else None
