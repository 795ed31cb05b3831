"""A policy put together from the words of many companies is read as it was put together, whatever its dress."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of
from tests.policies import composed


@pytest.mark.parametrize("seed", range(150))
def test_a_policy_is_read_as_it_was_put_together(seed: int) -> None:
    made = composed.policy(seed)
    found = outline_of([("p.txt", made.text)])
    assert len(found.articles) == made.articles, made.text
    assert [one.text for one in found.items] == made.items, made.text
    assert [one.text for one in found.purposes] == made.purposes, made.text
