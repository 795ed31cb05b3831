"""What a policy promises about itself: never, how long, what after a leak, and that something keeps it.

Law: APPI Art. 18(3), APPI Art. 22, APPI Art. 26, APPI Art. 27(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule
from chikai.policy.rules.wording import GIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

_DONE: Final = (
    rf"(?:{GIVE}|利用|使用|使い|使う|用い|販売|貸与|漏え?い|漏ら|漏洩|収集|取得|転用|流用|売却)"
)
_NEVER: Final = re.compile(
    rf"{_DONE}[^。]{{0,20}}一切[^。]{{0,16}}(?:ません|ない(?!場合|こと)|なし)|一切[^。]{{0,24}}{_DONE}[^。]{{0,12}}(?:ません|ない(?!場合|よう))"
    r"|(?:目的|範囲)(?:以外|外|を超え)[^。]{0,30}(?:利用|使用|取扱い?)[^。]{0,10}(?:しません|いたしません|行いません|行わないもの|ことはありません|ございません)"
    rf"|(?:漏れ|漏え?い|流出)[^。、]{{0,12}}(?:一切|決して|絶対に)[^。]{{0,8}}(?:ありません|ございません|ない(?!よう))|一切[^。、]{{0,12}}(?:送信|送り|見せ|渡)[^。、]{{0,8}}ません|(?:見せ|教え|渡す|送る|送信|{_DONE})[^。、]{{0,10}}(?:決して|絶対に|断じて)[^。]{{0,8}}(?:ません|ない)|(?:提供|開示)(?:を?(?:行わ|し))ないことを?お?約束|いかなる(?:場合|理由|事由|目的|状況)[^。]{{0,40}}{_DONE}[^。]{{0,12}}(?:ません|ない)|(?:決して|絶対に|断じて|けっして)[^。]{{0,40}}{_DONE}[^。]{{0,12}}(?:ません|ない)"
)


@rule("L-LAW-03", "warn", "T", "APPI Art. 18(3)(i)", "APPI Art. 27(1)(i)", often=0.2)
def promises_more_than_it_can_keep(read: Reading) -> Iterator[Seen]:
    """An absolute promise leaves no room for what a law commands."""
    for s in read.saying(_NEVER):
        if "含まれ" in s.text or re.search(
            r"法(?:令|律)(?:等)?(?:に基づく|に定め|で|の定め|により)|令状|同意|承諾|除|責任|損害|保証|場合を?のぞ",
            s.text,
        ):
            continue
        behind = _next(read, s)
        if re.search(r"^(?:ただし|但し)", behind):
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


def _next(read: Reading, sentence: Sentence) -> str:
    said = read.said(sentence.at)
    at = said.index(sentence)
    return said[at + 1].text if at + 1 < len(said) else ""


# How long data is kept, or when it goes.
_KEPT: Final = re.compile(
    r"(?:保存|保管|保有|保持|記録)(?:する)?期間|(?:年|ヶ月|か月|カ月|ヵ月|週|月|日)(?:間|以内|まで)[^。]{0,20}(?:保存|保管|保有|保持|削除|廃棄|消去|抹消)|(?:年|月)保存し|(?:保存|保管)(?:の)?年限|年限(?:を|が)(?:過ぎ|経過|満了)|溶解|(?:磁気|物理)的に[^。、]{0,4}破壊|(?:年|月|日)(?:間)?(?:後|経過)[^。]{0,24}(?:消去|削除|抹消|廃棄)|\d(?:年|か月|ヶ月|カ月|ヵ月|週間|日)で[^。]{0,12}(?:消去|削除|抹消|廃棄|破棄|消し|消え)"
    r"|(?:保存|保管)[^。]{0,6}\d+(?:年|か月|ヶ月|日)|(?:離れ|閉じ|やめ|終わっ|消し|退会し|解約し)(?:た|る)(?:とき|後|ら|場合)[^。]{0,16}(?:消し|消え|削除|消去)(?:ます|され|し)"
    r"|(?:保存|保管|保持|保有)[^。]{0,30}(?:年間|期間|まで)|(?:期間|まで)[^。]{0,24}(?:保存|保管|保持|保有)(?:し(?!ま?せん|ない)|いたし(?!ませ)|さ(?!れません))"
    r"|(?:年|月|日|週間)(?:を|が)?(?:過ぎ|たっ|経っ|経て|すぎ)[^。]{0,20}(?:消|削除|廃棄|捨て|処分|除[きく])|廃棄|破棄|裁断|焼却|シュレッダー|(?:後|経過|時点|次第)[^。]{0,24}処分|(?:不要|必要(?:が|の|で|性が)(?:なく|無く|ない)|達成(?:し|され)|終了|完了|経過|退会|解約|解除|退職|卒業)[^。]{0,40}(?:消去|削除|抹消|消し|消す)"
    r"|(?:回答|対応|選考|発送|処理|確認|退会|終了|完了)(?:の)?(?:後|次第)[^。]{0,30}(?:消去|削除|返却)(?:し(?!ま?せん)|いた|さ|する)"
    r"|(?:アカウント|アプリ)[^。]{0,20}削除(?:すると[^。]{0,30}削除され|するまで)"
)


_RECORD: Final = re.compile(
    r"(?:記録|ログ|履歴|台帳|誓約書|伝票)(?:の|を|は|につい|等)[^。]{0,24}(?:保存|保管|残)|年月日[^。]{0,40}(?:記録|保存)"
)


@rule("L-RET-01", "warn", "T", "APPI Art. 22", "PPC GL 3-4-1", often=0.85)
def keeps_data_without_end(read: Reading) -> Iterator[Seen]:
    """Nothing says how long data is kept or when it is deleted."""
    for s in read.saying(_KEPT):
        if s.raw == read.outline.by_id[s.at].title:
            continue
        if re.search(r"(?:本人|代理人)(?:様)?(?:の)?確認", s.text):
            continue  # the papers of a request
        if s.under & {"security", "third_party"} and _RECORD.search(s.text):
            continue  # how long is written down who did what is told of no data of the persons
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
_HAPPENED: Final = re.compile(
    r"(?:漏え?い|漏洩|漏れ|流出|紛失|事故|侵害|インシデント)[^。]{0,40}(?:発生|生じ|起き|起こっ|判明|確認され|発覚|分かっ|把握し|知っ)(?:し|た|る|時)?"
)


@rule("L-INC-01", "info", "T", "APPI Art. 26(1)", "APPI Art. 26(2)", often=0.95)
def says_nothing_of_incidents(read: Reading) -> Iterator[Seen]:
    """Nothing is said about reporting a leak and telling the persons."""
    told = re.compile(
        r"(?:漏え?い|漏洩|流出|事故|事態|侵害|インシデント|問題)[^。]{0,80}(?:委員会|本人|お客様|利用者|ユーザー|関係(?:当局|機関|者))[^。]{0,20}(?:報告|通知|連絡|公表|お知らせ)|(?:漏え?い|漏洩|事故|事態)(?!(?:等)?(?:の)?(?:防止|を防))[^。]{0,60}(?<!者に)(?<!者へ)(?:報告|通知|公表)(?:し|いたし|を行|する|します)"
    )
    listed = any(
        re.search(r"報告|通知|連絡|公表|お知らせ", read.whole(s.at))
        for s in read.saying(_HAPPENED)
        if not s.under & {"purposes"}
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
