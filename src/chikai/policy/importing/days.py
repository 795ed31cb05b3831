"""The days that a policy names for itself: made, changed, in force; western or by era, in any digits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import words
from chikai.policy.importing.lines import shadow
from chikai.policy.importing.markers import number_of
from chikai.policy.outline import Day, DayKind, Node, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chikai.policy.importing.lines import Line


_ERAS: Final = {
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
    "H": 1988,
    "R": 2018,
}
_NUM: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_DATE: Final = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[HR](?=\s?[0-9]))\s*(?P<eyear>元|[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?:年|\.)"
    r"|(?P<year>(?:19|20)[0-9]{2}|二[〇○零]?[〇○零一二][〇○零一二三四五六七八九]|二千[〇一二三四五六七八九十]{1,3})\s*(?:\([^()]{2,8}\)\s*)?(?:年|[./-])|(?P<same>同年))"
    rf"\s*(?P<month>{_NUM})\s*(?:(?:月|[./-])\s*(?P<day>{_NUM})\s*(?:日|(?![0-9]))|月)"
)
_MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)
_ENGLISH: Final = re.compile(
    r"\b(?:(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? |(?P<day2>[0-9]{1,2})(?:st|nd|rd|th)? (?P<month2>[A-Z][a-z]{2,8})\.?,? )(?P<year>(?:19|20)[0-9]{2})\b"
)
_WORDS: Final[tuple[tuple[str, DayKind], ...]] = (
    (r"施行|発効|適用|効力|有効|実施|effective|in force", "effective"),
    (r"改[定訂正]|更新|変更|見直|改版|updated|revised|modified|amended", "updated"),
    (
        r"制定|定め(?:ました|た)|決定|作成|策定|公開|公表|掲載|制作|開始|established|created|adopted|first published",
        "made",
    ),
)
# One day on which it was changed and came into force: 改定・施行, 改定し、同日より施行します.
_ALSO: Final = re.compile(
    r"[\s(]?(?:に|付け?で?)?(?:(?:一部)?改[定訂正]|制定|策定)(?:し|され|[・、/及びおよ])[^。0-9]{0,6}(?:施行|適用|発効|実施)"
)
_SAME_DAY: Final = re.compile(
    r"[^。0-9]{0,8}?[(、,]?\s*(?:同じ?|即)日(?:より|から|に|付け?で)?、?(?:施行|適用|発効|実施)"
)
# `制定 2005年4月1日/改定 2017年…`: each word stands before its own date.
_RIGHT_BEFORE: Final = re.compile(
    r"(?:^|[/、,・;(])\s?(?:最終)?(?:制定|策定|改[定訂正]|更新|施行|適用|公開)[\s:]{1,3}$"
)
_ALONE: Final = re.compile(
    r"以\s*上|附\s*則|付\s*則|[\s、。:()【】\[\]<>・/,から]|付け?|より|第?[0-9一二三四五六七八九十]+[版回次訂]?"
)
_ITSELF: Final = re.compile(
    r"(?:本|この|当)(?:プライバシー)?(?:ポリシー|方針|規程|規約|規則|文書)|プライバシーポリシー|保護方針|^附則|最終(?:更新|改[定訂])|^制定|施行する|this (?:privacy )?(?:policy|notice|statement)|last (?:updated|modified|revised)|effective",
    re.IGNORECASE,
)
# A history of editions, the heads of its columns, and what its rows say was done.
_HISTORY: Final = re.compile(
    r"(?:改[定訂正]|変更|更新|制定|版)(?:の|・)?(?:履歴|経緯|記録|沿革)|制定・改[定訂正]|(?:version|revision|change) history",
    re.IGNORECASE,
)
_DAY_HEAD: Final = re.compile(
    r"^(?:(?:施行|発効|適用|実施|改[定訂正]|変更|更新|制定|公開)?(?:年月)?日(?:付|時)?|date|effective.*)$",
    re.IGNORECASE,
)
_FIRST: Final = re.compile(r"初版|制定|作成|新規|策定|初めて|first|initial", re.IGNORECASE)
_DONE: Final = re.compile(r"改[定訂正]|変更|追加|修正|更新|見直|revis|chang|updat", re.IGNORECASE)
_RULE: Final = re.compile(r"[\s|:-]+")
_SHORT: Final = 40
_LONG: Final = 120
_ID: Final[dict[DayKind, str]] = {
    "made": "d.made",
    "updated": "d.upd",
    "effective": "d.eff",
    "other": "d.day",
}


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that says nothing but days."""

    line: Line
    days: tuple[Day, ...]


