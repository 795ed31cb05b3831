"""The published editions as a folder of files: the public pages as they are served, for a server that only has files.

Every page is at the address that it has here, below the folder, as `index.html`; the edition in force is `index.html` itself.
What only a server has is left out: the ledger's figures, the desk's form, the choice of two editions by a form. There a
list leads to each comparison of neighbours, and of each earlier edition with the one in force.

Law: APPI Art. 21(1), APPI Art. 32(1).
"""

from __future__ import annotations

import posixpath
import re
from functools import partial
from html import escape, unescape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from chikai.errors import ConfigError
from chikai.policy import site
from chikai.policy.document import LANGUAGES
from chikai.web.frame import installation, installed, operator_name, other_language
from chikai.web.models import Edition
from chikai.web.public import policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from chikai.policy.document import Language

STATIC: Final = ("chikai.css", "policy.css", "mark.svg")
_LINK: Final = re.compile(r'(href|src)="(/[^"#?]*)(?:\?[^"#]*)?(#[^"]*)?"')
_ICON: Final = re.compile(r'<svg class="i".*?</svg>')  # its sprite does not open from a file
_HEAD: Final = '<meta charset="utf-8">'
_GUARD: Final = (
    f'{_HEAD}\n<meta http-equiv="Content-Security-Policy" content="{site.POLICY}">'
    '\n<meta name="referrer" content="no-referrer">'
)


def build(out: Path) -> tuple[int, str]:
    """Write the site of what is published; how many editions it holds, and why it has no PDF, if so."""
    editions = list(Edition.objects.all())
    pdf, why = _pdf(editions)
    site.put(out, partial(_files, editions, pdf))
    return len(editions), why


def pairs(editions: Sequence[Edition]) -> list[tuple[int, int]]:
    """The numbers of the editions that are compared: neighbours, and each with the one in force; the newest first."""
    numbers = sorted(one.number for one in editions)
    found = {*pairwise(numbers), *((n, numbers[-1]) for n in numbers[:-1])}
    return sorted(found, key=lambda pair: (-pair[1], -pair[0]))


def _pdf(editions: Sequence[Edition]) -> tuple[dict[str, bytes], str]:
    try:
        return {
            _sheets(one, tongue): policy.sheets(one.digest, tongue)
            for one in editions
            for tongue in LANGUAGES
        }, ""
    except ConfigError as lacking:
        return {}, lacking.what


def _files(editions: Sequence[Edition], pdf: Mapping[str, bytes]) -> dict[str, bytes]:
    made = {name.removeprefix("/"): data for name, data in pdf.items()}
    for one in editions:
        made[_bytes(one).removeprefix("/")] = bytes(one.canonical)
    made["policy.json"] = bytes(editions[0].canonical)
    places = {f"/{name}": name for name in made}
    for name in STATIC:
        file = finders.find(f"chikai/{name}")
        with open(str(file), "rb") as handle:  # noqa: PTH123  the finder names it by a word
            made[f"styles/{name}"] = handle.read()
        places[static(f"chikai/{name}").partition("?")[0]] = f"styles/{name}"
    pages: dict[str, str] = {}
    for tongue in LANGUAGES:
        with translation.override(tongue):
            for address, text in _pages(editions, tongue, has_sheets=bool(pdf)):
                places[address] = _file(address, tongue)
                pages[places[address]] = text
    made |= {name: _alone(text, name, places).encode() for name, text in pages.items()}
    return site.marked(made, editions[0].digest)


def _file(address: str, tongue: Language) -> str:
    """Where the page of an address lies in the folder; the edition in force lies at its top."""
    if address == reverse("policy"):
        return "en/index.html" if tongue == "en" else "index.html"
    return f"{address.removeprefix('/')}/index.html"


def _pages(
    editions: Sequence[Edition], tongue: Language, *, has_sheets: bool
) -> Iterator[tuple[str, str]]:
    """Every page in the language of this moment, by the address that a server gives it."""
    beside = {
        "alone": True,
        "frame": "frame/alone.html",
        "tongue": tongue,
        "operator": operator_name(installed(), tongue),
        "installation": installation(),
        "has_sheets": has_sheets,
        "editions": editions,
        "pairs": pairs(editions),
    }

    def page(address: str, name: str, context: dict[str, Any]) -> tuple[str, str]:
        every = {**beside, **context, "other_language": other_language(address)}
        return address, render_to_string(f"public/{name}.html", every)

    yield page(reverse("policy"), "policy_show", policy.told(editions[0], current=True))
    yield page(reverse("editions"), "edition_list", {"here": "editions"})
    for one in editions:
        said = policy.told(one, current=one is editions[0])
        yield page(reverse("edition", args=[one.number]), "policy_show", said)
        yield page(reverse("edition-print", args=[one.number]), "policy_print", said)
    by_number = {one.number: one for one in editions}
    for older, newer in pairs(editions):
        said = policy.compared_told(by_number[older], by_number[newer])
        yield page(reverse("edition-diff", args=[older, newer]), "edition_diff", said)


def _bytes(one: Edition) -> str:
    return reverse("edition-bytes", args=[one.number])


def _sheets(one: Edition, tongue: Language) -> str:
    return reverse(f"edition-sheets-{tongue}", args=[one.number])


def _alone(text: str, name: str, places: Mapping[str, str]) -> str:
    """A page whose links lead to files beside it, and which asks no server for anything."""
    folder = posixpath.dirname(name) or "."

    def link(found: re.Match[str]) -> str:
        file = places.get(unescape(found[2]))
        if file is None:
            return found[0]
        return f'{found[1]}="{escape(posixpath.relpath(file, folder))}{found[3] or ""}"'

    return _LINK.sub(link, _ICON.sub("", text)).replace(_HEAD, _GUARD, 1)
