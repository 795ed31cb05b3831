"""The reference holds every command, setting and error that the code has."""

import re

import pytest

from chikai import home
from chikai.web import config
from chikai.words import WORDS
from tools import reference


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_made_part_is_what_the_code_says(name):
    text = (reference.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert reference.BEGIN in text
    assert reference.put(text, reference.PAGES[name]()) == text, "run `python -m tools.reference`"


def test_every_setting_is_explained_in_words():
    text = (reference.FOLDER / "settings.md").read_text(encoding="utf-8")
    words = text.partition(reference.BEGIN)[0]
    for section, keys in home.SECTIONS.items():
        for key in keys or ():
            assert f"`{section}.{key}`" in words or key.startswith("password_"), f"{section}.{key}"


def test_there_are_at_most_fifteen_variables():
    assert len(config.VARIABLES) <= 15


def test_every_command_of_the_page_has_a_sentence():
    for block in re.split(r"^##+ ", reference.cli(), flags=re.MULTILINE)[1:]:
        assert re.search(r"^[A-Z].*\.$", block, re.MULTILINE), block.partition("\n")[0]


@pytest.mark.parametrize("word", [word for word in WORDS if word.law], ids=lambda word: word.code)
def test_a_word_of_the_act_stands_in_what_we_say(word):
    src = reference.ROOT / "src" / "chikai"
    said = [f for kind in ("po", "html", "py") for f in src.rglob(f"*.{kind}") if f.stem != "words"]
    parts = word.ja.split("・")
    assert any(part in file.read_text(encoding="utf-8") for file in said for part in parts)
