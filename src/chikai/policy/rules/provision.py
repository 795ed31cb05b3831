"""Data that goes to others: with consent, without, abroad, together, or to do work for the company.

Law: APPI Art. 17(1), APPI Art. 27, APPI Art. 28, APPI Art. 29(1), APPI Art. 33(5).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.reading import RIGHTS_KINDS
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading, Sentence

# `without consent nothing is provided`, in whatever order it is said
_BY_CONSENT: Final = re.compile(
    r"(?:提供|開示|共有|公開)[^。]{0,16}(?:しません|いたしません|ません|しない|ございません|ことはありません|行わない|ありません)|同意[^。]{0,60}(?:提供|開示)[^。]{0,20}(?:ない|ません)"
)
_NO_THIRD_PARTY: Final = re.compile(
    r"第三者(?:に|には|へ)?(?:提供に|への提供に)?(?:は)?(?:該当|当た|あた)(?:し|ら)(?:ない|ません)|第三者に該当しない"
)
_EXEMPT: Final = re.compile(r"委託|承継|合併|事業譲渡|会社分割|共同利用|共同して利用")


def _exceptions(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """The exceptions to consent that a policy lists: each with its clause."""
    for node in read.outline.walk():
        if not read.under[node.id] & {
            "third_party",
            "entrust",
            "foreign",
            "joint",
        } and not re.search(r"第三者[^。]{0,30}(?:提供|開示)", read.shadows[node.id]):
            continue
        lead = _lead(read, node)
        if not lead or _NO_THIRD_PARTY.search(lead):
            continue
        if read.under[node.id] & RIGHTS_KINDS and not re.search(r"第三者[にへ]", lead):
            continue
        mine = read.said(node.id)
        after = [s.text for s in mine].index(lead) + 1
        for s in mine[after:]:
            if s.text.endswith(("場合", "とき")):
                yield s, s.text
        for child in node.children:
            for s in read.said(child.id):
                yield s, s.text


def _lead(read: Reading, node: Node) -> str:
    """The sentence above a list that makes its members exceptions, or an empty string."""
    words = [s.text for s in read.said(node.id)]
    announced = [w for w in words if re.search(r"(?:次|以下|下記)(?:の|に)", w)] or words[-1:]
    if not announced:
        return ""
    said = re.search(r"同意[^。]{0,20}(?:なく|ない|得ず)|提供|開示|共有", announced[-1])
    excepts = re.search(r"この限り|除|場合(?:に|は|には|、)", announced[-1])
    refused = _BY_CONSENT.search("\n".join(words))
    return announced[-1] if (said or "この限り" in announced[-1]) and excepts and refused else ""


def _inline(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """Exceptions that stand in the sentence itself."""
    for s in read.saying(re.compile(r"(?:除き|除いて|を除く|除くほか)")):
        third = "third_party" in s.under or re.search(r"第三者", s.text)
        if third and _BY_CONSENT.search("\n".join(x.text for x in read.said(s.at))):
            head = re.split(r"(?:場合など)?を?除(?:き|いて|く)", s.text)[0]
            if not re.search(r"(?:次|以下|下記)(?:の|に)", head):
                yield s, head


_ART_27: Final = ("APPI Art. 27(1)", "APPI Art. 27(5)(i)", "APPI Art. 27(5)(ii)")


@rule("L-TPP-01", "warn", "T", *_ART_27, often=0.25)
def takes_entrustment_for_an_exception(read: Reading) -> Iterator[Seen]:
    """Entrustment or succession stands among the exceptions to consent."""
    for s, words in (*_exceptions(read), *_inline(read)):
        if re.search(r"委託を受けた者", words) and not re.search(r"全部又は一部|業務委託", words):
            continue
        if _EXEMPT.search(words) and not _NO_THIRD_PARTY.search(s.text):
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
    lawful = re.compile(r"法(?:令|律)?[^。]{0,20}(?:認め|許容|定め|例外)[^。]{0,12}場合")
    for s, words in _exceptions(read):
        above = read.outline.parent(s.at)
        if above is None:
            continue
        lead = "\n".join(x.text for x in read.said(above.id))
        excepted = re.search(
            r"法(?:令|律)?[^。]{0,30}(?:認め|基づ|定め)[^。]{0,16}場合を?(?:除|のぞ)", lead
        )
        if excepted and lawful.search(words) and not re.search(r"国の機関|地方公共団体", words):
            yield Seen(
                s.at,
                Text(
                    "「法令で認められる場合」が、前文と一覧の両方にあります",
                    "cases of the law are excepted twice",
                ),
                Text("どちらかひとつにしてください", "keep one of them"),
                s.raw,
            )


_ABROAD: Final = re.compile(
    r"(?:外国|海外|国外|越境|米国|第三国)[^。]{0,60}(?:提供|委託|移転|保管|保存|サーバ|第三者|取扱|共有)|(?:提供|委託|移転|保管|第三者)[^。]{0,40}(?:外国|海外|国外)"
)
_COUNTRY: Final = re.compile(
    r"アメリカ|米国|usa?\b|eu(?:域内|加盟)?|欧州|英国|イギリス|シンガポール|中国|中華人民|香港|韓国|大韓民国|台湾|インド|ベトナム|フィリピン|タイ王国|タイ国|カナダ|オーストラリア|ドイツ|フランス|アイルランド|オランダ|ミャンマー|マレーシア|インドネシア|イスラエル|スイス|ブラジル|ニュージーランド|国名|当該(?:外国|国)の名称|外国の名称"
)
_SYSTEM: Final = re.compile(
    r"制度|個人情報保護委員会|gdpr|十分性|cbpr|法制|連邦法|保護に関する[^。]{0,8}(?:政令|法)|pdpa|個人情報保護法\("
)
_STEPS: Final = re.compile(r"措置|体制|同等|契約|標準契約|条項|監督|安全管理")
_NOT_ABROAD: Final = re.compile(
    r"(?:外国|海外|国外)[^。]{0,40}(?:提供|委託|移転|保管)[^。]{0,12}(?:しません|いたしません|ありません|ございません|しておりません|行っておりません|ことはない)|国内外を?問わず|国内(?:外|及び)"
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
    said = [
        s
        for s in read.saying(_ABROAD)
        if not _NOT_ABROAD.search(s.text) and not s.under & {"change", "security"}
    ]
    if not said:
        return
    tops = {s.top for s in (*said, *read.saying(_COUNTRY))}
    around = "\n".join(read.whole(top) for top in sorted(tops))
    country = _COUNTRY.search(read.text)
    if country and _SYSTEM.search(around) and _STEPS.search(around):
        return
    yield Seen(
        said[0].at,
        Text(
            "外国の第三者について、国名、その国の制度、相手の措置がそろっていません",
            "country, its system and the recipient's measures are not all named",
        ),
        Text(
            "国名、制度、相手がとる措置を書くか、示す方法を書いてください",
            "name them, or say where they are shown",
        ),
        said[0].raw,
    )


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
    filed = re.search(
        r"個人情報保護委員会[^。]{0,30}届|届[けい]?出[^。]{0,30}個人情報保護委員会", read.text
    )
    stops = re.compile(
        r"本人(?:から)?の?(?:求め|請求|申し?出)に(?:応じて|より)[^。]{0,60}(?:第三者)?[^。]{0,20}提供を?(?:停止|中止)|オプトアウト[^。]{0,30}第三者提供|第三者提供[^。]{0,30}オプトアウト"
    )
    for s in read.saying(stops):
        top = read.whole(s.top)
        listed = len(
            re.findall(
                r"提供を利用目的|提供[^。\n]{0,10}(?:項目|手段|方法)|受け?付ける方法|容易に知り得る",
                top,
            )
        )
        if not filed and (listed >= 2 or "オプトアウト" in s.text):
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


_JOINT: Final = re.compile(
    r"共同(?:して)?(?:で)?利用(?:する(?:こと|場合)があ|します|いたします|しています|しております|させていただ|を行|する(?:者|事業者|会社)の範囲|される(?:個人)?(?:情報|データ)の項目)"
)
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
        r"住所|所在地|〒|代表",
    ),
)


@rule("L-TPP-05", "error", "T", "APPI Art. 27(5)(iii)", "APPI Art. 27(6)", often=0.1)
def shares_without_the_matters(read: Reading) -> Iterator[Seen]:
    """Data is used jointly, and not all the matters that must be known are named."""
    denied = re.compile(
        r"共同(?:して)?利用[^。]{0,20}(?:しません|いたしません|ありません|ございません|行いません|しておりません)"
    )
    told = re.compile(r"あらかじめ[^。]{0,120}(?:公表|通知|容易に知り得る)|別途|その旨並びに")
    joint = [
        s for s in read.saying(_JOINT) if not denied.search(s.text) and not told.search(s.text)
    ]
    if not joint or denied.search(read.text):
        return
    around = "\n".join(read.whole(top) for top in sorted({s.top for s in joint}))
    if told.search(around) and not any(
        re.search(r"(?:します|しております|しています)", s.text) for s in joint
    ):
        return
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


@rule("L-TPP-06", "warn", "T", "APPI Art. 27(1)", "APPI Art. 27(5)(i)", "PPC GL 3-6-3", often=0.1)
def lets_a_partner_advertise(read: Reading) -> Iterator[Seen]:
    """A task that is entrusted may be the partner's own, such as advertising."""
    tasks = re.compile(
        r"(?:案内(?!状)|広告|マーケティング|販売促進|宣伝|営業)(?!の?(?:発送|送付|配送|印刷))[^。]{0,24}(?:業務|委託)|委託[^。]{0,40}(?:広告|マーケティング|販売促進|宣伝)"
    )
    for s in read.saying(tasks):
        if "委託" in s.text and not s.under & {"purposes"}:
            yield Seen(
                s.at,
                Text(
                    "案内や広告の委託は、委託先が自分のために使うおそれがあります",
                    "a partner may use the data for itself in this task",
                ),
                Text(
                    "当社のための業務に限ることを書いてください",
                    "say that it is done for the company only",
                ),
                s.raw,
            )


