"""A folder of files: one picture, what stood there stands, and nothing is half done or lost in silence."""

import fcntl
import os
import signal
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from chikai.errors import ChikaiError, ConfigError, Disagrees, Unreachable, WrongState
from chikai.sources import config, folder, folder_files
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap
from chikai.sources.memory import MemorySource
from chikai.sources.protocol import Change
from tests.contract import shop

KEYS = {"members": ("2",)}
MEMBERS = "会員番号,氏名,メール,電話\r\n1,山田 一郎,person1@mail.example,090-0000-0001\r\n2,山田 二郎,person2@mail.example,090-0000-0002\r\n"
NOTES = 'no,会員番号,本文\n1,2,"two\nlines, quoted ""so"""\n2,1,  spaces stay  \n3,2,=1+1\n'
MAP = Map(
    "files",
    "shop",
    (
        TableMap(
            "members",
            "person",
            identity=Identity("会員番号", email="メール"),
            columns=(
                ColumnMap("会員番号", "-"),
                ColumnMap("氏名", "name"),
                ColumnMap("メール", "contact", kind="email"),
                ColumnMap("電話", "contact", "null"),
            ),
        ),
        TableMap(
            "notes",
            "person",
            (Edge(("会員番号",), "members", ("会員番号",)),),
            columns=(ColumnMap("本文", "content", "delete"),),
            key=("no",),
        ),
    ),
)
PLENTY = {"members": 9, "notes": 9}


@pytest.fixture
def place(tmp_path):
    (tmp_path / "members.csv").write_bytes(MEMBERS.encode("cp932"))
    (tmp_path / "notes.csv").write_bytes(NOTES.encode())
    return tmp_path


def opened(place, mode="enforce"):
    table = {"kind": "folder", "service": "shop", "path": str(place), "mode": mode}
    return folder.FolderSource(config.parse("files", table), b"secret")


def bytes_of(place):
    return {p.name: p.read_bytes() for p in place.iterdir() if p.name != folder.LOCK}


def read(source, map_=MAP, keys=KEYS):
    with source.reading() as reading:
        return {name: list(rows) for name, rows in reading.read(map_, keys)}


def correct(source, value, table="members", column="氏名", key=("2",)):
    return source.write(MAP, KEYS, [Change(table, key, column, value)], at_most=1)


def fault(call, kind, *hidden):
    with pytest.raises(kind) as caught:
        call()
    said = f"{caught.value}"
    assert caught.value.do
    for mark in ("山田", "person2", *hidden):
        assert mark not in said
    return said


def test_a_folder_holds_for_a_person_what_memory_holds(tmp_path):
    source = shop.foldered(tmp_path)
    database = shop.filled(shop.sqlite_url(tmp_path))
    memory = MemorySource("shop", shop.opened(shop.sqlite_url(tmp_path)).catalogue(), shop.rows())
    database.dispose()
    with source.reading() as files, memory.reading() as reference:
        assert files.count(shop.MAP, shop.KEYS) == reference.count(shop.MAP, shop.KEYS)


def test_encodings_of_japanese_offices_are_read(place):
    for encoding in ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"):
        (place / "members.csv").write_bytes(MEMBERS.encode(encoding))
        assert read(opened(place))["members"][0]["氏名"] == "山田 二郎", encoding


def test_a_number_stays_the_text_that_it_is(place):
    (place / "members.csv").write_text("会員番号,氏名,メール,電話\n007,a,b@c.example,03000000\n")
    assert read(opened(place), keys={"members": ("007",)})["members"][0]["電話"] == "03000000"
    assert read(opened(place), keys={"members": ("7",)})["members"] == []


def test_other_records_keep_their_very_characters(place):
    correct(opened(place), "田中 花子")
    after = (place / "members.csv").read_bytes().decode("cp932")
    assert after == MEMBERS.replace("山田 二郎", "田中 花子")
    correct(opened(place), "new", "notes", "本文", ("1",))
    assert (place / "notes.csv").read_text() == NOTES.replace('"two\nlines, quoted ""so"""', "new")


