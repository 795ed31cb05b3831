"""TOML with places: every table and key knows its line, and every fault is kept until the whole file was read.

The standard library parses TOML but says no lines; `lines_of` finds them in a text that `tomllib` has already taken,
so it need not check anything itself. A value inside an inline table or array has the line of the key that holds it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, TypeVar, get_args

from chikai.errors import PolicyError
from chikai.policy.document import Text

# Where a value stands: ("purpose", 2, "uses", "balus").
Path = tuple[str | int, ...]
Choice = TypeVar("Choice", bound=str)

_TOKEN: Final = re.compile(
    r"""(?P<string>\"{3}(?:\\.|[^\\])*?\"{3}\"{0,2}|'{3}.*?'{3}'{0,2}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<comment>\#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)|(?P<other>[^"'\#\[\]{}\n]+)""",
    re.DOTALL,
)
_AT_LINE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
Needed = Literal["needed", "may be empty", "optional"]


def lines_of(text: str) -> dict[Path, int]:
    """The line of every table header and every key of a valid TOML text."""
    lines: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    table: Path = ()
    for line, key, brackets in _logical_lines(text):
        parts = _parts(key)
        if not brackets:
            lines.setdefault((*table, *parts), line)
            continue
        table = ()
        for part in parts[:-1]:
            table = (*table, part)
            table = (*table, arrays[table]) if table in arrays else table
        table = (*table, parts[-1])
        if brackets > 1:
            arrays[table] = arrays.get(table, -1) + 1
            table = (*table, arrays[table])
        lines.setdefault(table, line)
    return lines


def _logical_lines(text: str) -> Iterator[tuple[int, str, int]]:
    """Each header or assignment: its line, its key as written, and how many brackets stand before the key."""
    line, start, depth, brackets, key, in_value = 1, 0, 0, 0, "", False
    for token in _TOKEN.finditer(text + "\n"):
        kind, said = token.lastgroup, token.group()
        if kind == "end" and depth == 0:
            if key.strip():
                yield start, key, brackets
            start, brackets, key, in_value = 0, 0, "", False
        elif kind == "open":
            brackets += not in_value
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind in {"string", "other"} and not in_value:
            before, equals, _ = said.partition("=") if kind == "other" else (said, "", "")
            key += before
            in_value = bool(equals)
            start = start or (line if before.strip() else 0)
        line += said.count("\n")


def _parts(key: str) -> tuple[str, ...]:
    """The parts of a dotted key, read by the parser itself so that quoting is right."""
    value: object = tomllib.loads(f"{key.strip()} = 0")
    parts: list[str] = []
    while isinstance(value, dict):
        part, value = next(iter(value.items()))
        parts.append(part)
    return tuple(parts)


def listed(words: Iterable[str]) -> str:
    """Names in backticks, as a sentence lists them."""
    quoted = [f"`{word}`" for word in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1]))) if quoted else "nothing"


def suggest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`did you mean ...?` for a word that is near to a known one."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else otherwise


