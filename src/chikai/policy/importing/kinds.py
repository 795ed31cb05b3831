"""What a clause is about: said by its title first, then by anchors in its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import english

if TYPE_CHECKING:
    from chikai.policy.outline import Kind

LONGEST: Final = 120  # no heading is longer, and no more of one is searched
_DATES: Final = r"^(附則|付則|改定履歴|改訂履歴|制定日?|改[定訂]日)$|^附\s*則"
# The first pattern that a title holds decides, so the narrow ones stand before the wide ones.
_TITLES: Final[tuple[tuple[str, Kind], ...]] = (
    (_DATES, "dates"),
    (r"(利用|使用|収集)?目的の(変更|追加)", "purpose_change"),
    (
        r"(窓口|連絡先|問い?合わ?せ)(は|$|先|窓口|について|ください|フォーム|・|、|及び|および|等|\()",
        "desk",
    ),
    (r"(?<!変更の)手数料|費用", "fee"),
    (
        r"必要な(個人)?(情報|データ)(について)?$|(個人)?(情報|データ)の(名称(又|また)は)?種類$",
        "items",
    ),
    # `すべての開示対象個人情報の利用目的`, where `開示対象` alone speaks of requests
    (r"(?<!委託された)(個人情報|個人データ)の(利用|使用)目的(について|に関して)?$", "purposes"),
    (r"共同(して)?(利用|使用)", "joint"),
    (r"匿名加工|仮名加工|統計(情報|データ)|非特定", "anonymised"),
    (
        r"cookie|クッキー|クッキ－|アクセス(解析|ログ)|Google ?(Analytics|アナリティクス)|行動ターゲティング|(解析|分析|計測)(ツール|サービス)|外部送信|ウェブビーコン|Web ?ビーコン|情報収集モジュール|トラッキング|広告(の|配信|表示)|インフォマティブ",
        "cookie",
    ),
    (r"(外国|海外|国外|越境|第三国)", "foreign"),
    (r"利用目的の?(の)?通知", "rights.purpose"),
    (
        r"第三者(へ|に|への|に対する)(個人情報の)?(の)?(開示|提供)(?!.*(停止|記録|請求|止め|権利))",
        "third_party",
    ),
    (
        r"(開示|訂正|利用停止|削除).*(手続|手順|方法|様式|請求先|申請|申出先)|請求(の)?(手続|方法)|本人確認",
        "procedure",
    ),
    (r"権利(について|の行使)?$", "rights"),
    (
        r"開示.*(訂正|停止|削除|消去|等)|(開示|訂正|停止).*請求|(ご?本人|お客様|利用者|ユーザー).*(権利|請求|求め|関与|照会)|開示対象|保有個人データに関する(事項|周知)",
        "rights",
    ),
    (
        r"(訂正|追加|削除|修正|変更)(及び|および|・|、|等|または|又は).*(訂正|追加|削除|修正|停止)?(?<!ポリシー)$|(情報|データ|内容)の(訂正|削除|修正|変更)|訂正|照会",
        "rights.correct",
    ),
    (
        r"(利用|使用|提供|取扱い?)(の|を)?(停止|中止)|オプトアウト(?!による)|消去|同意の?撤回",
        "rights.suspend",
    ),
    (r"開示", "rights.disclose"),
    (
        r"第三者.*(提供|開示|共有|移転)|提供先|(外部|他社|他者|[院社館園校学]外)への(提供|開示)|(情報|データ)の(提供|開示|共有)(について|に関して|先)?$|提供の?制限|公開",
        "third_party",
    ),
    (r"委託|委任", "entrust"),
    (r"要配慮|機微|センシティブ", "items"),
    (r"(利用|使用|取扱い?|収集|取得|活用)の?目的|目的|(利用|使用)の?範囲$", "purposes"),
    (
        r"安全|セキュリティ|漏え?い|漏洩|保護(対策|措置)|管理(体制|措置|責任者)?(について|に関して)?$|適正な?管理|監督|正確性",
        "security",
    ),
    (
        r"(保存|保管|保持|保有)(の|する)?(期間|年限|期限)|^(保存|保管|保持)(について)?$|廃棄|退会",
        "retention",
    ),
    (r"苦情|相談", "complaint"),
    (
        r"(ポリシー|方針|本規約|規程|内容|記載|規定)の?.*(変更|改定|改訂|見直|更新)|^(変更|改定|改訂)|(変更|改定|改訂)(について|の手続|手続)?$|継続的.*改善|見直し",
        "change",
    ),
    (r"未成年|子ども|こども|児童|1[3-8]歳|保護者", "minors"),
    (r"(法令|法律|規範|ガイドライン|準拠法|コンプライアンス).*(遵守|順守|適用|管轄)?", "law"),
    (r"(収集|取得|登録)の?(範囲|項目|種類)", "items"),
    (r"定義|用語|個人情報とは|個人情報について$|^個人情報$|の範囲$", "definition"),
    (
        r"集め(る|た).{0,6}(情報|もの)|お?(聞き|伺い|預かり)する(こと|もの)$|(対象と(する|なる)|取り?扱う)(個人)?(情報|データ)|(お預かり|お伺い|お聞き)(する|した|している|します).*(情報|項目)|(取得|収集|提供|利用|保有|登録)(する|される|して?いただく|した|している|します|いたします)?.*(情報|項目|データ)|(情報|データ|項目)の?(収集|取得|入手|種類|項目|内容|範囲)|(収集|取得)(項目|方法|について|に関して|$)|取得と|情報の登録",
        "items",
    ),
    (
        r"個人情報(取扱い?|保護)(事業者|管理者|責任者)|管理者|管理責任者|事業者の(名称|氏名|情報)|^事業者(について)?$|運営(者|会社)|会社(概要|名)|名称",
        "controller",
    ),
    (
        r"適用(範囲|対象)|対象(範囲|サービス)|はじめに|基本(方針|的な考え)|本ポリシーについて|総則|目標",
        "scope",
    ),
    (r"^[院社館園校学店所]内(での|における)(ご?利用|使用)(について|等)?$", "purposes"),
    (
        r"^(個人|お客様|利用者|ユーザー|会員)?(情報|データ)のご?(利用|使用|活用)(について|に関して)?$",
        "purposes",
    ),
    (r"利用(について|に関して|$)|使用について|提供(について|に関して|$)", ""),
    # What plain speech says in place of the words above.
    (
        r"(使|用い)う?(場面|理由|わけ)|何のため|なぜ|(使|つか)(い(道|みち|方|かた)|う(か|ため|目的))|どう使|どのように(使|利用)",
        "purposes",
    ),
    (r"(見たい|直したい|消したい|やめ(たい|てほしい)|止め(たい|る)|確かめたい|見る、)", "rights"),
    (r"渡(す|さな|し)|見せ(る|な)|教え(る|な)", "third_party"),
    (r"(お願い|任せ|頼)(する|ている|る|む).*(会社|人|先|とき)?$", "entrust"),
    (r"守(る|り)", "security"),
    (r"いつまで|とっておく|残(す|して)|消(す|し)", "retention"),
    (r"困った|聞きたい|(わか|分か)らない", "desk"),
    (r"(変え|変わ|見直)(る|す)", "change"),
    (
        r"(集め|預か|もら|うかが|伺|記録し|持っ)(る|り|う|い|って|ま|た|て)|いただ(く|いた|いている)(個人)?(情報|もの|内容)|(ど(の|んな)|どのような)(個人)?(情報|データ)",
        "items",
    ),
    (r"お?子(さま|様|さん)", "minors"),
)
_BY_TITLE: Final = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _TITLES)
# Words that a section of a policy is about: a line that holds one is likelier to be a heading than an item of a list.
SUBJECT: Final = re.compile(
    r"目的|第三者|提供|開示|訂正|停止|安全|窓口|問い?合わ?せ|連絡先|変更|改定|改訂|見直|委託|共同利用|管理|取得|収集|定義|法令|遵守|cookie|クッキー|解析|"
    r"適用|範囲|苦情|相談|保存|期間|未成年|免責|準拠|同意|権利|手続|匿名|統計|個人情報|プライバシー|取扱|はじめに|利用について|事業者|責任者|その他|教育|改善|附則|考え方|保管|保持|共有|理念|"
    r"何のため|使い(?:道|みち|方)|使うか|どう使|集め|お?預かり|渡[すさし]|守(?:り方|る(?:しくみ|仕組み|ため))|見たい|直したい|やめ(?:たい|てほしい)|見る、|"
    r"困った|変え(?:る|た)とき|変わるとき|いつまで|"
    r"\b(?:information|personal data|data we|use of|your (?:rights|choices)|contact|retention|security|sharing|changes to|children|third part|purposes? of|who we are|(?:how|what|why) (?:do |can |is )?(?:we|you)|privacy)\b",
    re.IGNORECASE,
)
_BODY: Final[tuple[tuple[str, Kind], ...]] = (
    (r"共同(して)?利用", "joint"),
    (r"利用目的を変更|目的の変更|変更後の(利用)?目的", "purpose_change"),
    (
        r"(次|以下|下記)の(各号に(定める|掲げる))?(利用)?目的|利用目的は.{0,20}(以下|次|下記)|ため(に|にのみ)?(利用|使用)(し|する|いた|させ)|^.{0,40}利用目的は、",
        "purposes",
    ),
    (
        r"(開示|訂正|追加|削除|消去|利用(の)?停止)(等|、|・|,|又は|または|及び|および|や)[^。]{0,80}(請求|求め|申出|申し出|ご?依頼|希望)",
        "rights",
    ),
    (r"(提供|利用)の?(停止|差止め?)[^。]{0,24}(請求|求め|申出|申し出)", "rights.suspend"),
    (r"第三者(に|へ|への|には)[^。]{0,30}(提供|開示)", "third_party"),
    (
        r"(情報|データ)(等)?(は|を)、[^。]{2,80}に(のみ|だけ)?、?(利用|使用)(し(?!ま?せん|ない)|いたします|させていただき)",
        "purposes",
    ),
    (r"委託(先|する|し)", "entrust"),
    (r"(漏え?い|漏洩|滅失|毀損|き損|改ざん|不正アクセス|安全管理)", "security"),
    (r"(開示|訂正|利用停止)[^。]{0,40}(請求|求め|申出|申し出)", "rights"),
    (r"cookie|クッキー|Google ?Analytics|アクセス解析", "cookie"),
    (r"(本|当)?(ポリシー|方針)[^。]{0,30}(変更|改定|改訂)", "change"),
    (r"(窓口|連絡先|問い?合わ?せ)", "desk"),
    (r"(取得|収集)(し|する|いた)", "items"),
    (r"法令|規範", "law"),
    (r"(継続的|見直し|改善)[^。]*(ます|る)。?", "change"),
    (r"とは[、,].{0,80}をいいます|定義", "definition"),
)
_BY_BODY: Final = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _BODY)


def by_title(title: str) -> Kind:
    """The kind that a heading says; empty where it says none."""
    head = title[:LONGEST]
    if english.is_english(head) and (kind := english.kind(head)):
        return kind
    for pattern, kind in _BY_TITLE:
        if pattern.search(head):
            return kind
    return english.kind(head) if english.is_english(head) else ""


def by_words(text: str) -> Kind:
    """The kind that the words of a clause say; empty where they say none."""
    head = text[:600]
    for pattern, kind in _BY_BODY:
        if pattern.search(head):
            return kind
    return english.kind_of_words(head) if english.is_english(head) else ""
