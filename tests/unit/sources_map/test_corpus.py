"""The figures of the corpus stay where they were measured; docs/reference/map.md tells them."""

import pytest

from tests.corpus import score

# Part: floors of precision and recall by kind, personal or not, paths; share of `whose` that is right.
FLOORS = {
    "tuning": (0.97, 0.98, 0.99, 0.98),
    "heldout": (0.96, 0.98, 0.96, 0.97),
    "fresh": (0.93, 0.96, 0.94, 0.97),
    "last": (0.90, 0.90, 0.84, 0.92),
}


@pytest.mark.parametrize("part", FLOORS)
def test_a_scan_proposes_as_well_as_it_did(part):
    kinds, personal, paths, whose = FLOORS[part]
    found = score.total(part)
    assert min(found.kinds.precision, found.kinds.recall) >= kinds
    assert min(found.personal.precision, found.personal.recall) >= personal - 0.01
    assert min(found.edges.precision, found.edges.recall) >= paths
    assert found.whose / found.tables >= whose
