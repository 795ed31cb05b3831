"""2(2): this is the list of what is acquired."""

import pytest

from chikai.policy import kinds


@pytest.mark.clause("2.2")
def test_every_item_stands_under_one_of_the_five_bullets(policy):
    assert {c.clause for c in policy.categories} == {f"2.2.{n}" for n in range(1, 6)}


@pytest.mark.clause("2.2")
def test_what_the_list_does_not_name_belongs_to_no_item(policy):
    covered = {kind for category in policy.categories for kind in category.kinds}
    assert {"birth_date", "gender", "health", "special_care", "mynumber"} <= set(
        kinds.BY_ID
    ) - covered


@pytest.mark.clause("2.2")
@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("kana", "name"),
        ("postal_code", "address"),
        ("card_number", "card"),
        ("ip", "usage_history"),
    ],
)
def test_the_content_of_a_column_leads_to_its_item(policy, kind, item):
    assert policy.category_of_kind(kind).id == item


@pytest.mark.clause("2.2")
def test_what_a_person_writes_freely_may_be_special_care_and_goes_to_nobody(policy):
    assert policy.category("voluntary").special_care == "possible"
    assert not policy.recipients_of("voluntary")
