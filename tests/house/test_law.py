"""No citation stands in the code that `chikai.law` does not know."""

import io
import re
import tokenize

import pytest

from chikai import law
from tools import where

CITATION = re.compile(r"\bArt\.\s*\d+(?:-\d+)*(?:\(\w+\))*")
FILES = [p for p in sorted(where.SRC.rglob("*.py")) if p.name != "law.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(where.SRC)))
def test_every_citation_in_a_header_is_known(path):
    for citation in where.header(path).law:
        law.cite(citation)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(where.SRC)))
def test_every_citation_in_a_comment_is_known(path):
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and "GDPR" not in token.string:
            for found in CITATION.findall(token.string):
                law.cite("APPI " + found)


def test_a_citation_beyond_the_article_is_refused():
    with pytest.raises(Exception, match=r"33\(99\)|33"):
        law.cite("APPI Art. 33(99)")