def found(line: Line, name: str) -> tuple[Day, ...]:
    """The days that a line names, each with what it is by the words beside it."""
    made = []
    spans = sorted(
        [*_DATE.finditer(line.shadow), *(m for m in _ENGLISH.finditer(line.shadow) if _month(m))],
        key=lambda match: match.start(),
    )
    year = 0  # that of the date before, which 同年 means
    for here, match in enumerate(spans):
        before = line.shadow[spans[here - 1].end() if here else 0 : match.start()]
        after = line.shadow[
            match.end() : spans[here + 1].start() if here + 1 < len(spans) else None
        ]
        # What stands right behind a date is said of that one.
        own = not here or before.isascii() or before[:1] in "、・"
        kind = _kind(before if own else f"…{before}", after)
        place = Span(line.start + match.start(), line.start + match.end(), line.number, name)
        said = line.text[match.start() : match.end()]
        year = _year_of(match) or year
        made.append(Day(kind, _day(match, year), said, place, _only_month(match, year)))
        if kind != "effective" and (_ALSO.match(after) or _SAME_DAY.match(after)):
            made.append(Day("effective", _day(match, year), said, place, _only_month(match, year)))
    return tuple(made)


def _kind(before: str, after: str) -> DayKind:
    """The word nearest to a date says what it is; one behind it counts before one in front, unless a colon leads."""
    led = before.rstrip().endswith((":", "日", "日付")) or bool(_RIGHT_BEFORE.search(before))
    led = led or bool(before.strip() and before.isascii())  # Latin words stand before their date
    near = before[-24:] if before.isascii() else before[-12:]  # Latin words are longer
    order = (near, after[:14]) if led else (after[:14], near)
    for said in order:
        hits = [
            (m.start(), kind)
            for pattern, kind in _WORDS
            if (m := re.search(pattern, said, re.IGNORECASE))
        ]
        if hits:
            return max(hits)[1] if said == near else min(hits)[1]
    return "other"


def alone(line: Line, name: str) -> tuple[Day, ...]:
    """The days of a line that says nothing but days, or nothing."""
    if len(line.shadow) > 90 or not (days := found(line, name)):
        return ()
    rest = re.sub(r"\([^()]*\)", "", _ENGLISH.sub("", _DATE.sub("", line.shadow)))
    for pattern, _ in _WORDS:
        rest = re.sub(pattern, "", rest, flags=re.IGNORECASE)
    rest = _ALONE.sub("", rest)
    rest = re.sub(
        r"最終|初版|最新|本|プライバシー|ポリシー|個人情報|保護|方針|規程|は|に|の|日|年月|一部|全部|全面|を|します|しました|する|しています|により|もの|と|最近|現在|初回|版|株式会社|last|date|this|privacy|policy|version|was|is|of|on|as|from",
        "",
        rest,
        flags=re.IGNORECASE,
    )
    return days if len(rest) <= 4 else ()


def _month(match: re.Match[str]) -> int:
    """The month that an English date names; 0 where its word is no month."""
    said = (match["month"] or match["month2"]).casefold()
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(said)), 0)


def _day(match: re.Match[str], year: int) -> date | None:
    if match.re is _ENGLISH:
        try:
            return date(int(match["year"]), _month(match), int(match["day"] or match["day2"]))
        except ValueError:
            return None
    try:
        # A month alone (`令和7年5月`) is no day, though the line says nothing else.
        day = number_of(match["day"]) if match["day"] else 0
        return date(year, number_of(match["month"]), day)
    except ValueError:
        return None


