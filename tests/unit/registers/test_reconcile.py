"""A register is compared with the policy: what the policy does not name is a finding."""

from pathlib import Path

import pytest

from chikai.policy import load
from chikai.sources import reconcile
from chikai.sources.registers import Register, Row

LEVII = Path(__file__).parents[3] / "examples" / "levii"


@pytest.fixture(scope="module")
def policy():
    return load.read(LEVII).document


def handling(**fields):
    return Register("handling", "", (Row("", 2, fields, {}),), {})


def processor(**fields):
    return Register("processors", "", (Row("", 2, fields, {}),), {})


def test_items_that_the_policy_names_are_found(policy):
    found = reconcile.against(handling(item="顧客名簿", categories="氏名、住所・電話番号"), policy)[
        0
    ]
    assert found.state == "named"
    assert {"name", "address", "phone"} <= set(found.named)


def test_an_item_that_the_policy_does_not_name_is_a_finding(policy):
    found = reconcile.against(handling(categories="氏名、マイナンバー"), policy)[0]
    assert found.state == "partly"
    assert found.missing == ("mynumber",)
    assert "mynumber" in found.do


def test_a_row_that_says_nothing_known_is_unread_and_not_named(policy):
    assert reconcile.against(handling(item="謎"), policy)[0].state == "unread"


def test_a_source_is_found_by_its_name_in_the_place(policy):
    found = reconcile.against(
        handling(categories="氏名", place="Balus DB"), policy, ["balus", "kata"]
    )[0]
    assert found.sources == ("balus",)


def test_a_processor_that_the_policy_does_not_name_is_a_finding(policy):
    found = reconcile.against(processor(company="株式会社どこにもない"), policy)[0]
    assert (found.state, found.missing) == ("not-named", ("recipient",))


def test_a_processor_is_found_without_its_legal_form(policy):
    recipient = next(r for r in policy.recipients if r.name.ja)
    found = reconcile.against(processor(company=f"㈱{reconcile.firm(recipient.name.ja)}"), policy)[
        0
    ]
    assert found.named == (recipient.id,)


def test_a_country_that_differs_from_the_policy_is_a_finding(policy):
    recipient = next(r for r in policy.recipients if r.country != "DE")
    found = reconcile.against(processor(company=recipient.name.ja, country="DE"), policy)[0]
    assert found.missing == ("country",)
