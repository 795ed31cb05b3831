"""What a benchmark says: our figure, the peer's figure, and the ratio that was hoped for."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    `ratio` is how many times better we are (above 1: we win), whichever way `unit` points; `goal` is the least
    ratio that we promise, or None when the line only informs.
    """

    name: str
    ours: float
    unit: str
    against: str
    theirs: float
    ratio: float
    goal: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.goal is None or self.ratio >= self.goal


def best_of(work: Callable[[], object], *, runs: int = 5, least: float = 0.2) -> float:
    """Seconds for one call: the least of the runs, each run repeated until it lasts `least` seconds."""
    times = []
    for _ in range(runs):
        count, start = 0, time.perf_counter()
        while True:
            work()
            count += 1
            spent = time.perf_counter() - start
            if spent >= least:
                break
        times.append(spent / count)
    return min(times)


def middle_of(work: Callable[[], float], *, runs: int = 5) -> float:
    """The median of figures that the work measures itself."""
    return statistics.median(work() for _ in range(runs))
