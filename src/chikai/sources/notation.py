"""Edges as people write them in a map: `author_id -> users.id`, composite, polymorphic, with names quoted.

`(tenant_id, user_id) -> users.(tenant_id, id)` pairs columns in order; `owner_id -> users.id when owner_type = 'User'`
holds only where the column has that value. A name with other signs than letters, digits and `_` stands in backticks.
"""

from __future__ import annotations

import re
from typing import Final

from chikai.errors import MapError
from chikai.sources.map import Edge

_PLAIN: Final = re.compile(r"[^\W\d]\w*")
_TOKEN: Final = re.compile(r"\s*(?:`((?:[^`]|``)*)`|'((?:[^']|'')*)'|(->|[(),.=])|(\w+))")
_FORM: Final = (
    "write `column -> table.column`, `(a, b) -> table.(c, d)`, or add `when column = 'value'`"
)


def quoted(name: str) -> str:
    """A name as it stands in an edge: in backticks where it has other signs than a plain word."""
    return (
        name if _PLAIN.fullmatch(name) and name != "when" else "`" + name.replace("`", "``") + "`"
    )


def written(edge: Edge) -> str:
    """An edge as text; `parsed` gives it back."""
    text = f"{_side(edge.columns)} -> {quoted(edge.table)}.{_side(edge.to)}"
    if edge.when is not None:
        value = edge.when[1].replace("'", "''")
        text += f" when {quoted(edge.when[0])} = '{value}'"
    return text


def _side(columns: tuple[str, ...]) -> str:
    return quoted(columns[0]) if len(columns) == 1 else f"({', '.join(map(quoted, columns))})"


def parsed(text: str) -> Edge:
    """The edge that a text says.

    Raises:
        MapError: the text is not of that form.
    """
    reader = _Reader(text)
    columns = reader.side()
    reader.sign("->")
    table = [reader.name()]
    reader.sign(".")
    to = reader.side()
    while reader.peek() == ("sign", "."):  # a schema before the table: public.users.id
        reader.sign(".")
        table.append(to[0])
        to = reader.side()
    when = None
    if reader.peek() == ("name", "when"):
        reader.name()
        column = reader.name()
        reader.sign("=")
        when = (column, reader.value())
    if reader.peek() is not None or len(columns) != len(to):
        raise reader.wrong()
    return Edge(columns, ".".join(table), to, when)


class _Reader:
    """The tokens of one edge."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        end = 0
        for match in _TOKEN.finditer(text):
            if match.start() != end:
                raise self.wrong()
            end = match.end()
            ticked, value, sign, word = match.groups()
            if ticked is not None:
                self.tokens.append(("quoted", ticked.replace("``", "`")))
            elif value is not None:
                self.tokens.append(("value", value.replace("''", "'")))
            else:
                self.tokens.append(("sign", sign) if sign else ("name", word))
        if text[end:].strip():
            raise self.wrong()

    def wrong(self) -> MapError:
        return MapError(f"cannot read the edge `{self.text}`", _FORM)

    def peek(self) -> tuple[str, str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _next(self, *kinds: str) -> str:
        token = self.peek()
        if token is None or token[0] not in kinds:
            raise self.wrong()
        self.at += 1
        return token[1]

    def sign(self, wanted: str) -> None:
        if self._next("sign") != wanted:
            raise self.wrong()

    def name(self) -> str:
        return self._next("name", "quoted")

    def value(self) -> str:
        return self._next("value", "name")

    def side(self) -> tuple[str, ...]:
        if self.peek() != ("sign", "("):
            return (self.name(),)
        self.sign("(")
        names = [self.name()]
        while self.peek() == ("sign", ","):
            self.sign(",")
            names.append(self.name())
        self.sign(")")
        return tuple(names)
