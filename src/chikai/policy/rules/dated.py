"""The days of a policy, and the state of the law that it was written for.

Law: APPI Art. 23, APPI Art. 25, APPI Art. 27, APPI Art. 28(2), APPI Art. 32(1), APPI Art. 33(5).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Dates, Text
from chikai.policy.rules.disclosed import has_contact
from chikai.policy.rules.numbering import value_of
from chikai.policy.rules.reading import shadow
from chikai.policy.rules.rule import RULES, SINCE, Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

# A day that is given by year and month only.
_MONTH: Final = re.compile(
    r"(?:制定|作成|策定|改定|改訂|改正|更新|施行|適用|見直し)(?:日|年月)?[::]?(?P<era>令和|平成)?(?P<year>\d{1,4}|元)(?:年|[./-])(?P<month>\d{1,2})(?:月|(?![./\d-]))(?!\d)"
    r"|(?P<era2>令和|平成)?(?P<year2>\d{1,4}|元)年(?P<month2>\d{1,2})月(?:\([^()\n]{0,12}\))?(?:に)?(?:制定|作成|策定|改定|改訂|改正|更新|施行)"
)
_UNFILLED: Final = re.compile(
    r"(?:制定|作成|策定|改定|改訂|改正|更新|施行|適用)(?:年月)?日?[::]?(?:令和|平成|20)?年月日(?![::|]?(?:\d|令和|平成|昭和|西暦|[〇一二三四五六七八九十]))|(?:制定|作成|策定|改定|改訂|改正|更新|施行|適用)(?:年月)?日?[::]?(?:令和|平成|20)?[x×○〇●◯*_]{1,4}年[x×○〇●◯*_]{0,2}月[x×○〇●◯*_]{0,2}日|(?:令和|平成|西暦|20)?年月日(?:に)?(?:制定|作成|策定|改定|改訂|改正|更新|施行|適用)"
)
# The rows of a table of editions, which give days without saying for what.
_EDITIONS: Final = re.compile(
    r"\|[^|\n]{0,8}(?:版|日付|年月日|(?:改定|改訂|施行|効力)[^|\n]{0,8}日)\|[^\n]{0,40}\n?[^\n]{0,40}\n?[^\n]{0,16}\d{4}年\d{1,2}月\d{1,2}日"
)
# A day that no calendar has: 2023年2月30日.
_WRITTEN_OUT: Final = re.compile(r"\d{1,4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")
_ERAS: Final = {"令和": 2018, "平成": 1988}


def _months(read: Reading) -> list[date]:
    """The first days of the months that the text names for itself without a day."""
    found = []
    for match in _MONTH.finditer(read.text):
        era = match["era"] or match["era2"]
        year, month = match["year"] or match["year2"], int(match["month"] or match["month2"])
        since = _ERAS.get(era or "", 0) + (1 if year == "元" else int(year))
        if 1900 < since < 2200 and 1 <= month <= 12:
            found.append(date(since, month, 1))
    return found


@rule("L-DAT-01", "info", "T", often=0.6)
def has_no_proper_dates(read: Reading) -> Iterator[Seen]:
    """The days are missing, in the wrong order, or never filled in."""
    days = [d for d in read.outline.days if d.kind != "other"] or list(read.outline.days)
    known = [d for d in days if d.on]
    blank = next(iter(read.saying(_UNFILLED)), None)
    monthly = bool(_months(read)) or any(d.month for d in days)
    if not known and (monthly or _EDITIONS.search(read.text)):
        return
    if blank is not None:
        yield Seen(
            blank.at,
            Text("日付の欄が空いています", "a day was never filled in"),
            Text("日付を書いてください", "write the day"),
            blank.raw,
        )
        return
    impossible = next(
        (d for d in days if d.on is None and _WRITTEN_OUT.search(shadow(d.written))), None
    )
    if impossible is not None:
        yield Seen(
            read.first("dates"),
            Text("暦にない日付です", "no calendar has this day"),
            Text("日付を直してください", "write the right day"),
            impossible.written,
        )
        return
    if not known:
        # The days that a folder names are printed below its text.
        if read.document is None or read.document.dates == Dates():
            yield Seen(
                read.first("dates"),
                Text("制定日や改定日がありません", "no day of making or change is given"),
                Text("制定日と改定日を書いてください", "write both days"),
                days[0].written if days else "",
            )
        return
    made = [d for d in known if d.kind == "made"]
    updated = [d for d in known if d.kind == "updated"]
    if not made or not updated:
        return
    first, last = made[0], updated[-1]
    # With two documents in one, each has days of its own.
    single = len(made) == 1
    backward = bool(first.on) and any(
        d.on and first.on and d.on < first.on for d in (updated if single else [last])
    )
    newer = bool(last.on and first.on and last.on > first.on)
    above = newer and updated[0].span.start < first.span.start and len(known) == 2
    if backward or above:
        yield Seen(
            read.first("dates"),
            Text("日付の順序が前後しています", "the days are in the wrong order"),
            Text("制定日、改定日の順に書いてください", "write the day of making first"),
            updated[0].written,
        )


_HISTORY: Final = re.compile(
    r"(?:^|[\n。、|#■●・(]|方針の?|ポリシーの?|規程の?|本書の?)(?:改定|改訂|変更|更新)履歴|第\d+版|過去の(?:ポリシー|方針|版)|旧版|以前の(?:ポリシー|版|方針|取扱い?|内容|規程)|旧い?(?:ポリシー|方針|規程|規則|文書|取扱い)|古い(?:版|もの|文書|方針|決まり|きまり)|\|版\||\d日(?:に)?一部を?(?:改定|改正|改訂|変更)|\d日[^\n。]{0,24}(?:を|に)[^\n。、]{0,8}(?:足し|加え|追加し|直し|変え|改め|削除し|削[りっ])(?:た|まし)|(?:改定|改訂|変更|見直し)の(?:経緯|記録|一覧|沿革|あゆみ)|(?:過去|以前|これまで|従前)の(?:文書|書面|改定|改訂|宣言|規約|本書|内容|もの)"
)


_EDITION: Final = re.compile(r"第\s?[0-9０-９]{1,2}\s?版")


_FOOT: Final = re.compile(r"^[\s　#*<>/a-z0-9【\[(（]*附[\s　]*則", re.MULTILINE)


def _amendments(read: Reading) -> int:
    """How many days the supplementary provisions give: each of them tells of one amendment."""
    # They stand at the foot, and their days may be clauses beside them.
    begins = {name: m.start() for name, text in read.outline.sources if (m := _FOOT.search(text))}
    days = [d for d in read.outline.days if d.on and d.span.file in begins]
    return len({d.on for d in days if begins[d.span.file] <= d.span.start})


# That persons may see the records of provision, as they may since then.
_RECORDS_SHOWN: Final = re.compile(
    r"提供[^。]{0,12}記録[^。]{0,24}開示|開示[^。]{0,40}提供[^。]{0,12}記録"
)


@rule(
    "L-DAT-02",
    "warn",
    "T",
    "APPI Art. 32(1)(i)",
    "APPI Art. 32(1)(iv)",
    "APPI Order Art. 10(i)",
    "APPI Art. 33(5)",
    "APPI Art. 28(2)",
    often=0.15,
)
def is_older_than_the_law(read: Reading) -> Iterator[Seen]:
    """The text is older than the rules of 2022, or was made before and changed since without what they ask for."""
    known = [*(d.on for d in read.outline.days if d.on), *_months(read)]
    if not known:
        return
    lacking = [
        bool(list(RULES[id_].check(read)))
        for id_ in ("L-DIS-03", "L-DIS-04", "L-TPP-11")
        if id_ in RULES
    ]
    old = max(known) < SINCE
    lacking += [not _RECORDS_SHOWN.search(read.text)] if old else []
    # Whoever left the field of the representative open knows of what is new.
    aware = re.search(r"代表者|代表取締役", read.text)
    revised = min(known) < SINCE and all(lacking) and has_contact(read) and not aware
    stale = any(lacking) if old else revised
    if stale and max(known) <= read.on:
        yield Seen(
            read.first("dates"),
            Text(
                "2022年4月から求められる事項がそろっていません",
                "what the rules of April 2022 ask for is missing",
            ),
            Text(
                "代表者、安全管理措置、提供記録などを加えてください", "add what is new since then"
            ),
            max((d.written for d in read.outline.days if d.on == max(known)), default=""),
        )


@rule("L-DAT-03", "info", "T", often=0.95)
def keeps_no_history(read: Reading) -> Iterator[Seen]:
    """There is no version, and no history of changes."""
    # The days of making, of change and of effect, even where two of them are one.
    days = {(d.kind, d.on) for d in read.outline.days if d.on}
    # An edition may stand at the foot of each page only, which is no clause.
    edition = any(_EDITION.search(text) for _, text in read.outline.sources)
    told = edition or _HISTORY.search(read.text)
    if len(days) < 3 and _amendments(read) < 2 and not told:
        yield Seen(
            read.first("dates"),
            Text("版や改定の履歴がありません", "there is no version and no history"),
            Text("これまでの改定を示してください", "show the changes so far"),
        )


_OLD_NUMBERS: Final = re.compile(
    r"(?P<of>(?:データ|事業者|情報)\()?(?:個人情報(?:の)?保護(?:に関する法律|法)(?:\([^()]{0,30}\))?|(?<![一-龥])(?:保護)?法|(?<![一-龥])同法)第?(?P<number>\d{1,2}|[二三]?十[一二三四五六七八九]?)条"
)
# The numbers that each matter had before the consolidation of April 2022.
_BEFORE: Final[dict[str, frozenset[int]]] = {
    "第三者": frozenset((23, 24, 25, 26)),
    "提供": frozenset((23,)),
    "オプトアウト": frozenset((23,)),
    "外国": frozenset((24,)),
    "開示": frozenset((25, 28)),
    "応じな": frozenset((25, 26, 27, 28, 29, 30, 31)),
    "理由": frozenset((28, 31)),
    "求め": frozenset((24, 25, 28, 29)),
    "訂正": frozenset((26, 29)),
    "利用停止": frozenset((27, 30)),
    "公表": frozenset((24,)),
    "利用目的": frozenset((15, 16)),
    "手数料": frozenset((30, 33)),
    "安全管理": frozenset((20,)),
    "委託": frozenset((22,)),
    "従業者": frozenset((21,)),
}
# What each of these numbers is about now, so that the sentence may well mean it.
_NOW: Final[dict[int, re.Pattern[str]]] = {
    number: re.compile(about)
    for number, about in (
        (15, r"定義|とは"),
        (16, r"定義|とは|条第[1-8一-八]項[^。]{0,8}(?:定め|規定|いう)"),
        (20, r"取得|要配慮"),
        (21, r"通知|公表|明示"),
        (22, r"正確|消去"),
        (23, r"安全管理"),
        (24, r"従業[者員]"),
        (25, r"委託"),
        (26, r"漏え?い|漏洩|滅失|報告"),
        (27, r"第三者|提供"),
        (28, r"外国|海外|国外"),
        (29, r"記録"),
        (30, r"記録|確認|受け|受領"),
        (31, r"関連情報"),
        (33, r"開示"),
    )
}
_OLD_TERMS: Final = re.compile(
    r"開示対象個人情報|特定の機微な個人情報|jisq15001:?(?:1999|2006)|主務大臣|(?:行政機関|独立行政法人等)の保有する個人情報の保護に関する法律"
)


def _old_number(read: Reading, sentence: Sentence) -> re.Match[str] | None:
    """The number of an article by which the law once said what a sentence, or the clause it stands in, is about."""
    for match in _OLD_NUMBERS.finditer(sentence.text):
        number = value_of(match["number"])
        now = _NOW.get(number)
        if match["of"] or (now is not None and now.search(sentence.text)):
            continue  # a term's definition, or the number of today
        matters = [what for what in _BEFORE if what in sentence.text[match.end() :][:60]]
        if not matters:
            matters = [what for what in _BEFORE if what in sentence.text]
        if "third_party" in sentence.under:
            matters.append("提供")
        if sentence in read.asked:
            matters.append("開示")
        if any(number in _BEFORE[what] for what in matters):
            return match
    return None


@rule("L-LAW-01", "warn", "T", "APPI Art. 23", "APPI Art. 25", "APPI Art. 27", often=0.2)
def speaks_of_an_older_law(read: Reading) -> Iterator[Seen]:
    """Articles are cited by their old numbers, or terms of an older law or standard are used."""
    for s in read.sentences:
        match = _OLD_TERMS.search(s.text) or _old_number(read, s)
        if match is not None:
            yield Seen(
                s.at,
                Text(
                    f"「{match[0]}」は、今の法令の言葉・条番号ではありません",
                    f"`{match[0]}` is no word or number of the law in force",
                ),
                Text("今の条番号と言葉に直してください", "use the present numbers and words"),
                s.raw,
            )
            return


_NOT_YET: Final = re.compile(
    r"統計(?:の)?作成等の?(?:ため)?(?:の)?特例|特定生体個人情報|連絡可能個人関連情報|課徴金(?:制度|の?(?:納付|対象)|[がを](?:課|科)さ?)|(?:法令|法律|個人情報保護法|改正法|法)[^。]{0,40}(?:16|十六|一六)歳未満|(?:法令|法律|保護法)(?!に基づき)[^。]{0,60}統計[^。]{0,60}(?:同意(?:なく|なし|を得ず|を得ないで|が不要|は不要|を要し)|提供でき)|(?:16|十六|一六)歳未満[^。]{0,40}(?:個人情報保護法|法令|法律の|改正)|令和8年(?:改正|法律第56号)|2026年(?:の)?改正"
)


# What is said of the day on which it will hold, and surcharges that other Acts have had for long.
_LATER: Final = re.compile(
    r"施行(?:後|前|まで|予定|に備え|され(?:た|る|次第|て(?:おら|おり|いま|いな)))|未施行|予定|準備"
)
_OF_ANOTHER_ACT: Final = re.compile(
    r"(?:景品表示|景表|独占禁止|独禁|金融商品取引|公認会計士|薬機|医薬品)[^。]{0,40}課徴金"
)


@rule("L-LAW-02", "error", "T", "Act No. 56 of 2026", often=0.01, since=date(2026, 7, 17))
def claims_a_rule_that_is_not_in_force(read: Reading) -> Iterator[Seen]:
    """A rule that is not in force is spoken of as law."""
    for s in read.saying(_NOT_YET):
        if not _LATER.search(s.text) and not _OF_ANOTHER_ACT.search(s.text):
            yield Seen(
                s.at,
                Text("まだ施行されていない規定を根拠にしています", "this rule is not in force yet"),
                Text("今の法令に合わせて書いてください", "rest on the law that is in force"),
                s.raw,
            )
