"""Only articles that were looked up can be cited."""

import pytest

from chikai import law, words


@pytest.mark.parametrize("text", ["APPI Art. 33(2)", "APPI Art. 27(1)(iv)", "APPI Art. 36"])
def test_a_citation_that_stands_in_the_table_is_found(text):
    assert law.cite(text).checked


@pytest.mark.parametrize(
    "text", ["APPI Art. 99", "APPI Art. 33(9)", "APPI Art. 33(0)", "GDPR Art. 6", "Art. 33", ""]
)
def test_a_citation_that_nobody_looked_up_is_refused(text):
    with pytest.raises(law.UnknownArticle):
        law.cite(text)


def test_a_page_prints_the_article_with_its_caption():
    assert law.in_words("APPI Art. 33(2)", "ja") == "個人情報保護法33条2項（開示）"
    assert law.in_words("APPI Art. 36", "en") == "APPI Art. 36 (Reasons)"


def test_every_word_of_the_glossary_cites_an_article_that_exists():
    assert [w.code for w in words.WORDS if w.law and not law.cite(w.law)] == []
    assert len({w.code for w in words.WORDS}) == len(words.WORDS)
