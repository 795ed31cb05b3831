"""Exceptions to consent: what a policy lists as cases in which data goes to others without asking.

Law: APPI Art. 27(1), APPI Art. 27(5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.cases import (
    CASES,
    NO_CASE,
    NO_THIRD_PARTY,
    exceptions,
    inline,
    provisos,
    told,
    unasked,
)
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import (
    AT_DISCRETION,
    EXCEPT,
    GIVE,
    HARD,
    NOT,
    OTHERS,
    SELF,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_EXEMPT: Final = re.compile(
    r"委託|預託|外注|(?:一部|取り?扱い|業務|作業|仕事|全部|サービス)[^。、]{0,10}(?:委ね|任せ|お願い|依頼|請け負わ)|外部に委ね|承継|引き継|合併|(?:事業|営業)(?:の|を)?譲渡|会社分割|買収|組織再編|m&a|共同(?:で|して)?(?:の)?利用"
    # a service that others run for the operator
    r"|外部(?:の|事業者の)?[^。、]{0,12}サービス[^。、]{0,40}(?:(?:を|の)(?:ご?利用|使)|への送信|に送信)"
)


_ART_27: Final = ("APPI Art. 27(1)", "APPI Art. 27(5)(i)", "APPI Art. 27(5)(ii)")


@rule("L-TPP-01", "warn", "T", *_ART_27, often=0.25)
def takes_entrustment_for_an_exception(read: Reading) -> Iterator[Seen]:
    """Entrustment or succession stands among the exceptions to consent."""
    for s, words in (*exceptions(read), *inline(read), *provisos(read), *unasked(read)):
        if re.search(r"委託を受けた者", words) and not re.search(r"全部又は一部|業務委託", words):
            continue
        if _EXEMPT.search(words) and not NO_THIRD_PARTY.search(s.text):
            yield Seen(
                s.at,
                Text(
                    "委託や事業の承継が、同意のいらない例外と混ざっています",
                    "entrustment or succession stands among the exceptions to consent",
                ),
                Text(
                    "「第三者に当たらない場合」として分けて書いてください",
                    "list them apart, as cases in which nobody is a third party",
                ),
                s.raw,
            )
            return


@rule("L-TPP-02", "warn", "T", often=0.1)
def excepts_in_a_circle(read: Reading) -> Iterator[Seen]:
    """Cases of the law are excepted in the sentence and again in its list."""
    lawful = re.compile(
        r"法(?:令|律)?[^。]{0,20}(?:認め|許容|許[さしす]|定め|例外)[^。]{0,12}(?:場合|とき)"
    )
    for s in read.sentences:
        # In prose: the cases of the law are excepted, and the proviso behind excepts them again.
        own = read.said(s.at)
        at = own.index(s)
        before = own[at - 1].text if at else ""
        if _LAW_AGAIN.search(s.text) and _LAW_EXCEPTED.search(before):
            yield _in_a_circle(s)
    for s, words in exceptions(read):
        above = read.outline.parent(s.at)
        if above is None:
            continue
        lead = "\n".join(x.text for x in read.said(above.id))
        others = "\n".join(read.shadows[c.id] for c in above.children if c.id != s.at)
        listed = re.search(r"^その(?:他|ほか)", words) and re.search(
            r"法(?:令|律)[^。\n]{0,6}(?:に基づ|による|に(?:より|よる)|の定め|で認め)", others
        )
        excepted = listed or re.search(
            r"法(?:令|律)?[^。]{0,30}(?:認め|基づ|定め|許[さしす])[^。]{0,16}(?:場合|とき)を?(?:除|のぞ)",
            lead,
        )
        if excepted and lawful.search(words) and not re.search(r"国の機関|地方公共団体", words):
            yield _in_a_circle(s)


_LAW_AGAIN: Final = re.compile(
    rf"^(?:ただし|但し|もっとも)[^。]{{0,6}}法(?:令|律)[^。]{{0,40}}(?:認め|許|定め|基づ)[^。]{{0,24}}(?:場合|とき)[^。]{{0,8}}(?:{EXCEPT})"
)
_LAW_EXCEPTED: Final = re.compile(
    rf"(?:法(?:令|律)?|保護法)[^。]{{0,40}}(?:場合|とき)を?(?:除|のぞ)[^。]{{0,80}}{GIVE}[^。]{{0,12}}{NOT}"
)


def _in_a_circle(s: Sentence) -> Seen:
    return Seen(
        s.at,
        Text(
            "「法令で認められる場合」が二度除かれています",
            "cases of the law are excepted twice",
        ),
        Text("どちらかひとつにしてください", "keep one of them"),
        s.raw,
    )


_WIDER: Final = re.compile(
    rf"{AT_DISCRETION}|業務(?:上|の遂行上)(?:の)?必要|業務(?:の)?(?:遂行|運営|を行う)(?:の)?ため|必要(?:である|がある)?と(?:判断|認め|考え)(?:し|さ|られ)?た|(?:正当|合理的|相当|特別|特段)(?:な|の)?(?:理由|事由|事情)|やむを得ない(?:理由|事由|事情|と)"
    r"|(?:[会社園院校店塾]長|理事長|代表者?|責任者|役員会|理事会)(?:が|の)[^。、]{0,12}(?:認め|判断|承認|許可)"
)
# A request beside the law: 法令又は行政庁の要請, 法令に基づく場合や警察からの依頼.
_BESIDE_THE_LAW: Final = re.compile(
    r"(?:法令|法律)(?:等)?(?:又は|若しくは|及び|や|、|・)[^。、]{0,12}(?:機関|庁|署|警察|当局|団体|行政|裁判所)[^。、]{0,6}(?:の|から(?:の)?)(?:要請|依頼|求め|照会|要求)"
)
# What the operator keeps for itself, and no law of persons' data does: 当社の権利を守るため.
_OWN_RIGHTS: Final = re.compile(
    rf"(?:{SELF}|(?<![一-龥ァ-ヶー])会社)(?:の|が有する|が持つ)[^。]{{0,24}}(?:権利|利益|サービス|信用|名誉|営業|事業|業務|評判|安全)[^。]{{0,24}}(?:保護|守[るり]|防[御衛禦]|防護|確保|維持|擁護|保全|行使|主張|防止)"
    r"|(?:利用|会員)?規約[^。]{0,24}(?:違反|反する|反した|背く|抵触)[^。]{0,40}(?:場合|とき|ため)"
)
# An emergency that names nobody's life or property.
_EMERGENCY: Final = re.compile(r"緊急|急を要")
_LIFE: Final = re.compile(
    r"生命|身体|財産|人命|人名|(?:命|からだ)(?:に(?:関|かか)|や|、|・|及び|又は|を)|安全(?:を|の)(?:守|確保|保護)"
)
_HEALTH: Final = re.compile(r"公衆衛生|児童の健全")
_OFFICE: Final = re.compile(
    r"(?:国|公的機関|公共団体|行政|警察|捜査|裁判所|官公[庁署]|司法)[^。]{0,30}協力"
)
_KNOWN_GROUND: Final = re.compile(
    rf"{_EXEMPT.pattern}|法令|法律|条例|生命|公衆衛生|児童|国の機関|公共団体|同意|承諾|了承|了解|許諾|希望|統計|学術|匿名"
    r"|(?:識別|特定)(?:する)?(?:こと)?(?:が|は|も)?(?:でき|し得|不能|しない)|オプトアウト|届出|公開(?:され|して)|警察|裁判|税務|第三者に該当|個人情報保護法"
    r"|(?:人|本人|園児|お子さま|患者|利用者|お客様|どなたか)の(?:いのち|命)|(?:いのち|命)[やをに、]|令状|正当防衛|緊急避難|正当業務|配送業者|運送|決済(?:代行|事業|処理)|業務提携|例外"
)
_SHORTEST: Final = 8
_PROMISE: Final = re.compile(
    r"(?:ます|です|ません|ましょう|ください|とする|しない|ならない|できる|(?:作成|保存|記録|通知|公表|確認|停止|保管)する|残す|努める)[。.]?$"
)
# Provision as the operator needs it, without a ground of the law: 必要に応じて第三者に提供することがあります.
_AS_NEEDED: Final = re.compile(
    rf"(?:必要に応じて?|必要な(?:場合|とき|範囲)|業務上|適宜)[^。]{{0,20}}{OTHERS}(?:に|へ)[^。]{{0,12}}{GIVE}"
    r"(?:する|を行う|す)?(?:こと|場合|可能性)?(?:が|も)?(?:あり|ござ|でき|します|いたし)(?!ません)"
)


# Provision to somebody named, within what a business needs, behind a refusal.
_FOR_BUSINESS: Final = re.compile(
    rf"^(?:ただし|但し|なお|また)[、,]?[^。]{{0,60}}(?:必要|遂行)[^。、]{{0,10}}(?:範囲|限度|限り)[^。、]{{0,6}}(?:で|において|、)[^。]{{0,60}}(?:に|へ)(?:対し(?:て)?)?[、,]?[^。、]{{0,20}}{GIVE}(?:する|す|を行う)?(?:こと|場合)(?:が|も)"
)


# Provision that prose adds to the cases before it: 法令に基づく場合のほか、提携先に提供することがあります.
_ADDED: Final = re.compile(
    rf"(?:場合|とき)(?:の?(?:ほか|他)に?は?|に加えて?|以外に?も)、?(?P<case>[^。]{{6,200}}?{GIVE}(?:する|す|を行う|いたす)?(?:こと|場合)(?:が|も))(?:あ|ござ)(?!りません|いません)"
)


@rule("L-TPP-08", "warn", "T", "APPI Art. 27(1)", "PPC GL 3-6-1", often=0.2)
def excepts_more_than_the_law(read: Reading) -> Iterator[Seen]:
    """An exception to consent is wider than the law's."""
    needed = (
        (s, "必要に応じた提供")
        for s in (
            *read.saying(_AS_NEEDED, "third_party"),
            *read.saying(_FOR_BUSINESS, "third_party"),
        )
        if not re.search(rf"同意|承諾|法令|{_EXEMPT.pattern}", s.text)
    )
    added = (
        (s, "法の定めにない場合")
        for s in read.saying(_ADDED, "third_party")
        if (found := _ADDED.search(s.text))
        and not re.search(rf"同意|承諾|法令|{_EXEMPT.pattern}|匿名|統計", found["case"])
    )
    alone = (*exceptions(read), *provisos(read), *unasked(read))
    listed = (
        *((s, _wider(words, inline=False)) for s, words in alone),
        *((s, _wider(words, inline=True)) for s, words in (*inline(read), *told(read))),
    )
    for s, why in (*listed, *needed, *added):
        if why:
            yield Seen(
                s.at,
                Text(
                    f"同意のいらない例外が法の定めより広くなっています（{why}）",
                    "this exception to consent is wider than the law's",
                ),
                Text("法の定める場合に合わせてください", "word it as the law does"),
                s.raw,
            )


