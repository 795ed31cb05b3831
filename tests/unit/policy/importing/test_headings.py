"""What begins an article is found in any words and any dress, and what is no article is not counted."""

from __future__ import annotations

import itertools

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Outline

TITLES = {
    "formal": ("個人情報の定義", "取得する個人情報", "利用目的", "第三者提供", "改定"),
    "plain": (
        "このきまりの対象",
        "お預かりするもの",
        "何のために使うか",
        "ほかの人に渡すとき",
        "このきまりを変えるとき",
    ),
    "asked": (
        "この方針について",
        "どんな情報を集めますか",
        "なぜ集めるのですか",
        "だれに渡しますか",
        "変わることがありますか",
    ),
    "friendly": (
        "はじめに",
        "いただいている情報",
        "使いみち",
        "お渡しする相手",
        "自分の情報を見たいときは",
    ),
    "with の": ("対象となる情報", "集める情報の種類", "ご利用の目的", "情報の共有", "見直し"),
}
HEADS = (
    "{t}",
    "第{n}　{t}",
    "第{k}　{t}",
    "第{n}章　{t}",
    "第{k}条 {t}",
    "({n}) {t}",
    "Q{n}. {t}",
    "■{t}",
    "◆ {t}",
    "【{t}】",
    "〔{t}〕",
    "「{t}」",
    "{n}. {t}",
    "### {n}. {t}",
)
MARKS = ("({n}) ", "{n}) ", "{c}", "・", "- ")
SPACED = ((False, "\n"), (True, "\n"), (False, "\n\n"), (True, "\n\n"))
ITEMS = ["氏名及び生年月日", "住所、電話番号", "お支払いの記録"]
PURPOSES = ["商品の発送のため", "お問い合わせに回答するため", "教材の改善"]


def listed(mark: str, entries: list[str]) -> str:
    return "\n".join(mark.format(n=n, c="①②③"[n - 1]) + one for n, one in enumerate(entries, 1))


def written(head: str, mark: str, titles: tuple[str, ...], *, lead: bool, gap: str) -> str:
    bodies = (
        "この文書でいう個人情報とは、生きている人に関する情報をいいます。",
        "次の情報をお預かりします。\n" * lead + listed(mark, ITEMS),
        "いただいた情報を次の目的で利用します。\n" * lead + listed(mark, PURPOSES),
        "次の場合のほかは、第三者に渡すことはありません。\n" + listed(mark, ["法令に基づく場合"]),
        "この文書は、変わることがあります。そのときは、ウェブサイトでお知らせします。",
    )
    parts = ["あおぞら塾の個人情報の取扱いについて", "あおぞら塾は、次のように取り扱います。"]
    for n, (title, body) in enumerate(zip(titles, bodies, strict=True), 1):
        parts.append(f"{head.format(n=n, k='一二三四五'[n - 1], t=title)}{gap}{body}")
    return "\n\n".join(parts) + "\n"


def seen(outline: Outline) -> tuple[int, list[str], list[str]]:
    names = [one.name for one in outline.items], [one.name for one in outline.purposes]
    return len(outline.articles), *names


