"""The method: whole columns generalised, small groups left out, persons counted and not rows."""

import csv
import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.anonymise import transform
from chikai.anonymise.standard import Column, Standard, Step
from chikai.errors import BadInput, StandardNotMet

TIME = (Step("month"), Step("quarter"), Step("year"), Step("all"))
WORD = (Step("as_is"), Step("words", {"a": "vowel", "e": "vowel"}, "other"), Step("all"))


def standard(k=3, share=20, **more):
    columns = (
        Column("when", "usage", "t", "at", ladder=TIME),
        Column("what", "usage", "t", "action", ladder=WORD),
    )
    return Standard("x", "balus", "p", "balus", more.get("columns", columns), k, share)


def test_the_finest_way_that_meets_the_standard_is_taken():
    facts = [(n, ("2025-01-31", "a")) for n in range(3)] + [
        (n + 10, ("2025-02-01", "e")) for n in range(3)
    ]
    made = transform.make(standard(), facts)
    assert made.levels == (0, 0)
    assert Counter(made.rows) == {("2025-01", "a"): 3, ("2025-02", "e"): 3}


def test_a_column_goes_up_as_a_whole_where_groups_would_be_small():
    facts = [(n, (f"2025-0{n % 3 + 1}-01", "a")) for n in range(6)]
    made = transform.make(standard(share=0), facts)
    assert set(made.rows) == {("2025-Q1", "a")}


def test_one_person_with_many_uses_is_one_person():
    facts = [("heavy", (f"2025-01-{day:02}", "a")) for day in range(1, 29)]
    with pytest.raises(StandardNotMet):
        transform.make(standard(), facts)


def test_nobody_gives_no_table():
    with pytest.raises(StandardNotMet):
        transform.make(standard(), [])


days = st.sampled_from(["2024-12-30", "2025-01-02", "2025-04-09", "2025-07-01"])
people = st.lists(
    st.tuples(st.integers(0, 20), st.tuples(days, st.sampled_from("abe"))), max_size=80
)


@given(people, st.integers(2, 6), st.integers(0, 60))
def test_each_row_that_leaves_stands_for_k_persons(facts, k, share):
    try:
        made = transform.make(standard(k, share), facts)
    except StandardNotMet:
        return
    assert transform.groups_below(made.rows, k) == 0
    assert made.smallest >= k
    assert made.left_out * 100 <= made.persons * share
    assert not any(isinstance(value, int) for row in made.rows for value in row)


def test_a_formula_is_no_formula_in_the_file():
    made = transform.Made(("a",), (("=1+1",), ("x",)), (0,), 2, 0, 2)
    text = transform.as_csv(made).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a"], ["'=1+1"], ["x"]]


@pytest.mark.parametrize(
    ("value", "said"), [("0", "-0"), ("1", "1-4"), ("4", "1-4"), ("5", "5-"), ("999", "5-")]
)
def test_bands_are_open_at_the_top(value, said):
    assert Step("bands", bands=(1, 5)).said(value) == said


@pytest.mark.parametrize(("day", "quarter"), [("2025-01-31", "2025-Q1"), ("2025-12-01", "2025-Q4")])
def test_a_quarter_is_three_months(day, quarter):
    assert Step("quarter").said(day) == quarter


@pytest.mark.parametrize(
    ("columns", "k", "said"),
    [
        ((Column("a", "usage", "t", "a", ladder=(Step("all"),)),), 1, "hides nobody"),
        ((Column("a", "usage", "t", "a", ladder=(Step("as_is"),)),), 5, "end in `all`"),
        ((Column("a", "-", "t", "a", "identifier", (Step("all"),)),), 5, "no column"),
        ((Column("a", "address", "t", "a", ladder=(Step("all"),)),), 5, "does not grant"),
    ],
)
def test_an_unsound_standard_is_refused(columns, k, said):
    with pytest.raises(BadInput, match=said):
        standard(k, columns=columns).check(("usage",))


def test_a_standard_reads_back_as_it_was():
    one = standard()
    again = Standard.from_json(one.as_json())
    assert again.digest == one.digest
