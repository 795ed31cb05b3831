"""Requests of persons: which a policy names, what it says when one is refused, and what follows.

Law: APPI Art. 32(2), APPI Art. 33, APPI Art. 34, APPI Art. 35, APPI Art. 36, APPI Art. 37.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import AT_DISCRETION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading, Sentence

_RIGHTS: Final = (
    (Text("利用目的の通知", "notice of the purposes"), ("APPI Art. 32(2)",), r"(?:何|なに)(?:のため|の目的|に)[^。、]{0,4}(?:使|利用|用い)[^。]{0,16}(?:尋ね|聞|知り|教え|確かめ|問い)|(?:使う|使った|使っている|利用する|用いる)(?:目的|理由|わけ)を[^。、]{0,4}(?:知|教え|聞|伝え|尋ね)|(?:利用の?目的|使い(?:道|みち))の?(?:ご)?通知(?:の求め|を求め|、|・|の|及び|又は|,|並び|を請求|請求|\n|$|等|に|\()"),
    (Text("開示", "disclosure"), ("APPI Art. 33(1)",), r"(?<!公)開示|(?:情報|内容|記録|データ)[^。、]{0,8}を?(?:見たい|見せて|見ることを|見られ|お見せ|閲覧)|見せる(?:こと|よう)|見せてもら"),
    (Text("第三者提供記録の開示", "disclosure of provision records"), ("APPI Art. 33(5)",), r"(?:提供|受領|渡し|受け取っ)(?:の|に関する|に係る|時の|した(?:際の)?|した(?:とき|時)の|た(?:とき|時|際)?の?|等の)?記録|(?:だれ|誰|どなた|どこ|どの(?:会社|相手))[^。、]{0,6}(?:に|へ)[^。、]{0,8}(?:渡し|提供し)[^。]{0,16}(?:尋ね|聞|知り|教え|確かめ|問い)"),
    (Text("訂正・追加・削除", "correction, addition or deletion"), ("APPI Art. 34(1)",), r"訂正|追加|修正|削除|直し(?:たい|て)|(?:直|改め|足|書き足)(?:す|る)(?:こと|よう)"),
    (Text("利用停止", "suspension of use"), ("APPI Art. 35(1)", "APPI Art. 35(5)"), r"(?:利用|使用)(?:の)?(?:停止|中止)|利用又は第三者への提供の停止|利用・提供の停止|(?:使|利用|用い)[^。、]{0,6}(?:の|こと)を?(?:やめ|止め|とめ)"),
    (Text("消去", "erasure"), ("APPI Art. 35(1)", "APPI Art. 35(5)"), r"消去|(?:利用|使用)の?停止等|消し(?:たい|て)|消す(?:こと|よう)"),
    (Text("第三者提供の停止", "end of provision"), ("APPI Art. 35(3)", "APPI Art. 35(5)"), r"提供(?:の|を)?(?:停止|中止|やめ|取りやめ)|第三者への提供の?(?:停止|禁止)|(?:渡|提供)[^。、]{0,6}(?:の|こと)(?:を|の)?(?:やめ|止め|とめ|停止|中止)"),
)  # fmt: skip


@rule(
    "L-RGT-01",
    "error",
    "T",
    "APPI Art. 32(1)(iii)",
    "APPI Art. 32(2)",
    "APPI Art. 33(1)",
    "APPI Art. 33(5)",
    "APPI Art. 34(1)",
    "APPI Art. 35(1)",
    "APPI Art. 35(3)",
    "APPI Art. 35(5)",
    often=0.95,
)
def lacks_a_right(read: Reading) -> Iterator[Seen]:
    """A right of persons is not named."""
    at = read.rights[0].at if read.rights else ""
    for name, articles, pattern in _RIGHTS:
        if not re.search(pattern, read.rights_text):
            yield Seen(
                at,
                Text(
                    f"「{name.ja}」の請求について文書にありません",
                    f"nothing is said about {name.en}",
                ),
                Text(
                    "書くか、求めに応じて遅滞なく答えられるよう用意してください",
                    "write it, or have the answer ready for whoever asks",
                ),
                articles=("APPI Art. 32(1)(iii)", *articles),
            )


_REFUSES: Final = re.compile(
    r"可否(?:を|の|について)[^。]{0,24}(?:通知|回答|連絡)|(?:沿|添)い?(?:かねる|えない|いかね|かね)|応じ(?:られ(?:ない|ません)|ることができ(?:ない|ません|かね)|かね|ません|ないこと|ない場合|ないとき|ない旨)|(?:開示|訂正|停止|消去)(?:等)?(?:を)?(?:し|いたし|でき|行え|行わ)(?:ません|ない)|お断り|断(?:り|る)(?:ます|こと|場合)|拒否|拒絶|拒(?:む|み|ん)|(?:行わない|しない)(?:旨|こと|場合|とき)|この限りでは?(?:あり|ない|なく)|(?:対応|お?応え|お?受け)(?:が|することが|を)?(?:でき(?:ない|ません|かね)|いたしかね|しかね|られ(?:ない|ません|かね))"
    r"|(?:場合|とき)(?:など|等)?を?(?:除き|除いて|除く|のぞき)[^。]{0,60}(?:応じ|対応(?:し|いたし|する)|(?:開示|訂正|停止|消去|削除)(?:等)?(?:を)?(?:し|いたし|行)(?:ます|う))"
)
_WIDE: Final = re.compile(
    rf"(?<!ない)合理的な理由|正当な理由|相当[のな](?:理由|事由|事情)|正当な事由|適当で(?:は)?ない|やむを得ない(?:理由|事由|事情)|{AT_DISCRETION}|理由があると(?:判断|認め)[^。、]{{0,6}}(?:場合|とき)に(?:限り|限って|のみ)|必要(?:がある|である)?と(?:判断し|判断され|認め)た|の判断(?:により|で)|(?<!著しい)(?<!著しく)支障(?:が|を)(?:ある|生じ|来)|(?:業務|営業|運営|事業)[^。、]{{0,8}}(?:差し?支え|差し?(?:さわ|障)り|さし(?:つかえ|さわり|障り)|影響|迷惑|不都合)|(?:業務|社内|院内|園内|店|運営|事務|営業|人員|体制)(?:上|内)?の(?:都合|事情)|(?:当社|弊社|当[一-龥]{1, 3}|本会)の(?:都合|事情)|(?:不要|不当|不適切|不適当|不相当)(?:又は|若しくは|あるいは|や)?(?:不要|不当|不適切|不適当)?(?:である|だ)?と(?:判断|認め|考え)"
)


# To refuse use is a right of the person, and a limit of the law is no refusal of the operator's.
_ASKED_TO_REFUSE: Final = re.compile(
    r"(?:利用|提供|トラッキング|受信|配信|追跡|受け取り)[^。、]{0,12}(?:の|を)?拒否|法(?:令|律)[^。、]{0,16}場合を?除(?:き|いて)"
)


def _refusals(read: Reading) -> list[Sentence]:
    return [
        s
        for s in read.rights
        if _REFUSES.search(_ASKED_TO_REFUSE.sub("", s.text)) and "cookie" not in s.text
    ]


@rule(
    "L-RGT-02",
    "warn",
    "T",
    "APPI Art. 32(2)",
    "APPI Art. 33(2)",
    "APPI Art. 34(2)",
    "APPI Art. 35(2)",
    "APPI Art. 35(4)",
    "APPI Art. 35(6)",
    often=0.15,
)
def refuses_on_wider_grounds(read: Reading) -> Iterator[Seen]:
    """A request may be refused on grounds that the law does not know."""
    for s in read.rights:
        wide = _WIDE.search(s.text)
        acts = _REFUSES.search(f"{s.text}\n{_announcing(read, s)}") or re.search(
            r"(?:判断|認め)(?:し)?た(?:場合|とき)[^。]{0,40}(?:訂正|停止|削除|開示|対応|消去)|(?:不要|不当|不適当|不適切)[^。]{0,12}(?:判断|認め)(?:し)?た(?:場合|とき)[^。]{0,24}(?:決定|その旨)[^。]{0,24}(?:連絡|通知|知らせ)",
            s.text,
        )
        if wide and acts and not re.search(r"著しい支障|著しく困難|業務の適正な実施", s.text):
            yield Seen(
                s.at,
                Text(
                    f"「{wide[0]}」は、法の定める拒否の理由より広くなっています",
                    "these grounds of refusal are wider than the law's",
                ),
                Text("法の定める理由だけを挙げてください", "name only the grounds of the law"),
                s.raw,
            )


def _announcing(read: Reading, sentence: Sentence) -> str:
    """The words of the clause that a sentence is a member of: `次のときは応じません` above `(1)`."""
    above = read.outline.parent(sentence.at)
    return read.shadows[above.id] if above is not None else ""


# A refusal in everyday words, in whatever clause it stands.
_TURNED_DOWN: Final = re.compile(
    rf"{_REFUSES.pattern}|(?:沿|添|そ)え(?:ない|ません)|応じ(?:ない|られ)|お?断り?(?:する|した)|(?:全部|一部)[^。、]{{0,8}}(?:応じ|認め)"
)


@rule("L-RGT-03", "warn", "T", "APPI Art. 36", often=0.35)
def refuses_without_reasons(read: Reading) -> Iterator[Seen]:
    """A request may be refused, and nothing promises to say why."""
    refusals = _refusals(read)
    explained = re.compile(
        r"(?<!合理的な)(?<!正当な)(?:理由|わけ|根拠|事由)(?:を|の|も|等を|とともに)[^。]{0,16}(?:説明|示|付|通知|知らせ|添え|伝え|明らか|回答|提示|述べ|書|記(?:し|載|す)|答え|挙げ|話し|連絡|開示|返(?:し|信|答))|旨(?:及び|と|、|並びに)(?:その)?理由|(?:なぜ|どうして)[^。]{0,30}(?:説明|伝え|知らせ|話|答え)"
    )
    told = any(explained.search(s.text) and _TURNED_DOWN.search(s.text) for s in read.sentences)
    if refusals and not told and not explained.search(read.rights_text):
        yield Seen(
            refusals[0].at,
            Text(
                "応じないときに理由を説明することが書かれていません",
                "nothing says that a refusal is explained",
            ),
            Text("理由を説明するよう努めることを書いてください", "promise to explain the reason"),
            refusals[0].raw,
        )


# Groups of persons who have no account of the service.
WITHOUT_ACCOUNT: Final = re.compile(
    r"(?:解約|退会|契約終了|卒業|退職)(?:の?後|された|した|済)[^。、]{0,6}(?:方|お客様|利用者|会員|者)|取引先の(?:方|担当)|(?:ご家族|保証人|同行者|第三者)の方|(?:会員|登録|ログイン)[^。、]{0,8}(?:していない|でない|以外の)(?:方|お客様)|非会員|研修|セミナー|講座|採用(?:選考|応募|候補|活動|情報|希望)|応募者|求職|来[店院社館場]|訪問者|閲覧者"
)


# That the account is the only way, whatever else the clause speaks of.
_NO_OTHER: Final = re.compile(
    r"(?:以外|ほか|他)の?(?:方法|手段|経路|窓口)?[^。]{0,16}(?:受け?付け|応じ|承|対応)[^。]{0,10}(?:ません|ない|かね)|(?:マイページ|設定|ログイン|アプリ|画面)[^。]{0,20}(?:からのみ|でのみ|のみで|のみから|からしか|に限)"
)


# What an operator does to an account is no way in which a person asks for something.
_SANCTION: Final = re.compile(
    r"アカウント(?:の|を)(?:利用(?:の|を)?)?(?:制限|停止|凍結|削除)(?:、|・|又は|や)[^。]{0,60}(?:措置|ことがあ)|(?:サービス|アカウント)の(?:ご)?利用(?:を|の)?(?:停止|制限|禁止)[^。]{0,30}(?:措置|ことがあ)"
)


# The same, where nothing says who else is in scope: whoever has left has no account either.
_ONLY_THERE: Final = re.compile(
    r"(?:以外|ほか|他)の?(?:方法|手段|経路|窓口)[^。]{0,24}(?:受け?付け|応じ|承|対応)[^。]{0,10}(?:ません|ない|かね)|(?:画面|マイページ|アプリ|設定)」?(?:から|で)のみ"
)


@rule("L-RGT-07", "warn", "S", "APPI Art. 37(2)", "APPI Art. 37(4)", "PPC GL 3-8-7", often=0.1)
def opens_a_right_to_accounts_only(read: Reading) -> Iterator[Seen]:
    """A right can be used only in an account, and people without one are in scope."""
    setting = re.compile(
        r"(?:設定|マイページ|管理画面|アカウント|ログイン)[^。]{0,40}(?:停止|削除|訂正|変更|求め|消す|直す|消せ|直せ)"
        r"|(?:停止|削除|訂正|開示)[^。]{0,30}(?:マイページ|設定(?:画面)?から|ログイン|アプリ)|請求[^。]{0,30}(?:マイページ|設定|ログイン|アプリ)"
    )
    other = re.compile(r"窓口|フォーム|メール|電話|郵送|連絡|書面|問い合わせ")
    for s in read.rights:
        if (
            setting.search(_SANCTION.sub("", s.text))
            and (
                _NO_OTHER.search(read.whole(s.top))
                or not other.search(read.whole(s.at if s.top == "pre" else s.top))
            )
            and (WITHOUT_ACCOUNT.search(read.text) or _ONLY_THERE.search(read.whole(s.top)))
        ):
            yield Seen(
                s.at,
                Text(
                    "アカウントのない人が、この権利を使えません",
                    "people without an account cannot use this right",
                ),
                Text("窓口でも受け付けることを書いてください", "take the request at the desk, too"),
                s.raw,
            )


_PROMISED: Final = (
    (Text("苦情", "complaints"), r"苦情", r"苦情|不服|クレーム"),
    (Text("相談", "consultation"), r"相談", r"相談|問い合わせ|質問"),
    (
        Text("費用", "the cost"),
        r"費用|手数料",
        r"費用|手数料|料金|無料|無償|実費|円|かかりません|いただ(?:き|いて)(?:ません|おりません)",
    ),
    (Text("訂正", "correction"), r"訂正", r"訂正|修正|開示等|変更"),
    (Text("開示", "disclosure"), r"開示", r"開示|ご?請求|照会|閲覧"),
    (
        Text("利用停止", "suspension"),
        r"利用停止",
        r"(?:利用|使用)(?:の|を)?(?:停止|中止)|停止|開示等",
    ),
)


# A body that names none of the rights speaks of all of those in its heading.
_NAMES_ONE: Final = re.compile(r"開示|訂正|停止|消去|削除|苦情|相談|問い合わせ.{20}")


# A heading that promises how something is asked for or complained of.
_WAY: Final = re.compile(
    r"(?:相談|苦情|開示|訂正|停止|請求|要請|申請|申出|申し出|問い合わせ)[^。、]{0,16}(?:方法|手続)"
)
# A way that only the operator knows is none.
_ANY_WAY: Final = re.compile(
    r"(?:当社|弊社|当[^のがは。、]{0,6}|本会)?(?:の|が)?(?:別(?:に|途))?(?:所定|定める)(?:の)?(?:方法|手続|様式|窓口)(?:き)?(?:により|によって|に従い|に従って|で|にて)?"
)
_ROUTES: Final = re.compile(
    r"窓口|連絡(?:先|ください)|フォーム|郵送|書面|書類|メール|電話|宛|様式|提出|請求書|申請書|申込書|用紙|マイページ|画面|下記|以下|次の|問い合わせ|https?:|来[店院社庁校園館場]|持参|受付|申し付け|お越し|まで[^。]{0,8}(?:ご?連絡|お?申し?出)"
)
_SAYS_SOMETHING: Final = 12


@rule("L-RGT-09", "warn", "T", often=0.1)
def promises_in_a_heading_only(read: Reading) -> Iterator[Seen]:
    """A heading promises what the clause does not say."""
    for node in read.tops:
        desk = node.kind in {"desk", "complaint"}
        title, body = _title_and_body(read, node.id)
        if (
            _WAY.search(title)
            and len(body) >= _SAYS_SOMETHING
            and not _ROUTES.search(_ANY_WAY.sub("", body))
        ):
            yield _only_in_the_heading(node, Text("方法", "how it is done"))
            continue
        if not desk and not node.kind.startswith(("rights", "procedure", "fee")):
            continue
        asked = re.search(r"窓口|連絡先|申し?出先|問い合わせ先", title)
        if not title or len(body) < 20 or (desk and (asked or "問い合わせ" not in body)):
            continue
        missing = [
            name
            for name, word, said in (_PROMISED[:1] if desk else _PROMISED)
            if re.search(word, title)
            and not re.search(said, body)
            and (desk or _NAMES_ONE.search(body))
            and not any(term in body for term in _NAMED_TOGETHER.findall(title))
        ]
        yield from (_only_in_the_heading(node, name) for name in missing)


# What a heading puts under one word, as the clause then says it: 開示、苦情等の申立て（開示請求等）.
_NAMED_TOGETHER: Final = re.compile(
    r"\((?:以下[、,]?)?「?([^()「」]{2,10}等)」?(?:とい[^()]{0,8})?\)"
)


def _only_in_the_heading(node: Node, name: Text) -> Seen:
    return Seen(
        node.id,
        Text(
            f"見出しにある「{name.ja}」が本文にありません",
            f"the heading speaks of {name.en}, the clause does not",
        ),
        Text("本文に書くか、見出しから除いてください", "write it, or change the heading"),
        node.title,
    )


def _title_and_body(read: Reading, id_: str) -> tuple[str, str]:
    node = read.outline.by_id[id_]
    inside = [s for n in node.walk() for s in read.said(n.id)]
    if not inside:
        return "", ""
    title = inside[0].text if node.title else ""
    return title, "\n".join(s.text for s in inside[1 if title else 0 :])


# A clause over one right, beside one in which every right is asked for.
_ONE_RIGHT: Final = re.compile(r"開示|訂正|利用の?停止|消去")
_SEVERAL: Final = re.compile(r"開示等|停止等|請求|手続|方法|権利|提供|記録|場合")
_ASKED_FOR: Final = re.compile(
    r"請求|求め|申し?出|希望|依頼|応じ|連絡|申請|手続|要求|要請|開示|訂正|受け?付け|いただけ|できます"
)
_MAY_ASK: Final = re.compile(
    r"(?:請求|求め|申し?出|要求)[^。]{0,16}(?:でき|可能|られ|いただけ|なれ)|請求権|権利を(?:有|持)"
)


@rule("L-RGT-11", "info", "T", often=0.1)
def speaks_of_a_right_twice(read: Reading) -> Iterator[Seen]:
    """Two clauses are about the same right."""
    seen: dict[str, str] = {}
    taken: set[str] = set()
    alone: set[str] = set()
    for node in read.tops:
        if not node.kind.startswith(("rights", "procedure")):
            continue
        title, body = (t.replace("開示対象個人情報", "") for t in _title_and_body(read, node.id))
        if not _ASKED_FOR.search(title + body):
            continue  # such as how long something is kept, and erased
        if re.search(
            r"手数料|費用|書類|様式|請求先|申し?出先|窓口|回答|期間|期限|代理|(?:より|際に)取得|応じ(?:られ)?ない|できない|しない",
            title,
        ):
            continue
        words = set(re.findall(r"開示|訂正|利用停止|利用中止|消去", title)) & set(
            re.findall(r"開示|訂正|利用停止|利用中止|消去", body)
        )
        twice = [w for w in words if w in seen]
        named = set(_ONE_RIGHT.findall(title)) if not _SEVERAL.search(title) else set()
        twice += [w for w in named if w.replace("の", "") in taken]
        # The other way round: each right alone, and behind them one in which all are asked for.
        asked = [s.text for n in node.walk() for s in read.said(n.id) if _MAY_ASK.search(s.text)]
        wide = [r for t in asked if "前" not in t and len(r := set(_ONE_RIGHT.findall(t))) >= 3]
        twice += [w for r in wide for w in sorted(r) if w.replace("の", "") in alone]
        alone |= {w.replace("の", "") for w in named}
        if twice:
            yield Seen(
                node.id,
                Text(
                    f"「{twice[0]}」について、ふたつの条項があります",
                    "two clauses are about the same right",
                ),
                Text("ひとつにまとめてください", "put them together"),
                node.title,
            )
        seen |= dict.fromkeys(words - seen.keys(), node.id)
        for s in (s for n in node.walk() for s in read.said(n.id)):
            if len(rights := set(_ONE_RIGHT.findall(s.text))) >= 3 and _MAY_ASK.search(s.text):
                taken |= {w.replace("の", "") for w in rights}


_STOPS: Final = re.compile(
    r"(?:利用|使用)(?:等)?(?:の|を)?(?:停止|中止|やめ|取りやめ|とりやめ)|(?:使う|使われる|利用する|用いる)(?:の|こと)を?(?:やめ|止め|とめ)|利用(?:又は|・|、|及び)(?:第三者への|第三者)?提供の(?:停止|中止)"
)
# What a person can no longer do or get.
_ENDED: Final = re.compile(
    r"(?:サービス|紹介|機能|給付|支給|受給|施設|ご?利用(?!目的|の?停止|停止)|商品|お届け|配送|案内|連絡|取引|契約|特典|診療|治療|支援|会員|アカウント|ログイン|ポイント|ご?要望|問い合わせ|回答|手続|アプリ|サイト|提供(?!の停止))"
    r"[^。]{0,40}(?:でき(?:なく|ない|ません|かね)|られ(?:なく|ない|ません)|(?:いただけ|なれ)(?:なく|ない|ません)|いたしかね|しかね|終了|失効|制限(?:され|が|を)|(?:そこ|それ)まで|継続(?:する)?(?:こと)?が?でき|消滅|解約|解除|ご不便|影響|困難)"
    r"|お?(?:出し|届け|渡し|送り|使い|泊まり|預かり|貸し|乗り|作り|入り|続け)[^。、]{0,6}(?:でき(?:なく|ない|ません|かね)|られ(?:なく|ない|ません)|いただけ(?:なく|ない|ません)|なれ(?:なく|ない|ません)|いたしかね|しかね)"
    r"|(?:退会|解約|脱退|除名|終了|失効|抹消|無効|解除)(?:扱い)?(?:と|に)な|(?<![がのはも])なくな[りるっ]|失[いうっ]|(?:アカウント|会員(?:資格|登録)?|登録|契約|口座)[^。、]{0,6}(?:閉鎖|閉じ|抹消|取り?消|停止さ|終わ)|支障(?:が|を)(?:生じ|出|きた|来)|退会[^。]{0,40}停止|停止[^。]{0,40}退会|引き続き[^。]{0,20}(?:利用|使い)"
)
_BY_STOPPING: Final = re.compile(
    r"停止|中止|消去|削除|やめ|止め(?:た|る|ても)|前項の(?:お?申し?出|求め|ご?請求)|(?:これ|それ)を(?:求め|請求)|(?:応じ(?:た|る)|沿(?:った|う))(?:とき|場合|こと)|(?:その|この)場合|これにより|その結果|^(?:なお|ただし|また)"
)
# The same, where the sentence alone says what was done.
_STOPPED: Final = re.compile(
    r"やめた(?:場合|とき|後)|(?:停止|中止|消去|削除|やめ)[^。]{0,12}(?:した|された|行うと|行った|応じると|すると|る(?:と|場合))|(?:前項の|この|その)(?:お?申し?出|求め|ご?請求)が(?:あった|ある)"
)
# That a request cannot be met is no effect of one that was met.
_NOT_MET: Final = re.compile(
    r"(?:ご?請求|求め|開示|訂正|停止|消去|削除|ご?依頼|申し?出)(?:等)?(?:に|を|が|の)?[^。、]{0,16}(?:応じ|対応|行(?:う|え)|困難|お断り)(?!たとき|た場合)[^。、]{0,16}(?:ません|ない|かね|困難|場合)"
    r"|(?:本人|代理)[^。、]{0,20}(?:確認|特定)[^。、]{0,8}(?:ません|ない|困難)|困難な(?:場合|とき)"
)


@rule("L-RGT-12", "info", "T", often=0.6)
def hides_what_stopping_ends(read: Reading) -> Iterator[Seen]:
    """Use can be stopped, and nothing says what ends with it, or that nothing does."""
    said = [s for s in read.rights if "cookie" not in s.under]
    stops = [s for s in said if _STOPS.search(s.text)]
    apart = (s for s in read.sentences if _STOPPED.search(s.text) and "cookie" not in s.under)
    if stops and not any(_tells_the_effect(s.text) for s in (*said, *apart)):
        yield Seen(
            stops[0].at,
            Text(
                "利用を停止すると何が使えなくなるかが書かれていません",
                "nothing says what ends when use is stopped",
            ),
            Text("停止の影響を書いてください", "say what ends"),
            stops[0].raw,
        )


def _tells_the_effect(text: str) -> bool:
    """Whether a sentence tells what follows when use is stopped."""
    own = _NOT_MET.sub("", text)
    return bool(_ENDED.search(own) and _BY_STOPPING.search(text))
