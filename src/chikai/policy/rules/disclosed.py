"""The matters that must be available to everybody: who answers, and where to turn.

The law allows most of them to be answered on request instead; a finding says that they are not in the document.

Law: APPI Art. 23, APPI Art. 27(2), APPI Art. 32(1), APPI Art. 37(1), APPI Art. 40.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Desk, Text
from chikai.policy.rules.reading import COMPANY_FORMS, OTHERS, shadow
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import SELF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Kind
    from chikai.policy.rules.reading import Reading, Sentence

_OR_ANSWER: Final = Text(
    "書くか、求めに応じて遅滞なく答えられるよう用意してください",
    "write it, or have the answer ready for whoever asks",
)
_NAMED: Final = re.compile(
    rf"(?!inc|co\.|corp|,ltd|llc)(?:{COMPANY_FORMS})[^。、\s(|]{{2,30}}|[^。、\s|]{{2,30}}(?:株式会社|有限会社|合同会社)"
    r"|(?:事業者名?|運営者名?|社名|商号|名称|会社名|運営会社|法人名|販売業者|屋号)[::][^。、:\s]{2,}|(?:^|\n)[■◆●◇□]?(?:運営者|事業者|販売者|運営元|運営会社|運営)\n[^。、\n]{2,}|(?:当|弊|本)[一-龥]{1,3}\((?!以下)[^()。、]{3,40}(?:をいい|をいう|を指|のこと)|(?:当|弊|本)[一-龥]{1,3}\((?!以下)[^()。]{2,24}(?:店主|代表|園長|院長|館長|塾長|主宰|主人|オーナー|支配人|女将|住職|宮司)[^()。]{1,20}\)|(?:病院|医院|診療所|クリニック|学校|学園|大学|[稚育]園|教室|役場|組合|協会)〒\d{3}-\d{4}|(?:^|\n)(?![^\n]*(?:係|窓口|担当|センター|部|課|室|問い合わせ|連絡|住所|まで))[^\n。::]{2,30}\n(?:〒|住所[::]|所在地[::])"
)
_CALLED: Final = re.compile(
    r"(?:^|\n)([^。\n(]{2,60})\((?:[^()。]{0,60}[、。]?\n?以下)?[、,]?[「『\"]?(?P<as>(?:当|弊|本(?!人)|私|甲)[一-龥ァ-ヴー]{0,8}|運営者|販売者|事業者|[一-龥ァ-ヴー]{0,8}(?:委員会|組合|協会|連盟|センター|財団|学園|会|市|町|村|県|教室|病院|医院|診療所|クリニック|学校|[稚育]園|大学|研究所|[書術物]館|旅館|事務所|商店|書店|工房|塾|道場|スタジオ|サロン)(?=[」』\"とを)]))"
)
# A trade name, and whoever makes the policy by name: `屋号みどり屋`, `みどり屋は、次のとおり方針を定め`.
_TRADES: Final = re.compile(
    r"(?:屋号|個人事業主)[::]?[^\n。、::のがはで(]{2,}|(?:^|\n)(?P<maker>[^。\n、,(]{2,30})は[、,][^。]{0,80}(?:方針|ポリシー|規程)[^。]{0,12}(?:定め|策定|制定)"
    r"|(?:^|[\n、。はの(])(?!当|弊|本|個人|運営|管理|私|有志|次|以下|上記)(?P<runs>[一-龥ァ-ヴーa-z・]{2,16})が(?:個人で|個人にて)?(?:運営|主宰|経営)(?:する|し)"
)
_A_SERVICE: Final = re.compile(
    r"(?:本|当)(?:ブログ|メディア|チャンネル|ページ|コミュニティ|サービス|アプリ|サイト|ウェブ|システム|ツール|ゲーム|プラグイン)"
)
_NOBODY: Final = re.compile(
    r"運営者|管理人|管理者|サイト運営|当サイト|本サービス|当方|当社|弊社|本ウェブサイト|個人情報|要記入|^(?:株式会社|有限会社|合同会社)$|個人$|^本|^当|私(?:たち|ども)|^これ|^以下"
)

# What a template left open names nobody: [会社名を入れてください], 【代表者名】, 株式会社〇〇.
_LEFT_OPEN: Final = re.compile(
    r"[【\[［〔{<(（][^】\]］〕}>)）]{0,24}(?:名|入れ|記入|入力|記載|未定|ください)[^】\]］〕}>)）]{0,16}[】\]］〕}>)）]|[〇○◯●×*]{1,12}(?:株式会社|有限会社|合同会社|法人)|(?:株式会社|有限会社|合同会社|法人)[〇○◯●×*]{1,12}|[〇○◯●×*]{2,12}"
)


def _is_called(text: str) -> bool:
    """Whether the text names somebody and says how the policy calls them, or who makes it."""
    text = _LEFT_OPEN.sub("", text)
    called = [m[1] for m in _CALLED.finditer(text) if not _A_SERVICE.match(m["as"])]
    quoted = [re.sub(r"^(?:当|本)[^「]{1,8}「(?=.{2,}」$)", "", name) for name in called]
    trades = [m["maker"] or m["runs"] or m[0] for m in _TRADES.finditer(text)]
    return any(not _NOBODY.search(name) for name in (*quoted, *trades))


_OF_OTHERS: Final[frozenset[Kind]] = frozenset(("joint", "entrust", "third_party", "cookie"))
_ENTRUSTED: Final = re.compile(r"[^。、\n]{2,30}(?:に|へ)、?[^。、\n]{0,24}を?(?:委託|預託)")
# Even there the operator may be named: 株式会社青空は、…, 管理について責任を有する者：株式会社青空.
_OF_ITSELF: Final = re.compile(
    r"^[^。、(]{2,30}(?:\([^()]{0,30}\))?は、|責任|以下、?「?(?:当|弊|本)"
)


@rule("L-DIS-01", "error", "T", "APPI Art. 32(1)(i)", often=0.08)
def lacks_the_operators_name(read: Reading) -> Iterator[Seen]:
    """The name of the operator stands neither in the structure nor in the prose."""
    if read.document is not None:
        name = read.document.controller.name.ja
        found = bool(name) and any(name in c.body.ja for c in read.document.clauses)
    else:
        name = read.outline.contact.name
        services = {m[1] for m in _CALLED.finditer(read.text) if _A_SERVICE.match(m["as"])}
        name = _LEFT_OPEN.sub("", name)
        # A company with which data is shared is somebody else, and so is one that it goes to.
        mine = "\n".join(
            s.text for s in read.sentences if not s.under & _OF_OTHERS or _OF_ITSELF.search(s.text)
        )
        own = name and not _NOBODY.search(name) and shadow(name) not in services
        own = own and (shadow(name) in mine or shadow(name) not in read.text)
        mine = _ENTRUSTED.sub("", OTHERS.sub("", mine))
        named = _NAMED.search(_LEFT_OPEN.sub("", mine))
        found = bool(own or named or _is_called(read.text))
    if not found:
        yield Seen(
            "controller",
            Text("事業者の名称が書かれていません", "the operator's name is missing"),
            Text("名称を書いてください", "write the name"),
            name,
        )


_PLACE: Final = re.compile(
    r"(?<![\d-])〒?\d{3}-\d{4}(?![\d-])"
    r"|(?:東京都|北海道|大阪府|京都府|[一-龥]{2,3}県)[^。\n]{1,12}?[市区町村郡]|[一-龥ぁ-んァ-ヶ]{1,8}[市区][^。\n、]{1,14}\d+(?:-|丁目|番)"
    r"|(?:住所|所在地)[::][^。\n]{4,}"
)


def has_address(read: Reading) -> bool:
    """Whether the text gives an address of the operator."""
    text = re.sub(r"[^\n。]{0,20}(?:地方|簡易)裁判所", "", read.text)
    return bool(read.outline.contact.address or _PLACE.search(text))


@rule("L-DIS-02", "error", "T", "APPI Art. 32(1)(i)", often=0.45)
def lacks_the_address(read: Reading) -> Iterator[Seen]:
    """The operator's address is missing."""
    controller = read.document.controller if read.document else None
    known = controller and (controller.address.ja or controller.desk.address.ja)
    if not known and not has_address(read):
        yield Seen(
            "controller",
            Text("事業者の住所が文書にありません", "the operator's address is not in the document"),
            _OR_ANSWER,
        )


