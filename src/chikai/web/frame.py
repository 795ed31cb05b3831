"""What every page's frame shows: the operator, the language switch, the rail, and whether this is an example."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from chikai.web.models import Edition, Installation, MapEdition, Staff
from chikai.web.models.ledger import entry_count

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chikai.home import Home
    from chikai.policy.document import Language


def language() -> Language:
    """The language of the page that is being made."""
    return "en" if translation.get_language() == "en" else "ja"


def installed() -> Home:
    """The installation as its file says it now."""
    return settings.HOME


def installation() -> Installation | None:
    """The one row about this installation; None before it is started."""
    try:
        return Installation.objects.first()
    except DatabaseError:  # before the first migration
        return None


def operator_name(installed_: Home, tongue: Language) -> str:
    """The operator's name in a language."""
    names = installed_.operator
    return str(names.get(tongue) or names.get("ja") or names.get("en") or "")


def document_of(edition: Edition | None) -> dict[str, Any]:
    """The canonical document of an edition as plain data; empty when there is none."""
    return cast("dict[str, Any]", json.loads(bytes(edition.canonical))) if edition else {}


def other_language(path: str) -> str:
    """The address of the same page in the other language: Japanese has none in front, English has `/en`."""
    if path == "/en" or path.startswith("/en/"):
        return path[3:] or "/"
    return f"/en{path}"


def _rail() -> dict[str, int]:
    latest = {row.source: row for row in MapEdition.objects.order_by("id")}
    return {
        "undecided": sum(row.undecided for row in latest.values()),
        "drift": sum(1 for row in latest.values() if row.drift),
        "entries": entry_count(),
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of every template."""
    tongue = language()
    user = getattr(request, "user", None)
    staff = user if isinstance(user, Staff) else None
    query = request.META.get("QUERY_STRING", "")
    other = other_language(request.path) if request.method == "GET" else other_language("/")
    return {
        "tongue": tongue,
        "other_language": f"{other}?{query}" if query and request.method == "GET" else other,
        "operator": SimpleLazyObject(lambda: operator_name(installed(), tongue)),
        "installation": getattr(request, "installation", None),
        "staff": staff,
        "rail": SimpleLazyObject(_rail),
    }
