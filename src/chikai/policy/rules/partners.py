"""Work that others do for the company: which, by whom, and whether it is still work for the company.

Law: APPI Art. 27(1), APPI Art. 27(5), APPI Art. 28(1), APPI Art. 28(3).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.cases import exceptions, inline, provisos, told, unasked
from chikai.policy.rules.reading import shadow
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import GIVE, NOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence


# Whoever does work for the company.
_PARTNER: Final = r"(?:(?:業務)?委託先|外注先|受託(?:者|会社|業者|先)|委託(?:を受けた|する|した|している|いたします?)?[^。、の]{0,8}(?:業者|会社|事業者|企業|機関|団体))"


@rule("L-TPP-06", "warn", "T", "APPI Art. 27(1)", "APPI Art. 27(5)(i)", "PPC GL 3-6-3", often=0.1)
def lets_a_partner_advertise(read: Reading) -> Iterator[Seen]:
    """A task that is entrusted may be the partner's own, such as advertising."""
    tasks = re.compile(
        r"(?:(?<!現地での)(?<!現地の)(?<!観光)(?<!館内の)(?<!館内)(?<!道)案内(?!状|所|板|係)|広告|マーケティング|販売促進|宣伝|営業)(?!の?(?:発送|送付|配送|印刷))[^。]{0,24}(?:業務|委託)|(?:委託|外注)[^。]{0,40}(?:広告|マーケティング|販売促進|宣伝)|(?:広告|マーケティング|販売促進|宣伝)[^。]{0,16}を[^。]{0,24}(?:頼[みむ]|任せ|委ね)"
    )
    for s in (*read.saying(tasks), *read.saying(_FOR_ITSELF), *_listed_selling(read)):
        if (
            re.search(r"委託|委ね|頼[みむ]|任せ|外注", s.text)
            or s.under & {"entrust"}
            or _FOR_ITSELF.search(s.text)
        ) and not s.under & {"purposes"}:
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


# What sells, as a member of a list of entrusted tasks names it: 提携先のキャンペーンの企画及び勧誘.
_SELLING: Final = re.compile(
    r"勧誘|販売促進|販促|セールス|プロモーション|宣伝|広告(?!代理|会社|主|社)|マーケティング|営業|キャンペーン|売り込み|テレアポ"
)
# A letter that is only printed or sent serves whoever ordered it.
_ONLY_SENT: Final = re.compile(r"印刷|発送|封入|配送|送付|投函|入力|制作|保管|集計|賞品|景品|当選")


def _listed_selling(read: Reading) -> Iterator[Sentence]:
    """The members of a list of entrusted tasks in which the one entrusted sells something."""
    for s in read.saying(_SELLING, "entrust"):
        above = read.outline.parent(s.at)
        lead = read.shadows[above.id] if above is not None else ""
        if _ENTRUSTS.search(lead) and not _ONLY_SENT.search(s.text):
            yield s


_ENTRUSTS: Final = re.compile(r"委託|外注|任せ|委ね|依頼|頼[みむん]")
# Whoever received data may sell to the persons: 協力会社は、お預かりした情報で、お客様に保険を勧めることがあります.
_SELLS: Final = r"(?:お客様|利用者|会員|ユーザー|本人|皆様|皆さま|患者|契約者|入居者|保護者|生徒|受講者)[^。、]{0,4}(?:に|へ)(?:対し(?:て)?)?[^。]{0,60}(?:勧誘|販売|売り込|勧め|営業|宣伝|広告|マーケティング|提案)(?:を)?(?:を行う|を行い|する|し|いたし|る|行う)"
# A partner who uses what it received for its own ends: 協力会社は、預かった情報を用いて自社の商品を案内する.
_FOR_ITSELF: Final = re.compile(
    rf"(?:{_PARTNER}|(?:協力|提携|パートナー|関連|関係|配送|運送|印刷|販売|警備|下請け?|業務提携)(?:会社|企業|業者|店|先))(?:等|など)?(?:は|が)、?[^。]{{0,60}}{_SELLS}(?![^。]{{0,30}}{NOT})|"
    rf"(?:{_PARTNER}|(?:協力|提携|パートナー|関連|受託|配送|運送|印刷|販売|警備)(?:会社|企業|業者|店|先)|(?:お願い|依頼|頼ん)(?:して|で)いる(?:業者|会社|先)|(?:当該|この|その|同)(?:会社|社|事業者|業者|先))[^。]{{0,60}}(?:自社|自ら|自己|独自|同社)(?:の|で)[^。]{{0,24}}(?:案内|広告|マーケティング|宣伝|営業|商品|サービス|活用|活か|目的|利用|分析|販売|開発)(?![^。]{{0,30}}{NOT})"
)


