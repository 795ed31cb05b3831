"""The businesses that a policy names at its beginning, and whether a purpose of use speaks of each.

Law: APPI Art. 17(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading

_OPENING: Final = 12  # sentences in which a policy says what its operator does
# What the operator does, before its verb or behind it: 公演の主催、稽古場の貸出しを行っており, 運営するホテル青空（併設の式場を含み.
_BEFORE: Final = re.compile(
    r"(?:は|が|する|では|、)(?P<all>[^。]{4,160}?)(?:を(?:運営|提供|営[みむん]|行|手がけ|手掛け|展開|届け|実施|主催|受け付け)|のご?(?:依頼|申込)を|に関し|において|(?:の運営)?を事業)"
)
_BEHIND: Final = re.compile(
    r"(?:運営|提供)する(?P<all>[^。、(]{2,30}\([^()]{0,60}(?:を含|併設)[^()]{0,40})"
)
_AND: Final = re.compile(r"、|及び|並びに|(?<=」)と|\(")
# A way to the customers is no business of its own, and neither is who comes by it.
_CHANNEL: Final = re.compile(
    r"(?:サイト|アプリ|ページ|店舗|メール|ネット|窓口|者|様|方|員|会社)(?:「[^」]*」)?(?:の運営)?(?:を含み?む?)?(?:、?以下.*)?$|以下"
)
# What the operator does with its own people is a measure and no business: 職員に研修を行い.
_OF_STAFF: Final = re.compile(
    r"(?:従業[者員]|役員|職員|社員|スタッフ|担当者)(?:等|など)?(?:に対し(?:て)?|に対する|への|に|を対象に|の)?[^。、]{0,12}(?:研修|講習|教育|訓練|セミナー|勉強会)"
)
# Words of a business, and those by which a purpose serves it.
_KINDS: Final = tuple(
    (re.compile(said), re.compile(serves))
    for said, serves in (
        (
            r"スクール|教室|塾|講座|セミナー|ワークショップ|研修|講習|レッスン",
            r"スクール|教室|塾|講座|セミナー|ワークショップ|研修|講習|受講|レッスン|修了|授業|指導|参加",
        ),
        (r"レンタカー|カーシェア", r"レンタ|シェア|車両|貸出|貸渡|運転"),
        (r"パーティー?|イベント|催し", r"パーティ|イベント|催し|参加|来場|開催"),
        (r"試験|検定", r"試験|検定|受験|合否|合格|採点"),
        (
            r"結婚式|ブライダル|婚礼|ウェディング",
            r"結婚式|挙式|婚礼|披露宴|ブライダル|ウェディング",
        ),
        (r"稽古場|貸(?:し)?(?:館|会議室|スペース|ホール)", r"稽古場|貸|利用の?申込|予約|施設"),
        (r"相続", r"相続|遺言"),
        (r"預かり|(?<!情報の)保管|トランクルーム|倉庫", r"預か|保管|寄託|トランク|倉庫|入庫|出庫"),
        (r"引き?取り?|不用品|(?<!代金の)回収|買い?取", r"引き?取|不用品|回収|買い?取|査定|処分"),
        (r"清掃|クリーニング|掃除", r"清掃|クリーニング|掃除|仕上が"),
        (r"レンタル|貸(?:出|衣装|し出し)", r"レンタル|貸|返却"),
        (r"送迎", r"送迎|乗降|お迎え"),
        (r"葬儀|葬祭|法要", r"葬|法要|供養"),
        (r"翻訳|通訳", r"訳|原稿"),
        (r"修理|修繕", r"修理|修繕|点検|お直し"),
        (r"介護|訪問看護", r"介護|看護|ケア"),
        (r"写真(?:館|スタジオ)|スタジオ", r"撮影|写真|スタジオ|レッスン"),
        (r"ペットホテル|トリミング", r"ペット|トリミング|お預かり"),
        (r"保育|学童|託児", r"保育|学童|託児|園児|児童"),
        (r"人材派遣|職業紹介|求人", r"派遣|職業|求人|お仕事|就業|紹介"),
        (r"リフォーム", r"リフォーム|工事|施工|見積"),
        (
            r"フィットネス|スポーツジム|温浴|プール",
            r"フィットネス|ジム|運動|トレーニング|温浴|プール|入館|施設",
        ),
        (r"レストラン|カフェ|飲食店", r"レストラン|カフェ|食事|飲食|予約|注文"),
        (
            r"通信?販売?|通販|オンラインストア|ネットショップ",
            r"販売|配送|発送|商品|注文|購入|届け|代金",
        ),
    )
)
# A purpose that serves whatever the operator does.
_ANY: Final = re.compile(
    r"サービス(?:及び[^、。]{1,12})?(?:の|を)(?:ご?提供|ご?利用|運営|円滑)|(?:契約|取引)(?:内容)?の履行|(?:業務|事業|依頼)の(?:遂行|実施|提供)|商品(?:、|・|や|及び)サービス(?:の|を)"
)


# Trades that an opening names in whatever words, and those of which a purpose for them has one.
_TRADES: Final = tuple(
    (re.compile(trade), re.compile(serves))
    for trade, serves in (
        (r"結婚式場|婚礼|ブライダル", r"婚礼|結婚|挙式|披露|ブライダル|ウェディング"),
        (
            r"(?:自動車|車両?|バイク|二輪車?|自転車|機械|農機|設備|楽器|時計|家電)(?:の|や)?(?:販売[、・及と]{0,2}び?)?(?:点検)?[、・及と]{0,2}び?(?:整備|修理)|整備(?:工場|士|業)|修理(?:業|工房|店)",
            r"整備|修理|修繕|点検|メンテナンス|補修",
        ),
        (r"保険代理|損害保険の代理", r"保険"),
        (r"人材派遣|職業紹介", r"派遣|紹介|就業|求職|仕事"),
        (
            r"(?<!提携)(?:ホテル|旅館|民宿)(?=[「、]|及び|の運営|を運営|事業|業)",
            r"ホテル|宿泊|泊|客室|チェックイン|施設",
        ),
    )
)


def trades(read: Reading, purposes: str) -> Iterator[str]:
    """The trades that the opening names and no purpose serves, where there is more than one purpose."""
    opening = "\n".join(s.text for s in read.sentences[:_OPENING] if s.at.startswith("pre"))
    for trade, serves in _TRADES if "\n" in purposes else ():
        found = trade.search(opening)
        if found and not serves.search(purposes):
            yield found[0]


# What the opening calls by a name of its own: 集合研修（以下「研修」といいます）.
_DEFINED: Final = re.compile(r"\(以下、?「(?P<term>[^」]{2,12})」")


def defined_apart(read: Reading, purposes: str) -> Iterator[str]:
    """The businesses with a name of their own beside the service, which the purposes of the service do not serve."""
    opening = "\n".join(s.text for s in read.sentences[:_OPENING] if s.at.startswith("pre"))
    terms = [m["term"] for m in _DEFINED.finditer(opening)]
    if not purposes or not any(re.match(r"本(?:サービス|アプリ|サイト)", term) for term in terms):
        return
    for term in terms:
        kind = next((serves for said, serves in _KINDS if said.search(term)), None)
        if kind and not term.startswith(("本", "当")) and not kind.search(purposes):
            yield term


def unserved(read: Reading, purposes: str) -> Iterator[str]:
    """The businesses that no purpose serves, where others are served and none serves all."""
    if not purposes or _ANY.search(purposes):
        return
    named: dict[str, bool] = {}
    for s in read.sentences[:_OPENING]:
        if "security" in s.under:
            continue
        found = _BEHIND.search(s.text) or _BEFORE.search(re.sub(r"\([^()]{0,80}\)", "", s.text))
        # The operator may be told of by what it does: 水面座を運営する財団は、公演の主催、….
        told = re.split(r"は、|では、", found["all"])[-1] if found else ""
        for part in _AND.split(told):
            kind = next((serves for said, serves in _KINDS if said.search(part)), None)
            if len(part) > 1 and not _CHANNEL.search(part) and not _OF_STAFF.search(part):
                named[part] = bool(kind.search(purposes)) if kind else True
    if len(named) > 1 and any(named.values()):
        yield from (part for part, served in named.items() if not served)
