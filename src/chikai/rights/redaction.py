"""Other people in free text: found for the officer, and blacked out where the officer says so.

The finder proposes and never decides: honorifics behind a name, addresses, telephone numbers, and the names that the same
place holds of others. It misses names that stand bare, and says so on the page; an officer reads, adds and removes.

Clauses: 6.
Law: APPI Art. 33(2)(i).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["name", "mail", "phone", "known"]
BLACK: Final = "〔ほかの方の情報〕"
SHORTEST_KNOWN: Final = 3  # a shorter name of somebody else would black out ordinary words
_TITLES: Final = "さん|さま|様|氏|くん|君|ちゃん|先生|先輩|殿|部長|課長|係長|主任|社長|店長|代理"
# With the rare ones of names, such as those of Yoshida and Yamazaki, beside the common block.
_KANJI: Final = "[一-鿿㐀-䶿々〆ヶ\uf900-\ufaff\U00020000-\U0002fa1f]"
# A name of two to six kanji, kana or Latin letters right before an honorific; a word of the language that only ends
# like one ("お客様", "皆さん", "お疲れ様") is none.
_NAME: Final = re.compile(
    rf"(?:(?<!{_KANJI}){_KANJI}{{1,4}}[ 　]?{_KANJI}{{0,4}}|(?<![ァ-ヶー])[ァ-ヶー]{{2,10}}"
    rf"|\b[A-Z][a-z]{{1,15}}(?: [A-Z][a-z]{{1,15}})?)[ 　]?(?=(?:{_TITLES}))"
)
# What stands before an honorific and is nobody's name.
_NO_NAME: Final = frozenset(
    "客 お客 得意 皆 奥 旦那 神 仏 王 何 誰 各 当 同 貴 他 別 某 両 仕 模 異 態 有 多 一 父 母 兄 姉 弟 妹 娘 息子 叔父 叔母 祖父 祖母 "
    "子 医者 看護師 担当 担当者 受講者 参加者 利用者 申込者 責任者 管理者 家族 本人 疲 苦労 課長 部長 主任 営業 総務 人事 経理 技術 開発 企画 "
    "広報 主治医 学校 保護者 ユーザー ユーザ メンバー スタッフ オーナー ゲスト".split()
)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.ASCII)
_PHONE: Final = re.compile(r"(?<![\d-])(?:\+81[- ]?|0)\d{1,4}[- ]\d{1,4}[- ]\d{3,4}(?![\d-])")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody else, perhaps: what was found, where it stands in the text, and by which sign it was found."""

    text: str
    start: int
    end: int
    kind: Kind


def find(text: str, *, own: Collection[str], known: Collection[str] = ()) -> tuple[Found, ...]:
    """Whom a text may speak of besides the person, in the order of the text; `own` are the person's names and addresses,
    `known` the names of others that the place holds. Overlapping finds count once, the longest.
    """
    mine = {_plain(word) for word in own if word.strip()}
    found: list[Found] = []
    for match in sorted(_matches(text, known), key=lambda f: (f.start, -f.end)):
        if found and match.start < found[-1].end:
            continue
        if (plain := _plain(match.text)) and not _is_own(plain, mine):
            found.append(match)
    return tuple(found)


def _is_own(plain: str, mine: Collection[str]) -> bool:
    """Whether words are the person's own: one of their names, a part of it, or a name behind what they are called.

    `山田太郎` is no `山田花子`, though they share a name, and `大森` is no `森`.
    """
    return any(
        plain == word
        or (len(plain) > 1 and (word.startswith(plain) or word.endswith(plain)))
        or (plain.endswith(word) and plain.removesuffix(word) in _NO_NAME)
        for word in mine
        if word
    )


def _matches(text: str, known: Collection[str]) -> Iterator[Found]:
    patterns: tuple[tuple[re.Pattern[str], Kind], ...] = ((_MAIL, "mail"), (_PHONE, "phone"))
    for pattern, kind in patterns:
        for match in pattern.finditer(text):
            yield Found(match[0], match.start(), match.end(), kind)
    for match in _NAME.finditer(text):
        name = match[0].rstrip(" 　")
        if name not in _NO_NAME:
            yield Found(name, match.start(), match.start() + len(name), "name")
    for name in {n.strip() for n in known}:
        if len(name) < SHORTEST_KNOWN:
            continue
        start = text.find(name)
        while start >= 0:
            yield Found(name, start, start + len(name), "known")
            start = text.find(name, start + len(name))


def _plain(text: str) -> str:
    return re.sub(r"[\s　]+", "", text).casefold()


def redacted(text: str, blacked: Collection[str]) -> tuple[str, int]:
    """The text with each of the words blacked out, the longest first, and how often it happened."""
    count = 0
    for word in sorted({w for w in blacked if w.strip()}, key=len, reverse=True):
        count += text.count(word)
        text = text.replace(word, BLACK)
    return text, count
