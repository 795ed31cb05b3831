"""Who it was that asked, when two who were taken for one turn out to be two.

What somebody asks, they ask through registrations: the one that a service handed over, or those that carry the address
that they proved. Registrations move when persons are merged and parted; the ones that were asked through are remembered,
so it can be said later whose the asking was, or that it cannot be said.

Clauses: 5, 6.
Law: APPI Art. 33(2), APPI Art. 37(2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

Side = Literal["kept", "gone", "unknown"]


def own(
    today: UUID, links: Iterable[int], merges: Iterable[tuple[UUID, Collection[int]]]
) -> UUID | None:
    """Who held these links before anybody was found to be another; None where several did, or no link is named.

    `merges` are those that stand, oldest first: who was merged away, and the links that moved.
    """
    stood = list(merges)
    first = {next((gone for gone, moved in stood if link in moved), today) for link in set(links)}
    return first.pop() if len(first) == 1 else None


def whose(through: Collection[int] | None, back: Collection[int], rest: Collection[int]) -> Side:
    """Whose an asking was, by the links it came through, those that went back, and those that rest: theirs, the other's, or unknown.

    A link that is of neither by now, since a service gave its key to somebody else, says nothing.
    """
    came = {*(through or ())}
    went, stayed = bool(came & {*back}), bool(came & {*rest})
    if went == stayed:
        return "unknown"
    return "gone" if went else "kept"
