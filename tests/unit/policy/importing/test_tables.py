"""The report of a reading shows a table by its head and its rows, and cases below a proviso as the list they are."""

from __future__ import annotations

from chikai.policy.importing import outline_of, report

TABLE = """# プライバシーポリシー

株式会社あおば（以下「当社」といいます。）の方針です。

## 利用目的

| 利用目的 | 対象となる情報 |
|---|---|
| 商品の発送 | 氏名、住所 |
| 代金の請求 | 氏名 |

## お問い合わせ

株式会社あおば 個人情報相談室 電話 03-0000-0000
"""
CASES = """プライバシーポリシー

第1条（第三者提供）
当社は、次に掲げる場合を除いて、同意を得ることなく、第三者に提供することはありません。ただし、法令で認められる場合を除きます。
人の生命の保護のために必要がある場合であって、本人の同意を得ることが困難であるとき
公衆衛生の向上のために特に必要がある場合であって、本人の同意を得ることが困難であるとき
前項の定めにかかわらず、次に掲げる場合には、提供先は第三者に該当しないものとします。
業務を委託する場合
事業の承継に伴って提供される場合

第2条（窓口）
電話 03-0000-0000
"""


def test_the_report_marks_the_head_of_a_table_and_leaves_its_rule_out() -> None:
    read = outline_of([("p.md", TABLE)])
    said = report.as_text(read)
    assert "table  | 利用目的 | 対象となる情報 |" in said
    assert "---" not in said
    children = report.as_value(read)["clauses"][0]["children"]  # type: ignore[index]
    assert [child["text"].split(" | ")[0] for child in children] == [
        "| 利用目的",
        "| 商品の発送",
        "| 代金の請求",
    ]


def test_bare_cases_below_a_proviso_are_a_list() -> None:
    article = outline_of([("p.txt", CASES)]).articles[0]
    assert [child.text[:4] for child in article.children] == [
        "人の生命",
        "公衆衛生",
        "業務を委",
        "事業の承",
    ]
