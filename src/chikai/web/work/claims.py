"""Claims: a worker takes all requests that are due at once, and holds them by a lease that it renews each second.

The claim is the fence. Whoever takes a row over writes another claim into it, so that a worker that was asleep finds its
own nowhere and writes nothing more: each transaction first locks the rows that still carry its claim, and goes on with
those alone. A request whose worker ended badly twice is taken alone from then on.

Clauses: 6.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F

from chikai import canon, clock
from chikai.rights.request import OPEN
from chikai.web.actions import reviewing, subject_keys
from chikai.web.actions.sets import update_each
from chikai.web.models import Edition, Outbox, Request, Step
from chikai.web.models.ledger import SubjectKey
from chikai.web.models.people import doubts_about_each, keys_of_each
from chikai.web.models.rights import LEASE
from chikai.web.work.sources import Standing, standings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from uuid import UUID

    from chikai.policy.document import Document
    from chikai.rights.review import Review
    from chikai.web.actions.grown import Tables

MOST: Final = 1000  # requests in one batch
RENEW_SECONDS: Final = 1.0
ALONE_AFTER: Final = 2
# One statement finds, locks and takes. SQLite has one writer, and needs no lock.
_TAKE: Final = """
WITH due AS ({due})
UPDATE {table} SET claim = %s, lease_until = %s{more} WHERE id IN (SELECT due.id FROM due) RETURNING *{quick}
"""
# A claim waits for no disk: one that a crash of the database takes along is found nowhere, and that is what the fence is for.
_QUICK: Final = ", set_config('synchronous_commit', 'off', true) AS quick"

_MARK: Final = datetime(2000, 1, 1, tzinfo=UTC)
_kept: dict[str, tuple[str, Sequence[Any]]] = {}

# Locked in the order of persons, as everybody locks their keys, so that no two wait for each other: neither two workers,
# nor a batch and the thread that renews its lease.
_ORDER: Final[dict[Any, tuple[str, ...]]] = {Request: ("person_id", "id"), Outbox: ("id",)}
_LOCK: Final = """
SELECT request.*, key.subject AS key_subject, key.tag_key AS key_tag_key, key.data_key AS key_data_key,
key.version AS key_version, key.state AS key_state,
(SELECT digest FROM policy_edition ORDER BY number DESC LIMIT 1) AS in_force,
EXISTS (SELECT 1 FROM request_outbox told
WHERE told.request_id = request.id AND told.state = 'todo' AND told.not_before > %s) AS awaits
FROM request JOIN subject_key key ON key.subject = request.person_id
WHERE request.claim = %s ORDER BY request.person_id, request.id
"""
_OURS: Final = """request_step.request_id IN (SELECT id FROM request
WHERE claim = %s AND state IN ('gathering', 'acting') ORDER BY person_id, id{})"""


class Overtaken(Exception):
    """Another worker holds this work now: stop, and write nothing."""


@dataclass
class Claim:
    """What is written into the rows of one taking, and renewed while it lasts."""

    id: UUID
    model: Any
    lost: threading.Event = field(default_factory=threading.Event)

    def renew(self) -> int:
        """Renew the lease of the rows that still carry the claim; how many there are."""
        mine = self.model.objects.filter(claim=self.id).order_by(*_ORDER[self.model])
        with transaction.atomic():
            held = self.model.objects.filter(
                pk__in=mine.select_for_update(no_key=True).values("pk")
            )
            return int(held.update(lease_until=clock.now() + LEASE))

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew the lease from a thread of its own while the block runs."""
        ended = threading.Event()

        def renew() -> None:
            try:
                while not ended.wait(RENEW_SECONDS):
                    try:
                        if not self.renew():
                            self.lost.set()
                            return
                    except DatabaseError:
                        close_old_connections()  # the next turn tries again
            finally:
                connection.close()

        thread = threading.Thread(target=renew, name=f"claim-{self.id.hex[-6:]}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=5)


@dataclass
class Batch:
    """One taking of requests. `steps` are those of each request in their order; `keys` open their files."""

    claim: Claim
    requests: dict[UUID, Request]
    steps: dict[UUID, list[Step]] = field(default_factory=dict)
    keys: dict[UUID, bytes] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)  # steps that were made as being done, and follow
    _places: dict[str, Standing] = field(default_factory=dict)
    people: dict[UUID, SubjectKey] = field(default_factory=dict)
    _reviews: dict[UUID, Review | None] = field(default_factory=dict)
    _doubts: dict[UUID, dict[str, int]] | None = None
    _local: dict[UUID, Tables] = field(default_factory=dict)

    def at(self, source: str) -> Standing:
        """What we know of a source, asked once a round for all."""
        if source not in self._places:
            self._places |= standings({source, *settings.HOME.sources})
        return self._places[source]

    def policy(self) -> Document | None:
        """The policy in force, asked with what we know of the sources."""
        if not self._places:
            self._places |= standings({*settings.HOME.sources})
        known = next((standing.policy for standing in self._places.values()), "")
        return Edition.objects.document(known)

    def review(self, request: Request) -> Review | None:
        """What an officer decided of a request that is acting, which stands; asked once for all."""
        if request.pk not in self._reviews:
            known = [r for id_, r in self.requests.items() if id_ in self.keys]
            acting = [r for r in known if r.state == "acting" and r.pk not in self._reviews]
            self._reviews |= reviewing.stored_each(acting, self.keys)
        return self._reviews[request.pk]

    def doubts(self, request: Request) -> dict[str, int]:
        """How many registrations may be the person's, by source; asked once a round for all. No answer calls them nothing."""
        if self._doubts is None:
            self._doubts = doubts_about_each({r.person_id for r in self.requests.values()})
        return self._doubts.get(request.person_id, {})

    def local_keys(self, people: Collection[UUID]) -> dict[UUID, Tables]:
        """The local keys of persons as they are known today; asked once a round, by whoever asks first.

        Who is parted from another meanwhile is planned anew, and what their round found is not written.
        """
        if lacking := {*people} - self._local.keys():
            self._local |= keys_of_each(lacking)
        return {id_: self._local[id_] for id_ in people}

    def end_round(self) -> None:
        """What is known of sources and persons is asked anew for the next round."""
        self._places, self._doubts, self._local = {}, None, {}

    @property
    def mark(self) -> str:
        """What stands in the names of files that this taking writes, so that no other one writes over them."""
        return self.claim.id.hex[-12:]

    def hold(self, *states: str) -> dict[UUID, Request]:
        """Inside a transaction: lock the requests that are ours and stand so; Overtaken when none is ours any more.

        Those that were taken over, withdrawn or refused meanwhile leave the batch.
        """
        found = {row.pk: row for row in self._locked()}
        if not found:
            raise Overtaken
        mine = {id_: row for id_, row in found.items() if row.state in states}
        for id_ in self.requests.keys() - found.keys():
            self.leave(id_)
        self.requests |= found
        return mine

    def _locked(self) -> list[Request]:
        """The requests that still carry the claim, with the keys of their persons: an act holds both until its end.

        Of each it is known whether a notice `awaits` a later moment, for an address that may come, say.
        """
        now = connection.ops.adapt_datetimefield_value(clock.now())
        given = [now, _stored(self.claim.id)]
        rows: list[Any] = list(Request.objects.raw(_LOCK + _for_update(), given))
        named = {n: f"key_{n}" for n in ("subject", "tag_key", "data_key", "version", "state")}
        subject_keys.keep(
            SubjectKey(**{n: getattr(row, as_) for n, as_ in named.items()}) for row in rows
        )
        return rows

    def sure(self, some: Sequence[Step]) -> None:
        """Overtaken unless every request of these steps is ours and acting at this moment.

        Asked inside a place's own transaction, before it commits: a worker that slept there leaves the place as it was.
        """
        ids = {step.request_id for step in some}
        ours = Request.objects.filter(pk__in=ids, claim=self.claim.id, state="acting")
        if self.claim.lost.is_set() or ours.count() != len(ids):
            raise Overtaken

    def write(self, some: Sequence[Step], *fields: str) -> list[Step]:
        """Write these fields of steps whose requests are still ours and go on; the others leave the batch."""
        values = ((s.pk, [getattr(s, f) for f in fields]) for s in some)
        ours = _OURS.format(_for_update())
        written = set(update_each(Step, fields, values, only=ours, params=[_stored(self.claim.id)]))
        for step in some:
            if step.pk not in written:
                self.leave(step.request_id)
        return [step for step in some if step.pk in written]

    def leave(self, id_: UUID) -> None:
        """Go on without a request."""
        self.gone.add(id_)
        self.requests.pop(id_, None)
        self.steps.pop(id_, None)

    def load(self) -> None:
        """Read the steps and the keys of the requests, in one statement each."""
        masters, people = subject_keys.Masters(), {r.person_id for r in self.requests.values()}
        found = subject_keys.read([*self.requests, *people])
        for id_ in self.requests.keys() & found.keys():
            if found[id_].data_key is not None:
                self.keys[id_] = subject_keys.unwrap(found[id_], masters).data
        self.people = {id_: row for id_, row in found.items() if id_ in people}
        if lacking := people - found.keys():  # every act of ours holds them
            with transaction.atomic():
                self.people |= subject_keys.ensure(lacking, masters)
        self.load_steps([r.pk for r in self.requests.values() if r.state != "identified"])

    def load_steps(self, ids: list[UUID]) -> None:
        """Read the steps of some of the requests."""
        self.steps |= Step.objects.of_each(ids)
        if old := [s for i in ids for s in self.steps[i] if s.action == "read" and not s.file]:
            self._read_again([s for s in old if s.state in ("verify", "done")])

    def _read_again(self, old: list[Step]) -> None:
        """Places that the release before has read, into files that this one does not read, are read anew."""
        Step.objects.filter(pk__in=[s.pk for s in old]).update(state="todo", not_before=clock.now())
        for step in old:
            step.state = "todo"

    def release(self, *, rest: datetime | None = None) -> None:
        """Give back what is still ours; with `rest` nobody takes it before then, and the taking counts as a bad one."""
        if not any(row.state in OPEN and row.claim for row in self.requests.values()):
            return  # what took them on has given them back
        mine = Request.objects.filter(claim=self.claim.id)
        if rest is None:
            mine.update(claim=None, lease_until=None, takings=0)
        else:
            mine.update(claim=None, lease_until=rest)


