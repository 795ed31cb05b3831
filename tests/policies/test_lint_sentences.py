"""Sentences in the voices of many houses, each in a whole policy: what a rule finds in it, and what not.

The sentences of `voices_*.toml` were written before their rules were read again, so that they ask for the language
and not for a pattern.
"""

import pytest

from tests.policies import framed

SENTENCES = list(framed.cases("voices_*.toml"))


@pytest.mark.parametrize("style", framed.STYLES[::3])
@pytest.mark.parametrize(
    ("rule", "section", "title", "text", "expected"),
    SENTENCES,
    ids=[f"{rule}-{'yes' if e else 'no'}-{i}" for i, (rule, *_, e) in enumerate(SENTENCES)],
)
def test_a_rule_hears_every_voice(rule, section, title, text, expected, style):
    found = rule in framed.rules_of(framed.framed(section, title, text, style))
    assert found is expected
