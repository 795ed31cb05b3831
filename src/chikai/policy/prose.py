"""The prose of a policy: Markdown in which a line `<!-- 4.1.2 -->` says which clause begins.

Nothing else is added to a company's own text: without those lines the file is that text again, byte for byte. The
same id given twice in a row says that the text runs on over a page break. The printed number is read from the text:
the last part of the id must stand at its beginning as `1`, `1.`, `(1)` or `第1条`; an item without one is counted
after a dash (`2(2)-1`).

Clauses: 1.1.
Law: APPI Art. 21(1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from chikai.errors import PolicyError
from chikai.policy.document import Clause, ClauseId, ClauseKind, Document, Language, Text

_ID: Final = re.compile(r"^<!-- ([a-z0-9]+(?:\.[a-z0-9]+)*) -->$")
_COMMENT: Final = re.compile(r"^\s*<!--.*-->\s*$")
NOTHING: Final[tuple[tuple[str, ...], ClauseKind]] = ((), "")
_ARTICLE: Final = re.compile(r"第(\d+)条")
_SHARPS: Final = re.compile(r"^[ \u3000]*#{1,6}[ \u3000]+", re.MULTILINE)
_MARK: Final = re.compile(
    r"第\s*(?P<article>\d+)\s*条|Article\s+(?P<english>\d+)\b\.?|[(（](?P<paren>\d+)[)）]"
    r"|(?P<number>\d+)(?:[.．、](?!\d)|(?=[\s　]|$))"
)
_SENTENCE_ENDS: Final = ("。", ".", "．", "！", "!")


@dataclass(frozen=True, slots=True)
class Part:
    """The text of one clause in one language; `mark` is the number as printed before it."""

    id: str
    line: int
    mark: str
    heading: str
    body: str


@dataclass(frozen=True)
class Prose:
    """One prose file: its title, its clauses in order, and what is wrong with it."""

    file: str
    title: str
    parts: tuple[Part, ...]
    faults: tuple[PolicyError, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Part]:
        """The text of each clause by its id."""
        return {part.id: part for part in self.parts}


def id_of(line: str) -> str | None:
    """The id that a line marks, or None for a line of the text."""
    match = _ID.match(line.rstrip())
    return match[1] if match else None


def without_ids(text: str) -> str:
    """The company's own text: the file without its id lines."""
    return "".join(line for line in text.splitlines(keepends=True) if not _ID.match(line.rstrip()))


def own_text(text: str) -> str:
    """The company's own text as a reader sees it: line by line and with its own marks, without those of headings."""
    return _SHARPS.sub("", without_ids(text))


def _pieces(text: str) -> list[tuple[str, list[str]]]:
    """The lines of a file by the clause that they belong to, in order; before the first id it is an empty one."""
    made: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines(keepends=True):
        if match := _ID.match(line.rstrip()):
            made.append((match[1], [line]))
        else:
            made[-1][1].append(line)
    return made


def raw(text: str, clause: str) -> str | None:
    """The lines of one clause as they stand in a file, without its id lines; None where the file lacks it."""
    found = ["".join(lines[1:]) for id_, lines in _pieces(text) if id_ == clause]
    return "".join(found).strip("\r\n") if found else None


def reworded(text: str, clause: str, words: str) -> str:
    """The file with other words for one clause, the rest byte for byte; a page break inside the clause goes."""
    made, done = [], False
    for id_, lines in _pieces(text):
        if id_ != clause:
            made += lines
        elif not done:
            old = "".join(lines[1:])
            tail = old[len(old.rstrip("\r\n")) :] or "\n"
            made += [lines[0], words.replace("\r\n", "\n").strip("\n"), tail]
            done = True
    return "".join(made)


