"""What does each kind of step, and what verifies it; the order is that of a round. What people do by hand is verified alone.

Clauses: 5, 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai.web.work import by_hand, correcting, erasing, gathering, own, packing

if TYPE_CHECKING:
    from collections.abc import Callable

    from chikai.web.work.gathering import Group

DOES: Final[dict[str, Callable[[Group], None]]] = {
    "read": gathering.read_places,
    "count": erasing.count_places,
    "tally": own.tally_places,
    "records": own.take_records,
    "look": correcting.look_places,
    "correct": correcting.correct_places,
    "stop": own.stop_units,
    "pdf": own.write_letters,
    "package": own.make_packages,
    "erase": erasing.erase_places,
}
VERIFIES: Final[dict[str, Callable[[Group], None]]] = {
    "read": gathering.verify_places,
    "count": erasing.verify_counts,
    "tally": own.verify_tallies,
    "records": own.verify_records,
    "look": correcting.verify_looks,
    "correct": correcting.verify_corrections,
    "stop": own.verify_stops,
    "pdf": packing.verify_letters,
    "package": packing.verify_packages,
    "erase": erasing.verify_erasures,
    "manual": by_hand.verify_places,
}