def test_an_erased_record_goes_and_the_others_stand(place):
    assert opened(place).erase(MAP, KEYS, at_most=PLENTY) == {"members": 1, "notes": 2}
    assert (place / "notes.csv").read_text() == "no,会員番号,本文\n2,1,  spaces stay  \n"
    text = (place / "members.csv").read_bytes().decode("cp932")
    assert "山田 一郎" in text
    assert "山田 二郎" not in text
    assert "0002" not in text


@pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", "+81-3-0000-0000", "@SUM(A1)", "-2+3"])
def test_a_value_that_looks_like_a_formula_is_written_as_text_and_read_as_it_was(place, value):
    correct(opened(place), value)
    assert f"'{value[:4]}" in (place / "members.csv").read_bytes().decode("cp932")
    assert read(opened(place))["members"][0]["氏名"] == value


def test_a_negative_number_is_no_formula(place):
    correct(opened(place), "-12.5")
    assert b",-12.5," in (place / "members.csv").read_bytes()


@pytest.mark.parametrize("sign", ["𠮷", "é", "😀"])
def test_a_sign_that_the_encoding_lacks_stops_the_change(place, sign):
    before = bytes_of(place)
    said = fault(lambda: correct(opened(place), f"x{sign}"), Disagrees, sign)
    assert "cp932" in said
    assert bytes_of(place) == before


def test_a_book_keeps_its_other_sheets_and_its_formats(tmp_path):
    book = openpyxl.Workbook()
    book.worksheets[0].title = "会員"
    for line in (["会員番号", "氏名", "メール", "電話"], [1, "一郎", "a@x.example", "090"], [2, "二郎", "b@x.example", "080"]):  # fmt: skip
        book.worksheets[0].append(line)
    book.worksheets[0]["B2"].font = openpyxl.styles.Font(bold=True)
    book.create_sheet("覚え").append(["何もない", 1.5])
    book.save(tmp_path / "members.xlsx")
    tables = {t.name for t in opened(tmp_path).catalogue().tables}
    assert tables == {"members/会員", "members/覚え"}
    table = TableMap(
        "members/会員", "person", identity=Identity("会員番号"), columns=MAP.tables[0].columns
    )
    map_ = Map("files", "shop", (table,))
    keys = {"members/会員": ("2",)}
    assert read(opened(tmp_path), map_, keys)["members/会員"][0]["電話"] == "080"
    change = [Change("members/会員", ("2",), "氏名", "=1+1")]
    opened(tmp_path).write(map_, keys, change, at_most=1)
    after = openpyxl.load_workbook(tmp_path / "members.xlsx")
    assert after["会員"]["B3"].data_type == "s"
    assert after["会員"]["B2"].font.bold
    assert after["覚え"]["B1"].value == 1.5
    gone = TableMap(
        "members/会員", "person", identity=Identity("会員番号"),
        columns=(ColumnMap("氏名", "name", "delete"),),
    )  # fmt: skip
    map_ = Map("files", "shop", (gone,))
    opened(tmp_path).erase(map_, keys, at_most={"members/会員": 1})
    after = openpyxl.load_workbook(tmp_path / "members.xlsx")
    assert [c.value for c in after["会員"][3]] == [None] * 4
    with opened(tmp_path).reading() as reading:
        assert reading.count(map_, keys) == {"members/会員": 0}


def test_dates_and_numbers_of_a_book_are_read_as_people_write_them(tmp_path):
    book = openpyxl.Workbook()
    for line in (["id", "born", "at", "n"], [3.0, datetime(1990, 1, 2), datetime(2026, 1, 2, 3, 4), 1.5]):  # noqa: DTZ001  # fmt: skip
        book.worksheets[0].append(line)
    book.save(tmp_path / "t.xlsx")
    with opened(tmp_path).reading() as reading:
        got = reading.sample("t", ["id", "born", "at", "n"], 9)
    assert got == [("3", "1990-01-02", "2026-01-02 03:04:00", "1.5")]


