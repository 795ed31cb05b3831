"""Requests of persons: which, how, by whom, for how much, and what is said when one is refused.

Law: APPI Art. 32(2), APPI Art. 33, APPI Art. 34, APPI Art. 35, APPI Art. 36, APPI Art. 37, APPI Art. 38(1).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from chikai.policy.document import RightKind, Text
from chikai.policy.rules.reading import RIGHTS_KINDS
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import AT_DISCRETION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_RIGHTS: Final = (
    (Text("利用目的の通知", "notice of the purposes"), ("APPI Art. 32(2)",), r"利用目的の?(?:ご)?通知(?:の求め|を求め|、|・|の|及び|又は|,|並び|を請求|請求|\n|$|等|に|\()"),
    (Text("開示", "disclosure"), ("APPI Art. 33(1)",), r"(?<!公)開示"),
    (Text("第三者提供記録の開示", "disclosure of provision records"), ("APPI Art. 33(5)",), r"(?:提供|受領)(?:の|に関する|に係る|時の|した際の|等の)?記録"),
    (Text("訂正・追加・削除", "correction, addition or deletion"), ("APPI Art. 34(1)",), r"訂正|追加|修正|削除"),
    (Text("利用停止", "suspension of use"), ("APPI Art. 35(1)", "APPI Art. 35(5)"), r"(?:利用|使用)(?:の)?(?:停止|中止)|利用又は第三者への提供の停止|利用・提供の停止"),
    (Text("消去", "erasure"), ("APPI Art. 35(1)", "APPI Art. 35(5)"), r"消去"),
    (Text("第三者提供の停止", "end of provision"), ("APPI Art. 35(3)", "APPI Art. 35(5)"), r"提供(?:の|を)?(?:停止|中止)|第三者への提供の?(?:停止|禁止)"),
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
    r"応じ(?:られ(?:ない|ません)|ることができ(?:ない|ません|かね)|かね|ません|ないこと|ない場合|ないとき|ない旨)|(?:開示|訂正|停止|消去)(?:等)?(?:を)?(?:し|いたし|でき|行え|行わ)(?:ません|ない)|お断り|拒否|拒絶|(?:行わない|しない)(?:旨|こと|場合|とき)|この限りでは?(?:あり|ない|なく)|(?:対応|お?応え|お?受け)(?:が|することが|を)?(?:でき(?:ない|ません|かね)|いたしかね|しかね|られ(?:ない|ません|かね))"
    r"|(?:場合|とき)(?:など|等)?を?(?:除き|除いて|除く|のぞき)[^。]{0,60}(?:応じ|対応(?:し|いたし|する)|(?:開示|訂正|停止|消去|削除)(?:等)?(?:を)?(?:し|いたし|行)(?:ます|う))"
)
_WIDE: Final = re.compile(
    rf"(?<!ない)合理的な理由|正当な理由|相当[のな]理由|やむを得ない(?:理由|事由|事情)|{AT_DISCRETION}|理由があると(?:判断|認め)[^。、]{{0,6}}(?:場合|とき)に(?:限り|限って|のみ)|必要(?:がある|である)?と(?:判断し|判断され|認め)た|の判断(?:により|で)|(?<!著しい)(?<!著しく)支障(?:が|を)(?:ある|生じ|来)"
)


def _refusals(read: Reading) -> list[Sentence]:
    return [s for s in read.rights if _REFUSES.search(s.text)]


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
        acts = _REFUSES.search(s.text) or re.search(
            r"(?:判断|認め)(?:し)?た(?:場合|とき)[^。]{0,40}(?:訂正|停止|削除|開示|対応|消去)",
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


@rule("L-RGT-03", "warn", "T", "APPI Art. 36", often=0.35)
def refuses_without_reasons(read: Reading) -> Iterator[Seen]:
    """A request may be refused, and nothing promises to say why."""
    refusals = _refusals(read)
    explained = re.compile(
        r"(?<!合理的な)(?<!正当な)(?:理由|わけ)(?:を|の|も|等を|とともに)[^。]{0,16}(?:説明|示|付|通知|知らせ|添え|伝え|明らか|回答|提示)|旨(?:及び|と|、|並びに)(?:その)?理由"
    )
    if refusals and not explained.search(read.rights_text):
        yield Seen(
            refusals[0].at,
            Text(
                "応じないときに理由を説明することが書かれていません",
                "nothing says that a refusal is explained",
            ),
            Text("理由を説明するよう努めることを書いてください", "promise to explain the reason"),
            refusals[0].raw,
        )


_HOW_KNOWN: Final = re.compile(
    r"運転免許|免許証|パスポート|旅券|保険証|マイナンバーカード|個人番号カード|住民票|身分証|本人(?:様)?(?:の)?(?:確認|である)[^。]{0,20}書類|確認書類|証明書|在留カード|印鑑|(?:ログイン|サインイン)(?:して|した|し、|いただ|に(?:て|より|よる)|で|後|できる|状態)|照合|コールバック|折り返し"
    r"|登録(?:メール|電話|住所)|登録(?:済み|され|の|し)[^。]{0,20}(?:メール|電話|住所|情報)|(?:氏名|名前|注文番号|生年月日|会員番号|id|パスワード)[^。]{0,40}(?:確認|お?尋ね|伺|うかが)"
)


# That somebody cannot be told is no way of telling.
_NOT_KNOWN: Final = re.compile(
    r"[^。]{0,80}(?:確認|特定)(?:が|を|する(?:こと)?が)?(?:でき(?:ない|ません)|困難|取れない)[^。]{0,40}"
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
    if read.rights and not any(_HOW_KNOWN.search(_NOT_KNOWN.sub("", one)) for one in said):
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


def _procedures(read: Reading) -> str:
    """Everything below the articles that speak of requests."""
    spoken = {s.top for s in read.rights if s.top not in {"pre", "d"}}
    tops = {top for top in spoken if read.under[top] & RIGHTS_KINDS}
    asked = Counter(s.at for s in read.rights)
    tops |= {
        s.at
        for s in read.rights
        if asked[s.at] >= 2 or len(set(_NAMED_RIGHTS.findall(s.text))) >= 3
    }
    return "\n".join(read.whole(top) for top in sorted(tops))


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
    shut = next((s for s in read.rights if only.search(s.text) and "代理" not in s.text), None)
    if shut is not None and "代理" not in read.rights_text:
        yield Seen(
            shut.at,
            Text("代理人による請求が閉め出されています", "agents are shut out"),
            Text("代理人でも請求できることを書いてください", "say that an agent may ask"),
            shut.raw,
            "error",
        )
    elif read.rights and not re.search(r"代理|委任", read.rights_text + _procedures(read)):
        yield Seen(
            read.rights[0].at,
            Text("代理人による請求について書かれていません", "nothing is said about agents"),
            Text(
                "代理人でも請求できることと、示すものを書いてください",
                "say that an agent may ask, and what they must show",
            ),
        )


_FREE_OF_CHARGE: Final[tuple[RightKind, ...]] = (
    "correct",
    "add",
    "delete",
    "suspend",
    "erase",
    "stop_provision",
)
_NAMES_A_FREE_RIGHT: Final = re.compile(r"訂正|追加|削除|利用停止|消去|提供の停止|開示等")
_NO_FEE: Final = re.compile(
    r"無料|無償|不要|かかりません|いただきません|申し受けません|徴収(?:いた)?しません|必要ありません|請求しません|発生しません"
)
_REFERS: Final = re.compile(
    r"(?:前(?:[一二三2-9])?項の|いずれの|各|上記の?|これらの|以上の|すべての|全ての)[^。、]{0,8}(?:請求|申|求め|手続)"
)
_LIMITED: Final = re.compile(
    r"(?:開示|通知)(?:の(?:ご)?(?:請求|求め|場合))?(?:に限り|に限って|のみ|についてのみ)|のうち"
)


@rule(
    "L-RGT-06",
    "error",
    "S",
    "APPI Art. 38(1)",
    "APPI Art. 38(2)",
    "APPI Art. 37(1)",
    "APPI Art. 32(1)(iii)",
    often=0.05,
)
def charges_for_a_right_that_is_free(read: Reading) -> Iterator[Seen]:
    """A fee is asked for a right other than notice of the purpose and disclosure."""
    fix = Text(
        "手数料は、利用目的の通知と開示だけにしてください",
        "ask a fee only for notice of the purpose and for disclosure",
    )
    for right in read.document.rights if read.document else ():
        if right.fee_yen and right.kind in _FREE_OF_CHARGE:
            yield Seen(
                f"right:{right.kind}",
                Text(
                    "手数料を取れない請求に手数料があります", f"`{right.kind}` may not cost a fee"
                ),
                fix,
                f"fee_yen = {right.fee_yen}",
            )
    limited = any(_LIMITED.search(s.text) and "手数料" in s.text for s in read.sentences)
    for s in read.sentences:
        charged = re.search(r"手数料|実費|費用|\d円", s.text) and re.search(
            r"\d円|負担|申し受け|いただ(?:き|く)|頂戴|徴収|納付|納め|支払|かか(?:ります|る)|必要|要(?:し|する)|発生",
            s.text,
        )
        if not charged or _NO_FEE.search(s.text) or "多額の費用" in s.text:
            continue
        around = read.whole(s.top) if _REFERS.search(s.text) else _before(read, s)
        referred = re.search(r"訂正|利用(?:の)?停止|消去", around)
        if not _NAMES_A_FREE_RIGHT.search(s.text) and not referred:
            continue
        if limited and not re.search(r"訂正|利用停止", s.text):
            continue
        yield Seen(
            s.at,
            Text(
                "手数料を取れない請求にも手数料がかかると読めます",
                "the text asks a fee for a right that may not cost one",
            ),
            fix,
            s.raw,
        )


def _before(read: Reading, sentence: Sentence) -> str:
    """The sentence that `この場合` or `その際` looks back to, or an empty string."""
    said = read.said(sentence.at)
    at = said.index(sentence)
    back = at and re.match(r"この場合|その際|その場合|また、その", sentence.text)
    return said[at - 1].text if back else ""


# Groups of persons who have no account of the service.
WITHOUT_ACCOUNT: Final = re.compile(
    r"研修|セミナー|講座|ウェブサイト|問い合わせ|採用|応募|来店|来院|訪問者"
)


@rule("L-RGT-07", "warn", "S", "APPI Art. 37(2)", "APPI Art. 37(4)", "PPC GL 3-8-7", often=0.1)
def opens_a_right_to_accounts_only(read: Reading) -> Iterator[Seen]:
    """A right can be used only in an account, and people without one are in scope."""
    setting = re.compile(
        r"(?:設定|マイページ|管理画面|アカウント|ログイン)[^。]{0,40}(?:停止|削除|訂正|変更|求め)"
    )
    other = re.compile(r"窓口|フォーム|メール|電話|郵送|連絡|書面|問い合わせ")
    for s in read.rights:
        if (
            setting.search(s.text)
            and not other.search(read.whole(s.at))
            and WITHOUT_ACCOUNT.search(read.text)
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


@rule(
    "L-RGT-08", "warn", "T", "APPI Art. 33(1)", "APPI Art. 33(2)", "APPI Rules Art. 30", often=0.1
)
def discloses_on_paper_only(read: Reading) -> Iterator[Seen]:
    """Data is disclosed on paper only."""
    paper = re.compile(
        r"(?:書面|郵送|紙)(?:の|に|で)?(?:みで?|限り|限定)|(?:書面|書留|郵送)(?:に(?:て|より|よって)|で)[^。]{0,24}(?:回答|開示|交付|通知)"
    )
    if re.search(
        r"電磁的|電子(?:データ|メール|ファイル)|メールで|cd-?r|pdf|データで", read.rights_text
    ):
        return
    for s in read.rights:
        if paper.search(s.text) and re.search(r"回答|開示|交付", s.text):
            yield Seen(
                s.at,
                Text("開示の方法が書面だけになっています", "disclosure is offered on paper only"),
                Text("電磁的記録でも開示することを書いてください", "offer disclosure as data, too"),
                s.raw,
            )
            return


_PROMISED: Final = (
    (Text("苦情", "complaints"), r"苦情", r"苦情|不服|クレーム"),
    (Text("相談", "consultation"), r"相談", r"相談|問い合わせ|質問"),
    (Text("訂正", "correction"), r"訂正", r"訂正|修正|開示等|変更"),
    (Text("開示", "disclosure"), r"開示", r"開示|ご?請求|照会|閲覧"),
    (
        Text("利用停止", "suspension"),
        r"利用停止",
        r"(?:利用|使用)(?:の|を)?(?:停止|中止)|停止|開示等",
    ),
)


@rule("L-RGT-09", "warn", "T", often=0.1)
def promises_in_a_heading_only(read: Reading) -> Iterator[Seen]:
    """A heading promises what the clause does not say."""
    for node in read.tops:
        if not node.kind.startswith(("rights", "procedure")):
            continue
        title, body = _title_and_body(read, node.id)
        if not title or len(body) < 20:
            continue
        missing = [
            name
            for name, word, said in _PROMISED
            if re.search(word, title) and not re.search(said, body)
        ]
        way = re.search(
            r"(?:要請|請求|手続|申請|申出)(?:の|等の)?(?:方法|手続)|方法$|手続き?$", title
        )
        if way and not re.search(
            r"窓口|連絡|フォーム|郵送|書面|書類|メール|電話|宛|様式|提出|請求書|申請書|マイページ|下記|以下|問い合わせ|https?:|手続|申し付け|費用|手数料|方法(?:で|によ|は)|ことで",
            body,
        ):
            missing.append(Text("方法", "how it is done"))
        for name in missing:
            yield Seen(
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


@rule("L-RGT-10", "warn", "T", "APPI Art. 37(4)", "PPC GL 3-8-7", often=0.05)
def asks_too_much(read: Reading) -> Iterator[Seen]:
    """A request asks for an excessive burden of papers or journeys."""
    seal = re.search(r"印鑑(?:登録)?証明|実印", read.rights_text + _procedures(read))
    said = read.rights_text + _procedures(read)
    more = len(re.findall(r"住民票|戸籍|郵送(?:のみ|に限)|書留|来社|公証|[23]点以上", said))
    if seal and more:
        at = next((s for s in read.sentences if re.search(r"印鑑|実印", s.text)), read.rights[0])
        yield Seen(
            at.at,
            Text("請求に求める書類が重すぎます", "the papers that a request asks for are too many"),
            Text("本人確認に必要なものだけにしてください", "ask only for what shows identity"),
            at.raw,
        )


@rule("L-RGT-11", "info", "T", often=0.1)
def speaks_of_a_right_twice(read: Reading) -> Iterator[Seen]:
    """Two clauses are about the same right."""
    seen: dict[str, str] = {}
    for node in read.tops:
        if not node.kind.startswith(("rights", "procedure")):
            continue
        title, body = _title_and_body(read, node.id)
        if re.search(r"手数料|書類|様式|請求先|窓口", title):
            continue
        words = set(re.findall(r"開示|訂正|利用停止|利用中止|消去", title)) & set(
            re.findall(r"開示|訂正|利用停止|利用中止|消去", body)
        )
        twice = [w for w in words if w in seen]
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


@rule("L-RGT-12", "info", "T", often=0.6)
def hides_what_stopping_ends(read: Reading) -> Iterator[Seen]:
    """Use can be stopped, and nothing says what ends with it."""
    stops = [s for s in read.rights if re.search(r"利用(?:の)?(?:停止|中止)", s.text)]
    effect = re.compile(
        r"(?:サービス|利用|提供|機能)[^。]{0,30}(?:でき(?:なく|ない|ません)|終了|制限|困難)|退会|ご利用いただけ"
    )
    if stops and not any(effect.search(s.text) for s in read.rights):
        yield Seen(
            stops[0].at,
            Text(
                "利用を停止すると何が使えなくなるかが書かれていません",
                "nothing says what ends when use is stopped",
            ),
            Text("停止の影響を書いてください", "say what ends"),
            stops[0].raw,
        )
