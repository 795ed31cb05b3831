"""Pages and texts as they are found: headings whose levels say nothing, layout by blanks, data named for joint use only."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of

ABOVE = "<!doctype html><html><body><h4>プライバシーポリシー</h4>"
BELOW = "".join(
    f"<h5>{title}</h5><p>{said}</p>"
    for title, said in (
        ("利用目的", "当店は、お預かりした情報を、ご予約の確認のために利用します。"),
        ("安全管理", "当店は、漏えいの防止のために必要な措置を講じます。"),
        ("第三者提供", "当店は、法令に基づく場合を除き、第三者に提供しません。"),
        ("開示等の請求", "開示、訂正、利用停止は、窓口にお申し出ください。"),
        ("改定", "本ポリシーを改定するときは、本ページでお知らせします。"),
        ("お問い合わせ窓口", "メール：desk@example.com"),
    )
)


def outline(text: str, name: str = "p.html"):
    return outline_of([(name, text)])


def test_a_run_of_larger_headings_amid_the_many_is_of_their_level() -> None:
    page = (
        f"{ABOVE}<h5>はじめに</h5><p>当店は、次のとおり定めます。</p>"
        "<h2>お預かりする情報</h2><h2>● ご予約のとき</h2><p>お名前、お電話番号、ご来店の人数</p>"
        f"<h2>● サイトをご覧のとき</h2><p>閲覧の履歴、端末の種類</p>{BELOW}</body></html>"
    )
    found = outline(page)
    titles = [node.title for node in found.articles]
    assert titles[:3] == ["はじめに", "お預かりする情報", "利用目的"]
    assert len(titles) == 8
    assert len(found.by_id["2"].children) == 2
    assert [one.text for one in found.items] == [
        "お名前",
        "お電話番号",
        "ご来店の人数",
        "閲覧の履歴",
        "端末の種類",
    ]


def test_a_page_whose_levels_go_down_keeps_them() -> None:
    page = (
        f"{ABOVE}<h2>お預かりする情報</h2><h3>ご予約のとき</h3><p>お名前、お電話番号</p>"
        "<h3>ご来店のとき</h3><p>お車の番号</p><h2>利用目的</h2><p>ご予約の確認のために利用します。</p>"
        "<h2>第三者提供</h2><p>同意なく第三者に提供しません。</p></body></html>"
    )
    assert [node.title for node in outline(page).articles] == [
        "お預かりする情報",
        "利用目的",
        "第三者提供",
    ]


def test_entries_of_a_cell_that_wide_blanks_part_are_entries() -> None:
    page = (
        f"{ABOVE}<h5>利用目的</h5><p>本校は、次の目的で個人情報を利用します。</p><table>"
        "<tr><th>分野</th><th>利用目的</th></tr>"
        "<tr><td>学籍</td><td>入学手続&emsp;学籍簿の作成&emsp;進級の判定\n卒業の認定</td></tr>"
        "<tr><td>連絡</td><td>保護者への連絡<br>（緊急のときを含む）</td></tr></table>"
        f"{BELOW.partition('</p>')[2]}</body></html>"
    )
    found = outline(page)
    assert [one.text for one in found.purposes] == [
        "入学手続",
        "学籍簿の作成",
        "進級の判定",
        "卒業の認定",
        "保護者への連絡（緊急のときを含む）",
    ]
    assert found.items == ()


def test_a_row_with_a_tab_is_no_heading() -> None:
    text = (
        "個人情報の取扱い\n(1)利用目的\nお問い合わせに回答するため\n\n(2)第三者提供\n第三者に提供しません。\n\n"
        "(3)苦情の申出先\n\n窓口の名称\t個人情報相談窓口\n連絡先\t住所：東京都港区1-2-3\n電話：03-1234-5678\n"
    )
    assert len(outline(text, "p.txt").articles) == 3


@pytest.mark.parametrize(
    "joint",
    [
        "<p>共同で利用します。</p><ol><li>①共同して利用する個人情報の項目：<p>氏名、会員番号、購入の履歴</p></li></ol>",
        "<p><strong>■ 個人情報の項目</strong></p><ul><li>氏名</li><li>会員番号</li><li>購入の履歴</li></ul>",
    ],
)
def test_data_that_only_joint_use_names_are_the_data_of_the_policy(joint: str) -> None:
    page = (
        f"{ABOVE}<h5>第三者提供</h5><p>法令に基づく場合を除き、第三者に提供しません。</p><h6>（1）共同利用</h6>{joint}"
        f"{BELOW.replace('<h5>第三者提供</h5>', '<h5>委託</h5>')}</body></html>"
    )
    assert [one.text for one in outline(page).items] == ["氏名", "会員番号", "購入の履歴"]


def test_a_heading_below_a_sentence_without_its_stop_is_a_heading() -> None:
    text = (
        "プライバシーポリシー\n\n収集する情報\n\n氏名とメールアドレスを収集します\n\n利用目的\n\nご連絡のために利用します\n\n"
        "SSL（Secure Socket Layer）について\n\n本サイトは通信を暗号化しています。\n\nお問い合わせ\n\nメール：desk@example.com\n"
    )
    assert "SSL（Secure Socket Layer）について" in [
        n.title for n in outline(text, "p.txt").articles
    ]


def test_the_purposes_of_what_is_open_to_requests_are_purposes() -> None:
    text = (
        "個人情報の取扱い\n\n■すべての開示対象個人情報の利用目的\n1.お客様の個人情報\n・契約の履行のため\n・代金の請求のため\n"
        "2.株主の個人情報\n・株主名簿の作成のため\n\n■開示対象個人情報の開示等の手続\n所定の書面でご請求ください。\n\n"
        "■第三者提供\n第三者に提供しません。\n"
    )
    found = outline(text, "p.txt")
    assert [one.text for one in found.purposes] == [
        "契約の履行のため",
        "代金の請求のため",
        "株主名簿の作成のため",
    ]


def test_the_name_of_the_desk_below_the_article_on_it_is_no_article() -> None:
    text = (
        "個人情報の取扱い\n\n1.利用目的\nご予約の確認のために利用します。\n\n2.第三者提供\n第三者に提供しません。\n\n"
        "3.お問い合わせ及び苦情の申出先\n下記の窓口にお申し出ください。\n\n♦ 個人情報お問い合わせ窓口 ♦\n見本株式会社　総務課\n電話：03-1234-5678\n\n"
        "◇ 認定個人情報保護団体の名称と苦情の申出先 ◇\n見本協会　電話：03-1234-5679\n"
    )
    assert [node.number for node in outline(text, "p.txt").articles] == ["1.", "2.", "3."]


def test_whose_data_are_shared_is_no_part_of_their_name() -> None:
    text = (
        "個人情報の取扱い\n\n1.利用目的\nポイントの付与のために利用します。\n\n2.共同利用\n"
        "(1)共同して利用する個人情報の項目\nお客様の氏名、住所、会員番号\n(2)共同して利用する者の範囲\n株式会社見本マート\n\n"
        "3.窓口\n電話：03-1234-5678\n"
    )
    assert [one.text for one in outline(text, "p.txt").items] == ["氏名", "住所", "会員番号"]


def test_numbers_on_lines_of_their_own_count_the_clauses_and_bare_lines_below_words_are_entries() -> (
    None
):
    text = (
        "見本酒店\nプライバシーポリシー\n\n01\n取得する情報\n\nご注文の際に、必要な情報のみを取得します。広告の追跡は行いません。\n\n"
        "ご注文情報: お名前、ご住所\nお支払い情報: カード番号の下4桁\n\n"
        "02\n利用目的\n\n取得した情報は、以下の目的にのみ利用します。ほかの目的で利用するときは、同意をいただきます。\n\n"
        "ご注文の処理\n年齢の確認\n取引の記録の保管\n\n03\n第三者提供\n\n第三者に提供しません。\n\n04\nお問い合わせ先\n\n電話：03-1234-5678\n"
    )
    found = outline(text, "p.txt")
    assert [node.title for node in found.articles] == [
        "取得する情報",
        "利用目的",
        "第三者提供",
        "お問い合わせ先",
    ]
    assert [one.text for one in found.items] == [
        "ご注文情報: お名前、ご住所",
        "お支払い情報: カード番号の下4桁",
    ]
    assert [one.text for one in found.purposes] == [
        "ご注文の処理",
        "年齢の確認",
        "取引の記録の保管",
    ]


def test_numbered_headings_that_begin_again_are_parts_of_the_headings_without_numbers() -> None:
    section = "<h2>{}</h2><p>{}</p>".format
    page = (
        "<!doctype html><html><body><h1>個人情報の取扱い</h1>"
        + section("個人情報の利用目的", "当社は、次のとおり利用します。")
        + section("1.お客様の個人情報", "・ご契約の履行のため。<br>・新商品のご案内のため。")
        + section("2.採用に応募された方の個人情報", "・選考のため。<br>・結果をお知らせするため。")
        + section("＜共同利用について＞", "次のとおり共同利用します。")
        + section("1.共同利用者の範囲", "当社の子会社")
        + section("2.共同利用する個人情報の項目", "氏名、会員番号")
        + section("＜第三者への提供＞", "同意なく第三者に提供しません。")
        + section("＜お問い合わせ窓口＞", "電話：03-1234-5678")
        + "</body></html>"
    )
    found = outline(page)
    assert [node.title for node in found.articles] == [
        "個人情報の利用目的",
        "共同利用について",
        "第三者への提供",
        "お問い合わせ窓口",
    ]
    assert [one.text for one in found.purposes] == [
        "ご契約の履行のため。",
        "新商品のご案内のため。",
        "選考のため。",
        "結果をお知らせするため。",
    ]
    assert [one.text for one in found.items] == ["氏名", "会員番号"]


def test_captions_in_round_brackets_head_what_joint_use_must_say() -> None:
    text = (
        "個人情報の取扱い\n\n1 利用目的\n配達のために利用します。\n\n2 共同利用\n次のとおり共同利用します。\n"
        "（共同利用される個人情報の項目）\n会員の氏名、住所、ご注文の履歴\n（共同利用する者の範囲）\n株式会社見本配達\n\n"
        "3 窓口\n電話：03-1234-5678\n"
    )
    assert [one.text for one in outline(text, "p.txt").items] == ["氏名", "住所", "ご注文の履歴"]


def test_a_list_of_what_is_needed_names_data() -> None:
    text = (
        "プライバシーポリシー\n\n1. 計算のために必要な情報について\n計算にあたり、以下の情報をお預かりします。\n・生年月日\n・出生地（都市名）\n\n"
        "2. 利用目的\n計算の結果をお返しするために利用します。\n\n3. 第三者提供\n第三者に提供しません。\n"
    )
    assert [one.text for one in outline(text, "p.txt").items] == ["生年月日", "出生地（都市名）"]


def test_lines_that_a_page_shows_as_they_were_typed_are_lines() -> None:
    page = (
        "<!doctype html><html><body><h1>プライバシーポリシー</h1><pre>見本工房は、次のとおり定めます。\n\n■ 取得する情報\n\n"
        "次の情報を取得します。\n\n・端末の種類\n・位置情報\n\n■ 利用目的\n\n取得した情報は次の目的に使用します。\n\n・地図の表示\n・不具合の修正\n\n"
        "■ データの削除\n\n以下の手順で登録情報を削除できます。\n\n1. 設定の画面を開く\n2. 削除を選ぶ\n\n■ お問い合わせ\n\nメール：desk@example.com</pre></body></html>"
    )
    found = outline(page)
    assert [node.title for node in found.articles] == [
        "取得する情報",
        "利用目的",
        "データの削除",
        "お問い合わせ",
    ]
    assert [one.text for one in found.items] == ["端末の種類", "位置情報"]
    assert [one.text for one in found.purposes] == ["地図の表示", "不具合の修正"]


def test_what_is_not_acquired_is_no_item() -> None:
    text = (
        "# プライバシーポリシー\n\n## 取得する情報\n\n次の情報を取得します。\n\n- 会員番号\n- **表示名・アイコン画像**を取得する場合があります。\n\n"
        "### 当会が取得しない情報\n\n- 友だちリスト\n- メッセージの内容\n\n## 要配慮個人情報\n\n次に示す情報の取得は、原則として行いません。\n\n"
        "1. 病歴\n2. 信条\n\n## 利用目的\n\n会報の送付のために利用します。\n\n## 窓口\n\n電話：03-1234-5678\n"
    )
    found = [one.text for one in outline(text, "p.md").items]
    assert found == ["会員番号", "表示名", "アイコン画像"]


def test_a_table_of_purposes_amid_the_parts_of_a_clause_is_read() -> None:
    page = (
        "<!doctype html><html><body><h3>個人情報保護方針</h3><p>当社は、方針を定めます。</p><h3>個人情報の取扱い</h3><ol>"
        "<li>事業者の名称</li><p>見本株式会社</p><li>個人情報の利用目的</li>"
        "<table><tr><th>対象</th><th>開示</th><th>利用目的</th></tr>"
        "<tr><td>お客様</td><td>開示</td><td>契約の履行のため</td></tr>"
        "<tr><td>株主様</td><td>開示</td><td>株主総会のご案内のため</td></tr></table>"
        "<li>第三者提供</li><p>同意なく第三者に提供しません。</p></ol>"
        "<h3>お問い合わせ</h3><p>電話：03-1234-5678</p></body></html>"
    )
    assert [one.text for one in outline(page).purposes] == [
        "契約の履行のため",
        "株主総会のご案内のため",
    ]


def test_who_runs_the_site_that_hands_data_over_is_not_the_operator() -> None:
    text = (
        "プライバシーポリシー\n\n田中屋（店主　田中一郎）は、個人情報を次のとおり取り扱います。\n\n1. 取得\n"
        "予約サイト「見本ナビ」（運営：株式会社見本ナビ）から、お客様の氏名、電話番号を取得します。\n\n"
        "2. 委託\n配送を株式会社はこぶに委託します。\n\n3. 利用目的\nご予約の確認のために利用します。\n\n4. 窓口\n電話：03-1234-5678\n"
    )
    found = outline(text, "p.txt")
    assert found.contact.name == "田中屋"
    assert "株式会社はこぶ" in [one.name for one in found.recipients]


def test_the_next_article_counts_though_the_markup_makes_less_of_it() -> None:
    page = (
        "<!doctype html><html><body><h1>プライバシーポリシー</h1><dl><dt>1. 取得する情報</dt><dd>氏名、住所を取得します。</dd>"
        "<dt>2. 利用目的</dt><dd>商品の発送のために利用します。</dd><dt>3. 第三者提供</dt><dd>第三者に提供しません。</dd></dl>"
        "<p>4. お問い合わせ窓口</p><p>TEL/FAX：06-1234-5678</p></body></html>"
    )
    found = outline(page)
    assert [node.title for node in found.articles][-1] == "お問い合わせ窓口"
    assert found.contact.phone == "06-1234-5678"


def test_an_article_in_the_summary_of_a_box_is_an_article() -> None:
    page = (
        "<!doctype html><html><body><h1>プライバシーポリシー</h1>"
        "<details><summary>第1条（取得する情報）</summary><p>氏名、住所を取得します。</p></details>"
        "<details><summary>第2条（利用目的）</summary><p>商品の発送のために利用します。</p></details>"
        "<h3>第3条（第三者提供）</h3><p>第三者に提供しません。</p><h3>第4条（窓口）</h3><p>電話：03-1234-5678</p></body></html>"
    )
    assert [node.title for node in outline(page).articles] == [
        "取得する情報",
        "利用目的",
        "第三者提供",
        "窓口",
    ]


def test_the_entries_of_purposes_are_no_data() -> None:
    text = (
        "プライバシーポリシー\n\n第1条（利用目的）\n当組合は、個人情報を次の目的で利用します。\n・お問い合わせへの対応、資料の送付及びサービスのご提供\n"
        "・行事のご案内\n\n第2条（第三者提供）\n第三者に提供しません。\n\n第3条（窓口）\n電話：03-1234-5678\n"
    )
    found = outline(text, "p.txt")
    assert found.items == ()
    assert len(found.purposes) == 2
