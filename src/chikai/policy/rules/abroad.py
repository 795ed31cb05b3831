"""Data that goes to somebody abroad: the country, what is protected there, and what the recipient does.

Law: APPI Art. 28.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.countries import EQUAL, IN_JAPANESE
from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Kind
    from chikai.policy.rules.reading import Reading, Sentence

_ABROAD: Final = re.compile(
    r"(?:外国|海外|国外|越境|米国|第三国)[^。]{0,60}(?:提供|委託|移転|保管|保存|サーバ|第三者|取扱|共有|送付|送信|送り|送る|渡(?:す|し)|転送)|(?:提供|委託|移転|保管|第三者)[^。]{0,40}(?:外国|海外|国外)"
    r"|(?:外国|海外|国外)の[^。、]{0,16}(?:施設|会社|企業|事業者|業者|法人|拠点|団体|ホテル|代理店|提携先|委託先|提供先)[^。、]{0,6}(?:を|も)(?:含|対象)"
)
_NAMED: Final = "|".join(pattern for pattern, _ in IN_JAPANESE)
_COUNTRY: Final = re.compile(
    rf"{_NAMED}|usa?\b|eu(?:域内|加盟)?|欧州|国名|当該(?:外国|国)の名称|外国の名称"
)
# Somebody in a country that is called by its name, who gets data: ドイツの事業者に氏名を提供する, 氏名をカナダへ移転する.
_HANDED: Final = r"(?<!サービスを)(?<!サービスの)(?<!商品を)(?<!製品を)(?:提供|委託|移転|保管|保存|共有|開示|送付|送信|送り|送る|転送|渡(?:す|し))"
_DATA: Final = r"(?:情報|データ|氏名|住所|名前|履歴|番号|アドレス|記録|名簿|写真|画像|ログ)"
_SOMEBODY: Final = r"(?:業者|企業|会社|法人|社|第三者|パートナー|代理店|取引先|提携先|提供先|委託先|拠点|支店|工場|機関|団体|大学|学校|サーバー?|データセンター|クラウド|サービス|[a-z][a-z.,&-]{2,40})"
_IN_A_COUNTRY: Final = re.compile(
    rf"(?<![ァ-ヶー一-龥])(?P<country>{_NAMED})(?:国内|本国)?(?:の|に(?:ある|所在|おける|本[社店]|拠点|設置|置)|企業|法人|系)[^。、]{{0,20}}?{_SOMEBODY}(?:等|など|各社)?(?:\([^()]{{0,40}}\))?(?:の[^。、をにがはへで]{{0,12}})?"
    rf"(?:(?:に|へ)(?:対し(?:て)?)?、?[^。]{{0,40}}{_HANDED}|と[^。、]{{0,24}}共有|(?:で|において)[^。、]{{0,12}}(?:保管|保存))"
    rf"|{_DATA}[^。、]{{0,12}}を、?(?P<to>{_NAMED})(?:国内)?(?:に|へ)[^。、]{{0,8}}{_HANDED}"
)
_GIVING: Final[frozenset[Kind]] = frozenset(("third_party", "entrust", "foreign", "joint"))
_SYSTEM: Final = re.compile(
    r"制度|包括的|保護法(?:制|は|が)[^。]{0,10}(?:な|あり|存在|適用)|個人情報保護委員会|gdpr|十分性|cbpr|法制|連邦法|保護に関する[^。]{0,8}(?:政令|法)|pdpa|個人情報保護法\("
)
_STEPS: Final = re.compile(r"措置|体制|同等|契約|標準契約|条項|監督|安全管理")
_NOT_ABROAD: Final = re.compile(
    rf"(?:外国|海外|国外|{_NAMED})(?!に(?:ある|いる)[^。]{{0,6}}含)[^。]{{0,40}}(?:提供|委託|移転|保管|送(?:る|り|付|信)|渡(?:す|し)|転送)[^。]{{0,12}}(?:しません|しない(?:。|$)|いたしません|ありません|ございません|しておりません|行っておりません|ことはない)|国内外を?問わず|国内(?:外|及び)|(?:外国|海外|国外)[^。、()]{{0,16}}(?:第三者|事業者|者|会社)[^。、()]{{0,8}}を?除"
)
_ART_28: Final = (
    "APPI Art. 28(1)",
    "APPI Art. 28(2)",
    "APPI Rules Art. 17(2)",
    "APPI Rules Art. 17(3)",
    "APPI Rules Art. 17(4)",
)


@rule("L-TPP-03", "error", "T", *_ART_28, often=0.1)
def sends_abroad_without_a_country(read: Reading) -> Iterator[Seen]:
    """Data goes to a third party abroad, and the country, its system or the measures are not named."""
    named = [s for s in read.saying(_COUNTRY) if not s.under & {"security"}]
    abroad = list(read.saying(_ABROAD))
    known = [s for s in _in_a_country(read) if s not in abroad]
    said = [
        s
        for s in (*abroad, *known)
        if not _NOT_ABROAD.search(read.whole(s.at)) and not s.under & {"change", "security"}
    ]
    at, quote = (said[0].at, said[0].raw) if said else _recipient_abroad(read)
    if not at:
        return
    # The country of one's own server is told among the measures; it is not where the recipient is.
    tops = {s.top for s in (*said, *named)}
    around = "\n".join(read.whole(top) for top in sorted(tops))
    if named and _SYSTEM.search(around) and _STEPS.search(around):
        return
    if said and all(_is_equal(s) for s in said):
        yield Seen(at, *_OF_AN_EQUAL, quote, "info")
        return
    yield Seen(
        at,
        Text(
            "外国の第三者について、国名、その国の制度、相手の措置がそろっていません",
            "country, its system and the recipient's measures are not all named",
        ),
        Text(
            "国名、制度、相手がとる措置を書くか、示す方法を書いてください",
            "name them, or say where they are shown",
        ),
        quote,
    )


def _in_a_country(read: Reading) -> Iterator[Sentence]:
    """The sentences that give data to somebody in a country that they name."""
    for s in read.saying(_IN_A_COUNTRY):
        if s.under & _GIVING or re.search(_DATA, s.text):
            yield s


def _recipient_abroad(read: Reading) -> tuple[str, str]:
    """The first recipient of a folder who is in a foreign country and handles the data there, and its name."""
    for one in read.document.recipients if read.document else ():
        if one.kind in {"consent", "joint", "entrusted"} and one.country not in {"JP", *EQUAL}:
            return f"recipient:{one.id}", one.name.ja
    return "", ""


def _is_equal(sentence: Sentence) -> bool:
    """Whether all countries that a sentence names are held to be equal to Japan."""
    codes = {code for name, code in IN_JAPANESE if re.search(name, sentence.text)}
    return bool(codes) and codes <= EQUAL and not re.search(r"外国|海外|国外", sentence.text)


_OF_AN_EQUAL: Final = (
    Text(
        "委員会が同等の水準と定めた国なので外国の第三者に当たりませんが、そのことが書かれていません",
        "the commission holds this country to be equal, so that Art. 28 does not apply; the text does not say so",
    ),
    Text("そのことを書くことを勧めます", "better say so"),
)
