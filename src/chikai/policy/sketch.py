"""A document made of the reading of a text alone, for comparing: clauses, services, items, purposes and recipients.

What a text does not say by itself (uses, what each recipient gets, how a purpose is stopped, rights) is left out, so a
comparison with a sketch is made between two sketches. A policy folder is sketched from its own words, by the same reader.

Clauses: 8.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chikai.policy import load, render, widened
from chikai.policy.document import (
    CategoryId,
    Clause,
    ClauseId,
    ClauseKind,
    Controller,
    DataCategory,
    Document,
    Purpose,
    PurposeId,
    Recipient,
    RecipientId,
    RecipientKind,
    Service,
    ServiceId,
    Text,
)
from chikai.policy.importing import files, outline_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.outline import FoundItem, FoundPurpose, Node, Outline, Span

KINDS: Final[dict[str, ClauseKind]] = {
    "scope": "scope",
    "items": "items",
    "purposes": "purposes",
    "dates": "date",
}
# A text that names somebody abroad does not say on which ground, so an officer decides.
RECIPIENTS: Final[dict[str, RecipientKind]] = {
    "entrusted": "entrusted",
    "joint": "joint",
    "consent": "consent",
    "succession": "succession",
    "law": "law",
    "foreign": "cloud",
}
# What Art. 2(3) and the order name, in the words that policies have for it.
_CARE: Final = re.compile(
    "要配慮|人種|信条|社会的身分|病歴|既往|犯罪の経歴|犯罪歴|前科|犯罪により害|障害者?(?:の有無|手帳|の程度)|健康診断|診療(?:情報|記録|録)|カルテ"
)


def of_path(path: Path) -> Document:
    """The sketch of a text's file, or of a policy folder."""
    if path.is_dir():
        text = render.text(load.read(path).document, "ja")
        return of(outline_of([(path.name, text)]))
    return of(files.read([path]))


def of(outline: Outline) -> Document:
    """The sketch of a reading; ids are the words themselves, so that the same words are the same thing."""
    english = outline.language == "en"

    def both(words: str) -> Text:
        return Text("", words) if english else Text(words, "")

    return Document(
        controller=Controller(both(outline.contact.name)),
        services=tuple(Service(ServiceId(name), both(name)) for name in outline.services),
        categories=tuple(
            DataCategory(
                CategoryId(item.name),
                both(item.name),
                _innermost(outline, item),
                special_care="yes" if _CARE.search(item.name) else "no",
            )
            for item in outline.items
        ),
        purposes=tuple(
            Purpose(PurposeId(one.name), both(one.name), _innermost(outline, one), (), "switch")
            for one in outline.purposes
        ),
        recipients=tuple(_recipients(outline, english=english)),
        rights=(),
        clauses=tuple(_clauses(outline.nodes, "", english=english)),
        title=both(outline.title),
    )


def _innermost(outline: Outline, one: FoundItem | FoundPurpose) -> ClauseId:
    """The clause that holds the words themselves, where they were found below a list as a whole."""
    node = outline.by_id[one.clause]
    while inner := next((n for n in node.children if _holds(n.span, one.span)), None):
        node = inner
    return ClauseId(node.id)


def _holds(whole: Span, one: Span) -> bool:
    return whole.file == one.file and whole.start <= one.start and one.end <= whole.end


def _recipients(outline: Outline, *, english: bool) -> Iterator[Recipient]:
    named = {one.name: one for one in reversed(outline.recipients)}  # the first place counts
    for name in dict.fromkeys(one.name for one in outline.recipients):
        one = named[name]
        said = Text("", name) if english else Text(name, "")
        kind, at = RECIPIENTS.get(one.kind, "cloud"), ClauseId(one.clause)
        yield Recipient(RecipientId(name), said, kind, at, (), (), one.country or "JP")


def _clauses(nodes: Sequence[Node], above: str, *, english: bool) -> Iterator[Clause]:
    for place, node in enumerate(nodes, 1):
        # The full stop of `1.` is a form of the number, which a folder does not keep.
        mark = unicodedata.normalize("NFKC", node.number.strip(" -・•*■●◆○□◇▪")).rstrip(".、")
        point = "." if above and mark.isdigit() else ""
        number = f"{above}{point}{mark}" if mark else f"{above}-{place}" if above else ""
        made = [Text("", t) if english else Text(t, "") for t in (node.title, node.text)]
        kind = "date" if node.id.startswith("d.") else KINDS.get(node.kind, "")
        yield Clause(ClauseId(node.id), number, made[0], made[1], kind=kind)
        yield from _clauses(node.children, number, english=english)


def alike(old: Document, new: Document) -> Document:
    """The new sketch with the old ids of items and purposes that are worded much as before."""
    categories = _renamed(old.categories, new.categories)
    purposes = _renamed(old.purposes, new.purposes)
    return replace(
        new,
        categories=tuple(
            replace(c, id=CategoryId(categories.get(c.id, c.id))) for c in new.categories
        ),
        purposes=tuple(replace(p, id=PurposeId(purposes.get(p.id, p.id))) for p in new.purposes),
    )


def _renamed(
    old: Sequence[DataCategory] | Sequence[Purpose], new: Sequence[DataCategory] | Sequence[Purpose]
) -> dict[str, str]:
    left = {one.id: one.name.in_("ja") for one in old if one.id not in {n.id for n in new}}
    made: dict[str, str] = {}
    for one in new:
        if not left or any(one.id == o.id for o in old):
            continue
        score, was = max(
            (widened.likeness(said, one.name.in_("ja")), id_) for id_, said in left.items()
        )
        if score >= widened.ALIKE:
            made[one.id] = was
            del left[was]
    return made