@dataclass(frozen=True, slots=True)
class Book:
    """One TOML file: its lines, and the faults found in it so far."""

    file: str
    lines: Mapping[Path, int]
    faults: list[PolicyError] = field(default_factory=list)

    def where(self, path: Path) -> str:
        """`policy.toml:41` of a value, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"

    def fault(self, path: Path, what: str, do: str = "") -> None:
        """Keep a fault for later."""
        self.faults.append(PolicyError(what, do, self.where(path)))


def parse(text: str, file: str) -> Table:
    """The file as a table; PolicyError with its line where it is no TOML."""
    try:
        values: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at and at[1] else text.count("\n") + 1
        said = _AT_LINE.sub("", str(error))
        raise PolicyError(
            f"this is not valid TOML (`{said}`)",
            "mend this line or the one before it; strings stand in quotes",
            f"{file}:{line}",
        ) from None
    except RecursionError:
        what = "this is not a policy: its tables or arrays stand too deep inside each other"
        raise PolicyError(what, "write one level of `[[...]]`", f"{file}:1") from None
    return Table(values, (), Book(file, lines_of(text.replace("\r\n", "\n"))))


@dataclass(frozen=True, slots=True)
class Table:
    """One table: each question names a key, says what it must be, and gets a usable value even where it is wrong."""

    values: Mapping[str, object]
    path: Path
    book: Book
    asked: set[str] = field(default_factory=set)

    @property
    def where(self) -> str:
        """The place of the table's header."""
        return self.book.where(self.path)

    def place(self, key: str) -> str:
        """The place of a key, or of the table where it has none."""
        return self.book.where((*self.path, key))

    def fault(self, key: str, what: str, do: str = "") -> None:
        """Keep a fault at a key."""
        self.book.fault((*self.path, key), what, do)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self.asked.add(key)
        return key in self.values

    def _get(self, key: str, wanted: type, example: str, *, needed: bool) -> object:
        if not self.has(key):
            if needed:
                self.fault(key, f"{self.name} lacks `{key}`", f"add it as `{example}`")
            return None
        value = self.values[key]
        # In Python a boolean is an integer and a moment is a day; in TOML they are not.
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            self.fault(
                key, f"`{key}` of {self.name} is of the wrong kind", f"write it as `{example}`"
            )
            return None
        return value

    @property
    def name(self) -> str:
        """What messages call this table."""
        named = self.values.get("id", self.values.get("kind"))
        head = ".".join(part for part in self.path if isinstance(part, str))
        own = f" `{named}`" if isinstance(named, str) and head else ""
        return f"`[{head}]`{own}" if head else f"`{self.book.file}`"

    def string(self, key: str, default: str | None = None) -> str:
        """A string; without default it is needed and may not be empty."""
        value = self._get(key, str, f'{key} = "..."', needed=default is None)
        if value == "" and default is None:
            self.fault(key, f"`{key}` of {self.name} is empty", "write it")
        return value if isinstance(value, str) else default or ""

    def choice(
        self, key: str, choices: tuple[Choice, ...], default: Choice | None = None
    ) -> Choice:
        """One of a few words."""
        value = self.string(key, default)
        found = next((choice for choice in choices if choice == value), None)
        if found is None and self.has(key) and isinstance(self.values[key], str):
            said = f"`{key}` of {self.name} is `{value}`, which is not known"
            self.fault(key, said, suggest(value, choices, f"it can be {listed(choices)}"))
        return found if found is not None else default or choices[0]

    def text(self, key: str, need: Needed = "needed") -> Text:
        """Words in both languages; what is needed has both."""
        value = self._get(
            key, dict, f'{key} = {{ ja = "...", en = "..." }}', needed=need != "optional"
        )
        if not isinstance(value, dict):
            return Text()
        inner = Table(value, (*self.path, key), self.book)
        words = Text(inner.string("ja", ""), inner.string("en", ""))
        inner.done()
        for language in ("ja", "en"):
            if need == "needed" and value.get(language, "") == "":
                what = f"`{key}` of {self.name} has no words in `{language}`"
                self.fault(key, what, "the policy is shown in both languages; write them")
        return words

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._get(key, bool, f"{key} = true", needed=False)
        return value if isinstance(value, bool) else default

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self._get(key, int, f"{key} = 1", needed=False)
        if not isinstance(value, int):
            return default
        if not low <= value <= high:
            self.fault(key, f"`{key}` of {self.name} is not within {low} and {high}", "change it")
        return value

    def day(self, key: str) -> date | None:
        """A day such as 2025-02-22, with or without quotes."""
        if not self.has(key):
            return None
        value = self.values[key]
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.fault(key, f"`{key}` of {self.name} is not a day", "write it as 2025-02-22")
            return None

    def strings(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """An array of strings, each once."""
        value = self._get(key, list, f'{key} = ["name", "email"]', needed=needed)
        if not isinstance(value, list):
            return ()
        found = tuple(item for item in value if isinstance(item, str))
        if len(found) != len(value):
            self.fault(key, f"`{key}` of {self.name} holds more than strings", "write names only")
        for item in sorted(item for item, count in Counter(found).items() if count > 1):
            self.fault(key, f"`{key}` of {self.name} names `{item}` twice", "name it once")
        return found

    def table(self, key: str, *, needed: bool = True) -> Table:
        """A table below this one; an empty one where it is missing."""
        value = self._get(key, dict, f"[{key}]", needed=needed)
        return Table(value if isinstance(value, dict) else {}, (*self.path, key), self.book)

    def tables(self, key: str) -> tuple[Table, ...]:
        """An array of tables, `[[key]]`."""
        value = self._get(key, list, f"[[{key}]]", needed=False)
        items = value if isinstance(value, list) else []
        if any(not isinstance(item, dict) for item in items):
            self.fault(
                key, f"`{key}` is not an array of tables", f"begin each one with `[[{key}]]`"
            )
        return tuple(
            Table(item, (*self.path, key, place), self.book)
            for place, item in enumerate(items)
            if isinstance(item, dict)
        )

    def done(self) -> None:
        """Fault every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                do = suggest(key, self.asked, f"it can have {listed(sorted(self.asked))}")
                self.fault(key, f"{self.name} has an unknown key `{key}`", do)


def choices_of(literal: object) -> tuple[str, ...]:
    """The words of a `Literal` type."""
    return tuple(str(word) for word in get_args(literal))
