"""The same policy in another dress is the same policy: other numbers, wide signs, cut lines, other bullets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

ARTICLES = (
    (
        "個人情報の取得",
        "当社は、次の情報を取得します。",
        ("氏名、生年月日", "メールアドレス", "閲覧履歴"),
    ),
    (
        "利用目的",
        "当社は、取得した個人情報を次の目的で利用します。",
        ("商品を発送するため", "料金を請求するため"),
    ),
    (
        "第三者への提供",
        "当社は、次の場合を除き、同意なく第三者に提供しません。",
        ("法令に基づく場合", "同意がある場合"),
    ),
    ("安全管理", "当社は、個人情報の漏えいを防ぐため、通信を暗号化し、利用する者を限ります。", ()),
    ("窓口", "お問い合わせは、a@sample.example で受け付けます。", ()),
)
TOPS = (
    "第{n}条（{t}）",
    "第{k}条　{t}",
    "{n}. {t}",
    "{n}．{t}",
    "{n} {t}",
    "{k}、{t}",
    "■{t}",
    "【{t}】",
    "## {t}",
    "（{n}）{t}",
)
INNER = ("({n}) ", "（{n}）", "{c} ", "・", "- ", "- ({n}) ", "{a}. ", "{i}　", "")
KANJI, CIRCLES, LETTERS, IROHA = "一二三四五", "①②③④⑤", "abcde", "イロハニホ"
WIDE = str.maketrans({code: code + 0xFEE0 for code in [*range(0x30, 0x3A), 0x28, 0x29, 0x2E]})


def numbered(pattern: str, n: int, title: str = "") -> str:
    return pattern.format(
        n=n, k=KANJI[n - 1], c=CIRCLES[n - 1], a=LETTERS[n - 1], i=IROHA[n - 1], t=title
    )


def written(top: str, inner: str, *, gap: str = "\n") -> str:
    lines = [
        "プライバシーポリシー",
        "",
        "株式会社見本（以下「当社」といいます。）は、次のとおり定めます。",
        "",
    ]
    for n, (title, lead, entries) in enumerate(ARTICLES, 1):
        lines += [numbered(top, n, title), lead]
        lines += [numbered(inner, m) + entry for m, entry in enumerate(entries, 1)]
        lines += [""]
    return gap.join(lines)


def seen(outline: Outline) -> tuple[int, list[str], list[str], list[int]]:
    return (
        len(outline.articles),
        [item.name for item in outline.items],
        [purpose.name for purpose in outline.purposes],
        [len(article.children) for article in outline.articles],
    )


PLAIN = seen(outline_of([("p.txt", written(TOPS[0], INNER[0]))]))


def test_the_plain_form_is_what_was_written() -> None:
    assert PLAIN == (
        5,
        ["氏名、生年月日", "メールアドレス", "閲覧履歴"],
        ["商品を発送するため", "料金を請求するため"],
        [3, 2, 2, 0, 0],
    )


@pytest.mark.parametrize("inner", INNER)
@pytest.mark.parametrize("top", TOPS)
def test_any_numbers_give_the_same_structure(top: str, inner: str) -> None:
    if top.startswith("（") and inner.strip(" -").startswith(("(", "（")):
        pytest.skip("one style on two levels is another text")
    assert seen(outline_of([("p.txt", written(top, inner))])) == PLAIN


@given(top=st.sampled_from(TOPS[:5]), inner=st.sampled_from(INNER[:4]))
@settings(max_examples=20, deadline=None)
def test_full_width_signs_give_the_same_structure(top: str, inner: str) -> None:
    text = written(top, inner).replace("a@sample.example", "窓口").translate(WIDE)
    assert seen(outline_of([("p.txt", text)])) == PLAIN


@given(at=st.integers(2, 36), page=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_sentence_cut_anywhere_is_the_same_sentence(at: int, page: bool) -> None:
    sentence = ARTICLES[3][1]
    end = "\f" if page else "\n"
    text = written(TOPS[0], INNER[0]).replace(sentence, sentence[:at] + end + sentence[at:])
    assert seen(outline_of([("p.txt", text)])) == PLAIN


@given(gaps=st.lists(st.sampled_from(["\n", "\n\n", "\n  ", "\r\n"]), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_blank_lines_within_a_list_do_not_end_it(gaps: list[str]) -> None:
    text = written(TOPS[0], INNER[0])
    made = iter(gaps * 20)
    cut = re.sub(r"\n(?=\([2-9]\))", lambda _: next(made), text)
    assert seen(outline_of([("p.txt", cut)])) == PLAIN


@given(
    st.text(
        alphabet="第1条(一)①・- 。、\n#|個人情報利用目的は以下のため〒@0123456789年月日",
        max_size=400,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    outline = outline_of([("p.txt", text)])
    ids = [node.id for node in outline.walk()]
    assert len(ids) == len(set(ids))
    assert all(0 <= node.span.start <= node.span.end <= len(text) for node in outline.walk())


@pytest.mark.parametrize("form", ["1.{}", "1-{}", "({})", "{} ", "{}."])
@pytest.mark.parametrize(
    "word", ["名称", "人的な措置", "日付", "社名", "年齢", "分析", "回答", "件名"]
)
def test_a_word_that_begins_as_a_unit_does_is_no_amount(form: str, word: str) -> None:
    rows = "\n".join(
        f"  {form.format(n)} {said}" for n, said in ((1, "住所"), (2, word), (3, "電話番号"))
    )
    text = f"プライバシーポリシー\n\n第1条（取得する情報）\n当社は、次の情報を取得します。\n{rows}\n第2条（利用目的）\n商品の発送のため利用します。\n"
    article = outline_of([("p.txt", text)]).articles[0]
    assert [node.text or node.title for node in article.children] == ["住所", word, "電話番号"]
