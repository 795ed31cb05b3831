"""A person stops everything, an item, a purpose or a cell, and lets it go on again."""

import pytest

from chikai.choices import suspension
from chikai.choices.registry import Registry
from chikai.errors import BadInput, RequestRefused
from chikai.policy.document import (
    Controller,
    DataCategory,
    Document,
    Purpose,
    Service,
    Text,
    Use,
)

POLICY = Document(
    controller=Controller(Text("会社", "Company")),
    services=(Service("balus", Text("Balus")),),
    categories=tuple(DataCategory(c, Text(c), "2.2") for c in ("name", "email", "card")),
    purposes=(
        Purpose("guidance", Text("案内"), "2.3.2", (Use("balus", ("name", "email")),), "switch"),
        Purpose(
            "billing",
            Text("請求"),
            "2.3.3",
            (Use("balus", ("name",)),),
            "ends_service",
            stop_effect=Text("有料の利用は終わります。", "Paid use ends."),
        ),
        Purpose(
            "tax", Text("税"), "2.3.3", (Use("balus", ("card",)),), "law", law="APPI Art. 18(3)(i)"
        ),
    ),
    recipients=(),
    rights=(),
    clauses=(),
)
REGISTRY = Registry().allocate(POLICY)


@pytest.mark.parametrize(
    ("purpose", "category", "unit"),
    [
        ("", "", "held"),
        ("guidance", "", "purpose"),
        ("", "email", "item"),
        ("guidance", "email", "cell"),
    ],
)
def test_what_is_stopped_goes_on_by_the_same_words(purpose, category, unit):
    stopped = suspension.stop(POLICY, REGISTRY, purpose=purpose, category=category)
    assert REGISTRY.toggles[stopped.sets[0]].unit == unit
    again = suspension.resume(POLICY, REGISTRY, purpose=purpose, category=category)
    assert again.on(stopped.on(0)) == 0
    assert stopped.on(0) == 1 << stopped.sets[0]


def test_what_a_law_asks_for_names_its_article_and_is_not_stopped():
    with pytest.raises(RequestRefused) as refused:
        suspension.stop(POLICY, REGISTRY, purpose="tax")
    assert refused.value.where == "APPI Art. 18(3)(i)"
    locked = [s for s in suspension.switches(POLICY, REGISTRY) if s.toggle is None]
    assert [(s.stop, s.law) for s in locked] == [("law", "APPI Art. 18(3)(i)")]


def test_an_item_that_only_a_law_uses_is_no_switch():
    with pytest.raises(BadInput, match="nothing is used as `card`"):
        suspension.stop(POLICY, REGISTRY, category="card")


def test_a_word_that_is_not_known_is_answered_with_what_is_near():
    with pytest.raises(BadInput, match="known are `guidance`"):
        suspension.stop(POLICY, REGISTRY, purpose="guidence")
    with pytest.raises(BadInput, match="known are `email`"):
        suspension.stop(POLICY, REGISTRY, category="mail")
    with pytest.raises(BadInput, match="nothing is used as `billing x email`"):
        suspension.stop(POLICY, REGISTRY, purpose="billing", category="email")


def test_the_page_shows_every_toggle_once_and_says_what_ends():
    lines = suspension.switches(POLICY, REGISTRY)
    shown = [s.toggle.bit for line in lines for s in (line, *line.cells) if s.toggle]
    assert sorted(shown) == list(range(len(REGISTRY.toggles)))
    [billing] = [line for line in lines if line.name.ja == "請求"]
    assert billing.effect.en == "Paid use ends."
