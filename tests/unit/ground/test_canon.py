"""One byte string for every value."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai import canon

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(PLAIN)
def test_the_order_of_keys_does_not_change_the_bytes(value):
    def turned(v):
        if isinstance(v, dict):
            return {k: turned(v[k]) for k in reversed(list(v))}
        return [turned(i) for i in v] if isinstance(v, list) else v

    assert canon.encode(turned(value)) == canon.encode(value)


def test_two_values_that_differ_have_different_bytes():
    seen = {canon.encode(v) for v in (None, False, 0, "", "0", [], {}, [0], ["0"], {"0": 0})}
    assert len(seen) == 10


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", {1: 2}, 2**53, object()])
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(TypeError):
        canon.encode(value)


def test_dates_and_sets_have_one_form():
    assert canon.encode({"on": date(2025, 2, 22), "of": {"b", "a"}}) == (
        b'{"of":["a","b"],"on":"2025-02-22"}'
    )


def test_ids_sort_by_the_time_they_were_made_at_and_say_their_version():
    start = datetime(2026, 11, 22, tzinfo=UTC)
    ids = [canon.new_id(start + timedelta(milliseconds=i)) for i in range(100)]
    assert ids == sorted(ids)
    assert {i.version for i in ids} == {7}
    assert len({canon.new_id(start) for _ in range(1000)}) == 1000
