"""A map as TOML text: read with all its faults, and written anew with how sure a scan was of each line.

Each table is a block of a few lines. A personal column has a line of its own with how sure the scan was and why; the
columns that say nothing of anybody share one line, `nothing`. A line in `columns` wins over `nothing`, so each
correction is one line: `columns.memo = "voluntary"`, `whose = "none"`, another `through`.
"""

from __future__ import annotations

import contextlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast, get_args

from chikai.errors import MapError
from chikai.sources import notation
from chikai.sources.map import (
    NO_LAW,
    NOT_PERSONAL,
    ColumnMap,
    Erase,
    Hold,
    Identity,
    Map,
    TableMap,
    Whose,
)
from chikai.sources.scan import Proposal

SHAPES: Final = (
    "# What the database said when this was written; `chikai map drift` compares with it."
)
_HEAD: Final = re.compile(r"\s*\[\s*table\s*\.\s*(\"(?:[^\"\\]|\\.)*\"|'[^']*'|[\w-]+)")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_IDENTITY: Final = ("key", "email", "verified", "name", "phone")
_HOLD: Final = frozenset({"law", "since", "columns", "set"})
_KNOWN: Final = frozenset(
    {"whose", "through", "identity", "key", "columns", "nothing", "because", "most", "hold"}
)


class MapErrors(MapError):
    """Several faults of one map, found in one reading."""

    def __init__(self, faults: Iterable[MapError]) -> None:
        self.faults: Final = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def parse(content: str, *, where: str = "map") -> Map:
    """The map that a text says; `where` names it in faults.

    Raises:
        MapErrors: the content is wrong; each fault carries `where` and the line.
    """
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise MapErrors([MapError(f"this is not TOML: {error}", "correct the line", where)])
    reader = _Reader(content, where)
    tables = data.get("table", {})
    if not isinstance(tables, dict):
        raise MapErrors([MapError("`table` is not a table", "write `[table.NAME]`", where)])
    shapes = data.get("shape", {})
    mapped = tuple(
        reader.table(str(name), held, shapes.get(name, "")) for name, held in tables.items()
    )
    for wrong in set(data) - {"source", "service", "catalogue", "table", "shape"}:
        reader.fault(f"`{wrong}` means nothing here", "remove it", "", wrong)
    if reader.faults:
        raise MapErrors(reader.faults)
    return Map(
        str(data.get("source", "")),
        str(data.get("service", "")),
        mapped,
        str(data.get("catalogue", "")),
    )


