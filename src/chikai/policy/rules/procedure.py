"""How a request is made: where, on which form, by whom, and what shows who asks.

Law: APPI Art. 32(1), APPI Art. 33, APPI Art. 37.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.disclosed import has_address, has_contact
from chikai.policy.rules.reading import RIGHTS_KINDS
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading

_ROUTE: Final = re.compile(
    r"(?:窓口|連絡先|管理者|責任者|担当者?|受付|事務室|事務所|フロント|カウンター|店頭|店舗|[一-龥]係|事務局|フォーム|マイページ|ダッシュボード|問い合わせ(?:ページ|先|画面))(?!を設置)[^。]{0,24}(?:へ|に(?:て)?|まで|から|より|で|を通じ|宛|ご覧|申)"
    r"|まで[^。]{0,8}(?:ご?連絡|お?申し?(?:付|出)|お?知らせ|お?寄せ|ご請求|お?問い合わせ)|(?:問い合わせ|連絡|ご?請求|お?電話)(?:ください|願います|をお願い)|(?:下記|以下|次|当社|弊社)(?:の)?[^。、]{0,16}(?:まで|へ|宛て?に?)[^。]{0,10}(?:連絡|申|請求|問い合わせ|寄せ|知らせ|お願い|郵送|送付|送り|提出|持参)"
    r"|(?:メール|電話|郵送|書面|書留|fax|来院|来店|来社)(?:等|など)?(?:に(?:て|より|よる)|で|による|の方法|又は|、|・|宛)|@|tel"
    r"|(?:書類|様式|用紙|申請書|請求書|依頼書|申込書|委任状)(?:に|を|の|等)[^。]{0,30}(?:提出|記入|送付|添付|郵送|同封|ご提示)|宛(?:に|てに|先)|来[店院社]|教室に来|(?:会員|アカウント|設定|登録)(?:ページ|画面|情報)[^。]{0,30}(?:から|で|にて|より)[^。]{0,12}(?:行|でき|可能|変更|申)|設定画面(?:から|で|より)|https?:|\[[^\]]*\]\("
    r"|問い合わせ(?:により|によって|を通じ|から|で(?:のみ)?)[^。、]{0,12}(?:対応|受け?付|承|請求|申|行)|(?:方法|手続き?|書面|書類|様式|詳細)[^。]{0,24}(?:(?:こちら|コチラ)[^。]{0,4}(?:を|から|に)?|(?:ページ|別紙|pdf|サイト)(?:を|に|で)[^。、]{0,8}(?:ご覧|参照|確認|掲載|掲げ|記載))"
)
# What a request by mail or letter must say, or a label of the desk: told without an address, too.
_TOLD: Final = re.compile(
    r"(?:メール|郵送|書面|お?手紙|葉書|電話)(?:\([^()]{0,20}\))?(?:にて|で)[^。]{0,40}(?:お知らせ|お送り|連絡|請求|お?申し?出|お?申し?付け)(?:ください|願)|^[【\[]?(?:ご?請求)?(?:受付|申し?出|請求)(?:窓口|先)[】\]]?[::]?$"
)
# A letter finds its way where the text gives an address, whatever it says of its desk.
_BY_LETTER: Final = re.compile(
    r"(?:郵送|郵便|書留(?:郵便)?|手紙|書面)(?:で|にて|により|によって)[^。]{0,20}(?:送[りっるら付]|請求|申し?出|提出)"
)
# The ways of an account serve some requests only where the others are taken in another way.
_OTHER_REQUESTS: Final = re.compile(
    r"(?:その他|それ以外|上記以外)の(?:ご)?(?:請求|求め|手続|お?申し?出|権利)"
)
_IN_AN_ACCOUNT: Final = re.compile(
    r"マイページ|設定|アプリ|ログイン|(?:会員|登録|アカウント)(?:ページ|画面)"
)
# Where an account serves these, disclosure may still have no way.
_OF_CHANGES: Final = re.compile(r"訂正|修正|停止|削除|消去")
_SHOWS: Final = re.compile(r"開示|閲覧|確認|見る")
# A desk that is found by whoever comes: 総合受付の相談窓口.
_AT_THE_DOOR: Final = re.compile(
    r"(?:総合受付|受付|医事課|事務室|フロント|カウンター|会計)の?[^。、]{0,16}(?:窓口|担当|係)"
)
# What stands between a thing and what is done with it: 本人確認書類（運転免許証等）をご提出.
_BRACKETS: Final = re.compile(r"(?<=[書類証紙状])\([^()@]{0,80}\)(?=を|に|の|と|が)")
_NO_ROUTE: Final = re.compile(
    r"所定の(?:設定|方法|手続)|窓口を(?:設置|設け|整備)|(?:問い合わせ|苦情|ご?相談|ご?意見)[^。]{0,12}(?:に対し|を?受け?付ける)"
)
# A place where a request is taken, whatever other contact the text gives.
_PLACE_ITSELF: Final = re.compile(
    r"マイページ|設定(?:画面)?」?から|「[^「」。]{0,24}設定[^「」。]{0,24}」(?:から|で)|(?:口頭|その場|対面)(?:で|にて|により|による)[^。]{0,12}(?:申し?[出付]|伝え|請求|求め|受け)|(?:先生|職員|係員|スタッフ|店[主員長]|[院園塾館校会]長|担任|主宰)に(?:対し(?:て)?)?[^。]{0,16}(?:申し?[出付]|伝え|知らせ|お声|請求)|(?:教室|店|受付|窓口)に(?:来て|お越し)|アプリ[^。、]{0,10}画面から|ログイン[^。]{0,20}(?:から|で)|受付(?:窓口)?(?:で|に|まで)|来[院店社庁校園館場]|店舗の?(?:窓口|店頭)|様式第?[\d一二三]|別紙様式|(?:会員|登録|アカウント)(?:ページ|画面)|(?:あて|宛)[^。]{0,12}(?:送|提出)|(?:事務[局所室]|フロント|カウンター|受付|店頭)(?:に|へ|で|まで)[^。]{0,24}(?:提出|お?申し?(?:出|付け)|お?出し|請求|お?越し|ご?持参)|0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}"
    r"|[一-龥]{1,6}[課部係](?:に|へ|まで|あて|宛)[^。]{0,12}(?:提出|申し?出|請求|連絡|郵送|送付)|[\w.+-]+@[\w-]+\.\w"
)
_DESK_FOR_RIGHTS: Final = re.compile(
    r"(?:開示|訂正|利用停止)[^。]{0,60}(?:窓口(?!を設置)|連絡|問い合わせ(?:先|窓口|フォーム|は|ください)|下記|以下|受け?付け(?!る窓口)|宛)|(?:窓口|連絡先|宛先)[^。]{0,30}(?:開示|訂正|利用停止)"
    r"|(?:ご?請求|申し?出)(?:は|の(?:際|場合)|に(?:つ|関))[^。]{0,20}(?:窓口|先|下記|以下)|上記[\d、,]+[^。]{0,8}(?:申し?出|請求)"
)


@rule(
    "L-DIS-06",
    "error",
    "T",
    "APPI Art. 32(1)(iii)",
    "APPI Art. 37(1)",
    "APPI Order Art. 12",
    often=0.4,
)
def lacks_the_procedure(read: Reading) -> Iterator[Seen]:
    """Nothing says where and how a request is made."""
    tops = {s.top for s in read.rights if s.under & {"procedure", "rights"} or s.top != "pre"}
    said = [*read.rights, *(s for s in read.sentences if s.top in tops and "." not in s.at)]
    reached = has_contact(read) or _AT_THE_DOOR.search(read.text) is not None
    apart = any(_OTHER_REQUESTS.search(s.text) for s in said)
    shown = any(
        "開示" in s.text and s.text.endswith("。") for s in said
    )  # a heading promises nothing
    posted = has_address(read)
    for s in said:
        words = _NO_ROUTE.sub("", _BRACKETS.sub("", s.text))
        some = shown and _OF_CHANGES.search(words) and not _SHOWS.search(words)
        if (apart or some) and _IN_AN_ACCOUNT.search(words):
            continue
        told = (
            _PLACE_ITSELF.search(words)
            or _TOLD.search(words)
            or (posted and _BY_LETTER.search(words))
        )
        if told or (reached and _ROUTE.search(words)):
            return
    for s in read.sentences:
        desk = s.under & {"desk", "complaint", "controller"}
        if desk and reached and _DESK_FOR_RIGHTS.search(_NO_ROUTE.sub("", s.text)):
            return
    yield Seen(
        read.rights[0].at if read.rights else "",
        Text(
            "請求の申出先と方法が文書にありません",
            "where and how a request is made is not in the document",
        ),
        Text(
            "申出先、様式、方法を書くか、求めに応じて答えられるよう用意してください",
            "write where, on which form and how, or have the answer ready for whoever asks",
        ),
        read.rights[0].raw if read.rights else "",
    )


_HOW_KNOWN: Final = re.compile(
    r"運転免許|免許証|パスポート|旅券|保険証(?![券書])|資格確認書|マイナンバーカード|個人番号カード|住民票|身分(?:証|を証)|証する書[類面]|(?:学生証|社員証|会員証|診察券)[^。]{0,16}(?:提示|示し|お見せ|持参|写し|確認|用意)|本人(?:様)?(?:の)?(?:確認|である)[^。]{0,20}書類|確認書類|証明書|在留カード|印鑑|(?:ログイン|サインイン)(?:して|した|し、|いただ|に(?:て|より|よる)|で|後|できる|状態)|照合|照らし合わせ|突き合わせ|コールバック|折り返し"
    r"|登録(?:メール|電話|住所)|(?:カード|証|票)(?:と[^。、]{1,10})?(?:で|により|によって)[^。]{0,24}(?:であること|本人)[^。]{0,8}(?:確かめ|確認)|登録(?:済み|され|の|し)[^。]{0,20}(?:メール|電話|住所|情報)|(?:氏名|名前|電話番号|(?:注文|予約|受付|証券|診察券|お客様|契約)(?:の)?番号|生年月日|会員番号|id|パスワード|住所|(?:泊まった|来店した|買った|使った|申し込んだ|利用した)日)[^。]{0,40}(?:確認(?!・|でき|及び|、訂正)|確かめ|お?尋ね|伺|うかが|お?聞き)"
    r"|(?:電話番号|名前|氏名|住所|生年月日|番号|id|パスワード|メールアドレス)[^。、]{0,20}(?:で|により|によって|をもって|から)[^。]{0,20}本人"
)


# That somebody cannot be told is no way of telling.
_NOT_KNOWN: Final = re.compile(
    r"[^。]{0,80}(?:確認|特定)(?:が|を|する(?:こと)?が)?(?:でき(?:ない|ません)|困難|取れない)[^。]{0,40}"
    # what is shown once somebody is known is not how they are
    r"|[^。]{0,80}については、[^。]{0,60}本人(?:様)?(?:で(?:ある)?こと)?(?:の|を)?確認(?:し(?:た|て)?)?の?(?:うえ|上|後)[^。]{0,30}"
)


# What an agent must show says not how the person is known.
_OF_AGENTS: Final = re.compile(
    r"(?:代理人|委任を受けた)[^。]{0,30}(?:は|の場合|のとき|には)、?(?![^。]*本人)"
)


@rule(
    "L-RGT-04",
    "warn",
    "T",
    "APPI Art. 32(1)(iii)",
    "APPI Art. 37(1)",
    "APPI Order Art. 12(iii)",
    often=0.8,
)
def checks_identity_in_secret(read: Reading) -> Iterator[Seen]:
    """Requests are taken, and nothing says how identity is checked."""
    said = (read.rights_text + _procedures(read)).splitlines()
    if read.rights and not any(
        _HOW_KNOWN.search(_NOT_KNOWN.sub("", one)) for one in said if not _OF_AGENTS.match(one)
    ):
        known = next((s for s in read.rights if re.search(r"本人", s.text)), read.rights[0])
        yield Seen(
            known.at,
            Text("本人確認の方法が書かれていません", "nothing says how identity is checked"),
            Text(
                "何を示してもらうかを書いてください",
                "say what a person must show",
            ),
            known.raw,
        )


_NAMED_RIGHTS: Final = re.compile(r"開示|訂正|利用の?停止|消去|利用目的の通知|提供の停止")


# The rights as plain speech asks for them.
_IN_PLAIN_WORDS: Final = re.compile(
    r"見たい|見せて|直したい|直して|やめてほしい|消してほしい|消したい|見ること|直すこと|消すこと"
)


def _procedures(read: Reading) -> str:
    """Everything below the articles that speak of requests."""
    spoken = {s.top for s in read.rights if s.top not in {"pre", "d"}}
    tops = {top for top in spoken if read.under[top] & RIGHTS_KINDS}
    asked = Counter(s.at for s in read.rights)
    tops |= {
        s.at
        for s in read.rights
        if asked[s.at] >= 2
        or len(set(_NAMED_RIGHTS.findall(s.text))) >= 3
        or len(set(_IN_PLAIN_WORDS.findall(s.text))) >= 2
    }
    return "\n".join(read.whole(top) for top in sorted(tops))


# Whoever asks for the person, in the law's word and in everyday ones.
_AGENTS: Final = re.compile(
    r"代理(?!店|業|購入|受付|人(?:様|等)?(?:の|から)の?(?:同意|承諾|許可))|委任|頼まれた(?:方|人)|(?:代わり|代わって|かわり|かわって)に?[^。]{0,24}(?:連絡|請求|申し?出|求め|お?申し?込|問い合わせ|手続|電話|来[店院社園])"
    r"|(?:家族|保護者|親|後見人|配偶者)[^。]{0,20}(?:から|による|からの|が)[^。、]{0,12}(?:請求|お?申し?出|求め|ご?連絡)[^。]{0,16}(?:かまいません|構いません|受け?付け|承|応じ|でき|可能|も同)(?![^。]{0,6}(?:ません|ない|かね))(?!られ)"
)
# A word on the papers by which an agent is known, in whatever clause it stands.
_KNOWN_AGENT: Final = re.compile(r"代理(?:人|権)(?:様)?(?:の|で)?[^。、]{0,8}確認")
_NO_AGENTS: Final = re.compile(
    r"代理(?:人|の方)?[^。、]{0,12}(?:請求|申し?出|求め|手続)[^。]{0,12}(?:受け?付け|応じ|お受け|承|でき|認め)[^。、]{0,10}(?:ません|ない|かね)"
)


@rule(
    "L-RGT-05",
    "warn",
    "T",
    "APPI Art. 37(3)",
    "APPI Order Art. 13(i)",
    "APPI Order Art. 13(ii)",
    often=0.9,
)
def forgets_agents(read: Reading) -> Iterator[Seen]:
    """Agents are not mentioned, or shut out."""
    only = re.compile(
        r"本人(?:様)?(?:に限(?:り|る|ら)|のみ|以外[^。]{0,30}(?:応じ|お断り|受け?付け|でき)[^。]{0,6}(?:ません|ない|かね))"
    )
    denied = next((s for s in read.sentences if _NO_AGENTS.search(s.text)), None)
    shut = next((s for s in read.rights if only.search(s.text) and "代理" not in s.text), None)
    if (shut := denied or shut) and (denied or "代理" not in read.rights_text):
        yield Seen(
            shut.at,
            Text("代理人による請求が閉め出されています", "agents are shut out"),
            Text("代理人でも請求できることを書いてください", "say that an agent may ask"),
            shut.raw,
            "error",
        )
    elif (
        # A text that says nothing of requests says nothing of agents either.
        not _AGENTS.search(read.rights_text + _procedures(read))
        and not any(read.saying(_KNOWN_AGENT))
    ):
        yield Seen(
            read.rights[0].at if read.rights else "",
            Text("代理人による請求について書かれていません", "nothing is said about agents"),
            Text(
                "代理人でも請求できることと、示すものを書いてください",
                "say that an agent may ask, and what they must show",
            ),
        )


# How a request is taken in says nothing of how it is answered.
_TAKEN_IN: Final = re.compile(
    r"^(?![^。]*(?:回答|交付|お?渡し|開示(?:は|の方法|を行|し|いた)))[^。]*(?:受け?付け|請求(?:は|を|書|の際)|お?申し?(?:出|込)|提出|お送りください|(?:ご連絡|お問い合わせ)(?:ください|は))"
)
_GIVING_AWAY: Final = re.compile(r"提供(?:の|する|される)?(?:手段|方法|項目)")
_NOT_AS_DATA: Final = re.compile(
    r"(?:電磁的|電子|データ|メール|pdf|cd-?r)[^。]{0,40}(?:ません|ない(?!場合)|かね)"
)


@rule(
    "L-RGT-08", "warn", "T", "APPI Art. 33(1)", "APPI Art. 33(2)", "APPI Rules Art. 30", often=0.1
)
def discloses_on_paper_only(read: Reading) -> Iterator[Seen]:
    """Data is disclosed on paper only."""
    paper = re.compile(
        r"(?:回答|開示|結果|通知)[^。]{0,40}(?:書面|書留|郵送|紙)(?:に(?:て|より)|で)[^。、]{0,12}(?:お?送り|送付|お?届け)|(?:電子|電磁的|データ|メール)[^。]{0,24}(?:行い|行って(?:い|おり)|お?渡し(?:し|でき)|対応(?:し|でき)|提供(?:し|でき|は?行っており))ません|(?:回答|開示|交付|写し|結果)[^。]{0,60}(?:書面|紙|郵送|書留)[^。]{0,40}(?:方法|形|もの|こと)(?:に限|のみ|だけ)|(?:紙|書面)(?:の(?:写し|交付|送付|郵送|お?渡し))?[^。、]{0,8}(?:のみ|だけ|に限)|(?:書面|郵送|紙)(?:の|に|で)?(?:みで?|限り|限定)|(?:書面|郵送|紙)[^。、]{0,8}(?:のみ|に限)|(?:回答|開示|交付|通知)[^。]{0,60}(?:書面|文書|書留|郵送)[^。、]{0,12}(?:によってのみ|のみ|して行|で行|にて行|により行|をもって行)|(?:書面|紙|郵送)以外[^。]{0,30}(?:ません|ない|かね)|(?:書面|郵送)(?:を|して)[^。]{0,12}(?:郵送|回答)|(?:書面|書留|郵送)(?:に(?:て|より|よって)|で)[^。]{0,24}(?:回答|開示|交付|通知)"
    )
    offered = re.compile(
        r"電磁的|電子(?:データ|メール|ファイル|的)|メールで|cd-?r|pdf|データで|ご?(?:希望|指定)の方法|請求者が(?:希望|指定)"
    )
    if any(
        offered.search(s.text) and not _NOT_AS_DATA.search(s.text) and not _TAKEN_IN.search(s.text)
        for s in read.rights
        if not _GIVING_AWAY.search(s.text)
    ):
        return
    for s in read.rights:
        if (
            paper.search(s.text)
            and not _TAKEN_IN.search(s.text)
            and re.search(r"回答|開示|交付|お?渡し|通知|結果", s.text)
        ):
            yield Seen(
                s.at,
                Text("開示の方法が書面だけになっています", "disclosure is offered on paper only"),
                Text("電磁的記録でも開示することを書いてください", "offer disclosure as data, too"),
                s.raw,
            )
            return


@rule("L-RGT-10", "warn", "T", "APPI Art. 37(4)", "PPC GL 3-8-7", often=0.05)
def asks_too_much(read: Reading) -> Iterator[Seen]:
    """A request asks for an excessive burden of papers or journeys."""
    seal = re.search(r"印鑑(?:登録)?証明|実印", read.rights_text + _procedures(read))
    said = read.rights_text + _procedures(read)
    more = len(
        re.findall(
            r"住民票|戸籍|郵送(?:のみ|に限)|書留|来社|公証|持参(?:しなければ|に限|のみ)|卒業証明|原本|[23]点以上",
            said,
        )
    )
    if seal and more:
        at = next((s for s in read.sentences if re.search(r"印鑑|実印", s.text)), read.rights[0])
        yield Seen(
            at.at,
            Text("請求に求める書類が重すぎます", "the papers that a request asks for are too many"),
            Text("本人確認に必要なものだけにしてください", "ask only for what shows identity"),
            at.raw,
        )
