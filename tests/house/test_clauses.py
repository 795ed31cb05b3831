"""A clause is found by asking: the policy names its modules, and they name it."""

import tomllib
from typing import Any

import pytest

from tools import where

POLICY = where.ROOT / "examples" / "levii" / "policy.toml"


def clauses() -> list[dict[str, Any]]:
    if not POLICY.exists():
        pytest.fail("examples/levii/policy.toml is missing", pytrace=False)
    return tomllib.loads(POLICY.read_text(encoding="utf-8"))["clause"]


def test_every_clause_has_its_modules_and_they_name_it():
    named = {h.module: h.clauses for h in where.headers()}
    wrong = [
        f"clause {clause['id']}: "
        + (f"`{module}` does not name it" if module in named else f"no module `{module}`")
        for clause in clauses()
        for module in clause.get("by", [])
        if clause["id"] not in named.get(module, ())
    ]
    assert not wrong, "\n".join(wrong)


def test_what_a_module_names_is_a_clause_of_the_policy_that_names_it_back():
    by = {clause["id"]: clause.get("by", []) for clause in clauses()}
    wrong = [
        f"{h.path.relative_to(where.ROOT)}: "
        + (f"clause {c}'s `by` lacks `{h.module}`" if c in by else f"the policy has no clause {c}")
        for h in where.headers()
        for c in h.clauses
        if h.module not in by.get(c, ())
    ]
    assert not wrong, "\n".join(wrong)


def test_clause_tests_name_clauses_of_the_policy():
    known = {clause["id"] for clause in clauses()}
    files = sorted((where.ROOT / "tests" / "clause").glob("test_*.py"))
    wrong = [
        path.name
        for path in files
        if path.stem.removeprefix("test_").replace("_", ".") not in known
    ]
    assert not wrong, f"no such clause: {wrong}"


@pytest.mark.parametrize(
    ("asked", "clause"),
    [("4.1(2)", "4.1.2"), ("4.1（２）", "4.1.2"), ("4.1.2", "4.1.2"), ("rights", "rights")],
)
def test_a_clause_is_asked_for_as_it_is_printed(asked, clause):
    assert where.dotted(asked) == clause


def test_a_question_about_a_clause_finds_what_stands_below_it():
    assert where.holds("4.1", ("4.1.2",))
    assert not where.holds("4.1", ("4.10", "4"))


def test_a_tail_may_run_over_lines():
    doc = "A thing.\n\nClauses: 1.1, 4.1(2),\n    8.\nLaw: APPI Art. 33(1), APPI Art. 38.\n"
    assert where.tail(doc, "Clauses") == ("1.1", "4.1(2)", "8")
    assert where.tail(doc, "Law") == ("APPI Art. 33(1)", "APPI Art. 38")
