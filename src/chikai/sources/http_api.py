"""How an HTTP service is asked: a file of TOML read into values, so that connecting a service takes no program.

A table is a kind of row that the service answers with. `read` gives all of them page by page, `find.COLUMN` those whose
column holds a value, `write` changes one, `erase` takes one away for good. docs/reference/http.md explains every line.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast, get_args

from chikai.errors import ConfigError
from chikai.sources import notation
from chikai.sources.catalogue import Catalogue, Column, ColumnType, ForeignKey, Table

METHODS: Final = ("get", "post", "put", "patch", "delete")
AUTHS: Final = ("bearer", "basic", "header", "none")
PAGINGS: Final = ("none", "cursor", "number", "link", "next")
MISSING: Final = (404, 410)
HOLE: Final = re.compile(r"\{([^{}]+)\}")
CHANGES: Final = "changes"  # `{changes}` is the changed columns, nested as their places say
_COLUMN: Final = re.compile(
    r"([a-z]+)(?:\(([0-9]+)\))?((?: (?:required|unique|asked))*)(?: at (\S+))?"
)
_ENDPOINT: Final = {*METHODS, "query", "body", "rows", "missing"}
_TABLE: Final = {"key", "columns", "references", "ignore", "read", "find", "write", "erase"}
_TOP: Final = {"title", "auth", "limits", "page", "errors", "check", "table"}


@dataclass(frozen=True, slots=True)
class Auth:
    """How a call says who we are; the secret itself is in `password_file` or `password_env`."""

    kind: str = "bearer"
    header: str = "Authorization"
    user: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What we keep to, and what we bear. Waiting for a service that asks for patience ends with `wait_seconds`."""

    per_second: float = 8.0
    seconds: float = 10.0
    wait_seconds: float = 60.0
    attempts: int = 5
    megabytes: int = 16
    pages: int = 2000


@dataclass(frozen=True, slots=True)
class Paging:
    """How the next page is asked for: `send` is a parameter of the query, `take` a place in the answer."""

    kind: str = "none"
    send: str = ""
    take: str = ""
    first: int = 1


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call. `rows` is the place of the rows in the answer, `.` when the answer itself is the row."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    rows: str = ""
    missing: tuple[int, ...] = MISSING


@dataclass(frozen=True, slots=True)
class Place:
    """One column: what it is, and where in a row it stands. `asked`: not in the answer, it is what was asked for."""

    column: Column
    at: str
    unique: bool = False
    asked: bool = False


@dataclass(frozen=True)
class ApiTable:
    """One kind of row, and the calls that reach it."""

    name: str
    key: tuple[str, ...]
    places: tuple[Place, ...]
    references: tuple[ForeignKey, ...] = ()
    ignore: tuple[str, ...] = ()
    read: Endpoint | None = None
    find: Mapping[tuple[str, ...], Endpoint] = field(default_factory=dict)
    write: Endpoint | None = None
    erase: Endpoint | None = None

    def described(self) -> Table:
        """The table as a catalogue has it."""
        unique = tuple((place.column.name,) for place in self.places if place.unique)
        columns = tuple(place.column for place in self.places)
        return Table(self.name, columns, self.key, unique, self.references)


@dataclass(frozen=True)
class Api:
    """A whole service."""

    title: str
    auth: Auth
    limits: Limits
    page: Paging
    errors: tuple[str, ...]
    check: Endpoint | None
    tables: Mapping[str, ApiTable]

    @cached_property
    def shape(self) -> Catalogue:
        """The tables that the file describes."""
        return Catalogue("http", tuple(table.described() for table in self.tables.values()))

    @property
    def changes(self) -> bool:
        """Whether anything can be changed through it."""
        return any(table.write or table.erase for table in self.tables.values())


def read(path: Path) -> Api:
    """The description in a file; ConfigError where it is missing or wrong, with the place."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "the description of the HTTP service cannot be read", "check `api`", str(path)
        ) from None
    return parse(text, str(path))


def parse(text: str, where: str) -> Api:
    """The description in a text."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"not valid TOML: {fault}", "mend the line", where) from None
    reader = _Reader(where)
    reader.known(data, _TOP, "the file")
    tables = reader.table(data, "table")
    if not tables:
        raise ConfigError("no table is described", "write `[table.NAME]`", where)
    return Api(
        str(data.get("title", "")),
        reader.settings(data, "auth", Auth, kind=AUTHS),
        reader.settings(data, "limits", Limits),
        reader.settings(data, "page", Paging, kind=PAGINGS),
        tuple(reader.texts(data, "errors")),
        reader.endpoint(data, "check", "check"),
        {name: reader.api_table(name, table) for name, table in tables.items()},
    )


def extended(text: str, found: Mapping[str, Mapping[str, ColumnType]]) -> str:
    """The text with these fields named as columns; comments and order stay."""
    import tomlkit

    document = tomlkit.parse(text)
    tables = cast("Any", document)["table"]
    for table, fields_ in found.items():
        columns = tables[table].setdefault("columns", tomlkit.table())
        for name, type_ in fields_.items():
            columns[name] = type_
    return tomlkit.dumps(document)


def at(row: object, place: str) -> object:
    """What stands at a place of an answer, such as `paging.next.after`; None where there is nothing."""
    for part in () if place == "." else place.split("."):
        if not isinstance(row, Mapping):
            return None
        row = row.get(part)
    return row