def parse(text: str, file: str) -> Prose:
    """The clauses of a prose file."""
    faults: list[PolicyError] = []
    before: list[str] = []
    found: dict[str, list[list[str]]] = {}
    begins: dict[str, int] = {}
    current = ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        where = f"{file}:{number}"
        if match := _ID.match(line.rstrip()):
            id_ = match[1]
            if id_ in found and id_ != current:
                what = f"clause `{id_}` begins again, after clause `{current}`"
                faults.append(PolicyError(what, "give each clause one place", where))
            found.setdefault(id_, []).append([])
            begins.setdefault(id_, number)
            current = id_
        elif _COMMENT.match(line):
            what = "this comment is not the id of a clause"
            faults.append(
                PolicyError(what, "write it as `<!-- 4.1.2 -->`, alone on its line", where)
            )
        elif current:
            if line.strip() and not any(map(any, found[current])):
                begins[current] = number  # a finding points at the words, not at the id above them
            found[current][-1].append(line.strip())
        else:
            before.append(line.strip().lstrip("#").strip())
    parts = tuple(_part(id_, begins[id_], runs) for id_, runs in found.items())
    faults += _faults(parts, file)
    return Prose(file, " ".join(filter(None, before)), parts, tuple(faults))


def _faults(parts: tuple[Part, ...], file: str) -> Iterable[PolicyError]:
    if not parts:
        do = "put a line such as `<!-- 1 -->` before each clause"
        yield PolicyError("this file marks no clause", do, f"{file}:1")
    last = ""
    for part in parts:
        where = f"{file}:{part.line}"
        parent = part.id.rpartition(".")[0]
        if not part.heading and not part.body:
            yield PolicyError(
                f"clause `{part.id}` has no text", "write it, or take its id out", where
            )
        # Ids such as `d.made` only share a prefix; numbered clauses stand inside the clause that holds them.
        if parent and parent[0].isdigit() and not f"{last}.".startswith(f"{parent}."):
            what = f"clause `{part.id}` stands outside clause `{parent}`"
            yield PolicyError(what, f"move it behind `<!-- {parent} -->`", where)
        last = part.id


def _part(id_: str, line: int, runs: list[list[str]]) -> Part:
    first, *rest = (_trimmed(run) for run in runs)
    opening, _, below = first.partition("\n")
    sharps = len(opening) - len(opening.lstrip("#"))
    opening = opening.lstrip("#").strip()
    if not sharps and opening.startswith(("- ", "* ")):
        opening = opening[2:].strip()
    mark, opening = _mark(opening, id_.rpartition(".")[2])
    titled = bool(mark) and "." not in id_ and not opening.endswith(_SENTENCE_ENDS)
    if sharps or titled:
        return Part(id_, line, mark, opening, _joined([below.strip(), *rest]))
    return Part(id_, line, mark, "", _joined([f"{opening}\n{below}".strip(), *rest]))


