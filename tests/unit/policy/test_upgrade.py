"""A policy of an older format is brought up without losing a comment, and a newer one is left alone."""

import pytest

from chikai.errors import PolicyError, PolicyErrors
from chikai.policy import load, upgrade


def renamed(document):
    """A step as format 2 might need it: `kind` of a service is called `sort`."""
    for service in document["service"]:
        service["sort"] = service.pop("kind", "")


def texts(folder):
    return {p.name: p.read_text("utf-8") for p in folder.iterdir() if p.is_file()}


def test_a_policy_of_this_format_is_left_as_it_is(folder):
    before = texts(folder)
    assert upgrade.folder(folder) == (1, 1)
    assert texts(folder) == before


@pytest.mark.parametrize("number", ["2", "99"])
def test_a_newer_format_is_refused_and_nothing_else_is_judged(change, number):
    folder = change("format = 1", f"format = {number}\nnovelty = true")
    before = texts(folder)
    for read in (load.read, upgrade.folder):
        with pytest.raises(PolicyErrors) as refused:
            read(folder)
        assert [f.what for f in refused.value.faults] == [
            f"this policy is in format `{number}`, and this version reads up to `1`"
        ]
    assert texts(folder) == before


@pytest.mark.parametrize("said", ["", 'format = "1"', "format = true", "format = 0", "format = -1"])
def test_a_file_without_the_number_of_its_format_is_refused(change, said):
    folder = change("format = 1", said)
    for read in (load.read, upgrade.folder):
        with pytest.raises(PolicyErrors, match="by a number"):
            read(folder)


def test_an_older_format_is_brought_up_and_its_comments_stay(change):
    folder = change('name = { ja = "店", en = "Shop" }', 'name = { ja = "店", en = "Shop" } # ours')
    seen = []
    done = upgrade.folder(folder, steps={1: renamed}, to=2, check=seen.append)
    assert done == (1, 2)
    text = (folder / "policy.toml").read_text("utf-8")
    assert text.startswith("format = 2")
    assert "# ours" in text
    assert "sort = " in text
    assert len(seen) == 1
    assert not seen[0].exists()


def test_what_does_not_read_after_a_step_changes_nothing(folder):
    before = texts(folder)
    with pytest.raises(PolicyErrors, match="newer Chikai"):
        upgrade.folder(folder, steps={1: renamed}, to=2)
    assert texts(folder) == before
    assert not [p for p in folder.parent.iterdir() if p.name.startswith(f".{folder.name}.")]


def test_a_step_that_is_missing_is_named(folder):
    with pytest.raises(PolicyError, match="from format `1` to `2`"):
        upgrade.folder(folder, steps={}, to=2)


def test_a_folder_without_a_policy_is_told(tmp_path):
    with pytest.raises(PolicyError, match=r"no `policy.toml`"):
        upgrade.folder(tmp_path)
