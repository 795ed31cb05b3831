"""4.1: nothing goes to a third party without its basis, and what went leaves a record."""

from datetime import date

import pytest
from django.conf import settings

from chikai.errors import ProvisionRefused
from chikai.provision.contract import Contract
from chikai.web.actions import provision as actions
from chikai.web.actions.provision import Flow
from chikai.web.models.ledger import counted
from chikai.web.models.provision import ProvisionRecord
from chikai.web.work import provision as work
from tests.clause import care

pytestmark = [pytest.mark.own_state, pytest.mark.clause("4.1")]


def kinds():
    return {row.kind: row.count for row in counted()}


def refused(flow):
    with pytest.raises(ProvisionRefused) as refusal:
        work.run(care.COMMAND, settings.HOME, "balus", flow)
    assert not ProvisionRecord.objects.exists()
    assert not (settings.HOME.path / "outgoing").exists()
    return refusal.value


def test_a_recipient_that_the_policy_does_not_name_gets_nothing(balus):
    assert "no such recipient" in refused(Flow("balus", "billing", "somebody")).what
    assert kinds()["provision.refused"] == 1


def test_a_recipient_gets_nothing_for_another_purpose(balus):
    assert "for this purpose" in refused(Flow("balus", "guidance", "aoba_payment")).what


def test_an_entrusted_party_abroad_needs_a_way_that_the_law_allows(balus):
    flow = Flow("balus", "guidance", "northmail")
    plain = Contract("northmail", date(2025, 1, 1), secrecy=True, country="US")
    actions.register_contract(care.COMMAND, plain)
    assert "abroad" in refused(flow).what
    checked = Contract("northmail", date(2025, 1, 1), None, True, "US", "equal_system")
    actions.register_contract(care.COMMAND, checked)
    [event] = work.run(care.COMMAND, settings.HOME, "balus", flow, [care.person(12).pk])
    assert event.kind == "provision.made"


def test_a_recipient_by_consent_gets_only_whoever_agreed(balus, policy):
    from chikai.gate.meaning import granted_to

    manabi = next(r for r in policy.recipients if r.id == "manabi")
    assert manabi.kind == "consent"
    # Balus has no purpose in common with it, so that nothing of Balus may go there at all.
    assert "for this purpose" in refused(Flow("balus", "course", "manabi")).what
    assert granted_to is not None


def test_what_went_stands_in_a_record_with_basis_reason_and_day(balus):
    actions.register_contract(care.COMMAND, Contract("aoba_payment", date(2025, 1, 1), None, True))
    who = care.person(12)
    work.run(care.COMMAND, settings.HOME, "balus", Flow(**care.AOBA), [who.pk])
    row = ProvisionRecord.objects.get()
    assert row.person_id == who.pk
    assert row.name["ja"] == "あおば決済 株式会社"
    assert row.items == ["name", "email", "card", "payment_other"]
    assert row.why["ja"] == "利用料金の請求"
    assert row.basis == "entrusted"
    assert not row.is_owed, "Art. 29 asks for none; the policy's promise does"
    assert row.kept_until.year == row.at.year + 3
    assert kinds()["provision.made"] == 1
