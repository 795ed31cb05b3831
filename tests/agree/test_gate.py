"""The definition of a decision, its two integers and its set algebra give one answer on random policies and persons."""

import random

from hypothesis import given
from hypothesis import strategies as st

from chikai.choices.standing import Delta, Standing
from chikai.gate import decide, meaning
from chikai.gate.compile import Table, compile_table, quarantined
from tests.agree.random_policies import CATEGORIES, PURPOSES, RECIPIENTS, SERVICES, worlds

PERSONS = 8  # with 3,000 policies of 75 uses each, --long asks about 1.8 million


def chosen(rng, registry):
    """A person's toggles, retired ones among them, and whether the person is registered."""
    share = rng.choice((0.05, 0.3, 0.8))
    toggles = frozenset(
        t for t in registry.toggles if rng.random() < (0.9 if t.is_wanted else share)
    )
    return toggles, rng.random() < 0.9


def as_bits(toggles, *, registered):
    return sum(1 << t.bit for t in toggles) | (0 if registered else 1)


def asked_of(rng):
    """Every use by its names, known or not, with everything that is granted or some categories."""
    for service in (*SERVICES, "unknown"):
        for purpose in (*PURPOSES, "unknown"):
            for recipient in (None, *RECIPIENTS, "unknown", ""):
                some = [c for c in (*CATEGORIES, "unknown") if rng.random() < 0.5]
                yield service, purpose, rng.choice((None, some, some[:1])), recipient


@given(worlds(), st.integers(0, 2**32))
def test_the_integers_mean_what_the_definition_says(world, seed):
    rng = random.Random(seed)
    made, is_closed = compile_table(world.policy, world.registry), rng.random() < 0.2
    if is_closed:
        made = quarantined(made, len(world.registry.toggles))
    table = Table.from_json(made.as_json())
    for _ in range(PERSONS):
        choices, registered = chosen(rng, world.registry)
        bits = as_bits(choices, registered=registered)
        for use in asked_of(rng):
            meant = meaning.decide(
                *(world.policy, world.registry, *use, choices),
                registered=registered,
                quarantined=is_closed,
            )
            fast = decide.decide(table, bits, *use)
            assert fast.allowed == meant.allowed, use
            assert sorted(map(repr, fast.reasons)) == sorted(map(repr, meant.reasons)), use
            service, purpose, categories, recipient = use
            if categories is None and recipient != "":
                asked = decide.ask(table, bits, service, purpose, recipient or "")
                assert asked == meant.allowed, use


@given(worlds(), st.integers(0, 2**32))
def test_a_use_is_the_set_of_people_whom_the_definition_lets_through(world, seed):
    rng = random.Random(seed)
    table = compile_table(world.policy, world.registry)
    standing, crowd = Standing(), {}
    for number in range(PERSONS):
        choices, registered = chosen(rng, world.registry)
        crowd[number] = (choices, registered)
        if registered:
            standing.apply(Delta(1, number, clears=(0,)))
        standing.apply(Delta(1, number, tuple(t.bit for t in choices)))
        assert standing.bits_of(number) == as_bits(choices, registered=registered)
    standing = Standing.from_snapshot(standing.snapshot())
    for use in table.uses:
        asked = (use.service, use.purpose, None, use.recipient or None)
        meant = {
            number
            for number, (choices, registered) in crowd.items()
            if meaning.decide(
                world.policy, world.registry, *asked, choices, registered=registered
            ).allowed
        }
        assert set(decide.people(standing, use)) == meant


@given(worlds())
def test_a_table_is_one_byte_form_whatever_the_way_it_came(world):
    table = compile_table(world.policy, world.registry)
    assert Table.from_json(table.as_json()).digest == table.digest
    for service in SERVICES:
        assert set(table.of(service).uses) == {u for u in table.uses if u.service == service}


@given(worlds())
def test_nobody_who_is_held_or_unknown_passes_any_use(world):
    for use in compile_table(world.policy, world.registry).uses:
        everything_agreed = sum(1 << t.bit for t in world.registry.toggles if t.is_wanted)
        assert not decide.is_allowed(1, use)
        assert not decide.is_allowed(everything_agreed | 1, use)