def _trimmed(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _joined(runs: list[str]) -> str:
    """Runs of text that a page break cut; only words of the Latin alphabet need a space between them."""
    whole = ""
    for run in filter(None, runs):
        latin = bool(whole) and whole[-1].isascii() and run[0].isascii()
        whole += f" {run}" if latin else run
    return whole


def _mark(opening: str, last: str) -> tuple[str, str]:
    """The printed number at the beginning of a text, if it is the last part of the clause's id, and the rest."""
    match = _MARK.match(opening) if last.isdigit() else None
    if match is None or unicodedata.normalize("NFKC", match[match.lastgroup or 0]) != last:
        return "", opening
    return unicodedata.normalize("NFKC", match[0]).replace("、", "."), opening[
        match.end() :
    ].strip()


def numbers(parts: Iterable[Part]) -> Mapping[str, str]:
    """The printed number of each clause, such as `4.1(2)`, joined from the marks of the clauses that hold it."""
    made: dict[str, str] = {}
    for part in parts:
        parent, _, last = part.id.rpartition(".")
        above = made.get(parent, "")
        if not above:
            made[part.id] = part.mark.rstrip(".")
        elif part.mark and not part.mark.rstrip(".").isdigit():
            made[part.id] = above + part.mark
        elif part.mark:
            made[part.id] = f"{above}.{last}"
        else:
            made[part.id] = f"{above}-{last}" if last.isdigit() else ""
    return made


def label(document: Document, clause: Clause, language: Language = "ja") -> str:
    """What is printed before a clause where it stands: `(2)`, `1.`, `第3条`; empty for an item without a number."""
    above = document.numbers.get(clause.parent, "")
    own = clause.number.removeprefix(above) if above else clause.number
    if above and own.startswith("-"):
        return ""
    if above and own.startswith("."):
        return f"{own[1:]}."
    return own if language == "ja" else _ARTICLE.sub(r"Article \1", own)


def written(document: Document, language: Language, like: str = "") -> str:
    """The prose file of a document, which reads back as the same clauses.

    A clause that says the same in the file `like` stands as it does there, byte for byte. A document alone knows no
    blanks at the ends of lines, no form of a number or a bullet, no underline of a heading and no page break.
    """
    kept = _kept(document, language, like)
    whole = kept.get("", f"# {document.title.ja if language == 'ja' else document.title.en}\n\n")
    for clause in document.clauses:
        if (own := kept.get(clause.id)) is not None:
            whole += own if own.endswith("\n") else f"{own}\n"
        else:
            gap = "" if whole.endswith("\n\n") or not whole else "\n"
            whole += f"{gap}{_piece(document, clause, language)}\n\n"
    last = document.clauses[-1].id if document.clauses else ""
    if last in kept:
        return whole if kept[last].endswith("\n") else whole.removesuffix("\n")
    return whole.removesuffix("\n")


def _piece(document: Document, clause: Clause, language: Language) -> str:
    """A clause as it is written where nothing else is known of its form."""
    heading = clause.heading.ja if language == "ja" else clause.heading.en
    body = clause.body.ja if language == "ja" else clause.body.en
    mark = label(document, clause, language)
    item = not mark and bool(clause.number)
    lead = f"{mark} " if mark else "- " if item else ""
    if heading or (clause.depth == 1 and mark):
        sharps = "#" * min(clause.depth + 1, 6)
        opening = f"{sharps} {mark} {heading}".strip().replace("  ", " ")
        return "\n\n".join(filter(None, (f"<!-- {clause.id} -->\n{opening}", body)))
    return f"<!-- {clause.id} -->\n{lead}{body}"


def _kept(document: Document, language: Language, like: str) -> dict[str, str]:
    """The pieces of a file that a document does not change, by clause; the title and what stands around it by nothing."""
    read = parse(like, "")
    if read.faults:
        return {}
    title = document.title.ja if language == "ja" else document.title.en
    numbered = numbers(read.parts)
    same = {"": read.title in {"", title}}  # a file may do without the title
    for clause in document.clauses:
        part = read.by_id.get(clause.id)
        if language == "ja":
            said = clause.heading.ja, clause.body.ja
        else:
            said = clause.heading.en, clause.body.en
        # The English number is read from the Japanese file.
        number = language == "en" or (part is not None and numbered[part.id] == clause.number)
        same[clause.id] = part is not None and number and (part.heading, part.body) == said
    kept: dict[str, str] = {}
    for id_, lines in _pieces(like):
        if same.get(id_):
            kept[id_] = kept.get(id_, "") + "".join(lines)
    return kept


def joined(
    japanese: Prose, english: Prose, extra: Mapping[str, tuple[tuple[str, ...], ClauseKind]]
) -> tuple[Clause, ...]:
    """The clauses of both files in the order of the Japanese one; `extra` gives `by` and `kind` of a clause."""
    made = numbers(japanese.parts)
    clauses = []
    for part in japanese.parts:
        other = english.by_id.get(part.id) or replace(part, heading="", body="")
        by, kind = extra.get(part.id, NOTHING)
        clauses.append(
            Clause(
                id=ClauseId(part.id),
                number=made[part.id],
                heading=Text(part.heading, other.heading),
                body=Text(part.body, other.body),
                by=by,
                kind=kind,
            )
        )
    return tuple(clauses)
