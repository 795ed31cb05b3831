"""Registers that a company keeps by hand: the ledger of personal information and the list of processors.

A register is read as it stands: title rows above the headings, merged cells, headings of every company's own. What is
understood gets our names; what is not is kept under its heading and reported. Nothing is dropped in silence, and no
value of a cell stands in a report.

Clauses: 3.2, 4.1.
Law: APPI Art. 23, APPI Art. 25.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from chikai.errors import BadInput
from chikai.sources import sheets, written

if TYPE_CHECKING:
    from pathlib import Path

    from chikai.sources.sheets import Cell, Sheet

Kind = Literal["handling", "processors"]
Value = str | int | bool | None
Form = Literal["text", "day", "count", "yes", "country"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a register may have: our name, what its cells hold, and headings that are seen for it."""

    id: str
    form: Form
    headings: tuple[str, ...]


def _fields(*rows: tuple[str, Form, str]) -> tuple[Field, ...]:
    return tuple(Field(id_, form, tuple(headings.split())) for id_, form, headings in rows)


FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "handling": _fields(
        ("number", "text", "管理番号 番号 No 台帳番号 整理番号 ID 項番 通番"),
        ("item", "text", "情報の名称 個人情報の名称 個人情報名 個人情報ファイル名 名称 情報資産名 資産名 帳票名 データ名 台帳名 ファイル名 個人情報ファイルの名称 情報名"),
        ("categories", "text", "項目 個人情報の項目 情報の項目 含まれる項目 個人情報の内容 記録項目 内容 データ項目 取得項目 個人データの項目"),
        ("persons", "text", "本人の種類 対象者 本人 本人の範囲 個人の種類 対象 情報主体"),
        ("purpose", "text", "利用目的 使用目的 目的 取扱目的 用途"),
        ("place", "text", "保管場所 保存場所 格納場所 所在 保管先 保存先 システム 保管場所/システム"),
        ("method", "text", "保管方法 保存方法 保管形態 媒体 記録媒体 形態 保管媒体 保存形態 媒体種別"),
        ("manager", "text", "管理責任者 責任者 管理者 個人情報管理責任者 取扱責任者 管理部署 管理部門 主管部署 所管部署 担当部署 部署 所管部門"),
        ("access", "text", "アクセス権者 アクセス権限 アクセス権 利用者 アクセス権限者 閲覧者 取扱者 アクセスできる者 アクセス可能者 利用部署 取扱部署"),
        ("acquired", "text", "取得方法 入手方法 取得経路 取得元 収集方法 取得の方法 入手元 取得手段 入手経路"),
        ("kept", "text", "保存期間 保管期間 利用期限 保存期限 保管期限 利用期間 保有期間 保存年限 廃棄時期 保持期間"),
        ("disposal", "text", "廃棄方法 消去方法 削除方法 廃棄・消去方法 処分方法 廃棄 廃棄の方法 廃棄手段"),
        ("count", "count", "件数 保有件数 概数 人数 件数(概数) 本人数 数量 おおよその件数 保有数 データ件数"),
        ("entrusted", "yes", "委託 委託の有無 外部委託 委託有無 業務委託 委託先への提供"),
        ("processor", "text", "委託先 委託先名 委託先名称 委託会社"),
        ("provided", "yes", "第三者提供 第三者提供の有無 第三者への提供 提供の有無 第三者提供有無 外部提供"),
        ("recipient", "text", "提供先 第三者提供先 提供先名"),
        ("shared", "yes", "共同利用 共同利用の有無"),
        ("special_care", "yes", "要配慮個人情報 要配慮個人情報の有無 要配慮 要配慮情報 機微情報 センシティブ情報 特定機微 要配慮個人情報を含む"),
        ("abroad", "yes", "外国 越境移転 外国にある第三者 海外移転 国外移転 外国への提供"),
        ("risk", "text", "リスク 重要度 リスクレベル 機密区分 機密性 ランク"),
        ("safeguards", "text", "安全管理措置 安全対策 セキュリティ対策 管理方法"),
        ("updated_on", "day", "更新日 最終更新日 見直し日 棚卸日 改訂日 更新年月日 最終見直し日 確認日 台帳更新日"),
        ("made_on", "day", "登録日 作成日 制定日 登録年月日 作成年月日"),
        ("note", "text", "備考 摘要 メモ 特記事項 その他 コメント"),
    ),
    "processors": _fields(
        ("number", "text", "管理番号 番号 No ID 項番 通番 委託先番号"),
        ("company", "text", "会社名 委託先 委託先名 委託先名称 事業者名 名称 社名 企業名 委託先会社名 業者名 取引先名 委託先事業者 法人名 取引先"),
        ("address", "text", "所在地 住所 本社所在地 委託先所在地 委託先住所 本店所在地"),
        ("country", "country", "国 国名 所在国 国・地域 国地域 所在国・地域 サーバ所在国 保管国"),
        ("task", "text", "委託業務 委託内容 業務内容 委託業務内容 委託する業務 業務 委託業務の内容 サービス名 利用サービス"),
        ("data", "text", "渡す情報 委託する個人情報 預託情報 個人情報の項目 預託する個人情報 取り扱う個人情報 個人情報 取扱情報 提供する情報 情報の項目 取扱個人情報 委託データ"),
        ("count", "count", "件数 人数 取扱件数 預託件数"),
        ("contract_on", "day", "契約日 契約締結日 締結日 契約開始日 開始日 委託開始日 契約年月日 基本契約締結日"),
        ("contract_ends_on", "day", "契約終了日 終了日 契約満了日 満了日 契約期限 委託終了日 契約満期 有効期限 期限"),
        ("subcontract", "yes", "再委託 再委託の有無 再委託有無 再委託の可否 再委託可否"),
        ("secrecy", "yes", "秘密保持 秘密保持契約 NDA 機密保持契約 守秘義務 秘密保持条項 機密保持 NDA締結 個人情報条項"),
        ("inspected_on", "day", "監督日 点検日 監査日 最終点検日 評価日 監督/点検日 監督・点検日 最終監査日 確認日 直近点検日 実地確認日 最終評価日"),
        ("inspection", "text", "監督方法 点検結果 評価結果 監査結果 監督の方法 評価 選定評価 点検方法"),
        ("certificate", "text", "認証 プライバシーマーク Pマーク ISMS 認証取得 取得認証 第三者認証"),
        ("department", "text", "担当部署 主管部署 所管部署 部署 担当部門 管理部署 発注部署 委託元部署"),
        ("manager", "text", "責任者 担当者 委託先責任者 先方担当者 委託先担当者 管理責任者"),
        ("returned", "text", "返却 返却・廃棄 廃棄方法 返却方法 終了時の措置"),
        ("note", "text", "備考 摘要 メモ 特記事項 その他 コメント"),
    ),
}  # fmt: skip
NEEDED: Final = {
    "handling": "item",
    "processors": "company",
}  # without it a row says of nothing in particular
_HEADER_WITHIN: Final = 40  # rows above the headings: title, date, seals
_FUZZY: Final = 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` as the spreadsheet counts it, the columns that were understood, and the others by heading."""

    sheet: str
    number: int
    fields: Mapping[str, Value]
    rest: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not understood, by place: never the value itself."""

    what: Literal["heading", "value", "row", "sheet", "formula"]
    sheet: str
    row: int | None
    heading: str
    says: str

    @property
    def where(self) -> str:
        """The place as people find it in the spreadsheet."""
        parts = [f"`{self.sheet}`" if self.sheet else "", f"row {self.row}" if self.row else ""]
        return ", ".join(filter(None, [*parts, f"`{self.heading}`" if self.heading else ""]))


@dataclass(frozen=True)
class Register:
    """A register as it was read: rows, which headings became which columns, and what was not understood."""

    kind: Kind
    how: str
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    notes: tuple[Note, ...] = ()
    extra: tuple[str, ...] = field(default=())

    def understood(self) -> tuple[int, int]:
        """Cells with a value that were understood, and all cells with a value."""
        good = sum(1 for row in self.rows for value in row.fields.values() if value is not None)
        return good, good + sum(len(row.rest) for row in self.rows)


@dataclass
class _Column:
    index: int
    heading: str
    field: Field | None


@dataclass
class _Reading:
    """What one file has given so far."""

    kind: Kind
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)


def read(path: Path, kind: Kind) -> Register:
    """A register from an XLSX or CSV file; BadInput when no sheet of it looks like one."""
    book = sheets.read(path)
    reading = _Reading(kind)
    understood = 0
    for sheet in book.sheets:
        filled = sum(1 for row in sheet.rows if _is_filled(row))
        if not filled:
            continue
        head = _header(sheet, kind)
        if head is None:
            says = f"no row of headings was found among {filled} rows"
            reading.notes.append(Note("sheet", sheet.name, None, "", says))
            continue
        understood += 1
        _read_sheet(reading, sheet, *head)
    if not understood:
        examples = ", ".join(f"`{f.headings[0]}`" for f in FIELDS[kind][1:5])
        raise BadInput(
            f"no sheet of the file looks like a register of the kind `{kind}`",
            f"it needs one row of headings such as {examples}",
            str(path),
        )
    if not reading.rows:
        raise BadInput("the register has headings and no rows", "check the sheet", str(path))
    return Register(
        kind,
        book.how,
        tuple(reading.rows),
        reading.columns,
        tuple(reading.notes),
        tuple(reading.extra),
    )


def _is_filled(row: tuple[Cell, ...]) -> bool:
    return any(value is not None for value in row)


@lru_cache(maxsize=8192)
def plain(heading: str) -> str:
    """A heading for comparison: NFKC, lower case, without signs, line breaks and remarks in brackets."""
    text = unicodedata.normalize("NFKC", heading).lower()
    bare = re.sub(r"[(\[【〔].*?[)\]】〕]", "", text)
    squeezed = re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", text)
    return re.sub(r"^(?:ご|お)(?=.{2})", "", squeezed)


def match(heading: str, kind: str) -> tuple[Field | None, float]:
    """The column that a heading means, and how sure that is (1: as it is written somewhere in the list)."""
    best, sure = None, 0.0
    parts = [heading, *heading.split(" / ")[::-1]] if " / " in heading else [heading]
    for rank, part in enumerate(parts):
        wanted = plain(part)
        if not wanted:
            continue
        for known in FIELDS[kind]:
            for spelling in known.headings:
                score = _likeness(wanted, plain(spelling)) - rank * 0.02
                if score > sure:
                    best, sure = known, score
    return (best, sure) if sure >= _FUZZY - 0.05 else (None, sure)


def _likeness(wanted: str, spelling: str) -> float:
    if wanted == spelling:
        return 1.0
    if len(spelling) >= 3 and (wanted.endswith(spelling) or wanted.startswith(spelling)):
        return 0.82 + 0.1 * len(spelling) / len(wanted)
    if min(len(wanted), len(spelling)) < 3:
        return 0.0
    ratio = difflib.SequenceMatcher(None, wanted, spelling).ratio()
    return ratio * 0.95 if ratio >= 0.84 else 0.0


def _header(sheet: Sheet, kind: Kind) -> tuple[int, list[str]] | None:
    """The last row of the headings and the headings by column, where the sheet has them."""
    best: tuple[float, int, list[str]] | None = None
    for at in range(min(_HEADER_WITHIN, len(sheet.rows))):
        for deep in (1, 2):
            headings = _headings(sheet, at, deep)
            if headings is None:
                continue
            found = [match(h, kind) for h in headings if h]
            names = {f.id for f, _ in found if f is not None}
            score = sum(sure for f, sure in found if f is not None) + 0.3 * len(names)
            if len(names) < 2 or NEEDED[kind] not in names:
                continue
            if best is None or score > best[0] + 0.01:
                best = score, at + deep - 1, headings
    return None if best is None else (best[1], best[2])


def _headings(sheet: Sheet, at: int, deep: int) -> list[str] | None:
    """One row of headings, or two that are joined by merged cells (`第三者提供` over `有無` and `提供先`)."""
    if at + deep > len(sheet.rows):
        return None
    spans = [m for m in sheet.merged if at <= m[0] < at + deep]
    if deep == 2 and not any(m[0] == at and (m[2] == at + 1 or m[1] != m[3]) for m in spans):
        return None
    if deep == 1 and any(m[0] == at and m[2] > at for m in spans):
        return None  # a heading two rows high: both rows are the headings
    width = max(len(sheet.rows[r]) for r in range(at, at + deep))
    headings = []
    for column in range(width):
        parts: list[str] = []
        for r in range(at, at + deep):
            text = _heading_at(sheet, r, column, spans)
            if text and text not in parts:
                parts.append(text)
        headings.append(" / ".join(parts))
    return headings


def _heading_at(sheet: Sheet, row: int, column: int, spans: list[tuple[int, int, int, int]]) -> str:
    for top, left, bottom, right in spans:
        if top <= row <= bottom and left <= column <= right:
            row, column = top, left
            break
    cells = sheet.rows[row]
    value = cells[column] if column < len(cells) else None
    return " ".join(str(value).split())[:200] if isinstance(value, str) else ""


def _columns(reading: _Reading, headings: list[str], width: int) -> list[_Column]:
    """Which column means what: the surest heading wins a field, and every heading gets a name of its own."""
    claims = sorted(
        ((match(h, reading.kind), i) for i, h in enumerate(headings) if h),
        key=lambda claim: (-claim[0][1], claim[1]),
    )
    taken: dict[str, int] = {}
    for (known, _), index in claims:
        if known is not None:
            taken.setdefault(known.id, index)
    owner = {index: id_ for id_, index in taken.items()}
    names: dict[str, int] = {}
    columns = []
    for index in range(width):
        heading = headings[index] if index < len(headings) and headings[index] else ""
        name = heading or f"column {_letters(index)}"
        names[name] = names.get(name, 0) + 1
        if names[name] > 1:
            name = f"{name} ({names[name]})"
        known = next((f for f in FIELDS[reading.kind] if f.id == owner.get(index)), None)
        columns.append(_Column(index, name, known))
        if known is not None:
            reading.columns.setdefault(name, known.id)
    return columns


def _letters(index: int) -> str:
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _read_sheet(reading: _Reading, sheet: Sheet, last_heading: int, headings: list[str]) -> None:
    width = max((len(row) for row in sheet.rows[last_heading:]), default=0)
    columns = _columns(reading, headings, width)
    filled_from_above = _merged_below(sheet, last_heading)
    used: set[int] = set()
    empty: list[int] = []
    for at in range(last_heading + 1, len(sheet.rows)):
        cells = dict(enumerate(sheet.rows[at]))
        for index, source in filled_from_above.get(at, {}).items():
            cells[index] = sheet.rows[source][index]
        if all(value is None for value in cells.values()):
            empty.append(at + 1)
            continue
        if _repeats_headings(cells, headings):
            continue  # long registers print their headings anew on each page
        used |= {index for index, value in cells.items() if value is not None}
        reading.rows.append(_row(reading, sheet, at, cells, columns))
    last = max((row.number for row in reading.rows if row.sheet == sheet.name), default=0)
    for first, end in _runs([n for n in empty if n < last]):
        says = "the row is empty" if first == end else f"the rows to {end} are empty"
        reading.notes.append(Note("row", sheet.name, first, "", says))
    for column in columns:
        if column.field is None and column.index in used:
            reading.extra.append(column.heading)
            says = "this heading is not known; its column is kept as it stands"
            reading.notes.append(Note("heading", sheet.name, None, column.heading, says))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Numbers in order as runs without a gap: first and last of each."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _merged_below(sheet: Sheet, last_heading: int) -> dict[int, dict[int, int]]:
    """For rows under the headings: which columns take their value from a merged cell that began higher up."""
    found: dict[int, dict[int, int]] = {}
    for top, left, bottom, _right in sheet.merged:
        if top <= last_heading or left >= len(sheet.rows[top] if top < len(sheet.rows) else ()):
            continue
        for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
            found.setdefault(row, {})[left] = top
    return found


def _repeats_headings(cells: Mapping[int, Cell], headings: list[str]) -> bool:
    texts = {i: " ".join(str(v).split()) for i, v in cells.items() if v is not None}
    same = sum(1 for i, t in texts.items() if i < len(headings) and t == headings[i])
    return same >= 2 and same == len(texts)


def _row(
    reading: _Reading, sheet: Sheet, at: int, cells: Mapping[int, Cell], columns: list[_Column]
) -> Row:
    fields: dict[str, Value] = {}
    rest: dict[str, str] = {}
    for column in columns:
        value = cells.get(column.index)
        if value is None:
            continue
        if (at, column.index) in sheet.formulas:
            says = "the formula has no stored value; its text is kept"
            reading.notes.append(Note("formula", sheet.name, at + 1, column.heading, says))
            rest[column.heading] = str(value)
        elif column.field is None:
            rest[column.heading] = str(value)
        else:
            parsed = _parsed(column.field, value, epoch_1904=sheet.epoch_1904)
            if parsed is None:
                rest[column.heading] = str(value)
                says = _WANTED[column.field.form]
                if not written.OPEN_ENDED.search(written.narrow(str(value))):
                    reading.notes.append(Note("value", sheet.name, at + 1, column.heading, says))
            else:
                fields[column.field.id] = parsed
                if column.field.form == "yes" and len(str(value)) > 4:
                    rest[column.heading] = str(value)  # `有（年1回）` says more than yes
    if NEEDED[reading.kind] not in fields:
        says = f"the row does not say its {NEEDED[reading.kind]}"
        reading.notes.append(Note("row", sheet.name, at + 1, "", says))
    return Row(sheet.name, at + 1, fields, rest)


_WANTED: Final = {
    "text": "this is no text",
    "day": "this was not read as a date",
    "count": "this was not read as a number",
    "yes": "this was not read as yes or no",
    "country": "this country is not known; it is kept as it stands",
}


def _parsed(known: Field, value: Cell, *, epoch_1904: bool) -> Value:
    if known.form == "day":
        return written.day(value, epoch_1904=epoch_1904)
    if known.form == "count":
        return written.count(value)
    if known.form == "yes":
        return written.yes_or_no(value)
    if known.form == "country":
        return written.country(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