_ASKED_FOR: Final = re.compile(
    r"(?:要請|照会|求め|依頼|要求|問い合わせ)[^。]{0,8}(?:あった|を受け|られた|ある|に応じ|による|に基づく)"
)
_WITH_GROUND: Final = re.compile(r"法(?:令|律|的)|令状|同意|本人|適正な手続")


def _is_unknown(case: str) -> bool:
    """Whether a case is one that the law does not know; a word or two say too little to tell."""
    return len(case) >= _SHORTEST and not _KNOWN_GROUND.search(case)


def _wider(words: str, *, inline: bool) -> str:
    """Why an exception is wider than the law, or an empty string."""
    if _WIDER.search(words) and not re.search(r"困難|難し|得られな|支障", words):
        return "当社の判断"
    if _OWN_RIGHTS.search(words):
        return "当社の権利の保護"
    if _BESIDE_THE_LAW.search(words):
        return "法令に基づかない要請"
    if _LIFE.search(words) and not re.search(HARD, words):
        return "同意を得ることが困難な場合に限られていない"
    if _EMERGENCY.search(words) and not re.search(rf"{_LIFE.pattern}|同意|法令", words):
        return "緊急とだけ書かれている"
    if _HEALTH.search(words) and not re.search(HARD, words):
        return "同意を得ることが困難な場合に限られていない"
    if _OFFICE.search(words) and not re.search(r"支障|おそれ|恐れ|法令", words):
        return "事務に支障がある場合に限られていない"
    cases = CASES.split(words) if inline else [words]
    if any(_ASKED_FOR.search(one) and not _WITH_GROUND.search(one) for one in cases):
        return "法令に基づかない要請"
    # The first part of a sentence holds its subject, too; the others are nothing but cases.
    if inline and any(_is_unknown(part) for part in CASES.split(words)[1:]):
        return "法の定めにない場合"
    case = len(words) >= 8 and not inline and not _PROMISE.search(words)
    if (
        case
        and not _KNOWN_GROUND.search(words)
        and re.search(r"場合|とき|ため|対して|提供|必要", words)
        and not NO_CASE.search(words)
    ):
        return "法の定めにない場合"
    return ""