@rule("L-TPP-07", "warn", "S", often=0.05)
def entrusts_a_task_that_fits_nothing(read: Reading) -> Iterator[Seen]:
    """A task that is entrusted fits none of the services."""
    goods = re.compile(r"配達|配送|発送|販売")
    fits = re.compile(
        r"商品|販売|通販|購入|注文|配送|お届け|ショップ|ストア|物販|賞品|発送|キャンペーン|製品"
    )
    for s in read.saying(re.compile(r"委託")):
        match = goods.search(s.text)
        if not match or s.under & {"purposes"}:
            continue
        rest = "\n".join(x.text for x in read.sentences if x is not s)
        if not fits.search(rest):
            yield Seen(
                s.at,
                Text(
                    f"「{match[0]}」に当たるサービスがありません",
                    "no service needs this task",
                ),
                Text(
                    "実際に委託する業務だけを書いてください", "name only tasks that are entrusted"
                ),
                s.raw,
            )


_WIDER: Final = re.compile(
    r"(?:当社|弊社|当店|当院|当方|当会)[^。、]{0,20}(?:必要|適切|相当|妥当)(?:で?ある|がある)?(?:と|が)?(?:判断|認め)|業務(?:上|の遂行上)(?:の)?必要"
)
_KNOWN_GROUND: Final = re.compile(
    r"法令|法律|条例|生命|配送業者|運送|決済(?:代行|事業|処理)|公衆衛生|児童|国の機関|地方公共団体|公共団体|委託|承継|合併|共同|同意|承諾|了承|了解|許諾|統計|識別(?:でき|し得|不能)|学術|匿名|個人を特定(?:でき|しない)|オプトアウト|届出|公開(?:され|して)|警察|裁判|税務|第三者に該当|個人情報保護法|委託先|業務提携|例外|ご?希望"
)