def _year_of(match: re.Match[str]) -> int:
    """The western year of a date; 0 where it means that of the date before."""
    if match.re is _ENGLISH:
        return int(match["year"])
    if match["same"]:
        return 0
    if not match["era"]:
        return _year(match["year"])
    written = match["eyear"]
    return _ERAS[match["era"]] + (1 if written == "元" else number_of(written))


def _only_month(match: re.Match[str], year: int) -> str:
    """The month of a date that names no day, as `2025-05`."""
    if match.re is _ENGLISH or match["day"]:
        return ""
    month = number_of(match["month"])
    return f"{year}-{month:02}" if 1 <= month <= 12 else ""


def _year(written: str) -> int:
    if written.isascii():
        return int(written)
    if "千" in written:
        return 2000 + number_of(written.partition("千")[2])
    return int(
        "".join(
            str("〇一二三四五六七八九".find(s.replace("○", "〇").replace("零", "〇")))
            for s in written
        )
    )


def nodes(dated: Sequence[DateLine], files: Sequence[str]) -> Iterator[Node]:
    """The clauses `d.made`, `d.upd`, ... of lines that say nothing but days."""
    taken: dict[str, int] = {}
    for one in dated:
        id_ = _ID[one.days[0].kind]
        taken[id_] = taken.get(id_, 0) + 1
        yield Node(
            id=id_ if taken[id_] == 1 else f"{id_}{taken[id_]}",
            number="",
            style="prose",
            kind="dates",
            title="",
            text=one.line.text,
            span=Span(one.line.start, one.line.end, one.line.number, files[one.line.file]),
        )


def named(lines: Iterable[Line], files: Sequence[str]) -> Iterator[Day]:
    """The days that a policy names for itself, not those of the laws and events that it speaks of."""
    told: set[tuple[DayKind, date | None]] = set()
    for day in _named(lines, files):
        # What a signature says again is no other day.
        if (key := (day.kind, day.on)) not in told or day.on is None:
            told.add(key)
            yield day


def _named(lines: Iterable[Line], files: Sequence[str]) -> Iterator[Day]:
    label = ""
    heads: list[str] = []  # of the columns of a table with days
    history = False
    for line in lines:
        name = files[line.file]
        row = [shadow(cell) for cell in words.cells(line.text)]
        if row and any(_DAY_HEAD.search(cell) for cell in row) and not _DATE.search(line.shadow):
            heads = row
        elif not row and not _RULE.fullmatch(line.shadow):
            heads = []
        dated = bool(_DATE.search(line.shadow))
        history = bool(_HISTORY.search(line.shadow) and len(line.shadow) < _SHORT) or (
            history and not line.level and (dated or bool(row) or len(line.shadow) < _SHORT)
        )
        if dated and (heads or history) and len(line.shadow) < _LONG:
            yield from _of_history(line, name, heads, row)
        elif days := alone(line, name):
            yield from (
                replace(day, kind=_kind(label, "")) if day.kind == "other" else day for day in days
            )
        elif _ITSELF.search(line.shadow):
            yield from (day for day in found(line, name) if day.kind != "other")
        label = line.shadow if len(line.shadow) < 16 else ""


def _of_history(line: Line, name: str, heads: Sequence[str], row: Sequence[str]) -> Iterator[Day]:
    """The days of one row or line of a history: what each is by its column, and what the row says was done."""
    column = next((at for at, cell in enumerate(row) if _DATE.search(cell)), None)
    head = heads[column] if column is not None and column < len(heads) else ""
    rest = _DATE.sub("", line.shadow)
    done: DayKind = "made" if _FIRST.search(rest) else "updated"
    days = found(line, name)
    apart = any(day.kind != "effective" for day in days)
    for at, day in enumerate(days):
        # What stands in another column says itself what it is.
        kind = _kind(head, "") if head and not (at and day.kind != "other") else day.kind
        yield replace(day, kind=done if kind == "other" else kind)
        if (
            kind == "effective"
            and not (at and apart)
            and (_FIRST.search(rest) or _DONE.search(rest))
        ):
            yield replace(day, kind=done)


def of(lines: Iterable[Line], files: Sequence[str]) -> tuple[DateLine, ...]:
    """The lines that say nothing but days."""
    return tuple(DateLine(line, days) for line in lines if (days := alone(line, files[line.file])))