def take(now: datetime) -> Batch | None:
    """Take the requests that are due, or one alone that ended its workers before; None when nothing is."""
    more = ", takings = takings + 1"
    claim, rows = _take(Request, "due", _due, now, more)
    if not rows:
        claim, rows = _take(Request, "bad", _bad, now, more)
    return Batch(claim, {row.pk: row for row in rows}) if rows else None


def _due(now: datetime) -> Any:
    return Request.objects.takeable(now).filter(takings__lt=ALONE_AFTER)[:MOST]


def _bad(now: datetime) -> Any:
    bad = Request.objects.takeable(now).filter(takings__gte=ALONE_AFTER)
    return bad.order_by(F("takings").asc())[:1]


def take_notices(now: datetime, most: int) -> tuple[Claim, list[Outbox]]:
    """Take notices whose mail has not gone."""
    return _take(Outbox, f"notices {most}", lambda at: Outbox.objects.takeable(at)[:most], now)


def _take(
    model: Any, name: str, due: Callable[[datetime], Any], now: datetime, more: str = ""
) -> tuple[Claim, list[Any]]:
    claim = canon.new_id(now)
    sql, params = _sql_of(name, due, now)
    if connection.features.has_select_for_update_skip_locked:
        sql += " FOR UPDATE SKIP LOCKED"
    quick = _QUICK if connection.vendor == "postgresql" else ""
    statement = _TAKE.format(due=sql, table=model._meta.db_table, more=more, quick=quick)  # noqa: SLF001  Django documents it
    fields = (("claim", claim), ("lease_until", now + LEASE))
    new = [model._meta.get_field(f).get_db_prep_save(v, connection) for f, v in fields]  # noqa: SLF001
    with transaction.atomic():
        rows = list(model.objects.raw(statement, [*params, *new]))
    return Claim(claim, model), rows


def _sql_of(name: str, due: Callable[[datetime], Any], now: datetime) -> tuple[str, Sequence[Any]]:
    """What is due at a moment, in SQL: to put it together takes longer than to ask it, each second and for each request.

    It is kept where moments are moments among the parameters, and is moved from one to the other.
    """
    if connection.vendor != "postgresql":
        sql, params = due(now).values("id").query.sql_with_params()
        return str(sql), params
    if name not in _kept:
        _kept[name] = due(_MARK).values("id").query.sql_with_params()
    sql, params = _kept[name]
    return sql, [p + (now - _MARK) if isinstance(p, datetime) else p for p in params]


def _for_update() -> str:
    return " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""


def _stored(claim: UUID) -> str | UUID:
    found: str | UUID = Request._meta.get_field("claim").get_db_prep_save(claim, connection)  # noqa: SLF001
    return found
