"""Policies of many kinds of company and many styles are read as a reader counts them."""

from __future__ import annotations

import pytest

from tests.policies import score

MADE = list(score.scores(score.TEXTS))


@pytest.mark.parametrize("one", MADE, ids=lambda one: one.name)
def test_a_policy_is_read_as_a_reader_counts_it(one: score.Score) -> None:
    assert one.top[0] == one.top[1]
    assert one.wrong == []
    for found in (one.items, one.purposes):
        assert (found.agree, found.found) == (found.true, found.true)


def test_there_are_more_than_twenty_policies() -> None:
    assert len(MADE) > 20
