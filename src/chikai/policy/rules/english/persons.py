"""What an English policy says of requests of persons.

Law: APPI Art. 32, APPI Art. 33, APPI Art. 36, APPI Art. 37, APPI Art. 38.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.rules.english.operator import reached
from chikai.policy.rules.english.reading import asks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.english.reading import English, Hit


@asks(
    "L-DIS-06",
    (
        "請求の申出先と方法が文書にありません",
        "where and how a request is made is not in the document",
    ),
    ("申出先、様式、方法を書いてください", "write where, on which form and how"),
)
def lacks_the_procedure(text: English) -> Iterator[Hit]:
    """Nothing says where and how a request is made."""
    way = re.compile(
        r"contact|e-?mail|write to|\bforms?\b|settings|my page|account page|by (?:mail|post|phone|telephone)|submit|desk|counter|reception|front office|\bcall\b|http|below|section \d|visit|in writing"
    )
    if not any(way.search(s.text) for s in text.rights) or not (
        reached(text) or re.search(r"settings|account|counter|my page", text.rights_text)
    ):
        yield (text.rights[0].at if text.rights else ""), ""


_SHARE: Final = r"(?:provi(?:sion|d)|shar|disclos|transfer|third.part)"


_RIGHTS: Final = (
    re.compile(
        r"(?:notif|inform|told|tell|notice)\w*[^.\n]{0,60}\b(?:purposes?|uses?)\b|\bpurposes?\b[^.\n]{0,60}(?:notif|inform|told|explain)"
    ),
    re.compile(r"disclos|\baccess\b|\bcop(?:y|ies) of"),
    re.compile(
        r"\brecords?\b[^.\n]{0,60}(?:provi|third|transfer|disclos|shar)|(?:third.part\w*|provision|transfer)[^.\n]{0,40}\brecords?\b"
    ),
    re.compile(r"correct|rectif|amend|\badd|updat"),
    re.compile(
        r"suspen|(?:stop|ceas|discontinu|restrict|halt)\w*[^.\n]{0,40}\bus(?:e|ing)\b|\buse\b[^.\n]{0,20}(?:stop|ceas|suspen)"
    ),
    re.compile(r"\beras|delet|remov"),
    re.compile(
        rf"(?:suspen|stop|ceas|discontinu|end|halt)\w*[^.\n]{{0,80}}{_SHARE}|{_SHARE}\w*[^.\n]{{0,30}}(?:stopped|suspended|ceased)"
    ),
)


@asks(
    "L-RGT-01",
    ("文書にない請求があります", "a right is not named"),
    (
        "書くか、求めに応じて遅滞なく答えられるよう用意してください",
        "write it, or have the answer ready for whoever asks",
    ),
)
def lacks_a_right(text: English) -> Iterator[Hit]:
    """A right of persons is not named."""
    if not all(p.search(text.rights_text) for p in _RIGHTS):
        yield (text.rights[0].at if text.rights else ""), ""


_REFUSES: Final = re.compile(
    r"\b(?:refus|declin|reject|den(?:y|ied)|turn(?:ed)? down)\w*|(?:unable|not able|cannot|can not|not|may not)\b[^.]{0,20}\b(?:comply|respond|accept|meet|honou?r|fulfil|grant|act on|accommodate)"
)


_WIDE: Final = re.compile(
    r"unreasonable|(?:we|the company)(?: \w+)? (?:find|consider|deem|judge|believe|determine|think)|discretion|reasonable (?:ground|reason|cause)|inappropriate|inconvenien|our judg|legitimate reason|good reason|hinder|interfere|too (?:much|many|busy)"
)


@asks(
    "L-RGT-02",
    ("法の定めより広い拒否の理由です", "these grounds of refusal are wider than the law's"),
    ("法の定める理由だけを挙げてください", "name only the grounds of the law"),
)
def refuses_on_wider_grounds(text: English) -> Iterator[Hit]:
    """A request may be refused on grounds that the law does not know."""
    for s in text.rights:
        lawful = re.search(
            r"seriously|significantly|materially|law(?:s)? (?:and|or) regulations|permitted by law|identity",
            s.text,
        )
        if _REFUSES.search(s.text) and _WIDE.search(s.text) and not lawful:
            yield s.at, s.raw


@asks(
    "L-RGT-03",
    (
        "応じないときに理由を説明することが書かれていません",
        "nothing says that a refusal is explained",
    ),
    ("理由を説明するよう努めることを書いてください", "promise to explain the reason"),
)
def refuses_without_reasons(text: English) -> Iterator[Hit]:
    """A request may be refused, and nothing promises to say why."""
    found = next((s for s in text.rights if _REFUSES.search(s.text)), None)
    told = re.search(
        r"(?:explain|tell|state|give|inform|notif|with|provide)\w*[^.\n]{0,60}\b(?:reasons?|grounds|why)\b|\breasons? (?:for|will|why)",
        text.rights_text,
    )
    if found is not None and not told:
        yield found.at, found.raw


_KNOWN: Final = re.compile(
    r"passport|licen[cs]e|residence card|my number card|identification (?:card|document)|\bid (?:card|document|documents)|photo id|(?:identity|identification) (?:document|paper|card)|registered (?:e-?mail|address|phone|telephone)|(?:verification|confirmation|one-time) code|certificate|call(?:ing)? (?:you )?back|health insurance|cop(?:y|ies) of[^.]{0,40}\bid\b|matching|order number|from the (?:e-?mail )?address"
)


@asks(
    "L-RGT-04",
    ("本人確認の方法が書かれていません", "nothing says how identity is checked"),
    ("何を示してもらうかを書いてください", "say what a person must show"),
)
def checks_identity_in_secret(text: English) -> Iterator[Hit]:
    """Requests are taken, and nothing says how identity is checked."""
    if text.rights and not _KNOWN.search(text.rights_text):
        yield text.rights[0].at, text.rights[0].raw


# Who serves customers acts for nobody who asks: a support agent.
_OTHER_AGENTS: Final = re.compile(
    r"\b(?:support|service|sales|booking|travel|reservation|call.cent\w+|chat|insurance|estate|shipping|delivery)s? agents?\b|\buser.agents?\b"
)


@asks(
    "L-RGT-05",
    ("代理人による請求について書かれていません", "nothing is said about agents"),
    (
        "代理人でも請求できることと、示すものを書いてください",
        "say that an agent may ask, and what they must show",
    ),
)
def forgets_agents(text: English) -> Iterator[Hit]:
    """Agents are not mentioned, or shut out."""
    told = "\n".join(s.text for s in text.rights if "minors" not in s.under)
    shut = re.search(
        r"(?:only|solely)[^.\n]{0,40}(?:by|from) (?:the person|you|the individual|the data subject)|not accept[^.\n]{0,60}(?:agent|behalf|famil|relative)|in person only",
        told,
    )
    if text.rights and (
        shut
        or not re.search(
            r"\bagents?\b|\bprox(?:y|ies)\b|on (?:your|his|her|their|someone's|the person's) behalf|representatives?\b(?! director)|attorney|authori[sz]ed person|guardian|mandate",
            _OTHER_AGENTS.sub("", told),
        )
    ):
        yield text.rights[0].at, text.rights[0].raw


@asks(
    "L-RGT-06",
    (
        "手数料を取れない請求にも手数料がかかると読めます",
        "the text asks a fee for a right that may not cost one",
    ),
    (
        "手数料は、利用目的の通知と開示だけにしてください",
        "ask a fee only for notice of the purpose and for disclosure",
    ),
)
def charges_for_a_right_that_is_free(text: English) -> Iterator[Hit]:
    """A fee is asked for a right that is free."""
    fee = re.compile(
        r"\b(?:fees?|charged?|charges|cost)\b[^.]{0,80}(?:\d|yen|jpy|¥)|(?:\d[\d,]* ?(?:yen|jpy)|¥ ?\d|jpy ?\d)[^.]{0,80}|\bfees?\b[^.]{0,60}(?:each|every|any|all|per) (?:\w+ ){0,2}request"
    )
    free = re.compile(
        r"no (?:fee|charge)|free of charge|without charge|are free|is free|not charge|disclosure (?:only|or notif)|for disclosure|(?:request|requests) for (?:disclosure|notification)"
    )
    wide = re.compile(r"each|every|any|all|per request|correct|delet|suspen|regardless|whatever")
    for s in text.rights:
        of_one = _OF_DISCLOSURE.search(s.text) and not _FREE_RIGHT.search(s.text)
        if fee.search(s.text) and wide.search(s.text) and not free.search(s.text) and not of_one:
            yield s.at, s.raw


# A price whose subject is to be shown data: Disclosure costs JPY 500 per request.
_OF_DISCLOSURE: Final = re.compile(
    r"^(?:\W|each |every |any |a |an |the |for |to )*(?:disclos|show|access|see|view|cop(?:y|ies)|notif|notice|printed)\w*\b(?! of (?:a |each |every )?request)"
)
_FREE_RIGHT: Final = re.compile(r"correct|delet|suspen|eras|amend|rectif|stop|ceas|\bany request")


@asks(
    "L-RGT-08",
    ("開示の方法が書面だけになっています", "disclosure is offered on paper only"),
    ("電磁的記録でも開示することを書いてください", "offer disclosure as data, too"),
)
def discloses_on_paper_only(text: English) -> Iterator[Hit]:
    """Data is disclosed on paper only."""
    paper = re.compile(
        r"(?:only|solely|exclusively)[^.]{0,24}(?:in writing|on paper|in paper|by (?:registered )?(?:mail|post|letter)|paper)|(?:in writing|on paper|by (?:registered )?(?:mail|post|letter)|paper (?:copy|copies|documents|form))[^.]{0,12}\bonly\b|(?:do|can|will|does) ?not (?:\w+ ){0,4}(?:electronic|digital|by e-?mail)|no electronic"
    )
    gives = re.compile(r"disclos|answer|repl|respon|provide|cop(?:y|ies)|send|data")
    for s in text.rights:
        if (
            paper.search(s.text)
            and gives.search(s.text)
            and not re.search(r"requests? (?:must|should|may|can|are)", s.text)
        ):
            yield s.at, s.raw


@asks(
    "L-RGT-10",
    ("請求に求める書類が重すぎます", "the papers that a request asks for are too many"),
    ("本人確認に必要なものだけにしてください", "ask only for what shows identity"),
)
def asks_too_much(text: English) -> Iterator[Hit]:
    """A request asks for an excessive burden of papers."""
    found = next(
        (
            s
            for s in text.rights
            if re.search(r"registered seal|seal (?:registration )?certificate|notari[sz]ed", s.text)
        ),
        None,
    )
    if found and re.search(
        r"certificate of residence|resident(?:'s)? (?:record|card|register)|family register|registered (?:mail|post)|in person|all of",
        text.rights_text,
    ):
        yield found.at, found.raw


@asks(
    "L-RGT-12",
    (
        "利用を停止すると何が使えなくなるかが書かれていません",
        "nothing says what ends when use is stopped",
    ),
    ("停止の影響を書いてください", "say what ends"),
)
def hides_what_stopping_ends(text: English) -> Iterator[Hit]:
    """Use can be stopped, and nothing says what ends with it."""
    stops = next(
        (
            s
            for s in text.rights
            if re.search(r"suspen|(?:stop|ceas)\w*[^.]{0,30}us(?:e|ing)|delet|eras", s.text)
        ),
        None,
    )
    ends = re.compile(
        r"\b(?:no longer|not be able|unable|cannot|can't|loses?|will end|terminat\w+|unavailable)\b[^.]{0,80}(?:us|access|service|provid|receiv|play|account|item|point|member|continue|treat|offer|log|enjoy|take|attend|enter|open|log in|sign in|book|let you|work|function|deliver)|\b(?:no longer work|stop working)|\b(?:account|membership|subscription|contract|plan)s?\b[^.]{0,30}\b(?:closed|deleted|cancell?ed|end(?:s|ed)?|terminated|frozen)\b"
    )
    effect = any(
        ends.search(s.text)
        and re.search(r"suspen|stop|ceas|delet|eras|\bif\b|\bwhere\b|\bonce\b|\bthen\b", s.text)
        and not _REFUSES.search(s.text)
        for s in text.rights
    )
    if stops is not None and not effect:
        yield stops.at, stops.raw


@asks(
    "L-TRM-06",
    (
        "請求への対応の速さが二通りに書かれています",
        "requests are promised to be handled at two speeds",
    ),
    ("ひとつにそろえてください", "use one of them"),
)
def promises_two_speeds(text: English) -> Iterator[Hit]:
    """Requests are handled promptly in one place and without delay in another."""
    soon = next(
        (s for s in text.rights if re.search(r"promptly|immediately|swiftly", s.text)), None
    )
    if soon is not None and re.search(r"without (?:undue )?delay", text.rights_text):
        yield soon.at, soon.raw


_MAY_ASK: Final = re.compile(
    r"\byou (?:\w+ ){0,4}(?:may|can) (?:also |at any time )?(?:ask|request|require|demand)|\byou have the right to|\bright to (?:request|ask)"
)
_ONE_RIGHT: Final = (
    re.compile(r"\bdisclos\w*[^.]{0,20}\b(?:data|information)|\bshow you\b"),
    re.compile(r"\b(?:correct|rectif)"),
    re.compile(r"\b(?:stop|ceas)\w*,? (?:us(?:e|ing)|eras)|\bsuspen\w+ (?:of )?(?:the )?us"),
    re.compile(r"\beras"),
)


@asks(
    "L-RGT-11",
    ("同じ請求について、ふたつの条項があります", "two clauses are about the same right"),
    ("ひとつにまとめてください", "put them together"),
)
def speaks_of_a_right_twice(text: English) -> Iterator[Hit]:
    """Two clauses say that the same right may be used."""
    first: dict[int, str] = {}
    for s in text.rights:
        top = s.at.partition(".")[0]
        named = [i for i, p in enumerate(_ONE_RIGHT) if p.search(s.text)]
        if not _MAY_ASK.search(s.text):
            continue
        for one in named:
            if first.setdefault(one, top) != top:
                yield s.at, s.raw