def test_a_sheet_whose_key_is_merged_over_rows_is_not_read(tmp_path):
    """The second row of a person would be nobody's, and stand there after an erasure."""
    book = openpyxl.Workbook()
    for row in (
        ["会員番号", "氏名", "メール", "電話"],
        ["2", "山田", "a@x.example", "1"],
        [None, "山田", "a@x.example", "2"],
    ):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "members.xlsx")
    (tmp_path / "notes.csv").write_bytes(NOTES.encode())
    with pytest.raises(Disagrees, match="merged over several rows"):
        opened(tmp_path).erase(MAP, KEYS, at_most=PLENTY)
    assert "merged" in opened(tmp_path).check().fault


def test_a_formula_without_a_result_is_no_empty_cell(tmp_path):
    """A program that writes a book reckons nothing: the key of the row is not known."""
    book = openpyxl.Workbook()
    for row in (["会員番号", "氏名", "メール", "電話"], ['="2"', "山田", "a@x.example", "1"]):
        book.active.append(row)
    book.save(tmp_path / "members.xlsx")
    (tmp_path / "notes.csv").write_bytes(NOTES.encode())
    with pytest.raises(Disagrees, match="without its result"):
        opened(tmp_path).erase(MAP, KEYS, at_most=PLENTY)


def test_a_quote_that_is_never_closed_takes_no_rows_of_others(place):
    (place / "notes.csv").write_text(
        'no,会員番号,本文\n1,1,"open quote\n2,2,hers\n', encoding="utf-8"
    )
    with pytest.raises(Disagrees, match="never closed"), opened(place).reading() as reading:
        list(reading.read(MAP, {"members": ("1",)}))


def test_a_book_that_would_lose_something_is_not_written(tmp_path):
    book = openpyxl.Workbook()
    for line in (["会員番号", "氏名"], [2, "二郎"], ["=A2", "x"]):
        book.worksheets[0].append(line)
    book.save(tmp_path / "members.xlsx")
    before = bytes_of(tmp_path)
    map_ = Map("files", "shop", (TableMap("members", "person", identity=Identity("会員番号"), columns=(ColumnMap("氏名", "name"),)),))  # fmt: skip
    with pytest.raises(Disagrees, match="formula"):
        opened(tmp_path).write(map_, KEYS, [Change("members", ("2",), "氏名", "x")], at_most=1)
    assert bytes_of(tmp_path) == before


def test_a_file_that_changes_while_it_is_read_is_read_again(place, monkeypatch):
    source, seen = opened(place), []
    plain = folder.Path.read_bytes

    def touched(path):
        data = plain(path)
        if path.name == "notes.csv" and not seen:
            seen.append(1)
            path.write_text(NOTES + "4,2,late\n")
        return data

    monkeypatch.setattr(folder.Path, "read_bytes", touched)
    assert len(read(source)["notes"]) == 3


def test_files_that_never_stand_still_are_not_read(place, monkeypatch):
    plain = folder.Path.read_bytes

    def touched(path):
        with path.open("ab") as file:
            file.write(b"9,9,x\n")
        return plain(path)

    monkeypatch.setattr(folder.Path, "read_bytes", touched)
    fault(opened(place).catalogue, Unreachable)


def test_a_file_that_somebody_saved_meanwhile_is_left_alone(place, monkeypatch):
    plain = folder_files.changed
    theirs = NOTES + "4,1,typed meanwhile\n"

    def slow(data, path, edits):
        (place / "notes.csv").write_text(theirs)
        return plain(data, path, edits)

    monkeypatch.setattr(folder_files, "changed", slow)
    fault(lambda: opened(place).erase(MAP, KEYS, at_most=PLENTY), Disagrees)
    assert (place / "notes.csv").read_text() == theirs
    assert (place / "members.csv").read_bytes().decode("cp932") == MEMBERS
    assert [p.name for p in place.iterdir() if p.name.startswith(".m")] == []


def test_a_book_that_is_open_in_a_spreadsheet_program_is_not_written(place):
    (place / "~$members.xlsx").write_bytes(b"x")
    fault(lambda: correct(opened(place), "x"), Unreachable)
    assert read(opened(place))["members"]


