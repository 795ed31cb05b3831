"""The decision, fast: one `and` and one compare, for a person as an integer or for everybody as sets.

`gate.meaning` is its definition. The refused bits are the reasons: each bit knows its clause.

Clauses: 1.1, 5.
Law: APPI Art. 18(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.choices.reading import bits_in
from chikai.errors import UseRefused
from chikai.gate.meaning import Decision, Reason

if TYPE_CHECKING:
    from collections.abc import Collection

    from pyroaring import BitMap

    from chikai.choices.standing import Standing
    from chikai.gate.compile import Table, Use


def is_allowed(bits: int, use: Use) -> bool:
    """Whether a person's choices let a use go on."""
    return bits & use.need == use.want


def ask(table: Table, bits: int, service: str, purpose: str, recipient: str = "") -> bool:
    """The whole question from strings, yes or no; what is not granted is no."""
    try:
        use = table.index[service][purpose][recipient]
    except KeyError:
        return False
    return bits & use.need == use.want


def why(table: Table, bits: int, use: Use, v: int = 0) -> Decision:
    """The decision with every reason against the use, in the order of the bits."""
    refused = (bits ^ use.want) & use.need
    return Decision(refused == 0, tuple(table.reasons[bit] for bit in bits_in(refused)), v)


def people(standing: Standing, use: Use) -> BitMap:
    """Everybody whom a use may touch, as numbers: everyone, less who stopped it, of those who agreed."""
    return standing.matching(use.need, use.want)


def decide(
    table: Table,
    bits: int,
    service: str,
    purpose: str,
    categories: Collection[str] | None = None,
    recipient: str | None = None,
    v: int = 0,
) -> Decision:
    """The whole question, from strings; what is not granted is refused and nobody's choices are looked at."""
    use = None if recipient == "" else table.find(service, purpose, recipient or "")
    try:
        if use is not None:
            use = use if categories is None else use.only(categories)
            return why(table, bits, use, v)
    except UseRefused:
        pass
    refused = Reason("not_granted", (service, purpose), table.not_granted)
    return Decision(allowed=False, reasons=(refused,), v=v)
