"""What a reading says becomes the entries of a policy's structure: the operator, services, data, purposes, recipients, rights.

A clause has the kind of what stands directly in it: `items` and `purposes` are those whose own entries were found, and
a part of a clause has no kind that its clause has already. Which service uses what for a purpose is never guessed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from chikai.policy import kinds, prose
from chikai.policy.document import (
    CategoryId,
    ClauseId,
    Controller,
    DataCategory,
    Dates,
    Desk,
    Document,
    Purpose,
    PurposeId,
    Recipient,
    RecipientId,
    Right,
    RightKind,
    Service,
    ServiceId,
    Text,
    Use,
)
from chikai.policy.importing import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chikai.policy.document import ClauseKind, RecipientKind
    from chikai.policy.outline import FoundItem, FoundPurpose, Kind, Node, Outline

Id = TypeVar("Id", bound=str)

_KINDS: Final[Mapping[Kind, ClauseKind]] = {
    "scope": "scope",
    "items": "items",
    "purposes": "purposes",
    "security": "safeguards",
    "anonymised": "anonymised",
    "third_party": "third_party",
    "rights.suspend": "suspension",
    "rights": "requests",
    "rights.disclose": "requests",
    "procedure": "requests",
    "desk": "desk",
    "change": "change",
    "dates": "date",
}
_RIGHTS: Final[tuple[tuple[RightKind, str], ...]] = (
    ("notify_purpose", "利用目的の通知"),
    ("disclose", "開示"),
    ("disclose_records", "記録の開示"),
    ("correct", "訂正"),
    ("add", "追加"),
    ("delete", "削除"),
    ("suspend", "停止"),
    ("erase", "消去"),
    ("stop_provision", "提供の停止"),
)
DRAFTED: Final[Mapping[str, RecipientKind]] = {
    "entrusted": "entrusted",
    "joint": "joint",
    "consent": "consent",
    "succession": "succession",
}
NAMED: Final = 0.5  # a surer reading than that of words such as "our contractors"
OPEN: Final = "【要記入：{}】"
# A clause that names more purposes does not say which of them an item in it is for.
_MANY: Final = 12
_LONG: Final = 200  # signs of the longest name of an item that a line of a purpose repeats
_TO_FILL: Final = Text("【要記入：止めると何が終わるか】", "【要記入：what ends with it】")
# `提供の状況は、以下のとおりです`: where what was made and provided is published.
_REGISTER: Final = re.compile("(?:提供|作成|公表)[^。]{0,8}(?:状況|実績)[^。]{0,8}(?:以下|次|下記)")
_STOPS: Final = re.compile("(?:利用|使用|提供|取扱い?)の?(?:停止|中止)")


def document(outline: Outline, japanese: prose.Prose, english: prose.Prose) -> Document:
    """The structure that begins with a reading and the two prose files."""
    known = {part.id for part in japanese.parts}
    kinds_of = _kinds(outline, known)
    extra = {id_: ((), kinds_of.get(id_, "")) for id_ in known}
    contact = outline.contact
    day = outline.day
    services, categories = _services(outline), _categories(outline, known)
    return Document(
        controller=Controller(
            _both(contact.name, "会社名", "company name"),
            "company" if "会社" in contact.name else "unknown",
            Text(contact.address, ""),
            Text(contact.representative, ""),
            Desk(name=Text(contact.desk, ""), mail=contact.mail, phone=contact.phone),
        ),
        services=services,
        categories=categories,
        purposes=_purposes(outline, known, services, categories),
        recipients=_recipients(outline, known),
        rights=_rights(outline, known),
        clauses=prose.joined(japanese, english, extra),
        title=Text(
            japanese.title or outline.title or "プライバシーポリシー",
            english.title or "Privacy Policy",
        ),
        dates=Dates(day("made"), day("updated"), day("effective")),
        edition=str(day("updated") or day("made") or "1"),
    )


def with_english(document: Document, outline: Outline, english: Outline) -> Document:
    """The document with the English names that the English texts say: of the operator, and of lists that are as long."""
    said, one = english.contact, document.controller
    desk = replace(one.desk, name=_beside(one.desk.name, said.desk))
    controller = replace(
        one,
        name=_beside(one.name, said.name),
        address=_beside(one.address, said.address),
        representative=_beside(one.representative, said.representative),
        desk=desk,
    )
    made = replace(document, controller=controller)
    if len(outline.items) == len(english.items) == len(document.categories):
        pairs = zip(document.categories, english.items, strict=True)
        categories = tuple(replace(c, name=_beside(c.name, i.name)) for c, i in pairs)
        made = replace(made, categories=categories)
    if len(outline.purposes) == len(english.purposes) == len(document.purposes):
        listed = zip(document.purposes, english.purposes, strict=True)
        purposes = tuple(replace(p, name=_beside(p.name, o.name)) for p, o in listed)
        made = replace(made, purposes=purposes)
    return made


def _beside(name: Text, english: str) -> Text:
    return Text(name.ja, english or name.en)


def _kinds(outline: Outline, known: set[str]) -> Mapping[str, ClauseKind]:
    """The kind of each clause by what stands directly in it."""
    made: dict[str, ClauseKind] = {}
    for node in outline.nodes:
        _kinds_below(node, "", made)
    for kind, found in (("items", outline.items), ("purposes", outline.purposes)):
        holders = {_holder(outline, one.clause, known) for one in found}
        if found:
            made = {id_: "" if had == kind else had for id_, had in made.items()}
            made |= dict.fromkeys(sorted(holders - {""}), kind)  # type: ignore[arg-type]
    stopping = [id_ for id_, had in made.items() if had == "requests" and _only_stops(outline, id_)]
    if len(stopping) < list(made.values()).count("requests"):
        made |= dict.fromkeys(stopping, "suspension")
    return made


def _kinds_below(node: Node, above: ClauseKind, made: dict[str, ClauseKind]) -> None:
    kind = _KINDS.get(node.kind, "")
    if above == "anonymised":
        kind = "register" if _REGISTER.search(node.text) else ""
    made[node.id] = "" if kind == above else kind
    for child in node.children:
        _kinds_below(child, kind or above, made)


def _holder(outline: Outline, clause: str, known: set[str]) -> str:
    """The clause whose list an entry stands in, or the clause that names it in a sentence."""
    node = outline.by_id[clause]
    listed = "." in clause and node.style not in {"prose", "heading"} and not node.title
    return _nearest(clause.rpartition(".")[0] if listed else clause, known)


def _only_stops(outline: Outline, clause: str) -> bool:
    """Whether a clause on requests speaks of stopping a use first, and not of disclosure beside it."""
    first = next(words.sentences(outline.by_id[clause].text), "")
    return bool(_STOPS.search(first)) and "開示" not in first


def _both(said: str, ja: str, en: str) -> Text:
    """What the text says, with the other language still to be written."""
    return Text(said or OPEN.format(ja), OPEN.format(en))


def _services(outline: Outline) -> tuple[Service, ...]:
    names = outline.services or ("",)
    return tuple(
        Service(ServiceId(f"service_{at}"), _both(name, "サービス名", "name of the service"))
        for at, name in enumerate(names, 1)
    )


def _categories(outline: Outline, known: set[str]) -> tuple[DataCategory, ...]:
    made = []
    taken: set[str] = set()
    covered: set[str] = set()
    for at, item in enumerate(outline.items, 1):
        clause = _nearest(item.clause, known)
        if not clause:
            continue
        mine = tuple(k for k in item.kinds if k in kinds.BY_ID and k not in covered)
        covered |= set(mine)
        id_ = _id(item, at, taken)
        made.append(
            DataCategory(
                id=CategoryId(id_),
                name=_both(item.name, "項目", "data item"),
                clause=ClauseId(clause),
                kinds=mine,
                special_care="possible" if {"health", "free_text"} & set(item.kinds) else "no",
                open_ended=item.open_ended,
                observed=item.source == "observed",
            )
        )
    return tuple(made)


def _id(item: FoundItem, at: int, taken: set[str]) -> str:
    plain = item.kinds[0] if len(item.kinds) == 1 else ""
    id_ = plain if plain and plain not in taken else f"item_{at}"
    taken.add(id_)
    return id_


def _purposes(
    outline: Outline,
    known: set[str],
    services: tuple[Service, ...],
    categories: tuple[DataCategory, ...],
) -> tuple[Purpose, ...]:
    named = Counter(one.clause for one in outline.purposes)
    items = _Names((one.name.ja, one.id) for one in categories)
    of_services = _Names((one.name.ja, one.id) for one in services)
    return tuple(
        Purpose(
            id=PurposeId(f"purpose_{at}"),
            name=_both(one.name, "目的", "purpose"),
            clause=ClauseId(clause),
            uses=_uses(outline, one, of_services, items) if named[one.clause] <= _MANY else (),
            stop="switch",
            stop_effect=_TO_FILL,
            marketing=any(
                word in one.name for word in ("広告", "宣伝", "キャンペーン", "マーケティング")
            ),
        )
        for at, one in enumerate(outline.purposes, 1)
        if (clause := _nearest(one.clause, known))
    )


def _uses(
    outline: Outline,
    purpose: FoundPurpose,
    services: _Names[ServiceId],
    items: _Names[CategoryId],
) -> tuple[Use, ...]:
    """What the line of a purpose itself says to be used for it: a row of a table, an entry that names its items."""
    node = outline.by_id.get(purpose.clause)
    if node is None or node.children or len(node.text) > words.LONGEST:
        return ()
    meant = services.every if len(services.every) == 1 else services.within(node.text)
    used = items.within(node.text.replace(purpose.text or purpose.name, ""))
    return (Use(meant[0], used),) if len(meant) == 1 and used else ()


class _Names(Generic[Id]):
    """Things by their names, found in a text by looking its parts up, so that many of them cost no more than few."""

    def __init__(self, named: Iterable[tuple[str, Id]]) -> None:
        self.every: list[Id] = []
        self.found: dict[str, list[tuple[int, Id]]] = {}
        for at, (name, id_) in enumerate(named):
            self.every.append(id_)
            if 1 < len(name) <= _LONG:
                self.found.setdefault(name, []).append((at, id_))
        self.lengths = sorted({len(name) for name in self.found})

    def within(self, said: str) -> tuple[Id, ...]:
        """What a text names in its own words, in the order in which it was given."""
        named = {
            part
            for length in self.lengths
            for start in range(len(said) - length + 1)
            if (part := said[start : start + length]) in self.found
        }
        return tuple(id_ for _, id_ in sorted(one for name in named for one in self.found[name]))


def _recipients(outline: Outline, known: set[str]) -> tuple[Recipient, ...]:
    """The recipients that the text names by their own name; what each of them receives is still to be written."""
    named = [
        (one, DRAFTED[one.kind], clause)
        for one in outline.recipients
        if one.kind in DRAFTED
        and one.confidence > NAMED
        and (clause := _nearest(one.clause, known))
    ]
    return tuple(
        Recipient(
            id=RecipientId(f"recipient_{at}"),
            name=_both(one.name, "提供先", "recipient"),
            kind=kind,
            clause=ClauseId(clause),
            purposes=(),
            categories=(),
            country=one.country or "JP",
        )
        for at, (one, kind, clause) in enumerate(named, 1)
    )


def _rights(outline: Outline, known: set[str]) -> tuple[Right, ...]:
    """The rights that the text names, each at the first clause that does."""
    made = []
    for kind, word in _RIGHTS:
        for node in outline.of_kind(
            "rights", "rights.disclose", "rights.correct", "rights.suspend", "procedure"
        ):
            clause = _nearest(node.id, known)
            if word in node.whole and clause:
                approvals = 2 if kind == "erase" else 1
                made.append(Right(kind, ClauseId(clause), approvals=approvals))
                break
    return tuple(made)


def _nearest(clause: str, known: set[str]) -> str:
    """The clause itself or the nearest above it that the prose file marks."""
    while clause and clause not in known:
        clause = clause.rpartition(".")[0]
    return clause
