"""Everybody's choices as sets: kept, changed, written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.choices.registry import Registry, Toggle
from chikai.choices.standing import MOST, Delta, Standing, merge, normal
from chikai.errors import BadInput, Tampered

keys = st.one_of(
    st.integers(0, 5),
    st.integers(MOST - 3, MOST + 3),
    st.sampled_from(["a", "7", "007", "山", str(MOST - 1), str(MOST)]),
)
bits = st.sets(st.integers(0, 70), max_size=4)
deltas = st.builds(
    lambda key, sets, clears, forget: Delta(1, key, tuple(sets - clears), tuple(clears), forget),
    keys,
    bits,
    bits,
    st.just(False) | st.booleans(),
)


def told(standing, model):
    return {key: standing.bits_of(key) for key in model}


@given(st.lists(deltas, max_size=25))
def test_a_standing_says_what_each_person_chose(changes):
    standing, model = Standing(), {}
    for delta in changes:
        standing.apply(delta)
        key = normal(delta.key)
        now = model.get(key, 1)
        for bit in delta.sets:
            now |= 1 << bit
        for bit in delta.clears:
            now &= ~(1 << bit)
        model[key] = 1 if delta.forget else now
    assert told(standing, model) == model
    again = Standing.from_snapshot(standing.snapshot())
    assert told(again, model) == model
    assert again.snapshot() == standing.snapshot()
    for need, want in ((1, 0), (0b111, 0b100), (1 | 1 << 70, 1 << 70)):
        meant = {key for key, now in model.items() if now & need == want}
        assert {standing.registrar.key_of(n) for n in standing.matching(need, want)} == meant


@given(st.lists(keys, max_size=12))
def test_two_keys_never_have_one_number(listed):
    standing = Standing()
    numbers = {normal(k): standing.apply(Delta(1, k, clears=(0,))) for k in listed}
    assert len(set(numbers.values())) == len(numbers)
    assert all(standing.registrar.key_of(n) == k for k, n in numbers.items())


@given(deltas)
def test_a_delta_is_read_as_it_was_written(delta):
    assert Delta.from_json(delta.as_json()) == Delta(
        delta.v, normal(delta.key), delta.sets, delta.clears, delta.forget
    )


def test_somebody_unknown_is_held():
    standing = Standing()
    assert standing.bits_of(17) == 1
    standing.apply(Delta(1, 17, sets=(4,)))
    assert standing.bits_of(17) == 0b10001
    assert list(standing.matching(1, 0)) == []
    standing.apply(Delta(2, 17, clears=(0,)))
    assert standing.bits_of(17) == 0b10000
    assert list(standing.matching(1, 0)) == [17]


def test_a_forgotten_person_leaves_no_key_behind():
    standing = Standing()
    standing.apply(Delta(1, "person@mail.example", sets=(3,), clears=(0,)))
    standing.apply(Delta(2, "person@mail.example", forget=True))
    assert standing.bits_of("person@mail.example") == 1
    assert b"person" not in standing.snapshot()


def test_a_number_written_as_text_is_that_number():
    assert normal("17") == 17
    assert normal("017") == "017"
    assert normal(MOST) == str(MOST) == normal(str(MOST))
    with pytest.raises(BadInput):
        normal(True)


def test_every_changed_byte_of_a_snapshot_is_seen():
    standing = Standing(v=3)
    standing.apply(Delta(1, 5, sets=(2,), clears=(0,)))
    data = standing.snapshot()
    for place in range(len(data)):
        broken = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises((Tampered, BadInput)):
            Standing.from_snapshot(broken)
    with pytest.raises(Tampered):
        Standing.from_snapshot(data[:-1])


def test_a_use_cannot_pass_by_the_held_bit():
    for need, want in ((0b10, 0), (1, 1), (1, 2)):
        with pytest.raises(ValueError, match="bit 0"):
            Standing().matching(need, want)


def test_of_two_who_are_one_person_a_stop_of_either_stands_and_an_agreement_needs_both():
    registry = Registry(
        (
            Toggle(0, "held"),
            Toggle(1, "purpose", ("a",)),
            Toggle(2, "consent", ("r", "a")),
            Toggle(3, "may", ("balus", "e", "a")),
        )
    )
    assert merge(registry, 0b0010, 0b0000) == 0b0010
    assert merge(registry, 0b0100, 0b0000) == 0b0000
    assert merge(registry, 0b1101, 0b1100) == 0b1101


@given(st.integers(0, 15), st.integers(0, 15), st.integers(0, 15))
def test_the_order_of_merging_changes_nothing(a, b, c):
    registry = Registry((Toggle(0, "held"), Toggle(1, "purpose", ("a",)), Toggle(2, "may", ("s",))))
    assert merge(registry, a, b) == merge(registry, b, a)
    assert merge(registry, merge(registry, a, b), c) == merge(registry, a, merge(registry, b, c))
    assert merge(registry, a, a) == a
