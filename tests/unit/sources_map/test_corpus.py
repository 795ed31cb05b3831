"""The figures of the corpus stay where they were measured; docs/reference/map.md tells them."""

import pytest

from tests.corpus import score

# Part: floors of precision and recall by kind, personal or not, paths; share of `whose` that is right.
FLOORS = {
    "tuning": (0.98, 0.99, 0.99, 0.99),
    "heldout": (0.97, 0.98, 0.96, 0.98),
    "fresh": (0.94, 0.95, 0.96, 0.99),
    "last": (0.97, 0.97, 0.94, 0.99),
    "first": (0.88, 0.96, 0.95, 0.97),
    "second": (0.92, 0.95, 0.95, 0.96),
    "third": (0.90, 0.94, 0.91, 0.93),
    "fourth": (0.94, 0.97, 0.96, 0.96),
    "fifth": (0.92, 0.95, 0.98, 0.98),
}


@pytest.mark.parametrize("part", FLOORS)
def test_a_scan_proposes_as_well_as_it_did(part):
    kinds, personal, paths, whose = FLOORS[part]
    found = score.total(part)
    assert min(found.kinds.precision, found.kinds.recall) >= kinds
    assert min(found.personal.precision, found.personal.recall) >= personal - 0.01
    assert min(found.edges.precision, found.edges.recall) >= paths
    assert found.whose / found.tables >= whose
