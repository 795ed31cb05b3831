"""A service behind HTTP as a source, asked as its description says (`http_api`).

A service gives no picture of one moment and knows no transaction. So each call is made once in a reading, and what a
person is handed was read within seconds; a change is made row by row, children first, each call with an
Idempotency-Key that a repeated step sends again, and each row is asked for afterwards: what a service answers to a
change is not believed. A field that the description does not name stops everything, because it would be left out.

Clauses: 5, 6.
Law: APPI Art. 23, APPI Art. 33(2), APPI Art. 34(2), APPI Art. 35(2).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chikai.errors import ChikaiError, Disagrees
from chikai.sources import http_api
from chikai.sources.catalogue import Catalogue, Column, ColumnType, Table
from chikai.sources.changing import ByRows, Edit
from chikai.sources.config import SourceConfig, password
from chikai.sources.http_api import CHANGES, Api, ApiTable, Endpoint
from chikai.sources.http_asked import Asked, called
from chikai.sources.http_client import Client
from chikai.sources.picture import Mark, Picture, mark
from chikai.sources.protocol import Applying, Health, Row, Value
from chikai.sources.single import Verb


def connect(config: SourceConfig, *, environ: Mapping[str, str], secret: bytes = b"") -> HttpSource:
    """Make the source; nothing is called before it is asked.

    Raises:
        ConfigError: its description or its key cannot be read.
    """
    api = http_api.read(Path(config.api))
    client = Client(config, api.auth, api.limits, password(config, environ), environ)
    return HttpSource(config, api, client, secret)


@dataclass
class HttpSource(ByRows):
    """One service. `step` names what changes are made for, so that made again they are known again."""

    config: SourceConfig
    api: Api
    client: Client
    secret: bytes = b""
    step: str = ""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = self.config.name

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def check(self) -> Health:
        """Whether it answers and lets us in; a fault is told, not raised."""
        try:
            if self.api.check:
                called(self.client, self.api, self.api.check, {})
            else:
                self.catalogue()
        except ChikaiError as told:
            return Health(reachable=False, dialect="http", fault=told.what, do=told.do)
        fault, do = "", ""
        if self.config.mode == "enforce" and not self.api.changes:
            fault = f"source `{self.name}` is enforced, and its description names no change"
            do = "Describe `write` and `erase`, or let somebody do it by hand."
        held = "write" if self.api.changes else "select"
        title = self.api.title or urlsplit(self.config.url).netloc
        return Health(True, "http", title, held, len(self.api.tables), fault, do)  # type: ignore[arg-type]

    def catalogue(self) -> Catalogue:
        """Its tables as described, with every field of a first page that the description does not name."""
        asked = Asked(self.name, self.api, self.client, strict=False)
        for table in self.api.tables.values():
            if table.read:
                next(asked.pages(table, table.read, {}), None)
        tables = [_widened(table, asked.unknown[table.name]) for table in self.api.shape.tables]
        return Catalogue("http", tuple(tables))

    def unnamed(self) -> dict[str, dict[str, ColumnType]]:
        """The fields that its first pages hold and its description does not name, by table."""
        asked, known = self.catalogue(), self.api.shape.by_name
        found = {
            t.name: {c.name: c.type for c in t.columns if known[t.name].column(c.name) is None}
            for t in asked.tables
        }
        return {name: fields for name, fields in found.items() if fields}

    def picture(self) -> Picture:
        """What it answers now, each call once."""
        return Picture(Asked(self.name, self.api, self.client))

    def words(self, edit: Edit) -> str:
        """The call, as its description writes it."""
        endpoint = self._endpoint(edit)
        return f"{endpoint.method} {endpoint.path}"

    def make(self, edits: Sequence[Edit], picture: Picture, applying: Applying | None) -> None:  # noqa: ARG002
        """Make the changes row by row, each seen afterwards."""
        self.step = applying.step if applying else ""
        calls = [(edit, self._endpoint(edit)) for edit in edits]  # all are there, or none is made
        for done, (edit, endpoint) in enumerate(calls):
            try:
                self._change(edit, endpoint)
            except ChikaiError as told:
                if not done:
                    raise
                left = (
                    f"{done} of {len(calls)} rows were changed; made again, the step goes on there."
                )
                raise type(told)(told.what, f"{told.do} {left}".strip(), told.where) from None

    def lacks(self, table: str, verb: Verb) -> bool:
        """Whether its description says no way to change rows of a table so."""
        return getattr(self.api.tables[table], verb) is None

    def _endpoint(self, edit: Edit) -> Endpoint:
        verb = "erase" if edit.whole else "write"
        found: Endpoint | None = getattr(self.api.tables[edit.table], verb)
        if found is None:
            raise Disagrees(
                f"the description says no way to {verb} rows of `{edit.table}`",
                f"Nothing was changed; describe `table.{edit.table}.{verb}`, or let somebody do it by hand.",
                self.name,
            )
        return found

    def _change(self, edit: Edit, endpoint: Endpoint) -> None:
        table = self.api.tables[edit.table]
        nested: dict[str, Any] = {}
        for place in table.places:
            if place.column.name in edit.values:
                _put(nested, place.at, _sent(edit.values[place.column.name]))
        values = {name: _sent(value) for name, value in edit.row.items()} | {CHANGES: nested}
        called(self.client, self.api, endpoint, values, once=self._once(table, edit))
        self._see(table, edit)

    def _see(self, table: ApiTable, edit: Edit) -> None:
        """Ask for the row again: gone, or with its new values."""
        asked = Asked(self.name, self.api, self.client)
        wanted = tuple(mark(edit.row[c]) for c in table.key)
        rows = [r for r in asked.where(table.name, table.key, {wanted}) if _key(table, r) == wanted]
        if edit.whole and rows:
            raise Disagrees(
                f"a row of `{table.name}` still stands after the service said that it went",
                "See whether `erase` is described as the call that erases for good.",
                self.name,
            )
        kept = [
            name
            for name, value in edit.values.items()
            for row in rows
            if _seen(row[name]) != _seen(value)
        ]
        if kept:
            raise Disagrees(
                f"`{table.name}.{kept[0]}` holds another value after the service said that it was changed",
                "See whether `write` is described as the service takes it.",
                self.name,
            )

    def _once(self, table: ApiTable, edit: Edit) -> str:
        """The same for the same change of the same step, whoever makes it; no value can be read from it."""
        if not self.step:
            return str(uuid.uuid4())
        said = repr((self.step, self.name, table.name, _key(table, edit.row), edit.whole))
        said += repr(sorted((name, mark(value)) for name, value in edit.values.items()))
        return hashlib.blake2b(said.encode(), key=self.secret[:64], digest_size=16).hexdigest()


def _widened(table: Table, more: Mapping[str, ColumnType]) -> Table:
    columns = (*table.columns, *(Column(name, type_) for name, type_ in sorted(more.items())))
    return Table(table.name, columns, table.primary_key, table.unique, table.foreign_keys)


def _put(nested: dict[str, Any], place: str, value: object) -> None:
    *above, last = place.split(".")
    for part in above:
        nested = nested.setdefault(part, {})
    nested[last] = value


def _sent(value: Value) -> Any:
    """A value as JSON takes it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | uuid.UUID):
        return mark(value)
    return value


def _seen(value: Value) -> Value:
    """A value as it is compared after a change; nothing and an empty text are one."""
    return None if value in (None, "") else mark(value)


def _key(table: ApiTable, row: Row) -> Mark:
    return tuple(mark(row[c]) for c in table.key)
