"""Values as Japanese offices write them: dates by era, counts with signs, yes and no in a dozen ways.

Each function gives the value, or None when the text says something else; the caller keeps the text.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

# The year before an era's first. People go on writing an era after its end (平成32年), and mean the arithmetic.
ERAS: Final = {
    "令和": 2018, "令": 2018, "r": 2018,
    "平成": 1988, "平": 1988, "h": 1988,
    "昭和": 1925, "昭": 1925, "s": 1925,
    "大正": 1911, "大": 1911, "t": 1911,
}  # fmt: skip
_ERA: Final = re.compile(
    r"^(令和|平成|昭和|大正|[令平昭大rhst])\.?\s*(元|\d{1,2})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(?:(\d{1,2})日?)?)?$",
    re.IGNORECASE,
)
_WESTERN: Final = re.compile(
    r"^(?:西暦)?(\d{4})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(?:(\d{1,2})日?)?)?$"
)
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_TAIL: Final = re.compile(
    r"\s*(?:[（(][日月火水木金土](?:曜日?)?[)）])?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_SERIALS: Final = range(20_000, 80_000)  # 1954 to 2119: smaller numbers are counts as often as days
_EXCEL: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}

YES: Final = frozenset("有 有り あり ある 済 済み はい 該当 該当する 該当あり 含む 実施 実施済 実施済み 締結 締結済 締結済み 可 する ○ 〇 ◯ ✓ ✔ レ yes y true on 1".split())  # fmt: skip
NO: Final = frozenset("無 無し なし ない 未 いいえ 非該当 該当なし 該当しない 含まない 未実施 未締結 不可 しない × ✕ ☓ ✗ x no n false off 0 - ‐ ー ― —".split())  # fmt: skip
COUNTRIES: Final = {
    "日本": "JP", "日本国": "JP", "国内": "JP", "japan": "JP", "jp": "JP",
    "米国": "US", "アメリカ": "US", "アメリカ合衆国": "US", "usa": "US", "us": "US", "united states": "US",
    "英国": "GB", "イギリス": "GB", "uk": "GB", "gb": "GB", "united kingdom": "GB",
    "中国": "CN", "中華人民共和国": "CN", "china": "CN", "cn": "CN", "韓国": "KR", "大韓民国": "KR", "korea": "KR", "kr": "KR",
    "台湾": "TW", "taiwan": "TW", "tw": "TW", "香港": "HK", "hong kong": "HK", "hk": "HK", "シンガポール": "SG", "singapore": "SG", "sg": "SG",
    "ベトナム": "VN", "vietnam": "VN", "vn": "VN", "フィリピン": "PH", "philippines": "PH", "ph": "PH", "インド": "IN", "india": "IN", "in": "IN",
    "タイ": "TH", "thailand": "TH", "th": "TH", "マレーシア": "MY", "malaysia": "MY", "インドネシア": "ID", "indonesia": "ID",
    "ドイツ": "DE", "germany": "DE", "de": "DE", "フランス": "FR", "france": "FR", "fr": "FR", "アイルランド": "IE", "ireland": "IE", "ie": "IE",
    "オランダ": "NL", "netherlands": "NL", "nl": "NL", "スイス": "CH", "switzerland": "CH", "ch": "CH",
    "カナダ": "CA", "canada": "CA", "ca": "CA", "オーストラリア": "AU", "豪州": "AU", "australia": "AU", "au": "AU",
    "ニュージーランド": "NZ", "new zealand": "NZ", "nz": "NZ", "イスラエル": "IL", "israel": "IL", "ブラジル": "BR", "brazil": "BR",
}  # fmt: skip
OPEN_ENDED: Final = re.compile(
    r"自動更新|自動継続|期間の定め(?:なし|無し)|無期限|定めなし|期限なし|永年"
)


def narrow(text: str) -> str:
    """The text in NFKC, with its white space narrowed: `Ｒ７．４．１` is `R7.4.1`, `㋿` is `令和`."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def day(value: object, *, epoch_1904: bool = False) -> str | None:
    """A day as `2025-04-01`, or a month as `2025-04` where the day is not given."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if int(value) in _SERIALS:
            return (_EXCEL[epoch_1904] + timedelta(days=int(value))).isoformat()
        value = str(int(value)) if float(value).is_integer() else ""
    text = _TAIL.sub("", narrow(str(value)))
    if text.isascii() and text.isdigit() and len(text) == 5:
        return day(int(text), epoch_1904=epoch_1904)
    if match := _COMPACT.match(text) or _WESTERN.match(text):
        return _day(int(match[1]), match[2], match[3])
    if match := _ERA.match(text):
        year = 1 if match[2] == "元" else int(match[2])
        return _day(ERAS[match[1].lower()] + year, match[3], match[4]) if year else None
    return None


def _day(year: int, month: str, day_: str | None) -> str | None:
    try:
        found = date(year, int(month), int(day_ or 1))
    except ValueError:
        return None
    return found.isoformat() if day_ else found.isoformat()[:7]


def yes_or_no(value: object) -> bool | None:
    """Whether a cell says yes or no; a longer text (`有（年1回）`) counts by its first word."""
    if isinstance(value, bool):
        return value
    text = narrow(str(value)).lower()
    for word in (text, re.split(r"[\s(、,:;]", text, maxsplit=1)[0]):
        if word in YES:
            return True
        if word in NO:
            return False
    return None


def count(value: object) -> int | None:
    """A number of persons or records: `約1,200件`, `１２００`, `3万`, `1.5万件`."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if value >= 0 else None
    text = re.sub(r"[\s,]", "", narrow(str(value)))
    match = re.match(
        r"^(?:約|およそ)?(\d+(?:\.\d+)?)(万|千|百)?(?:件|人|名|レコード|社|枚|冊)?(?:程度|前後|以上|以下|未満|超)?$",
        text,
    )
    if match is None:
        return None
    return int(float(match[1]) * {"万": 10_000, "千": 1_000, "百": 100}.get(match[2] or "", 1))


def country(value: object) -> str | None:
    """The ISO code of a country as people write it."""
    return COUNTRIES.get(narrow(str(value)).lower())
