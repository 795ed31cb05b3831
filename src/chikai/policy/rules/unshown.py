"""Rules of the company that a text refers to and nowhere shows.

Law: APPI Art. 32(1)(iii), APPI Art. 37(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import SELF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading

_HIDDEN: Final = re.compile(
    rf"(?:所定の|(?:{SELF}|(?<![一-龥ァ-ヶー])(?:会社|法人)(?=[のが])|別途)[^。、]{{0,6}}(?:別途)?(?:定める|指定(?:する|の))|別に定める|当社の(?:関連|社内))(?!場合|期日|入力)[^。、]{{0,10}}?"
    r"(?:方法|方式|手続き?|様式|書式|ところ|設定|書面|書類|フォーム|用紙|請求書|申請書|申込書|期間|手数料|費用|規定|規程|手順|基準|規則|要領|細則|ルール)"
)
# What any other paper or person lays down: 利用規約において定める方法, 運営が定める手順; what a law lays down is known.
_LAID_DOWN: Final = re.compile(
    r"(?:(?<!法)(?<!法令)(?<!条)(?<!項)(?<!号)(?<!政令)(?<!省令)(?<!委員会)(?<!委員会規則)(?<!指針)(?<!ガイドライン)(?:規約|約款|規程|規則|細則|契約(?:書)?|要領|基準|マニュアル|運営|事務局|運営者|管理者|本部|事業者|会社|学校|法人|団体))(?:にて|において|に|が|で)(?:別途|別に)?(?:定め(?:る|た|られた|られる)|指定(?:する|した)|規定(?:する|された))[^。、]{0,8}(?:方法|手続き?|手順|様式|書式|方式|手数料|期間|ところ)"
)
_AS_IT_LIKES: Final = re.compile(
    rf"{SELF}(?:が|の|において)[^。、]{{0,8}}(?:適切|適当|妥当|相当|必要)(?:である)?と(?:考え|認め|判断)[^。、]{{0,6}}(?:方法|手段|手続き?|書類)"
)
_SHOWN: Final = re.compile(
    r"https?:|www\.|\[[^\]]*\]\(|こちら|別紙|別表|第\d+条(?:に|の|で)(?:定め|規定|記載|掲げ|示)?[^。、]{0,4}(?:方法|方式|手続|様式|書式|書面|書類|手数料|費用|期間|手順|ところ)|(?:法令|法律|政令)(?:で|に|の)?(?:定め|所定)|ダウンロード|(?:以下|次)の(?:方法|手続|書|様式|フォーム|窓口|手順|とおり)|下記の?(?:方法|書|手続|窓口|フォーム)"
)


@rule(
    "L-TRM-07",
    "warn",
    "T",
    "APPI Art. 32(1)(iii)",
    "APPI Art. 37(1)",
    "APPI Order Art. 12",
    "PPC GL 3-8-7",
    often=0.3,
)
def hides_a_rule(read: Reading) -> Iterator[Seen]:
    """The text refers to rules of the company that are nowhere shown, such as 所定の方法."""
    for s in read.sentences:
        match = _HIDDEN.search(s.text) or (
            s in read.asked and (_OWN_WAY.search(s.text) or _AS_IT_LIKES.search(s.text))
        )
        match = match or _LAID_DOWN.search(s.text)
        if not match or _SHOWN.search(s.text):
            continue
        if _A_FORM.search(match[0]) and _DOWNLOADED.search(read.whole(s.top)):
            continue
        yield Seen(
            s.at,
            Text(
                f"「{match[0]}」の内容が示されていません",
                "the text refers to rules that are not shown",
            ),
            Text("その方法を書くか、示す場所を書いてください", "write them, or where they stand"),
            s.raw,
        )


# What a request follows and nobody knows, whatever the operator calls itself: 青空寺にて定めた手順, 当社の手続きに従って.
_OWN_WAY: Final = re.compile(
    rf"(?<!法)(?<!令)(?<!則)(?:が|にて|において)定め(?:る|た)(?:手続き?|手順|方法|様式|書式)|{SELF}の?(?:社内|内部)?(?:の)?(?:手続き?|手順|規定|規程|規則|基準|ルール)に(?:従|より|よって|沿|基づ|則)|(?<![一-龥])(?:社内|内部|院内|学内|会内|園内)の?(?:手続き?|手順|規定|規程|規則|基準|ルール)に(?:従|より|よって|沿|基づ|則)"
)
_A_FORM: Final = re.compile(r"様式|書式|書面|書類|フォーム|用紙|請求書|申請書|申込書")
_DOWNLOADED: Final = re.compile(r"ダウンロード|https?:|別紙|様式第?[0-9一二三]")
