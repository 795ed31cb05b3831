"""The published schema takes what the loader takes, and refuses what a file alone shows to be wrong."""

import json
import re
import tomllib

import fastjsonschema
import pytest
from hypothesis import given

from chikai.errors import PolicyErrors
from chikai.policy import load, schema, write
from tests.unit.policy.conftest import LEVII, ROOT, STRUCTURE
from tests.unit.policy.test_write import documents

CHECK = fastjsonschema.compile(schema.whole())


def checked(text):
    """The structure as JSON has it, where a day is a string, put to the schema by a library that is not ours."""
    CHECK(json.loads(json.dumps(tomllib.loads(text), default=str)))


@given(documents())
def test_every_document_that_is_written_has_the_form_of_the_schema(document):
    checked(write.structure(document))


@pytest.mark.parametrize("folder", [LEVII, LEVII / "next"], ids=["first", "next"])
def test_the_editions_of_the_example_have_the_form_of_the_schema(folder):
    checked((folder / "policy.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format = 1", "format = 2"),
        ('edition = "1"', "edition = 1"),
        ('edition = "1"', 'editoin = "1"'),
        ('id = "shop"', 'id = "Shop"'),
        ('ja = "店", ', ""),
        ('kinds = ["name"]', 'kinds = ["nome"]'),
        ('stop = "switch"', 'stop = "never"'),
        ('shop = ["name"]', "shop = []"),
        ('kind = "entrusted"', 'kind = "lent"'),
        ('kind = "disclose"', 'kind = "disclose"\napprovals = 3'),
        ('by = ["policy.load"]', 'by = ["Policy Load"]'),
        ('mail = "desk@mihon.example"', 'mail = "desk"'),
    ],
)
def test_what_the_schema_refuses_the_loader_refuses_too(change, old, new):
    folder = change(old, new)
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        checked((folder / "policy.toml").read_text(encoding="utf-8"))
    with pytest.raises(PolicyErrors):
        load.read(folder)


def test_the_small_policy_has_the_form_of_the_schema():
    checked(STRUCTURE)


def test_the_file_that_is_published_is_the_schema_of_the_code():
    file = ROOT / "docs" / "reference" / schema.NAME
    assert file.read_text(encoding="utf-8") == schema.text(), "run `python -m tools.reference`"


def test_every_key_of_the_schema_is_explained():
    def walk(node, path):
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                if path[:1] != ("definitions",):
                    assert value.get("description"), ".".join((*path, key))
                yield from walk(value, (*path, key))
            yield from walk(node.get("items"), path)

    list(walk(schema.whole(), ()))


def test_an_id_does_not_end_with_a_line_break(change):
    with pytest.raises(PolicyErrors, match="cannot be an id"):
        load.read(change('id = "shop"', 'id = "shop\\n"'))
    assert re.fullmatch(load.ID.pattern, "shop")
