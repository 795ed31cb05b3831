"""A register is read as a company keeps it, and what is not understood is said and kept."""

import datetime as dt
import zipfile

import openpyxl
import pytest

from chikai.errors import BadInput
from chikai.sources import registers, sheets, written

HANDLING = [
    "No.",
    "個人情報の名称",
    "含まれる項目",
    "利用目的",
    "件 数（概数）",
    "最終更新日",
    "要配慮個人情報の有無",
]
PROCESSORS = "委託先一覧表,,,\r\n会社名,所在地,国,委託業務,契約日,契約終了日,再委託,ＮＤＡ,点検日\r\n株式会社見本,東京都,日本,発送,2020/4/1,自動更新,無,済,令和6年10月\r\n"


def saved(tmp_path, rows, **more):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for area in more.get("merged", ()):
        sheet.merge_cells(area)
    path = tmp_path / "register.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和7年4月1日", "2025-04-01"),
        ("令和元年5月1日", "2019-05-01"),
        ("R7.4.1", "2025-04-01"),
        ("Ｒ７．４．１", "2025-04-01"),
        ("r7/4/1", "2025-04-01"),
        ("H31.4.30", "2019-04-30"),
        ("平成32年3月31日", "2020-03-31"),
        ("S63-12-31", "1988-12-31"),
        ("㋿7年4月1日", "2025-04-01"),
        ("2025/4/1", "2025-04-01"),
        ("2025-04-01", "2025-04-01"),
        ("2025.4.1", "2025-04-01"),
        ("2025年4月1日（火）", "2025-04-01"),
        ("2025/4/1 10:30", "2025-04-01"),
        ("20250401", "2025-04-01"),
        ("45748", "2025-04-01"),
        (45748, "2025-04-01"),
        (45748.5, "2025-04-01"),
        (dt.date(2025, 4, 1), "2025-04-01"),
        ("2025年4月", "2025-04"),
        ("令和7年4月", "2025-04"),
    ],
)
def test_a_date_is_read_as_offices_write_it(text, day):
    assert written.day(text) == day


@pytest.mark.parametrize(
    "text", ["2025/2/30", "令和0年1月1日", "4/1/2025", "未定", "", "12", True, 3, "R7.13.1"]
)
def test_what_is_no_date_is_not_made_one(text):
    assert written.day(text) is None


def test_a_serial_counts_from_1904_where_the_workbook_says_so():
    assert written.day(44286, epoch_1904=True) == "2025-04-01"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("約1,200件", 1200),
        ("１２００", 1200),
        ("3万", 30000),
        ("1.5万件", 15000),
        ("多数", None),
        (7.0, 7),
    ],
)
def test_a_count_is_read(text, number):
    assert written.count(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("有", True),
        ("○", True),
        ("有（年1回）", True),
        ("無し", False),
        ("×", False),
        ("－", False),
        ("要確認", None),
    ],
)
def test_yes_and_no_are_read(text, said):
    assert written.yes_or_no(text) is said


def test_a_register_with_title_rows_and_merged_headings_is_read(tmp_path):
    path = saved(
        tmp_path,
        [
            ["個人情報管理台帳"],
            ["作成日", "令和7年4月1日"],
            [],
            ["No.", "個人情報の名称", "第三者提供", None, "謎の欄"],
            [None, None, "有無", "提供先", None],
            [1, "顧客名簿", "無", None, "そのまま"],
            [],
            [2, "応募者", "有（年1回）", "人材会社", None],
        ],
        merged=["A1:E1", "A4:A5", "B4:B5", "C4:D4", "E4:E5"],
    )
    register = registers.read(path, "handling")
    assert [row.number for row in register.rows] == [6, 8]
    assert register.rows[0].fields == {"number": "1", "item": "顧客名簿", "provided": False}
    assert register.rows[0].rest == {"謎の欄": "そのまま"}
    assert register.rows[1].fields["provided"] is True
    assert register.rows[1].fields["recipient"] == "人材会社"
    assert register.rows[1].rest == {"第三者提供 / 有無": "有（年1回）"}
    assert register.extra == ("謎の欄",)
    assert {(n.what, n.row) for n in register.notes} == {("row", 7), ("heading", None)}


def test_every_filled_cell_is_kept_somewhere(tmp_path):
    path = saved(
        tmp_path,
        [
            HANDLING,
            [1, "名簿", "氏名", "契約", "多数", "いつか", "?"],
            [2, None, "住所", None, 3, None, None],
        ],
    )
    register = registers.read(path, "handling")
    kept = sum(len(row.fields) + len(row.rest) for row in register.rows)
    assert kept == 10
    notes = {(n.what, n.row, n.heading) for n in register.notes}
    assert ("value", 2, "件 数（概数）") in notes
    assert ("value", 2, "最終更新日") in notes
    assert ("row", 3, "") in notes


def test_a_report_holds_no_value_of_a_cell(tmp_path):
    path = saved(
        tmp_path, [HANDLING, [1, "目印太郎名簿", "氏名", "契約", "目印花子", "目印の日", "目印"]]
    )
    notes = registers.read(path, "handling").notes
    assert notes
    assert "目印" not in repr(notes)


