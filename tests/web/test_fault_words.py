"""Errors are said in the language of the page, and never lost."""

from django.utils import translation

from chikai.errors import BadInput, WrongState
from chikai.web import fault_words


def test_a_known_sentence_is_said_in_japanese():
    with translation.override("ja"):
        said = fault_words.said(BadInput("the file is larger than 5 MB", "save it as one of these"))
    assert said == "ファイルが 5 MB より大きいです。 このどれかで保存し直してください。"


def test_a_name_in_backticks_is_kept():
    with translation.override("ja"):
        assert "`review`" in fault_words.said(WrongState("the request is `review`", ""))


def test_an_unknown_sentence_stays_english():
    with translation.override("ja"):
        assert (
            fault_words.said(BadInput("it rains on 3 days", "wait")) == "It rains on 3 days. Wait."
        )


def test_english_pages_begin_sentences_with_a_capital():
    with translation.override("en"):
        assert (
            fault_words.said(BadInput("the file is empty", "choose it"))
            == "The file is empty. Choose it."
        )
