"""Who answers for the data is read from prose, lines and tables alike, and a number is taken for what it is."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import Contact

TABLE = """| 事業者名 | 株式会社あおぞら |
| --- | --- |
| 代表者 | 代表取締役 山田 太郎 |
| 住所 | 〒100-0001 東京都千代田区千代田1-1 |
| 電話番号 | 03-1234-5678 |
| 個人情報保護管理者 | 総務部長 佐藤 花子 |"""


def contact(said: str) -> Contact:
    text = f"# プライバシーポリシー\n\n## 目的\n\n発送のため利用します。\n\n## 窓口\n\n{said}\n"
    return outline_of([("p.md", text)]).contact


def test_a_table_is_read_without_its_rules() -> None:
    found = contact(TABLE)
    assert found.name == "株式会社あおぞら"
    assert found.representative == "山田 太郎"
    assert found.address == "東京都千代田区千代田1-1"
    assert found.officer == "総務部長 佐藤 花子"
    assert (found.postal_code, found.phone) == ("100-0001", "03-1234-5678")


def test_a_desk_behind_the_word_for_a_department_is_named_whole() -> None:
    assert (
        contact("| 部署 | 総務部 個人情報担当 |\n| 電話 | 03-5555-6666 |").desk
        == "総務部 個人情報担当"
    )


def test_a_name_with_a_particle_inside_is_named_whole_where_somebody_signs_for_it() -> None:
    assert contact("有限会社おかずの里　代表取締役　里見 公子").name == "有限会社おかずの里"


def test_what_a_company_runs_is_no_part_of_its_name() -> None:
    said = "# プライバシーポリシー\n\nみずき薬局を営む株式会社ミズキ（以下「弊社」）は、次のとおり扱います。\n"
    assert outline_of([("p.md", f"{said}\n## 目的\n\n発送のため利用します。\n")]).contact.name == (
        "株式会社ミズキ"
    )


def test_labels_beside_each_other_are_told_apart() -> None:
    found = contact("社名：株式会社あおぞら／代表：山田 太郎／電話：03-1111-2222")
    assert (found.name, found.representative) == ("株式会社あおぞら", "山田 太郎")


def test_a_number_of_a_phone_is_no_postal_code() -> None:
    found = contact("電話　123-4567")
    assert (found.postal_code, found.phone) == ("", "123-4567")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("代表理事　理事長　雪村 ふみ", "雪村 ふみ"),
        ("代表取締役社長 兼 CEO 山本 健", "山本 健"),
        ("校長　田中 花子", "田中 花子"),
    ],
)
def test_a_role_is_no_part_of_a_name(said: str, name: str) -> None:
    assert contact(said).representative == name


def test_an_officer_is_named_without_what_stands_behind() -> None:
    found = contact("個人情報保護責任者　管理本部長　木村 直人　連絡先 03-1111-2222")
    assert found.officer == "管理本部長　木村 直人"


def test_a_company_is_named_without_the_particle_behind_it() -> None:
    text = "プライバシーポリシー\n\n株式会社あおぞらは、個人情報を次のとおり扱います。\n\n■目的\n発送のため利用します。\n"
    assert outline_of([("p.txt", text)]).contact.name == "株式会社あおぞら"


def test_a_number_in_kanji_is_a_number() -> None:
    assert contact("電話　〇三―一二三四―五六七八").phone == "03-1234-5678"


def test_an_address_a_company_a_desk_and_a_telephone_in_one_line_are_told_apart() -> None:
    found = contact(
        "〒100-0001 東京都千代田区千代田1-1 株式会社乙 個人情報相談室 電話 03-1234-5678"
    )
    assert found.address == "東京都千代田区千代田1-1"
    assert (found.name, found.desk) == ("株式会社乙", "個人情報相談室")
    assert (found.postal_code, found.phone) == ("100-0001", "03-1234-5678")


def test_the_floor_of_a_building_is_part_of_its_address() -> None:
    found = contact(
        "〒530-0001　大阪府大阪市北区梅田1-2-3　丙ビル5F　TEL：06-1234-5678　FAX：06-1234-5679"
    )
    assert found.address == "大阪府大阪市北区梅田1-2-3　丙ビル5F"
    assert found.phone == "06-1234-5678"


def test_the_name_of_a_desk_counts_before_the_word_of_its_heading() -> None:
    found = contact("個人情報お問い合わせ窓口\n株式会社乙　個人情報保護推進室\n電話 03-1234-5678")
    assert found.desk == "個人情報保護推進室"
    assert contact("個人情報お問い合わせ窓口\n電話 03-1234-5678").desk.endswith("お問い合わせ窓口")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("株式会社甲は次のとおり個人情報を扱います。", "株式会社甲"),
        ("株式会社Aは次の目的で個人情報を利用します。", "株式会社A"),
        ("当支部（「剣道連盟　東支部」をいいます。）は、個人情報を守ります。", "剣道連盟　東支部"),
        ("青葉貿易会ホームページでの個人情報の収集について定めます。", "青葉貿易会"),
        ("みどり野町（以下「町」といいます。）は、個人情報を守ります。", "みどり野町"),
        ("本サービス運営者（以下「運営者」）は、個人情報を守ります。", ""),
    ],
)
def test_an_operator_is_named_with_or_without_a_legal_form(said: str, name: str) -> None:
    text = (
        f"プライバシーポリシー\n\n{said}\n\n■目的\n発送のため利用します。\n\n■窓口\na@b.example\n"
    )
    found = outline_of([("p.txt", text)])
    assert found.contact.name == name
    assert all("は次" not in one.name for one in found.recipients)


def test_a_law_of_a_town_is_no_address() -> None:
    said = "福岡市個人情報保護条例で定める一定の場合を除き、目的以外に利用しません。"
    assert contact(said).address == ""
