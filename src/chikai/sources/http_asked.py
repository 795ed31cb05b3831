"""What a service behind HTTP answers within one reading: rows out of its pages, and nothing that was left unnamed.

Clauses: 5.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from chikai.errors import Disagrees
from chikai.sources import http_api
from chikai.sources.catalogue import Catalogue, ColumnType
from chikai.sources.http_api import HOLE, Api, ApiTable, Endpoint, holes
from chikai.sources.http_client import Answer, Client, quoted
from chikai.sources.picture import Mark, mark
from chikai.sources.protocol import Row, Value
from chikai.sources.values import tidied

# RFC 8288: an address in brackets, and parameters whose values may be quoted.
_LINK: Final = re.compile(
    r"<([^<>]*)>((?:\s*;\s*[^\s=;,\"<>]+(?:\s*=\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\s;,\"]*))?)*)"
)
_PARAMETER: Final = re.compile(
    r";\s*([^\s=;,\"<>]+)(?:\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s;,\"]*)))?"
)
_MANY: Final = 200  # calls for one table, above which all of it is read instead
_DEEPEST: Final = 6  # levels of an answer in which fields are looked for


@dataclass
class Asked:
    """What a service answered within one reading."""

    name: str
    api: Api
    client: Client
    strict: bool = True
    unknown: dict[str, dict[str, ColumnType]] = field(default_factory=lambda: defaultdict(dict))
    _answers: bool = False  # whether it answered anything yet but that there is no such row
    _found: dict[tuple[str, tuple[str, ...], Mark], list[Row]] = field(default_factory=dict)

    @property
    def shape(self) -> Catalogue:
        """The tables as described."""
        return self.api.shape

    def rows(self, table: str) -> Iterator[Row]:
        """Every row, page by page."""
        described = self._table(table)
        if described.read is None:
            raise Disagrees(
                f"the description says no way to read all rows of `{table}`",
                f"Describe `table.{table}.read`.",
                self.name,
            )
        for page in self.pages(described, described.read, {}):
            yield from page

    def where(self, table: str, columns: tuple[str, ...], marks: set[Mark]) -> Iterable[Row]:
        """The rows that hold one of the marks: by the call that finds them, or among all."""
        described = self._table(table)
        named = next(
            (c for c in described.find if c == columns or (len(c) == 1 and c[0] in columns)), None
        )
        places = [columns.index(c) for c in named or ()]
        wanted = sorted({tuple(m[p] for p in places) for m in marks})
        if named is None or (described.read and len(wanted) > _MANY):
            yield from self.rows(table)
            return
        endpoint = described.find[named]
        for asked in wanted:
            if (table, named, asked) not in self._found:
                values = {c: _typed(described, c, v) for c, v in zip(named, asked, strict=True)}
                found = [r for page in self.pages(described, endpoint, values) for r in page]
                self._found[table, named, asked] = found
            yield from self._found[table, named, asked]

    def same(self, table: str, row: Row) -> Hashable:
        """Its key, or all of it where it has none."""
        key = self._table(table).key
        if key:
            return tuple(row[c] for c in key)
        return json.dumps(row, sort_keys=True, default=str)

    def pages(
        self, table: ApiTable, endpoint: Endpoint, values: Mapping[str, Value]
    ) -> Iterator[list[Row]]:
        """The rows of each page; Disagrees when a page comes again or there is no end."""
        more: dict[str, str] = {}
        paging, seen = self.api.page, set[str]()
        if paging.kind == "number":
            more = {paging.send: str(paging.first)}
        for number in range(self.api.limits.pages):
            answer = called(self.client, self.api, endpoint, values, more=more)
            if answer.status in endpoint.missing:
                if number:
                    raise self._wrong(
                        endpoint, "named a next page that is not there", "See `[page]`."
                    )
                self._see_that_it_answers()
                return
            self._answers = True
            rows = self._listed(answer, endpoint)
            yield [self._row(table, row, values) for row in rows]
            follow = _next(answer, paging, rows, number, self.client.config.url)
            if endpoint.rows == "." or follow is None:
                return
            stamp = json.dumps(rows if paging.kind == "number" else follow, sort_keys=True)
            if stamp in seen:
                raise self._wrong(endpoint, "gives the same page again and again", "See `[page]`.")
            seen.add(stamp)
            more = follow
        raise self._wrong(endpoint, "has no end", "Raise `limits.pages` if there are so many.")

    def _see_that_it_answers(self) -> None:
        """A fault where nothing answers as described: a retired address, too, says of each row that it is not there."""
        if self._answers:
            return
        described = (t.read for t in self.api.tables.values() if t.read and not holes(t.read.path))
        endpoint = self.api.check or next(described, None)
        if endpoint is not None:
            called(self.client, self.api, endpoint, {})
        self._answers = True

    def _listed(self, answer: Answer, endpoint: Endpoint) -> list[Mapping[str, Any]]:
        found = (
            answer.body if endpoint.rows in ("", ".") else http_api.at(answer.body, endpoint.rows)
        )
        rows = [found] if endpoint.rows == "." else found
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            place = f"at `{endpoint.rows}` " if endpoint.rows not in ("", ".") else ""
            raise self._wrong(
                endpoint, f"answered {place}with something that are no rows", "See `rows`."
            )
        return rows

    def _row(self, table: ApiTable, row: Mapping[str, Any], values: Mapping[str, Value]) -> Row:
        made: Row = {}
        for place in table.places:
            column = place.column
            value = values.get(column.name) if place.asked else http_api.at(row, place.at)
            made[column.name] = None if value in ("", None) else tidied(value, column.type)
        self._look(table, row)
        return made

    def _look(self, table: ApiTable, row: Mapping[str, Any]) -> None:
        known = {place.at for place in table.places if not place.asked}
        for found, type_ in _leaves(row, known):
            if any(fnmatchcase(found, pattern) for pattern in table.ignore):
                continue
            self.unknown[table.name].setdefault(found, type_)
            if self.strict:
                raise Disagrees(
                    f"the service answers `{table.name}` with a field `{found}` that its description does not name",
                    f"Run `chikai map scan {self.name}`, or write it under `columns` or `ignore`.",
                    self.name,
                )

    def _table(self, name: str) -> ApiTable:
        if name not in self.api.tables:
            raise Disagrees(
                f"table `{name}` is in the map and missing from the description",
                f"Run `chikai map drift {self.name}` to see what has changed.",
                self.name,
            )
        return self.api.tables[name]

    def _wrong(self, endpoint: Endpoint, what: str, do: str) -> Disagrees:
        return Disagrees(f"the call `{endpoint.method} {endpoint.path}` {what}", do, self.name)


def called(
    client: Client,
    api: Api,
    endpoint: Endpoint,
    values: Mapping[str, Value],
    *,
    more: Mapping[str, str] | None = None,
    once: str = "",
) -> Answer:
    """Make a call with these values in its template; `more` is what the next page needs."""
    path = HOLE.sub(lambda hole: quoted(mark(values[hole[1]])), endpoint.path)
    query = {name: _filled(text, values) for name, text in endpoint.query.items()}
    body = _filled(endpoint.body, values)
    if more and "\0path" in more:
        path, query = more["\0path"], dict(parse_qsl(more["\0query"]))
    elif more and isinstance(body, dict) and endpoint.method == "POST":
        body |= more
    elif more:
        query |= more
    answer = client.call(endpoint, path, query, body, once)
    failed = [f for f in api.errors if http_api.at(answer.body, f)]
    if failed and answer.status not in endpoint.missing:
        raise Disagrees(
            f"the call `{endpoint.method} {endpoint.path}` was answered with `{failed[0]}`",
            "Compare the description with the service's own documentation.",
            client.config.name,
        )
    return answer


def _typed(table: ApiTable, column: str, said: str) -> Value:
    """A key as the service has it: a number where its column holds numbers."""
    type_ = next(place.column.type for place in table.places if place.column.name == column)
    return tidied(said, type_) if type_ in ("integer", "boolean") else said


def _filled(template: Any, values: Mapping[str, Value]) -> Any:
    """A template with its holes filled; a text that is one hole takes the value as it is."""
    if isinstance(template, str):
        if (whole := HOLE.fullmatch(template)) and whole[1] in values:
            return values[whole[1]]
        return HOLE.sub(lambda hole: mark(values[hole[1]]), template)
    if isinstance(template, Mapping):
        return {name: _filled(inner, values) for name, inner in template.items()}
    if isinstance(template, list):
        return [_filled(inner, values) for inner in template]
    return template


def _next(
    answer: Answer, paging: http_api.Paging, rows: Sequence[object], number: int, url: str
) -> dict[str, str] | None:
    """What asks for the next page; None after the last."""
    if paging.kind == "number":
        return {paging.send: str(paging.first + number + 1)} if rows else None
    if paging.kind == "cursor":
        found = http_api.at(answer.body, paging.take)
        return {paging.send: str(found)} if found not in (None, "", False) else None
    if paging.kind == "link":
        link = next_link(answer.headers.get("link", ""))
        return _followed(link, url) if link else None
    if paging.kind == "next":
        found = http_api.at(answer.body, paging.take)
        return _followed(str(found), url) if found else None
    return None


def next_link(header: str) -> str:
    """The address of the next page in a Link header (RFC 8288, names and relations in any case); empty on the last."""
    for link in _LINK.finditer(header):
        said = (q or v for name, q, v in _PARAMETER.findall(link[2]) if name.casefold() == "rel")
        relations = next(said, "").strip("'").casefold().split()
        if "next" in relations:
            return link[1]
    return ""


def _followed(link: str, url: str) -> dict[str, str]:
    """A link to the next page as a path below our own address; Disagrees if it leads elsewhere."""
    here, there = urlsplit(url), urlsplit(link)
    below = here.path.rstrip("/")
    elsewhere = there.netloc and (there.scheme, there.netloc) != (here.scheme, here.netloc)
    if elsewhere or not f"{there.path}/".startswith(f"{below}/"):
        raise Disagrees(
            "the next page is said to be at another address, which is not followed",
            "Write the address that it names into `url`.",
        )
    return {"\0path": there.path[len(below) :], "\0query": there.query}


def _leaves(
    row: Mapping[str, Any], known: set[str], above: str = "", depth: int = 0
) -> Iterator[tuple[str, ColumnType]]:
    """The fields of a row that hold something and are not known, with what they seem to be."""
    for name, value in row.items():
        place = f"{above}{name}"
        if place in known or value in (None, "", [], {}):
            continue
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _leaves(value, known, f"{place}.", depth + 1)
        else:
            yield place, _type_of(value)


def _type_of(value: object) -> ColumnType:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "decimal"
    return "text" if isinstance(value, str) else "json"
