"""What a policy promises about itself: consent, changes, dates, the law that it names, and that something keeps it.

Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 21(3), APPI Art. 26, APPI Art. 27(1), APPI Art. 28(1).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules import disclosed
from chikai.policy.rules.rights import WITHOUT_ACCOUNT
from chikai.policy.rules.rule import RULES, SINCE, Seen, rule
from chikai.policy.rules.wording import GIVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.reading import Reading, Sentence

# What is used, and what is agreed to by it.
_USE: Final = r"(?:利用|使(?:う|い|っ|わ)|使用|閲覧|アクセス|登録|送信|申込|継続|ダウンロード|インストール|購入|視聴)"
_SERVICE_USE: Final = (
    r"(?:利用|使(?:う|い|っ|わ)|使(?:う|い|っ|わ)|使用|閲覧|ダウンロード|インストール|視聴)"
)
_CONTENT: Final = r"(?:ポリシー|方針|規約|規程|内容|取扱い?|条件|事項|本書|文書)"
_AGREED: Final = r"(?:もの(?:と(?:みな|し|す|解|さ|考え)|です|である)|(?:もの)?とみな|(?:した|いただいた)ことに(?:なり|な[るっ])|とさせ)"
_BY_USE: Final = re.compile(
    rf"{_USE}[^。]{{0,80}}(?:同意|承諾|承認|了承|合意)(?:し|され|いただ|した|を?いただ|をし|を得た)[^。]{{0,10}}{_AGREED}"
    r"|(?:ユーザー|利用者|お客様|会員|閲覧者)は[^。]{0,20}これに同意(?:します|する|いただ)"
    rf"|{_USE}(?:する|いただ(?:く|いた)|された|した)?(?:場合|際|こと|時|とき)(?:に|には|をもって|で|により)?[^。]{{0,60}}同意(?:した|し|いただ|とみな)[^。]{{0,6}}(?:もの|みな)"
    rf"|{_SERVICE_USE}[^。]{{0,60}}{_CONTENT}[^。]{{0,24}}(?<!保護者の)(?<!保護者)(?:同意|承諾|了承)(?:の上|した上|し、|して(?:いただ|ください|もら)|いただ(?:く|ける|いた|き)|する(?:もの|必要|こと)|が必要|を(?:いただ|お願い|要し))"
    rf"|{_CONTENT}[^。]{{0,24}}(?<!保護者の)(?<!保護者)同意(?:の|した|いただいた)?上(?:で)?[^。]{{0,24}}{_SERVICE_USE}(?:ください|いただ|願|を?お願い|してください|する(?:もの|こと))"
)


@rule(
    "L-CON-01",
    "warn",
    "T",
    "APPI Art. 18(1)",
    "APPI Art. 27(1)",
    "APPI Art. 28(1)",
    "PPC GL 2-16",
    often=0.15,
)
def takes_use_for_consent(read: Reading) -> Iterator[Seen]:
    """Mere use of a service is taken for consent."""
    for s in read.saying(_BY_USE):
        yield Seen(
            s.at,
            Text(
                "利用しただけで同意したものとして扱っています",
                "mere use is taken for consent",
            ),
            Text(
                "必要な同意は、内容を示して個別に得てください",
                "ask for each consent, saying for what",
            ),
            s.raw,
        )


@rule("L-CON-02", "warn", "T", often=0.1)
def contradicts_itself_on_consent(read: Reading) -> Iterator[Seen]:
    """Consent is asked beforehand in one clause and taken for given in another."""
    asked = re.compile(
        r"(?:事前|あらかじめ)[^。]{0,20}同意[^。]{0,12}(?:ない|なく|なし|得ず)[^。]{0,30}(?:提供|開示)"
    )
    deemed = next(iter(read.saying(_BY_USE)), None)
    if deemed is not None and asked.search(read.text):
        yield Seen(
            deemed.at,
            Text(
                "事前の同意を約束しながら、利用で同意したとみなしています",
                "consent is promised beforehand and taken for given by use",
            ),
            Text("どちらかにそろえてください", "keep one of them"),
            deemed.raw,
        )


_SILENT: Final = re.compile(
    r"(?:通知|予告|告知|断り|連絡|承諾|お知らせ|案内|周知)(?:する|を(?:する|行う|得る|経る|得)|等)?(?:こと)?(?:なく|なしに?|せず|いたしかね|をせず|無く)"
)
_POSTED: Final = re.compile(r"掲載|掲示|公表|公開|表示|アップ|提示")
_TOLD: Final = re.compile(
    r"(?:通知|お知らせ|ご?案内|告知|周知|ご連絡)(?:し|いた|する|を|させ|いたし|申し|致)(?!なく|ることなく|せず|かね)|同意を得"
)


def _of_change(read: Reading) -> list[Sentence]:
    """What is said about changes of the policy itself."""
    of_itself = re.compile(
        r"(?:ポリシー|方針|規約|本書|本規程|本内容)[^。]{0,40}(?:変更|改定|改訂|修正|見直|改め|変え)|(?:変更|改定|改訂)後の"
    )
    return [
        s
        for s in read.sentences
        if not s.under & {"purpose_change", "purposes", "rights", "procedure"}
        and ("change" in s.under or of_itself.search(s.text))
    ]


@rule("L-CHG-01", "warn", "T", "APPI Art. 21(3)", "PPC GL 3-1-2", often=0.35)
def changes_without_telling(read: Reading) -> Iterator[Seen]:
    """The policy may change without notice, or only by being posted; the law allows that, people do not expect it."""
    said = _of_change(read)
    changes = [s for s in said if re.search(r"変更|改定|改訂|修正|改め|変え", s.text)]
    if not changes:
        return
    silent = next((s for s in changes if _SILENT.search(s.text)), None)
    told = any(_TOLD.search(_SILENT.sub("", s.text)) for s in said)
    posted = next((s for s in said if _POSTED.search(s.text)), None)
    found = silent or (posted if posted and not told else None)
    if found is not None:
        yield Seen(
            found.at,
            Text(
                "変更が知らされないか、掲載だけで効力をもちます",
                "a change is not told, or takes effect by being posted",
            ),
            Text(
                "変更を知らせる方法と時期を書くことを勧めます",
                "better say how and when people are told",
            ),
            found.raw,
        )


@rule("L-CHG-02", "warn", "T", often=0.9)
def names_no_day_of_effect(read: Reading) -> Iterator[Seen]:
    """No day is named from which the policy holds."""
    from_day = re.compile(
        r"\d{1,2}日(?:から|より|以降|に)?(?:施行|適用|発効|実施|効力)|(?:施行|適用|発効|実施)日?[::]"
    )
    if any(d.kind == "effective" and d.on for d in read.outline.days) or from_day.search(read.text):
        return
    yield Seen(
        read.first("change", "dates"),
        Text("いつから効力をもつかが書かれていません", "no day of effect is named"),
        Text(
            "施行日と、変更までの期間を書いてください", "name the day, and the time before a change"
        ),
    )


@rule("L-CHG-03", "warn", "S", "APPI Art. 21(3)", "PPC GL 2-14", "PPC GL 2-15", often=0.1)
def tells_only_those_with_an_account(read: Reading) -> Iterator[Seen]:
    """Changes are told on the service only, and people without an account are in scope."""
    inside = re.compile(
        r"(?:本サービス|アプリ|マイページ|管理画面|ログイン後)(?:の画面)?(?:上|内)[^。]{0,20}(?:通知|お知らせ|告知)"
    )
    other = re.compile(r"メール|ウェブサイト|郵送|電子メール|サイト上")
    for s in _of_change(read):
        if inside.search(s.text) and not other.search(s.text) and WITHOUT_ACCOUNT.search(read.text):
            yield Seen(
                s.at,
                Text(
                    "アカウントのない人に変更が伝わりません",
                    "people without an account are not told",
                ),
                Text("ウェブサイトなどでも知らせてください", "tell them on the website, too"),
                s.raw,
            )


@rule("L-CHG-04", "warn", "T", "APPI Art. 17(2)", "PPC GL 3-1-2", often=0.1)
def changes_purposes_without_limit(read: Reading) -> Iterator[Seen]:
    """Purposes may change, and nothing limits the change to what is related."""
    of_purpose = re.compile(
        r"利用目的(?:の|を|が|は、?)?[^。]{0,24}(?:変更|追加|変え)(?:を?する|を?し|され|の|でき|が|る)"
    )
    said = [
        s
        for s in read.saying(of_purpose)
        if not re.search(
            r"変更前の利用目的|変更後の利用目的(?:を|に)(?:通知|公表|つい)|停止|請求", s.text
        )
    ]
    if not said:
        return
    around = "\n".join(read.whole(top) for top in sorted({s.top for s in said}))
    if not re.search(r"関連性|関連(?:する|した)|同意", around):
        yield Seen(
            said[0].at,
            Text(
                "利用目的の変更が、関連性のある範囲に限られていません",
                "a change of purpose is not limited to what is related",
            ),
            Text(
                "関連性があると合理的に認められる範囲に限ってください",
                "limit it to what is reasonably related",
            ),
            said[0].raw,
        )


@rule(
    "L-CHG-05",
    "warn",
    "T",
    "APPI Art. 17(2)",
    "APPI Art. 18(1)",
    "APPI Art. 20(2)",
    "APPI Art. 27(1)",
    "APPI Art. 28(1)",
    often=0.15,
)
def leaves_open_which_changes_need_consent(read: Reading) -> Iterator[Seen]:
    """Some changes need consent, and which ones is not said."""
    open_ = re.compile(
        r"(?:法令|法律|個人情報保護法|法)(?:上|により|に基づき|その他の法令上)?[、]?[^。]{0,24}同意(?:が|を)(?:必要|要)(?:と(?:なる|する|される)|な|する)[^。]{0,12}(?:変更|改定|改訂|修正|場合|内容)"
    )
    for s in read.saying(open_):
        listed = read.outline.by_id[s.at].children
        if ("change" in s.under or re.search(r"変更|改定|改訂", s.text)) and not listed:
            yield Seen(
                s.at,
                Text(
                    "どの変更に同意が必要なのかが書かれていません",
                    "which changes need consent is not said",
                ),
                Text("同意を得る変更を挙げてください", "list the changes that need consent"),
                s.raw,
            )


# A day that is given by year and month only.
_MONTH: Final = re.compile(
    r"(?:制定|作成|策定|改定|改訂|改正|更新|施行|適用|見直し)(?:日|年月)?[::]?(?P<era>令和|平成)?(?P<year>\d{1,4}|元)(?:年|[./-])(?P<month>\d{1,2})(?:月|(?![./\d-]))(?!\d)"
    r"|(?P<era2>令和|平成)?(?P<year2>\d{1,4}|元)年(?P<month2>\d{1,2})月(?:に)?(?:制定|作成|策定|改定|改訂|改正|更新|施行)"
)
_ERAS: Final = {"令和": 2018, "平成": 1988}


def _months(read: Reading) -> list[date]:
    """The first days of the months that the text names for itself without a day."""
    found = []
    for match in _MONTH.finditer(read.text):
        era = match["era"] or match["era2"]
        year, month = match["year"] or match["year2"], int(match["month"] or match["month2"])
        since = _ERAS.get(era or "", 0) + (1 if year == "元" else int(year))
        if 1900 < since < 2200 and 1 <= month <= 12:
            found.append(date(since, month, 1))
    return found


@rule("L-DAT-01", "info", "T", often=0.6)
def has_no_proper_dates(read: Reading) -> Iterator[Seen]:
    """The days are missing, in the wrong order, or never filled in."""
    days = [d for d in read.outline.days if d.kind != "other"] or list(read.outline.days)
    known = [d for d in days if d.on]
    if not known and _months(read):
        return
    if not known:
        written = days[0].written if days else ""
        yield Seen(
            read.first("dates"),
            Text("制定日や改定日がありません", "no day of making or change is given"),
            Text("制定日と改定日を書いてください", "write both days"),
            written,
        )
        return
    made = [d for d in known if d.kind == "made"]
    updated = [d for d in known if d.kind == "updated"]
    if not made or not updated:
        return
    first, last = made[0], updated[-1]
    backward = last.on and first.on and last.on < first.on
    newer = bool(last.on and first.on and last.on > first.on)
    above = newer and updated[0].span.start < first.span.start and len(known) == 2
    if backward or above:
        yield Seen(
            read.first("dates"),
            Text("日付の順序が前後しています", "the days are in the wrong order"),
            Text("制定日、改定日の順に書いてください", "write the day of making first"),
            updated[0].written,
        )


_HISTORY: Final = re.compile(
    r"(?:改定|改訂|変更|更新)履歴|第\d+版|過去の(?:ポリシー|方針|版)|旧版|以前の(?:ポリシー|版|方針|取扱い?|内容|規程)|旧(?:ポリシー|方針|規程)"
)


@rule(
    "L-DAT-02",
    "warn",
    "T",
    "APPI Art. 32(1)(i)",
    "APPI Art. 32(1)(iv)",
    "APPI Order Art. 10(i)",
    "APPI Art. 33(5)",
    "APPI Art. 28(2)",
    often=0.15,
)
def is_older_than_the_law(read: Reading) -> Iterator[Seen]:
    """The text is older than the rules of 2022, or was made before and changed since without what they ask for."""
    known = [*(d.on for d in read.outline.days if d.on), *_months(read)]
    if not known:
        return
    lacking = [
        bool(list(RULES[id_].check(read)))
        for id_ in ("L-DIS-03", "L-DIS-04", "L-TPP-11")
        if id_ in RULES
    ]
    old = max(known) < SINCE
    revised = min(known) < SINCE and all(lacking) and disclosed.has_contact(read)
    stale = any(lacking) if old else revised
    if stale and max(known) <= read.on:
        yield Seen(
            read.first("dates"),
            Text(
                "2022年4月から求められる事項がそろっていません",
                "what the rules of April 2022 ask for is missing",
            ),
            Text(
                "代表者、安全管理措置、提供記録などを加えてください", "add what is new since then"
            ),
            max((d.written for d in read.outline.days if d.on == max(known)), default=""),
        )


@rule("L-DAT-03", "info", "T", often=0.95)
def keeps_no_history(read: Reading) -> Iterator[Seen]:
    """There is no version, and no history of changes."""
    days = {d.on for d in read.outline.days if d.on}
    if len(days) < 3 and not _HISTORY.search(read.text):
        yield Seen(
            read.first("dates"),
            Text("版や改定の履歴がありません", "there is no version and no history"),
            Text("これまでの改定を示してください", "show the changes so far"),
        )


_OLD_NUMBERS: Final = re.compile(
    r"(?P<of>(?:データ|事業者|情報)\()?(?:個人情報(?:の)?保護(?:に関する法律|法)(?:\([^()]{0,30}\))?|(?<![一-龥])法)第?(?P<number>\d{1,2})条(?:第\d+項)?[^。]{0,60}?"
    r"(?P<what>第三者|外国|開示|訂正|利用停止|公表|利用目的|手数料|安全管理|委託|従業者)"
)
# The numbers that each matter had before the consolidation of April 2022.
_BEFORE: Final[dict[str, frozenset[int]]] = {
    "第三者": frozenset((23, 24, 25, 26)),
    "外国": frozenset((24,)),
    "開示": frozenset((25, 28)),
    "訂正": frozenset((26, 29)),
    "利用停止": frozenset((27, 30)),
    "公表": frozenset((24,)),
    "利用目的": frozenset((15, 16)),
    "手数料": frozenset((30, 33)),
    "安全管理": frozenset((20,)),
    "委託": frozenset((22,)),
    "従業者": frozenset((21,)),
}
_OLD_TERMS: Final = re.compile(r"開示対象個人情報|特定の機微な個人情報|jisq15001:?(?:1999|2006)")


@rule("L-LAW-01", "warn", "T", "APPI Art. 23", "APPI Art. 25", "APPI Art. 27", often=0.2)
def speaks_of_an_older_law(read: Reading) -> Iterator[Seen]:
    """Articles are cited by their old numbers, or terms of an older law or standard are used."""
    for s in read.sentences:
        term = _OLD_TERMS.search(s.text)
        number = _OLD_NUMBERS.search(s.text)
        if number is not None and (
            number["of"] or int(number["number"]) not in _BEFORE[number["what"]]
        ):
            number = None  # a term's definition, or the number of today
        match = term or number
        if match is not None:
            yield Seen(
                s.at,
                Text(
                    f"「{match[0]}」は、今の法令の言葉・条番号ではありません",
                    f"`{match[0]}` is no word or number of the law in force",
                ),
                Text("今の条番号と言葉に直してください", "use the present numbers and words"),
                s.raw,
            )
            return


_NOT_YET: Final = re.compile(
    r"統計(?:の)?作成等の?(?:ため)?(?:の)?特例|特定生体個人情報|連絡可能個人関連情報|課徴金納付|(?:法令|法律|個人情報保護法|改正法|法)[^。]{0,40}16歳未満|16歳未満[^。]{0,40}(?:個人情報保護法|法令|法律の|改正)|令和8年(?:改正|法律第56号)|2026年(?:の)?改正"
)


@rule("L-LAW-02", "error", "T", "Act No. 56 of 2026", often=0.01, since=date(2026, 7, 17))
def claims_a_rule_that_is_not_in_force(read: Reading) -> Iterator[Seen]:
    """A rule that is not in force is spoken of as law."""
    for s in read.saying(_NOT_YET):
        if not re.search(r"施行(?:後|され(?:た|る|次第)|まで|予定|に備え)|予定|準備", s.text):
            yield Seen(
                s.at,
                Text("まだ施行されていない規定を根拠にしています", "this rule is not in force yet"),
                Text("今の法令に合わせて書いてください", "rest on the law that is in force"),
                s.raw,
            )


_DONE: Final = rf"(?:{GIVE}|利用|使用|使い|販売|貸与|漏え?い|漏ら|漏洩|収集|取得|転用|流用|売却)"
_NEVER: Final = re.compile(
    rf"{_DONE}[^。]{{0,20}}一切[^。]{{0,16}}(?:ません|ない(?!場合|こと)|なし)|一切[^。]{{0,24}}{_DONE}[^。]{{0,12}}(?:ません|ない(?!場合|よう))"
    r"|(?:目的|範囲)(?:以外|外|を超え)[^。]{0,30}(?:利用|使用|取扱い?)[^。]{0,10}(?:しません|いたしません|行いません|行わないもの|ことはありません|ございません)"
    rf"|いかなる(?:場合|理由|事由|目的|状況)[^。]{{0,40}}{_DONE}[^。]{{0,12}}(?:ません|ない)|(?:決して|絶対に|断じて|けっして)[^。]{{0,40}}{_DONE}[^。]{{0,12}}(?:ません|ない)"
)


@rule("L-LAW-03", "warn", "T", "APPI Art. 18(3)(i)", "APPI Art. 27(1)(i)", often=0.2)
def promises_more_than_it_can_keep(read: Reading) -> Iterator[Seen]:
    """An absolute promise leaves no room for what a law commands."""
    for s in read.saying(_NEVER):
        if re.search(
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
    r"(?:保存|保管|保有|保持|記録)(?:する)?期間|(?:年|ヶ月|か月|カ月|ヵ月|週|月|日)(?:間|以内|まで)[^。]{0,20}(?:保存|保管|保有|保持|削除|廃棄|消去|抹消)|(?:年|月|日)(?:間)?(?:後|経過)[^。]{0,24}(?:消去|削除|抹消|廃棄)"
    r"|(?:保存|保管|保持|保有)[^。]{0,30}(?:年間|期間|まで)|(?:期間|まで)[^。]{0,24}(?:保存|保管|保持|保有)(?:し(?!ま?せん|ない)|いたし(?!ませ)|さ(?!れません))"
    r"|廃棄|破棄|裁断|シュレッダー|(?:後|経過|時点|次第)[^。]{0,24}処分|(?:不要|必要(?:が|で|性が)(?:なく|無く|ない)|達成(?:し|され)|終了|完了|経過|退会|解約|解除|退職|卒業)[^。]{0,40}(?:消去|削除|抹消|消し|消す)"
    r"|(?:回答|対応|選考|発送|処理|確認|退会|終了|完了)(?:の)?(?:後|次第)[^。]{0,30}(?:消去|削除|返却)(?:し(?!ま?せん)|いた|さ|する)"
    r"|(?:アカウント|アプリ)[^。]{0,20}削除(?:すると[^。]{0,30}削除され|するまで)"
)


@rule("L-RET-01", "warn", "T", "APPI Art. 22", "PPC GL 3-4-1", often=0.85)
def keeps_data_without_end(read: Reading) -> Iterator[Seen]:
    """Nothing says how long data is kept or when it is deleted."""
    for s in read.saying(_KEPT):
        if s.raw == read.outline.by_id[s.at].title:
            continue
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
    r"(?:漏え?い|漏洩|流出|事故|侵害|インシデント)[^。]{0,40}(?:発生|生じ|起き|起こっ|判明|確認され|発覚)(?:し|た|る|時)"
)


@rule("L-INC-01", "info", "T", "APPI Art. 26(1)", "APPI Art. 26(2)", often=0.95)
def says_nothing_of_incidents(read: Reading) -> Iterator[Seen]:
    """Nothing is said about reporting a leak and telling the persons."""
    told = re.compile(
        r"(?:漏え?い|漏洩|流出|事故|事態|侵害|インシデント|問題)[^。]{0,80}(?:委員会|本人|お客様|利用者|ユーザー|関係(?:当局|機関|者))[^。]{0,20}(?:報告|通知|連絡|公表|お知らせ)|(?:漏え?い|漏洩|事故|事態)[^。]{0,60}(?:報告|通知|公表)(?:し|いたし|を行|する|します)"
    )
    listed = any(
        re.search(r"報告|通知|連絡|公表|お知らせ", read.whole(s.at)) for s in read.saying(_HAPPENED)
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
