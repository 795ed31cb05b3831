"""What an English policy says of others who receive data.

Law: APPI Art. 27, APPI Art. 28, APPI Art. 29(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.rules.english.reading import asks, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.english.reading import English, Hit


_WITHOUT: Final = re.compile(
    r"without (?:\w+ ){0,3}consent|unless (?:you|we have)[^.]{0,40}consent|consent"
)


_LEAD: Final = re.compile(
    r"except|unless|other than|exception|following (?:cases|circumstances)|when(?:ever)?:|where:|if:|any of the following"
)


def _cases(text: English) -> Iterator[tuple[str, str, str]]:
    """The cases in which data goes to others without consent: clause, own words and plain words."""
    for node in text.read.outline.walk():
        own = plain(f"{node.title}. {node.text}")
        third = (
            text.read.under[node.id] & {"third_party", "foreign", "entrust"} or "third part" in own
        )
        lead = plain(node.text.rpartition("\n")[2] or node.text)
        # Consent is told in the sentence, or as the first of the cases.
        told = _WITHOUT.search(own) or any(_WITHOUT.search(plain(c.text)) for c in node.children)
        if node.children and third and _LEAD.search(own) and told:
            yield from ((c.id, c.text, plain(f"{c.title} {c.text}")) for c in node.children)
        for s in re.split(r"(?<=[.])\s", lead) if third else ():
            found = re.search(r"\b(?:except|unless)\b(.{10,400})", s)
            if found and not node.children:
                yield from (
                    (node.id, part, part)
                    for part in re.split(
                        r"; ?(?:or |and )?|, (?:or )?(?=(?:when|where|if|as|to|for)\b|\((?:i{1,3}|iv|v|[a-e]|[1-5])\))",
                        found[1],
                    )
                )


_EXEMPT: Final = re.compile(
    r"contractor|entrust|outsourc|subcontract|service provider|vendor|processor|merger|\bsuccess(?:ion|or)|acquisition|business (?:is|was|transfer)|transfer (?:of )?(?:all or part of )?(?:the |our )?business|joint(?:ly)? us|hand work"
)


@asks(
    "L-TPP-01",
    (
        "委託や事業の承継が、同意のいらない例外と混ざっています",
        "entrustment or succession stands among the exceptions to consent",
    ),
    (
        "「第三者に当たらない場合」として分けて書いてください",
        "list them apart, as cases in which nobody is a third party",
    ),
)
def takes_entrustment_for_an_exception(text: English) -> Iterator[Hit]:
    """Entrustment or succession stands among the exceptions to consent."""
    for at, raw, said in _cases(text):
        if _EXEMPT.search(said) and not re.search(
            r"entrusted by (?:a |the )?(?:national|state|government|public)|government", said
        ):
            yield at, raw


_HARD: Final = re.compile(
    r"difficult|hard|impossible|cannot be obtained|not possible|impracticable|impede|hinder|interfere"
)


@asks(
    "L-TPP-08",
    (
        "同意のいらない例外が法の定めより広くなっています",
        "this exception to consent is wider than the law's",
    ),
    ("法の定める場合に合わせてください", "word it as the law does"),
)
def excepts_more_than_the_law(text: English) -> Iterator[Hit]:
    """An exception to consent is wider than the law's."""
    asked = re.compile(
        r"\b(?:pass|give|provide|disclose|share|show|hand)\w*\b[^.]{0,100}\b(?:when|if|whenever|upon) (?:they|it|the police|authorit\w+|requested)[^.]{0,30}(?:ask|request|require|want)?|(?:as|where|when) (?:necessary|needed)[^.]{0,60}(?:third part|partners?)"
    )
    yield from text.hits(asked, "third_party", unless=r"consent|\blaws?\b|legal")
    for at, raw, said in _cases(text):
        life = re.search(
            r"\blife\b|\bbody\b|\blives\b|property|safety|public health|hygiene|children", said
        )
        office = re.search(
            r"request|inquir|cooperat|authorit|police|agenc", said
        ) and not re.search(r"\blaws?\b|legal|warrant|statut|consent|contractor", said)
        own = re.search(
            r"(?:we|the company) (?:\w+ )?(?:consider|deem|judge|believe|determine|find|think)|business (?:needs|purposes|reasons)|necessary for our|our (?:rights|interests|business)|legitimate|reasonable (?:ground|reason)|emergenc",
            said,
        )
        if (
            (life and not _HARD.search(said))
            or (office and not _HARD.search(said))
            or (own and not _EXEMPT.search(said))
        ):
            yield at, raw


_ABROAD: Final = re.compile(
    r"outside (?:of )?japan|overseas|abroad|(?:foreign|other|third) countr|cross-?border|international transfer"
)


