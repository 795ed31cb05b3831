"""Tables with Japanese names, also beside tables with English ones, with and without rows."""

import pytest

from chikai.sources import scan
from chikai.sources.catalogue import Catalogue, Column, Table
from tests.corpus.corpus import TYPES, policy_of_all_kinds


class Held:
    """A source of tables and rows held in memory."""

    name = "held"

    def __init__(self, tables, rows=None):
        self.tables, self.rows = tables, rows or {}

    def catalogue(self):
        def column(text):
            name, _, kind = text.partition(":")
            length = int(kind[1:]) if kind[1:] else None
            return Column(name.rstrip("!"), TYPES[kind[0]], "!" not in name, length, "", "")

        def table(name, words):
            read = [column(word) for word in words.split()]
            keys = tuple(c.name for c in read if not c.nullable)
            return Table(name, tuple(read), keys or (read[0].name,))

        return Catalogue("memory", tuple(table(n, w) for n, w in self.tables.items()))

    def reading(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def sample(self, table, columns, rows):
        return [tuple(row.get(c) for c in columns) for row in self.rows.get(table, [])][:rows]

    def included(self, child, parent, rows):
        mine = {r[child[1]] for r in self.rows.get(child[0], [])}
        theirs = {r[parent[1]] for r in self.rows.get(parent[0], [])}
        return len(mine & theirs), len(mine)


COURSES = {
    "attendees": "id:i name:s60 name_kana:s60 email:s255 phone:s20",
    "sessions": "id:i course:s100 held_on:d place:s100",
    "アンケート回答": "回答番号:i 受講者番号:i 研修回番号:i 満足度:i 自由記述:t 回答日時:w",
}
SHOP = {
    "顧客マスタ": "顧客コード:s10 顧客名:s60 顧客名カナ:s60 郵便番号:s8 住所1:s100 電話番号:s20 メールアドレス:s255 生年月日:d",
    "受注": "受注番号:s12 顧客コード:s10 受注日:d",
    "受注明細": "受注番号!:s12 行番号!:i 商品コード:s12 数量:i",
    "商品": "商品コード:s12 商品名:s100 単価:n",
    "社員": "社員番号:s10 氏名:s60 部署コード:s10",
    "部署": "部署コード:s10 部署名:s60",
}


def rows():
    return {
        "attendees": [
            {"id": i, "name": "山田 太郎", "name_kana": "ヤマダ タロウ", "email": f"p{i}@example.jp", "phone": f"03-1234-{1000 + i}"}
            for i in range(1, 41)
        ],
        "sessions": [{"id": i, "course": "入門", "place": "東京"} for i in range(1, 4)],
        "アンケート回答": [
            {"回答番号": i, "受講者番号": 1 + i % 40, "研修回番号": 1 + i % 3, "満足度": i % 5, "自由記述": "とても分かりやすい内容でした。"}
            for i in range(60)
        ],
    }  # fmt: skip


@pytest.mark.parametrize("told", [True, False])
def test_a_japanese_reference_names_an_english_table(told):
    found = scan.scan(Held(COURSES, rows() if told else {}), policy_of_all_kinds(), "app")
    table = found.map.by_name["アンケート回答"]
    assert table.whose == "person"
    assert [(e.columns, e.table, e.to) for e in table.edges] == [(("受講者番号",), "attendees", ("id",))]  # fmt: skip
    assert table.column("自由記述").category in {"free_text", "message"}
    assert table.column("満足度").category not in {"?", "payment"}
    assert table.column("回答番号").category == "-"


def test_a_shop_in_japanese_leads_to_its_customers():
    found = scan.propose(Held(SHOP).catalogue(), policy_of_all_kinds(), "app").map.by_name
    assert found["顧客マスタ"].identity.email == "メールアドレス"
    kinds = {c.name: c.category for c in found["顧客マスタ"].columns}
    assert kinds == {
        "顧客コード": "-", "顧客名": "name", "顧客名カナ": "kana", "郵便番号": "postal_code", "住所1": "address",
        "電話番号": "phone", "メールアドレス": "email", "生年月日": "birth_date",
    }  # fmt: skip
    assert [(e.columns, e.table) for e in found["受注"].edges] == [(("顧客コード",), "顧客マスタ")]
    assert [(e.columns, e.table) for e in found["受注明細"].edges] == [(("受注番号",), "受注")]
    assert found["受注明細"].column("数量").category == "payment"
    assert found["社員"].identity.name == "氏名"
    assert found["商品"].whose == found["部署"].whose == "none"


def test_free_text_that_no_edge_leads_from_is_an_error_by_name():
    tables = {"アンケート回答": "回答番号:i 自由記述:t 満足度:i", "feedback": "id:i comment:t"}
    found = scan.propose(Held(tables).catalogue(), policy_of_all_kinds(), "app")
    assert {t.whose for t in found.map.tables} == {"unknown"}
    assert {f.table for f in found.findings if f.code == "unreachable" and f.error} == set(tables)
