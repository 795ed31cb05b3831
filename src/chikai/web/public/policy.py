"""The published policy: its page, every edition under a lasting address, and the bytes that its digest names.

Clauses: 1.1, 8.
Law: APPI Art. 21(1), APPI Art. 32(1).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from chikai import clock
from chikai.policy import change, stored
from chikai.policy import schema as schemas
from chikai.web import compared, event_words, typeset
from chikai.web.frame import document_of, language
from chikai.web.models import Edition
from chikai.web.models.ledger import counted
from chikai.web.public import anonymised, evidence

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chikai.policy.document import Language

SHEETS: Final = 32  # of PDF files that a process keeps; an edition never changes


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The edition in force, as it was published; what will stand here, where there is none yet."""
    edition = Edition.objects.current()
    if edition is None:
        return render(request, "public/policy_empty.html", {"here": "policy"})
    return _edition(request, edition, current=True)


@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """Every edition, the newest first."""
    editions = Edition.objects.defer("canonical", "ja", "en")
    return render(request, "public/edition_list.html", {"here": "editions", "editions": editions})


@require_safe
def edition_show(request: HttpRequest, number: int) -> HttpResponse:
    """One edition under its lasting address."""
    current = Edition.objects.current()
    edition = get_object_or_404(Edition, number=number)
    return _edition(request, edition, current=current is not None and current.pk == edition.pk)


@require_safe
def edition_print(request: HttpRequest, number: int) -> HttpResponse:
    """One edition on a page that is made to be printed: the policy, and nothing beside it."""
    edition = get_object_or_404(Edition, number=number)
    return render(request, "public/policy_print.html", told(edition, current=False))


@require_safe
def edition_sheets(request: HttpRequest, number: int, tongue: Language) -> HttpResponse:
    """One edition as PDF; 404 where this server has no Japanese font to set it in."""
    edition = get_object_or_404(Edition, number=number)
    if typeset.font() is None:
        raise Http404
    response = HttpResponse(sheets(edition.digest, tongue), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="policy-{number}-{tongue}.pdf"'
    response["Cache-Control"] = "public, max-age=86400"
    return response


@lru_cache(maxsize=SHEETS)
def sheets(digest: str, tongue: Language) -> bytes:
    """The PDF of an edition in one language."""
    edition = Edition.objects.get(digest=digest)
    return typeset.policy(stored.document(bytes(edition.canonical)), tongue, edition.published_at)


@require_safe
def diff_choose(request: HttpRequest) -> HttpResponse:
    """From two chosen numbers to the lasting address of their comparison, the older one first."""
    numbers = [request.GET.get(key, "") for key in ("old", "new")]
    if not all(n.isascii() and n.isdigit() and len(n) < 9 for n in numbers):
        return redirect("editions")
    old, new = sorted(map(int, numbers))
    return redirect("edition-diff", old, new)


@require_safe
def diff_show(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """Two editions side by side, with what each change asks."""
    if old > new:
        return redirect("edition-diff", new, old)
    first, second = (get_object_or_404(Edition, number=number) for number in (old, new))
    return render(request, "public/edition_diff.html", compared_told(first, second))


def compared_told(first: Edition, second: Edition) -> dict[str, Any]:
    """What the page about two editions shows."""
    return {
        "here": "editions",
        "old": first,
        "new": second,
        "editions": Edition.objects.defer("canonical", "ja", "en"),
        "compared": compared.editions(first, second, language()),
        "words": change.WORDS,
    }


@require_safe
def edition_bytes(request: HttpRequest, number: int) -> HttpResponse:
    """The canonical bytes: `sha256sum` of this answer is the edition's digest."""
    edition = get_object_or_404(Edition, number=number)
    response = HttpResponse(bytes(edition.canonical), content_type="application/json")
    response["ETag"] = f'"{edition.digest.removeprefix("sha256:")}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the policy's format, under the address that lasts."""
    return HttpResponse(schemas.text(), content_type="application/schema+json")


def _edition(request: HttpRequest, edition: Edition, *, current: bool) -> HttpResponse:
    context = {
        **told(edition, current=current),
        "fragment": _fragment(edition, current=current),
        "evidence": _evidence() if current else [],
        "has_sheets": typeset.font() is not None,
    }
    return render(request, "public/policy_show.html", context)


def told(edition: Edition, *, current: bool) -> dict[str, Any]:
    """What the page of an edition shows on a server and in a folder of files: the words as they were published."""
    document = document_of(edition)
    return {
        "here": "policy" if current else "editions",
        "edition": edition,
        "current": current,
        "fragment": fragment(edition),
        "title": document.get("title", {}),
        "controller": document.get("controller", {}),
        "chapters": [c for c in document.get("clauses", []) if _is_chapter(c)],
        "earlier": edition.number - 1,
    }


def fragment(edition: Edition) -> str:
    """The bytes that were published, in the language of the page."""
    return edition.en if language() == "en" else edition.ja


def _fragment(edition: Edition, *, current: bool) -> str:
    """The bytes that were published; in the edition in force, with the register of today and the newest evidence under each clause."""
    if not current:
        return fragment(edition)
    policy = stored.document(bytes(edition.canonical))
    return evidence.put(anonymised.put(fragment(edition), policy, language()), policy, clock.now())


def _is_chapter(clause: dict[str, Any]) -> bool:
    return "." not in clause["id"] and bool(clause["heading"].get("ja"))


def _evidence() -> list[dict[str, Any]]:
    """How many entries of each kind the ledger holds, and when the last one was made."""
    return [
        {
            "kind": row.kind,
            "count": row.count,
            "last": row.last,
            "sentence": event_words.sentence(row.kind),
        }
        for row in counted()
        if not row.kind.startswith("staff.")
    ]
