"""Toggles keep their bits through every edition."""

from dataclasses import replace

import pytest

from chikai.choices.registry import HELD, Registry, Unrelated, column_of, columns
from chikai.errors import BadInput, WrongState
from chikai.policy.document import (
    Clause,
    Controller,
    DataCategory,
    Document,
    Purpose,
    Recipient,
    Service,
    Text,
    Use,
)

CLAUSES = (Clause("5", "5", Text(), Text(), kind="suspension"),)


def policy(purposes, categories=("email",), *, law=(), recipients=()):
    return Document(
        controller=Controller(Text("会社", "Company")),
        services=(Service("balus", Text("Balus")),),
        categories=tuple(DataCategory(c, Text(c), "2.2") for c in categories),
        purposes=tuple(
            Purpose(p, Text(p), "2.3", (Use("balus", categories),), "law" if p in law else "switch")
            for p in purposes
        ),
        recipients=recipients,
        rights=(),
        clauses=CLAUSES,
    )


def meanings(registry):
    return {t.bit: (t.unit, t.refs) for t in registry.toggles}


def test_everything_can_be_stopped_as_a_whole_by_item_by_purpose_and_by_cell():
    registry = Registry().allocate(policy(["guidance"], ["email", "name"]))
    assert [(t.unit, t.refs) for t in registry.toggles] == [
        ("held", ()),
        ("purpose", ("guidance",)),
        ("cell", ("guidance", "email")),
        ("cell", ("guidance", "name")),
        ("item", ("email",)),
        ("item", ("name",)),
    ]
    assert registry.toggles[0] is HELD


def test_a_purpose_that_a_law_asks_for_has_no_toggle():
    registry = Registry().allocate(policy(["tax"], law=["tax"]))
    assert registry.toggles == (HELD,)


def test_a_recipient_by_consent_is_asked_for_purpose_by_purpose():
    manabi = Recipient("manabi", Text(), "consent", "4.1.2", ("course", "guidance"), ("email",))
    registry = Registry().allocate(policy(["course"], recipients=(manabi,)))
    assert registry.find("consent", "manabi", "course").is_wanted
    assert registry.find("consent", "manabi", "guidance").is_wanted


def test_the_same_edition_again_changes_nothing():
    document = policy(["a", "b"])
    once = Registry().allocate(document, [Unrelated("balus", "b")])
    assert once.allocate(document, [Unrelated("balus", "b")]) == once


def test_two_hundred_toggles_lose_fifty_and_gain_a_hundred_without_renumbering():
    first = Registry().allocate(policy([f"p{n}" for n in range(66)], ["a", "b"]))
    before = meanings(first)
    assert len(before) == 1 + 66 * 3 + 2
    second = first.allocate(policy([f"p{n}" for n in range(17, 66)], ["a", "b"]))
    assert sum(t.retired for t in second.toggles) == 17 * 3
    third = second.allocate(policy([f"p{n}" for n in range(17, 100)], ["a", "b"]))
    assert len(third.toggles) == len(before) + 34 * 3
    assert {bit: meanings(third)[bit] for bit in before} == before
    assert len(set(meanings(third).values())) == len(third.toggles)
    assert len(columns(0, len(third.toggles))) == 5


def test_a_stop_stands_when_its_purpose_goes_and_comes_back():
    first = Registry().allocate(policy(["guidance"]))
    gone = first.allocate(policy(["other"]))
    with pytest.raises(WrongState):
        gone.find("purpose", "guidance")
    again = gone.allocate(policy(["guidance"]))
    assert again.find("purpose", "guidance").bit == first.find("purpose", "guidance").bit


def test_an_old_consent_never_answers_a_new_question():
    manabi = Recipient("manabi", Text(), "consent", "4.1.2", ("course",), ("email",))
    asked = policy(["course"], recipients=(manabi,))
    first = Registry().allocate(asked)
    again = first.allocate(policy(["course"])).allocate(asked)
    old, new = (r.find("consent", "manabi", "course").bit for r in (first, again))
    assert new > old
    assert again.toggles[old].retired


def test_an_unrelated_use_stands_before_older_persons_only():
    first = Registry().allocate(policy(["guidance"]))
    assert first.at_registration("balus") == ()
    second = first.allocate(policy(["guidance", "ads"]), [Unrelated("balus", "ads")])
    [may] = second.before("balus", "ads")
    assert second.at_registration("balus") == (may.bit,)
    assert second.at_registration("kata") == ()
    assert second.before("balus", "guidance") == ()


def test_an_unrelated_use_is_still_asked_for_after_it_went_and_came_back():
    second = Registry().allocate(policy(["ads"]), [Unrelated("balus", "ads")])
    again = second.allocate(policy(["guidance"])).allocate(policy(["ads"]))
    assert again.before("balus", "ads") == second.before("balus", "ads")


@pytest.mark.parametrize(
    "change",
    [Unrelated("kata", "ads"), Unrelated("balus", "no"), Unrelated("balus", "ads", "name")],
)
def test_an_unrelated_use_must_be_one_that_the_edition_grants(change):
    with pytest.raises(BadInput):
        Registry().allocate(policy(["ads"]), [change])


def test_a_column_holds_sixty_three_toggles_and_stays_positive():
    assert column_of(0) == ("b0", 1)
    assert column_of(62) == ("b0", 2**62)
    assert column_of(63) == ("b1", 1)
    assert columns((1 << 63) | 1, 64) == (1, 1)
    assert max(columns((1 << 200) - 1, 200)) < 2**63


def test_a_registry_is_read_as_it_was_written():
    registry = Registry().allocate(policy(["a", "b"]), [Unrelated("balus", "b")])
    registry = registry.allocate(policy(["b"]))
    assert Registry.from_json(registry.as_json()) == registry
    assert Registry.from_json(registry.as_json()).digest == registry.digest


def test_a_registry_with_a_bit_out_of_place_is_refused():
    plain = Registry().allocate(policy(["a"])).as_json()
    plain["toggles"] = plain["toggles"][1:]
    with pytest.raises(BadInput):
        Registry.from_json(plain)


def test_the_newest_edition_stands_last():
    first, second = policy(["a"]), policy(["b"])
    registry = Registry().allocate(first).allocate(second).allocate(replace(first))
    assert registry.editions == (second.digest, first.digest)
