"""Data that goes to others: together, until somebody objects, and what is written down about it.

Law: APPI Art. 17(1), APPI Art. 27, APPI Art. 29(1), APPI Art. 33(5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.cases import exceptions, inline, provisos
from chikai.policy.rules.reading import RIGHTS_KINDS
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import GIVE, NOT, OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence


@rule(
    "L-TPP-04",
    "error",
    "T",
    "APPI Art. 27(2)",
    "APPI Rules Art. 11(1)",
    "APPI Rules Art. 11(2)",
    "APPI Rules Art. 11(4)",
    "APPI Rules Art. 14",
    often=0.03,
)
def opts_out_without_filing(read: Reading) -> Iterator[Seen]:
    """Provision goes on until the person objects, and no filing with the commission is mentioned."""
    # What is told the commission after a leak is no filing.
    filed = any(
        not re.search(r"漏|もれ|事故|事態|流出", s.text) and "incident" not in s.under
        for s in read.saying(_FILED)
    )
    stops = re.compile(
        r"本人(?:から)?の?(?:求め|請求|申し?出)に(?:応じて|より)[^。]{0,60}(?:第三者)?[^。]{0,20}提供を?(?:停止|中止)|提供(?:の|を)?(?:停止|中止|やめ|取りやめ)[^。、]{0,16}(?:希望|求め|申し?出|請求|望)[^。]{0,40}(?:停止|中止|やめ|取りやめ)|オプトアウト[^。]{0,30}第三者提供|第三者提供[^。]{0,30}オプトアウト|オプトアウト(?:の?手続き?|の?方[式法]|の?制度|の?仕組み)?(?:により|によって|による|で)[^。]{0,30}(?:第三者|提供(?:し|する|を行))"
    )
    said = (*read.saying(stops), *_until_somebody_objects(read), *_by_opting_out(read))
    for s in (s for s in said if not _NO_OPT_OUT.search(s.text)):
        top = read.whole(s.top)
        listed = len(
            re.findall(
                r"提供を利用目的|提供[^。\n]{0,10}(?:項目|手段|方法)|受け?付ける方法|容易に知り得る",
                top,
            )
        )
        # A clause of no known kind that says to whom data goes is one of provision.
        provision = s.under & {"third_party"} or (not s.under and re.search(_TO_WHOM, top))
        given = bool(provision) and not s.under & RIGHTS_KINDS
        unasked = (given and _GIVEN_UNASKED.search(top)) or (
            _UNWISHED.search(s.text) and not _MAILINGS.search(s.text) and _HANDED_OUT.search(top)
        )
        if not filed and (listed >= 2 or unasked or _OPT_OUT.search(s.text)):
            yield Seen(
                s.at,
                Text(
                    "オプトアウトによる提供に必要な事項か、委員会への届出がありません",
                    "the matters of an opt-out, or its filing with the commission, are missing",
                ),
                Text(
                    "届出をしてから、必要な事項をすべて書いてください",
                    "file it, and write all matters",
                ),
                s.raw,
            )
            return


# 地域の商店に名簿を提供し: somebody else, and no service.
_TO_WHOM: Final = rf"(?:店|会社|企業|業者|事業者|団体|第三者|他社|会|者|社|先)(?:等|など)?(?:に|へ)[^。、サ]{{0,20}}{GIVE}"
_NO_OPT_OUT: Final = re.compile(
    r"オプトアウト[^。]{0,40}提供[^。]{0,24}(?:行い|行って(?:い|おり)|(?<!停止)(?<!中止)し|いたし|して(?:い|おり))ません。?$"
)
_OPT_OUT: Final = re.compile(r"オプトアウト|(?:23|27)条第?2項")


def _by_opting_out(read: Reading) -> Iterator[Sentence]:
    """The cases of provision that rest on the opt-out of the law, by its name or its paragraph."""
    for s, words in (*exceptions(read), *inline(read), *provisos(read)):
        if _OPT_OUT.search(words):
            yield s


_FILED: Final = re.compile(
    r"個人情報保護委員会[^。]{0,30}届|届[けい]?出[^。]{0,30}個人情報保護委員会"
)
# Provision that is told without consent, and stops when somebody asks.
_UNTIL: Final = re.compile(
    r"(?:停止|中止|やめ)[^。、]{0,16}(?:申し?出|求め|連絡|請求|依頼|希望)[^。、]{0,12}(?:まで|ない(?:限り|場合))[^。]{0,80}(?:提供|販売|譲渡|開示|共有|渡)"
    r"|(?:求め|申し?出|希望|連絡|請求)(?:が|を)?[^。、]{0,16}(?:とき|場合|際|(?:あれ|いただけれ|くだされ|すれ|あり次第|いただき次第)ば?)(?:は|に|には)?、?[^。、]{0,16}(?:提供|販売|掲載|配布|頒布)(?:を|の)?[^。、]{0,8}(?:停止|中止|やめ|取りやめ|止め|とめ)"
    r"|(?:利用|提供)は、[^。]{0,20}(?:申し?出|求め|請求|依頼|連絡)(?:により|によって|があれば|に応じて?|をいただけれ?ば?)、?[^。]{0,16}(?:取り?(?:止|や)め|とりやめ|停止|中止|やめ)"
)
# The same in two sentences: what is sold or handed out to others, and whoever does not wish it.
_UNWISHED: Final = re.compile(
    r"(?:望まな|望みでな|希望されな|希望しな|望まれな|ご?不要(?!と(?:な|判断)|になっ)|辞退)[^。]{0,24}(?:方|とき|場合|際|(?<!個)人)[^。]{0,40}(?:外し|外す|取りやめ|とりやめ|停止|中止|やめ|除[きく]|削除)"
    r"|(?:申し?出|求め)[^。]{0,24}(?:掲載|提供|頒布|販売)[^。、]{0,12}(?:停止|中止|やめ)"
)
# What the operator itself sends is handed to nobody.
_MAILINGS: Final = re.compile(r"案内|お?知らせ|メール|はがき|郵便|配信|ダイレクト")
_HANDED_OUT: Final = re.compile(
    r"(?:他|ほか|外部|第三者|出版|学会|団体|会社|企業|希望|購入|一般|業者|スポンサー)[^。]{0,40}(?:に|へ)(?:対し(?:て)?)?[^。]{0,24}(?:提供|販売|頒布|譲渡|渡|分け)(?!を受け|[^。]{0,12}(?:ません|しない|停止|中止))|(?:として|書籍|冊子|データベース)[^。]{0,24}(?:販売|頒布)"
)
_GIVEN_UNASKED: Final = re.compile(
    r"(?:に|へ)(?:対し(?:て)?)?[^。、]{0,24}(?:提供|販売|譲渡|渡)(?:し(?!ま?せん|ない)|する(?!こと(?:は|を)|場合|とき)|いたし(?!ませ)|すること(?:が|も)あ|することがあ)"
    r"|(?:次|以下|下記)の[^。、]{0,8}(?:者|先|会社|事業者|業者|団体)(?:に|へ)[^。]{0,80}提供(?:され|し|いたし)(?:ます|て)"
)


# What goes on until somebody objects, in whatever word: 異議を申し出るまで, お申し出がない限り, 反対の意思が示されるまで.
_OBJECTING: Final = re.compile(
    rf"(?<!同意の)(?:申し?[出入]|異議|反対|拒[否絶]|意思(?:表示)?|意向|連絡|断り)[^。、]{{0,16}}(?:まで(?:の(?:間|期間))?(?:は|に|、)?|ない(?:限り|場合|とき|うち)|なければ)(?:は|に)?、?[^。]{{0,60}}(?<!サービスを)(?<!サービスの)(?:提供|販売|譲渡|開示|共有|渡)(?![^。]{{0,20}}{NOT})(?:を)?(?:し|す|いた|行|続)"
)
_AGREEING: Final = re.compile(r"(?:同意|承諾|了承|許[可諾])[^。、]{0,16}(?:ない|なけれ|得|まで)")


def _until_somebody_objects(read: Reading) -> list[Sentence]:
    objecting = (s for s in read.saying(_OBJECTING) if not _AGREEING.search(s.text))
    return [
        s
        for s in (*read.saying(_UNTIL), *read.saying(_UNWISHED), *objecting)
        if not s.under & (RIGHTS_KINDS | {"cookie", "change"}) and "同意を得" not in s.text
    ]


_TOGETHER: Final = r"共同(?:して|で)?(?:の)?利用"
_JOINT: Final = re.compile(
    rf"{_TOGETHER}(?:する|し(?!ま?せん|ない)|いたし(?!ませ)|さ?せて|され|を(?:行|実施|し)|(?:者|先|会社)?(?:の(?:範囲|目的))?[::|])"
)
_NOT_JOINT: Final = re.compile(
    rf"{_TOGETHER}[^。]{{0,20}}(?:ません|しない|行わない|実施しない|予定(?:は|が)(?:あり|ござ)|ことはない)"
)
# What is only recited, comes later or is about machines: 共同利用をする場合は、あらかじめ公表し.
_RECITED: Final = re.compile(
    rf"あらかじめ[^。]{{0,120}}(?:公表|通知|容易に知り得る)|別途|その旨並びに|その都度|公表の?上|{_TOGETHER}(?:する|される|の|をする|を行う)?(?:個人(?:情報|データ)を[^。、]{{0,12}})?(?:場合|とき|際)(?!が|も)"
    rf"|(?:機器|設備|施設|サーバー?|会議室|回線)[^。、]{{0,12}}共同"
)
_ELSEWHERE: Final = re.compile(r"別途[^。]{0,8}(?:定め|公表|通知|お知らせ)")
_JOINT_MATTERS: Final = (
    (Text("項目", "items"), r"項目|氏名|情報の(?:種類|内容)"),
    (
        Text("共同利用者の範囲", "range of users"),
        r"(?:範囲|共同利用(?:者|会社|先)|グループ|利用する(?:者|会社))",
    ),
    (Text("利用目的", "purpose"), r"目的"),
    (Text("責任者の名称", "name of the one responsible"), r"責任"),
    (
        Text("責任者の住所と代表者", "address and representative of the one responsible"),
        r"所在地|〒|代表(?:取締役|理事|社員|執行)|(?<!共同)代表者|住所[::は]|責任[^。]{0,60}住所|(?:東京都|北海道|大阪府|京都府|[一-龥]{2,3}県)[^。\n]{1,12}?[市区町村郡]",
    ),
)


def joint_use(read: Reading) -> list[Sentence]:
    """What a policy says of joint use that takes place."""
    said = [
        s
        for s in read.saying(_JOINT)
        if not _NOT_JOINT.search(s.text) and not _RECITED.search(s.text)
    ]
    return said or _listed_joint(read)


def _listed_joint(read: Reading) -> list[Sentence]:
    """The heading of a clause on joint use that is nothing but a list of its matters."""
    heads = (
        read.said(n.id)[0]
        for top in read.tops
        for n in top.walk()
        if n.kind == "joint" and n.title and n.children and not n.text.strip() and read.said(n.id)
    )
    return [s for s in heads if re.search(_TOGETHER, s.text)]


def _place(read: Reading, sentence: Sentence) -> str:
    """The clause on joint use that a sentence stands in, or its article where that speaks of other things."""
    parts = sentence.at.split(".")
    above = (".".join(parts[:n]) for n in range(1, len(parts) + 1))
    titled = (
        id_
        for id_ in above
        if (node := read.outline.by_id.get(id_)) and node.kind == "joint" and node.title
    )
    return next(titled, sentence.top)


@rule("L-TPP-05", "error", "T", "APPI Art. 27(5)(iii)", "APPI Art. 27(6)", often=0.1)
def shares_without_the_matters(read: Reading) -> Iterator[Seen]:
    """Data is used jointly, and not all the matters that must be known are named."""
    joint = joint_use(read)
    if not joint or (_NOT_JOINT.search(read.text) and not any("joint" in s.under for s in joint)):
        return
    places = sorted({_place(read, s) for s in joint})
    around = "\n".join(map(read.whole, places))
    if _RECITED.search(around) and not any(
        re.search(r"(?:します|しております|しています|行います|する。)", s.text) for s in joint
    ):
        return
    within = {n.id for id_ in places if (node := read.outline.by_id.get(id_)) for n in node.walk()}
    said = (s.text for s in read.sentences if s.at in within)
    around = "\n".join(one for one in said if not _ELSEWHERE.search(one))
    own = re.search(r"責任[^。\n]{0,30}(?:当社|弊社|当法人)", around) and re.search(
        r"〒|住所|所在地", read.text
    )
    missing = [
        name
        for name, word in _JOINT_MATTERS
        if not re.search(word, around) and not (own and "住所" in word)
    ]
    if missing:
        yield Seen(
            joint[0].at,
            Text(
                f"共同利用について書かれていない事項があります（{'、'.join(m.ja for m in missing)}）",
                f"matters of joint use that are missing: {', '.join(m.en for m in missing)}",
            ),
            Text("五つの事項をすべて書いてください", "name all five matters"),
            joint[0].raw,
        )


@rule("L-TPP-09", "error", "R", "APPI Art. 17(1)", "APPI Art. 27(1)", "PPC GL 3-1-1")
def differs_from_the_flows(read: Reading) -> Iterator[Seen]:
    """What leaves the company is not what the policy says."""
    document, flows = read.document, read.registers.flows
    if document is None or flows is None:
        return
    named = {r.id: r for r in document.recipients}
    for flow in flows:
        recipient = named.get(flow.to)  # type: ignore[call-overload]
        more = (
            []
            if recipient is None
            else [c for c in flow.categories if c not in recipient.categories]
        )
        if recipient is None or more:
            yield Seen(
                f"recipient:{flow.to}" if recipient else read.first("third_party", "entrust"),
                Text(
                    f"{flow.to} への提供がポリシーにありません（{'、'.join(more or flow.categories)}）",
                    f"the policy does not say that `{flow.to}` receives {', '.join(more or flow.categories)}",
                ),
                Text("ポリシーに加えるか、提供をやめてください", "add it to the policy, or end it"),
                flow.to,
            )
    sent = {flow.to for flow in flows}
    for id_, recipient in named.items():
        if id_ not in sent:
            yield Seen(
                f"recipient:{id_}",
                Text(
                    "ポリシーにある提供先への流れが登録されていません",
                    "no flow to this recipient is registered",
                ),
                Text("登録するか、ポリシーから削ってください", "register it, or strike it"),
                recipient.name.ja,
                "warn",
            )


_WRITTEN_DOWN: Final = re.compile(
    r"記録(?:を(?:作|つけ|付け|残|取|とり)|し|の作成)|(?:帳[簿面]|台帳|控え)に[^。、]{0,8}(?:記|書|残|とど|留)"
)
_RECORDED: Final = re.compile(
    rf"(?:(?<!サービス)(?<!サービスの)(?:{GIVE})|受領)[しさ]?(?:た|を?し|を行|を受け|に(?:関する|係る|つい)|の?(?:都度|記録|年月日))[^。]{{0,80}}(?:記録|保存|帳[簿面]|台帳|控え)"
)


# Records are made, whatever the clause is called: 提供の年月日、提供先…は記録を作成し.
_WHEN_GIVEN: Final = re.compile(
    r"提供(?:の|した)(?:年月日|日)[^。]{0,40}(?:記録を?(?:作成|し、|残|つけ)|(?:帳簿|台帳)に)(?![^。]{0,16}開示)"
)


@rule("L-TPP-11", "info", "T", "APPI Art. 29(1)", "APPI Art. 33(5)", often=0.9)
def says_nothing_of_records(read: Reading) -> Iterator[Seen]:
    """Provision is spoken of, and records of it are not."""
    given = re.compile(
        rf"(?:{OTHERS}|(?:どなた|だれ|誰|どこ)(?=[にへ]も))(?:に|へ)[^。]{{0,30}}(?:{GIVE}|お?渡し|お?見せ)"
    )
    third = [
        s
        for s in read.sentences
        if ("third_party" in s.under or given.search(s.text)) and s not in read.asked
    ]
    given_away = frozenset(third)
    if third and not any(
        _RECORDED.search(s.text)
        or (s in given_away and _WRITTEN_DOWN.search(s.text))
        or (_WRITTEN_DOWN.search(s.text) and re.search(r"提供(?:先|の年月日|した日)|相手", s.text))
        for s in read.sentences
        if (s not in read.asked or _WHEN_GIVEN.search(s.text))
        and not s.under & {"cookie", "items", "purposes"}
    ):
        yield Seen(
            third[0].at,
            Text(
                "第三者提供の記録について書かれていません",
                "nothing is said about records of provision",
            ),
            Text(
                "記録を作成し、開示の請求に応じることを書いてください",
                "say that records are kept and disclosed",
            ),
        )
