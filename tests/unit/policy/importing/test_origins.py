"""Spans and lines of the report are places in the file itself, whatever the reading made of it."""

import html
import re

import pytest

from chikai.policy import lint
from chikai.policy.importing import files, report

PLAIN = """プライバシーポリシー

第1条（取得する情報）
当社は、次の個人情報を取得します。
・氏名、住所
・A&Bカードの番号
第2条（利用目的）
当社は、個人情報を次の目的で利用します。
(1) 商品の発送のため
(2) お問い合わせへの対応のため
第3条（お問い合わせ）
株式会社見本 個人情報相談室 電話 03-1234-5678
制定日：2024年4月1日
"""
COMMENTED = PLAIN.replace("第2条", "<!-- 第9条（古い\n条文） -->\n第2条")
PAGE = """<!doctype html>
<html><head><title>プライバシーポリシー｜見本</title><script>if (1 < 2) {}</script></head><body>
<!-- <p>第9条（古い条文）</p> -->
<nav><a href="/">会社</a></nav>
<h1>プライバシーポリシー</h1>
<h2>第1条（取得する情報）</h2>
<p>当社は、次の個人情報を
取得します。</p>
<ul><li>氏名、<b>住所</b></li><li>A&amp;Bカードの番号</li></ul>
<h2>第2条（利用目的）</h2>
<p>当社は、個人情報を次の目的で利用します。</p>
<ol><li>商品の&#30330;送のため</li><li>お問い合わせへの対応のため</li></ol>
<table><tr><td rowspan="2">会員</td><td>氏名</td></tr><tr><td>年齢</td></tr></table>
<h2>第3条（お問い合わせ）</h2>
<p>株式会社見本 個人情報相談室 電話 03-1234-5678</p><p>3 < 5 です。</p>
<p>制定日：2024年4月1日</p>
</body></html>
"""
MIXED = re.sub(
    "(氏名|A&amp;|商品)", r"<span>\1</span>", PLAIN.replace("&", "&amp;").replace("・", "- ")
)
FORMS = {
    "plain": (PLAIN, "utf-8"),
    "crlf": (PLAIN.replace("\n", "\r\n"), "utf-8"),
    "cr": (PLAIN.replace("\n", "\r"), "utf-8"),
    "mark": (PLAIN, "utf-8-sig"),
    "wide": (PLAIN, "utf-16"),
    "comments": (COMMENTED.replace("\n", "\r\n"), "utf-8"),
    "shift_jis": (PLAIN.replace("\n", "\r\n"), "cp932"),
    "euc": (PLAIN, "euc_jp"),
    "html": (PAGE, "utf-8"),
    "html in one line": (PAGE.replace("\n", ""), "utf-8"),
    "html crlf": (PAGE.replace("\n", "\r\n"), "utf-8-sig"),
    "html cr": (PAGE.replace("\n", "\r"), "cp932"),
    "markdown with tags": (MIXED, "utf-8"),
}


def seen(words: str) -> str:
    """What a reader sees of a stretch of a file, without blanks and the marks of lists and tables."""
    words = re.sub(r"<!--.*?-->|<[a-z/!][^<>]*>", "", words, flags=re.DOTALL)
    return re.sub(r"[\s|]", "", html.unescape(words))


def in_order(words: str, own: str) -> bool:
    """Whether some signs stand in others in their order: a cell of a table may go on beside the rows below it."""
    signs = iter(own)
    return words in own or ("会員" in words and all(sign in signs for sign in words))


def found(value):
    """What the report places, with the words that stand there."""
    if isinstance(value, dict):
        if isinstance(value.get("span"), dict):
            yield value.get("written") or value.get("text") or value.get("title"), value["span"]
        for key, one in value.items():
            yield from found(one) if key != "places" else ()
    elif isinstance(value, list):
        for one in value:
            yield from found(one)


@pytest.mark.parametrize("form", FORMS)
def test_a_span_of_the_report_holds_the_words_in_the_file_and_its_line_counts_the_lines_there(
    form, tmp_path
):
    text, encoding = FORMS[form]
    path = tmp_path / "policy.txt"
    path.write_bytes(text.encode(encoding))
    value = report.as_value(files.read([path]))
    places = list(found(value))
    assert {"氏名、住所", "A&Bカードの番号", "商品の発送のため"} <= {words for words, _ in places}
    for words, span in places:
        own = text[span["start"] : span["end"]]
        assert in_order(seen(words), seen(own)), (words, own)
        before = re.sub(r"\r\n?", "\n", text[: span["start"]])
        assert span["line"] == before.count("\n") + 1


@pytest.mark.parametrize("form", FORMS)
def test_the_span_of_an_entry_is_no_wider_than_its_words(form, tmp_path):
    text, encoding = FORMS[form]
    path = tmp_path / "policy.txt"
    path.write_bytes(text.encode(encoding))
    value = report.as_value(files.read([path]))
    for one in (*value["items"], *value["purposes"]):
        span = one["span"]
        assert seen(text[span["start"] : span["end"]]) in {one["text"], seen(one["text"])}


@pytest.mark.parametrize("form", FORMS)
def test_title_operator_and_desk_have_their_places(form, tmp_path):
    text, encoding = FORMS[form]
    path = tmp_path / "policy.txt"
    path.write_bytes(text.encode(encoding))
    value = report.as_value(files.read([path]))
    said = {"title": value["title"]}
    said |= {f"contact.{key}": words for key, words in value["contact"].items() if key != "clause"}
    assert set(value["places"]) == {key for key, words in said.items() if words}
    assert {"contact.name", "contact.phone", "contact.desk"} <= set(value["places"])
    for key, place in value["places"].items():
        span = place["span"]
        assert seen(text[span["start"] : span["end"]]) == seen(said[key])
        assert place["confidence"] == 0.9
    assert all(0 < day["confidence"] < 1 for day in value["dates"]["all"])
    assert value["preamble"]["confidence"] == 1.0


def test_what_the_text_does_not_say_in_these_words_has_no_place_and_is_less_sure(tmp_path):
    path = tmp_path / "policy.txt"
    path.write_text(
        PLAIN.replace("電話 03-1234-5678", "個人@見本 a[at]mihon.example"), encoding="utf-8"
    )
    place = report.as_value(files.read([path]))["places"]["contact.mail"]
    assert place == {"confidence": 0.5, "span": None}


@pytest.mark.parametrize("form", FORMS)
def test_a_finding_of_the_lint_names_a_line_of_the_file_that_holds_what_it_quotes(form, tmp_path):
    text, encoding = FORMS[form]
    path = tmp_path / "policy.txt"
    path.write_bytes(text.encode(encoding))
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    all_ = lint.of_text(files.read([path]))
    assert all_
    for one in all_:
        assert 1 <= one.line <= len(lines)
        quote = seen(one.quote)[:6]
        if quote and quote in seen(text):
            assert quote in seen("".join(lines[one.line - 1 : one.line + 1]))
