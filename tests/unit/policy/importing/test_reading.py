"""The example company's own text becomes the tree of clauses that a reader sees in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

SEED = Path(__file__).parents[4] / "examples" / "levii" / "seed.ja.txt"


@pytest.fixture(scope="module")
def seed() -> Outline:
    return outline_of([("seed.ja.txt", SEED.read_text(encoding="utf-8"))])


def below(outline: Outline, id_: str) -> int:
    return len(outline.by_id[id_].children)


def test_the_seed_has_eight_clauses_a_preamble_and_two_dates(seed: Outline) -> None:
    assert [node.id for node in seed.nodes] == ["pre", *"12345678", "d.upd", "d.made"]


def test_the_seed_has_the_items_that_a_reader_counts(seed: Outline) -> None:
    counted = {id_: below(seed, id_) for id_ in ("1", "2", "2.2", "2.3", "3", "4", "4.1", "4.2")}
    assert counted == {"1": 2, "2": 3, "2.2": 5, "2.3": 7, "3": 4, "4": 2, "4.1": 5, "4.2": 0}


def test_a_sentence_that_a_page_cut_is_one_again(seed: Outline) -> None:
    assert "場合であつて、利用者の同意" in seed.by_id["4.1.4"].text
    assert [why for why, _ in seed.by_id["4.1.4"].breaks] == ["page"]
    assert "必要となるような内容の変更" in seed.by_id["8"].text


def test_a_list_that_a_page_cut_is_one_list_and_says_so(seed: Outline) -> None:
    assert [why for why, _ in seed.by_id["2.3.3"].breaks] == ["list"]


def test_every_span_is_a_place_in_the_source(seed: Outline) -> None:
    source = dict(seed.sources)
    for node in seed.walk():
        said = source[node.span.file][node.span.start : node.span.end]
        assert said.startswith((node.number, node.title or node.text[:4])), node.id
        assert source[node.span.file][: node.span.start].count("\n") + 1 == node.span.line


def test_the_seed_names_five_items_and_seven_purposes(seed: Outline) -> None:
    assert [item.clause for item in seed.items] == [f"2.2.{n}" for n in range(1, 6)]
    assert [purpose.clause for purpose in seed.purposes] == [f"2.3.{n}" for n in range(1, 8)]


def test_what_was_found_points_at_its_own_words(seed: Outline) -> None:
    source = dict(seed.sources)
    found = [(one.span, one.text) for one in seed.items]
    found += [(one.span, one.text) for one in seed.purposes]
    assert all(source[span.file][span.start : span.end] == text for span, text in found)


def test_what_is_observed_is_told_from_what_is_provided(seed: Outline) -> None:
    assert [item.source for item in seed.items] == [*["provided"] * 3, "observed", "provided"]