class _Reader:
    """Turns the tables of a file into a map and remembers what is wrong, with the line."""

    def __init__(self, content: str, where: str) -> None:
        self.lines = content.splitlines()
        self.where = where
        self.faults: list[MapError] = []
        self.heads: dict[str, int] = {}
        for number, line in enumerate(self.lines, 1):
            match = _HEAD.match(line)
            if match:
                self.heads.setdefault(_unquoted(match.group(1)), number)

    def fault(self, what: str, do: str, table: str, key: str = "") -> None:
        """Note a fault at the line of a table's key, or of the table."""
        start = self.heads.get(table, 0)
        line = start
        for number in range(start, len(self.lines)):
            if number >= start and _HEAD.match(self.lines[number]) and key:
                break
            if key and re.match(
                rf"\s*(?:columns\s*\.\s*)?[\"']?{re.escape(key)}[\"']?\s*[.=]", self.lines[number]
            ):
                line = number + 1
                break
        self.faults.append(MapError(what, do, f"{self.where}:{line}" if line else self.where))

    def table(self, name: str, held: object, shape: object) -> TableMap:
        """One table of the map."""
        if not isinstance(held, dict):
            self.fault(f"`{name}` is not a table", "write `[table.NAME]`", name)
            return TableMap(name, "unknown")
        for wrong in sorted(set(held) - _KNOWN):
            self.fault(
                f"table `{name}` has a line `{wrong}`, which means nothing",
                f"use one of {', '.join(sorted(_KNOWN))}",
                name,
                wrong,
            )
        whose = held.get("whose", "unknown")
        if whose not in get_args(Whose):
            self.fault(
                f"table `{name}`: nobody's row is called `{whose}`",
                f"write one of {', '.join(get_args(Whose))}",
                name,
                "whose",
            )
            whose = "unknown"
        return TableMap(
            name, cast("Whose", whose), self._edges(name, held.get("through", [])), self._identity(name, held.get("identity")),
            self._columns(name, held), self._strings(name, "key", held.get("key", [])),
            str(held.get("because", "")), str(shape), self._most(name, held.get("most", 0)), self._hold(name, held.get("hold")),
        )  # fmt: skip

    def _most(self, name: str, written: object) -> int:
        if isinstance(written, int) and not isinstance(written, bool) and written >= 0:
            return written
        self.fault(
            f"table `{name}`: `most` is not a number of rows", "write most = 500", name, "most"
        )
        return 0

    def _hold(self, name: str, written: object) -> Hold | None:
        if written is None:
            return None
        if written == NO_LAW:
            return Hold(NO_LAW, "")
        held = written if isinstance(written, dict) else {}
        columns, new = held.get("columns", []), held.get("set", {})
        texts = isinstance(held.get("law"), str) and isinstance(held.get("since"), str)
        lists = isinstance(columns, list) and all(isinstance(c, str) for c in columns)
        pairs = isinstance(new, dict) and all(isinstance(v, str) for v in new.values())
        if not (texts and lists and pairs and set(held) <= _HOLD):
            self.fault(
                f"table `{name}`: `hold` is not understood",
                'write { law = "tax_books", since = "issued_on" }, or "none"',
                name,
                "hold",
            )
            return None
        return Hold(held["law"], held["since"], tuple(columns), tuple(new.items()))

    def _edges(self, name: str, written: object) -> tuple[Any, ...]:
        out = []
        for text_ in self._strings(name, "through", written):
            try:
                out.append(notation.parsed(text_))
            except MapError as error:
                self.fault(f"table `{name}`: {error.what}", error.do, name, "through")
        return tuple(out)

    def _strings(self, name: str, key: str, written: object) -> tuple[str, ...]:
        if isinstance(written, str):
            return (written,)
        if isinstance(written, list) and all(isinstance(item, str) for item in written):
            return tuple(written)
        self.fault(
            f"table `{name}`: `{key}` is not a text or a list of texts", 'write ["..."]', name, key
        )
        return ()

    def _identity(self, name: str, written: object) -> Identity | None:
        if written is None:
            return None
        if (
            not isinstance(written, dict)
            or not set(written) <= set(_IDENTITY)
            or "key" not in written
        ):
            self.fault(
                f"table `{name}`: `identity` is not understood",
                'write { key = "id", email = "email" }',
                name,
                "identity",
            )
            return None
        return Identity(**{key: str(value) for key, value in written.items()})

    def _columns(self, name: str, held: Mapping[str, object]) -> tuple[ColumnMap, ...]:
        out = {}
        nothing = self._strings(name, "nothing", held.get("nothing", []))
        written = held.get("columns", {})
        if not isinstance(written, dict):
            self.fault(
                f"table `{name}`: `columns` is not a table",
                'write columns.NAME = "category"',
                name,
                "columns",
            )
            written = {}
        for column, value in written.items():
            entry = self._column(name, column, value)
            if entry is not None:
                out[column] = entry
        for column in nothing:
            out.setdefault(column, ColumnMap(column, NOT_PERSONAL, "keep"))
        return tuple(out.values())

    def _column(self, name: str, column: str, value: object) -> ColumnMap | None:
        erase: object = None
        if isinstance(value, dict):
            erase, value = value.get("erase"), value.get("is")
        if not isinstance(value, str) or not value or erase not in (None, *get_args(Erase)):
            self.fault(
                f"column `{name}.{column}` is not understood",
                f'write "category", "-", "?" or {{ is = "category", erase = "{"|".join(filter(None, get_args(Erase)))}" }}', name, column,
            )  # fmt: skip
            return None
        category, _, kind = value.partition("/")
        default = "keep" if category == NOT_PERSONAL else ""
        return ColumnMap(column, category.strip(), cast("Erase", erase or default), kind.strip())


