"""Japanese is complete, the compiled file is that of the text, and legal words are those of the glossary."""

import ast
import gettext
import re

from chikai.ledger.events import KINDS
from chikai.web import event_words
from tests.web import world

FOLDER = world.ROOT / "src" / "chikai" / "web" / "locale" / "ja" / "LC_MESSAGES"


def value(text):
    return "".join(ast.literal_eval(line) for line in text.strip().splitlines())


def entries():
    """Each entry of the text file: what is said in English, and in Japanese."""
    said = (FOLDER / "django.po").read_text("utf-8")
    found = re.findall(
        r'^msgid ((?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? ((?:".*"\n?)+)',
        said,
        re.MULTILINE,
    )
    return {value(a): value(b) for a, b in found if value(a)}


def test_every_sentence_has_its_japanese():
    assert entries()
    assert not [english for english, japanese in entries().items() if not japanese.strip()]
    assert "fuzzy" not in (FOLDER / "django.po").read_text("utf-8")


def test_the_compiled_file_is_that_of_the_text():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    known = {k[0] if isinstance(k, tuple) else k: v for k, v in compiled._catalog.items() if k}
    assert known == entries()


def test_every_text_of_a_template_is_known():
    known, folder = entries(), world.ROOT / "src" / "chikai" / "web" / "templates"
    for file in [*folder.rglob("*.html"), *folder.rglob("*.txt")]:
        for _, said in re.findall(r"""{% translate (["'])(.+?)\1 %}""", file.read_text("utf-8")):
            assert said in known, f"{file.name}: {said}"


def test_a_placeholder_stands_in_both_languages():
    for english, japanese in entries().items():
        names = re.findall(r"%\((\w+)\)s", english)
        assert sorted(names) == sorted(re.findall(r"%\((\w+)\)s", japanese)), english


def test_every_kind_of_event_has_its_sentence():
    assert set(KINDS) <= set(event_words.SENTENCES)


def test_legal_words_are_those_of_the_glossary():
    said = entries()
    for english, japanese in (
        ("Purposes", "利用目的"),
        ("Recipients", "提供先"),
        ("Clauses", "条項"),
        ("Ledger", "台帳"),
        ("Edition", "版"),
        ("Sources", "保管場所"),
        ("Map of data", "データの地図"),
        ("Persons", "本人"),
        ("Data items", "情報の項目"),
    ):
        assert said[english] == japanese


def test_sentences_are_short_enough_to_read():
    for japanese in entries().values():
        for sentence in re.split("[。！？]", japanese):
            assert len(sentence) <= 60, sentence
