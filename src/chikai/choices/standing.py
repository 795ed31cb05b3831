"""How everybody stands in one service: for each toggle the set of people who set it.

People appear as the service's own keys. A key that is an integer below 2**32 is its own number in the sets; a longer one or
a text gets a free number from the top. Numbers mean nothing outside one copy: snapshots carry them, deltas
carry keys. Somebody who is not registered is held, whatever else is said of them.

A standing is changed in place by `apply`, one thread at a time; it says nothing while it is being changed.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyroaring import BitMap, FrozenBitMap

from chikai import canon
from chikai.choices import reading
from chikai.errors import BadInput, Tampered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chikai.choices.registry import Registry

Key = int | str
MOST: Final = 2**32
MAGIC: Final = b"chikai-standing 1\n"
_DIGITS: Final = 10


def normal(key: Key) -> Key:
    """One form for each key: a text that is a plain decimal number below 2**32 is that number."""
    if isinstance(key, bool) or not isinstance(key, int | str):
        raise BadInput("a person's key is neither a number nor text", "pass the service's own key")
    if isinstance(key, str) and key.isdecimal() and len(key) <= _DIGITS:
        value = int(key)
        return value if str(value) == key and value < MOST else key
    return key if isinstance(key, str) or 0 <= key < MOST else str(key)


class Registrar:
    """Numbers for the keys that are no number below 2**32 themselves, or whose number another key has."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._keys: dict[int, Key] = {}
        self._next = (
            MOST - 1
        )  # a number is never given twice in one copy, also when its key is forgotten

    def __len__(self) -> int:
        return len(self._numbers)

    def number_of(self, key: Key) -> int | None:
        """The number of a key; None for a text that was never given one."""
        key = normal(key)
        found = self._numbers.get(key)
        if found is not None or isinstance(key, str):
            return found
        return None if key in self._keys else key

    def key_of(self, number: int) -> Key:
        """The key that a number stands for."""
        return self._keys.get(number, number)

    def give(self, key: Key, is_used: Callable[[int], bool]) -> int:
        """The number of a key, a new one if it needs one; `is_used` says that somebody has a number already."""
        found = self.number_of(key)
        if found is not None:
            return found
        number = self._next
        while is_used(number):
            number -= 1
        if number < 0:
            raise BadInput("more people than one service can hold", "split the service")
        self._next = number - 1
        self._numbers[normal(key)], self._keys[number] = number, normal(key)
        return number

    def forget(self, key: Key) -> None:
        """Keep a key no longer."""
        number = self._numbers.pop(normal(key), None)
        if number is not None:
            del self._keys[number]

    def listed(self) -> list[list[Key]]:
        """Every key that was given a number, with it."""
        return [[key, number] for number, key in sorted(self._keys.items())]

    def take(self, key: Key, number: int) -> None:
        """Read one of `listed` again."""
        self._numbers[key], self._keys[number] = number, key
        self._next = min(self._next, number - 1)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one choice does to a person's bits."""

    sets: tuple[int, ...] = ()
    clears: tuple[int, ...] = ()

    def on(self, bits: int) -> int:
        """The bits after the turn."""
        for bit in self.sets:
            bits |= 1 << bit
        for bit in self.clears:
            bits &= ~(1 << bit)
        return bits


@dataclass(frozen=True, slots=True)
class Delta:
    """A turn of one person in one service, at feed number `v`.

    Clearing bit 0 registers a person, setting it holds them. `forget` drops the key and all that was said of it, which leaves
    the person unknown, and so held.
    """

    v: int
    key: Key
    sets: tuple[int, ...] = ()
    clears: tuple[int, ...] = ()
    forget: bool = False

    def as_json(self) -> dict[str, object]:
        """The form in the feed: `{"v": 7, "key": 17, "set": [4], "clear": []}`."""
        plain: dict[str, object] = {
            "v": self.v,
            "key": self.key,
            "set": list(self.sets),
            "clear": list(self.clears),
        }
        return {**plain, "forget": True} if self.forget else plain

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Delta:
        """Read `as_json` again."""
        sets = reading.numbers(data.get("set"), "a delta's `set`")
        clears = reading.numbers(data.get("clear"), "a delta's `clear`")
        reading.bits(data.get("set"), "a delta's `set`")
        if {*sets} & {*clears}:
            raise BadInput("a delta sets and clears one bit", "take a new snapshot")
        key = data.get("key")
        if not isinstance(key, int | str):
            raise BadInput("a delta names nobody", "take a new snapshot")
        return cls(
            reading.number(data.get("v"), "a delta's `v`"),
            normal(key),
            sets,
            clears,
            reading.flag(data.get("forget", False), "a delta's `forget`"),
        )


