"""What a policy promises about itself: never, how long, what after a leak, and that something keeps it.

Law: APPI Art. 18(3), APPI Art. 22, APPI Art. 26, APPI Art. 27(1).
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.reading import RIGHTS_KINDS, shadow
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import GIVE, OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

# What is done with data that should not be, whoever does it: `漏れることは絶対にない` promises it, too.
_DONE: Final = rf"(?:{GIVE}|利用|使用|使[いう]|用い|販売|売[りっるら]|貸し|漏え?い|漏ら|漏れ|もれ|もらす|漏洩|流出|(?:外|外部)に出|収集|取得|転用|流用|売却|教え|見せ|示[すしさ]|明か[すしさ]|伝え|知らせ|掲載|載せ|送信|送る)"
_EVER: Final = r"(?:誰にも|だれにも|一切|いっさい|決して|けっして|絶対に|断じて|いかなる[一-龥ァ-ヴー]{1,8}|(?:どのような|どんな)(?:場合|理由|事情|こと)|何があっても|理由の?いかんを?(?:問わ|とわ)ず)"
_AT_ALL: Final = r"(?:ません|ない(?!場合|こと|よう|限り|もの)|なし(?:。|$))"
_NEVER: Final = re.compile(
    rf"{_EVER}[^。]{{0,40}}{_DONE}[^。]{{0,16}}{_AT_ALL}|{_DONE}[^。]{{0,24}}{_EVER}[^。]{{0,16}}{_AT_ALL}"
    r"|(?:目的|範囲)(?:以外|外|を超え)[^。]{0,30}(?:利用|使用|取扱い?)[^。]{0,10}(?:しません|いたしません|行いません|行わないもの|ことはありません|ございません)"
    rf"|一切[^。、]{{0,12}}(?:送信|送り|見せ|渡)[^。、]{{0,8}}ません|(?:提供|開示)(?:を?(?:行わ|し))ないことを?お?約束"
)
# Another limit than a law's, or something that nobody could be commanded to give.
_LIMITED: Final = re.compile(
    r"含まれ|法(?:令|律)(?:等)?(?:に基づく|に定め|で|の定め|により)|令状|同意|承諾|許し|許可|了承|了解|除|責任|損害|保証|場合を?のぞ|正当な(?:理由|事由)|カード[^。]{0,30}(?:取得|受け取|保持)"
)


# Never without consent, and nothing in the policy tells of what a law may command: consent alone is too narrow a limit.
_OF_CONSENT: Final = re.compile(r"同意|承諾|許し|許可|了承|了解")
# Whoever it may be is another matter than whatever may happen: いかなる第三者にも.
_WHOEVER: Final = re.compile(r"いかなる(?:第三者|他者|他社|人|者|方|団体|会社|企業)")
_TO_OTHERS: Final = re.compile(rf"{OTHERS}[^。]{{0,24}}{GIVE}")
_COMMANDED: Final = re.compile(
    r"法(?:令|律)|裁判所|警察|捜査|公的|官公|行政|国の機関|緊急|生命|正当な|除[きく外]"
)


@rule("L-LAW-03", "warn", "T", "APPI Art. 18(3)(i)", "APPI Art. 27(1)(i)", often=0.2)
def promises_more_than_it_can_keep(read: Reading) -> Iterator[Seen]:
    """An absolute promise leaves no room for what a law commands."""
    commanded = any("third_party" in s.under and _COMMANDED.search(s.text) for s in read.sentences)
    for s, behind in _with_next(read):
        text = s.text
        given = "third_party" in s.under and _TO_OTHERS.search(text)
        if given and not commanded and not _WHOEVER.search(text):
            text = _OF_CONSENT.sub("", text)
        if not _NEVER.search(s.text) or _LIMITED.search(text):
            continue
        if re.search(
            r"^(?:ただし|但し)|^(?:万が?一|もし|仮に)[^。]{0,30}(?:目的|範囲)[^。]{0,20}場合|^(?:次|以下|下記)の[^。]{0,20}(?:限り|除)",
            behind,
        ):
            continue
        yield Seen(
            s.at,
            Text(
                "法令に基づく場合も除かない、絶対の約束になっています",
                "this promise leaves no room for what a law commands",
            ),
            Text("「法令に基づく場合を除き」を加えてください", "except what a law commands"),
            s.raw,
        )


def _with_next(read: Reading) -> Iterator[tuple[Sentence, str]]:
    """Each sentence with the words of the one behind it in its clause."""
    for s, behind in zip_longest(read.sentences, read.sentences[1:]):
        yield s, behind.text if behind is not None and behind.at == s.at else ""


# How long data is kept, or when it goes.
_KEPT: Final = re.compile(
    r"\d(?:年|か月|ヶ月|カ月|週間|日)(?:間)?[^。]{0,40}(?:持ち|もち|持って|残し|取って)[^。]{0,12}(?:その後|あと|それから|ます|以後)|(?:燃やし|燃やす|焼き捨て)|(?:保存|保管|保有|保持|記録)(?:する)?期間|(?:年|ヶ月|か月|カ月|ヵ月|週|月|日)(?:間|以内|まで)[^。]{0,20}(?:保存|保管|保有|保持|削除|廃棄|消去|抹消)|(?:年|月|日)(?:間)?(?:後|経過)[^。]{0,24}(?:消去|削除|抹消|廃棄)|[\d一二三四五六七八九十](?:年|か月|ヶ月|カ月|ヵ月|週間|日)で[^。]{0,12}(?:消去|削除|抹消|廃棄|破棄|消し|消え|処分|捨て|溶解)"
    r"|(?:保存|保管)[^。]{0,6}\d+(?:年|か月|ヶ月|日)|(?:離れ|閉じ|やめ|終わっ|消し|退会し|解約し|退出し|脱退し|解除し|退職し|卒業し|終了し)(?:た|る)(?:とき|後|ら|場合|時点|日)[^。]{0,16}(?:消し|消え|削除|消去)(?:ます|され|し)"
    r"|(?:保存|保管|保持|保有(?!個人データ))[^。]{0,30}(?:年間|期間|まで(?!ご?連絡|お))|(?:期間|まで)[^。]{0,24}(?:保存|保管|保持|保有)(?:し(?!ま?せん|ない)|いたし(?!ませ)|さ(?!れません))"
    r"|(?:年|月|日|週間)(?:を|が)?(?:過ぎ|たっ|経っ|経て|すぎ)[^。]{0,20}(?:消|削除|廃棄|捨て|処分|除[きく])|廃棄|破棄|裁断|焼却|シュレッダー|(?:後|経過|時点|次第)[^。]{0,24}処分|(?:不要|必要(?:が|の|で|性が)(?:なく|無く|ない)|達成(?:し|され)|達し|終了|完了|経過|退会|解約|解除|退職|卒業|終わっ|終わり|終え|済(?:み|んだ))[^。]{0,40}(?:消去|削除|抹消|消し|消す)"
    r"|(?:回答|対応|選考|発送|処理|確認|退会|終了|完了)(?:の)?(?:後|次第)[^。]{0,30}(?:消去|削除|返却)(?:し(?!ま?せん)|いた|さ|する)"
    r"|(?:まで|\d(?:年|か月|ヶ月|カ月|日|週間)(?:間)?)、?[^。、]{0,6}(?:お?預か|お持ち|残し)|(?:年|か月|ヶ月|カ月|日|週間|以内)(?:で|たつと|経つと|すると|後に|に)[^。]{0,16}(?:消え|置き換|上書き|入れ替)|削除」?(?:すると[^。]{0,30}消え|(?:を|ボタンを)(?:押す|選ぶ|行う)と[^。]{0,20}(?:消え|削除され))|(?:翌[年月日]|年度末|[年月]の?末)[^。]{0,30}(?:消し|消え|消去|削除|捨て|廃棄|破棄|焼[きく]|処分|抹消|裁断)|溶解|(?:磁気|物理)的に[^。、]{0,4}破壊|(?:アカウント|アプリ)[^。]{0,20}削除(?:すると[^。]{0,30}削除され|するまで)"
    r"|(?:保存|保管|保有|保持)の(?:年限|期限|期間)|[\d一二三四五六七八九十](?:年|か月|ヶ月|カ月|ヵ月|月|週間|日)(?:間)?[^。、]{0,8}(?:過ぎ|すぎ|経っ|経て|経ち|たっ|たち|超え)[^。]{0,24}(?:消|削除|捨て|廃棄|破棄|溶解|処分|抹消|除[きく])"
    r"|(?:削除|退会|解約)(?:後|の後)[^。]{0,60}(?:削除|消去|抹消)(?:され(?!ま?せん)|し(?!ま?せん)|いたし(?!ませ))|操作(?:を行う|をする)と[^。]{0,80}(?:データ|情報)[^。]{0,30}(?:削除|消去)され"
    r"|(?:年|か月|月)保存し|(?:年限|期限|期間)(?:が|を|の)?[^。、]{0,8}(?:過ぎ|満了|切れ|来|終わ)[^。]{0,30}(?:消|削除|捨て|廃棄|破棄|溶解|処分|破壊|抹消|細断|返し|返却)|手元に(?:残し|置き)[^。]{0,12}(?:年|月|日)"
)
_COUNTED: Final = re.compile(r"[\d一二三四五六七八九十](?:年|か月|ヶ月|カ月|ヵ月)")
# What is kept of giving data away, the log of who looked at it, and the stages of handling: no rule on data itself.
_OF_PROVISION: Final = re.compile(
    r"(?:提供|受領|受け取|渡し|授受)[^。]{0,60}(?:記録|書き残|控え)|(?:相手方|提供先)[^。]{0,40}(?:記録|書き残|控え)"
)
_STAGES: Final = re.compile(
    r"(?:取得|収集|入手|受領|入力)[^。]{0,40}(?:廃棄|削除|消去|破棄)(?:まで|に至る|(?:等)?の?(?:各)?段階)"
)
_LOGS: Final = re.compile(
    # What becomes of a machine when it is worn out says nothing of the data that is in use.
    r"(?:機器|媒体|装置|パソコン|端末|ハードディスク|hdd|サーバー?)(?:等|など)?(?:の|を|は)?[^。]{0,30}(?:廃棄|破棄|処分)[^。]{0,30}|(?:廃棄|破棄|処分)(?:時|の?際|する(?:とき|際|場合|時))[^。]{0,20}(?:機器|媒体|装置|ハードディスク|hdd|データを完全)[^。]{0,20}|"
    r"(?:(?:操作|アクセス|閲覧|入退室?|通信|作業|利用状況)の?(?:記録|履歴|ログ)|台帳|誓約書)(?:の|を|は)?[^。]{0,24}(?:保存|保管|保持|残)[^、。]{0,8}"
)


# The row of a table of periods.
_ROW: Final = re.compile(r"\|[^|]{0,30}\d(?:年|か月|ヶ月|カ月|日|週間)(?:間)?[^|]{0,12}\|?$")


_OF_CARDS: Final = re.compile(r"カード(?:の)?(?:番号|情報)")


@rule("L-RET-01", "warn", "T", "APPI Art. 22", "PPC GL 3-4-1", often=0.85)
def keeps_data_without_end(read: Reading) -> Iterator[Seen]:
    """Nothing says how long data is kept or when it is deleted."""
    if any(read.saying(_ROW, "retention")):
        return
    for s in read.saying(_KEPT):
        if s.raw == read.outline.by_id[s.at].title or _OF_PROVISION.search(s.text):
            continue
        plain = _STAGES.sub("", s.text)
        if not _KEPT.search(_LOGS.sub("", plain) if "security" in s.under else plain):
            continue
        if re.search(r"(?:本人|代理人)(?:様)?(?:の)?確認", s.text) and not _COUNTED.search(s.text):
            continue  # the papers of a request
        if _OF_CARDS.search(s.text) and not s.under & {"retention"}:
            continue  # of one datum, which says nothing of the others
        if s not in read.asked or not re.search(r"請求|求め|違反|申し?出|希望", s.text):
            return
    yield Seen(
        read.first("retention", "security"),
        Text("保存期間や削除のきまりがありません", "there is no rule on retention or deletion"),
        Text(
            "いつまで保存し、どう削除するかを書いてください",
            "say how long data is kept, and its deletion",
        ),
    )


# An incident that has happened, with what is then done below it.
_INCIDENT: Final = r"(?:漏え?い|漏洩|漏れ|もれ|流出|紛失|滅失|毀損|き損|盗難|盗まれ|事故|事態|事案|侵害|インシデント|(?:社外|外部?)[にへ](?:出|流れ)|失われ|失っ|漏らし|漏らす)"
_HAPPENED: Final = re.compile(
    rf"{_INCIDENT}[^。]{{0,40}}(?:発生|生じ|起き|起こ|判明|確認され|発覚|分かっ|把握し|知っ|とき|場合|際|たら|おそれ|疑い)"
)
# Who is told by the operator; what a person is asked to tell, or staff among themselves, is something else.
_TOLD: Final = re.compile(
    r"(?<!管理者に)(?<!責任者に)(?<!責任者へ)(?<!担当者に)(?:報告|通知|連絡|公表|お?知らせ|伝え|届け|速報|確報|ご?説明)(?![^。、]{0,10}(?:ください|お願い|いただ|体制|経路|先|網))"
)


_OTHER_MATTERS: Final = RIGHTS_KINDS | {"purposes", "purpose_change", "change"}


def _below(read: Reading, sentence: Sentence) -> str:
    """The members of a list that a sentence opens."""
    node = read.outline.by_id[sentence.at]
    opens = node.children and sentence.text in {read.lead(node), shadow(node.title)}
    return read.whole(node.id) if opens else ""


@rule("L-INC-01", "info", "T", "APPI Art. 26(1)", "APPI Art. 26(2)", often=0.95)
def says_nothing_of_incidents(read: Reading) -> Iterator[Seen]:
    """Nothing is said about reporting a leak and telling the persons."""
    told = re.compile(
        r"(?:漏え?い|漏洩|流出|事故|事態|侵害|インシデント|問題)[^。]{0,80}(?:委員会|本人|お客様|利用者|ユーザー|関係(?:当局|機関|者))[^。]{0,20}(?:報告|通知|連絡|公表|お知らせ)|(?:漏え?い|漏洩|事故|事態)(?!(?:等)?(?:の)?(?:防止|を防))[^。]{0,60}(?<!者に)(?<!者へ)(?:報告|通知|公表)(?:し|いたし|を行|する|します)"
    )
    listed = any(
        _TOLD.search("\n".join((s.text, behind, _below(read, s))))
        for s, behind in _with_next(read)
        if _HAPPENED.search(s.text) and not s.under & _OTHER_MATTERS
    )
    if not listed and not told.search(read.text):
        yield Seen(
            read.first("security"),
            Text(
                "漏えいのときの報告と通知について書かれていません",
                "nothing is said about reporting a leak and telling persons",
            ),
            Text(
                "委員会への報告と本人への通知を書くことを勧めます", "better say that both are done"
            ),
        )


@rule("L-PRM-01", "info", "R", often=0.3)
def has_no_mechanism(read: Reading) -> Iterator[Seen]:
    """A clause has no mechanism that keeps it, neither its own nor one of the clause above."""
    document = read.document
    for clause in document.clauses if document else ():
        if document and clause.body.ja and not document.kept_by(clause):
            yield Seen(
                clause.id,
                Text("この条を守るしくみがまだありません", "no mechanism keeps this clause yet"),
                Text(
                    "しくみができたら `by` に書いてください",
                    "name the mechanism in `by` when there is one",
                ),
                re.split(r"(?<=。)|\n", clause.body.ja)[0],
            )


STALE_DAYS: Final = 90


@rule("L-PRM-02", "warn", "R", often=0.1)
def has_no_recent_evidence(read: Reading) -> Iterator[Seen]:
    """A clause has a mechanism and no evidence of the last days."""
    for clause, age in read.registers.evidence_days or ():
        if age is None or age > STALE_DAYS:
            yield Seen(
                clause,
                Text(
                    f"この条を守っている証拠が{STALE_DAYS}日間ありません",
                    f"there is no evidence of the last {STALE_DAYS} days",
                ),
                Text("しくみが動いているか確かめてください", "see whether the mechanism runs"),
            )