def test_two_steps_do_not_write_at_once(place, monkeypatch):
    monkeypatch.setattr(folder, "LOCK_SECONDS", 0.1)
    with (place / folder.LOCK).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        fault(lambda: correct(opened(place), "x"), Unreachable)
    correct(opened(place), "x")


def test_a_full_disk_leaves_every_file_as_it_was(place, monkeypatch):
    before = bytes_of(place)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.os, "fsync", full)
    said = fault(lambda: opened(place).erase(MAP, KEYS, at_most=PLENTY), Unreachable)
    assert "full" in said
    assert bytes_of(place) == before


def test_what_a_killed_writer_left_beside_is_removed_by_the_next(place):
    """A copy of the whole file, with the rows of everybody, would outlive each erasure."""
    if not (child := os.fork()):
        folder.FolderSource._refuse_moved = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        opened(place).erase(MAP, KEYS, at_most=PLENTY)
        os._exit(0)
    os.waitpid(child, 0)
    assert len(list(place.glob(".*.chikai-new"))) == 2
    opened(place).erase(MAP, KEYS, at_most=PLENTY)
    assert {p.name for p in place.iterdir()} == {"members.csv", "notes.csv", folder.LOCK}


def test_an_observed_folder_is_not_written(place):
    before = bytes_of(place)
    fault(lambda: correct(opened(place, "observe"), "x"), WrongState)
    assert bytes_of(place) == before
    assert not (place / folder.LOCK).exists()


@pytest.fixture
def plain_user():
    """Root may write everywhere; the test is then run as a user who may not."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


def test_a_folder_that_may_not_be_written_says_so(plain_user):
    with tempfile.TemporaryDirectory() as made:  # the tests' own folders are closed to other users
        place = Path(made)
        (place / "members.csv").write_bytes(MEMBERS.encode("cp932"))
        (place / "notes.csv").write_bytes(NOTES.encode())
        before = bytes_of(place)
        place.chmod(0o500)
        try:
            assert "may not write" in fault(lambda: correct(opened(place), "x"), ConfigError)
            assert bytes_of(place) == before
        finally:
            place.chmod(0o700)


def test_a_link_out_of_the_folder_is_refused(place, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "secret.csv"
    other.write_text("id,name\n1,x\n")
    (place / "link.csv").symlink_to(other)
    assert "`link.csv`" in fault(opened(place).catalogue, ConfigError)
    assert not opened(place).check().reachable


def test_a_bomb_is_refused_before_it_unpacks(place):
    with zipfile.ZipFile(place / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (90 * 2**20))
    assert "bomb.xlsx" in fault(opened(place).catalogue, Disagrees)


def test_two_files_of_one_name_are_refused(place):
    openpyxl.Workbook().save(place / "empty.xlsx")
    (place / "notes.CSV").write_text("a,b\n1,2\n")
    fault(opened(place).catalogue, ConfigError)


def test_what_cannot_be_read_is_told_by_the_check(place):
    (place / "letter.docx").write_bytes(b"x")
    health = opened(place).check()
    assert health.reachable
    assert "`letter.docx`" in health.fault


def test_a_folder_that_is_not_there(tmp_path):
    fault(opened(tmp_path / "none").catalogue, Unreachable)
    assert not opened(tmp_path / "none").check().reachable


def test_headings_that_are_missing_or_stand_twice_are_named(place):
    (place / "odd.csv").write_text("\n,name,name,\nx,1,2,3\n")
    columns = [c.name for c in opened(place).catalogue().by_name["odd"].columns]
    assert columns == ["column 1", "name", "name (2)", "column 4"]


def test_a_damaged_file_is_named_without_its_words(place):
    (place / "bad.csv").write_bytes(b"\xff\xfe\xfa person2 \x00\xd8\x01")
    with pytest.raises(ChikaiError) as caught:
        opened(place).catalogue()
    assert "bad.csv" in str(caught.value)
    assert "person2" not in str(caught.value)
