"""The notation of the corpus: one table a line, `table | whose path | columns`, labels written by hand.

A column is `name[!][:type][>table.column][=kind/kind]`: `!` marks the primary key (else the first column), the type
is one of i s t b d w n j u x o (integer, text, long text, boolean, date, timestamp, decimal, json, uuid, bytes,
other; `s60` has a length), `>` is what it refers to, `=` the kinds that are right, `-` among them if nothing is right too.
A path is `@` for an identity table, `via a,b` for edges, `/` between answers that are equally right, and `a<t.c`
where the other table points here.
"""

from dataclasses import dataclass
from pathlib import Path

from chikai.policy.document import Controller, DataCategory, Document, Service, Text
from chikai.policy.kinds import KINDS
from chikai.sources.catalogue import Catalogue, Column, ForeignKey, Table

HERE = Path(__file__).parent
PARTS = (
    "tuning",
    "heldout",
    "fresh",
    "last",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
)  # in the order in which they were made
TYPES = {
    "i": "integer", "s": "text", "t": "text", "b": "boolean", "d": "date", "w": "timestamp",
    "n": "decimal", "j": "json", "u": "uuid", "x": "bytes", "o": "other", "m": "time",
}  # fmt: skip


@dataclass(frozen=True)
class Label:
    """What a person who knows the application says of a table."""

    whose: frozenset[str]
    paths: tuple[frozenset, ...]  # each answer: a set of (columns, table), or {"@"}
    kinds: dict[str, frozenset[str]]


@dataclass(frozen=True)
class Schema:
    """One application: its catalogue and the labels."""

    name: str
    title: str
    catalogue: Catalogue
    labels: dict[str, Label]


def policy_of_all_kinds() -> Document:
    """A policy whose categories are the kinds themselves, so that kinds are what is measured."""
    categories = tuple(DataCategory(k.id, Text(k.ja, k.en), "2.2", (k.id,)) for k in KINDS)
    service = Service("app", Text("アプリ", "App"))
    return Document(Controller(Text("例", "Example")), (service,), categories, (), (), (), ())


def read(path: Path) -> Schema:
    """One schema from its file."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    head, rows = lines[0], lines[1:]
    declared = "fk=yes" in head
    tables, labels = [], {}
    for row in rows:
        name, told, text = (part.strip() for part in row.split(" | "))
        columns, refs, keys, kinds = [], {}, [], {}
        for token in text.split(" "):
            body, _, kind = token.partition("=")
            body, _, ref = body.partition(">")
            body, _, type_ = body.partition(":")
            column = body.rstrip("!")
            if body.endswith("!"):
                keys.append(column)
            type_ = type_ or "s255"
            length = int(type_[1:]) if type_[1:] else None
            columns.append(Column(column, TYPES[type_[0]], True, length, "", ""))
            if ref:
                refs[column] = ref
            kinds[column] = frozenset((kind or "-").split("/"))
        keys = keys or [columns[0].name]
        columns = [Column(c.name, c.type, c.name not in keys, c.length) for c in columns]
        fks = tuple(
            ForeignKey((c,), r.rpartition(".")[0], (r.rpartition(".")[2],)) for c, r in refs.items()
        )
        tables.append(Table(name, tuple(columns), tuple(keys), (), fks if declared else ()))
        labels[name] = Label(*_told(told, refs), kinds)
    known = {t.name for t in tables}
    tables = [
        Table(
            t.name,
            t.columns,
            t.primary_key,
            t.unique,
            tuple(f for f in t.foreign_keys if f.table in known),
        )
        for t in tables
    ]
    return Schema(path.stem, head.lstrip("# "), Catalogue("memory", tuple(tables)), labels)


def _told(told: str, refs: dict[str, str]):
    whose, _, path = told.partition(" ")  # a path that ends in ` / ` may also be empty
    answers = []
    for option in f"{path} ".split(" / ") if path else []:
        option = option.removeprefix("via ").strip()
        if not option:
            answers.append(frozenset())
            continue
        if option == "@":
            answers.append(frozenset({"@"}))
            continue
        edges = set()
        for part in option.split(","):
            column, _, back = part.partition("<")
            target = (back or refs.get(column, "?.?")).rpartition(".")[0]
            edges.add(((column,), target))
        answers.append(frozenset(edges))
    owners = frozenset(whose.split("/"))
    if not answers or "none" in owners:
        answers.append(frozenset())
    return owners, tuple(answers)


def all_in(part: str) -> list[Schema]:
    """The schemas of one part of the corpus: `tuning`, `heldout`, `fresh`."""
    return [read(path) for path in sorted((HERE / part).glob("*.txt"))]