def test_a_formula_is_never_worked_out(tmp_path):
    path = saved(tmp_path, [HANDLING, [1, "=1+1", "氏名", "契約", 3, None, None]])
    register = registers.read(path, "handling")
    assert register.rows[0].rest["個人情報の名称"] == "=1+1"
    assert ("formula", 2) in {(n.what, n.row) for n in register.notes}


def test_headings_that_are_printed_anew_are_no_row(tmp_path):
    path = saved(tmp_path, [HANDLING, [1, "甲"], HANDLING, [2, "乙"]])
    assert [row.fields["item"] for row in registers.read(path, "handling").rows] == ["甲", "乙"]


def test_a_merged_cell_speaks_for_the_rows_below_it(tmp_path):
    path = saved(
        tmp_path,
        [["部署", "個人情報の名称"], ["営業部", "甲"], [None, "乙"]],
        merged=["A2:A3"],
    )
    assert [row.fields["manager"] for row in registers.read(path, "handling").rows] == [
        "営業部"
    ] * 2


def test_a_sheet_without_headings_is_named_and_the_others_are_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HANDLING)
    book.active.append([1, "名簿", "氏名"])
    book.create_sheet("記入例").append(["自由な", "メモ"])
    path = tmp_path / "two.xlsx"
    book.save(path)
    register = registers.read(path, "handling")
    assert [(n.what, n.sheet) for n in register.notes] == [("sheet", "記入例")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"]
)
def test_a_csv_is_read_in_the_encodings_of_japan(tmp_path, encoding):
    path = tmp_path / "p.csv"
    path.write_bytes(PROCESSORS.encode(encoding))
    row = registers.read(path, "processors").rows[0]
    assert row.fields == {
        "company": "株式会社見本",
        "address": "東京都",
        "country": "JP",
        "task": "発送",
        "contract_on": "2020-04-01",
        "subcontract": False,
        "secrecy": True,
        "inspected_on": "2024-10",
    }
    assert row.rest == {"契約終了日": "自動更新"}


@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_the_sign_between_columns_is_found(tmp_path, sign):
    path = tmp_path / "p.csv"
    path.write_text(PROCESSORS.replace(",", sign), encoding="utf-8")
    assert registers.read(path, "processors").rows[0].fields["company"] == "株式会社見本"


@pytest.mark.parametrize(
    ("heading", "kind", "field"),
    [
        ("個人情報の項目", "handling", "categories"),
        ("ご利用目的", "handling", "purpose"),
        ("保管\n場所", "handling", "place"),
        ("保存期間（年）", "handling", "kept"),
        ("アクセス権限者一覧", "handling", "access"),
        ("ＮＤＡ締結", "processors", "secrecy"),
        ("最終点検日", "processors", "inspected_on"),
        ("謎の欄", "handling", None),
    ],
)
def test_a_heading_is_known_by_its_relatives(heading, kind, field):
    found, _ = registers.match(heading, kind)
    assert (found.id if found else None) == field


def _bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (sheets.LARGEST_UNPACKED + 1))


def _entities(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')
        archive.writestr("xl/workbook.xml", "<x/>")


HOSTILE = {
    "empty": (lambda p: p.write_bytes(b""), "empty"),
    "blank": (lambda p: p.write_bytes(b"\n \n"), "empty"),
    "zip": (lambda p: zipfile.ZipFile(p, "w").writestr("a", "b"), "no readable"),
    "cut": (lambda p: p.write_bytes(b"PK\x03\x04abc"), "no readable"),
    "bomb": (_bomb, "unpacks"),
    "entities": (_entities, "no readable"),
    "protected": (
        lambda p: p.write_bytes(sheets._OLE + "EncryptedPackage".encode("utf-16-le")),
        "password",
    ),
    "old": (lambda p: p.write_bytes(sheets._OLE + b"Workbook"), "old .xls"),
    "binary": (lambda p: p.write_bytes(b"\x00\x01\x02" * 50), "neither"),
    "no encoding": (lambda p: p.write_bytes(b"\x81\x20,\x81\x20"), "none of"),
    "no register": (lambda p: p.write_text("a,b\n1,2\n"), "looks like a register"),
    "headings only": (lambda p: p.write_text(",".join(HANDLING) + "\n"), "no rows"),
    "wide": (lambda p: p.write_text("," * 400), "columns"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_register_is_refused_plainly(tmp_path, name):
    path = tmp_path / "file"
    make, says = HOSTILE[name]
    make(path)
    with pytest.raises(BadInput) as caught:
        registers.read(path, "handling")
    assert says in caught.value.what
    assert caught.value.do


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        registers.read(tmp_path / "none.xlsx", "handling")
    with pytest.raises(BadInput, match="not a file"):
        registers.read(tmp_path, "handling")


def test_a_stray_cell_far_below_costs_nothing(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HANDLING)
    book.active.append([1, "名簿", "氏名"])
    book.active.cell(row=900_000, column=2, value="迷子")
    path = tmp_path / "far.xlsx"
    book.save(path)
    register = registers.read(path, "handling")
    assert [row.number for row in register.rows] == [2, 900_000]
    assert ("row", 3) in {(n.what, n.row) for n in register.notes}
    assert len(register.notes) < 5
