"""What an English policy says of data and its purposes.

Law: APPI Art. 17, APPI Art. 21, APPI Art. 32(1).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.rules.english.reading import asks, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.rules.english.reading import English, Hit


_WRITE: Final = ("書いてください", "write it")
_SHORT: Final = 100  # signs of an item; a longer one is a sentence


def _purposes(text: English) -> list[tuple[str, str, str]]:
    found = [(p.clause, p.text or p.name) for p in text.read.outline.purposes]
    own = [one for one in found if "purposes" in text.read.under.get(one[0], ())]
    found = own or found
    if not found:
        nodes = (n for n in text.read.outline.walk() if not n.children)
        found = [(n.id, n.text) for n in nodes if re.match(r"(?:to|for) [a-z]", n.text)]
    return [(at, raw, plain(raw)) for at, raw in found]


def _items(text: English) -> list[tuple[str, str, str]]:
    found = [
        (i.clause, i.text or i.name)
        for i in text.read.outline.items
        if not text.read.under.get(i.clause, frozenset()) & {"third_party", "foreign", "rights"}
    ]
    told = {at for at, _ in found}
    for node in text.read.outline.walk():
        if "items" in text.read.under[node.id] and not node.children and "." in node.id:
            words = node.text or node.title
            if node.id not in told and len(words) < _SHORT:
                found.append((node.id, words))
    return [(at, raw, plain(raw)) for at, raw in found]


@asks("L-PUR-01", ("利用目的がひとつもありません", "there is no purpose of use"), _WRITE)
def names_no_purpose(text: English) -> Iterator[Hit]:
    """No purpose of use is named."""
    used = re.compile(r"\b(?:us(?:e|ed|es|ing)|process(?:ed)?|handle)\b.{0,160}\b(?:to|for)\b")
    if not text.read.outline.purposes and not any(text.saying(used)):
        yield text.first("purposes"), ""


_VAGUE: Final = re.compile(
    r"^(?:to |for )?(?:the )?(?:(?:improv|enhanc|develop|operat|run|maintain|provid|manag|promot)[a-z]{0,8}\b(?:,? (?:and|or) |, ?)?){1,6}(?: of)? ?(?:and )?(?:our |the |its |your )?"
    r"(?:overall |quality of |(?:our |the )?)*(?:services?|business(?:es)?|operations?|products?|games?|apps?|sites?|websites?|platform|user experience|experience|quality|company|activities|club|clinic|school|store|shop)?"
    r"(?:,? (?:and|or) (?:our )?(?:services?|products?|business|operations?|games?|website))?[.;,]?(?: and)?$"
    r"|^(?:to )?mak(?:e|ing) (?:our |the |its )?(?:services?|business|products?|apps?|sites?|website|platform)(?: (?:even|still))? better[.;]?(?: and)?$|^(?:for )?(?:improvements?|operations?|development|marketing|administration|research|business)[.;]?(?: and)?$|^(?:for )?(?:our |general )?(?:business|marketing|operational|administrative|internal) (?:purposes?|activities|operations|needs)[.;]?(?: and)?$"
)


@asks(
    "L-PUR-02",
    (
        "この利用目的では、何に使うかが具体的に分かりません",
        "this purpose does not say concretely what the data is used for",
    ),
    ("何をどう使って何をするかまで書いてください", "say what is used, how, and for what"),
)
def names_a_vague_purpose(text: English) -> Iterator[Hit]:
    """A purpose says no more than improving or running the business."""
    yield from ((at, raw) for at, raw, said in _purposes(text) if _VAGUE.match(said))


_CATCH_ALL: Final = re.compile(
    r"\b(?:any |all )?other (?:[a-z-]+ ){0,3}(?:purposes?|reasons?|uses?|matters?|activities|operations)\b(?! (?:than|described|set out|listed))"
    r"|(?:related|incidental|ancillary|connected|pertaining|attendant) (?:or (?:related|incidental) )?to (?:any of )?(?:the |these )?(?:above|foregoing|these|those|preceding|purposes)"
    r"|(?:we|the company) (?:may )?(?:consider|deem|judge|find|determine|think)s? (?:it )?(?:to be )?(?:necessary|appropriate|useful|fit)"
)


@asks(
    "L-PUR-07",
    (
        "「その他」「付随する」では、利用目的を特定したことになりません",
        "a purpose that takes in whatever else is connected specifies nothing",
    ),
    ("具体的な目的に分けて書いてください", "name the concrete purposes"),
)
def names_a_catch_all(text: English) -> Iterator[Hit]:
    """A purpose takes in whatever else there may be."""
    listed = {at for at, _, _ in _purposes(text)}
    for s in text.saying(_CATCH_ALL):
        if s.at in listed or s.under & {"purposes"}:
            yield s.at, s.raw


_NEWS: Final = re.compile(
    r"\b(?:newsletters?|news|announcements?|information (?:about|on|regarding)|updates? (?:about|on)|notif(?:y|ications?)|inform(?:ing)? you (?:of|about)|notices?|introduc\w+)\b"
)


_OPEN_NEWS: Final = re.compile(
    r"advertis|market|promot|campaign|sales? |coupon|special offers?|important|maintenance|changes?|outage|recall|safety|delivery|shipp|order|reservation|booking|appointment|result|payment|invoice|renewal|deadline|breach|emergenc|policy|terms"
)


@asks(
    "L-PUR-06",
    (
        "「ご案内」「お知らせ」が広告を含むかどうか分かりません",
        "it is open whether this includes advertising",
    ),
    (
        "広告を含むか、サービスに必要な連絡だけかを書いてください",
        "say whether it is advertising or only what the service needs",
    ),
)
def leaves_advertising_open(text: English) -> Iterator[Hit]:
    """A purpose speaks of news and does not say whether it means advertising."""
    for at, raw, said in _purposes(text):
        if _NEWS.search(said) and not _OPEN_NEWS.search(said):
            yield at, raw


@asks(
    "L-PUR-05",
    (
        "第三者に提供することが、利用目的に書かれていません",
        "no purpose says that data is provided to others",
    ),
    ("利用目的に提供を加えてください", "add the provision to the purposes"),
)
def provides_without_a_purpose(text: English) -> Iterator[Hit]:
    """Data goes to others, and no purpose says so."""
    named = _purposes(text)
    to_others = re.compile(
        r"\b(?:we|the company)\b[^.]{0,100}\b(?:share|provide|disclose|sell|transfer|use|suppl|hand|give)\w*\b[^.]{0,120}\b(?:partners?|affiliates?|compan(?:y|ies)|sponsors?|third part|jointly|advertisers?|dealers?|agenc(?:y|ies)|operators?|hotels?|shops?|stores?)"
        r"|\b(?:partners?|advertisers?|affiliates?|sponsors?)\b[^.]{0,40}\b(?:may|can|will) (?:use|receive|market|keep)\b"
    )
    told = re.compile(
        r"third part|(?:to|with) (?:our |its |the |other )?(?:business |group )?partners?\b|affiliat|sponsor|shar(?:e|ing)|jointly|provid\w+ (?:it|them|data|information) to"
    )
    if not named or any(told.search(said) for _, _, said in named):
        return
    yield from text.hits(
        to_others,
        "third_party",
        "joint",
        "foreign",
        unless=r"\bnot\b|never|only with|required by law",
    )


_OPEN: Final = re.compile(
    r"\betc\b|\band so (?:on|forth)\b|\band the like\b|\bincluding but not limited to\b|\b(?:any )?other (?:[a-z-]+ ){0,3}(?:information|data|details|items|matters|content)\b(?! than)|\bamong others\b|\bor similar\b|\bsuch as\b|\banything else\b|\bwhatever\b"
)


@asks(
    "L-CAT-01",
    ("「等」「その他」で、項目の範囲が決まっていません", "the items are open-ended"),
    ("取得する項目をすべて書いてください", "name every item that is acquired"),
)
def leaves_items_open(text: English) -> Iterator[Hit]:
    """A data item is open-ended."""
    clauses = {at for at, _, _ in _items(text)}
    uses = {at for at, _, _ in _purposes(text)}
    for s in text.saying(_OPEN):
        if (s.at in clauses or s.under & {"items"}) and s.at not in uses:
            yield s.at, s.raw


_GIVEN: Final = re.compile(
    r"\byou (?:give|provide|enter|submit|register)|provided by you|(?:input|entered) by"
)


_OBSERVED: Final = re.compile(
    r"cookie|\bip address|browsing|access log|device (?:id|information|type)|location|advertising id"
)


@asks(
    "L-CAT-02",
    (
        "本人から提供される情報の一覧に、自動的に得る情報が入っています",
        "data that is observed is listed as provided by the person",
    ),
    ("自動的に取得する情報を分けて書いてください", "list observed data apart"),
)
def calls_observed_data_given(text: English) -> Iterator[Hit]:
    """Data that is observed stands in a list of what the person gives."""
    for node in text.read.outline.walk():
        lead = plain(f"{node.title} {node.text}")
        if _GIVEN.search(lead[-200:]) and "automatic" not in lead:
            yield from ((c.id, c.text) for c in node.children if _OBSERVED.search(plain(c.text)))


_NAMES_DATA: Final = re.compile(
    r"\b(?:name|e-?mail address|address|phone number|telephone number|date of birth|cookies?|ip address|history|logs?|location)\b"
)


# A purpose that names its items by their numbers: (2(a), 2(b)), [items 1 and 3].
_BY_NUMBER: Final = re.compile(
    r"[(\[](?:items? |see )?\d{1,2}(?:\([a-z]\)|\.\d{1,2}| and \d)|\bitems? \(?[a-z0-9]\)"
)


@asks(
    "L-CAT-03",
    (
        "どの項目をどの目的に使うかが書かれていません",
        "the text does not say which item is used for which purpose",
    ),
    ("項目ごとに目的を示してください", "show the purposes of each item"),
)
def leaves_items_without_purpose(text: English) -> Iterator[Hit]:
    """No item is connected with a purpose."""
    named, uses = _items(text), _purposes(text)
    table = any("|" in s.text and "purpose" in s.text for s in text.said)
    told = sum(bool(_NAMES_DATA.search(said) or _BY_NUMBER.search(said)) for _, _, said in uses)
    together = {at for at, _, _ in named} & {at for at, _, _ in uses}
    if len(named) >= 3 and len(uses) >= 3 and not table and told * 3 < len(uses) and not together:
        yield named[0][0], named[0][1]


@asks(
    "L-CAT-04",
    (
        "ウェブサイトのCookieやログ、外部への送信について書かれていません",
        "nothing is said about cookies, logs or external transmission of the website",
    ),
    (
        "取得するログ、Cookieと送信先を書いてください",
        "name the logs, the cookies and where they are sent",
    ),
)
def forgets_what_a_website_sends(text: English) -> Iterator[Hit]:
    """A website or app is in scope, and nothing is said about cookies or logs."""
    site = re.compile(
        r"\b(?:our|this|the|through|on|via) (?:[a-z-]+ ){0,2}(?:web ?sites?|sites?|apps?|online (?:shop|store|form|booking)|web form)\b"
    )
    told = re.search(
        r"cookie|analytics|\blogs?\b|\bip address|tracking|beacon|device|browser", text.text
    )
    if not told:
        yield from text.hits(site, outside=("change", "desk"))


_CARD: Final = re.compile(
    r"\b(?:credit|debit|payment) cards?\b|\bcard (?:number|details|information)"
)


_HELD: Final = re.compile(
    r"payment (?:processor|provider|service|agent|compan|gateway)|stripe|paypal|square|token|(?:never|not) (?:\w+ ){0,4}(?:keep|store|hold|receive|retain|see)|handled by|app stores?|processed by"
)


@asks(
    "L-CAT-06",
    ("カード情報をだれが持つのかが書かれていません", "the text does not say who holds card data"),
    (
        "決済代行会社の名前、または自社で持たないことを書いてください",
        "name the payment service, or say that you hold none",
    ),
)
def takes_cards_without_saying_who_holds_them(text: English) -> Iterator[Hit]:
    """Card data is an item, and nothing says who holds it."""
    if not _HELD.search(text.text):
        yield from text.hits(_CARD, outside=("rights", "security"))


@asks(
    "L-CAT-07",
    (
        "自由に書かれた情報に要配慮個人情報があるときの扱いがありません",
        "nothing is said about special-care information in free text",
    ),
    ("扱い方を書いてください", "say how it is handled"),
)
def takes_free_text_without_a_rule(text: English) -> Iterator[Hit]:
    """People can write whatever they like, and no rule says what becomes of special-care information."""
    free = re.compile(
        r"messages? you|(?:audio|recordings?|photos?|videos?|files?|images?|posts?|text|content)s? (?:that )?you (?:record|upload|post|send|write|create|type)|(?:contents? of|your) (?:any )?(?:inquir|enquir|message|comment|feedback|opinion|question|request)|free.?(?:text|form)|anything (?:else )?(?:that )?(?:you|they)|(?:other|any) information (?:that )?you (?:choose|provide|enter|give)|comments?\b|remarks|special requests"
    )
    if re.search(
        r"special.?care|sensitive|my number|individual number|medical history|health (?:information|data)",
        text.text,
    ):
        return
    for at, raw, said in _items(text):
        if free.search(said):
            yield at, raw
    yield from text.hits(free, "items")


@asks(
    "L-CAT-08",
    (
        "会社名や人数は、それだけでは個人情報ではありません",
        "the name of a company or a headcount by itself is not personal information",
    ),
    ("個人情報と分けて書いてください", "list it apart"),
)
def lists_what_is_not_personal(text: English) -> Iterator[Hit]:
    """An item of the list is not about a person."""
    odd = re.compile(
        r"\b(?:company|organi[sz]ation|business|firm)(?:'s)? name\b|\bname of (?:your |the )?(?:company|organi[sz]ation|employer)|\bnumber of (?:people|guests|participants|employees|attendees|visitors)"
    )
    yield from ((at, raw) for at, raw, said in _items(text) if odd.search(said))


_STOP: Final = frozenset(
    "to the our your you of and for or in on a an with any we us by that this as is are be from at it".split()
)


@asks(
    "L-PUR-03",
    ("ほかの利用目的と重なっています", "this purpose overlaps with another"),
    ("ひとつにまとめるか、違いを書いてください", "merge them, or say how they differ"),
)
def repeats_a_purpose(text: English) -> Iterator[Hit]:
    """Two purposes are about the same."""
    seen: list[frozenset[str]] = []
    for at, raw, said in _purposes(text)[:60]:
        better = re.sub(r"\bmak(?:e|ing) (.{1,40}) better\b", r"improve \1", said)
        words = frozenset(re.findall(r"[a-z]{2,20}", better)) - _STOP
        if any(len(words & one) >= 2 and (words <= one or one <= words) for one in seen):
            yield at, raw
        seen.append(words)
