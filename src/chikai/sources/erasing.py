"""What an erasure of several people comes to, row by row, before anything is written: who owns it, what is kept, how much.

Every source finds rows in its own way and hands them over here, so that all of them keep the same rows, stop at the
same bounds and tell the same.

Clauses: 5.
Law: APPI Art. 22, APPI Art. 35(2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Final

from chikai.errors import Disagrees, MapError, MoreThanPlanned, Restored, WrongState
from chikai.sources.catalogue import Table
from chikai.sources.erasure import Erasing, Replacing
from chikai.sources.map import ColumnMap, Hold
from chikai.sources.protocol import Applying, Holds, Kept, Outcome, Row, Subjects, Value
from chikai.sources.values import fitted

_JAPAN: Final = timezone(timedelta(hours=9))
Key = tuple[Value, ...]


@dataclass(slots=True)
class Found:
    """A row that is to be erased: its key, its subjects in their order, and what was looked at of it."""

    key: Key
    subjects: list[str]
    seen: Row = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """New values for one row, named by its key."""

    key: Key
    values: Row


@dataclass(frozen=True, slots=True)
class Work:
    """One table of an erasure with its rows: those that go or change, and those that a law keeps."""

    step: Erasing
    rows: tuple[Found, ...]
    kept: tuple[Found, ...] = ()

    def replaced(self, replacing: Replacing, table: Table, subjects: Subjects) -> Iterator[Writing]:
        """The rows that get new values. A kept row loses the columns that are not held and gains those of `set`."""
        if not self.step.whole:
            for row in self.rows:
                yield self._writing(replacing, table, subjects, row, self.step.columns)
        hold = self.step.hold
        for row in self.kept if hold else ():
            writing = self._writing(replacing, table, subjects, row, self.step.of_held())
            for name, text in hold.set if hold else ():
                column = table.column(name)
                writing.values[name] = fitted(text, column.type) if column else text
            yield writing

    def _writing(
        self,
        replacing: Replacing,
        table: Table,
        subjects: Subjects,
        row: Found,
        columns: tuple[ColumnMap, ...],
    ) -> Writing:
        now = {name: row.seen[name] for name in self.step.joined}
        keys = subjects[row.subjects[0]]
        values = replacing.values(table, columns, keys=keys, row=row.key, now=now)
        return Writing(row.key, values)


def sorted_out(step: Erasing, rows: Iterable[Found], holds: Holds | None, source: str) -> Work:
    """The rows of a table by whether a law keeps them today."""
    if step.hold is None:
        return Work(step, tuple(rows))
    free: list[Found] = []
    kept: list[Found] = []
    for row in rows:
        row.until = kept_until(step.table, step.hold, row.seen[step.hold.since], holds, source)
        (free if row.until is None else kept).append(row)
    return Work(step, tuple(free), tuple(kept))


def kept_until(
    table: str, hold: Hold, since: Value, holds: Holds | None, source: str
) -> date | None:
    """Until which day a hold keeps a row; None when its time is over.

    Raises:
        MapError: the hold is not known.
        Disagrees: the row has no day from which the hold runs: a person must look.
    """
    until = holds.until.get(hold.law) if holds else None
    if holds is None or until is None:
        raise MapError(
            f"table `{table}` is under the hold `{hold.law}`, and nobody says how long that is",
            "Use a hold that `chikai.rights.holds` knows, and hand the holds in.",
            source,
        )
    try:
        began = _day(since)
    except ValueError:
        raise Disagrees(
            f"a row of table `{table}` has no day in `{hold.since}` from which its hold `{hold.law}` runs",
            "Nothing was changed; let its service fill in the day, or take the hold off the table.",
            source,
        ) from None
    last = until(began)
    return last if last >= holds.today else None


def _day(value: Value) -> date:
    at = fitted(value, "timestamp") if not isinstance(value, date) else value
    if isinstance(at, datetime):
        return (at.astimezone(_JAPAN) if at.tzinfo else at).date()
    if isinstance(at, date):
        return at
    raise ValueError


def outcomes(work: Sequence[Work], subjects: Iterable[str]) -> dict[str, Outcome]:
    """What the work does for each subject; a row of several subjects counts for each."""
    rows: dict[str, dict[str, int]] = {subject: defaultdict(int) for subject in subjects}
    kept: dict[str, list[Kept]] = defaultdict(list)
    for each in work:
        for row in each.rows:
            for subject in row.subjects:
                rows[subject][each.step.table] += 1
        held: dict[str, list[date]] = defaultdict(list)
        for row in each.kept:
            for subject in row.subjects:
                held[subject].append(row.until or date.max)
        for subject, days in held.items():
            law = each.step.hold.law if each.step.hold else ""
            kept[subject].append(Kept(each.step.table, len(days), law, max(days)))
    return {s: Outcome(dict(rows[s]), tuple(kept[s])) for s in rows}


def brake(
    work: Sequence[Work],
    found: Mapping[str, Outcome],
    planned: Mapping[str, Mapping[str, int]],
    source: str,
) -> None:
    """MoreThanPlanned where a subject has more rows than were counted and approved, or than the map lets one person have."""
    most = {each.step.table: each.step.most for each in work}
    for subject, outcome in found.items():
        for table, rows in outcome.rows.items():
            bound = planned.get(subject, {}).get(table, 0)
            if rows > bound:
                raise MoreThanPlanned(
                    f"{rows} rows of table `{table}` would change, and the plan allows {bound}",
                    "Nothing was changed; count again, look at the rows and approve a new plan.",
                    source,
                )
            if most.get(table) and rows > most[table]:
                raise MoreThanPlanned(
                    f"{rows} rows of table `{table}` would change for one person, and the map allows {most[table]}",
                    "Nothing was changed; look at the edges of the table, or raise `most` in the map.",
                    source,
                )


def refuse_restored(applying: Applying, stands: int | None, source: str) -> None:
    """Restored if less than the least epoch stands in the source: an old backup was put back there."""
    if applying.least and (stands or 0) < applying.least:
        do = f"what was decided since is carried out again: `chikai source replay {source}`"
        raise Restored("an old backup was restored there", do, source)


def refuse_older(applying: Applying, standing: Mapping[str, int], source: str) -> None:
    """WrongState if something newer was already decided about a subject than what this step was made for."""
    for subject, seq in applying.seqs.items():
        if standing.get(subject, seq) > seq:
            raise WrongState(
                "something newer was already carried out for this person there",
                "Nothing was changed; this step is out of date, and needs no second attempt.",
                source,
            )
