"""2(3): the purposes, each bullet with what it uses and how it ends."""

import pytest


@pytest.mark.clause("2.3")
def test_each_of_the_seven_bullets_has_a_purpose(policy):
    assert {p.clause for p in policy.purposes} == {f"2.3.{n}" for n in range(1, 8)}


@pytest.mark.clause("2.3")
def test_every_service_has_a_purpose_and_training_has_its_own(policy):
    used = {use.service for p in policy.purposes for use in p.uses}
    assert used == {s.id for s in policy.services}
    assert [use.service for use in policy.purpose("course").uses] == ["training"]


@pytest.mark.clause("2.3")
def test_every_purpose_can_be_stopped_and_says_what_then_ends(policy):
    for purpose in policy.purposes:
        assert purpose.stop != "law"
        assert purpose.stop_effect.ja
        assert purpose.stop_effect.en


@pytest.mark.clause("2.3")
def test_a_recipient_gets_no_more_than_its_purposes_use(policy):
    for recipient in policy.recipients:
        used = {
            category
            for purpose in policy.purposes
            if purpose.id in recipient.purposes
            for use in purpose.uses
            for category in use.categories
        }
        assert set(recipient.categories) <= used
