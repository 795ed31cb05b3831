"""Clauses that a page keeps in panels are read, and what it hides besides is told."""

import pytest

from chikai.policy.importing import outline_of

BEGIN = "<!doctype html><html><body><h1>プライバシーポリシー</h1>"
CLAUSES = (
    ("第1条（取得する情報）", "氏名、住所を取得します。"),
    ("第2条（利用目的）", "商品の発送のために利用します。"),
    ("第3条（お問い合わせ）", "電話 03-1234-5678"),
)
BARE = (
    ("取得する情報", "当社は、氏名、住所を取得します。"),
    ("利用目的", "当社は、個人情報を商品の発送のために利用します。"),
    ("お問い合わせ", "電話 03-1234-5678"),
)
FORMS = {
    "a button and a hidden part": "<button>{0}</button><div hidden>{1}</div>",
    "a button in a heading": "<h2><button aria-expanded=false>{0}</button></h2><div hidden><p>{1}</p></div>",
    "a button that names its part": '<button aria-controls="p{2}">{0}</button><hr><div id="p{2}" hidden>{1}</div>',
    "a heading": "<h3>{0}</h3><div class='in'><div hidden='until-found'>{1}</div></div>",
    "a summary": "<details><summary>{0}</summary><p>{1}</p></details>",
    "a summary and words alone": "<details><summary>{0}</summary>{1}</details>",
}


@pytest.mark.parametrize("said", [CLAUSES, BARE], ids=["numbered", "bare"])
@pytest.mark.parametrize("form", FORMS)
def test_a_panel_is_a_clause(form, said):
    parts = (FORMS[form].format(*clause, at) for at, clause in enumerate(said))
    outline = outline_of([("a.html", BEGIN + "".join(parts) + "</body></html>")])
    titles = [words.partition("（")[2].rstrip("）") or words for words, _ in said]
    assert [node.title for node in outline.articles] == titles
    assert [node.text for node in outline.articles] == [words for _, words in said]
    assert [one.name for one in outline.items] == ["氏名", "住所"] or len(outline.items) == 1
    assert not any("hides" in note for note in outline.notes)


def test_buttons_and_menus_of_the_page_are_no_clauses():
    page = (
        BEGIN
        + '<button aria-controls="m">メニュー</button><div id="m" hidden>個人情報保護方針</div>'
        "<button>お問い合わせ</button><h2>第1条（利用目的）</h2><p>個人情報を発送に利用します。</p>"
        "<h2>第2条（窓口）</h2><p>電話 03-1234-5678</p></body></html>"
    )
    outline = outline_of([("a.html", page)])
    assert [node.title for node in outline.articles] == ["利用目的", "窓口"]
    assert outline.sources[0][1].count("個人情報") == 1
    assert "お問い合わせ" not in outline.sources[0][1]
    assert not any("hides" in note for note in outline.notes)


def test_what_a_page_hides_though_it_reads_as_a_clause_is_told():
    page = (
        BEGIN + "<h2>第1条（利用目的）</h2><p>個人情報を発送に利用します。</p>"
        "<div hidden>第2条（提供） 個人情報を提供しません。</div></body></html>"
    )
    outline = outline_of([("a.html", page)])
    assert any(
        "the page hides text that was left out: `第2条（提供）" in note for note in outline.notes
    )
