"""Two ends of lines that are the halves of one thing: an address, a number, a day, or words in brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import markers, words

if TYPE_CHECKING:
    from chikai.policy.importing.lines import Line

_D: Final = "[0-9〇一二三四五六七八九]"
# What is written without a break: a line that ends amid one of these goes on in the next, whatever that begins with.
_ONE: Final = (
    re.compile(r"https?://[!-~]"),
    re.compile(r"〒\s?[0-9]{3}-[0-9]{4}"),
    re.compile(rf"(?<![0-9-])[0０〇]{_D}{{1,4}}-{_D}{{1,4}}-{_D}{{3,4}}(?!{_D})"),
    re.compile(r"[0-9]{4}年\s?[0-9]{1,2}月\s?[0-9]{1,2}日"),
    re.compile(r"第[0-9一二三四五六七八九十]{1,3}[条項号]"),
    re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])"),
)
_COUNTED: Final = re.compile(markers.UNIT)
_COUNT: Final = re.compile(r"[ぁ-んァ-ヶ一-龥、][0-9]{1,3}$")
_REST_OF_COUNT: Final = re.compile(rf"[0-9]{{1,3}}(?:番地|{markers.UNIT})")
# Words of policies, parted where a line may cut them. The first half of some ends no word; that of the others ends
# words of two signs (保管, 申請, 権利), so that nothing is said of them behind another sign of that kind.
_SURE: Final = (
    "提/供 履/歴 契/約 範/囲 必/要 措/置 監/督 委/託 閲/覧 審/査 個/人 遵/守 毀/損 困/難 登/録 削/除 預/金 宣/伝 連/絡 "
    "個人/情 個人/デ 個人情/報 加工情/報 安全管/理 利用目/的 利用停/止 第三/者 匿名加/工 要配/慮"
)
_LIKELY: Final = (
    "情/報 取/得 利/用 請/求 記/載 管/理 確/認 案/内 回/答 氏/名 住/所 対/応 同/意 訂/正 停/止 消/去 保/護 保/有 保/存 "
    "業/務 財/産 身/体 滅/失 防/止 変/更 通/知 配/送 配/信 販/売 改/善 商/品 適/切 継/続 従/業 職/員 制/限 障/害 組/織 "
    "技/術 統/計 検/討 履/行 医/療 融/資 移/転"
)
_WORDS: Final = re.compile(
    rf"(?:{'|'.join(_SURE.split())}|(?<![一-龥々])(?:{'|'.join(_LIKELY.split())}))$"
)
_FAR: Final = 24  # no such number is longer
_NEAR: Final = 120
_ENDS: Final = r"(?=[^\x00-\x7f]|[\s/)]|$)"
# Where an address ends a line, and how its rest begins the next.
_ADDRESSES: Final = tuple(
    (re.compile(ended), re.compile(begun))
    for ended, begun in (
        (
            r"(?:[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9.-]*[-.])?|https?://[!-~]*[-/_.=&?])$",
            rf"[a-z0-9][A-Za-z0-9.-]*\.[a-z]{{2,}}{_ENDS}|[!-~]+$|[a-z]{{1,12}}{_ENDS}",
        ),
        # Behind an address only its own rest is a name with a dot or a stroke, or small letters alone.
        (
            r"(?:@[A-Za-z0-9.-]+|https?://[!-~]+)$",
            rf"(?!https?:|www\.)[a-z][a-z0-9_-]{{0,40}}[./][a-z0-9_-]|[a-z]{{2,12}}{_ENDS}|[a-z](?:$|\)[ぁ-ん、。])|[./_][a-z0-9]",
        ),
        (r"(?:^|[\s:]|[^\x00-\x7f])[A-Za-z0-9._%+-]+$", r"@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+"),
        (r"[A-Za-z0-9]$", r"[-._+][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+\."),
        (r"[A-Za-z][A-Za-z0-9]*[-._+]$", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\."),
        (
            r"[^\x00-\x7f:][a-z][a-z0-9._%+-]{0,20}(?<!mail)(?<!tel)(?<!fax)$",
            r"[a-z0-9._%+-]+@[A-Za-z0-9-]+\.",
        ),
    )
)
_WHOLE: Final = 10  # digits of a telephone
# `1-` and `1、代表取締役`, `1` and `-1`: the numbers of a house.
_HOUSE: Final = re.compile(rf"{_D}\n-{_D}|{_D}-\n{_D}")


def of_one(before: Line, line: Line) -> bool:
    """Whether one line ends and the next begins amid an address or a number."""
    if line.blank or before.file != line.file or len(before.shadow) > words.LONGEST:
        return False
    ended, begun = before.shadow[-_NEAR:], line.shadow
    address = any(end.search(ended) and begin.match(begun) for end, begin in _ADDRESSES)
    return address or _one_number(ended[-_FAR:], begun[:_FAR])


def _one_number(ended: str, begun: str) -> bool:
    """Whether a number that is written without a break ends one line and begins the next."""
    here, said = len(ended), ended + begun
    if any(
        match.end() == here and _is_whole(match[0]) for one in _ONE for match in one.finditer(ended)
    ):
        return False
    split = _COUNT.search(ended) and _REST_OF_COUNT.match(begun)
    crossed = any(
        match.start() < here < match.end() for pattern in _ONE for match in pattern.finditer(said)
    )
    counts = ended[-1:].isdigit() and _COUNTED.match(begun)
    house = _HOUSE.search(f"{ended}\n{begun}")
    return crossed or bool(counts or split or house)


def _is_whole(said: str) -> bool:
    """Whether a number that may be one is no beginning of a longer one: `03-1234-567` lacks a digit."""
    return said[0] not in "0〇" or sum(sign.isnumeric() for sign in said) >= _WHOLE


def of_one_word(before: Line, line: Line) -> bool:
    """Whether one line ends and the next begins amid a word that policies use."""
    seam = f"{before.shadow[-4:]}/{line.shadow[:1]}"
    return not (line.blank or before.level or line.level) and bool(_WORDS.search(seam))


def closes(before: str, line: str, marker: int) -> bool:
    """Whether a line closes the bracket that the one before leaves open; a marker of its own may end in one."""
    for opening, closing in ("()", "「」", "『』"):
        if before.count(opening) <= before.count(closing):
            continue
        depth = 0
        for sign in line[marker:]:
            depth += (sign == opening) - (sign == closing)
            if depth < 0:
                return True
    return False
