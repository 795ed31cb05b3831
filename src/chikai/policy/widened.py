"""Whether new words say all that old words say, and name something besides: `氏名及び住所` beside `氏名`.

A word that only describes what stood there (`サイトの閲覧履歴`) widens nothing; a part of an enumeration, `その他の` and `等` do.

Law: APPI Art. 17(2).
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from chikai.policy import marks

if TYPE_CHECKING:
    from collections.abc import Collection

    from chikai.policy.document import Language, Text

ALIKE: Final = 0.6  # the least likeness of two names of one thing
# What joins the parts of an enumeration; each becomes one comma, so that another word for `and` is no difference.
_JOINS: Final = re.compile(
    r"[、,，・･/／;；:：()\[\]（）]|及び|および|並びに|ならびに|又は|または|若しくは|もしくは|その他の?|(?<=[^\s])や(?=[^ぁ-んる]|ご|お)"
    r"|\b(?:and|or|as well as|including|such as|together with)\b"
)
_OPEN: Final = re.compile(r"(?<![平高同均対])等(?![級分しし])|など|\betc\b\.?")
# What is put in so takes something out, or names nothing.
_NARROWS: Final = re.compile(r"以下|任意|必須|除|限|のみ|だけ|ただし|ません|except|only|optional")
# No name and no clause that is longer is compared sign by sign.
_LONGEST: Final = 3000


def wider(old: Text, new: Text, *, beside: Collection[Text] = ()) -> bool:
    """Whether a name says more than before; what `beside` named before is nothing more."""
    lang: Language = "ja" if old.ja and new.ja else "en"
    known = {_flat(one.in_(lang)) for one in beside}
    added = more(old.in_(lang), new.in_(lang))
    return any(part not in known for run in added for part in run.split("、") if part)


@lru_cache(maxsize=4096)
def more(old: str, new: str) -> tuple[str, ...]:
    """What new words name besides all that the old ones say; nothing where they take away or only describe."""
    before, after = _flat(old), _flat(new)
    if not before or len(before) >= len(after) or len(after) > _LONGEST:
        return ()
    if not set(before) - {"、"} <= set(after):
        return ()  # most pairs of names end here, and nothing was compared
    found: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = before[a:b], after[c:d]
        if tag == "equal" or not (gone + come).strip("、"):
            continue
        if gone.strip("、"):
            return ()
        if not _joined(after, c, d) or "。" in come or "\n" in come or _NARROWS.search(come):
            continue
        found.append(come.strip("、"))
    return tuple(found)


def likeness(old: str, new: str) -> float:
    """How alike two names are; one that only says more than the other names the same thing."""
    score = marks.likeness(old, new)
    if score < ALIKE and (_begins(old, new) or more(old, new) or more(new, old)):
        return ALIKE
    return score


def _begins(old: str, new: str) -> bool:
    """Whether one name is the other with something behind it: `氏名（任意）`."""
    short, long = sorted((_flat(old), _flat(new)), key=len)
    return bool(short) and long.startswith(f"{short}、")


def _joined(text: str, start: int, end: int) -> bool:
    """Whether a run stands in an enumeration as a part of its own: a comma or an end of the words on each side."""
    run = text[start:end]
    left = run.startswith("、") or start == 0 or text[start - 1] in "、\n。"
    right = run.endswith("、") or end == len(text) or text[end] in "、\n。"
    # `新商品、サービスの案内`: what follows is shared by both.
    return (left and right) or run[0] == "、" or run[-1] == "、"


@lru_cache(maxsize=4096)
def _flat(words: str) -> str:
    """The words without layout, every joining word a comma."""
    text = unicodedata.normalize("NFKC", words)
    lines = (
        re.sub(r"\s+", "", _OPEN.sub("、等、", _JOINS.sub("、", line))) for line in text.split("\n")
    )
    return "\n".join(re.sub("、+", "、", line).strip("、") for line in lines)
