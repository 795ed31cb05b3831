"""The policy as a page, Markdown and text."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from chikai.policy import kept, render
from chikai.policy.document import Text
from chikai.policy.kept import Mechanism
from tests.unit.policy.conftest import LEVII

VOID = {"br"}


class Page(HTMLParser):
    """Collects ids, headings and text, and fails on what is not well formed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.ids, self.tags, self.attributes, self.texts = [], [], [], [], {}
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("id")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, id_ in self.open:
            if id_:
                self.texts[id_] = self.texts.get(id_, "") + data


def squeezed(text):
    """Words only: layout, dashes of lists and marks of headings are not the policy's words."""
    return re.sub(r"[\s\-#]", "", text)


def test_the_text_is_the_companys_own_word_for_word(levii):
    own = (LEVII / "seed.ja.txt").read_text(encoding="utf-8")
    assert squeezed(render.text(levii.document, "ja")) == squeezed(own)
    assert squeezed(render.markdown(levii.document, "ja")) == squeezed(own)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_clause_has_its_anchor_once_and_its_words(levii, language):
    page = Page(render.html(levii.document, language))
    assert page.ids == [f"c-{c.id}" for c in levii.document.clauses]
    for clause in levii.document.clauses:
        held = squeezed(page.texts[f"c-{clause.id}"])
        assert squeezed(clause.heading.in_(language)) in held
        assert squeezed(clause.body.in_(language)) in held


def test_the_page_has_no_style_no_script_and_begins_at_the_second_heading(levii):
    page = Page(render.html(levii.document, "ja"))
    assert not {"style", "script", "h1", "img", "iframe", "link"} & set(page.tags)
    assert "h2" in page.tags
    assert set(page.attributes) <= {"id", "class", "lang", "href", "aria-label"}


def test_the_printed_number_stands_before_the_words(levii):
    html = render.html(levii.document, "ja")
    assert '<h2><span class="num">1</span> 個人情報の取得・利用について</h2>' in html
    assert '<p><span class="num">(2)</span> 第三者の情報提供' in html
    assert '<p><span class="num">2.</span> 当社は、利用者に対して' in html
    assert '<a href="#c-4"><span class="num">4</span> 第三者提供</a>' in html


def test_articles_are_called_articles_in_english(small):
    first, *rest = small.document.clauses
    numbered = replace(small.document, clauses=(replace(first, number="第1条"), *rest))
    assert '<span class="num">Article 1</span>' in render.html(numbered, "en")
    assert '<span class="num">第1条</span>' in render.html(numbered, "ja")


def test_everything_is_escaped(small):
    evil = "<script>alert(1)</script>\"'&"
    words = Text(evil, evil)
    document = small.document
    document = replace(
        document,
        services=tuple(replace(s, name=words) for s in document.services),
        categories=tuple(replace(c, name=words) for c in document.categories),
        purposes=tuple(replace(p, name=words, stop_effect=words) for p in document.purposes),
        recipients=tuple(
            replace(r, name=words, task=words, country="<b>") for r in document.recipients
        ),
        rights=tuple(replace(r, identity=words) for r in document.rights),
        clauses=tuple(replace(c, heading=words, body=words) for c in document.clauses),
    )
    mechanism = (Mechanism(evil, words, words),)
    for language in ("ja", "en"):
        for given in (None, lambda _: mechanism):
            html = render.html(document, language, kept=given)
            assert "<script" not in html
            assert "<b>" not in html
            Page(html)


def test_a_clause_says_how_it_is_kept(levii):
    page = Page(render.html(levii.document, "ja"))
    billing = page.texts["c-2.3.3"]
    assert "利用料金の請求" in billing
    assert "Balusで使う情報：氏名" in billing
    assert "渡す先：あおば決済 株式会社（見本）" in billing
    assert "税法が定める期間だけ残ります" in billing
    assert "アメリカ合衆国" in page.texts["c-4.1.1"]


def test_a_clause_without_mechanism_says_so(small):
    page = Page(render.html(small.document, "ja"))
    assert "まだしくみはありません" in page.texts["c-3"]
    assert "まだしくみはありません" not in page.texts["c-1.1"]
    assert "No mechanism yet" in Page(render.html(small.document, "en")).texts["c-3"]


def test_the_register_says_that_nothing_was_made(levii):
    page = Page(render.html(levii.document, "ja"))
    assert "まだ作っていません。作ったときは、ここに載せます。" in page.texts["c-3.4"]
    assert "まだ作っていません" not in page.texts["c-3.3"]


def test_the_caller_can_give_mechanisms_with_evidence(small):
    given = {
        "3": (Mechanism("web.desk", Text("窓口", "a desk"), Text("今月 3 件", "3 this month")),),
        "2": (),
    }
    page = Page(render.html(small.document, "ja", kept=given))
    assert "今月 3 件" in page.texts["c-3"]
    assert "まだしくみはありません" in page.texts["c-2"]
    assert "本ポリシーは" in page.texts["c-1.1"]


def test_every_mechanism_of_the_example_has_words(levii):
    modules = {m for c in levii.document.clauses for m in c.by}
    assert not [m for m in modules if kept.words_of(m) == Text(m, m)]


def test_lists_and_line_breaks_in_a_body_are_kept(small):
    *rest, last = small.document.clauses
    body = Text("一\n二\n\n- 甲\n- 乙", "x")
    document = replace(small.document, clauses=(*rest, replace(last, body=body)))
    html = render.html(document, "ja")
    assert "<p>一<br>二</p>" in html
    assert "<ul><li>甲</li><li>乙</li></ul>" in html