@rule("L-TPP-08", "warn", "T", "APPI Art. 27(1)", "PPC GL 3-6-1", often=0.2)
def excepts_more_than_the_law(read: Reading) -> Iterator[Seen]:
    """An exception to consent is wider than the law's."""
    for s, words in (*_exceptions(read), *_inline(read)):
        why = _wider(words, inline=words != s.text)
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


def _wider(words: str, *, inline: bool) -> str:
    """Why an exception is wider than the law, or an empty string."""
    if _WIDER.search(words):
        return "当社の判断"
    if re.search(r"生命|身体", words) and not re.search(
        r"困難|得られない|得ることができない|取得できない|いとまがない", words
    ):
        return "同意を得ることが困難な場合に限られていない"
    if re.search(r"(?:国|公的機関|地方公共団体|行政)[^。]{0,30}協力", words) and not re.search(
        r"支障|おそれ|法令", words
    ):
        return "事務に支障がある場合に限られていない"
    if re.search(
        r"(?:要請|照会|求め)[^。]{0,8}(?:あった|を受けた|られた)", words
    ) and not re.search(r"法令|法律|令状|同意|本人", words):
        return "法令に基づかない要請"
    if (
        not inline
        and len(words) >= 8
        and not _KNOWN_GROUND.search(words)
        and re.search(r"(?:場合|とき|ため|対して|提供|必要)[^。]{0,12}", words)
    ):
        return "法の定めにない場合"
    return ""


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


