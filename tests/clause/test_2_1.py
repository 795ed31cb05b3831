"""2(1): personal information is used within the purposes and for nothing else."""

import pytest

from chikai.gate.meaning import Grant, NotGranted, granted
from chikai.policy import lint, load
from tests.clause.conftest import LEVII


@pytest.mark.clause("2.1")
def test_a_service_gets_exactly_what_the_purpose_names_for_it(policy):
    for purpose in policy.purposes:
        for service in policy.services:
            answer = granted(policy, service.id, purpose.id)
            named = set(purpose.categories_at(service.id))
            if named:
                assert isinstance(answer, Grant)
                assert {c.id for c in answer.categories} == named
            else:
                assert answer == NotGranted(service.id, purpose.id)


@pytest.mark.clause("2.1")
def test_answering_an_inquiry_never_needs_a_card(policy):
    for service in policy.services:
        answer = granted(policy, service.id, "support")
        assert isinstance(answer, Grant)
        assert "card" not in {c.id for c in answer.categories}


@pytest.mark.clause("2.1")
def test_the_wrong_reference_of_this_clause_is_found_and_known():
    (finding,) = (f for f in lint.findings(load.read(LEVII)) if f.clause == "2.1")
    assert finding.rule == "L-REF-02"
    assert finding.is_accepted
