"""A policy put together from the words of many companies is read as it was put together, whatever its dress."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of
from tests.policies import arranged, composed


def read_as_put_together(made: composed.Composed) -> None:
    found = outline_of([("p.txt", made.text)])
    assert len(found.articles) == made.articles, made.text
    assert [one.text for one in found.items] == made.items, made.text
    assert [one.text for one in found.purposes] == made.purposes, made.text


@pytest.mark.parametrize("seed", range(150))
def test_a_policy_is_read_as_it_was_put_together(seed: int) -> None:
    read_as_put_together(composed.policy(seed))


@pytest.mark.parametrize("seed", [*range(120), 197, 344, 396])
def test_parts_tables_joint_use_and_page_feet_are_read_as_they_were_put_together(seed: int) -> None:
    read_as_put_together(arranged.policy(seed))
