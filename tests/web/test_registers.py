"""The lint of an installation asks its registers: maps, contracts, and what was made of anonymised information."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from chikai import clock
from chikai.inquiry import desk
from chikai.policy import load
from chikai.provision.contract import Contract
from chikai.web import registers
from chikai.web.actions import COMMAND, inquiry, provision
from chikai.web.models import Edition
from chikai.web.models.ledger import Pending
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
    asked = {"L-CAT-05", "L-TPP-09", "L-ANO-05", "L-DIS-08", "L-PRM-02", "L-PUR-08"}
    assert not {rule for rule, _ in rules(draft)} & asked


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


def test_an_organisation_that_the_company_belongs_to_must_stand_in_the_policy(draft):
    names = '[operator]\naccredited = "見本認定協会"'
    world.home(world.TOML.replace("[operator]", names, 1))
    assert settings.HOME.operator["accredited"] == "見本認定協会"
    assert "L-DIS-08" in {rule for rule, _ in rules(draft)}
    said = "お問合せ等への対応のため"
    world.replaced("ja.md", said, f"{said}（認定個人情報保護団体：見本認定協会）")
    assert "L-DIS-08" not in {rule for rule, _ in rules(load.read(settings.HOME.policy))}


def stale(draft):
    return {f.clause for f in registers.findings(draft) if f.rule == "L-PRM-02"}


def test_a_mechanism_that_left_nothing_for_90_days_is_found_and_one_that_ran_is_not(draft):
    assert not stale(draft), "on the first day none is no sign"
    Edition.objects.update(published_at=clock.now() - timedelta(days=91))
    found = stale(draft)
    assert "1.1" not in found, "this policy was published a moment ago"
    assert {c.id for c in draft.document.clauses if "web.actions.inquiry" in c.by} & found
    inquiry.open_inquiry(COMMAND, desk.read("question", "請求書の宛名", "hanako@minato.example"))
    assert not {c.id for c in draft.document.clauses if "web.actions.inquiry" in c.by} & stale(
        draft
    )


def test_evidence_that_grew_old_is_found(draft):
    now = clock.now()
    Edition.objects.update(published_at=now - timedelta(days=200))
    Pending.objects.update(at=now - timedelta(days=91))
    assert "1.1" in stale(draft)