_HEAD: Final = re.compile(
    r"(?:代表取締役|代表社員|業務執行社員|代表理事|理事長|代表執行役|取締役社長|代表役員|事業代表者|院長|園長|学長|会長)(?:社長|会長|ceo|coo|兼[^\s::]{1,8}|執行役員|・)*[::]?[一-龥ぁ-んァ-ヶa-z]{2,}"
    r"|(?:代表者?名?|代表者氏名)[::][一-龥ぁ-んァ-ヶa-z]{2,}|(?:^|\n)代表(?!取締役|社員|理事|執行役|役員|者|電話|番号)[一-龥]{2,6}(?:\n|$)"
)
_TITLE: Final = re.compile(
    r"代表取締役|代表社員|業務執行社員|代表理事|理事長|代表執行役|取締役|代表役員|代表者?名?|院長|園長|学長|社長|会長|ceo|coo|氏名|[::兼・\s]"
)
# An office that does something, or to which something is told, is no name: 会長に報告, 社長の指示, 理事長又は.
_NOT_A_NAME: Final = re.compile(
    r"(?:代表取締役|代表理事|代表者|理事長|院長|園長|学長|会長|社長)(?:の|が|は|を|に(?=報|届|提|申|通|伝|対|よ|よっ)|へ(?:の|報|届|提|申)|から(?:の|委|指)|と(?:する|し|協)|も(?:しく|含)|及び|又は|並びに|、)"
)


