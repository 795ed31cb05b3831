"""A first map of a source, proposed in one reading: columns, paths, whose; an engineer finishes it.

Everything is decided by the pure rooms beside this one; only here is a source asked. Sampled values are turned into
shapes at once and are kept nowhere.

Clauses: 2.2, 5.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Final, Self, TypeVar

from chikai.errors import ConfigError
from chikai.policy.document import Document
from chikai.sources import detect, drift, holding, names, persons, shapes, whose
from chikai.sources.atlas import Atlas
from chikai.sources.atlas import read as read_names
from chikai.sources.catalogue import Catalogue, Table
from chikai.sources.detect import Guess, Row
from chikai.sources.map import NOT_PERSONAL, UNDECIDED, ColumnMap, Erase, Map, TableMap
from chikai.sources.paths import Link
from chikai.sources.places import Place
from chikai.sources.protocol import Reading, Source
from chikai.sources.shapes import Shape

T = TypeVar("T")
Progress = Callable[[int, int, str], None]
UNSURE: Final = 0.35  # below this a guess is not proposed: the column is `?`
_TESTED: Final = 200  # distinct values by which a guessed link is tried
_PROVEN: Final = 0.9  # of them, those that must stand in the other table


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an engineer should look at: a code, the place, what it is and what to do. Never a value."""

    code: str
    table: str
    what: str
    do: str = ""
    column: str = ""
    error: bool = True

    @property
    def where(self) -> str:
        """The table or the column by name."""
        return f"{self.table}.{self.column}" if self.column else self.table


@dataclass(frozen=True)
class Proposal:
    """A proposed map, what stands out, and how sure we are of each column and table.

    `columns` are the guesses by (table, column), `tables` the confidence and reason by table.
    """

    map: Map
    findings: tuple[Finding, ...] = ()
    columns: Mapping[tuple[str, str], tuple[Guess, ...]] = field(default_factory=dict)
    tables: Mapping[str, Place] = field(default_factory=dict)


def scan(
    source: Source,
    policy: Document,
    service: str,
    *,
    rows: int = 200,
    progress: Progress | None = None,
) -> Proposal:
    """Propose a map of a source within one reading; `rows` are sampled of each table, none where it is 0.

    Raises:
        Unreachable: the source does not answer. A table that cannot be read is a finding.
        ConfigError: no table at all may be read.
    """
    catalogue = source.catalogue()
    atlas = read_names(catalogue)
    faults: list[Finding] = []
    with _Asked(source) as reading:
        seen = _looks(reading, atlas, rows, progress, faults) if rows else {}
        if faults and not seen:
            _refuse_blind(source.name, faults)
        kinds = {
            table: {c: s.kind for c, s in found.items() if s.kind} for table, found in seen.items()
        }
        facts = persons.known(atlas, kinds)
        people, links = persons.study(facts)
        if rows:
            links = _tried(reading, links)
    places = whose.place(facts, people, links)
    return _proposal(source.name, policy, service, atlas, places, links, seen, faults)


