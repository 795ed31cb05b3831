"""Slips of the pen, and what a template left behind: open blanks, remarks to whoever fills it in, a stranger's name.

A blank is looked for in the text as it was written, a slip in its one spelling. Each pattern is one that no sentence
without a fault is known to hold: a text in which nothing is found may still hold slips.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.selves import strangers
from chikai.policy.rules.spelling import misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.document import Document
    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading

# What a template asks for by its name.
_FIELD: Final = (
    r"(?:運営)?(?:会社名|事業者名|(?:運営|管理|責任)者名?|園名|施設名|クラブ名|サービス名|サイト名|アプリ名|店舗名|店名|法人名|団体名|学校名|病院名|医院名|部署名|担当者名|窓口名|委託先名|住所|所在地"
    r"|氏名|代表者(?:名|氏名)?|日付|年月日|メールアドレス|電話番号|URL|url|貴社名|御社名|自社名|屋号|要確認|未定|未記入|後日記入|確認中|TBD|TODO|tbd|todo)"
)
# A label before its value is no blank: 【代表者】代表取締役 青空晴子.
_NO_LABEL: Final = rf"(?!【{_FIELD}】[\s　]*[^\s　はがをにのでとへや、。,.（(【])"
_FILL: Final = r"(?:を|に)(?:ご)?(?:入力|記入|記載|挿入|追記|入れ|書い|設定)"
_BLANKS: Final = re.compile(
    r"\[(?:insert|enter|fill in|add|put|your|name of|company|date|address|tbd|to be)\b[^\]\n]{0,40}\](?!\()|\[[一-龥ァ-ヴー]{1,8}(?:会社|事業者|者|店|法人|団体|業者|担当|部署)名\](?!\()|"
    r"【要記入[^】]{0,60}】|[_＿]{4,}"
    rf"|{_NO_LABEL}[\[［【{{＜<〔]{_FIELD}(?:を(?:入力|記入))?[\]］】}}＞>〕]|(?<![一-龥ァ-ヴーぁ-ん])[（(]{_FIELD}(?:を(?:入力|記入|入れる))?[)）](?![^\n。、]{{2,}}|\n[^\n]{{0,24}}\d)"
    r"|(?<![\d０-９])[0０]{2,4}[-－ー―][0０]{3,4}[-－ー―][0０]{3,4}(?![\d０-９])"
    r"|[（(]仮[)）]|[※★☆＊*■][\s　]{0,2}(?:要(?:記載|記入|追記|修正|差し?替え)|未(?:設定|記入|入力|記載))|[（(【［\[](?:未設定|未記入|要記載|要記入|記載予定|後日記載)[)）】］\]]"
    r"|[0０][\d０-９]{1,3}[-－ー―(（]?[\d０-９]{0,4}[-－ー―)）]?[XxＸｘ×]{3,4}(?![A-Za-z])"
    r"|(?<![-ー―－‐−一二三四五六七八九〇○●◯\d])[〇○●◯△▲□]{2,}(?![-ー―－‐−一二三四五六七八九年])|[*＊]{3,}"
    r"|(?<![A-Za-z0-9ａ-ｚＡ-Ｚ])[XxＸｘ×]{2,5}[-－ー―(（][XxＸｘ×]{2,5}|(?:株式会社|有限会社|合同会社|法人)[XxＸｘ×]{2,}|(?<![A-Za-z])[XxＸｘ×]{2,}(?:株式会社|有限会社|合同会社)"
    r"|(?<![A-Za-z])(?:TBD|TODO)(?![A-Za-z])|(?<![A-Za-z0-9])[XＸ]{2,}(?=[一-龥])"
    r"|[0０]{2}月[0０]{2}日|(?:20|２０)[xX×ｘ○〇●]{2}年|(?:YYYY|yyyy)年|[○〇●×xX]{1,2}月[○〇●×xX]{1,2}日"
    rf"|[（(]{_FIELD}を(?:ご)?(?:入力|記入|入れ|記載)[^)）]{{0,6}}[)）]"
    rf"|[\[［【{{＜<][^\]］】}}＞>\n]{{0,24}}(?:貴社|御社|自社名|(?:あなた|貴方)の(?:会社|サイト|サービス|店)|{_FILL})[^\]］】}}＞>\n]{{0,40}}[\]］】}}＞>]"
    r"|[:：]?[\s　]{0,12}(?<![0-9０-９一二三四五六七八九十〇元])年[\s　]{1,8}月[\s　]{1,8}日|\{\{[^{}]{0,40}\}\}|(?<![A-Za-z0-9])[xXｘＸ]{2,}@|@[xXｘＸ]{2,}\.|[\[［][^\]］\n]{0,12}の(?:名称|氏名|住所|所在地|電話番号|連絡先|部署)[\]］](?!\()|@example\.(?:com|co\.jp|jp|org)\b|(?:ここに|テキストを)(?:入力|記入)|[（(\[［【〔〈＜<{]ここに[^）)\]］】〕〉＞>}\n]{0,24}[）)\]］】〕〉＞>}]"
)
# A mark of a blank that opens a line, where an importer may read it as the bullet of an item.
_MASKED_LINE: Final = re.compile(
    r"^[\s　]{0,12}([○〇◯●△▲□]{2,}[^\s○〇◯●△▲□][^\n]{0,40})", re.MULTILINE
)
# What a template says to whoever fills it in.
_TEMPLATE: Final = r"(?:例文|ひな形|ひながた|雛形|雛型|テンプレート|記載例|記入例|文例|サンプル(?:文|です|として)|(?:本|この)サンプル)"
_EDIT: Final = (
    r"(?:修正|変更|追記|追加|加筆|調整|差し?替|書き?換|書き?替|編集|削除|記載|記入|置き?換)"
)
_OWN: Final = r"(?:不要|自社|貴社|御社|実態|実情|状況|必要|適宜|該当|サービス内容|事業内容)"
_REMARK: Final = re.compile(
    rf"(?:※|＊|\*|注[:：]|[（(【\[［])[^。\n]{{0,24}}{_TEMPLATE}|(?:本|この){_TEMPLATE}(?:は|を|の)|{_TEMPLATE}(?:です|のため|につき|をもとに|を元に|を基に)"
    rf"|(?:※|＊|注[:：]|[（(【\[［])[^。\n]{{0,16}}{_OWN}[^。\n]{{0,20}}{_EDIT}(?:し|する|え|い)?(?:て)?(?:ください|下さい|のこと|すること|$|[)）】\]］])"
    rf"|^[\s　]{{0,8}}[＃#][^\n。]{{2,40}}(?:ご)?{_EDIT}(?:し|え)?(?:て)?(?:ください|下さい)"
    r"|貴社名?(?:は、|を(?:以下|「)|[（(]以下|が(?:保有|取得|収集|運営|提供)する|における(?:個人|プライバシー))",
    re.MULTILINE,
)
# Two particles where one belongs, or a word or a sign that stands twice.
_DOUBLED: Final = re.compile(
    r"(?P<thrice>[しをにはがのですま])(?P=thrice){2}|をを|をが|をに(?!ら|ぎ|お)|をで(?!き)|(?<!な)にを|はを|へを|(?<!ま)でを|(?<![なあ])がが|がを|はは(?!じ)|(?<!た)にに(?!っ)|(?<!も)のの"
    r"|(?:に|おい|つい|よっ|関し|対し|基づい)てて|ですです|(?<!ま)でで(?![きすもはの])|(?<=[しりいきえめせ])ますます|ますす|(?<!ま)でです|(?<=[しりいきえめせ])まます"
    r"|及び及び|又は又は|並びに並びに|したた(?![かりめ])|、、|[ァ-ヴ]ーー(?!ー)[ァ-ヴぁ-ん一-龥]"
    r"|(?P<particle>では|には|とは|からは|ので)(?P=particle)(?!な)"
    r"|(?P<again>[ぁ-んァ-ヴー一-龥]{4,10})(?P=again)"
    r"|(?P<twice>こと|情報|場合|もの|ため|する|した|して|取り|から|ない|個人|利用|提供|目的|当社|第三者|いただ)(?P=twice)(?!る|ぎ)"
)
_PAIRS: Final = (("「", "」"), ("『", "』"), ("(", ")"))
# What closes a bracket and opens none: the marker of an item, or of an example.
_MARKERS: Final = re.compile(
    r"(?:^|(?<=[\s。、]))\(?(?:\d{1,2}|[a-zア-ンあ-ん]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})\)|(?<!\()[例注]\d{0,2}\)",
    re.MULTILINE,
)
# What a page bears at its foot, of which an importer may take a part for the text: (Page 2 of 2).
_OF_A_PAGE: Final = re.compile(r"\(?page\s?\d{1,3}(?:\s?(?:of|/)\s?\d{0,3})?\)?", re.IGNORECASE)
# Stops that stand together; a sentence ends with the first of them.
_STOPS: Final = re.compile(r"[^。]。。|。、|(?<=[^。\n])、。")
# An ending that lost a sign: ありせん, いたしす.
_STEM: Final = r"(?:あり|いたし|おり|行い|でき|ござい|なり|いただき|努め|定め|し)"
_BROKEN_END: Final = re.compile(
    rf"(?<![一-龥ぁ-ん]し){_STEM}せん|{_STEM}まん|{_STEM}ま[ぜず]ん|{_STEM}ませせん|{_STEM}(?<!なり)す(?=[。、)]|$)|{_STEM}ませ(?=[。、]|$)|{_STEM}まし(?=。)"
    r"|なけ(?:ば|らば)|なけれ(?:ならな|ばなない|ばならい)|しおりま|しておます|してりま|(?:努め|行っ)おりま|行ておりま|くださ(?:さい|いい)"
    r"|くださ(?![いっらりれるん])|くだい[。、]|(?<=[一-龥ァ-ヴー」])[をにへ]。|(?<=[一-龥]{2})しまいま[すし]|(?<=[しりいきえ])すま(?=[。、]|$)|とういう|とゆう|という言う|(?<=[一-龥]{2})しいたし|(?<=[しりいきえ])まします|得えた|てまいます(?!から)|ていだ[くき]|てただ[くき](?=ます|場合|こと|際)|おこないいます|しままい"
)
# A particle or a sign amid a word that is missing: 達成ために, 等ついて, 個人報.
_BROKEN_WORD: Final = re.compile(
    r"(?:もの|こと|等|など|者|情報|データ|取扱い?|目的|方法|手続き?|(?<!に)提供|(?<!に)利用|開示)ついて|(?<=に)必要範囲|個人報|個人情(?!報)|個人情報護|第三提供|(?:以下の|次の)とうり"
    r"|(?:達成|向上|改善|遂行|履行|提供|利用|取得|管理|運営|防止|保護|確認|対応|実現|維持|実施|発送|配送|連絡|送付|回答|処理|開発|分析|判断|把握|請求|案内|作成|検討)ため(?:に|の|、|$)"
    r"|(?:提供|利用|取得|登録|請求|申込|収集|変更|開示|注文|購入)(?:際(?:に|は|、)|場合(?:に|は|、))"
    r"|[#]{2,}|&(?:nbsp|amp|lt|gt|quot);|</?(?:div|br|p|span|strong|b|li|ul|ol|h[1-6]|td|tr)\b(?![.@-])[^<>\n]{0,40}>"
    # cut off at the end of a list: 確認、検討、対応又は解決するた
    r"|(?:する|行う|くる|図る|めの|監督の|管理の|提供の)た$|〒\d{3}-\d{1,3}(?!\d)|いたいた(?!ず|ち)"
)
# A word that sounds the same, or nearly, and means something else.
_MISTAKEN: Final = re.compile(
    r"(?:審査支払|医療|金融|行政|公的|信用情報|捜査|司法|報道)期間(?:等|など|から|へ|に|と|又は|及び|、|・|の(?:要請|依頼|照会|求め))|[減緘]失|[改攺]窮|毀捐|粉失|惰報|固人情報|第[三3]者堤供|堤供|核当|掲裁|褐載|褐示|惜置|撤底|徹低|苦清|問合わせ窗口|窗口|慝名|匿各|廃毀|盗離|浸害|承諸|権眼|末消|複元|応慕|慕集|購人|購買人履歴|版売|在藉|国藉|期関内|業努|個人構報|利用目地|開士|訂性|停正|亭止|履暦|考虜|配虜|厳受|誠美|当杜|弊杜|本入(?:確認|の同意)|ブライバシー|共同利用する老|第三老|(?:取得|利用|提供|開示|通知)ししました"
    r"|(?:から|より)の(?:提供|取得|収集|受領|依頼|預託|委託|送信|入力|登録)(?:された|した|いただいた)(?!日|時)"
    r"|人名(?:[、・,]|や|及び)(?:身体|財産)|適性[にな](?:管理|取|保護|対応|利用|収集|取得|運用)|尊守|第三社|第3者社|基ず[きくい]|もとず[きくい]|つずけ|講づる|生づる|応づる"
    r"|(?:それ|目的|場合|範囲|者)意外[のにはで]|委[詫托](?!す)|漏曳|(?<=[一-龥]{2})しする(?!ど)|(?<=を)受[たて](?=[一-龥ぁ-ん])|法廷代理人|収取(?:した|する|の|し)|提共|個人除法|法例(?:に基|を遵|等を|の遵)|開事請求|同位(?:なく|を得)|(?:安全|適正)な?完理|本人確任|連楽|必用(?:な|に|が)|改鼠|個人情報保護保|取り取扱|取扱い扱い|ご連絡さい"
)
_KATAKANA: Final = re.compile(
    r"プラバシー|プライバーシ|プライバシ(?!ー)|プライバシーポリー|ポリシ(?!ー)|サーピス|サビス(?!残)|ユーサー|ユザー|アカウト|アカント|メールアドス|メールアドレ(?!ス)|セキュリテイ|セキリティ|セキュリィ"
    r"|コンビュータ|インタネット|クレジットカート|ホームペジ|ダイレクメール|マーケテイング|キャンペン|アンケト|クッキ(?![ーン])"
    r"|(?<![\w./@-])(?:e-?meil|emal|adress(?:es)?|cokies?|coockies?|cookei|goolge|googel|analitics|analystics|privcy|polisy|infomation|pasword)(?![\w.@/-])"
)
_ODD_KATAKANA: Final = re.compile(r"[ァ-ヴー]{2,12}[ムスクルトツブグフ]ング(?![ァ-ヴー])")
# A sign too many behind a postal code; without its blanks a text would show one where a street begins with a digit.
_POSTAL: Final = re.compile(r"〒[\s　]{0,2}\d{3}-\d{4}[A-Za-z0-9]")
_SLIPS: Final = (_DOUBLED, _BROKEN_END, _BROKEN_WORD, _MISTAKEN, _KATAKANA, _ODD_KATAKANA)


@rule("L-TRM-05", "info", "T", often=0.1, any_language=True)
def holds_a_slip(read: Reading) -> Iterator[Seen]:
    """A place that a template left open was never filled in, or a word looks like a slip of the pen."""
    for at, mark in dict.fromkeys(_left_open(read)):
        yield Seen(
            at,
            Text("ひな形の空欄や注記が残っています", "a blank or a remark of the template is left"),
            Text("この箇所を書くか、消してください", "fill it in, or strike it"),
            mark,
            "error",
        )
    for word in strangers(read):
        yield Seen(
            next(s.at for s in read.sentences if word in s.text),
            Text(
                f"「{word}」は、ほかの文書から写した言葉かもしれません",
                f"`{word}` may be a copy from another text",
            ),
            Text("確かめて直してください", "look at it, and mend it"),
            word,
        )
    slips = {bracket: at for at, bracket in _unpaired(read)}
    for id_, words in read.shadows.items():
        for match in _STOPS.finditer(words):
            slips.setdefault(match[0], id_)
    for s in read.sentences:
        for pattern in _SLIPS:
            for match in pattern.finditer(s.text):
                # Within a table it parts the lines of a cell.
                if not (match[0].startswith("<br") and "|" in s.text):
                    slips.setdefault(match[0], s.at)
        for word in misspelt(s.text):
            slips.setdefault(word, s.at)
    for at, words in _texts(read):
        for match in _POSTAL.finditer(words):
            slips.setdefault(match[0], at)
    for slip, at in slips.items():
        yield Seen(
            at,
            Text(f"「{slip}」は書き誤りかもしれません", f"`{slip}` may be a slip of the pen"),
            Text("確かめて直してください", "look at it, and mend it"),
            slip,
        )


def _unpaired(read: Reading) -> Iterator[tuple[str, str]]:
    """The brackets that nothing opens or closes within their clause, with what stands beside them."""
    for node in read.outline.walk():
        plain = unicodedata.normalize("NFKC", f"{node.title}\n{node.text}")
        plain = _MARKERS.sub("", _OF_A_PAGE.sub("", plain))
        for first, last in _PAIRS:
            if plain.count(first) > plain.count(last):
                at = plain.rindex(first)
                yield node.id, plain[at : at + 12].partition("\n")[0]
            elif plain.count(first) < plain.count(last):
                at = plain.index(last)
                yield node.id, plain[max(at - 12, 0) : at + 1].rpartition("\n")[2]


def _left_open(read: Reading) -> Iterator[tuple[str, str]]:
    """The blanks and remarks of a template that are left, each with its place."""
    for at, words in _texts(read):
        for pattern in (_BLANKS, _REMARK):
            for match in pattern.finditer(words):
                yield at, match[0]
    if read.document is None:
        for file, text in read.outline.sources:
            for match in _MASKED_LINE.finditer(text):
                yield _inside(read.outline.nodes, file, match.start(1)), match[1].strip()


def _inside(nodes: tuple[Node, ...], file: str, sign: int) -> str:
    """The innermost clause that a sign of a source stands in, or an empty string."""
    for node in nodes:
        if node.span.file == file and node.span.start <= sign < node.span.end:
            return _inside(node.children, file, sign) or node.id
    return ""


def _texts(read: Reading) -> Iterator[tuple[str, str]]:
    """Every text with its place: the company's own, and what stands in the structure and in English."""
    document = read.document
    if document is None:
        for node in read.outline.walk():
            yield node.id, f"{node.title}\n{node.text}"
        return
    for at, text in _structure_texts(document):
        yield at, text.ja
        yield at, text.en
    for clause in document.clauses:
        yield clause.id, f"{clause.heading.ja}\n{clause.body.ja}"
        yield f"en:{clause.id}", f"{clause.heading.en}\n{clause.body.en}"


def _structure_texts(document: Document) -> Iterator[tuple[str, Text]]:
    """Every text of the structure, with its place."""
    controller, desk = document.controller, document.controller.desk
    yield "title", document.title
    for text in (controller.name, controller.address, controller.representative):
        yield "controller", text
    for text in (desk.name, desk.address, desk.hours, Text(ja=desk.mail), Text(ja=desk.phone)):
        yield "desk", text
    for service in document.services:
        yield f"service:{service.id}", service.name
    for category in document.categories:
        yield f"category:{category.id}", category.name
    for purpose in document.purposes:
        yield f"purpose:{purpose.id}", purpose.name
        yield f"purpose:{purpose.id}", purpose.stop_effect
    for recipient in document.recipients:
        yield f"recipient:{recipient.id}", recipient.name
        yield f"recipient:{recipient.id}", recipient.task
    for right in document.rights:
        yield f"right:{right.kind}", right.identity
