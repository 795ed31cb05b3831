"""What an operator calls itself, and whether a text says who that is."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chikai.policy.rules.reading import Reading

DOMINANT: Final = 3
# A copy's word stands at most once for so many of the operator's own.
_SELDOM: Final = 4
_DEFINED: Final = r"[「『\"“(、]?ご?{0}[」』\"”]?(?:とい(?:う|い)|と(?:総称|略)|と呼|と称|と申し|とし(?:ます|て|、)|とは(?:[、,]|(?=[^。]{0,60}(?:指|いい|いう|意味))))|以下[、,]?(?:単に|総称して)?[「『]?ご?{0}[」』]?[)」]|「ご?{0}」|(?<!第三者)\({0}\)|{0}[「『][^」』]{1,40}[」』]|{0}\([^()]{2,80}を(?:いう|いいます|指す|指します)"
# How an operator calls itself; who reads it must be told who that is.
ITSELF: Final = re.compile(
    r"当(?:法人|会(?!員|社|議|場)|院|所(?!有|属|定)|医院|クリニック|事務所|協会|組合(?!員)|学園|学院|校|園|館|店(?!舗)|ショップ|サロン|団体|代理店|施設|財団|研究所|病院|塾|クラブ"
    r"|機構|連盟|ホテル|旅館|グループ|教室|工房|倶楽部|実行委員会|社(?!団|会)|方)|弊[社店所]|本(?:学(?![会科部])|校|園|院)"
)
# A company's shop is no other kind of operator, and a body of any kind may call itself one; a club or a clinic is.
_A_PLACE: Final = re.compile(
    r"当(?:法人|団体|店|館|ホテル|旅館|施設|教室|工房|サロン|ショップ|グループ|園|校|所|院|方)|弊店|本(?:校|園|院|学)"
)
# Words of one kind: a company that calls itself 当社 is not another one where it says 弊社.
A_COMPANY: Final = frozenset(("当社", "弊社", "当方"))
# What ends the name of a shop or a body.
NAME: Final = r"[一-龥ァ-ヴーぁ-ん](?:店|屋|堂|工房|教室|塾|院|園|館|会社|法人|組合|協会|クリニック|ホテル|サロン|商店)"
# How the text says that the operator calls itself: （以下「当社」といいます。）.
NAMED_ITSELF: Final = re.compile(
    rf"(?:以下|総称して|、|\()[、,]?(?:単に|総称して)?[「『\"]?({ITSELF.pattern}|本[校会院園店館学寺社](?!員))[」』\"]?(?:と(?:い|称|呼|略)|\)|」|、)"
)


def is_defined(read: Reading, word: str) -> bool:
    """Whether a text says what a word of its own means."""
    return bool(re.search(_DEFINED.replace("{0}", re.escape(word)), read.text))


def strangers(read: Reading) -> list[str]:
    """What a text calls its operator seldom, of another kind than the name that it gave itself: a copy's."""
    named = {w for w in NAMED_ITSELF.findall(read.text) if w}
    said = Counter(ITSELF.findall(read.text))
    if not named or named <= {w for w in named if said[w] < DOMINANT}:
        return []
    kinds = {*named, *(A_COMPANY if named & A_COMPANY else ())}
    seldom = max(DOMINANT - 1, max(said[w] for w in named) // _SELDOM)
    return [
        word
        for word, times in said.items()
        if word not in kinds
        and times <= seldom
        and not _A_PLACE.match(word)
        and not is_defined(read, word)
    ]


def second_self(read: Reading) -> tuple[str, str] | None:
    """What a place or a body calls itself without saying so, and a company's word for itself beside that."""
    said = Counter(
        ITSELF.findall("\n".join(s.text for s in read.sentences if "cookie" not in s.under))
    )
    own = next((w for w, times in said.most_common() if times >= DOMINANT), "")
    if not own or own in A_COMPANY or is_defined(read, own):
        return None
    other = next((w for w in ("当社", "弊社") if said[w] and not is_defined(read, w)), "")
    return (own, other) if other else None
