"""The definition of a decision, its two integers and its set algebra give one answer on random policies and persons."""

from hypothesis import given
from hypothesis import strategies as st

from chikai.choices.standing import Delta, Standing
from chikai.gate import decide, meaning
from chikai.gate.compile import Table, compile_table
from tests.agree.random_policies import CATEGORIES, PURPOSES, RECIPIENTS, SERVICES, some, worlds

asked_categories = st.none() | some((*CATEGORIES, "unknown"))


def chosen(draw, registry):
    """A person's toggles, retired ones among them, and whether the person is registered."""
    toggles = registry.toggles
    return frozenset(t for t in toggles if draw(st.booleans())), draw(st.booleans())


def as_bits(toggles, *, registered):
    return sum(1 << t.bit for t in toggles) | (0 if registered else 1)


@given(st.data())
def test_the_integers_mean_what_the_definition_says(data):
    world = data.draw(worlds())
    table = Table.from_json(compile_table(world.policy, world.registry).as_json())
    choices, registered = chosen(data.draw, world.registry)
    bits = as_bits(choices, registered=registered)
    for service in (*SERVICES, "unknown"):
        for purpose in (*PURPOSES, "unknown"):
            for recipient in (None, *RECIPIENTS, "unknown", ""):
                categories = data.draw(asked_categories)
                meant = meaning.decide(
                    world.policy,
                    world.registry,
                    service,
                    purpose,
                    categories,
                    recipient,
                    choices,
                    registered=registered,
                )
                fast = decide.decide(table, bits, service, purpose, categories, recipient)
                assert fast.allowed == meant.allowed
                assert set(fast.reasons) == set(meant.reasons)
                assert len(fast.reasons) == len(meant.reasons)
                use = table.find(service, purpose, recipient or "")
                if categories is None and recipient != "":
                    asked = decide.ask(table, bits, service, purpose, recipient or "")
                    assert asked == meant.allowed
                    assert use is None or decide.is_allowed(bits, use) == meant.allowed


@given(st.data())
def test_a_use_is_the_set_of_people_whom_the_definition_lets_through(data):
    world = data.draw(worlds())
    table = compile_table(world.policy, world.registry)
    standing, crowd = Standing(), {}
    for number in range(data.draw(st.integers(0, 12))):
        choices, registered = chosen(data.draw, world.registry)
        crowd[number] = (choices, registered)
        held = {t.bit for t in choices if t.bit == 0}
        clears = (0,) if registered and not held else ()
        standing.apply(Delta(1, number, clears=clears))
        if registered and held:  # registered, and then held
            standing.apply(Delta(1, number, clears=(0,)))
        standing.apply(Delta(1, number, tuple(t.bit for t in choices)))
        assert standing.bits_of(number) == as_bits(choices, registered=registered)
    standing = Standing.from_snapshot(standing.snapshot())
    for use in table.uses:
        meant = {
            number
            for number, (choices, registered) in crowd.items()
            if meaning.decide(
                world.policy,
                world.registry,
                use.service,
                use.purpose,
                None,
                use.recipient or None,
                choices,
                registered=registered,
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