def holes(value: object) -> Iterator[str]:
    """The names that stand in braces anywhere in a template."""
    if isinstance(value, str):
        yield from HOLE.findall(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from holes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from holes(inner)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads tables of TOML and says where one is wrong."""

    where: str

    def wrong(self, what: str, do: str) -> ConfigError:
        return ConfigError(what, do, self.where)

    def known(self, table: Mapping[str, Any], names: set[str], what: str) -> None:
        if unknown := sorted(set(table) - names):
            known = ", ".join(f"`{name}`" for name in sorted(names))
            raise self.wrong(f"`{unknown[0]}` is no line of {what}", f"known are {known}")

    def table(self, table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        found = table.get(name, {})
        if not isinstance(found, Mapping):
            raise self.wrong(f"`{name}` is no table", f"write `[{name}]`")
        return found

    def texts(self, table: Mapping[str, Any], name: str) -> list[str]:
        found = table.get(name, [])
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise self.wrong(f"`{name}` is no list of texts", f'write `{name} = ["..."]`')
        return found

    def settings(self, data: Mapping[str, Any], name: str, made: type, **choices: Any) -> Any:
        """A flat table as a value of its class; numbers must be above nothing."""
        table, defaults = self.table(data, name), made()
        names = {("from" if f.name == "take" else f.name): f.name for f in fields(made)}
        self.known(table, set(names), f"`[{name}]`")
        values: dict[str, Any] = {}
        for key, value in table.items():
            wanted = type(getattr(defaults, names[key]))
            allowed = (int, float) if wanted is float else wanted
            fits = isinstance(value, allowed) and not isinstance(value, bool)
            if not fits or (not isinstance(value, str) and value < 0):
                raise self.wrong(f"`{name}.{key}` has not the form it needs", "see the reference")
            if key in choices and value not in choices[key]:
                known = ", ".join(f"`{choice}`" for choice in choices[key])
                raise self.wrong(f"`{name}.{key}` cannot be `{value}`", f"use one of {known}")
            values[names[key]] = value
        return made(**values)

    def endpoint(self, table: Mapping[str, Any], name: str, what: str) -> Endpoint | None:
        if name not in table:
            return None
        data = self.table(table, name)
        self.known(data, _ENDPOINT, f"`{what}`")
        verbs = [method for method in METHODS if method in data]
        if len(verbs) != 1 or not str(data[verbs[0]]).startswith("/"):
            raise self.wrong(
                f"`{what}` does not say which call it is",
                'write one of `get = "/path"`, `post`, ...',
            )
        path, query = str(data[verbs[0]]), self.table(data, "query")
        if "//" in path or "?" in path or "#" in path:
            raise self.wrong(f"the path of `{what}` holds more than a path", "use `query`")
        # Only a call that names one row, or changes one, can say that there is none: of a list it means a wrong address.
        of_one = bool(HOLE.search(path)) or what.endswith((".write", ".erase"))
        missing = data.get("missing", list(MISSING) if of_one else [])
        return Endpoint(
            verbs[0].upper(),
            path,
            {key: str(value) for key, value in query.items()},
            data.get("body"),
            str(data.get("rows", "")),
            tuple(int(status) for status in missing),
        )

    def api_table(self, name: str, table: Mapping[str, Any]) -> ApiTable:
        what = f"table.{name}"
        self.known(table, _TABLE, f"`[{what}]`")
        places = tuple(
            self.place(f"{what}.columns.{column}", column, str(said))
            for column, said in self.table(table, "columns").items()
        )
        names = {place.column.name for place in places}
        find: dict[tuple[str, ...], Endpoint] = {}
        for said in self.table(table, "find"):
            columns = tuple(said.split("+"))
            call = self.endpoint(self.table(table, "find"), said, f"{what}.find.{said}")
            find[columns] = cast("Endpoint", call)
            self.holes(find[columns], set(columns), f"{what}.find.{said}")
        made = ApiTable(
            name, tuple(self.texts(table, "key")), places,
            tuple(self.reference(text) for text in self.texts(table, "references")),
            tuple(self.texts(table, "ignore")),
            self.endpoint(table, "read", f"{what}.read"), find,
            self.endpoint(table, "write", f"{what}.write"),
            self.endpoint(table, "erase", f"{what}.erase"),
        )  # fmt: skip
        for column in (*made.key, *(c for columns in find for c in columns)):
            if column not in names:
                raise self.wrong(f"`[{what}]` has no column `{column}`", "name it under `columns`")
        for verb in ("read", "write", "erase"):
            if found := getattr(made, verb):
                self.holes(found, set() if verb == "read" else names | {CHANGES}, f"{what}.{verb}")
        if (made.write or made.erase) and not made.key:
            raise self.wrong(f"`[{what}]` has no `key`", "what is changed is named by its key")
        if made.write and CHANGES not in set(holes(made.write.body)):
            raise self.wrong(f"`{what}.write` sends no changes", 'write `body = "{changes}"`')
        return made

    def holes(self, endpoint: Endpoint, names: set[str], what: str) -> None:
        for said in holes([endpoint.path, dict(endpoint.query), endpoint.body]):
            if said not in names:
                raise self.wrong(
                    f"`{{{said}}}` in `{what}` stands for nothing", "write the name of a column"
                )

    def place(self, what: str, name: str, said: str) -> Place:
        """`text(200) required unique at properties.email`."""
        found = _COLUMN.fullmatch(said)
        if found is None or found[1] not in get_args(ColumnType):
            raise self.wrong(
                f"`{what}` says `{said}`, which is no column",
                "write a type, then `required`, `unique` or `asked`, then `at PLACE`",
            )
        words, length = set(found[3].split()), int(found[2]) if found[2] else None
        column = Column(
            name, cast("ColumnType", found[1]), "required" not in words, length, raw=found[1]
        )
        return Place(column, found[4] or name, "unique" in words, "asked" in words)

    def reference(self, text: str) -> ForeignKey:
        edge = notation.parsed(text)
        return ForeignKey(edge.columns, edge.table, edge.to)