_PROCESSORS: Final = re.compile(
    r"stripe|supabase|vercel|amazonwebservices|\baws\b|aws|googlecloud|gcp|firebase|salesforce|mailchimp|sendgrid|slack|zoom|notion|hubspot|shopify|paypal|cloudflare|openai|anthropic|microsoft(?:azure|365)|azure|zendesk|sentry|twilio|netlify|heroku|googleworkspace|google(?:フォーム|ドライブ|llc)"
)


@rule(
    "L-TPP-10",
    "warn",
    "T",
    "APPI Art. 28(1)",
    "APPI Art. 28(3)",
    "APPI Order Art. 10(i)",
    "PPC GL 10-7",
    often=0.1,
)
def names_a_processor_abroad_without_a_route(read: Reading) -> Iterator[Seen]:
    """A provider from abroad is named, and nothing says on what ground data goes there."""
    if re.search(r"外国|海外|国外|米国|アメリカ|越境|域外", read.text):
        return
    for s in read.saying(_PROCESSORS):
        match = _PROCESSORS.search(s.text)
        if s.under & {"cookie"} and not re.search(
            r"委託|保管|保存|データベース|ホスティング|決済", s.text
        ):
            continue
        yield Seen(
            s.at,
            Text(
                f"{match[0] if match else ''} は外国の事業者ですが、移転の根拠が書かれていません",
                "a provider from abroad is named without the ground for sending data there",
            ),
            Text(
                "国名と、同意・体制などの根拠を書いてください",
                "name the country and the ground",
            ),
            s.raw,
        )
        return


@rule("L-TPP-11", "info", "T", "APPI Art. 29(1)", "APPI Art. 33(5)", often=0.9)
def says_nothing_of_records(read: Reading) -> Iterator[Seen]:
    """Provision is spoken of, and records of it are not."""
    given = re.compile(r"第三者[にへ][^。]{0,30}(?:提供|開示)")
    third = [
        s
        for s in read.sentences
        if ("third_party" in s.under or given.search(s.text)) and s not in read.asked
    ]
    if third and not any("記録" in s.text for s in third):
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


_BOTH: Final = re.compile(
    r"委託[^。]{0,40}(?:個人情報|個人データ|情報|データ)を?[^。]{0,20}(?:提供|開示|預託)(?:する|し(?!ま?せん|ない)|いたし(?!ませ)|され|した)"
    r"|委託(?:する|した|先|業者)[^。]{0,20}(?:に対して|に対し|へ|に)[^。]{0,24}(?:提供|開示)|委託[、・](?:又は)?提供|委託先[^。]{0,12}共同(?:して)?利用"
)


@rule("L-TPP-12", "info", "T", "APPI Art. 27(1)", "APPI Art. 27(5)(i)", "PPC GL 3-6-3", often=0.2)
def calls_one_flow_two_things(read: Reading) -> Iterator[Seen]:
    """The same flow is called entrustment and provision."""
    for s in read.saying(_BOTH):
        if re.search(
            r"伴って|委託を受けた者|サービスを提供|第三者に該当|記録", s.text
        ) and not re.search(r"(?:個人情報|情報)を提供する(?:場合|こと)があ", s.text):
            continue
        if re.search(r"(?:提供|開示)[^。]{0,12}(?:ません|しない)", s.text):
            continue
        yield Seen(
            s.at,
            Text(
                "ひとつの流れを「委託」とも「提供」とも呼んでいます",
                "one flow is called entrustment and provision",
            ),
            Text("「委託」か「提供」のどちらかにしてください", "call it one of them"),
            s.raw,
        )
        return
    for s, words in _exceptions(read):
        if re.search(
            r"委託する[^。、(]{0,12}(?:業者|先|会社)[^。]{0,6}(?:に対し|へ|に)|委託先$", words
        ):
            yield Seen(
                s.at,
                Text(
                    "ひとつの流れを「委託」とも「提供」とも呼んでいます",
                    "one flow is called entrustment and provision",
                ),
                Text("「委託」か「提供」のどちらかにしてください", "call it one of them"),
                s.raw,
            )
            return