# What is said of data that others receive names no service.
_OF_OTHERS: Final = frozenset(("third_party", "joint", "anonymised", "cookie", "foreign"))


@rule("L-TPP-07", "warn", "S", often=0.05)
def entrusts_a_task_that_fits_nothing(read: Reading) -> Iterator[Seen]:
    """A task that is entrusted fits none of the services."""
    goods = re.compile(r"配達|配送|発送|販売(?!促進)")
    fits = re.compile(
        r"商品|販売|通販|購入|注文|配送|お届け|ショップ|ストア|物販|賞品|発送|キャンペーン|製品"
    )
    yield from _sold_by_partners(read)
    for s in read.saying(re.compile(r"委託")):
        match = goods.search(s.text)
        if not match or s.under & {"purposes"}:
            continue
        rest = "\n".join(x.text for x in read.sentences if x is not s and not x.under & _OF_OTHERS)
        if not fits.search(rest):
            yield _fits_nothing(s, match[0])


# What a partner sells to the persons: 生命保険の販売, 回線の勧誘.
_WARES: Final = re.compile(
    r"(?P<wares>[一-龥ァ-ヴー]{2,10})(?:の|を)(?:販売|勧誘|売り込|勧め|営業)"
)


def _sold_by_partners(read: Reading) -> Iterator[Seen]:
    """What somebody who works for the operator sells, where the text speaks of it nowhere else."""
    for s in read.saying(_FOR_ITSELF):
        rest = "\n".join(x.text for x in read.sentences if x is not s)
        for match in _WARES.finditer(s.text):
            if re.search(_SELLS, s.text) and match["wares"] not in rest:
                yield _fits_nothing(s, match["wares"])
                return


def _fits_nothing(s: Sentence, task: str) -> Seen:
    return Seen(
        s.at,
        Text(f"「{task}」に当たるサービスがありません", "no service needs this task"),
        Text("実際に委託する業務だけを書いてください", "name only tasks that are entrusted"),
        s.raw,
    )


