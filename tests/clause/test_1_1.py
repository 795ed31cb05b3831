"""1(1): purposes are fixed beforehand and published, and nothing is done outside them."""

import pytest

from chikai.gate.meaning import Grant, NotGranted, granted
from chikai.policy import render


@pytest.mark.clause("1.1")
def test_every_purpose_is_published_on_the_page(policy):
    for language in ("ja", "en"):
        page = render.html(policy, language)
        for purpose in policy.purposes:
            assert purpose.name.in_(language) in page


@pytest.mark.clause("1.1")
def test_a_purpose_that_was_not_fixed_beforehand_is_not_granted(policy):
    for service in policy.services:
        assert granted(policy, service.id, "advertising") == NotGranted(
            service.id, "advertising", unknown="purpose"
        )


@pytest.mark.clause("1.1")
def test_every_grant_names_the_clause_that_says_so(policy):
    for service in policy.services:
        for purpose in policy.purposes:
            answer = granted(policy, service.id, purpose.id)
            if isinstance(answer, Grant):
                assert answer.clause is not None
                assert answer.clause.id.startswith("2.3.")
