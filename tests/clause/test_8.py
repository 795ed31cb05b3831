"""8: a change makes another edition, which has another digest."""

from dataclasses import replace

import pytest

from chikai.policy.document import Text


@pytest.mark.clause("8")
def test_a_changed_word_of_any_clause_makes_another_digest(policy):
    seen = {policy.digest}
    for place, clause in enumerate(policy.clauses):
        changed = replace(clause, body=Text(clause.body.ja + "。", clause.body.en))
        clauses = (*policy.clauses[:place], changed, *policy.clauses[place + 1 :])
        seen.add(replace(policy, clauses=clauses).digest)
    assert len(seen) == len(policy.clauses) + 1


@pytest.mark.clause("8")
def test_a_changed_use_makes_another_digest(policy):
    first, *rest = policy.purposes
    fewer = replace(first, uses=first.uses[:-1])
    assert replace(policy, purposes=(fewer, *rest)).digest != policy.digest
