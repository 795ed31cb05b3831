"""The markers that may stand at the beginning of a line, as candidates: which one it is, the ladder decides.

What looks like a marker and is none (a date, an amount, a reference to another clause) is left out here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chikai.policy.importing.lines import Line
    from chikai.policy.outline import Style

_KANJI: Final = "一二三四五六七八九"
_IROHA: Final = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテ"
_AIUEO: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMERAL: Final = r"[0-9]{1,3}|[〇一二三四五六七八九十百]{1,5}"
# What follows a number that counts something or refers to something.
_GOES_ON: Final = r"(?:は(?!じめ)|と(?!く)|も(?![しの])|や(?!め)|[にのをでがへ、,及又等並若各])|から|より|まで|ないし|乃至|第[0-9一二三四五六七八九十](?!者)"
# A unit counts where no word goes on with it: `3 日以内` is a time, `3 日本語の表示` is the third clause.
_COUNTED: Final = (
    r"(?:(?=$|[^一-龥々ァ-ヶー])|(?=以[上下内外後前降]|間(?!隔)|分(?![析野類割担別散])|目(?![的標次録安])|未満|程度|"
    r"[弱超毎余半中](?![止身立央])|後(?!援)|前後|前[のにまか]|経過|単位|連続|延長|限[りっ]|保[存管持有]|分の|様|末(?!調)|度(?!数)))"
)
# What may be counted in parts; no `1.2 人` and no `1.2 件` is an amount.
_MEASURE: Final = rf"\s*(?:(?:年|月|日(?!ごろ|中の?連絡)|円|秒(?!$)|時間(?![帯外割])|分|歳|倍|[億万千]円?){_COUNTED}|%|か月|ヶ月|ヵ月|カ月|ケ月|週間)"
UNIT: Final = (
    rf"\s*(?:(?:年|月(?!ごと)|日(?!ごろ|中の?連絡)|円|名(?!目)|人(?!間|の(?:生|身|健|権|財|命|尊)|び)|歳|才|件|回|度|点|枚|通|時(?!おり|間[帯外割])|分|秒|階|号|社|項目(?!の一覧|$))"
    rf"{_COUNTED}|つ|%|丁目|番(?![号組地])|個(?!人|別|々|室|数|体|性)|か月|ヶ月|ヵ月|カ月|ケ月|か国|週間|時間(?![帯外割])|営業日)"
)
_ARTICLE: Final = re.compile(
    rf"第\s*({_NUMERAL})\s*([条章])\s*(?:[のノ]\s*({_NUMERAL})(?![0-9A-Za-z一-龥ぁ-ん]))?"
    rf"(?!\s*(?:{_GOES_ON}))[.:,、]?"
)
# `第１　集める情報`, `その一　…`, `Q1. …`: a word before the number instead of 条 behind it.
_WORDED: Final = re.compile(
    rf"(?:(第|その)\s?({_NUMERAL})(?:[.:、]|\s+|(?=[【「(]))(?!\s*(?:{_GOES_ON})(?:\s|[^ぁ-ん]))|(Q|Section|SECTION|Article|ARTICLE|Clause)\s?([0-9]{{1,2}})(?:[.:、)]|\s+|$|(?=[^\x00-\x7f]))(?!\.?[0-9]))",
)
_DOTTED: Final = re.compile(
    r"([0-9]{1,2}(?:\.[0-9]{1,2}){1,3}|[0-9]{1,2}-[0-9]{1,2})(?:[.)、](?![0-9])|(?=\s|[(「【]|[ぁ-龥々ア-ヶ]))"
    rf"(?!{_MEASURE})"
)
_NUMBER: Final = re.compile(
    rf"([0-9]{{1,2}})(?:\s?([.、):,])(?![0-9])|([\s])(?!\s*{UNIT}|\s*[-0-9/~〜(])|(?=[【「]))"
)
_BARE: Final = re.compile(
    rf"([0-9]{{1,2}})(?!{UNIT}|[-0-9/~〜.,(%:]|{_GOES_ON})(?=[ぁ-龥々ァ-ヶA-Za-z])"
)
_KANJI_NUMBER: Final = re.compile(
    r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?([.、)\s])"
)
_PAREN: Final = re.compile(
    rf"[(〔\[【<]\s*([0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}|[a-zA-Z]|[ivxIVX]{{2,4}}|[ァ-ヶ])\s*[)〕\]】>][.、:]?(?!{_GOES_ON})"
)
_LETTER: Final = re.compile(r"([a-zA-Z]|[ivxIVX]{2,4})(?:[.)、]|\s\))(?=\s|[^\x00-\x7f]|$)")
_KANA: Final = re.compile(r"([ア-ヶ])[.)、:\s](?=.)")
_SIGN: Final = re.compile(r"([⑴-⒇①-⑳㉑-㉟㊱-㊿❶-❿➀-➉➊-➓⓵-⓾⒈-⒛Ⅰ-Ⅻⅰ-ⅻ⒜-⒵ⓐ-ⓩ㋐-㋾])[.:、)]?")
# `Ⅱの目的を改める場合`, `③から⑤までは`: numbers that a sentence refers to.
_REFERS: Final = re.compile(rf"[Ⅰ-Ⅻⅰ-ⅻ](?:{_GOES_ON})|[①-⑳](?:から|ないし|乃至|[~〜-])[①-⑳]")
BULLETS: Final = "・･•∙⋅·-–—*●○〇◯◎■◆□◇▪▫▼▽►▶▷✓✔☆★◦‣➢⦿♦✦→⇒>┏┗├└▸\uf0b7\uf06c"
_BULLET: Final = re.compile(
    rf"([{re.escape(BULLETS)}])(?:\s+|(?![-*\s─━>])(?=[^\x00-\x7f]|[A-Za-z0-9(「])(?<![*>]))"
)
_HEADING_SIGNS: Final = "■◆●○〇◯◎□◇▼▽►▶▷★☆♦✦"
_LEFT_OPEN: Final = frozenset(sign * 2 for sign in "●○〇◯◎□△×")
_BRACKETED: Final = re.compile(
    r"(?:【([^【】]{1,50})】|<([^<>]{1,50})>|《([^《》]{1,50})》|〈([^〈〉]{1,50})〉|\[([^\[\]]{1,50})\]|≪([^≪≫]{1,50})≫|〔([^〔〕]{1,50})〕|「([^「」]{1,50})」)[::]?$"
)
_RUN_IN: Final = re.compile(r"(?:【([^【】]{2,24})】|\[([^\[\]]{2,24})\])\s*(?=[^\s(:])")


@dataclass(frozen=True, slots=True)
class Marker:
    """A possible marker: its style, what tells its kind from others (`key`), its place in a list, and its length."""

    style: Style
    key: str
    value: int
    length: int

    @property
    def ordered(self) -> bool:
        """Whether it counts."""
        return self.value > 0

    @property
    def said(self) -> str:
        """The whole number of a dotted marker, as `1.2`."""
        return f"{self.key[:-1]}{self.value}" if self.style == "dotted" else ""


def candidates(line: Line) -> tuple[Marker, ...]:
    """The markers that a line may begin with, the likeliest first; a bullet before a number counts with it."""
    found = _numbered(line.shadow)
    bullet = _BULLET.match(line.shadow)
    if bullet and line.shadow[:2] in _LEFT_OPEN:
        bullet = None  # `○○株式会社は`: what a template leaves open
    if bullet and not found:
        length = len(bullet[0])
        if second := _BULLET.match(line.shadow, length):
            length = second.end()
        inner = _numbered(line.shadow[length:])
        if inner:
            return tuple(Marker(m.style, m.key, m.value, m.length + length) for m in inner)
        return (Marker("bullet", bullet[1], 0, length),)
    if found and found[0].style == "number":
        # `1. (1) …`: the page counts what its words count themselves.
        length = found[0].length
        lead = length + len(line.shadow[length:]) - len(line.shadow[length:].lstrip())
        twice = [m for m in _numbered(line.shadow[lead:]) if m.value == found[0].value]
        if twice and twice[0].style != "number":
            return tuple(Marker(m.style, m.key, m.value, m.length + lead) for m in twice)
    return tuple(found)


def bracketed(shadow: str) -> str:
    """The words of a line that stands wholly in brackets such as 【】, or an empty string."""
    match = _BRACKETED.match(shadow)
    return next(filter(None, match.groups()), "") if match else ""


def run_in(shadow: str) -> str:
    """The words in brackets at the beginning of a line that goes on behind them: `【利用目的】商品の発送`."""
    match = _RUN_IN.match(shadow)
    return match[1] or match[2] if match else ""


def is_heading_sign(key: str) -> bool:
    """Whether a sign is used for headings as often as for lists."""
    return key in _HEADING_SIGNS


def number_of(numeral: str) -> int:
    """The value of a numeral in digits or in kanji; 0 where it is none."""
    if numeral.isascii():
        return int(numeral) if numeral.isdigit() else 0
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _KANJI.find(sign) + 1
    return total + digit


def _numbered(shadow: str) -> list[Marker]:
    if match := _ARTICLE.match(shadow):
        style: Style = "article"
        value = number_of(match[1])
        return [Marker(style, f"第{match[2]}", value, match.end())]
    if match := _WORDED.match(shadow):
        word, counted = (match[1], match[2]) if match[1] else (match[3], match[4])
        return [Marker("article", word, number_of(counted), match.end())]
    if match := _SIGN.match(shadow):
        return [] if _REFERS.match(shadow) else _sign(match)
    if match := _PAREN.match(shadow):
        return _inside("()", match[1], match.end())
    if (match := _DOTTED.match(shadow)) and int(re.split(r"[.-]", match[1])[0]) <= 40:
        return [_dotted(match)]
    if match := _NUMBER.match(shadow):
        key = match[2] or match[3] or ""
        return [Marker("number", f"1{key}", int(match[1]), match.end())]
    if match := _BARE.match(shadow):
        return [Marker("number", "1", int(match[1]), match.end())]
    if match := _KANJI_NUMBER.match(shadow):
        return [Marker("number", f"一{match[2]}", number_of(match[1]), match.end())]
    if match := _LETTER.match(shadow):
        return _inside(match[0][-1], match[1], match.end())
    if match := _KANA.match(shadow):
        return _inside(match[0][-1], match[1], match.end())
    return []


def _dotted(match: re.Match[str]) -> Marker:
    above, _, last = match[1].replace("-", ".").rpartition(".")
    # The key holds the numbers above, so that 2.1 never follows 1.3 in one list.
    return Marker("dotted", f"{above}.n", int(last), match.end())


def _inside(form: str, said: str, length: int) -> list[Marker]:
    """A number, letter or kana in one form of brackets or before one sign; two readings where it may be either."""
    if said.isdigit() and said.isascii():
        return [Marker("paren", f"{form}1", int(said), length)]
    if said[0] in _KANJI or said[0] == "十":
        return [Marker("paren", f"{form}一", number_of(said), length)]
    found = []
    if said.isascii():
        case = "a" if said.islower() else "A"
        if said.lower() in _ROMAN:
            found.append(Marker("letter", f"{form}{case}i", _ROMAN.index(said.lower()) + 1, length))
        if len(said) == 1:
            found.append(Marker("letter", f"{form}{case}", ord(said.lower()) - 96, length))
        return found
    found += [
        Marker("iroha", f"{form}{order[0]}", order.index(said) + 1, length)
        for order in (_AIUEO, _IROHA)
        if said in order
    ]
    return sorted(found, key=lambda marker: marker.value)


_RUNS: Final[tuple[tuple[str, str, Style, int], ...]] = (
    ("⑴", "⒇", "paren", 1),
    ("①", "⑳", "circled", 1),
    ("㉑", "㉟", "circled", 21),
    ("㊱", "㊿", "circled", 36),
    ("❶", "❿", "circled", 1),
    ("➀", "➉", "circled", 1),
    ("➊", "➓", "circled", 1),
    ("⓵", "⓾", "circled", 1),
    ("⒈", "⒛", "number", 1),
    ("Ⅰ", "Ⅻ", "letter", 1),
    ("ⅰ", "ⅻ", "letter", 1),
    ("⒜", "⒵", "letter", 1),
    ("ⓐ", "ⓩ", "letter", 1),
    ("㋐", "㋾", "iroha", 1),
)


def _sign(match: re.Match[str]) -> list[Marker]:
    for first, last, style, begins in _RUNS:
        if first <= match[1] <= last:
            key = "①" if style == "circled" and first in "①㉑㊱" else first
            return [Marker(style, key, ord(match[1]) - ord(first) + begins, match.end())]
    return []
