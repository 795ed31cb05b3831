"""A policy in English: what a rule finds in its sentences, and what not."""

import re
import tomllib
from pathlib import Path

import pytest

from chikai.policy import lint
from chikai.policy.importing.reading import outline_of
from tests.policies import framed

_READ = tomllib.loads((Path(__file__).parent / "english.toml").read_text(encoding="utf-8"))
CASES = [
    (case["rule"], case["clause"], text, expected == "yes")
    for case in _READ["case"]
    for expected in ("yes", "no")
    for text in case[expected]
]
# What nearly every policy lacks, and a table of items by purpose, which no sentence takes the place of.
_USUAL = {"L-DAT-03"}


def policy(clause: int = 0, text: str = "") -> str:
    """The whole policy, with one clause's words replaced."""
    parts = re.split(r"(?m)^(?=\d\. )", _READ["base"].strip())
    if clause:
        title, _, rest = parts[clause].partition("\n")
        behind = rest[rest.index("\n\nEstablished") :] if "\n\nEstablished" in rest else "\n"
        parts[clause] = f"{title}\n{text}\n{behind}"
    return "".join(parts)


def test_nothing_is_found_in_the_policy_around_the_sentences():
    assert framed.rules_of(policy()) - _USUAL == set()


@pytest.mark.parametrize(
    ("rule", "clause", "text", "expected"),
    CASES,
    ids=[f"{rule}-{'yes' if e else 'no'}-{i}" for i, (rule, *_, e) in enumerate(CASES)],
)
def test_a_rule_hears_an_english_sentence(rule, clause, text, expected):
    assert (rule in framed.rules_of(policy(clause, text))) is expected


def test_a_rule_without_an_english_reading_is_said_to_be_unjudged():
    unjudged = lint.unjudged(outline_of([("policy.txt", policy())]))
    assert "L-RGT-07" in unjudged
    assert "L-RGT-01" not in unjudged


def test_a_text_in_a_third_language_is_judged_by_its_numbers_only():
    german = (
        "Wir verarbeiten Ihre Daten, um Bestellungen zu liefern und Fragen zu beantworten. " * 12
    )
    assert framed.rules_of(f"Datenschutz\n\n1. Zweck\n{german}\n\n2. Kontakt\n{german}\n") == set()