_LAND: Final = re.compile(
    r"united states|\bu\.s\.|\busa\b|singapore|ireland|\beu\b|european union|united kingdom|\buk\b|germany|france|china|korea|taiwan|vietnam|india|philippines|australia|canada|thailand|netherlands|hong kong|indonesia|malaysia"
)


@asks(
    "L-TPP-03",
    (
        "外国の第三者について、国名、その国の制度、相手の措置がそろっていません",
        "country, its system and the recipient's measures are not all named",
    ),
    ("国名、制度、相手がとる措置を書いてください", "name the country, its system and the measures"),
)
def sends_abroad_without_a_country(text: English) -> Iterator[Hit]:
    """Data goes abroad, and the country, its system or the measures are not named."""
    not_so = re.compile(
        r"(?:do|does|will|is|are) not\b[^.]{0,80}(?:outside|overseas|abroad|foreign)|only (?:in|within) japan"
    )
    moved = re.compile(
        r"transfer|provid|stor|locat|server|shar|send|sent|process|entrust|partner|third part|disclos"
    )
    found = [
        s
        for s in text.saying(_ABROAD)
        if moved.search(s.text)
        and not not_so.search(s.text)
        and not s.under & {"security", "scope", "change"}
    ]
    if not found:
        return
    tops = {s.at.partition(".")[0] for s in found}
    around = "\n".join(s.text for s in text.said if s.at.partition(".")[0] in tops)
    system = re.search(
        r"\bsystems?\b|\blaws?\b|\bregime|framework|adequa|gdpr|\bact\b|legislation|cbpr", around
    )
    steps = re.search(r"measures|safeguard|contract|clauses|equivalent|agreement", around)
    if not (_LAND.search(around) and system and steps):
        yield found[0].at, found[0].raw


@asks(
    "L-TPP-04",
    (
        "オプトアウトによる提供に必要な事項か、委員会への届出がありません",
        "the matters of an opt-out, or its filing with the commission, are missing",
    ),
    ("届出をしてから、必要な事項をすべて書いてください", "file it, and write all matters"),
)
def opts_out_without_filing(text: English) -> Iterator[Hit]:
    """Provision goes on until the person objects, and no filing is mentioned."""
    until = re.compile(
        r"(?:shar|sell|provid|disclos|transfer)\w*[^.]{0,120}(?:until|unless) you (?:ask|tell|object|opt|request|inform|notify)[^.]{0,60}(?:stop|object|opt|otherwise)|opt.?out[^.]{0,60}(?:third.part|provision|sharing|sale)"
    )
    if not re.search(r"(?:fil|notif|submit|report)\w*[^.]{0,60}commission", text.text):
        yield from text.hits(until, outside=("cookie", "purposes"))


@asks(
    "L-TPP-05",
    ("共同利用について書かれていない事項があります", "matters of joint use are missing"),
    ("五つの事項をすべて書いてください", "name all five matters"),
)
def shares_without_the_matters(text: English) -> Iterator[Hit]:
    """Data is used jointly, and not all the matters that must be known are named."""
    joint = [
        s
        for s in text.saying(re.compile(r"joint(?:ly)? (?:us|shar)|us(?:e|ed) jointly|shared use"))
        if not re.search(r"\bnot\b|exception|does not constitute|not a third", s.text)
        and "third_party" not in s.under | frozenset()
    ]
    joint = joint or [
        s
        for s in text.saying(re.compile(r"jointly us(?:e|es|ed|ing)"), "third_party")
        if not re.search(r"\bnot\b|except", s.text)
    ]
    tops = {s.at.partition(".")[0] for s in joint}
    around = "\n".join(s.text for s in text.said if s.at.partition(".")[0] in tops)
    named = (
        r"items?|name|categor|data to be|information to be",
        r"scope|range|group|compan|affiliat|partners",
        r"purpose",
        r"responsib",
        r"address|representative|\d{3}-\d{4}|-ku\b|-shi\b",
    )
    if joint and not all(re.search(p, around) for p in named):
        yield joint[0].at, joint[0].raw


@asks(
    "L-TPP-06",
    (
        "委託先や提供先が自分のために使うおそれがあります",
        "a partner may use the data for itself in this task",
    ),
    ("当社のための業務に限ることを書いてください", "say that it is done for the company only"),
)
def lets_a_partner_advertise(text: English) -> Iterator[Hit]:
    """A partner to whom work is entrusted may use the data for itself."""
    own = re.compile(
        r"(?:contractor|partner|vendor|processor|provider|agenc|they|compan|operator|carrier|driver|courier|supplier|printer)\w*[^.]{0,100}\b(?:their|its) own\b[^.]{0,40}(?:market|advertis|product|service|purpos|research|promot|business)"
    )
    refused = r"\bnot\b|prohibit|never|privacy polic|cookie"
    yield from text.hits(own, unless=refused, outside=("cookie",))


