"""The cost of one person's request while the company grows: it must stay what it was.

Each size is a PostgreSQL of its own with the twelve tables, everybody linked, and our own state beside it.
`CHIKAI_BENCH_GROWTH` names the sizes (10000,100000); a million people need 6 GB of disk and half an hour on two cores.
"""

import os
from collections.abc import Iterator

from tests.bench import bench_rights as rights
from tests.bench.rows import Row

SIZES = [int(n) for n in os.environ.get("CHIKAI_BENCH_GROWTH", "10000,100000").split(",")]
LEAST = 0.67  # of the cost with the fewest people: one and a half times as much at the most
WHAT = {"access": "access of one person", "erase": "verified erasure of one person"}


def rows() -> Iterator[Row]:
    """The cost at each size beside that of the smallest one."""
    first: dict[str, float] = {}
    for people in SIZES:
        with rights.company(people) as server:
            own = server.django_url("own")
            said = rights.measured(server, own, people, 0, running=False)
        for name, words in WHAT.items():
            ours, fewest = said[name] * 1000, first.setdefault(name, said[name] * 1000)
            against = f"of {SIZES[0]:,}"
            yield Row(f"{words} of {people:,}", ours, "ms", against, fewest, fewest / ours, LEAST)