@dataclass
class Standing:
    """Everybody of one service. `v` is the feed number up to which this is true."""

    v: int = 0
    everyone: BitMap = field(default_factory=BitMap)
    registrar: Registrar = field(default_factory=Registrar)
    _sets: dict[int, BitMap] = field(default_factory=dict)

    def bits_of(self, key: Key) -> int:
        """The choices of one person as an integer; bit 0 alone for somebody unknown."""
        number = self.registrar.number_of(key)
        return 1 if number is None else self.bits_at(number)

    def bits_at(self, number: int) -> int:
        """The choices of the person who has a number."""
        bits = 0 if number in self.everyone else 1
        for bit, people in self._sets.items():
            if number in people:
                bits |= 1 << bit
        return bits

    def is_known(self, key: Key) -> bool:
        """Whether anything was ever said of this key: registered, or held by name."""
        number = self.registrar.number_of(key)
        return number is not None and (number in self.everyone or self.bits_at(number) != 1)

    def holders(self, bit: int) -> FrozenBitMap:
        """The people who set a toggle, as a set that does not change."""
        return FrozenBitMap(self._sets.get(bit, BitMap()))

    def matching(self, need: int, want: int) -> BitMap:
        """The registered people whose `choices & need == want`, by set algebra."""
        if not need & 1 or want & 1 or want & ~need:
            raise ValueError("a use needs bit 0 clear, and wants only what it needs")
        none = BitMap()
        asked = reading.bits_in(need)
        stopped = [self._sets[b] for b in asked if not want >> b & 1 and b in self._sets]
        agreed = [self._sets.get(b, none) for b in asked if want >> b & 1]
        found = BitMap.intersection(self.everyone, *agreed) if agreed else self.everyone.copy()
        for people in stopped:
            found -= people
        return found

    def apply(self, delta: Delta) -> int:
        """Take one delta over, and give the number of the person whom it touched. `v` stays as it is."""
        if delta.forget:
            return self._forget(delta.key)
        number = self.registrar.give(delta.key, self._is_used)
        for bit in delta.sets:
            self._sets.setdefault(bit, BitMap()).add(number)
        for bit in delta.clears:
            if bit in self._sets:
                self._sets[bit].discard(number)
        if 0 in delta.clears:
            self.everyone.add(number)
        return number

    def _is_used(self, number: int) -> bool:
        return number in self.everyone or any(number in people for people in self._sets.values())

    def _forget(self, key: Key) -> int:
        number = self.registrar.number_of(key)
        if number is None:
            return -1
        self.everyone.discard(number)
        for people in self._sets.values():
            people.discard(number)
        self.registrar.forget(key)
        return number

    def snapshot(self) -> bytes:
        """Everything as bytes that carry their own digest, for `from_snapshot`."""
        people = [self.everyone, *(self._sets[bit] for bit in sorted(self._sets))]
        for each in people:
            each.run_optimize()
        parts = [each.serialize() for each in people]
        header = canon.encode(
            {
                "v": self.v,
                "sets": [-1, *sorted(self._sets)],
                "sizes": [len(part) for part in parts],
                "keys": self.registrar.listed(),
            }
        )
        payload = b"".join([len(header).to_bytes(4, "big"), header, *parts])
        return MAGIC + canon.digest_bytes(payload).encode() + b"\n" + payload

    @classmethod
    def from_snapshot(cls, data: bytes) -> Standing:
        """Read `snapshot` again; Tampered when a byte is another, BadInput when it is no snapshot."""
        digest, newline, payload = data.removeprefix(MAGIC).partition(b"\n")
        if not data.startswith(MAGIC) or not newline:
            raise BadInput("this is no snapshot of choices, or of another format", "take a new one")
        # The digest is looked at first: the sets are read by a library that trusts its input.
        if canon.digest_bytes(payload).encode() != digest:
            raise Tampered("the snapshot of choices does not match its digest", "take a new one")
        end = 4 + int.from_bytes(payload[:4], "big")
        header = reading.parsed(payload[4:end], "the snapshot's header")
        standing = cls(reading.number(header.get("v"), "the snapshot's `v`"))
        names = reading.a_list(header.get("sets"), "the snapshot's sets")
        sizes = reading.numbers(header.get("sizes"), "the snapshot's sizes")
        for name, size in zip(names, sizes, strict=True):
            people = BitMap.deserialize(payload[end : end + size])
            end += size
            if name == -1:
                standing.everyone = people
            else:
                standing._sets[reading.number(name, "a set's bit")] = people
        for row in reading.a_list(header.get("keys"), "the snapshot's keys"):
            key, number = reading.a_list(row, "a key")
            if not isinstance(key, int | str):
                raise BadInput("the snapshot names nobody by a number", "take a new one")
            standing.registrar.take(key, reading.number(number, "a key's number"))
        return standing


def merge(registry: Registry, one: int, other: int) -> int:
    """The choices of two who turn out to be one person: a stop of either stands, an agreement needs both."""
    return (one | other) & ~registry.wanted | (one & other & registry.wanted)
