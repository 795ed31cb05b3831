"""What a request costs: a fee may be asked for disclosure and for notice of the purposes, and for nothing else.

Law: APPI Art. 32(1), APPI Art. 37(1), APPI Art. 38.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import RightKind, Text
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_FREE_OF_CHARGE: Final[tuple[RightKind, ...]] = (
    "correct",
    "add",
    "delete",
    "suspend",
    "erase",
    "stop_provision",
)
_NAMES_A_FREE_RIGHT: Final = re.compile(r"訂正|追加|削除|利用停止|消去|提供の停止|開示等")
_NO_FEE: Final = re.compile(
    r"要(?:しない|しません|さない|さず)|(?:いただ(?:く|戴する)|頂戴する|申し受ける|求める|徴収する|請求する)ことは(?:ありません|ございません|ない)|いただいて(?:おりません|いません)|求めない|かからない|無料|無償|不要|かかりません|いただきません|申し受けません|徴収(?:いた)?しません|必要ありません|請求しません|発生しません"
)
# What follows where nobody paid asks for no fee of its own, nor do great costs.
_UNPAID: Final = re.compile(
    r"多額の費用|(?:手数料|費用|実費)[^。]{0,60}(?:支払|納付|入金|同封|払い込|振り?込)[^。]{0,16}(?:ない|ず|なかった)(?:場合|とき)"
)
_REFERS: Final = re.compile(
    r"^(?:なお、|また、)?(?:1|一)(?:件|回|通)(?:につき|あたり|当たり|ごと)|^(?:なお、)?(?:ご?請求|お?申し?出|お?申し?込み|お?求め|ご?依頼)(?:の際)?(?:は|に(?:は|つき|(?:当|あ)たって(?:は)?|際して(?:は)?))?、?[1一](?:件|回|通|度)(?:につき|あたり|当たり|ごと)|(?:訂正|停止|消去|削除)[^。]{0,12}(?:場合|とき|求め|請求)も(?:また)?(?:同じ|同様|同額)|(?:種類|種別|内容|区分|別)(?:の?(?:いかん|如何))?(?:にかかわらず|に関わらず|を問わず|によらず)|(?:前(?:[一二三2-9])?[項条]の|いずれの|各|上記の?|これらの|以上の|すべての|全ての)[^。、]{0,8}(?:請求|申|求め|手続)"
)
_LIMITED: Final = re.compile(
    r"(?:開示|通知)(?:の(?:ご)?(?:請求|求め|場合))?(?:に限り|に限って|のみ|についてのみ)|のうち"
)


@rule(
    "L-RGT-06",
    "error",
    "S",
    "APPI Art. 38(1)",
    "APPI Art. 38(2)",
    "APPI Art. 37(1)",
    "APPI Art. 32(1)(iii)",
    often=0.05,
)
def charges_for_a_right_that_is_free(read: Reading) -> Iterator[Seen]:
    """A fee is asked for a right other than notice of the purpose and disclosure."""
    fix = Text(
        "手数料は、利用目的の通知と開示だけにしてください",
        "ask a fee only for notice of the purpose and for disclosure",
    )
    for right in read.document.rights if read.document else ():
        if right.fee_yen and right.kind in _FREE_OF_CHARGE:
            yield Seen(
                f"right:{right.kind}",
                Text(
                    "手数料を取れない請求に手数料があります", f"`{right.kind}` may not cost a fee"
                ),
                fix,
                f"fee_yen = {right.fee_yen}",
            )
    limited = any(
        (_LIMITED.search(s.text) and "手数料" in s.text)
        or (
            _NO_FEE.search(s.text)
            and re.search(r"訂正|利用(?:の)?停止", s.text)
            and re.search(r"手数料|費用|無料|無償|いただ|円", s.text)
        )
        for s in read.sentences
    )
    for s in read.sentences:
        charged = re.search(r"手数料|実費|費用|\d円", s.text) and re.search(
            r"\d円|負担|申し受け|いただ(?:き|く)|頂戴|いただ戴|定める額|別途定め|額と(?:する|します)|円(?:とする|とします|です|である)|徴収|納付|納め|支払|かか(?:ります|る)|必要|要(?:し|する)|発生",
            s.text,
        )
        if not charged or _NO_FEE.search(s.text) or _UNPAID.search(s.text):
            continue
        around = _referred(read, s) if _REFERS.search(s.text) else _before(read, s)
        around += _for_each(read, s)
        around += _same_for(read, s)
        referred = re.search(
            r"訂正|利用(?:の)?停止|消去|直し(?:たい|て)|直す|(?:使う|利用する)の?(?:を)?やめ|消し(?:たい|て)|削除",
            around,
        )
        if not _NAMES_A_FREE_RIGHT.search(s.text) and not referred:
            continue
        if limited and not re.search(r"訂正|利用停止", s.text):
            continue
        yield Seen(
            s.at,
            Text(
                "手数料を取れない請求にも手数料がかかると読めます",
                "the text asks a fee for a right that may not cost one",
            ),
            fix,
            s.raw,
        )


def _referred(read: Reading, sentence: Sentence) -> str:
    """The article of a sentence, and the one before it where the sentence speaks of 前条."""
    tops = [n.id for n in read.tops]
    at = tops.index(sentence.top) if sentence.top in tops else 0
    before = read.whole(tops[at - 1]) if at and "前条" in sentence.text else ""
    return f"{before}\n{read.whole(sentence.top)}"


# A price that is told of each request, without saying of which: 手数料は請求1件につき500円とします.
_FOR_EACH: Final = re.compile(
    r"^(?:なお、|また、)?(?:(?:手数料|費用|料金)(?:の額)?(?:は|として)、?)?(?:ご?請求|お?申し?出|お?申し?込み|お?求め|ご?依頼)?(?:の都度)?、?(?:1|一)(?:件|回|通|度)(?:の(?:ご?請求|お?申し?出|お?求め|ご?依頼))?(?:につき|あたり|当たり|ごと|毎)"
)
_OF_WHAT: Final = re.compile(r"開示|利用目的の通知|訂正|停止|消去|削除")


def _for_each(read: Reading, sentence: Sentence) -> str:
    """The nearest words that say which requests a price is told of: before it in its clause, or else of its article."""
    if not _FOR_EACH.search(sentence.text):
        return ""
    said = read.said(sentence.at)
    before = reversed(said[: said.index(sentence)])
    near = next((s.text for s in before if _OF_WHAT.search(s.text)), "")
    return near or read.whole(sentence.top)


# A price that the sentence behind extends: 訂正及び利用停止を求める場合もまた同じ.
_THE_SAME: Final = re.compile(
    r"(?:場合|とき|求め|請求)(?:について)?も(?:また)?、?(?:同じ|同様|同額)"
)


def _same_for(read: Reading, sentence: Sentence) -> str:
    """The sentence behind a price, where it says that something else costs as much."""
    said = read.said(sentence.at)
    behind = said[said.index(sentence) + 1 :][:1]
    return behind[0].text if behind and _THE_SAME.search(behind[0].text) else ""


def _before(read: Reading, sentence: Sentence) -> str:
    """The sentence that `この場合` or `その際` looks back to, or an empty string."""
    said = read.said(sentence.at)
    at = said.index(sentence)
    back = at and re.match(
        r"この場合|その際|その場合|また、その|(?:なお、|また、)?(?:ご?請求|お?申し?出|お?手続|ご?依頼)(?:の際|に際し|にあたり|にあたって|時|の場合|には)",
        sentence.text,
    )
    return said[at - 1].text if back else ""
