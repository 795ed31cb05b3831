"""The reading of a text becomes a policy folder: the company's own words with ids, and the structure begun.

`ja.md` is the text itself with a line before each clause; without those lines it is the text again. What the text
does not say stands as 【要記入：…】, which the lint counts as an error, so that nothing is published by mistake. Which
service uses what for a purpose is never guessed: an imported purpose allows a use where one line of the text names the item
and the purpose, and a service that can be meant; every other use waits until somebody writes it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput
from chikai.policy import load, prose, write
from chikai.policy.importing import entries, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from chikai.policy.document import Document, Language
    from chikai.policy.outline import Outline

# What may stand on a line before the words of a clause.
_BEFORE: Final = "-#*・●■◆【( \t\f\u3000|"
_REST: Final = re.compile(r"[^\S\n]*\n?")
_INDENT: Final = 200  # no line begins with more of them


@dataclass(frozen=True, slots=True)
class Drafted:
    """A folder's files, the document that they hold, and what a person has still to write in them."""

    files: Mapping[str, str]
    document: Document
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


def draft(outline: Outline, under: Callable[[Document], Document] | None = None) -> Drafted:
    """The files of a policy folder that begins with this reading; `under` gives its things the ids of an edition before."""
    own, other = ("en.md", "ja.md") if outline.language == "en" else ("ja.md", "en.md")
    text = _prose(outline)
    read = prose.parse(text, own)
    files = {own: text, other: _other_side(read, outline.other, other)}
    document = entries.document(
        outline, prose.parse(files["ja.md"], "ja.md"), prose.parse(files["en.md"], "en.md")
    )
    if outline.other:
        document = entries.with_english(document, outline, outline.other)
    document = under(document) if under else document
    files = {load.STRUCTURE: write.structure(document), **files}
    return Drafted(files, document, tuple(_open(outline, document)))


def _prose(outline: Outline) -> str:
    """The text itself with a line before each clause that begins a line of it, and without what its pages repeat."""
    places = _places(outline)
    made = []
    for name, source in outline.sources:
        begins = [(start, start, f"<!-- {id_} -->\n") for start, id_ in places.get(name, [])]
        last = 0
        for start, end, said in sorted([*begins, *_furniture(outline, name, source)]):
            made += [source[last : max(last, start)], said]
            last = max(last, end)
        rest = source[last:]
        made.append(rest if rest.endswith("\n") else f"{rest}\n")
    return "".join(made)


def _furniture(outline: Outline, name: str, source: str) -> Iterator[tuple[int, int, str]]:
    """The numbers and running lines of pages in a text; the page break alone stays of them."""
    for span in outline.furniture:
        if span.file == name:
            near = max(0, span.start - _INDENT)
            start = near + len(source[near : span.start].rstrip(" \t\u3000\f"))
            end = _REST.match(source, span.end)
            yield start, end.end() if end else span.end, "\f\n"


def _bare(outline: Outline, name: str, source: str) -> str:
    """A text with blanks in place of what its pages repeat."""
    for span in outline.furniture:
        if span.file == name:
            blanks = " " * (span.end - span.start)
            source = f"{source[: span.start]}{blanks}{source[span.end :]}"
    return source


def _places(outline: Outline) -> Mapping[str, list[tuple[int, str]]]:
    """Where the clauses begin that can have a line of their own, by file, in order; a page break is told again."""
    sources = {name: _bare(outline, name, source) for name, source in outline.sources}
    found: dict[str, dict[int, str]] = {name: {} for name in sources}
    for node in outline.walk():
        if node.style == "line" and words.cells(node.text):
            continue  # the rows of a table stand together in the clause above them
        again = [span for why, span in node.breaks if why == "page"]
        for span, at in [(node.span, node.span.start), *((span, span.end) for span in again)]:
            source = sources[span.file]
            start = source.rfind("\n", max(0, at - _INDENT), at) + 1
            begins = bool(start) or at < _INDENT
            if begins and not source[start:at].strip(_BEFORE):
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


def _other_side(read: prose.Prose, other: Outline | None, name: str) -> str:
    """The other language's file: its own words for each clause that they have, and a place to fill for the rest."""
    text = _prose(other) if other else ""
    said = prose.parse(text, name) if other else None
    theirs = [part.id for part in said.parts] if said else []
    if theirs == [part.id for part in read.parts]:
        return text
    title = (said.title if said else "") or (
        "Privacy Policy" if name == "en.md" else "プライバシーポリシー"
    )
    own, last = {part.id for part in read.parts}, ""
    known: dict[str, list[str]] = {}
    for id_ in theirs:  # what is a clause in one language only stands with the clause before it
        last = id_ if id_ in own else last
        if last:
            known.setdefault(last, []).append(prose.raw(text, id_) or "")
    what = "translation of {}" if name == "en.md" else "{}の訳"
    pieces = [f"# {title}"]
    for part in read.parts:
        if part.id in known:
            pieces.append("\n".join([f"<!-- {part.id} -->", *known[part.id]]))
            continue
        mark = f"{part.mark} " if part.mark else ""
        words = entries.OPEN.format(what.format(part.mark or part.id))
        head = f"## {mark}{words}" if part.heading else ""
        # A full stop, so that it is not taken for a heading.
        stop = "." if name == "en.md" else "。"
        body = words if part.heading else f"{mark}{words}{stop}"
        whole = "\n\n".join(filter(None, (head, body if part.body else "")))
        pieces.append(f"<!-- {part.id} -->\n{whole}")
    return "\n\n".join(pieces) + "\n"


def _open(outline: Outline, document: Document) -> list[str]:
    """What a person has still to write."""
    contact = outline.contact
    other = "ja.md" if outline.language == "en" else "en.md"
    side: Language = "ja" if outline.language == "en" else "en"
    empty = entries.OPEN.partition("{")[0]
    lacking = sum(
        empty in f"{one.heading.in_(side)}{one.body.in_(side)}" for one in document.clauses
    )
    said = [
        (f"{other}: the other language of {lacking} clauses", bool(lacking)),
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
