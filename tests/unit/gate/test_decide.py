"""The decision on the example's policy: what is granted, what a person stopped, what needs agreement."""

from pathlib import Path

import pytest

from chikai.choices.registry import Registry, Unrelated
from chikai.errors import BadInput, UseRefused, WrongState
from chikai.gate import decide, meaning
from chikai.gate.compile import Table, compile_table
from chikai.policy import load

ROOT = Path(__file__).parents[3]
POLICY = load.read(ROOT / "examples" / "levii").document
REGISTRY = Registry().allocate(POLICY)
TABLE = compile_table(POLICY, REGISTRY, vital={("balus", "protection")})


def bits(*units):
    return sum(1 << REGISTRY.find(unit, *refs).bit for unit, *refs in units)


def meant(choices, service, purpose, categories=None, recipient=None, *, registry=REGISTRY):
    """Ask both forms, and see that they agree."""
    fast = decide.decide(TABLE, choices, service, purpose, categories, recipient)
    toggles = frozenset(t for t in registry.toggles if choices >> t.bit & 1)
    slow = meaning.decide(
        POLICY, registry, service, purpose, categories, recipient, toggles, registered=True
    )
    assert (fast.allowed, set(fast.reasons)) == (slow.allowed, set(slow.reasons))
    return fast


def test_somebody_who_never_chose_may_be_guided():
    assert meant(0, "balus", "guidance").allowed


@pytest.mark.parametrize(
    ("chosen", "clause"),
    [
        (("held",), "5"),
        (("purpose", "guidance"), "5"),
        (("item", "email"), "5"),
        (("cell", "guidance", "email"), "5"),
    ],
)
def test_each_stop_refuses_and_names_its_clause(chosen, clause):
    decision = meant(bits(chosen), "balus", "guidance")
    assert not decision.allowed
    assert [(r.unit, *r.refs, r.clause) for r in decision.reasons] == [(*chosen, clause)]


def test_a_stop_of_one_purpose_leaves_the_others():
    assert meant(bits(("purpose", "guidance")), "balus", "billing").allowed
    assert meant(bits(("cell", "guidance", "email")), "balus", "support").allowed


def test_a_use_without_the_stopped_item_goes_on():
    stopped = bits(("item", "email"))
    assert not meant(stopped, "balus", "guidance").allowed
    assert meant(stopped, "balus", "guidance", ["name"]).allowed


def test_every_reason_is_said_at_once():
    decision = meant(bits(("purpose", "guidance"), ("item", "name")), "balus", "guidance")
    assert [r.unit for r in decision.reasons] == ["purpose", "item"]


@pytest.mark.parametrize(
    ("service", "purpose", "categories", "recipient"),
    [
        ("website", "billing", None, None),
        ("nowhere", "billing", None, None),
        ("balus", "advertising", None, None),
        ("balus", "guidance", ["card"], None),
        ("balus", "guidance", [], None),
        ("balus", "guidance", ["email"], "nobody"),
        ("balus", "guidance", None, "aoba_payment"),
        ("balus", "billing", ["address"], "aoba_payment"),
        ("balus", "guidance", None, ""),
    ],
)
def test_what_the_policy_does_not_grant_is_refused_for_everybody(
    service, purpose, categories, recipient
):
    decision = meant(0, service, purpose, categories, recipient)
    assert [(r.unit, r.clause) for r in decision.reasons] == [("not_granted", "2.3")]


def test_a_third_party_receives_by_consent_only():
    refused = meant(0, "training", "course", None, "manabi")
    assert [(r.unit, r.clause) for r in refused.reasons] == [("consent", "4.1.2")]
    agreed = bits(("consent", "manabi", "course"))
    assert meant(agreed, "training", "course", None, "manabi").allowed
    assert not meant(agreed | bits(("item", "name")), "training", "course", None, "manabi").allowed


def test_an_entrusted_party_needs_no_consent_and_receives_what_it_is_named_for():
    assert meant(0, "balus", "guidance", None, "northmail").allowed
    assert not meant(0, "balus", "support", None, "northmail").allowed


def test_a_use_that_came_unexpectedly_waits_for_those_who_came_before():
    registry = REGISTRY.allocate(POLICY, [Unrelated("balus", "improvement", "voluntary")])
    table = compile_table(POLICY, registry)
    [newcomer] = table.at_registration["balus"]
    old = decide.decide(table, 0, "balus", "improvement")
    assert [(r.unit, r.clause) for r in old.reasons] == [("may", "8")]
    assert decide.decide(table, 1 << newcomer, "balus", "improvement").allowed
    assert decide.decide(table, 0, "balus", "improvement", ["usage_history"]).allowed
    assert decide.decide(table, 0, "kata", "improvement").allowed


def test_an_edition_without_toggles_is_not_compiled():
    with pytest.raises(WrongState, match="allocate"):
        compile_table(POLICY, Registry())


def test_a_use_that_is_not_granted_is_answered_with_what_is_near():
    with pytest.raises(UseRefused) as refused:
        TABLE.use("balus", "guidence")
    assert "`guidance`" in refused.value.do
    with pytest.raises(UseRefused, match="hand anything"):
        TABLE.use("balus", "guidance", "aoba_payment")
    with pytest.raises(UseRefused, match="no use is granted to a service"):
        TABLE.use("balos", "guidance")


def test_a_service_is_given_no_toggle_that_it_does_not_need():
    mine = TABLE.of("website")
    assert {u.service for u in mine.uses} == {"website"}
    assert set(mine.reasons) < set(TABLE.reasons)
    assert all(
        use.need >> bit & 1 == 0 or bit in mine.reasons for use in mine.uses for bit in range(200)
    )


def test_only_a_use_that_was_named_is_vital():
    assert {u.purpose for u in TABLE.uses if u.vital} == {"protection"}


def test_a_table_that_lets_held_persons_through_is_not_read():
    plain = TABLE.as_json()
    plain["uses"][0]["need"] = [1]
    with pytest.raises(BadInput):
        Table.from_json(plain)
    with pytest.raises(BadInput):
        Table.from_json({**TABLE.as_json(), "format": 2})
