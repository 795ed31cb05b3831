"""Basis, contract and least items, without an installation."""

from datetime import date
from pathlib import Path

import pytest

from chikai.errors import BadInput, ProvisionRefused
from chikai.policy import load
from chikai.provision import basis, minimum, record
from chikai.provision.contract import Contract

POLICY = load.read(Path(__file__).parents[3] / "examples" / "levii").document
DAY = date(2026, 11, 22)


def found(*held, purpose="billing", recipient="aoba_payment", on=DAY):
    return basis.find(POLICY, "balus", purpose, recipient, held, on)


def signed(**more):
    return Contract(
        **{"recipient": "aoba_payment", "since": date(2026, 1, 1), "secrecy": True, **more}
    )


def test_a_contract_counts_from_its_first_to_its_last_day():
    contract = signed(since=date(2026, 11, 22), until=date(2026, 11, 22))
    assert not contract.in_force(date(2026, 11, 21))
    assert contract.in_force(DAY)
    assert not contract.in_force(date(2026, 11, 23))
    assert contract.days_left(date(2026, 11, 23)) == -1


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ((), "no_contract"),
        ((signed(until=date(2026, 11, 21)),), "contract_over"),
        ((signed(since=date(2026, 11, 23)),), "contract_over"),
        ((signed(secrecy=False),), "no_secrecy"),
    ],
)
def test_an_entrusted_party_needs_a_contract_that_binds_it_today(held, why):
    assert found(*held) == why


def test_the_newest_contract_in_force_counts():
    assert isinstance(found(signed(secrecy=False), signed()), basis.Basis)
    assert found(signed(), signed(secrecy=False)) == "no_secrecy"


@pytest.mark.parametrize("route", ["equal_country", "equal_system", "consent"])
def test_a_party_abroad_needs_a_way(route):
    abroad = {"purpose": "guidance", "recipient": "northmail"}
    assert found(signed(recipient="northmail", country="US"), **abroad) == "no_route"
    there = signed(recipient="northmail", country="US", route=route)
    assert isinstance(found(there, **abroad), basis.Basis)


def test_every_reason_has_its_words():
    assert set(basis.SAYS) == set(basis.Why.__args__)


def parties(recipient="aoba_payment", purpose="billing"):
    known = next(r for r in POLICY.recipients if r.id == recipient)
    return POLICY, "balus", POLICY.purpose(purpose), known


def test_the_least_is_what_all_three_share():
    assert minimum.least(*parties()) == ("name", "email", "card", "payment_other")
    assert minimum.least(*parties(), ["email"]) == ("email",)


@pytest.mark.parametrize("asked", [["phone"], ["email", "address"], []])
def test_more_than_the_least_or_nothing_is_refused(asked):
    with pytest.raises(ProvisionRefused):
        minimum.least(*parties(), asked)


def test_the_law_owes_no_record_of_entrustment_and_one_of_consent():
    assert not record.is_owed("entrusted")
    assert record.is_owed("consent")
    assert record.kept_until(date(2024, 2, 29)) == date(2027, 2, 28)


def test_a_contract_that_cannot_bind_is_refused():
    with pytest.raises(BadInput):
        signed(until=date(2025, 1, 1)).check()