@rule("L-DIS-03", "error", "T", "APPI Art. 32(1)(i)", "APPI Art. 27(2)(i)", often=0.5)
def lacks_the_representative(read: Reading) -> Iterator[Seen]:
    """A company or association does not name its representative."""
    controller = read.document.controller if read.document else None
    if not read.is_company or (controller and controller.representative.ja):
        return
    heads = [m[0] for m in _HEAD.finditer(_NOT_A_NAME.sub("", _LEFT_OPEN.sub("", read.text)))]
    signed = _TITLE.sub("", _LEFT_OPEN.sub("", read.outline.contact.representative)).strip()
    if not heads and not (read.document is None and signed):
        yield Seen(
            "controller",
            Text(
                "代表者の氏名がありません（求めに応じて答えることもできます）",
                "the representative's name is not in the document (it may also be answered on request)",
            ),
            Text("代表者の氏名を書いてください", "write the representative's name"),
            controller.name.ja if controller else read.outline.contact.name,
        )


_REACHED: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}|0[5789]0\d{8}|0120\d{6}|フォーム|https?:|[【:]x:?@\w+|(?:dm|ダイレクトメッセージ)(?:に|で|より|から)"
)


_CIRCULAR: Final = re.compile(
    rf"別[途に](?:ご?)(?:定め|指定し?|案内し?|お知らせ|通知|公表)[^。]{{0,12}}(?:窓口|連絡先)|{SELF}(?:所定の|が(?:別途)?(?:定める|指定する))(?:窓口|連絡先)"
)


def _page(sentence: Sentence, *, elsewhere: bool) -> str:
    """A sentence without a page or a form that is no desk: where the desk is named elsewhere, or of something else."""
    desk = sentence.under & {"desk", "complaint", "procedure", "controller"}
    if not elsewhere and (desk or _FOR_CONTACT.search(sentence.text)):
        return sentence.text
    return _NO_DESK.sub("", sentence.text)


_NO_DESK: Final = re.compile(r"https?:[^()、。\s]{0,120}|フォーム")
_FOR_CONTACT: Final = re.compile(r"問い合わせ|連絡|窓口|相談|苦情|申し?出|請求|意見|受け?付|お寄せ")


def has_contact(read: Reading) -> bool:
    """Whether the text gives a way to reach somebody."""
    desk = read.document.controller.desk if read.document else Desk()
    elsewhere = any(read.saying(_CIRCULAR))
    near = re.compile(r"窓口|問い合わせ|連絡先|苦情|相談|宛|係|責任者|担当")
    if desk.mail or desk.phone or desk.address.ja:
        return True
    if any(_REACHED.search(_page(s, elsewhere=elsewhere)) for s in read.sentences):
        return True
    if read.document is None and read.outline.contact.phone:
        return True  # the importer reads numbers in kanji, too
    return not elsewhere and any(
        _PLACE.search(read.whole(n.id)) and near.search(read.whole(n.id))
        for n in read.tops
        if not n.id.startswith("pre")
    )


def _desk(read: Reading) -> str:
    """The clause of the desk: an article of its own before an item that only speaks of inquiries."""
    own = (n.id for n in read.tops if n.kind in {"desk", "complaint"})
    return next(own, "") or read.first("desk", "complaint")


# A complaint in the words of people, where somebody takes it: ご意見は…へ, お叱りは…までお寄せください.
_COMPLAINT: Final = re.compile(
    r"苦情|クレーム|不服|(?:(?<!質問、)(?<!質問や)(?<!質問・)(?<!質問及び)ご意見(?![、や・]ご?質問|及びご?質問)|不満|ご?指摘|お叱り|お気[づ付]き|異議|トラブル|お困り|納得)[^。]{0,40}(?:まで|へ|宛|窓口|承|受け|お寄せ|お?聞かせ|連絡|申し?出|[係室]に)"
    # A desk of its own for personal information, where whoever objects to its handling turns to.
    r"|個人(?:情報|データ)(?:の|に)?[^。、]{0,16}(?:相談|問い合わせ)(?:(?:及び|や|・|又は)?ご?(?:相談|問い合わせ))?[^。]{0,8}(?:窓口|相談室|デスク)"
)


