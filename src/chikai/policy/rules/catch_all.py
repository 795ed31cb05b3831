"""Purposes that take in whatever else there may be.

Law: APPI Art. 17(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.purposes import purposes
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import AT_DISCRETION, FIT, JUDGED, SELF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_CATCH_ALL: Final = re.compile(
    r"(?:(?:その|其の)(?:他|ほか)|上記|上(?:の|に(?:掲げ|挙げ|記し|書い|述べ)た?る?)|前各号|前記|これら|以上|各号|各(?:利用)?目的)(?:[、,])?(?:の(?:利用)?目的)?[^。、]{0,25}"
    r"(?:付随|附随|付帯|附帯|関連)(?:して?する|する|した|して|し、|・|及び|又は)(?!、)"
    rf"|その(?:他|ほか)[^。]{{0,30}}(?:{FIT}(?:で)?(?:ある)?(?:もの)?(?:と|に){JUDGED}|必要な(?:業務|目的|範囲|事項|対応|行為)|(?:必要(?:な|と(?:なる|する|なった|される)|が(?:ある|生じ))[^。、]{{0,6}}(?:場合|とき|際|時|こと|もの)))"
    rf"|{SELF}(?:が|において){FIT}(?:と|に){JUDGED}[^。、]{{0,4}}(?:一切|すべて|全て|あらゆる|各種)の(?:業務|目的|事項|行為|こと)|その(?:他|ほか)[^。]{{0,8}}{AT_DISCRETION}|その(?:他|ほか)[^。、]{{0,4}}{SELF}が(?:別途|別に)?(?:定め|指定|必要と)"
    r"|(?:上記|以上|前各号|前項)[^。]{0,12}(?:規定|記載|定め|該当し)の?ない(?:利用)?目的"
    r"|(?:付随|附随|付帯|附帯)する(?:利用)?目的"
)
# A purpose that begins with `その他` and then says nothing that any other company could not say.
_OTHERWISE: Final = re.compile(
    r"(?:^|及び|並びに|又は|、|・)(?:(?:その|其の)(?:他|ほか)|(?:前各号|前号|上記)(?:の|に定める)?ほか)(?:[、,]|の|に)?(?P<rest>[^。]{2,60})。?$"
)
_REFUSED: Final = re.compile(
    r"(?:利用|使用|取扱う)(?:する)?(?:こと)?[^。]{0,10}(?:ません|ない)。?$"
)
# What goes with a thing that is named is part of it: 損害保険及びこれらに付帯するサービスの提供.
_OF_A_THING: Final = re.compile(
    r"[一-龥ァ-ヴー]{2,12}(?:、[一-龥ァ-ヴー]{2,12}){0,6}(?:及び|並びに|と|や)(?:これら|それら)に(?:付帯|附帯|付随|附随)[^。、]{0,12}(?:サービス|商品|製品)(?:の|を)"
)
_SAYS_NOTHING: Final = re.compile(
    rf"{SELF}|本(?:サービス|アプリ|サイト|事業|ポリシー)|[a-zàâçéèêëîïôûùüÿñæœ0-9.&]+|サービス|事業|業務|運営|運用|提供|管理|遂行|実施|円滑|適切|適正|適法|正当|正常"
    r"|健全|必要|正当|達成|利用|使用|目的|事項|範囲|対応|関係|関連|付随|附随|一切|全般|各種|活動|上記|合理的|ため|こと|もの|等|など|又は|及び|並びに"
    r"|関する|に準ずる|ニーズ|応え|各号|前項|場合|取引|履行|お客様|皆様|皆さま|組合員(?:様)?|顧客|患者(?:様|さん)?|利用者(?:様)?|会員(?:様)?|に係る|に係わる|[ぁ-ん、・,()「」]|上|的|者|為|諸|法令|法"
)


@rule("L-PUR-07", "warn", "T", "APPI Art. 17(1)", "PPC GL 3-1-1", often=0.3)
def names_a_catch_all(read: Reading) -> Iterator[Seen]:
    """A purpose takes in whatever else is connected or found necessary."""
    named = {at for at, _, _ in purposes(read)}
    for s in read.sentences:
        if _REFUSED.search(s.text) or _heads_a_list(read, s):
            continue
        if (s.at in named or s.under & {"purposes"}) and _takes_in_whatever(s.text):
            yield Seen(
                s.at,
                Text(
                    "「その他」「付随する」では、利用目的を特定したことになりません",
                    "a purpose that takes in whatever else is connected specifies nothing",
                ),
                Text("具体的な目的に分けて書いてください", "name the concrete purposes"),
                s.raw,
            )


def _heads_a_list(read: Reading, said: Sentence) -> bool:
    """Whether some words are only the heading of a list: 【その他の利用】."""
    node = read.outline.by_id.get(said.at)
    heading = re.sub(r"[【】〔〕《》＜＞]", "", node.title) if node and node.children else ""
    return bool(heading) and re.sub(r"[【】〔〕《》＜＞]", "", said.raw.strip()) == heading


def _takes_in_whatever(text: str) -> bool:
    """Whether a purpose takes in whatever else there may be."""
    rest = _OTHERWISE.search(re.sub(r"\([^()]{0,40}(?:等|など)\)", "", text))
    caught = _CATCH_ALL.search(_OF_A_THING.sub("", text))
    return bool(caught or (rest and not _SAYS_NOTHING.sub("", rest["rest"])))
