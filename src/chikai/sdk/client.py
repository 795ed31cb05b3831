"""The gate as a service sees it: `gate.use("guidance")`, `with guide:`, `guide.require(person)`.

```python
gate = chikai.connect("https://privacy.example/gate", service="balus")
guide = gate.use("guidance")                # an unknown use fails here, when the module is imported
with guide:                                 # what is done inside is done for this purpose
    guide.require(17)                       # raises when the person stopped it
    mail(guide & subscribers)               # the people who may get it
```
`person in guide` answers and `guide.require(person)` raises: an answer can be passed over, a refusal cannot. People are the
service's own keys. Nothing here asks the network; two threads keep the copy fresh and hand the outbox over.

Clauses: 1.1, 5.
Law: APPI Art. 18(1), APPI Art. 35(5).
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import inspect
import itertools
import logging
import os
import threading
import time
import weakref
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, Self, TypeVar

from pyroaring import BitMap, FrozenBitMap

from chikai import canon, clock
from chikai.choices.standing import normal
from chikai.errors import ChikaiError, ConfigError, UseRefused, WrongState
from chikai.sdk.cache import Cache, Stale
from chikai.sdk.feed_client import HttpFeed
from chikai.sdk.folder import FolderFeed
from chikai.sdk.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import datetime
    from types import TracebackType

    from chikai.choices.standing import Key
    from chikai.gate.meaning import Decision, Reason
    from chikai.sdk.cache import Audience
    from chikai.sdk.feed_client import Feed
    from chikai.sdk.outbox import Forced

P = ParamSpec("P")
R = TypeVar("R")

WAIT_SECONDS: Final = 5.0
_SUM_SECONDS: Final = 60.0
_HAND_OVER_SECONDS: Final = 1.0

log = logging.getLogger("chikai.gate")
_declared: ContextVar[tuple[Use, int] | None] = ContextVar("chikai_use", default=None)


def declared() -> Use | None:
    """The use that the running code declared by `with use:`."""
    now = _declared.get()
    return now[0] if now else None


class Use:
    """A use that the policy grants, and the set of people whom it may touch."""

    __slots__ = ("_audience", "_cache", "_gate", "_late", "_left", "_let", "_taken", "_ticks")

    def __init__(self, gate: Gate, audience: Audience) -> None:
        self._gate = gate
        self._cache = gate.cache
        self._ticks = gate.cache.ticks
        self._audience = audience
        # Threads may raise these together, since `next` is one step.
        self._let, self._left, self._late = (itertools.count() for _ in range(3))
        self._taken = [0, 0, 0]

    def __repr__(self) -> str:
        to = f" to {self._audience.recipient}" if self._audience.recipient else ""
        return f"<use {self._cache.service}: {self._audience.purpose}{to}>"

    def __contains__(self, key: Key) -> bool:
        audience = self._audience
        if self._ticks() >= audience.until:
            self._check_fresh()
        if key.__class__ is int and audience.is_direct:
            try:
                found = key in audience.people
            except OverflowError:  # no key of this service: below 0, or 2**32 and more
                found = False
        else:
            registrar, people = audience.numbered
            number = registrar.number_of(key)
            found = number is not None and number in people
        next(self._let if found else self._left)
        return found

    def require(self, key: Key, *, at_least: int = 0) -> int:
        """Go on only if the use is allowed for a person, and give the feed number of the answer.

        Raises:
            UseRefused: with the reasons in `evidence`; the ledger is told of it.
            Stale: when the copy is too old, or has not reached `at_least`.
        """
        v = self._cache.v
        if v < at_least:
            self._cache.wait_for(at_least)
            v = self._cache.v
        if key in self:
            return v
        decision = self.why(key)
        if decision.allowed:  # changed between the two looks
            return decision.v
        reasons = [[reason.unit, *reason.refs, reason.clause] for reason in decision.reasons]
        self._gate.keep("gate.refused", self._audience, v=decision.v, key=normal(key), why=reasons)
        first = decision.reasons[0]
        raise UseRefused(
            f"`{self._cache.service}` may not use this person's data for "
            f"`{self._audience.purpose}`: {'; '.join(_said(r) for r in decision.reasons)}",
            "leave the person out; ask `why` for the reasons",
            f"clause {first.clause}" if first.clause else "",
            evidence=decision,
        )

    def why(self, key: Key) -> Decision:
        """The decision about a person with every reason; it is not counted as a use."""
        self._check_fresh()
        return self._cache.why(key, self._audience)

    def __len__(self) -> int:
        self._check_fresh()
        return len(self._audience.people)

    def __bool__(self) -> bool:
        return True  # a use with nobody in it is still a use

    def __iter__(self) -> Iterator[Key]:
        self._check_fresh()
        registrar, people = self._audience.numbered
        for number in FrozenBitMap(people):
            next(self._let)
            yield registrar.key_of(number)

    def __and__(self, people: Iterable[Key]) -> frozenset[Key] | BitMap:
        """Those of the people whom the use may touch; a set of numbers stays one. The ledger is told how many, once."""
        self._check_fresh()
        v = self._cache.v
        found: frozenset[Key] | BitMap
        if isinstance(people, BitMap | FrozenBitMap) and self._audience.is_direct:
            asked, found = len(people), self._audience.people & BitMap(people)
        else:
            listed = list(people)
            registrar, inside = self._audience.numbered
            asked, number_of = len(listed), registrar.number_of
            found = frozenset(k for k in listed if (n := number_of(k)) is not None and n in inside)
        self._gate.keep("gate.audience", self._audience, v=v, asked=asked, people=len(found))
        return found

    __rand__ = __and__

    def to(self, recipient: str) -> Use:
        """The use with handing over to a recipient; UseRefused when the policy does not name it for this purpose."""
        if self._audience.recipient:
            raise WrongState("the use names a recipient already", "begin with the use without one")
        return self._gate.use(
            self._audience.purpose, recipient=recipient, categories=self._audience.categories
        )

    def only(self, *categories: str) -> Use:
        """The use with fewer data categories: a stop of another one does not touch it."""
        return self._gate.use(
            self._audience.purpose, recipient=self._audience.recipient, categories=categories
        )

    def __enter__(self) -> Self:
        self._check_fresh()
        now = _declared.get()
        if now is not None and now[0] is not self:
            raise WrongState(
                f"{self!r} begins inside {now[0]!r}", "end the one before the other begins"
            )
        _declared.set((self, now[1] + 1 if now else 1))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        now = _declared.get()
        _declared.set((now[0], now[1] - 1) if now and now[1] > 1 else None)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """As a decorator: the whole function is done for this purpose."""
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise ConfigError(
                "a generator runs when it is read, not when it is called", "write `with` inside it"
            )
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def waits(*args: P.args, **kwargs: P.kwargs) -> object:
                with self:
                    return await function(*args, **kwargs)

            return waits  # type: ignore[return-value] # a coroutine function stays one

        @functools.wraps(function)
        def runs(*args: P.args, **kwargs: P.kwargs) -> R:
            with self:
                return function(*args, **kwargs)

        return runs

    def _check_fresh(self) -> None:
        if self._ticks() >= self._audience.until:
            next(self._late)
            raise Stale(
                "the choices of persons are not known to be up to date, so no use goes on",
                "is the feed running, and can this service reach it?",
            )

    def drain(self) -> dict[str, int]:
        """What was counted since the last time; one thread drains. Reading raises a counter by one, taken off here."""
        values = [next(counter) for counter in (self._let, self._left, self._late)]
        since = [value - before for value, before in zip(values, self._taken, strict=True)]
        self._taken = [value + 1 for value in values]
        return dict(zip(("allowed", "left_out", "stale"), since, strict=True))


def _said(reason: Reason) -> str:
    refs = " in ".join(f"`{ref}`" for ref in reversed(reason.refs))
    return {
        "held": "the person is held or not registered",
        "purpose": f"stopped {refs}",
        "item": f"stopped {refs}",
        "cell": f"stopped {refs}",
        "consent": "no consent to hand over",
        "may": "came before this use and has not agreed to it",
        "quarantined": "the service's database was restored, and who was erased may be back in it",
        "not_granted": "the policy does not grant it",
    }[reason.unit]


class Gate:
    """One service's gate in this process. Made by `connect`."""

    def __init__(
        self,
        feed: Feed,
        service: str,
        outbox: Outbox,
        *,
        ticks: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._feed = feed
        self._outbox = outbox
        self._now = now
        self._uses: dict[tuple[str, str, tuple[str, ...] | None], Use] = {}
        self._said: dict[str, str] = {}
        self._process = canon.new_id(now()).hex
        self._woken = threading.Event()
        self._ended = threading.Event()
        self.cache = Cache(feed, service, ticks)
        if service not in self.cache.table.index:
            known = ", ".join(f"`{name}`" for name in self.cache.table.index) or "none"
            raise ConfigError(f"this gate is not of service `{service}`", f"it is of {known}")
        for record in outbox.pending():  # registrations that an ended process did not hand over
            key = record.get("key")
            if record.get("kind") == "gate.registered" and isinstance(key, int | str):
                self.cache.register(key)
        self.refresh()

    @property
    def v(self) -> int:
        """The feed number up to which this copy knows everything."""
        return self.cache.v

    @property
    def is_fresh(self) -> bool:
        """Whether the copy is young enough to answer."""
        return not self.cache.is_stale()

    def use(
        self, purpose: str, *, recipient: str = "", categories: Collection[str] | None = None
    ) -> Use:
        """A use of this service; UseRefused with near names when the policy does not grant it."""
        audience = self.cache.bind(purpose, recipient, categories)
        listed = None if categories is None else tuple(sorted(set(categories)))
        return self._uses.setdefault((purpose, recipient, listed), Use(self, audience))

    def register(self, key: Key, *, notice: str) -> bool:
        """Say that data of a person was acquired, and which notice was shown (its id or digest).

        The person may be used at once in this process, and in others when the server has heard of it. False when
        the person was known before: an older person stays bound by what was agreed then.
        """
        if not notice:
            raise UseRefused("no notice was shown at acquisition", "show the purposes first")
        # Kept first: nobody is used of whose acquisition nothing is known.
        self.keep(
            "gate.registered", None, v=self.v, key=normal(key), notice=notice, policy=self._policy()
        )
        is_new = self.cache.register(key)
        self._woken.set()
        return is_new

    def _policy(self) -> str:
        return self.cache.table.policy

    def keep(self, kind: str, audience: Audience | None, **facts: object) -> None:
        """Put one record into the outbox."""
        record: dict[str, object] = {"kind": kind, "service": self.cache.service, **facts}
        if audience is not None:
            record.update(purpose=audience.purpose, recipient=audience.recipient)
        self._outbox.append(record, self._now())

    def refresh(self, wait: float = 0.0) -> bool:
        """Take over what is new; a feed that does not answer is said in the log, and the lease runs on."""
        try:
            return self.cache.refresh(wait)
        except (ChikaiError, OSError) as fault:
            self._say("the copy of the choices was not refreshed", fault)
            return False

    def sum_up(self) -> None:
        """One record for each use that was counted since the last time."""
        for use in [*self._uses.values()]:
            counted = use.drain()
            if any(counted.values()):
                self.keep("gate.used", use._audience, v=self.v, process=self._process, **counted)  # noqa: SLF001 - the same module

    def hand_over(self) -> int:
        """Give the outbox to the feed; what it does not take stays, and 0 is said."""
        try:
            return self._outbox.deliver(self._feed.send)
        except (ChikaiError, OSError) as fault:
            self._say("the outbox was not handed over", fault)
            return 0

    def _say(self, what: str, fault: Exception) -> None:
        """Log a fault once, until another takes its place."""
        if self._said.get(what) != str(fault):
            self._said[what] = str(fault)
            log.warning("%s: %s", what, fault)

    def close(self) -> None:
        """Count what is uncounted and end the threads; the outbox stays on disk for the next process."""
        if not self._ended.is_set():
            self._ended.set()
            self._woken.set()
            self.sum_up()
            if isinstance(self._feed, HttpFeed):
                with contextlib.suppress(ChikaiError, OSError):  # else its time runs out by itself
                    self._feed.leave()
            self._outbox.close()

    def start(self) -> None:
        """Start the two threads; a process that forks starts its own."""
        for work in (self._listen, self._tell):
            threading.Thread(target=work, name=f"chikai{work.__name__}", daemon=True).start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            heard = self.refresh(WAIT_SECONDS)
            if not heard and time.monotonic() - began < 1.0:
                self._ended.wait(1.0)

    def _tell(self) -> None:
        summed = time.monotonic()
        while not self._ended.is_set():
            self._woken.wait(_HAND_OVER_SECONDS)
            self._woken.clear()
            if time.monotonic() - summed >= _SUM_SECONDS:
                summed = time.monotonic()
                self.sum_up()
            self._outbox.sync()
            self.hand_over()

    def before_fork(self) -> None:
        """Hold the copy still while the process forks."""
        self.cache.lock.acquire()

    def after_fork_in_parent(self) -> None:
        """Let the copy go on."""
        self.cache.lock.release()

    def after_fork_in_child(self) -> None:
        """Let the copy go on, with counts, a file and threads of this process's own."""
        self.cache.lock.release()
        self._outbox.after_fork()
        self._process = canon.new_id(self._now()).hex
        self._woken, ended = threading.Event(), self._ended.is_set()
        self._ended = threading.Event()
        for use in self._uses.values():
            use.drain()
        if ended:
            self._ended.set()
        else:
            self.start()


_running: weakref.WeakSet[Gate] = weakref.WeakSet()


def _each(step: str) -> Callable[[], None]:
    def run() -> None:
        for gate in list(_running):
            getattr(gate, step)()

    return run


os.register_at_fork(
    before=_each("before_fork"),
    after_in_parent=_each("after_fork_in_parent"),
    after_in_child=_each("after_fork_in_child"),
)
atexit.register(_each("close"))


def connect(
    where: str | Path,
    *,
    service: str,
    state: Path | None = None,
    token_file: Path | None = None,
    forced: Forced = "interval",
) -> Gate:
    """Connect a service to its gate: the address of a feed, an installation's folder, or the file of a snapshot.

    `state` is this service's own folder for the outbox (and, with an address, for the kept snapshot); without it
    `chikai-state` in the working folder is used.
    """
    own = (state or Path("chikai-state")).absolute() / service
    text = str(where)
    feed: Feed
    if text.startswith(("http://", "https://")):
        feed = HttpFeed(text, service, own / "snapshot", token_file)
    else:
        feed = FolderFeed(_folder(Path(where), service))
    gate = Gate(feed, service, Outbox(own / "outbox", forced=forced))
    _running.add(gate)
    gate.start()
    return gate


def _folder(path: Path, service: str) -> Path:
    """The folder of a service's feed: `gate/SERVICE` of an installation, or the path itself."""
    inside = path / "gate" / service
    return inside if inside.is_dir() else path
