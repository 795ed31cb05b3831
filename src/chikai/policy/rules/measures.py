"""The measures that keep the data safe, as a policy describes them.

Law: APPI Art. 23, APPI Art. 32(1).
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

_MEASURE: Final = re.compile(
    r"アクセス(?:制御|権|制限|管理|可能)|アクセスできる(?:者|従業者|担当)|暗号|ssl|tls|施錠|入退(?:室|館)|ファイア?ー?ウォール|ファイヤーウォール|ウ[イィ]?ルス対策|パスワード|多要素|二段階|バックアップ"
    r"|(?:教育|研修|訓練)(?:を|の)?(?:定期|実施|行|徹底|受)|(?:研修|教育)の実施|定期的[^。]{0,20}(?:研修|教育|点検|監査)|規程(?:の|を|等を|類を)?(?:策定|整備|定め|制定)|取扱規程|規律の整備"
    r"|責任者(?:の|を)(?:設置|選任|任命|配置|置|定め)|責任者や[^。]{0,12}体制の整備|持ち?出し|盗難|秘密保持|誓約|脆弱性|監視|セキュリティソフト|不正ソフトウェア|ログの?(?:取得|記録|監視|分析)|シュレッダー|外部記憶"
    r"|(?:接続|閲覧|取扱|利用|操作|参照)(?:え|う|でき)る?[^。]{0,12}(?:者|職員|担当|社員|従業員|従業者|人)[^。]{0,10}(?:限|制限|絞)"
    r"|(?:だけ|のみ|しか)(?:が|に|は)?[^。、]{0,14}(?:入れ|開け|見られ|見え|ログイン|使え|触れ|扱え)|(?:退職|異動|退社)[^。]{0,16}(?:id|アカウント|権限)[^。]{0,16}(?:止め|停止|無効|削除|抹消|外)|(?:毎[年月週日]|年\d{1,2}回|半年|四半期|定期)[^。]{0,40}(?:点検|監査|棚卸)|鍵|金庫|書庫|保管庫|キャビネット|立ち?入り?を?(?:制限|禁)|裁断|溶解|(?:勉強会|講習|説明会)(?:を|の)"
)
_KEEPING: Final = re.compile(
    r"漏え?い|漏洩|流出|滅失|き損|毀損|紛失|改ざん|不正アクセス|安全管理|安全対策|安全措置|安全確保|セキュリティ|鍵|施錠|金庫"
)
# Said among other things, such as under a heading that also speaks of third parties.
_TAKEN_HERE: Final = re.compile(
    rf"{SELF}[^。]{{0,30}}安全(?:管理|対策)?(?:措置|対策)|(?:以下|次)の[^。]{{0,8}}安全(?:管理)?(?:措置|対策)"
)
# That what is sent is encrypted is a measure wherever it is said.
_ENCRYPTED: Final = re.compile(
    r"(?:通信|送信|入力|サイト|情報|データ|フォーム)[^。]{0,60}(?:暗号化(?:し|され|さ|する|を行|通信)|(?:ssl|tls)[^。]{0,20}(?:対応し|利用し|使用し|採用し|導入し|用い))"
)
# A clause that nobody gave a kind and that speaks of care for the data.
_OF_CARE: Final = re.compile(r"(?:情報|データ)[^。]{0,16}(?:保護|安全|守)")
_MEASURES: Final = ("APPI Art. 32(1)(iv)", "APPI Order Art. 10(i)", "PPC GL 3-8-1")


def _measures(read: Reading) -> str:
    """What the policy says about its measures, in one spelling."""
    apart = {"rights", "third_party", "entrust", "cookie", "desk", "scope", "complaint", "purposes"}
    tops = {
        s.top
        for s in read.sentences
        if "security" in s.under
        or (_KEEPING.search(s.text) and not s.under & apart)
        or (not s.under and _MEASURE.search(s.text) and _OF_CARE.search(read.whole(s.top)))
        or ("third_party" in s.under and _TAKEN_HERE.search(s.text))
        or (not s.under & {"items", "definition"} and _ENCRYPTED.search(s.text))
        or ("scope" in s.under and _KEEPING.search(s.text) and _MEASURE.search(s.text))
    }
    return "\n".join(s.text for s in read.sentences if s.top in tops)


@rule("L-DIS-04", "error", "T", *_MEASURES, often=0.55)
def lacks_the_measures(read: Reading) -> Iterator[Seen]:
    """The measures that were taken to keep the data safe are not described."""
    said = _measures(read)
    if not _MEASURE.search(said):
        at = read.first("security")
        lead = next((s for s in read.said(at) if _KEEPING.search(s.text)), None)
        yield Seen(
            lead.at if lead else at,
            Text(
                "講じている安全管理措置の内容が文書にありません",
                "the measures that were taken are not in the document",
            ),
            Text(
                "とっている措置を具体的に書くか、求めに応じて答えられるよう用意してください",
                "describe the measures, or have the answer ready for whoever asks",
            ),
            lead.raw if lead else "",
        )


_LABEL: Final = r"(?:^|[\n|■・●])"
# Each kind by its name, or by a measure of that kind.
_KINDS: Final = (
    (
        "組織的",
        re.compile(
            r"組織的(?:かつ|・|、|及び|な|安全|管理|措置|対策|施策|側面|並びに|[::)\]】])|組織(?:面|体制)|(?:責任者|管理者|担当者)(?:\([^()]{0,24}\))?(?:の|を|や|等を?)[^。、]{0,12}(?:設置|選任|任命|置|定め|指名|設け|整備)|責任者とし|責任者です|が責任者|責任者を[^。、]{1,12}とし|管理[^。、]{0,6}責任を負(?!いません|わない)|点検|監査|(?:管理|組織|責任|対応)体制(?:の|を)(?:整備|整え|構築)|報告連絡体制|取扱い?(?:状況)?(?:に関する|の)(?:記録|台帳)"
            rf"|{_LABEL}組織[|::]"
        ),
    ),
    (
        "人的",
        re.compile(
            r"(?<!個)人的(?:・|、|及び|な|安全|管理|措置|対策|施策|側面|並びに|かつ|[::)\]】])|人の?面|(?:研修|教育|訓練|講習|勉強会)(?:を|の|の?実施|・|(?:に|へ)参加)|秘密保持|守秘義務|誓約|(?:従業[者員]|職員|社員|スタッフ)[^。]{0,24}(?:監督|教育)"
            rf"|{_LABEL}人[|::]"
        ),
    ),
    (
        "物理的",
        re.compile(
            r"物理的(?:・|、|及び|な|安全|管理|措置|対策|施策|側面|並びに|かつ|[::)\]】])|物理面|施錠|入退(?:室|館)|盗難|持ち?出し|鍵(?:の|つき|付き|を)|金庫|立ち?入り?を?(?:制限|禁)|入室を?(?:制限|記録)|入室者|ワイヤー?で|(?:部外者|関係者以外|来訪者|来店者)[^。]{0,16}(?:入れ|立ち?入|入室)|電子錠|(?<!手)錠(?:を|前)|カードキー|icカードで?[^。]{0,8}入|警備|キャビネット|書庫|保管庫|耐火|机上|クリアデスク"
            rf"|{_LABEL}(?:物理|設備|物)[|::\n]"
        ),
    ),
    (
        "技術的",
        re.compile(
            r"技術的(?:・|、|及び|な|に|安全|管理|措置|対策|施策|側面|並びに|かつ|保護|[::)\]】])|技術面|アクセス(?:制御|権|制限)|(?:アクセス|接続|閲覧|ログイン)(?:が|を)?(?:できる|する)?[^。、]{0,16}(?:限|制限)|暗号(?!資産)|ssl|tls|ファイア?ー?ウォール|(?:ウ[イィ]?ルス|マルウェア)(?:対策|を防)|不正アクセス対策|認証(?!局|資格|取得|基準|機関|団体|制度|の?更新|を?取得)|ログ(?:の|を)(?:取得|記録|監視|保存)"
            rf"|{_LABEL}技術[|::]"
        ),
    ),
)
_IN_ENGLISH: Final = {
    "組織的": "organisation",
    "人的": "people",
    "物理的": "premises",
    "技術的": "technology",
    "外的環境の把握": "the environment abroad",
    "規律": "written rules",
}
_WRITTEN_RULES: Final = re.compile(
    r"規律|規程(?!は、(?:当|本))|取扱(?:方法|規則|ルール|基準|手順)|(?:社内|内部)(?:規[則定]|ルール)|内規|マニュアル|手順書|(?:ルール|規則|手順|決まり|きまり|心得)(?:書)?を[^。、]{0,16}(?:定|設|整|まとめ|置)"
)
# Data that is handled abroad; that it is not, or that a law is foreign, names no place.
_ABROAD: Final = re.compile(r"(?:外国|海外|国外)(?![^。]{0,40}(?:ません|ない|法令|発送|配送))")
# Data that somebody abroad handles for the company, so that the law there is part of its own measures.
_HANDLED_ABROAD: Final = re.compile(
    r"(?:外国|海外|国外)(?:の|にある|に所在する|に)[^。、]{0,24}(?:拠点|サーバ|クラウド|データセンター|委託|保守|開発)(?![^。]{0,40}(?:ません|ない))"
)
# Two kinds called by their names in a list of measures.
_BY_NAME: Final = re.compile(r"組織的|(?<!個)人的|物理的|技術的")
_ENVIRONMENT: Final = re.compile(
    r"外的環境|(?:外国|当該国|海外|国外)[^。]{0,40}制度|(?:国|地域|合衆国|共和国|連合|同国)の[^。、]{0,24}制度(?:等|など)?を(?:把握|調べ|確認|理解|踏まえ)"
)
_KIND_LABEL: Final = re.compile(
    r"^[【(\[・■●]?(?:組織|人|物理?|設備|技術)(?:的|面)?(?:安全管理)?(?:措置|対策)?[】)\]::|]"
)


def _are_listed(read: Reading) -> bool:
    """Whether the measures stand one by one, so that what is not among them was left out."""
    nodes = (n for n in read.outline.walk() if "security" in read.under[n.id])
    labels = sum(bool(_KIND_LABEL.search(s.text)) for s in read.sentences if "security" in s.under)
    return labels >= 3 or any(len(n.children) >= 3 for n in nodes)


@rule(
    "L-DIS-05",
    "warn",
    "T",
    "APPI Art. 23",
    "APPI Order Art. 10(i)",
    "PPC GL 3-8-1",
    *(f"PPC GL 10-{n}" for n in range(1, 8)),
    often=0.9,
)
def lacks_kinds_of_measures(read: Reading) -> Iterator[Seen]:
    """A kind of measure is not named: organisation, people, premises or technology; then rules and environment, too.

    The guideline also lists written rules, which a list of measures shows to be missing and prose does not, and, where
    data is handled abroad, the environment there.
    """
    said = _measures(read)
    own = "\n".join(s.text for s in read.sentences if "security" in s.under)
    if len(set(_BY_NAME.findall(own))) >= 2:
        said = own  # who names the kinds names all that there are
    missing = [name for name, pattern in _KINDS if not pattern.search(said)]
    handled = any(read.saying(_HANDLED_ABROAD, "foreign", "third_party", "entrust"))
    if handled and not _ENVIRONMENT.search(read.text):
        missing.append("外的環境の把握")
    if (missing or _are_listed(read)) and not _WRITTEN_RULES.search(read.text):
        missing.append("規律")
    if not missing:
        return
    abroad = not handled and _ABROAD.search(read.text)
    if abroad and not _ENVIRONMENT.search(read.text):
        missing.append("外的環境の把握")
    yield Seen(
        read.first("security"),
        Text(
            f"安全管理措置のうち、書かれていない種類があります（{'、'.join(missing)}）",
            f"kinds of measures that the text does not name: {', '.join(_IN_ENGLISH[m] for m in missing)}",
        ),
        Text("とっている措置を種類ごとに書いてください", "write the measures of each kind"),
    )
