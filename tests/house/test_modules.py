"""Every module says what it is, and fits in a head."""

import ast
import re

import pytest

from tools import where

FILES = sorted(where.SRC.rglob("*.py"))
OWN = [p for p in FILES if "migrations" not in p.parts]
LONGEST_FILE = 600
LONGEST_FUNCTION = 60
SAYS_NOTHING = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "manager",
    "managers",
    "base",
    "misc",
}
ENDS = (".", "?", ")", "。")


def ids(path):
    return str(path.relative_to(where.SRC))


@pytest.mark.parametrize("path", OWN, ids=ids)
def test_a_module_says_what_it_is(path):
    first = where.header(path).sentence
    if path.name == "__init__.py" and not first:
        return
    assert first.endswith(ENDS), f"{ids(path)}: begin with a docstring of one sentence"
    assert not path.read_text(encoding="utf-8").startswith("#!"), "modules are run with -m"


@pytest.mark.parametrize("path", OWN, ids=ids)
def test_a_module_is_not_long(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE, f"{ids(path)}: cut it in two"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, (
                f"{ids(path)}:{node.lineno} {node.name}: {lines} lines"
            )


def test_names_say_something():
    parts = {p: [x.removesuffix(".py") for x in p.relative_to(where.SRC).parts] for p in OWN}
    assert not [ids(p) for p, names in parts.items() if SAYS_NOTHING & set(names)]


def test_every_clause_list_and_citation_is_read():
    """A `Clauses:` or `Law:` line that `where` cannot read would be a promise that nobody checks."""
    wrong = []
    for path in OWN:
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        wrong += [
            f"{ids(path)}: the line `{name}:` must end with a full stop"
            for name in ("Clauses", "Law")
            if re.search(rf"^\s*{name}:", doc, re.MULTILINE) and not where.tail(doc, name)
        ]
    assert not wrong, "\n".join(wrong)


def test_only_the_clock_reads_the_time():
    """Rules are handed `now`; the faces may ask the clock."""
    pure = {
        "policy",
        "choices",
        "ledger",
        "gate",
        "rights",
        "anonymise",
        "provision",
        "incident",
        "people",
        "inquiry",
    }
    readers = re.compile(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btime\.time\(")
    wrong = [
        ids(p)
        for p in OWN
        if p.relative_to(where.SRC).parts[0] in pure
        and readers.search(p.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_a_module_with_a_behaviour_is_listed_by_a_floor():
    rooms = {p.relative_to(where.SRC).parts[0].removesuffix(".py") for p in OWN} - {"__init__"}
    assert rooms <= set(where.FLOORS) | {"__main__"}