class _Asked:
    """One reading of a source, opened anew after a fault: PostgreSQL ends a transaction at its first error."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stack = ExitStack()
        self._reading: Reading | None = None

    def __enter__(self) -> Self:
        self._reading = self._stack.enter_context(self._source.reading())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _ask(self, question: Callable[[Reading], T]) -> T:
        if self._reading is None:
            self._reading = self._stack.enter_context(self._source.reading())
        try:
            return question(self._reading)
        except Exception:
            self._reading = None
            with suppress(Exception):
                self._stack.close()
            raise

    def sample(self, table: str, columns: Sequence[str], rows: int) -> list[tuple[object, ...]]:
        """Some rows of a table."""
        return self._ask(lambda reading: reading.sample(table, columns, rows))

    def included(
        self, child: tuple[str, str], parent: tuple[str, str], rows: int
    ) -> tuple[int, int]:
        """How many distinct values of a child column stand in a parent column, and how many there were."""
        return self._ask(lambda reading: reading.included(child, parent, rows))


def propose(
    catalogue: Catalogue, policy: Document, service: str, name: str = "database"
) -> Proposal:
    """Propose a map from the catalogue alone, without one row."""
    atlas = read_names(catalogue)
    facts = persons.known(atlas)
    people, links = persons.study(facts)
    return _proposal(name, policy, service, atlas, whose.place(facts, people, links), links, {}, [])


def _looks(
    reading: _Asked, atlas: Atlas, rows: int, progress: Progress | None, faults: list[Finding]
) -> dict[str, dict[str, Shape]]:
    """The shapes of all columns; a table that may not be read is a finding, not the end."""
    tables = atlas.catalogue.tables
    seen: dict[str, dict[str, Shape]] = {}
    for at, table in enumerate(tables, 1):
        if progress is not None:
            progress(at, len(tables), table.name)
        columns = [c.name for c in table.columns if c.type in ("text", "json", "date", "other")]
        if not columns or table.rows == 0:
            continue
        try:
            sampled = reading.sample(table.name, columns, rows)
        except Exception as error:
            faults.append(_unreadable(table, error))
            continue
        seen[table.name] = {
            column: shapes.look((row[i] for row in sampled), column)
            for i, column in enumerate(columns)
        }
    return seen


def _refuse_blind(name: str, faults: Sequence[Finding]) -> None:
    """A map made from names only, while every table that was looked at is shut, would look as if it were read."""
    if all("may not be read" in fault.what for fault in faults):
        raise ConfigError(
            f"our account may not read any table of `{name}`",
            f"run the statements of `chikai source grants {name}`, then `chikai map scan {name}`",
        )


def _unreadable(table: Table, error: Exception) -> Finding:
    # The driver's message may quote a row, so nothing of it is told.
    denied = isinstance(error, ConfigError)
    what = "may not be read" if denied else "could not be sampled"
    return Finding(
        "unreadable", table.name, f"table `{table.name}` {what}",
        "grant SELECT on it and scan again; until then its names alone were read", error=False,
    )  # fmt: skip


def _tried(reading: _Asked, links: Mapping[str, tuple[Link, ...]]) -> dict[str, tuple[Link, ...]]:
    """Guessed links, tried on values: confirmed, or dropped where the values do not stand in the other table."""
    out = {}
    for table, found in links.items():
        kept = []
        for link in found:
            if link.declared or link.edge.when is not None or len(link.edge.columns) != 1:
                kept.append(link)
                continue
            child, parent = (table, link.edge.columns[0]), (link.edge.table, link.edge.to[0])
            try:
                hits, total = reading.included(child, parent, _TESTED)
            except Exception:  # an unreadable table was already reported, and the name still speaks
                kept.append(link)
                continue
            share = hits / total if total else 0.0
            if total == 0:
                kept.append(link)
            elif share >= _PROVEN:
                because = f"{link.because}, and {share:.0%} of its sampled values stand there"
                kept.append(replace(link, confidence=max(link.confidence, 0.95), because=because))
            elif share >= 0.3:  # deleted accounts, zero for a guest
                kept.append(replace(link, confidence=link.confidence * 0.9))
        out[table] = tuple(kept)
    return out


def _proposal(
    name: str, policy: Document, service: str, atlas: Atlas, places: Mapping[str, Place],
    links: Mapping[str, tuple[Link, ...]], seen: Mapping[str, Mapping[str, Shape]], faults: list[Finding],
) -> Proposal:  # fmt: skip
    tables, findings, columns = [], list(faults), {}
    for table in atlas.catalogue.tables:
        place = places[table.name]
        row = row_of(atlas, table, place, links[table.name])
        guessed = {
            c.name: detect.guesses(c, row, seen.get(table.name, {}).get(c.name))
            for c in table.columns
        }
        columns.update({(table.name, c): g for c, g in guessed.items()})
        mapped = []
        for column in table.columns:
            best = guessed[column.name][0]
            entry, finding = _mapped(table, column.name, best, policy)
            mapped.append(entry)
            findings.extend([finding] if finding else [])
            findings.extend(
                _guarded(table, column.name, best, seen.get(table.name, {}).get(column.name))
            )
        if place.whose == "unknown":
            findings.append(_unreached(table, mapped))
        tables.append(TableMap(
            table.name, place.whose, place.edges, place.identity, tuple(mapped), table.primary_key,
            f"{place.because} ({place.confidence:.0%})", drift.shape(table),
            hold=holding.proposed(table, place.whose),
        ))  # fmt: skip
    map_ = Map(name, service, tuple(tables), atlas.catalogue.digest)
    return Proposal(map_, tuple(findings), columns, places)


def row_of(atlas: Atlas, table: Table, place: Place, links: tuple[Link, ...]) -> Row:
    """What the columns of a table must know about its row."""
    held = {c for link in links if link.confidence >= 0.5 for c in link.edge.columns}
    prefix = atlas.columns[table.name]
    named = [names.words(names.without_prefix(c.name, prefix)) for c in table.columns]
    siblings = {word for words in named for word in words} | {"=" + " ".join(w) for w in named}
    return Row(
        atlas.subjects[table.name], place.whose, place.identity is not None, frozenset(held),
        frozenset(table.primary_key), prefix, frozenset(siblings),
    )  # fmt: skip


_ERASE: Final[dict[str, Erase]] = {
    "card_number": "null",
    "credential": "null",
    "ip": "null",
    "mynumber": "null",
}


def _mapped(
    table: Table, column: str, best: Guess, policy: Document
) -> tuple[ColumnMap, Finding | None]:
    """One line of the map for a column, and a finding where it cannot be decided here."""
    if best.confidence < UNSURE:
        return ColumnMap(column, UNDECIDED), Finding(
            "undecided", table.name, f"column `{table.name}.{column}` could not be read from its name",
            "write the category it holds, or `-`", column,
        )  # fmt: skip
    if best.kind == NOT_PERSONAL:
        return ColumnMap(column, NOT_PERSONAL, "keep"), None
    category = policy.category_of_kind(best.kind)
    if category is not None:
        return ColumnMap(column, category.id, _ERASE.get(best.kind, ""), best.kind), None
    from chikai.policy.kinds import BY_ID

    kind = BY_ID[best.kind]
    return ColumnMap(column, UNDECIDED, "", best.kind), Finding(
        "uncovered", table.name,
        f"column `{table.name}.{column}` looks like {kind.en} ({best.because}); no category of the policy covers it",
        f"add `{best.kind}` to the kinds of a category, or write `-`", column,
    )  # fmt: skip


def _guarded(table: Table, column: str, best: Guess, shape: Shape | None) -> list[Finding]:
    """Numbers that the law guards, standing in a column that is not for them (R-39, R-40)."""
    if shape is None:
        return []
    held = (set(shape.inside) | {shape.kind}) & {"mynumber", "card_number"}
    said = {"mynumber": "My Numbers", "card_number": "card numbers"}
    return [
        Finding(
            "guarded", table.name, f"column `{table.name}.{column}` seems to hold {said[kind]}",
            "find out how they came there and remove them; no ordinary purpose allows to keep them", column,
        )
        for kind in sorted(held)
        if kind != best.kind or kind == "mynumber"
    ]  # fmt: skip


def _unreached(table: Table, mapped: list[ColumnMap]) -> Finding:
    return Finding(
        "unreachable",
        table.name,
        f"table `{table.name}` holds personal columns, and no edge leads from it to a person",
        f'write `through = "COLUMN -> TABLE.COLUMN"`, or `whose = "none"` if its {len(mapped)} columns are of nobody',
    )