@rule(
    "L-DIS-07",
    "error",
    "T",
    "APPI Art. 32(1)(iv)",
    "APPI Order Art. 10(ii)",
    "APPI Art. 40",
    often=0.4,
)
def lacks_a_desk_for_complaints(read: Reading) -> Iterator[Seen]:
    """There is no desk that takes complaints."""
    document = read.document
    said = any(not s.under & {"purposes"} for s in read.saying(_COMPLAINT))
    if document is not None:
        desk = document.controller.desk
        reached = bool(desk.mail or desk.phone or desk.address.ja)
    else:
        reached = has_contact(read)
    if not said or not reached:
        yield Seen(
            "desk" if document else _desk(read),
            Text("苦情の申出先がありません", "there is no place for complaints"),
            Text(
                "窓口の連絡先と、苦情を受け付けることを書いてください",
                "write how the desk is reached, and that it takes complaints",
            ),
        )


@rule("L-DIS-08", "warn", "R", "APPI Art. 32(1)(iv)", "APPI Order Art. 10(iii)")
def lacks_the_accredited_organisation(read: Reading) -> Iterator[Seen]:
    """The company belongs to an accredited organisation, and the policy does not name it."""
    body = read.registers.accredited
    if body and body not in "".join(n.text for n in read.outline.walk()):
        yield Seen(
            read.first("desk", "complaint"),
            Text(
                "加入している認定個人情報保護団体が書かれていません",
                "the accredited organisation is not named",
            ),
            Text(f"{body} と苦情の申出先を書いてください", f"name `{body}` and its desk"),
        )


_PHONE: Final = re.compile(r"0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}|0[5789]0\d{8}|0120-?\d{3}-?\d{3}")
_WHO: Final = re.compile(
    r"(?:責任者|管理者|担当者?|部|課|室|係|センター|事務局|窓口)[::]|担当者|(?:部|課|室|係|センター|窓口|事務局)(?:あて|宛)|[^お]客様相談室|相談窓口\n|責任者[::]?[一-龥]{2,}|[一-龥ァ-ヴー]{2,12}(?<!全)(?:係|室|課|部|窓口|事務局|センター|デスク)(?:$|[\n)】〒])|総務部|(?:個人情報)?(?:保護)?(?:管理者|担当)"
)


# What a remark says is not yet there.
_NOT_YET: Final = re.compile(
    r"[^\n。]{0,60}\([^()\n]{0,24}(?:準備中|未定|未設定|後日|完了後|要記[入載]|決まり次第|別途|問い合わせください|請求が?あ|求めに応じ|遅滞なく)[^()\n]{0,16}\)"
)
_TO_MAIL: Final = re.compile(
    r"メール(?:アドレス)?(?:宛て?|あて)?(?:に|へ|まで)[^。]{0,12}(?:お?寄せ|お?送り|ご?連絡|お?問い合わせ|お願い|お申し?出)"
)


def _takes_mail_only(read: Reading) -> bool:
    """Whether the desk asks for mail, and nothing in its clause takes a letter or a visitor."""
    asked = {s.top for s in read.saying(_TO_MAIL, "desk", "complaint")}
    other = re.compile(r"郵[送便]|書面|封書|手紙|来[店社院所]|お越し|窓口(?:へ|に|で)")
    return any(not other.search(read.whole(top)) for top in asked)


@rule(
    "L-DIS-09",
    "warn",
    "T",
    "APPI Art. 32(1)(iv)",
    "APPI Order Art. 10(ii)",
    "APPI Order Art. 12(i)",
    "PPC GL 3-8-1",
    often=0.35,
)
def gives_half_a_contact(read: Reading) -> Iterator[Seen]:
    """The desk can be reached by mail only, has no name, or is one that is named elsewhere."""
    at = read.first("desk", "complaint", "controller")
    circular = next(iter(read.saying(_CIRCULAR)), None)
    if circular and not has_contact(read):
        yield Seen(
            circular.at,
            Text("窓口がどこなのか分かりません", "the text does not say where the desk is"),
            Text("窓口の名前と連絡先を書いてください", "name the desk and how it is reached"),
            circular.raw,
            "error",
        )
    elif not has_contact(read):
        yield Seen(
            at,
            Text("窓口の連絡先がありません", "there is no way to reach the desk"),
            Text("窓口の名前と連絡先を書いてください", "name the desk and how it is reached"),
        )
    elif not _PHONE.search(read.text) and not read.outline.contact.phone:
        named = _WHO.search(read.text)
        placed = _PLACE.search(_NOT_YET.sub("", read.text))
        if placed and named and not _takes_mail_only(read):
            return
        yield Seen(
            at,
            Text(
                "電話番号か、窓口の名前と住所がありません（メールだけでも足ります）",
                "there is no telephone, or no name and address of the desk (mail alone is accepted)",
            ),
            Text(
                "窓口の名前、電話番号や住所も書いてください", "add its name, telephone or address"
            ),
            "",
            "info",
        )
