"""What an English policy says of whoever answers, of measures and of days.

Law: APPI Art. 22, APPI Art. 23, APPI Art. 26, APPI Art. 32(1), APPI Art. 40.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.rules.english.reading import asks
from chikai.policy.rules.rule import SINCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chikai.policy.rules.english.reading import English, Hit


_WRITE: Final = ("書いてください", "write it")


@asks(
    "L-RET-01",
    ("保存期間や削除のきまりがありません", "there is no rule on retention or deletion"),
    (
        "いつまで保存し、どう削除するかを書いてください",
        "say how long data is kept, and its deletion",
    ),
)
def keeps_data_without_end(text: English) -> Iterator[Hit]:
    """Nothing says how long data is kept or when it goes."""
    kept = re.compile(
        r"\b(?:retain|keep|kept|stor(?:e|ed)|hold|held|preserve)\w*\b[^.]{0,100}\b(?:for|until|as long as|only (?:for|while)|period)\b[^.]{0,60}(?:\d|years?|months?|days?|period|necessary|needed|require|until|purpose|contract|account)"
        r"|retention period|\b(?:delet|eras|destroy|dispos|shred|discard|anonymi[sz])\w*\b[^.]{0,80}\b(?:after|once|when|within|promptly|without delay|no longer|days?|months?|years?)\b|no longer (?:necessary|needed|required)[^.]{0,60}(?:delet|eras|destroy|dispos)"
    )
    asked = re.compile(r"\b(?:request|upon your|you (?:may|can|ask)|cookies?|records? of)\b")
    if not any(
        not asked.search(s.text) and not s.under & {"cookie", "third_party"}
        for s in text.saying(kept)
    ):
        yield text.first("retention", "security"), ""


_FORM: Final = re.compile(
    r"\b(?:inc|llc|ltd|limited|corporation|corp|k\.?k|g\.?k|gmbh|kabushiki kaisha|godo kaisha|co)\b\.?|\b(?:foundation|association|university|clinic|hospital|cooperative|school corporation)\b"
)


@asks("L-DIS-01", ("事業者の名称が書かれていません", "the operator's name is missing"), _WRITE)
def lacks_the_operators_name(text: English) -> Iterator[Hit]:
    """The name of the operator is missing."""
    called = re.search(
        r"[a-z][a-z'&. -]{2,60} ?\(\"?[^()]{0,40}\b(?:we|us|our|company|hereinafter)\b", text.text
    )
    if (
        not text.read.outline.contact.name
        and not called
        and not re.search(r"\b(?:inc|llc|ltd|corporation|co\., ltd|k\.k)\b", text.text)
    ):
        yield "controller", ""


_PLACE: Final = re.compile(
    r"\b\d{3}-\d{4}\b(?!-)|\baddress\b ?[:|] ?\S{4}|\d[^\n]{0,60}-(?:ku|shi|cho|machi|gun|ken|fu|to|dori|son|mura|chome)\b|\d[^\n]{2,80}\b(?:tokyo|osaka|kyoto|hokkaido|prefecture|yokohama|nagoya|fukuoka|sapporo|kobe|japan|street|avenue|road|ward|building|floor)\b|-(?:ku|shi|cho|machi|ken)\b[^\n]{0,60}\d"
)


def has_address(text: English) -> bool:
    """Whether an address is given, with or without a postal code."""
    known = bool(text.read.outline.contact.address)
    return known or any(
        _PLACE.search(s.text) for s in text.said if not re.search(r"\bact no\b|\bcourt\b", s.text)
    )


@asks(
    "L-DIS-02",
    ("事業者の住所が文書にありません", "the operator's address is not in the document"),
    _WRITE,
)
def lacks_the_address(text: English) -> Iterator[Hit]:
    """The address is missing."""
    if not has_address(text):
        yield "controller", ""


@asks(
    "L-DIS-03",
    (
        "代表者の氏名がありません（求めに応じて答えることもできます）",
        "the representative's name is not in the document (it may also be answered on request)",
    ),
    _WRITE,
)
def lacks_the_representative(text: English) -> Iterator[Hit]:
    """A company or association does not name its representative."""
    role = r"(?:representative(?: director| partner| member| trustee)?|president|ceo|chief executive officer|chair(?:man|person|woman)?|managing director|director general|principal|head ?master|chief director)"
    named = re.search(
        rf"\b{role}\b[^.\n]{{0,30}}[:,|-] ?[a-z]+ [a-z]+|\b[a-z]+ [a-z]+, ?(?:the )?{role}\b|\b{role} [a-z]+ [a-z]+(?:\n|$|[,|])",
        text.text,
    )
    if _FORM.search(text.text) and not named and not text.read.outline.contact.representative:
        yield "controller", ""


_MEASURE: Final = {
    "organisation": re.compile(
        r"(?:director|head|manager|principal)[^.]{0,20}responsible|organi[sz]ational|\bappoint|(?:manager|officer|person|director) (?:responsible|in charge)|chief (?:information|privacy|security)|privacy officer|audit|inspect|self-check|reporting line"
    ),
    "people": re.compile(
        r"\btrain(?:ing|ed|s)?\b|educat|confidentiality|non-disclosure|\bhuman\b|personnel (?:measures|security)|pledge"
    ),
    "premises": re.compile(
        r"physical|\block(?:ed|s|able|ing)?\b|entry|badge|cabinet|key card|premises|\bsafe\b|cctv"
    ),
    "technology": re.compile(
        r"encrypt|\bssl\b|\btls\b|access (?:control|right|restrict)|(?:limit|restrict)\w* (?:\w+ )?access|(?:limit|restrict)\w*[^.]{0,60}\baccess|access (?:is|to)[^.]{0,40}(?:limited|restricted)|firewall|password|authenticat|technical|antivirus|anti-virus|malware|two-factor"
    ),
}


def _safe(text: English) -> str:
    keeps = re.compile(r"secur|safeguard|protect|leak|unauthori[sz]ed")
    tops = {
        s.at.partition(".")[0]
        for s in text.said
        if "security" in s.under
        or (
            keeps.search(s.text)
            and not s.under & {"third_party", "entrust", "scope", "rights", "foreign", "purposes"}
        )
    }
    return "\n".join(s.text for s in text.said if s.at.partition(".")[0] in tops)


@asks(
    "L-DIS-04",
    (
        "講じている安全管理措置の内容が文書にありません",
        "the measures that were taken are not in the document",
    ),
    ("とっている措置を具体的に書いてください", "describe the measures"),
)
def lacks_the_measures(text: English) -> Iterator[Hit]:
    """The measures that keep the data safe are not described."""
    told = _safe(text)
    if not any(
        p.search(re.sub(r"(?:organi[sz]ational|technical|physical|human)(?:,| and)? ?", "", told))
        for p in _MEASURE.values()
    ):
        yield text.first("security"), ""


@asks(
    "L-DIS-05",
    (
        "安全管理措置のうち、書かれていない種類があります",
        "kinds of measures are missing: organisation, people, premises, technology or the environment abroad",
    ),
    ("とっている措置を種類ごとに書いてください", "write the measures of each kind"),
)
def lacks_kinds_of_measures(text: English) -> Iterator[Hit]:
    """A kind of measure is not named."""
    told = _safe(text)
    abroad = any(
        text.saying(
            re.compile(r"outside (?:of )?japan|overseas|abroad"),
            "foreign",
            "entrust",
            "third_party",
        )
    )
    outside = re.search(
        r"external environment|(?:system|regime|laws?)[^.]{0,80}(?:countr|abroad)|countr[^.]{0,80}(?:system|regime|laws?)",
        text.text,
    )
    if any(not p.search(told) for p in _MEASURE.values()) or (abroad and not outside):
        yield text.first("security"), ""


@asks(
    "L-INC-01",
    (
        "漏えいのときの報告と通知について書かれていません",
        "nothing is said about reporting a leak and telling persons",
    ),
    ("委員会への報告と本人への通知を書くことを勧めます", "better say that both are done"),
)
def says_nothing_of_incidents(text: English) -> Iterator[Hit]:
    """Nothing is said about reporting a leak and telling the persons."""
    bad = r"(?:leak\w*|breach\w*|incident|unauthori[sz]ed (?:access|disclosure)|loss)"
    tell = r"(?:notif|report|inform|tell|contact|let you know)"
    if not re.search(rf"{bad}[^.\n]{{0,160}}\b{tell}|\b{tell}[^.\n]{{0,120}}{bad}", text.text):
        yield text.first("security"), ""


_NEVER: Final = re.compile(
    r"\b(?:will |shall |can |do )?never\b[^.]{0,80}\b(?:shar|sell|sold|disclos|provid|leak|misus|giv|transfer|rent|lost|pass|us(?:e|ed)\b|hand|reveal|show)|\b(?:under no circumstances|in no (?:case|event)|under any circumstances|absolutely (?:not|no|never)|in any circumstances)\b|guarantee (?:that )?[^.]{0,40}(?:secure|safe|leak)"
)


@asks(
    "L-LAW-03",
    (
        "法令に基づく場合も除かない、絶対の約束になっています",
        "this promise leaves no room for what a law commands",
    ),
    ("「法令に基づく場合を除き」を加えてください", "except what a law commands"),
)
def promises_more_than_it_can_keep(text: English) -> Iterator[Hit]:
    """An absolute promise leaves no room for what a law commands."""
    for s in text.saying(_NEVER):
        if not re.search(
            r"except|unless|\blaw\b|legal|consent|card|without your|liab|responsib|passwords?",
            s.text,
        ):
            yield s.at, s.raw


def _days(text: English) -> list[date]:
    return [d.on for d in text.read.outline.days if d.on]


@asks(
    "L-DAT-01",
    ("制定日や改定日がありません", "no day of making or change is given"),
    ("制定日と改定日を書いてください", "write both days"),
)
def has_no_dates(text: English) -> Iterator[Hit]:
    """No day is given."""
    month = re.compile(
        r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b[ ,]*(?:\d{1,2},? )?(?:19|20)\d\d|\b(?:19|20)\d\d[-/.]\d{1,2}"
    )
    dated = re.compile(
        r"updated|revised|effective|established|enacted|amended|version|last|date|adopted|history|issued|in force|as of"
    )
    known = (
        _days(text)
        or any(dated.search(s.text) for s in text.saying(month))
        or any(month.search(s.text) and len(s.text) < 40 for s in text.said)
    )
    if not known:
        yield text.first("dates"), ""


@asks(
    "L-DAT-02",
    (
        "2022年4月から求められる事項がそろっていません",
        "what the rules of April 2022 ask for is missing",
    ),
    ("代表者、安全管理措置、提供記録などを加えてください", "add what is new since then"),
)
def is_older_than_the_law(text: English) -> Iterator[Hit]:
    """The text is older than the rules of 2022 and lacks what they ask for."""
    known = _days(text)
    lacking = any(any(check(text)) for check in (lacks_the_representative, lacks_the_measures))
    if known and max(known) < SINCE and lacking:
        yield text.first("dates"), ""


@asks(
    "L-DAT-03",
    ("版や改定の履歴がありません", "there is no version and no history"),
    ("これまでの改定を示してください", "show the changes so far"),
)
def keeps_no_history(text: English) -> Iterator[Hit]:
    """There is no version and no history of changes."""
    history = re.search(
        r"\bhistory\b[^.]{0,40}(?:\n|$)|(?:version|revision|change) history|\bv(?:ersion)? ?\d\.\d|previous versions?|(?:past|earlier|older|prior) versions?|archive",
        text.text,
    )
    if len(set(_days(text))) < 3 and not history:
        yield text.first("dates"), ""


@asks(
    "L-CHG-02",
    ("いつから効力をもつかが書かれていません", "no day of effect is named"),
    ("施行日と、変更までの期間を書いてください", "name the day, and the time before a change"),
)
def names_no_day_of_effect(text: English) -> Iterator[Hit]:
    """No day of effect is named."""
    day = r"[^.\n]{0,24}(?:19|20)\d\d"
    named = re.search(
        rf"\b(?:effective|in (?:force|effect)|takes? effect|comes? into (?:force|effect)|applies|applicable|enforced)\b(?: date| as of| from| on| since)?[:\s]{day}",
        text.text,
    )
    if not named and not any(d.kind == "effective" and d.on for d in text.read.outline.days):
        yield text.first("change", "dates"), ""


_PHONE: Final = re.compile(
    r"\+81[\d -]{8,}|\b0\d{1,4}[-( ]\d{1,4}[-) ]\d{3,4}\b|\b0120-?\d{3}-?\d{3}"
)


_REACHED: Final = re.compile(
    rf"{_PHONE.pattern}|[\w.+-]+@[\w-]+\.\w|(?:contact|inquiry|web|online) form|https?:"
)


_DESK: Final = re.compile(
    r"\b(?:department|desk|office|team|officer|manager|center|centre|division|section|counter|attn|in charge)\b"
)


def reached(text: English) -> bool:
    """Whether the desk can be reached."""
    return bool(
        _REACHED.search(text.text)
        or text.read.outline.contact.phone
        or (text.first("desk", "complaint") and has_address(text))
    )


@asks(
    "L-DIS-07",
    ("苦情の申出先がありません", "there is no place for complaints"),
    (
        "窓口の連絡先と、苦情を受け付けることを書いてください",
        "write how the desk is reached, and that it takes complaints",
    ),
)
def lacks_a_desk_for_complaints(text: English) -> Iterator[Hit]:
    """There is no desk that takes complaints."""
    if not reached(text) or not re.search(r"\bcomplain|grievance|dissatisf", text.text):
        yield text.first("desk", "complaint"), ""


_OF_THE_DESK: Final = frozenset(("desk", "complaint", "controller"))


@asks(
    "L-DIS-09",
    ("窓口の連絡先が十分ではありません", "the contact is incomplete"),
    ("窓口の名前、電話番号や住所も書いてください", "add its name, telephone or address"),
)
def gives_half_a_contact(text: English) -> Iterator[Hit]:
    """The desk can be reached by mail only, or not at all."""
    phone = _PHONE.search(text.text) or text.read.outline.contact.phone
    desk = any(_DESK.search(s.text) for s in text.said if s.under & _OF_THE_DESK)
    # An address at the head of the policy is the operator's, and says nothing of the desk.
    letters = any(_PLACE.search(s.text) for s in text.said if s.under & _OF_THE_DESK)
    if not phone and not (letters and desk):
        yield text.first("desk", "complaint", "controller"), ""
