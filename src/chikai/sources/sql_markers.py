"""What we leave in a source about our own work: which steps were made there, and how far our work had come.

`chikai_applied` holds one row for each step and subject, written in the transaction of the change itself, so that a
step that is tried again finds what it did. `chikai_epoch` is one row with a counter; if it is behind ours, an old
backup was restored there. Neither holds a name or a key of a person. Both are made by whoever owns the database
(`chikai source grants` prints how), or by us where our account may; without them a change relies on being the same
when it is made twice.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa

from chikai.sources.erasing import refuse_older, refuse_restored
from chikai.sources.markers import APPLIED, EPOCH
from chikai.sources.protocol import Applying, Kept, Outcome
from chikai.sources.sql_faults import plain_faults, stated

_META: Final = sa.MetaData()
_applied: Final = sa.Table(
    APPLIED,
    _META,
    sa.Column("step_id", sa.String(64), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("subject_seq", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False, server_default=sa.func.current_timestamp()),
)
_epoch: Final = sa.Table(
    EPOCH,
    _META,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
)


@dataclass
class Markers:
    """The markers of one step in one transaction; without the table, or without a step, there are none."""

    connection: sa.Connection
    applying: Applying | None
    there: frozenset[str]
    name: str
    where: str
    written: int | None = None

    def recorded(self) -> dict[str, Outcome]:
        """The subjects for whom this step was made before; WrongState where something newer stands.

        A subject that this step was made for keeps its outcome, whatever came later. Rows of others are not read.
        """
        applying = self.applying
        if applying is None or APPLIED not in self.there:
            return {}
        found: dict[str, Outcome] = {}
        newest: dict[str, int] = {}
        query = sa.select(
            _applied.c.step_id, _applied.c.subject, _applied.c.subject_seq, _applied.c.rows
        )
        mine = (
            _applied.c.subject.in_(list(applying.seqs))
            if applying.seqs
            else _applied.c.step_id == applying.step
        )
        with self._plain():
            for step, subject, seq, text in self.connection.execute(query.where(mine)):
                if step == applying.step:
                    found[subject] = _outcome(text)
                newest[subject] = max(seq, newest.get(subject, seq))
        refuse_older(applying, {s: n for s, n in newest.items() if s not in found}, self.name)
        return found

    def record(self, outcomes: Mapping[str, Outcome]) -> None:
        """Write down what this step does for each subject, and how far we have come; before the first change."""
        applying = self.applying
        if applying is None:
            return
        self._count(applying)
        if APPLIED in self.there and outcomes:
            rows = [
                {"step_id": applying.step, "subject": subject, "fence": applying.fence,
                 "subject_seq": applying.seqs.get(subject, 0), "rows": _text(outcome)}
                for subject, outcome in outcomes.items()
            ]  # fmt: skip
            with self._plain(verb="INSERT"):
                self._insert(rows)

    def _count(self, applying: Applying) -> None:
        """Raise the epoch, whose row is locked until the change ends; Restored where less stands than the least."""
        stands = None
        if EPOCH in self.there and applying.epoch:
            with self._plain(EPOCH, "UPDATE"):
                stands = epoch(self.connection, lock=True)
        refuse_restored(applying, stands, self.name)
        if stands is not None:
            self.written = max(stands + 1, applying.epoch)
            row = sa.update(_epoch).where(_epoch.c.id == 1)
            with self._plain(EPOCH, "UPDATE"):
                self.connection.execute(row.values(epoch=self.written))

    def _insert(self, rows: list[dict[str, object]]) -> None:
        try:
            for start in range(0, len(rows), 500):
                self.connection.execute(sa.insert(_applied).values(rows[start : start + 500]))
        except sa.exc.IntegrityError:  # another worker was faster with the same step
            raise stated("deadlock", name=self.name, where=self.where, table=APPLIED) from None

    def _plain(self, table: str = APPLIED, verb: str = "SELECT") -> Any:
        return plain_faults(self.name, self.where, table, verb)


def epoch(connection: sa.Connection, *, lock: bool = False) -> int | None:
    """The epoch that stands in a source that has the table; a lock keeps it until the transaction ends."""
    query = sa.select(_epoch.c.epoch).where(_epoch.c.id == 1)
    found = connection.execute(query.with_for_update() if lock else query).scalar()
    return None if found is None else int(found)


def prune(connection: sa.Connection, before: datetime, keep: Collection[str]) -> int:
    """Remove what is told of steps from before a moment (UTC), save of these subjects; how many rows that were."""
    old = sa.delete(_applied).where(_applied.c.at < before.astimezone(UTC).replace(tzinfo=None))
    return connection.execute(old.where(_applied.c.subject.not_in([*keep]))).rowcount


def _text(outcome: Outcome) -> str:
    kept = [[k.table, k.rows, k.hold, k.until.isoformat()] for k in outcome.kept]
    return json.dumps({"rows": dict(outcome.rows), "kept": kept}, ensure_ascii=False)


def _outcome(text: str) -> Outcome:
    held = json.loads(text)
    kept = tuple(Kept(t, n, hold, date.fromisoformat(day)) for t, n, hold, day in held["kept"])
    return Outcome(held["rows"], kept, recorded=True)
