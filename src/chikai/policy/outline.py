"""A policy's text as a tree of clauses with what was read in it, before anybody has said what it means.

The importer makes it from a company's own text, and the rules of the lint that need no more than text ask it. Each
part knows the signs of the source that it was read from, and how sure the reading is; an officer confirms or mends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.placed import Origin

# How a marker is printed: `第1条`, `1.` or `1 `, `1.2`, `(1)`, `①`, `イ`, `a.`, `-`, a heading without a number, a line
# of a list that has no marker, and prose that begins no list.
Style = Literal[
    "article",
    "number",
    "dotted",
    "paren",
    "circled",
    "iroha",
    "letter",
    "bullet",
    "heading",
    "line",
    "prose",
]
# What a clause is about; empty where neither its title nor its words say so.
Kind = Literal[
    "",
    "scope",
    "definition",
    "items",
    "purposes",
    "purpose_change",
    "third_party",
    "foreign",
    "joint",
    "entrust",
    "security",
    "retention",
    "rights",
    "rights.purpose",
    "rights.disclose",
    "rights.correct",
    "rights.suspend",
    "procedure",
    "fee",
    "anonymised",
    "cookie",
    "desk",
    "complaint",
    "change",
    "dates",
    "controller",
    "minors",
    "law",
]
Source = Literal["provided", "observed", "third", ""]
Language = Literal["ja", "en", "other"]
DayKind = Literal["made", "updated", "effective", "other"]


@dataclass(frozen=True, slots=True)
class Span:
    """Signs of the source, `start` included and `end` not, and the line of the first one, from 1, in `file`."""

    start: int
    end: int
    line: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One clause, item of a list, preamble (`pre`), supplement (`sup`) or date (`d.made`).

    `number` is the marker as printed, `title` its heading or empty, `text` its own words without marker, title and
    children, with lines repaired. `breaks` are the places in the source where a line or a page was cut amid a sentence
    (`"line"`, `"page"`) or amid a list (`"list"`). `lead` is the sentence above that announced the list that the
    node stands in.
    """

    id: str
    number: str
    style: Style
    kind: Kind
    title: str
    text: str
    span: Span
    confidence: float = 1.0
    children: tuple[Node, ...] = ()
    breaks: tuple[tuple[str, Span], ...] = ()
    lead: str = ""

    def walk(self) -> Iterator[Node]:
        """This node and everything below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def whole(self) -> str:
        """Title, words and everything below, one line each."""
        own = "\n".join(filter(None, (self.title, self.text)))
        return "\n".join([own, *(child.whole for child in self.children)])


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A data item that the text names: `name` in its words, `text` with all that it says of it, and the node."""

    name: str
    clause: str
    examples: tuple[str, ...]
    open_ended: bool
    source: Source
    kinds: tuple[str, ...]
    confidence: float
    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class FoundPurpose:
    """A purpose of use in the text's words; `whose` is the group of persons that it is said for, or empty.

    `text` is all that the text says of it, `name` its first sentence.
    """

    name: str
    clause: str
    whose: str
    confidence: float
    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class FoundRecipient:
    """Somebody who receives data, by kind (`entrusted`, `joint`, `consent`, `succession`, `law`, `foreign`)."""

    name: str
    kind: str
    country: str
    clause: str
    confidence: float
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference from one clause to another: as written, the id that it leads to or empty, and where it stands.

    `at` is its place in the title and the words of its clause, one line each.
    """

    inside: str
    written: str
    to: str
    span: Span
    at: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers: what stands in the text, or empty."""

    name: str = ""
    representative: str = ""
    address: str = ""
    postal_code: str = ""
    desk: str = ""
    officer: str = ""
    phone: str = ""
    mail: str = ""
    url: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A date that the text gives, in its own words; `kind` is made, updated, effective or another.

    `month` is the month (`2025-05`) where the text gives no day.
    """

    kind: DayKind
    on: date | None
    written: str
    span: Span
    month: str = ""


@dataclass(frozen=True)
class Outline:
    """The whole reading of one policy.

    `sources` is the text as it was read, by file; spans point into it, and `origins` lead from it to the file itself,
    whose lines and places a report gives; `furniture` is what the pages of a print repeat in it. `notes` say what a person should know of it, `refused` why its texts cannot be one policy. `other` is the reading of its English texts where the policy is Japanese.
    """

    title: str
    nodes: tuple[Node, ...]
    sources: tuple[tuple[str, str], ...]
    language: Language = "ja"
    items: tuple[FoundItem, ...] = ()
    purposes: tuple[FoundPurpose, ...] = ()
    recipients: tuple[FoundRecipient, ...] = ()
    references: tuple[Reference, ...] = ()
    services: tuple[str, ...] = ()
    contact: Contact = Contact()
    days: tuple[Day, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""
    other: Outline | None = None
    furniture: tuple[Span, ...] = ()
    origins: tuple[tuple[str, Origin], ...] = field(default=(), repr=False, compare=False)

    def origin(self, span: Span) -> Span:
        """The place in the file, as it was decoded and with its own line ends, of a span of the read text."""
        found = next((one for name, one in self.origins if name == span.file), None)
        return Span(*found.place(span.start, span.end), span.file) if found else span

    @property
    def articles(self) -> tuple[Node, ...]:
        """The numbered or headed clauses: without preamble, supplement, and lines that only name a day."""
        return tuple(node for node in self.nodes if node.id[:1].isdigit())

    def day(self, kind: str) -> date | None:
        """The day of this kind: the first for `made`, else the last."""
        found = [day.on for day in self.days if day.kind == kind and day.on]
        return (min(found) if kind == "made" else max(found)) if found else None

    def month(self, kind: str) -> str:
        """The month of this kind where no day of it is given: the first for `made`, else the last."""
        found = [day.month for day in self.days if day.kind == kind and day.month]
        return (min(found) if kind == "made" else max(found)) if found else ""

    def walk(self) -> Iterator[Node]:
        """Every node, in the order of the text."""
        for node in self.nodes:
            yield from node.walk()

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by id."""
        return {node.id: node for node in self.walk()}

    def parent(self, id_: str) -> Node | None:
        """The node above, if there is one."""
        return self.by_id.get(id_.rpartition(".")[0])

    def of_kind(self, *kinds: Kind) -> tuple[Node, ...]:
        """The nodes of these kinds, outermost first."""
        return tuple(node for node in self.walk() if node.kind in kinds)