_PROCESSOR: Final = re.compile(
    r"\b(?:stripe|supabase|vercel|amazon web services|aws|google (?:cloud|firebase|workspace)|firebase|salesforce|mailchimp|sendgrid|slack|zoom|hubspot|shopify|paypal|cloudflare|openai|azure|zendesk|sentry|twilio|heroku|dropbox|appsflyer|unity ads|admob|mixpanel|amplitude|klaviyo|intercom|notion|github)\b"
)


@asks(
    "L-TPP-10",
    (
        "外国の事業者の名前がありますが、移転の根拠が書かれていません",
        "a provider from abroad is named without the ground for sending data there",
    ),
    ("国名と、同意・体制などの根拠を書いてください", "name the country and the ground"),
)
def names_a_processor_abroad_without_a_route(text: English) -> Iterator[Hit]:
    """A provider from abroad is named, and nothing says on what ground data goes there."""
    ground = re.compile(
        rf"(?:{_LAND.pattern}|outside (?:of )?japan|overseas|abroad|foreign)[^.]{{0,160}}(?:consent|equivalent|contract|clauses|article 28|measures|\bact\b|\blaws?\b|system)|(?:consent|equivalent|article 28|contract)[^.]{{0,120}}(?:{_LAND.pattern}|outside (?:of )?japan|overseas|abroad)"
    )
    if not any(text.saying(ground)):
        yield from text.hits(_PROCESSOR, outside=("cookie",))


@asks(
    "L-TPP-11",
    ("第三者提供の記録について書かれていません", "nothing is said about records of provision"),
    (
        "記録を作成し、開示の請求に応じることを書いてください",
        "say that records are kept and disclosed",
    ),
)
def says_nothing_of_records(text: English) -> Iterator[Hit]:
    """Provision is spoken of, and records of it are not."""
    third = next((s for s in text.said if "third_party" in s.under or "third part" in s.text), None)
    kept = re.compile(
        r"\b(?:keep|make|create|prepare|maintain|retain|kept|made)\w*\b[^.]{0,30}\brecords?\b|\bwe record\b|\brecorded\b|\brecord (?:the|when|to whom)"
    )
    if third is not None and not any(
        not s.under & {"cookie", "items", "rights", "security", "retention"}
        for s in text.saying(kept)
    ):
        yield third.at, ""


@asks(
    "L-TPP-02",
    ("「法令で認められる場合」が二度書かれています", "cases of the law are excepted twice"),
    ("どちらかひとつにしてください", "keep one of them"),
)
def excepts_in_a_circle(text: English) -> Iterator[Hit]:
    """Cases of the law are excepted twice."""
    cases = list(_cases(text))
    law = re.compile(r"\blaws?\b|regulation|\bappi\b|\bact\b")
    again = re.compile(
        r"(?:other|otherwise)[^.]{0,40}(?:law|regulation|appi|\bact\b)|(?:law|regulation)[^.]{0,24}(?:allow|permit)"
    )
    for at, raw, said in cases:
        if not again.search(said):
            continue
        above = text.read.outline.parent(at)
        excepted = above is not None and _BY_LAW.search(plain(above.text))
        if excepted or any(law.search(other) for _, _, other in cases if other != said):
            yield at, raw


# The law is excepted in the sentence above the list: except where permitted by law, … unless one of these applies.
_BY_LAW: Final = re.compile(
    r"\b(?:except|unless|other than)\b[^.:]{0,30}(?:permit|allow|requir|authori[sz]|provid|stipulat)\w*[^.:]{0,12}\b(?:laws?|regulations|act|appi)\b"
)


_ENTRUSTED: Final = re.compile(r"\b(?:entrust|outsourc|subcontract)")
_HANDED: Final = re.compile(
    r"\b(?:provid|disclos|shar|transfer|suppl|pass)\w*\b[^.]{0,60}\b(?:to|with) (?:\w+ ){0,4}(?:contractor|vendor|operator|carrier|compan|processor|provider|partner|supplier|agenc|them\b)|\bprovid\w* (?:\w+ ){0,4}(?:contractor|vendor|operator|carrier|compan\w+|processor|partner|supplier|agency|them)s? with\b|third part"
)


@asks(
    "L-TPP-12",
    (
        "ひとつの流れを「委託」とも「提供」とも呼んでいます",
        "one flow is called entrustment and provision",
    ),
    ("「委託」か「提供」のどちらかにしてください", "call it one of them"),
)
def calls_one_flow_two_things(text: English) -> Iterator[Hit]:
    """The same flow is called entrustment and provision in one sentence."""
    for s in text.said:
        both = _ENTRUSTED.search(s.text) and _HANDED.search(s.text)
        if both and not re.search(
            r"\bnot\b|except|unless|without|\bif\b|\bwhen\b|\bwhere\b|service provider", s.text
        ):
            yield s.at, s.raw
