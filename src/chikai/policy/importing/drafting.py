"""The reading of a text becomes a policy folder: the company's own words with ids, and the structure begun.

`ja.md` is the text itself with a line before each clause; without those lines it is the text again. What the text
does not say stands as 【要記入：…】, which the lint counts as an error, so that nothing is published by mistake. Which
service uses what for a purpose is never guessed: an imported purpose allows a use where one line of the text names the item
and the purpose, and a service that can be meant; every other use waits until somebody writes it.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput
from chikai.policy import kinds, load, prose, write
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chikai.policy.document import ClauseKind, RecipientKind
    from chikai.policy.outline import FoundItem, FoundPurpose, Kind, Outline

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
# What may stand on a line before the words of a clause.
_BEFORE: Final = "-#*・●■◆【( \t\u3000|"
_OPEN_JA: Final = "【要記入：{}】"
_TO_FILL: Final = Text("【要記入：止めると何が終わるか】", "【要記入：what ends with it】")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A folder's files, and what a person has still to write in them."""

    files: Mapping[str, str]
    open: tuple[str, ...]


def folder(outline: Outline, path: Path) -> tuple[str, ...]:
    """Write a policy folder that begins with this reading; say what has still to be written.

    It is written beside, read back and then renamed, so that nothing half-written is ever seen. BadInput where the
    folder holds anything already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        what = f"`{path}` holds something already" if path.is_dir() else f"`{path}` is no folder"
        raise BadInput(what, "name a new or an empty folder")
    drafted = draft(outline)
    beside = path.parent / f".{path.name}.{secrets.token_hex(6)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        for name, text in drafted.files.items():
            with (beside / name).open("wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        load.read(beside)
        if path.exists():
            path.rmdir()
        beside.rename(path)
    except OSError as fault:
        said = (fault.strerror or "no reason given").lower()
        raise BadInput(
            f"the folder cannot be written ({said})", "name another", str(path)
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return drafted.open


def draft(outline: Outline) -> Drafted:
    """The files of a policy folder that begins with this reading."""
    own, other = ("en.md", "ja.md") if outline.language == "en" else ("ja.md", "en.md")
    text = _prose(outline)
    read = prose.parse(text, own)
    files = {own: text, other: _skeleton(read, other)}
    document = _document(
        outline, prose.parse(files["ja.md"], "ja.md"), prose.parse(files["en.md"], "en.md")
    )
    files = {load.STRUCTURE: write.structure(document), **files}
    return Drafted(files, tuple(_open(outline, document)))


def _prose(outline: Outline) -> str:
    """The text itself with a line before each clause that begins a line of it."""
    places = _places(outline)
    made = []
    for name, source in outline.sources:
        last = 0
        for start, id_ in places.get(name, []):
            made += [source[last:start], f"<!-- {id_} -->\n"]
            last = start
        rest = source[last:]
        made.append(rest if rest.endswith("\n") else f"{rest}\n")
    return "".join(made)


def _places(outline: Outline) -> Mapping[str, list[tuple[int, str]]]:
    """Where the clauses begin that can have a line of their own, by file, in order; a page break is told again."""
    sources = dict(outline.sources)
    found: dict[str, dict[int, str]] = {name: {} for name in sources}
    for node in outline.walk():
        again = [span for why, span in node.breaks if why == "page"]
        for span, at in [(node.span, node.span.start), *((span, span.end) for span in again)]:
            source = sources[span.file]
            start = source.rfind("\n", 0, at) + 1
            if not source[start:at].strip(_BEFORE):
                found[span.file].setdefault(start, node.id)
    return {name: list(_nested(sorted(places.items()))) for name, places in found.items()}


def _nested(places: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The places without those of clauses whose holder has none, or that were told before."""
    known: set[str] = set()
    last = ""
    for start, id_ in places:
        parent = id_.rpartition(".")[0]
        stands = not parent[:1].isdigit() or f"{last}.".startswith(f"{parent}.")
        if stands and (id_ == last or id_ not in known):
            yield start, id_
            known.add(id_)
            last = id_


def _skeleton(read: prose.Prose, name: str) -> str:
    """The other language's file, with a place to fill for each clause."""
    title = "Privacy Policy" if name == "en.md" else "プライバシーポリシー"
    what = "translation of {}" if name == "en.md" else "{}の訳"
    pieces = [f"# {title}"]
    for part in read.parts:
        mark = f"{part.mark} " if part.mark else ""
        words = _OPEN_JA.format(what.format(part.mark or part.id))
        head = f"## {mark}{words}" if part.heading else ""
        # A full stop, so that it is not taken for a heading.
        stop = "." if name == "en.md" else "。"
        body = words if part.heading else f"{mark}{words}{stop}"
        whole = "\n\n".join(filter(None, (head, body if part.body else "")))
        pieces.append(f"<!-- {part.id} -->\n{whole}")
    return "\n\n".join(pieces) + "\n"


def _document(outline: Outline, japanese: prose.Prose, english: prose.Prose) -> Document:
    known = {part.id for part in japanese.parts}
    extra = {
        node.id: ((), _KINDS.get(node.kind, "")) for node in outline.walk() if node.id in known
    }
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


def _both(said: str, ja: str, en: str) -> Text:
    """What the text says, with the other language still to be written."""
    return Text(said or _OPEN_JA.format(ja), _OPEN_JA.format(en))


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
    return tuple(
        Purpose(
            id=PurposeId(f"purpose_{at}"),
            name=_both(one.name, "目的", "purpose"),
            clause=ClauseId(clause),
            uses=_uses(outline, one, services, categories),
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
    services: tuple[Service, ...],
    categories: tuple[DataCategory, ...],
) -> tuple[Use, ...]:
    """What the line of a purpose itself says to be used for it: a row of a table, an entry that names its items."""
    node = outline.by_id.get(purpose.clause)
    if node is None or node.children:
        return ()
    meant = [s for s in services if s.name.ja in node.text] or list(services)
    said = node.text.replace(purpose.text or purpose.name, "")
    used = tuple(c.id for c in categories if _is_named(c, said))
    return (Use(meant[0].id, used),) if len(meant) == 1 and used else ()


def _is_named(category: DataCategory, said: str) -> bool:
    """Whether a text names an item in the item's own words."""
    return len(category.name.ja) > 1 and category.name.ja in said


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


def _open(outline: Outline, document: Document) -> list[str]:
    """What a person has still to write."""
    contact = outline.contact
    other = "ja.md" if outline.language == "en" else "en.md"
    said = [
        (f"{other}: the other language of {len(document.clauses)} clauses", True),
        ("[controller] name", not contact.name),
        ("[controller] representative", not contact.representative),
        ("[controller] address", not contact.address),
        ("[controller.desk] mail or phone", not (contact.mail or contact.phone)),
        ("[[service]]: the services in scope", not outline.services),
        ("[[category]]: the data items", not document.categories),
        ("[[purpose]]: the purposes of use", not document.purposes),
        ("[[purpose]] uses and stop_effect: what each service uses", bool(document.purposes)),
        ("[[recipient]]: who receives data", bool(outline.recipients)),
    ]
    return [what for what, so in said if so]
