"""The lint of an installation asks its registers: maps, contracts, and what was made of anonymised information."""

from datetime import date

import pytest

from chikai import clock
from chikai.policy import load
from chikai.provision.contract import Contract
from chikai.web import registers
from chikai.web.actions import COMMAND, provision
from tests.web import asking, world

pytestmark = [pytest.mark.django_db]
EXAMPLE = world.ROOT / "examples" / "levii"


@pytest.fixture
def draft():
    world.begin()
    world.publish()
    return load.read(EXAMPLE)


def rules(draft):
    return {(f.rule, f.quote) for f in registers.findings(draft)}


def test_without_registers_nothing_is_said_of_them(draft):
    assert not {rule for rule, _ in rules(draft)} & {"L-CAT-05", "L-TPP-09", "L-ANO-05"}


def test_a_column_whose_item_left_the_policy_is_found(draft):
    asking.adopt(draft.document, "balus", clock.now())
    kept = tuple(c for c in draft.document.categories if c.id != "email")
    asked = registers.asked(type(draft.document)(**{**vars_of(draft.document), "categories": kept}))
    assert any("accounts.email" in column for column in asked.columns)
    assert registers.asked(draft.document).columns == ()


def vars_of(document):
    return {name: getattr(document, name) for name in document.__dataclass_fields__}


def test_a_contract_with_nobody_whom_the_policy_names_is_an_error(draft):
    one = next(r for r in draft.document.recipients if r.kind == "entrusted")
    provision.register_contract(
        COMMAND, Contract(one.id, date(2026, 1, 1), None, secrecy=True, country=one.country)
    )
    flows = registers.asked(draft.document).flows
    assert [flow.to for flow in flows] == [one.id]
    found = {quote for rule, quote in rules(draft) if rule == "L-TPP-09"}
    assert one.name.ja not in found
    assert found == {r.name.ja for r in draft.document.recipients if r.id != one.id}
