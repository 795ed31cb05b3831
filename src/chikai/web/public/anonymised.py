"""The public register of anonymised information: its page, and its place under the clause that announces it.

Clauses: 3.3, 3.4.
Law: APPI Art. 43(3), APPI Art. 43(4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.views.decorators.http import require_safe

from chikai import clock
from chikai.anonymise import register
from chikai.anonymise.register import Published
from chikai.policy import stored
from chikai.policy.document import Text
from chikai.web.frame import language
from chikai.web.models import Edition
from chikai.web.models.anonymise import AnonymisedTable

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from chikai.policy.document import Document, Language

_NOTHING: Final = re.compile(r'<p class="register">[^<]*</p>\n')


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What was made, its items and how it is provided; or that nothing was."""
    edition = Edition.objects.current()
    policy = stored.document(bytes(edition.canonical)) if edition else None
    lines = [
        {"sentence": register.sentence(policy, one, language()), "one": one}
        for one in (published() if policy else ())
        if policy
    ]
    return render(request, "public/anonymised.html", {"here": "anonymised", "lines": lines[::-1]})


def published() -> tuple[Published, ...]:
    """The register, oldest first."""
    return tuple(
        Published(
            row.number,
            tuple(row.items),
            clock.day_in_japan(row.made_at),
            clock.day_in_japan(row.published_at),
            Text(row.manner_ja, row.manner_en),
        )
        for row in AnonymisedTable.objects.published()
        if row.published_at is not None
    )


def put(fragment: str, policy: Document, tongue: Language) -> str:
    """A page of the policy with the register of today in its place. The stored bytes of the edition stay as they are."""
    made = register.html(policy, published(), tongue)
    return _NOTHING.sub(lambda _: made, fragment) if made else fragment
