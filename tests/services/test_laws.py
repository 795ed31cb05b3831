"""The laws of the example services: they know of Chikai what any company's service knows, and say that they are samples."""

import ast
import re
import sys

import pytest

from examples.levii.services.place import ROOT

FOLDER = ROOT / "examples" / "levii" / "services"
FILES = sorted(FOLDER.rglob("*.py"))
PUBLIC = {"chikai", "chikai.errors", "chikai.sdk", "chikai.sdk.handoff"}
FOR_TYPES = {"chikai.sdk.client"}


def imported(path):
    """Each module of Chikai that a file imports, and whether for its types only."""
    tree = ast.parse(path.read_text("utf-8"))
    typed = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from ((name, id(node) in typed) for name in names if name.split(".")[0] == "chikai")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_a_service_imports_only_what_chikai_gives_to_services(path):
    for name, for_types in imported(path):
        assert name in PUBLIC or (for_types and name in FOR_TYPES), f"{path.name} imports {name}"


def test_the_services_need_no_package_that_the_run_lock_does_not_hold():
    lock = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    held = {
        line.split("==")[0].replace("-", "_")
        for line in re.findall(r"^[\w.-]+==", lock, re.MULTILINE)
    }
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names | {"chikai", "examples"} | held, (
                    f"{path.name}: {name}"
                )


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(FOLDER)))
def test_a_module_says_what_it_is_and_is_not_long(path):
    text = path.read_text("utf-8")
    assert (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    assert text.count("\n") <= 600
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{path.name}: {node.name}"


def test_every_page_is_marked_as_a_sample(balus, training, website):
    for browser, paths in (
        (balus, ("/", "/signup", "/signin", "/plan", "/nothing")),
        (training, ("/", "/apply", "/signin", "/nothing")),
        (website, ("/", "/contact", "/contact/sent", "/nothing")),
    ):
        for path in paths:
            page = browser.get(path)
            assert "見本" in page.text
            assert page.text.count("<h1>") == 1