@pytest.mark.parametrize("titles", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("head", HEADS)
def test_headings_in_any_words_and_dress_give_the_same_structure(
    head: str, titles: tuple[str, ...]
) -> None:
    for mark, (lead, gap) in zip(MARKS, itertools.cycle(SPACED)):
        if head.startswith(mark[:2]):
            continue  # one style on two levels is another text
        text = written(head, mark, titles, lead=lead, gap=gap)
        assert seen(outline_of([("p.txt", text)])) == (5, ITEMS, PURPOSES), text


def test_a_bare_list_below_a_title_that_promises_it_is_a_list() -> None:
    text = written("■{t}", "", TITLES["plain"], lead=False, gap="\n")
    assert seen(outline_of([("p.txt", text)])) == (5, ITEMS, PURPOSES)


POLICY = """個人情報保護方針

当社は、次のとおり定めます。

第１条（利用目的）
当社は、個人情報を①商品の発送、②代金の請求、③ご質問への回答のために利用します。

第２条（取得する情報）
取得する個人情報は次のとおりです。①お名前　②生年月日　③勤務先

第３条（変更）
当社は、この方針を変更することがあります。

附則
この方針は、2024年4月1日から施行します。
"""


def test_a_supplement_is_no_article() -> None:
    outline = outline_of([("p.txt", POLICY)])
    assert [node.id for node in outline.articles] == ["1", "2", "3"]
    assert [node.title for node in outline.nodes if node.id == "sup"] == ["附則"]
    assert outline.by_id["3"].text == "当社は、この方針を変更することがあります。"


def test_a_numbered_supplement_stays_the_article_that_it_is() -> None:
    outline = outline_of([("p.txt", POLICY.replace("附則", "第４条（附則）"))])
    assert [node.id for node in outline.articles] == ["1", "2", "3", "4"]


def test_circled_numbers_within_a_line_part_what_they_count() -> None:
    outline = outline_of([("p.txt", POLICY)])
    assert [one.name for one in outline.purposes] == ["商品の発送", "代金の請求", "ご質問への回答"]
    assert [one.name for one in outline.items] == ["お名前", "生年月日", "勤務先"]


def test_the_lines_of_a_signature_are_no_article() -> None:
    text = """プライバシーポリシー

1. 当会は、会員の個人情報を適正に管理し、会報を送るために利用します。
2. 当会は、会員の個人情報を本人の同意なく第三者に提供しません。
3. 当会は、苦情を下記の責任者が受け付けます。

個人情報の苦情相談窓口責任者
みどり会
代表　見本 花子
a@sample.example
"""
    assert len(outline_of([("p.txt", text)]).articles) == 3


def test_entries_parted_by_blank_lines_are_no_headings() -> None:
    text = """プライバシーポリシー

取得する情報

当社は、次の情報を取得します。

氏名

住所

利用の履歴

利用目的

当社は、次の目的で利用します。

商品の発送

お問い合わせへの回答

教材の改善

なお、その他の目的には利用しません。
"""
    outline = outline_of([("p.txt", text)])
    assert [node.title for node in outline.articles] == ["取得する情報", "利用目的"]


NESTED = """# プライバシーポリシー

株式会社あおぞら（以下「当社」といいます。）は、個人情報を大切にします。

{o} 取得する個人情報

{i} お客様について

- 氏名
- 住所

{i} 端末について

- IPアドレス

{o} 利用目的

{i} ご予約

- 予約の受付
- 予約日時の通知

{i} 採用

- 応募された方への連絡

{o} お問い合わせ窓口

電話 03-0000-0000
"""


@pytest.mark.parametrize(("outer", "inner"), [("##", "###"), ("##", "####"), ("###", "####")])
def test_headings_below_headings_are_parts_however_many_they_are(outer: str, inner: str) -> None:
    read = outline_of([("p.md", NESTED.format(o=outer, i=inner))])
    assert [node.title for node in read.articles] == [
        "取得する個人情報",
        "利用目的",
        "お問い合わせ窓口",
    ]
    assert [p.text for p in read.purposes] == [
        "予約の受付",
        "予約日時の通知",
        "応募された方への連絡",
    ]
    assert [i.text for i in read.items] == ["氏名", "住所", "IPアドレス"]


def _titles(text: str) -> list[str]:
    return [node.title for node in outline_of([("p.txt", text)]).articles]


def test_a_heading_may_stand_above_a_sentence_that_goes_on_over_a_list() -> None:
    text = """個人情報保護方針

個人情報の管理について
当工房は、個人情報を正確に保ちます。

個人情報の利用目的
個人情報は、商品の発送のために利用します。

ご相談の窓口及び手続について
当工房が保有する個人情報について、
開示を希望する場合
訂正を希望する場合
苦情を申し出る場合は、次の窓口にご連絡ください。

工房の窓口 電話 0120-000-000

方針の変更について
本方針は、変更することがあります。
"""
    assert _titles(text) == [
        "個人情報の管理について",
        "個人情報の利用目的",
        "ご相談の窓口及び手続について",
        "方針の変更について",
    ]


def test_the_first_line_below_the_title_heads_an_article_where_it_stands_as_the_others_do() -> None:
    heads = [
        "個人情報の取り扱いについて",
        "個人情報の収集について",
        "第三者への提供について",
        "窓口について",
    ]
    text = "プライバシーポリシー\n\n" + "\n\n".join(
        f"{one}\n\n当店は、法令に従って個人情報を取り扱います。" for one in heads
    )
    assert _titles(text) == heads


def test_numbers_that_begin_again_below_headings_of_the_markup_are_lists() -> None:
    heads = ["開示の対象について", "開示の請求について", "第三者提供について", "お問い合わせ"]
    pages = [
        "<ol><li>氏名、住所</li><li>利用目的</li></ol>",
        "<ol>"
        + "".join(
            f"<li>{t}<p>当社は、書面により対応します。</p></li>"
            for t in ("申し出先", "本人確認書類", "開示の手数料", "回答の方法", "利用目的")
        )
        + "</ol>",
        "<p>当社は、同意なく提供しません。</p>",
        "<p>電話 03-0000-0000</p>",
    ]
    body = "".join(
        f"<h4>案内{n} : {head}</h4>{page}"
        for n, (head, page) in enumerate(zip(heads, pages, strict=True), 1)
    )
    read = outline_of([("p.html", f"<html><h3>個人情報のお取扱い</h3>{body}</html>")])
    assert [node.title.partition(" : ")[2] for node in read.articles] == heads


def test_a_label_within_the_last_article_is_none_of_its_peers() -> None:
    text = """<html><h2>個人情報の取り扱いについて</h2><ol>
<li>事業者の名称<p>みどり株式会社</p></li>
<li>利用の目的<p>ご注文に対応するために利用します。</p></li>
<li>第三者への提供<p>同意なく提供することはありません。</p></li>
<li>お問い合わせは、下記までお願いします。<p>個人情報のお問い合わせ先</p><p>みどり株式会社 東京都港区1-1</p></li>
</ol></html>"""
    assert len(outline_of([("p.html", text)]).articles) == 4


def test_a_line_that_ends_otherwise_than_the_bare_list_above_it_is_a_heading() -> None:
    text = """プライバシーポリシー

あおば教室は、個人情報を大切に扱います。

使いみち

お預かりした情報は次のことに使います。

授業の計画を立てるため

月謝を請求するため

お知らせを送るため

ほかの人に渡すこと

同意がないかぎり、ほかの人に渡すことはしません。

連絡先

あおば教室 電話 03-0000-0000
"""
    assert _titles(text) == ["使いみち", "ほかの人に渡すこと", "連絡先"]


def test_brackets_that_begin_a_line_head_what_stands_behind_them() -> None:
    text = """個人情報の取り扱い

【ご入力いただく項目】お名前（必須）、ご住所（任意）、お電話番号（必須）

【利用目的】お問い合わせへの回答、資料の送付

【第三者提供】同意を得ることなく第三者に提供することはありません。

【開示等】開示をご希望の場合は、総務部（0120-000-000）へご連絡ください。
"""
    read = outline_of([("p.txt", text)])
    assert [node.title for node in read.articles] == [
        "ご入力いただく項目",
        "利用目的",
        "第三者提供",
        "開示等",
    ]
    assert [p.text for p in read.purposes] == ["お問い合わせへの回答", "資料の送付"]
    assert [i.text for i in read.items] == [
        "お名前（必須）",
        "ご住所（任意）",
        "お電話番号（必須）",
    ]


def test_brackets_that_mark_entries_head_nothing() -> None:
    text = """プライバシーポリシー

1. 取得する情報
次の情報を取得します。
【必須】氏名
【必須】住所
【任意】電話番号
【任意】年齢

2. 利用目的
商品の発送のために利用します。
"""
    assert _titles(text) == ["取得する情報", "利用目的"]


def test_unmarked_parts_each_hold_the_data_that_the_line_below_counts() -> None:
    text = """プライバシーポリシー

取得する情報

当店は、次の情報を取得します。

ご登録の際にご提供いただく情報
氏名、メールアドレス

ご利用に伴い記録する情報
購入の履歴、アクセスログ

利用目的

取得した情報は、次の目的に利用します。
本サービスの提供及び本人認証
料金の請求

窓口

電話 03-0000-0000
"""
    read = outline_of([("p.txt", text)])
    assert [node.title for node in read.articles] == ["取得する情報", "利用目的", "窓口"]
    assert [i.text for i in read.items] == [
        "氏名",
        "メールアドレス",
        "購入の履歴",
        "アクセスログ",
    ]
    assert [p.text for p in read.purposes] == ["本サービスの提供及び本人認証", "料金の請求"]


BARE = """プライバシーポリシー

つむぎ商店は、お客様の個人情報を、以下のとおり取り扱います。

お預かりする情報
{gap}お名前
ご住所
お電話番号

情報を使う目的
{gap}ご注文の品の発送
お支払いの確認

第三者への提供
{gap}当店は、同意なく第三者に提供しません。提供したときは記録を残します。

安全のためにしていること
{gap}店長を責任者とし、名簿の取扱いを記録しています。
従業員には毎年研修をしています。

お問い合わせの窓口
{gap}電話 075-000-0000
"""


def test_headings_stand_above_bare_lists_that_nothing_announces() -> None:
    read = outline_of([("p.txt", BARE.format(gap="\n"))])
    assert [node.title for node in read.articles] == [
        "お預かりする情報",
        "情報を使う目的",
        "第三者への提供",
        "安全のためにしていること",
        "お問い合わせの窓口",
    ]
    assert [i.text for i in read.items] == ["お名前", "ご住所", "お電話番号"]
    assert [p.text for p in read.purposes] == ["ご注文の品の発送", "お支払いの確認"]


def test_headings_stand_close_above_bare_lists() -> None:
    text = BARE.replace("安全のためにしていること", "安全管理").format(gap="")
    read = outline_of([("p.txt", text)])
    assert [node.kind for node in read.articles] == [
        "items",
        "purposes",
        "third_party",
        "security",
        "desk",
    ]
    assert [i.text for i in read.items] == ["お名前", "ご住所", "お電話番号"]