# What measures visitors or shows advertisements, and sends what it learns to its maker abroad.
_MEASURED: Final = r"(?<![a-z])(?:google(?:アナリティクス|analytics|(?:広告|ads?|adsense|アドセンス)(?![a-z.])|タグ|サーチコンソール|searchconsole|社)|googleanalytics|ga4(?![0-9a-z])|(?:facebook|meta)(?:ピクセル|pixel|広告|社)|(?:microsoft)?clarity|hotjar|(?:x|twitter)(?:広告|社)|tiktok|microsoft社|bing広告|criteo|cloudflareanalytics|recaptcha)|グーグル(?:アナリティクス|社)"
_PROCESSORS: Final = re.compile(
    r"(?<![a-z])(?:stripe|supabase|vercel|amazonwebservices|aws|googlecloud|gcp|firebase|cloudfirestore|salesforce|mailchimp"
    r"|sendgrid|slack|zoom|notion|hubspot|shopify|paypal|cloudflare|openai|anthropic|microsoft(?:azure|365)|azure|zendesk|sentry"
    r"|twilio|netlify|heroku|resend|googleworkspace|google(?:フォーム|ドライブ|llc)|dropbox|airtable|intercom|mixpanel"
    r"|amplitude|(?:google)?admob|klaviyo|appsflyer|metaplatforms|revenuecat|onesignal|auth0|mongodb|github|square(?!メートル|feet)|unityads|kintone(?!.)|canva|calendly)"
    rf"|{_MEASURED}"
)
# Where data goes, or that it goes with consent or under an equal system; that a server may be anywhere is no ground.
_GROUND: Final = re.compile(
    r"(?:外国|海外|国外|日本国外|第三国|域外)[^。]{0,80}(?:同意|体制|同等|契約|制度|法令|所在国|認定)"
    r"|(?:米国|アメリカ|eu|欧州|シンガポール|アイルランド|カナダ|オーストラリア)[^。]{0,80}(?:提供|移転|保管|保存|所在|法人|サーバ|法|制度|にあり|契約|措置|同意)|(?:所在国|移転先の国)[::]"
)
# What would be done if data went abroad: 国外で取り扱う場合は、その国の制度を調べる.
_SUPPOSED: Final = re.compile(
    r"(?:外国|海外|国外)[^。]{0,30}(?:取り?扱う|移転する|提供する)(?:場合|とき)(?:は|に)"
)
# A tool that is not used, or that only stands where it may be switched off.
_UNUSED: Final = re.compile(
    r"(?:使用|利用|導入|採用|用い|使っ|使わ|使い)[^。、]{0,8}(?:ません|おりません|ない(?!場合|とき|方))|(?:一切|何も)[^。、]{0,20}(?:ません|ない)。?$"
)
_WORK: Final = re.compile(
    r"委託|保管|保存|データベース|データ管理|ホスティング|サーバ|決済|認証|クラウド|メールの?(?:配信|送信)"
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
    if _GROUND.search("\n".join(s.text for s in read.sentences if not _SUPPOSED.search(s.text))):
        return
    listed = tuple(_listed_makers(read))
    for s in (*read.saying(_PROCESSORS), *listed):
        match = _PROCESSORS.search(s.text) or _BARE_MAKER.search(s.text)
        tool = s in listed or re.search(_MEASURED, s.text)
        if (not tool and s.under & {"cookie"} and not _WORK.search(s.text)) or _UNUSED.search(
            s.text
        ):
            continue
        yield Seen(
            s.at,
            Text(
                f"{_as_written(match[match.lastindex or 0] if match else '', s.raw)} は外国の事業者ですが、移転の根拠が書かれていません",
                "a provider from abroad is named without the ground for sending data there",
            ),
            Text(
                "国名と、同意・体制などの根拠を書いてください",
                "name the country and the ground",
            ),
            s.raw,
        )
        return


# A maker's name that is all, or nearly all, of a member of a list.
_BARE_MAKER: Final = re.compile(
    r"^\W{0,2}(google|facebook|meta|twitter|microsoft|amazon|apple|tiktok|criteo|linkedin|instagram|youtube)(?:社|inc\.?|llc)?(?:[^a-zぁ-ん一-龥ァ-ヴ]|https?|$)"
)


def _listed_makers(read: Reading) -> Iterator[Sentence]:
    """The makers from abroad in a list of those whom data is sent to."""
    for s in read.saying(_BARE_MAKER):
        above = read.outline.parent(s.at)
        if above is not None and _SENT.search(read.whole(above.id)):
            yield s


_SENT: Final = re.compile(
    r"(?:事業者|会社|業者|者|先|サービス|社)(?:等)?(?:に|へ)[^。、]{0,24}(?:提供|送信|送[りっるら]|共有|渡)"
)


def _as_written(name: str, raw: str) -> str:
    """A name of a sentence's shadow as the text writes it: `googlecloud` is Google Cloud there."""
    spelt = re.search(
        r"\s*".join(map(re.escape, name)), unicodedata.normalize("NFKC", raw), re.IGNORECASE
    )
    return spelt[0] if spelt and name else name


_BOTH: Final = re.compile(
    rf"{_PARTNER}[^。、]{{0,20}}(?:に|へ|と)(?:対し|対して)?[^。]{{0,24}}(?:(?<!サービス)(?<!サービスの)提供|開示|共有|渡(?:す|し))(?!する?情報|を受け|[^。、]{{0,12}}{NOT})"
    rf"|委託(?:[、・]|又は|若しくは|及び){{1,2}}(?:提供|開示)(?![^。]{{0,16}}{NOT})|(?:提供|開示)(?:[、・]|又は|若しくは|及び){{1,2}}委託(?!先)(?![^。]{{0,16}}{NOT})"
    r"|委託先[^。]{0,12}共同(?:して|で)?利用"
    rf"|(?:提供|開示)し(?:て)?、[^。]{{0,24}}委託(?:する|し|いたし)(?![^。、]{{0,12}}{NOT})"
    r"|委託[^。]{0,40}(?:個人情報|個人データ|情報|データ|名簿|リスト|記録|氏名|住所)を?[^。]{0,20}(?:提供|開示)(?:する|し(?!ま?せん|ない)|いたし(?!ませ)|され|した)"
    rf"(?![^。、]{{0,12}}{NOT})"
)
# A recipient in a list of cases of provision who is one that work is entrusted to.
_LISTED_PARTNER: Final = re.compile(
    rf"委託する[^。、(]{{0,12}}(?:業者|先|会社)[^。]{{0,6}}(?:に|へ)|{_PARTNER}(?:$|、|。|等|など|又は|及び|への)|委託[^。]{{0,20}}(?:提供|開示|共有|渡)"
    r"|委託先が行う|(?:会社|業者|事業者|企業)(?:等|など)?(?:に|へ)(?:対し|対して)?[^。、]{0,12}委託(?:する|した|を行う)(?:場合|とき)"
)


# In a clause on entrusted work: 同法人への個人情報の提供にあたっては, 当社の提供先として.
_PROVIDED_TO: Final = re.compile(
    r"(?:個人(?:情報|データ)|情報|データ)(?:の|を)[^。、]{0,8}(?<!サービスの)(?:第三者)?提供(?:に(?:あた|際)|する(?:際|場合|とき)|し)|提供先として|第三者提供(?:し|いた|を)"
)
# Work that is entrusted, in a clause whose title or table speaks of provision: 外部サービスの利用（…への提供を含む）.
_ENTRUSTED: Final = re.compile(r"委託(?:する(?:場合|こと)が|してい|しており)")
_TITLED: Final = re.compile(
    r"(?:業者|会社|先|法人|企業)(?:等)?への(?:個人)?(?:情報|データ)?の?提供"
)
_CALLED_PROVISION: Final = re.compile(r"提供先(?:の(?:事業者|名称)|[::|])|第三者への提供を含む")


@rule("L-TPP-12", "info", "T", "APPI Art. 27(1)", "APPI Art. 27(5)(i)", "PPC GL 3-6-3", often=0.2)
def calls_one_flow_two_things(read: Reading) -> Iterator[Seen]:
    """The same flow is called entrustment and provision."""
    found = next((s for s in _called_both(read)), None)
    if found is not None:
        yield Seen(
            found.at,
            Text(
                "ひとつの流れを「委託」とも「提供」とも呼んでいます",
                "one flow is called entrustment and provision",
            ),
            Text("「委託」か「提供」のどちらかにしてください", "call it one of them"),
            found.raw,
        )


# Data is provided, as the sentence behind entrusted work says: この場合、必要な範囲で個人情報を提供し.
_THEN_PROVIDED: Final = re.compile(
    rf"^(?:この|その|これらの|当該)(?:場合|際|とき|委託|ため)[^。]{{0,60}}(?:情報|データ)(?:の(?:全部又は一部|一部))?を[^。、]{{0,16}}(?:提供|開示)(?:し|する|いたし)(?![^。、]{{0,12}}{NOT})"
)
# Whoever is told as a third party abroad, to whom data is provided, and is entrusted with it.
_THIRD_ABROAD: Final = re.compile(r"外国[^。、]{0,12}第三者[^。、]{0,24}提供")
_ENTRUSTED_ABROAD: Final = re.compile(
    r"第三者[^。、]{0,30}(?:に|へ)[^。、]{0,30}委託(?:し(?!ない|ま?せん)|する|いたし(?!ませ))"
)


def _in_two_sentences(read: Reading) -> Iterator[Sentence]:
    """The provision that a sentence tells behind one on entrusted work, or a heading above it."""
    for node in read.outline.walk():
        said = read.said(node.id)
        for before, s in pairwise(said):
            if _ENTRUSTED.search(before.text) and _THEN_PROVIDED.search(s.text):
                yield s
        if _THIRD_ABROAD.search(shadow(node.title)):
            yield from (s for s in said if _ENTRUSTED_ABROAD.search(s.text))


def _called_both(read: Reading) -> Iterator[Sentence]:
    """The sentences that call one flow by both names, and those that list a partner among what needs no consent."""
    for s in read.saying(_BOTH):
        if s.raw == read.outline.by_id[s.at].title and not re.search(_PARTNER, s.text):
            continue  # a heading over two matters
        aside = re.search(r"伴って|伴い|委託を受けた者|サービスを提供|第三者に該当|記録", s.text)
        if not aside or re.search(r"情報を提供する(?:場合|こと)があ", s.text):
            yield s
    for s, words in (*exceptions(read), *inline(read)):
        if _LISTED_PARTNER.search(words):
            yield s
    # In prose the same sentence says that data is provided.
    for s, words in (*provisos(read), *unasked(read), *told(read)):
        if re.search(
            r"(?:取扱い?|業務|情報|全部又は一部)[^。、]{0,24}委託(?:する|した|を行う)(?:場合|$)",
            words,
        ) and re.search(GIVE, s.text):
            yield s
    yield from _in_two_sentences(read)
    for s in read.saying(_PROVIDED_TO, "entrust"):
        if not re.search(rf"該当|当たら|あたら|サービスを?提供|{NOT}", s.text):
            yield s
    for top in read.tops:
        whole = read.whole(top.id)
        titled = _ENTRUSTED.search(whole) and _TITLED.search(shadow(top.title))
        if titled or (_ENTRUSTED.search(whole) and _CALLED_PROVISION.search(whole)):
            yield next(s for s in read.sentences if s.top == top.id)
