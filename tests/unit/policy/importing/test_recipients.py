"""Who receives data is named whole, with its own country, and a role is no name."""

from __future__ import annotations

import pytest

from chikai.policy.importing import outline_of
from chikai.policy.outline import FoundRecipient

HEAD = "プライバシーポリシー\n\n株式会社見本（以下「当社」）\n\n第1条（目的）\n発送のため利用します。\n\n"


def found(said: str) -> tuple[FoundRecipient, ...]:
    return outline_of([("p.txt", f"{HEAD}第2条（委託及び共同利用）\n{said}\n")]).recipients


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (
            "さくらホールディングス株式会社及びはなまる物流株式会社に委託します。",
            ["さくらホールディングス株式会社", "はなまる物流株式会社"],
        ),
        (
            "配送業務をみどり運輸株式会社に、決済業務を株式会社さくらペイに委託します。",
            ["みどり運輸株式会社", "株式会社さくらペイ"],
        ),
        ("与信のため株式会社ノチペイに委託します。", ["株式会社ノチペイ"]),
        ("米国のサーバーを利用する株式会社アオバに委託します。", ["株式会社アオバ"]),
        ("さくらホールディングスと共同利用します。", ["さくらホールディングス"]),
        ("共同利用する者：木の葉商事、つばめ物流", ["木の葉商事", "つばめ物流"]),
        ("委託先：ABC Trading Co., Ltd.（タイ）", ["ABC Trading Co., Ltd."]),
    ],
)
def test_a_company_is_named_whole_and_nothing_else_with_it(said: str, names: list[str]) -> None:
    assert [one.name for one in found(said) if one.confidence > 0.5] == names


@pytest.mark.parametrize(
    "said",
    [
        "当社グループ会社との間で共同利用します。",
        "共同利用者の範囲：当社の子会社及び関連会社",
        "共同利用する者：当社、取引先",
        "配送業者、決済代行会社及び印刷会社に委託します。",
    ],
)
def test_a_role_is_no_name(said: str) -> None:
    assert [one.name for one in found(said) if one.confidence > 0.5] == []


def test_each_has_its_own_country() -> None:
    said = "Alpha, Inc.（米国）、Beta Pte. Ltd.（シンガポール）、台湾の台北科技有限公司及び関東配送株式会社に委託します。"
    assert {one.name: one.country for one in found(said)} == {
        "Alpha, Inc.": "US",
        "Beta Pte. Ltd.": "SG",
        "台北科技有限公司": "TW",
        "関東配送株式会社": "",
    }
