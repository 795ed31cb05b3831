"""The processing standard: what may become of each column, and how many persons a published row must stand for.

It is fixed before any data is looked at, and its digest is in the ledger before a table is made. The ladders are part of
the method, so a standard is kept sealed; pages show the items only.

Clauses: 3.1, 3.2.
Law: APPI Art. 43(1), APPI Art. 43(2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, get_args

from chikai import canon
from chikai.errors import BadInput

# `identifier` never leaves, `quasi` leaves generalised. There is no third role: a value that is neither is not asked for.
Role = Literal["identifier", "quasi"]
StepKind = Literal["as_is", "month", "quarter", "year", "words", "holds", "bands", "all"]
LEAST_K: Final = 2
ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Step:
    """One way to say a value more coarsely.

    `words` maps values to coarser ones, and whatever it does not know to `other`; `holds` does so by the first of its
    words that stands in the value; `bands` holds the lower bounds of
    bands of numbers in rising order, the last of which is open at the top (no singular value stands out there).
    """

    kind: StepKind
    words: Mapping[str, str] = field(default_factory=dict)
    other: str = ""
    bands: tuple[int, ...] = ()

    def said(self, value: str) -> str:
        """The value at this step; an empty value stays empty, which is a group of its own."""
        if self.kind == "all":
            return ALL
        if not value or self.kind == "as_is":
            return value
        if self.kind == "words":
            return self.words.get(value, self.other)
        if self.kind == "holds":
            return next((to for part, to in self.words.items() if part in value), self.other)
        if self.kind == "bands":
            return self._band(value)
        return self._time(value)

    def _time(self, value: str) -> str:
        year, month = value[:4], value[5:7]
        if not (year.isdigit() and month.isdigit() and value[4:5] == "-"):
            raise BadInput("a value is no day", "give days as 2025-01-31")
        if self.kind == "month":
            return f"{year}-{month}"
        return year if self.kind == "year" else f"{year}-Q{(int(month) + 2) // 3}"

    def _band(self, value: str) -> str:
        try:
            number = int(value)
        except ValueError:
            raise BadInput("a value is no number", "give whole numbers to bands") from None
        for place, low in enumerate(self.bands):
            above = self.bands[place + 1] if place + 1 < len(self.bands) else None
            if number < (low if place == 0 else 0):
                return f"-{low - 1}"
            if above is None or number < above:
                return f"{low}-" if above is None else f"{low}-{above - 1}"
        return ALL


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table to be made.

    `category` is the data item of the policy that it comes from; `table` and `source` say where it is read. An
    identifier has no ladder.
    """

    name: str
    category: str
    table: str
    source: str
    role: Role = "quasi"
    ladder: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Standard:
    """What a table must meet. `k` persons at least stand behind each published combination of values.

    `at_most_suppressed` is the share of persons in percent whose rows may be left out for that; `lead_days` is how long
    the public knows the items before the table is first used or given to anybody.
    """

    name: str
    service: str
    purpose: str
    source: str
    columns: tuple[Column, ...]
    k: int
    at_most_suppressed: int = 10
    lead_days: int = 0
    because: str = ""

    @cached_property
    def digest(self) -> str:
        """The name of this standard in the ledger."""
        return canon.digest(self.as_json())

    @property
    def quasi(self) -> tuple[Column, ...]:
        """The columns that leave, generalised."""
        return tuple(column for column in self.columns if column.role == "quasi")

    @property
    def items(self) -> tuple[str, ...]:
        """The data items of the policy that the made table holds something of: what is published."""
        return tuple(dict.fromkeys(column.category for column in self.quasi))

    def check(self, granted: tuple[str, ...]) -> None:
        """BadInput when the standard is unsound, or asks for an item that the policy does not grant for the purpose."""
        if self.k < LEAST_K:
            raise BadInput("a row that stands for one person hides nobody", "set `k` to 2 or more")
        if not 0 <= self.at_most_suppressed < 100 or self.lead_days < 0:
            raise BadInput(
                "a share or a number of days is out of range", "0 to 99 percent, 0 days or more"
            )
        if not self.quasi:
            raise BadInput("the standard names no column that leaves", "name one with a ladder")
        for column in self.columns:
            _check_column(column)
            # Art. 18(1): making it is a use, too, so only what the purpose names may go in.
            if column.role == "quasi" and column.category not in granted:
                raise BadInput(
                    f"the policy does not grant `{column.category}` to `{self.service}` for "
                    f"`{self.purpose}`",
                    "leave the column out",
                )

    def as_json(self) -> dict[str, object]:
        """A plain form, for `from_json`."""
        return {
            "format": 1,
            **{name: getattr(self, name) for name in _PLAIN},
            "columns": [
                {
                    **{name: getattr(column, name) for name in _COLUMN},
                    "ladder": [
                        {"kind": s.kind, "words": dict(s.words), "other": s.other, "bands": s.bands}
                        for s in column.ladder
                    ],
                }
                for column in self.columns
            ],
        }

    @classmethod
    def from_file(cls, data: Mapping[str, object]) -> Standard:
        """Read what somebody wrote as TOML: `[[column]]` with its ladder, and defaults for what is not there."""
        columns = [
            {
                "role": "quasi",
                "table": "",
                "source": "",
                **row,
                "ladder": [
                    {"words": {}, "other": "", "bands": [], **step}
                    for step in _rows(row.get("ladder", []))
                ],
            }
            for row in _rows(data.get("column", []))
        ]
        plain = {"at_most_suppressed": 10, "lead_days": 0, "because": "", **data}
        return cls.from_json({**plain, "columns": columns})

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Standard:
        """Read `as_json` again; BadInput when it is none."""
        try:
            columns = tuple(_column(row) for row in _rows(data["columns"]))
            return cls(**{name: data[name] for name in _PLAIN}, columns=columns)  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError):
            raise BadInput("this is no processing standard", "write it anew") from None


_PLAIN: Final = (
    *("name", "service", "purpose", "source"),
    *("k", "at_most_suppressed", "lead_days", "because"),
)
_COLUMN: Final = ("name", "category", "table", "source", "role")


def _check_column(column: Column) -> None:
    if column.role == "identifier":
        if column.ladder:
            raise BadInput(f"`{column.name}` is an identifier with a ladder", "drop the ladder")
        return
    if not column.ladder or column.ladder[-1].kind != "all":
        raise BadInput(f"the ladder of `{column.name}` does not end in `all`", "add that step")
    if any(step.kind not in get_args(StepKind) for step in column.ladder):
        raise BadInput(f"the ladder of `{column.name}` has an unknown step", "see the reference")


def _rows(value: object) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _column(row: Mapping[str, object]) -> Column:
    ladder = tuple(
        Step(s["kind"], dict(s["words"]), s["other"], tuple(s["bands"]))  # type: ignore[arg-type, call-overload]
        for s in _rows(row["ladder"])
    )
    return Column(**{name: row[name] for name in _COLUMN}, ladder=ladder)  # type: ignore[arg-type]
