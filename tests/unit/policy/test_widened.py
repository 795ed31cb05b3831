"""What more a name says is found by its words, and names that share none cost no comparison."""

from __future__ import annotations

import pytest

from chikai.policy import widened
from tests.unit.policy.importing.test_growth import calls


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ("氏名", "氏名及び住所", ("住所",)),
        ("氏名、住所", "氏名、電話番号及び住所", ("電話番号",)),
        ("氏名（姓、名）", "氏名（姓、名、旧姓）", ("旧姓",)),
        ("新商品の案内", "新商品及びサービスの案内", ("サービス",)),
        ("氏名", "氏名等", ("等",)),
        ("name", "name and address", ("address",)),
        ("氏名、住所", "氏名・住所", ()),
        ("閲覧履歴", "サイトの閲覧履歴", ()),
        ("氏名", "氏名（任意）", ()),
        ("氏名", "氏名（以下「お名前」といいます。）", ()),
        ("情報", "情報（氏名を除く）", ()),
        ("氏名", "お名前", ()),
    ],
)
def test_what_is_put_into_an_enumeration_is_more(old: str, new: str, more: tuple[str, ...]) -> None:
    assert widened.more(old, new) == more
    assert widened.more(new, old) == ()


def test_names_that_share_no_words_are_not_compared_sign_by_sign() -> None:
    widened.more("氏名", "電話番号及び住所")
    assert calls(lambda old: str(widened.more(old, "商品の購入及び閲覧の履歴")), "位置情報") < 60