def text(what: Map | Proposal) -> str:
    """A map, or a proposal with its confidence and reasons, as the text of a new file."""
    proposal = what if isinstance(what, Proposal) else Proposal(what)
    map_ = proposal.map
    lines = [
        f"# Whose each row of `{map_.source}` is, and what each column holds. How to finish it: docs/reference/map.md",
        *_todo(proposal),
        f"source = {string_text(map_.source)}",
        f"service = {string_text(map_.service)}",
        f"catalogue = {string_text(map_.catalogue)}",
        "",
    ]
    for table in map_.tables:
        lines.extend(_block(table, proposal))
    if any(table.shape for table in map_.tables):
        lines += [
            SHAPES,
            "[shape]",
        ]
        lines += [f"{key_text(t.name)} = {string_text(t.shape)}" for t in map_.tables if t.shape]
    return "\n".join(lines).rstrip() + "\n"


def _todo(proposal: Proposal) -> list[str]:
    left = [f for f in proposal.findings if f.error or f.code == "guarded"]
    if not left:
        return []
    return ["#", "# To do:", *(f"# - {_line(f.what)}: {_line(f.do)}" for f in left), "#"]


def _line(words: str) -> str:
    """Text without line breaks or control signs, so that a comment stays one."""
    return "".join(sign if sign.isprintable() else " " for sign in words)


def _block(table: TableMap, proposal: Proposal) -> list[str]:
    out = [f"[table.{key_text(table.name)}]", f"whose = {string_text(table.whose)}"]
    if table.because:
        out.append(f"because = {string_text(table.because)}")
    if table.edges:
        out.append(
            f"through = [{', '.join(string_text(notation.written(e)) for e in table.edges)}]"
        )
    if table.identity is not None:
        pairs = ((key, getattr(table.identity, key)) for key in _IDENTITY)
        out.append(
            f"identity = {{ {', '.join(f'{k} = {string_text(v)}' for k, v in pairs if v or k == 'key')} }}"
        )
    if table.key:
        out.append(f"key = {_list(table.key)}")
    if table.most:
        out.append(f"most = {table.most}")
    if table.hold is not None:
        out.append(f"hold = {_held(table.hold)}")
    nothing = []
    for column in table.columns:
        if column.category == NOT_PERSONAL and column.erase == "keep" and not column.kind:
            nothing.append(column.name)
            continue
        out.append(
            f"columns.{key_text(column.name)} = {_value(column)}{_reason(table.name, column.name, proposal)}"
        )
    if nothing:
        out.append(f"nothing = {_list(nothing)}")
    return [*out, ""]


def _value(column: ColumnMap) -> str:
    said = f"{column.category}/{column.kind}" if column.kind else column.category
    if column.erase == ("keep" if column.category == NOT_PERSONAL else ""):
        return string_text(said)
    return f"{{ is = {string_text(said)}, erase = {string_text(column.erase)} }}"


def _held(hold: Hold) -> str:
    if hold.law == NO_LAW:
        return string_text(NO_LAW)
    parts = [f"law = {string_text(hold.law)}", f"since = {string_text(hold.since)}"]
    if hold.columns:
        parts.append(f"columns = {_list(hold.columns)}")
    if hold.set:
        new = ", ".join(f"{key_text(k)} = {string_text(v)}" for k, v in hold.set)
        parts.append(f"set = {{ {new} }}")
    return f"{{ {', '.join(parts)} }}"


def _reason(table: str, column: str, proposal: Proposal) -> str:
    guesses = proposal.columns.get((table, column), ())
    if not guesses:
        return ""
    return f"  # {guesses[0].confidence:.0%} {guesses[0].kind}: {_line(guesses[0].because)}"


def string_text(value: str) -> str:
    """A text as a TOML basic string."""
    # TOML's basic strings take JSON's escapes, save for DEL, which JSON leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_text(name: str) -> str:
    """A name as a TOML key: bare where it may be."""
    return name if _BARE.fullmatch(name) else string_text(name)


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(string_text, names))}]"


def _unquoted(name: str) -> str:
    if name.startswith('"'):
        with contextlib.suppress(ValueError):
            return str(json.loads(name))
    return name.strip("'")
