"""The data items that a policy names.

Law: APPI Art. 2(3), APPI Art. 20(2), APPI Art. 23.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.purposes import purposes
from chikai.policy.rules.reading import RIGHTS_KINDS, shadow
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import NOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Kind
    from chikai.policy.rules.reading import Reading

_ITEM_WORD: Final = re.compile(
    r"氏名|お?名前|住所|電話番号|メールアドレス|生年月日|性別|年齢|会社名|勤務先|職業|クレジットカード|口座|購入履歴|利用履歴|閲覧履歴|ipアドレス|cookie|アクセスログ|位置情報|パスワード|アカウント|連絡先|画像|履歴書"
)
# What a datum may be called; `等` behind other things (法令等, 条件等) opens no item.
_DATUM: Final = (
    r"(?:情報|番号|履歴|データ|アドレス|id|識別子|氏名|名前|名称|ユーザー名|住所|所属|役職|職業|内容|記録|写真|画像|動画|音声|年月日|性別|年齢|学年|ログ|cookie"
    r"|口座|url|日時|時間|メモ|書類|経歴書?|履歴書|紹介状|証|資格|連絡先|事項|アカウント|プロフィール|アイコン|位置|国籍|続柄|電話|メール|ページ|端末|設定)"
)
_OPEN: Final = re.compile(
    r"(?<!条件)(?<!法令)(?<!規約)(?<!サービス)等(?!号|級|しい)|など|その(?:他|ほか)(?!の?(?:目的|方法|手段|規範|関係|法令|場合|第三者))|(?<!その)(?<![うくぐすつぬぶむる])ほか(?:の|、)|他の情報|任意に[^。]{0,12}情報"
)
_OPEN_DATUM: Final = re.compile(
    rf"{_DATUM}[^。、|]{{0,4}}(?<!個人情報)(?:等(?!号|級|しい)(?:の|を|に|が|は|と|で|も|$|[、,)(。:|])|など)"
    r"|[、・,][^。、|をにはがで]{1,20}(?:等|など)(?:の|、)?[^。、|をにはがで]{0,10}(?:情報|データ|事項)"
    r"|[、・,][^。、|]{1,16}ほか(?=[。」)|]|$)|(?:情報|データ|履歴|記録|ログ|属性|連絡先)\([^()。]{1,40}(?:等|など)\)"
    r"|(?:その|其の)(?:他|ほか)(?:の|、|これ)?(?!の?(?:利用)?目的(?!を達成)|の?(?:方法|手段|規範|関[係連]|法令|場合|第三者|者|サービス)|(?:当社が)?どのよう|不正)"
    r"[^。、|]{0,30}(?:情報|データ|事項|内容|項目|もの|識別子|属性|コンテンツ)(?!を取得する場合)"
    r"|[、・,][^。、|]{1,12}(?<!その)ほか[^。、|]{0,12}(?:情報|データ|事項)"
    r"|任意に[^。]{0,12}情報|のほか[、,][^。]{0,30}(?:情報|データ)を(?:取得|収集)"
)
_DEFINES: Final = re.compile(
    r"とは[、,]|を(?:いい|いう|指し|指す|意味)|識別(?:する|でき)(?!る?情報)|記述等により|個人識別符号|第2条"
)
_ASKED_FOR: Final = re.compile(
    r"(?:取得|収集|いただ|集め|預か|うかが|お聞き)[^。]{0,12}(?:情報|項目|内容|データ|もの)$|送信(?:する|される)(?:情報|項目|データ)$"
)
# Items behind their own label, or in brackets behind what they are: 情報の項目：氏名等, 識別できる情報（氏名等）.
_LABELLED: Final = re.compile(
    rf"(?:情報|データ)の(?:項目|種類|内容)[::は]?(?=[^。]*{_ITEM_WORD.pattern})|(?:送信|取得|収集)(?:する|される|した)(?:情報|データ|項目)[::]|(?:識別|特定|確認)(?:する|でき)る?情報\((?=[^()]*{_ITEM_WORD.pattern})[^()]*(?:等|など)\)"
)
# A sentence that tells how data is taken is no member of a list.
_TOLD: Final = re.compile(
    r"(?:取得|収集|入力|登録|預か|いただ|渡|提供|共有|利用)[^。、]{0,16}(?:ます|ません|る)。?$"
)
_NEVER_TAKEN: Final = re.compile(
    rf"(?:取得|収集|尋ね|伺|預か|入力|登録|求め|提供|利用|使)[^。]{{0,24}}{NOT}|(?:不要|含まれ(?:ません|ない))"
)
# Where items are taken to be shown to the person, kept safe or given away, they are not listed.
_OF_ITEMS: Final[frozenset[Kind]] = frozenset(("items", "joint"))
_NOT_OF_ITEMS: Final[frozenset[Kind]] = RIGHTS_KINDS | frozenset(
    (
        "third_party",
        "security",
        "entrust",
        "foreign",
        "desk",
        "complaint",
        "change",
        "law",
        "purpose_change",
        "anonymised",
    )
)


def items(read: Reading) -> tuple[tuple[str, str, str], ...]:
    """The items that the text names: clause, own words and the words in one spelling."""
    found = [(i.clause, i.text or i.name) for i in read.outline.items]
    return tuple((at, words, shadow(words)) for at, words in found)


def _headed(read: Reading) -> list[tuple[str, str, str]]:
    """What stands as mere nouns under a heading of data that nobody gave a kind: 団体に関する情報."""
    return [
        (n.id, n.text, shadow(n.text))
        for n in read.outline.walk()
        if not n.kind and n.text and "。" not in n.text and _OF_DATA.search(shadow(n.title))
    ]


_OF_DATA: Final = re.compile(
    r"^[^。、]{1,24}(?:に関する|その他の|についての|に関わる)(?:情報|データ)$|^その他の(?:情報|データ)$"
)


@rule("L-CAT-01", "warn", "T", often=0.4)
def leaves_items_open(read: Reading) -> Iterator[Seen]:
    """A data item is open-ended: 等, など or その他."""
    clauses = {i.clause for i in read.outline.items}
    uses = {p.clause for p in read.outline.purposes}
    terms = sorted(set(_TERM.findall(read.text)))[:_TERMS]
    for s in read.sentences:
        if _AN_AIM.search(s.text):
            continue
        labelled = bool(_LABELLED.search(s.text))
        item, use = s.at in clauses or labelled, s.at in uses
        if (s.under & _NOT_OF_ITEMS and not item) or (s.under & {"definition"} and not item):
            continue
        plain = s.at in clauses and not use and not _TOLD.search(s.text)
        above = (n.title for at in {s.at, s.top} if (n := read.outline.by_id.get(at)))
        under = s.under & _OF_ITEMS or any(_ASKED_FOR.search(shadow(t)) for t in above)
        listed = item or bool(under and not use)
        words = s.text
        for term in terms:
            words = words.replace(term, term[:-1])
        if any(_is_open(cell, plain=plain, listed=listed) for cell in words.split("|")):
            yield Seen(
                s.at,
                Text(
                    "「等」「その他」で、項目の範囲が決まっていません", "the items are open-ended"
                ),
                Text("取得する項目をすべて書いてください", "name every item that is acquired"),
                s.raw,
            )


# A member of a list that ends in what it is for is a purpose, wherever the list stands.
_AN_AIM: Final = re.compile(r"^[^。、|]{2,60}(?:[のるいう])ため(?:に|です)?。?$")
# A term of the policy that ends in 等 is closed by what it is said to mean: 依頼者及び相談者（以下「依頼者等」）.
_TERMS: Final = 12
_TERM: Final = re.compile(r"以下、?(?:単に|総称して|あわせて|併せて)?「([^」]{1,12}等)」")
# An occasion on which data is taken, or a means by which, names no data.
_OCCASION: Final = re.compile(
    r"(?:場合|とき|際|時)。?$|(?:による|からの|での|を通じた)(?:取得|収集|入力)(?:です|となります|とします)?。?$|責任を負|保証(?:する|いたし|し)"
)
_MEANS: Final = re.compile(
    r"[^。、|]{0,30}(?:等|など)(?:の?各種)?[^。、|をはが]{0,12}(?:フォーム|画面|書類|窓口|方法)(?:で|から|に(?!関)|にて|より|を通じ)"
    r"|[^。、|]{0,30}(?:等|など)(?:を(?:用い|使っ|使い|利用し|通じ|介し|もとに)|に(?:より|よる|よって|て|おいて)|で(?!す)|から|の(?:方法|手段|際|場合|第三者|遵守))"
    r"|(?:その他|その他の)(?:手段|方法|第三者)[^。、|]{0,8}"
    r"|その(?:他|ほか)の?[^。、|]{0,8}(?:事業者|業者|会社|機関|団体|第三者|者)(?=(?:へ|に|から|と|が|は|の))"
)
# Acts and persons of whom `等` says no more than `and so on`, and words that only end in the sign.
_NOT_DATA: Final = re.compile(
    r"(?:取得|収集|利用|提供|管理|開示|訂正|保護|処理|委託|お客様|ユーザー|会員|従業員|社員|役員|取引先|家族|児童|生徒|本人|園児|さん|さま|[様者員方])等(?!の(?:氏名|住所))|その(?:他|ほか)の(?:要配慮個人情報|機微)|[中高初平均同対劣優]等|(?:目的|範囲|責任者|項目)等の事項"
)


def _is_open(text: str, *, plain: bool, listed: bool) -> bool:
    """Whether words that name data leave open which; `plain` words are an item of a list and nothing else."""
    if _NEVER_TAKEN.search(text) or _OCCASION.search(text):
        return False
    text = _NOT_DATA.sub("", _MEANS.sub("", text))
    if plain and _OPEN.search(text):
        return True
    taken = re.search(r"取得|収集|尋ね|入力|登録|提供いただ|預か|いただ|個人情報\(", text)
    if not listed and (len(set(_ITEM_WORD.findall(text))) < 2 or not taken):
        return False
    return not _DEFINES.search(text) and bool(_OPEN_DATUM.search(text))


_OBSERVED: Final = re.compile(
    r"利用履歴|(?:閲覧|検索|走行|視聴|アクセス|行動|操作|通信)(?:の)?履歴|閲覧|cookie|ipアドレス|(?:アクセス|操作|サーバー?|通信)(?:の)?ログ|(?<![ァ-ヴー])ログ(?!イン|ラム)|(?:システム|エラー|イベント|デバイス|アプリ|クラッシュ|プレイ)ログ|端末(?:の)?(?:情報|識別)|広告(?:用の?)?識別|位置情報|リファラ"
)
_GIVEN: Final = re.compile(
    r"(?:ご?提供|ご?入力|ご?登録|ご?記入|ご?記載|ご?申告|お?届け?出|ご?提出|お?教え)(?:を)?(?:いただ|され|して|くださ|になる|なさ|を?受け|願|頂戴)"
    r"|(?:お?知らせ|お?伝え|お?聞かせ|お?送り|お?預け|お?書き|お?渡し|お?示し|ご?送付|ご?送信|ご?返信|ご?回答)(?:を)?(?:いただ|くださ|になる|下さ|頂戴)"
    r"|(?:ユーザー|利用者|お客様|会員|本人|申込者)[がの][^。、]{0,16}(?:ご?提供|ご?入力|ご?登録|ご?記入)(?:する|した)"
    r"|(?:教え|知らせ|伝え|聞かせ|送っ|書い|渡し|見せ)て(?:いただ|もら|くださ)"
    r"|から(?:の)?(?:ご?提供|ご?申告|お?届け?出|ご?提出)|(?:お聞き|お伺い|うかが)"
)
_NOT_GIVEN: Final = re.compile(r"自動|機械的に|ご?利用に(?:伴|とも)")


@rule("L-CAT-02", "warn", "T", often=0.1)
def calls_observed_data_given(read: Reading) -> Iterator[Seen]:
    """Data that is observed stands in a list of what the person gives."""
    for node in read.outline.walk():
        # The list may stand behind another sentence than the one that announced it.
        leads = [s.text for s in read.said(node.id) if re.search(r"次|以下|下記", s.text)]
        lead = next((t for t in leads if _GIVEN.search(t)), read.lead(node))
        given = bool(_GIVEN.search(lead)) and not _NOT_GIVEN.search(lead)
        kinds = read.under[node.id]
        # Under a heading of purposes a list is one of data where its sentence says so.
        of_data = kinds & {"items"} or "purposes" not in kinds or re.search(r"情報|データ", lead)
        for child in node.children if of_data else ():
            plain = read.shadows[child.id]
            told = _GIVEN.search(plain) and not child.children and child.style != "line"
            seen = _OBSERVED.search(plain) and not _NOT_GIVEN.search(plain)
            if seen and (given or (told and "items" in read.under[child.id])):
                yield Seen(
                    child.id,
                    Text(
                        "本人から提供される情報の一覧に、自動的に得る情報が入っています",
                        "data that is observed is listed as provided by the person",
                    ),
                    Text("自動的に取得する情報を分けて書いてください", "list observed data apart"),
                    child.text,
                )


@rule("L-CAT-03", "warn", "S", often=0.65)
def leaves_items_without_purpose(read: Reading) -> Iterator[Seen]:
    """A data item is not connected with a purpose, in the structure or in the words of the policy."""
    for category in read.document.categories if read.document else ():
        if not read.document or read.document.purposes_of(category.id):
            continue
        yield Seen(
            f"category:{category.id}",
            Text(
                f"「{category.name.ja}」をどの目的に使うかが決まっていません",
                f"no purpose uses the item `{category.id}`",
            ),
            Text(
                "使う目的に加えるか、取得をやめてください",
                "add it to the purposes that need it, or do not acquire it",
            ),
            category.name.ja,
        )
    # What a clause on cookies says of its data says what for.
    # What is shared is shared for the purposes of the sharing.
    apart_from = {"cookie", "joint"}
    named = [i for i in items(read) if not apart_from & read.under.get(i[0], frozenset())]
    uses = purposes(read)
    held, used = {at for at, _, _ in named}, {at for at, _, _ in uses}
    # A group of persons with its data in the heading and its purposes below it.
    above = {at.rpartition(".")[0] for at in used}
    heads = (read.outline.by_id[at] for at in above | used if at in read.outline.by_id)
    grouped = held & above | {n.id for n in heads if _NAMES_ITEMS.search(shadow(n.title))}
    # Where the items have a list of their own, only a purpose that names one of them has it.
    listed = sum(at not in used for at, _, _ in named) >= _LISTED
    shared = {at for at, _, one in uses if at in held and (not listed or _SAYS_ITEM.search(one))}
    apart = not shared and len(grouped) < _GROUPS
    tops = {at.partition(".")[0] for at, _, _ in named}
    shown = sum(bool(_USES_ITEM.search(plain)) for _, _, plain in uses)
    told = (
        shown * 2 >= max(len(uses), 1)
        or sum(bool(_IN_BRACKETS.search(plain)) for _, _, plain in uses) * _IN_ALL
        >= max(len(uses), 1)
    ) or any(
        ("cookie" not in s.under and _MAPS.search(s.text))
        or (s.top in tops and _OF_ITS_OWN.search(s.text))
        for s in read.sentences
    )
    if len(named) >= 3 and len(uses) >= 3 and apart and not told:
        yield Seen(
            named[0][0].rpartition(".")[0] or named[0][0],
            Text(
                "どの項目をどの目的に使うかが書かれていません",
                "the text does not say which item is used for which purpose",
            ),
            Text("項目ごとに目的を示してください", "show the purposes of each item"),
            named[0][1],
        )


# A purpose that says which data serves it: 氏名を用いて, 商品の発送(氏名、住所), メールアドレス:広告の配信.
_USES_ITEM: Final = re.compile(
    rf"(?:{_ITEM_WORD.pattern}|履歴|成績|ログ|映像|録画|データ|情報|アドレス|番号|写真)[^。]{{0,24}}(?:用い|使[いっう]|もと|元|基づ|利用し|参照|照合|分析|解析|により|によって|から)"
    rf"|\([^()]*(?:{_ITEM_WORD.pattern}|履歴|成績|ログ|映像|情報)[^()]*\)|^[^。::]{{0,40}}(?:{_ITEM_WORD.pattern}|履歴|成績|ログ|映像|情報)[^。::]{{0,12}}[::]|[::](?:[^。]{{0,20}})?(?:{_ITEM_WORD.pattern})"
    # Columns that only blanks part: 契約の締結のため　　氏名、住所.
    rf"|(?:ため|目的)[、(]?(?:{_ITEM_WORD.pattern}|[一-龥ァ-ヴー]{{1,10}}の?(?:履歴|成績|ログ|映像|画像|番号|記録))(?=$|[、,・及と又])"
)
# What is of data in a purpose; to send news to people, or to hear what they think, names none.
_SAYS_ITEM: Final = re.compile(
    rf"{_ITEM_WORD.pattern}|履歴|成績|ログ|映像|録音|番号|写真|記録|データ"
)
_NAMES_ITEMS: Final = re.compile(
    rf"^(?:[^。]{{1,12}}の)?(?:{_ITEM_WORD.pattern})(?:$|[、,・及とや])|^[^。]{{1,40}}(?:情報|番号|履歴|データ|記録|内容)$"
)
# A table with a column for each, and a purpose that stands with its item: 収集目的：散歩の記録.
_MAPS: Final = re.compile(
    r"\|[^|]{0,12}目的[^|]{0,6}\|(?:[^|]{0,30}\|){0,3}[^|]{0,12}(?:情報|項目|データ)|\|[^|]{0,12}(?:情報|項目|データ)[^|]{0,8}\|(?:[^|]{0,30}\|){0,3}[^|]{0,12}(?:目的|使いみち|使い道|用途|(?:利用する|使う|用いる)(?:業務|場面|事業))[^|]{0,6}\|"
)
_GROUPS: Final = 2
_LISTED: Final = 3
_IN_ALL: Final = 6  # one purpose in so many that names its items shows the manner
_IN_BRACKETS: Final = re.compile(rf"\([^()]{{0,40}}(?:{_ITEM_WORD.pattern})")
_OF_ITS_OWN: Final = re.compile(r"^[・\-*]?(?:収集|利用|取得|使用)(?:の)?目的[::]")


@rule("L-CAT-05", "error", "R", "APPI Art. 23", "PPC GL 10-3")
def holds_what_no_item_names(read: Reading) -> Iterator[Seen]:
    """A column of a database is covered by no data item of the policy."""
    for column in read.registers.columns or ():
        yield Seen(
            read.first("items"),
            Text(
                f"列 {column} に当たる項目がポリシーにありません",
                f"the column `{column}` is covered by no item",
            ),
            Text("項目に加えるか、列を消してください", "add an item, or drop the column"),
            column,
        )


_CARD: Final = re.compile(
    r"クレジットカード|(?<!ポイント)(?<!会員)カード(?:の)?(?:番号|情報|名義)|有効期限[^。]{0,12}セキュリティコード"
)
_AGENT: Final = r"(?:決済|カード|収納代行|支払い?(?:代行|処理|サービス))(?:代行|処理|サービス|システム|機関)?(?:会社|業者|事業者|機関|サービス|システム)"
# Who holds card data: a named service, an agent that takes or keeps it, or nobody here.
_CARD_HELD: Final = re.compile(
    r"決済代行|収納代行|トークン|非保持|(?:stripe|paypal|pay\.jp|square)[^。]{0,40}(?:決済|支払|カード|収納)|(?:決済|支払|カード|収納)[^。]{0,40}(?:stripe|paypal|pay\.jp|square)|gmoペイメント|(?:sb|ソニー)ペイメント|ペイジェント|robotpayment|komoju|lemonsqueezy|paddle"
    rf"|(?:カード|決済|支払い?)[^。]{{0,60}}{_AGENT}[^。]{{0,24}}(?:が|は|に(?:て|おいて|より|よって)|を(?:通|介|経)|の?(?:画面|サイト|システム|サーバ)|で)"
    rf"|{_AGENT}[^。]{{0,40}}(?:カード|決済|支払い?)[^。]{{0,20}}(?:処理|保持|保管|保存|管理|取得|取扱|提供)"
    rf"|(?:カード|決済(?:手段|情報)?)[^。]{{0,40}}(?:保持|保存|保有|保管|取得|受け取|記録|収集|把握|知り得)[^。]{{0,10}}{NOT}"
)
_NO_CARD: Final = re.compile(
    rf"(?:送信|入力|記入|記載|送付|送ら|書き込)[^。]{{0,4}}(?:しないで|ないで|お控え)|{_NEVER_TAKEN.pattern}"
)


@rule("L-CAT-06", "warn", "T", "Installment Sales Act Art. 35-16", often=0.1)
def takes_cards_without_saying_who_holds_them(read: Reading) -> Iterator[Seen]:
    """Card data is an item, and nothing says who holds it."""
    card = next(
        (
            s
            for s in read.saying(_CARD)
            if not _NO_CARD.search(s.text) and not s.under & {"rights", "procedure", "security"}
        ),
        None,
    )
    if card is not None and not any(read.saying(_CARD_HELD)):
        yield Seen(
            card.at,
            Text(
                "カード情報をだれが持つのかが書かれていません",
                "the text does not say who holds card data",
            ),
            Text(
                "決済代行会社の名前、または自社で持たないことを書いてください",
                "name the payment service, or say that you hold none",
            ),
            card.raw,
        )


# What is of special care, or a number that few may hold, by its name.
_SENSITIVE: Final = r"(?:アレルギー|健康(?:の|上の)?(?:状態|診断|状況|配慮|注意|問題|情報)|(?:お)?(?:身体|からだ)の(?:状態|具合)|病歴|既往|持病|服薬|障害の(?:有無|種類|程度)|信条|信仰|宗教|犯罪(?:の)?(?:経歴|歴)|前科|人種|個人番号(?!カード)|マイナンバー(?!カード))"


@rule("L-CAT-07", "warn", "S", "APPI Art. 2(3)", "APPI Art. 20(2)", often=0.3)
def takes_free_text_without_a_rule(read: Reading) -> Iterator[Seen]:
    """People can write whatever they like, and no rule says what becomes of special-care information."""
    free = re.compile(
        r"任意(?:に|で)(?:ご?提供|ご?入力|ご?記入)|自由(?:記述|記入|回答)|アンケート[^。、]{0,8}回答|アップロード[^。、]{0,10}(?:ファイル|データ|文書|資料|書類)|(?:お?問い合わせ|ご?相談|ご?要望|ご?質問|ご?感想|ご?報告|ご?意見)[^。、::]{0,12}内容|(?:お?問い合わせ|ご?相談|ご?要望|ご?質問|ご?意見)(?:・[^。、・]{1,8})?(?:等|など)?(?:に関する|についての|の際に[^。、]{0,12}|時に[^。、]{0,12}|により[^。、]{0,12}|に含まれる|(?:フォーム)?(?:に|で|から)[^。、]{0,12}(?:入力|記入|記載|送信|提供)[^。、]{0,8})(?:情報|事項|データ|回答)|フォーム(?:から|へ|に|で)の?(?:ご?回答|ご?入力)(?:$|内容)|(?:問い合わせ|アンケート|相談|フォーム|コメント|応募)[^。、]{0,12}(?:記入|入力|記載|書き込)[^。、]{0,8}(?:内容|事項|文)|(?:チャット|メール|電話|通話|面談|商談|やりとり|やり取り)(?:で|の|での|で伺った|にて伺った)?[^。、]{0,10}(?:内容|文面|やりとり|やり取り)|(?:投稿|口コミ|レビュー|日記)(?:の内容|された内容|内容|文)|(?:コメント|感想|投書)(?:の(?:内容|本文))?(?:$|[、,(])|(?:投稿|投書|寄せ(?:られた|いただいた))[^。、]{0,16}(?:文章|文面|内容|本文)|伝えて?おきたいこと|(?:伝えたい|知っておいてほしい|気になる|お困りの)こと|なれそめ|エピソード|通信欄|自己pr|メッセージ(?:や会話)?(?:の(?:内容|本文)|本文|欄|内容)?(?:$|\()|(?:会話|発言|通話|トーク|チャット)(?:の)?(?:内容|履歴|データ|記録|本文|ログ)|プロンプト|入力(?:した|された)?(?:文章|テキスト|文)|備考|ご意見|自由(?:な)?(?:書き込み|入力)|自由に[^。、]{0,4}(?:書|記|入力|投稿)|その他[、,]?[^。、]{0,8}(?:お客様|利用者|ユーザー|会員|フォーム|自由)[^。、]{0,24}(?:入力|記入|記載|書かれ|お書き)[^。、]{0,10}(?:情報|内容|事項|もの)"
    )
    if re.search(
        r"要配慮|(?:配慮|注意)[^。、]{0,8}(?:要する|必要な)[^。、]{0,8}情報|(?:機微|センシティブ)(?!(?:な|の)?(?:決済|カード|支払|クレジット|金融|認証|ログイン))|特定個人情報"
        rf"|(?:{_SENSITIVE}|マイナンバー|ご?病気)[^。\n]{{0,80}}(?:同意|法令|限[りっ]|のみ|だけ|控え|ないで|規程|{NOT})|(?:同意|承諾)[^。\n]{{0,40}}{_SENSITIVE}",
        read.text,
    ):
        return
    listed = ((s.at, s.raw, s.text) for s in read.sentences if "items" in s.under)
    for at, words, plain in (*items(read), *listed, *_headed(read)):
        if free.search(plain) or re.search(_SENSITIVE, plain):
            yield Seen(
                at,
                Text(
                    "自由に書かれた情報や、要配慮個人情報に当たりうる情報の扱いがありません",
                    "nothing is said about special-care information, such as may stand in free text",
                ),
                Text("扱い方を書いてください", "say how it is handled"),
                words,
            )
            return


@rule("L-CAT-08", "warn", "T", often=0.2)
def lists_what_is_not_personal(read: Reading) -> Iterator[Seen]:
    """An item of the list is not about a person, such as a company's name or a headcount."""
    odd = re.compile(
        r"(?:会社|法人|企業|団体|[貴御]社|組織|屋号|事業所|サークル|チーム)名|(?:勤務先|会社|法人|企業|団体|事業所|貴社)の(?:名称|商号|所在地|資本金|規模)|(?:申込|参加|利用|活動)?人数|従業員数|業種|商号|資本金"
    )
    for at, words, plain in (*items(read), *_headed(read)):
        if match := odd.search(plain):
            yield Seen(
                at,
                Text(
                    f"「{match[0]}」は、それだけでは個人情報ではありません",
                    f"`{match[0]}` by itself is not personal information",
                ),
                Text("個人情報と分けて書いてください", "list it apart"),
                words,
            )
