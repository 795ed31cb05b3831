"""A policy in English, read at a basic level: what its clauses are about, its items, its purposes, and who answers.

The outline is that of any text; only words are told here. What stands behind `do not` names neither item nor purpose.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import words
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import Contact, FoundItem, FoundPurpose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chikai.policy.importing.lines import Line
    from chikai.policy.outline import Kind, Node

# What headings say, and what the kind is then: the first that a title holds decides, so the narrow stand before the wide.
_TITLES: Final[tuple[tuple[str, Kind], ...]] = (
    (r"^(?:effective date|(?:revision|version|change) history|supplementary provisions?)", "dates"),
    (r"chang\w* (?:of|to|in) (?:the |our )?(?:purposes?|uses?) ", "purpose_change"),
    (r"(?:anonym|pseudonym|de-?identif)|aggregated?\b|statistical", "anonymised"),
    (r"\bfees?\b|charges? for", "fee"),
    (
        r"complain(?!ts and inquir)(?!ts or inquir)",
        "complaint",
    ),
    (r"data protection officer|privacy officer|\bdpo\b", "desk"),
    (
        r"procedures? for|how to (?:make|submit|exercise)|identity verification|verif\w+ (?:of )?(?:your )?identity|request procedure",
        "procedure",
    ),
    (
        r"(?:information|data) (?:that )?(?:we|you|the company) (?:collect|provide|give|enter|share|process|hold|obtain|acquire|handle|receive)|collection of|acquisition of|data collected|to be (?:acquired|collected)|collected information",
        "items",
    ),
    (r"contact|questions|reach us|get in touch|inquir|enquir", "desk"),
    (
        r"(?:chang(?:e|es|ing)|revis(?:ion|ions|ing)|modif\w+|amend\w+|updat\w+)\b.{0,24}(?:policy|notice|statement)|updates? to|amendment|^(?:modifications?|revisions?|changes)$|policy (?:updates?|changes?)",
        "change",
    ),
    (r"cookie|analytics|tracking|beacon|log (?:data|files?)|external transmission", "cookie"),
    (r"child|minor|under 1[368]", "minors"),
    (
        r"(?:seeing|viewing|accessing|correcting|deleting).{0,24}(?:information|data)|your (?:\w+ ){0,3}(?:rights|choices|requests)|rights of|access to (?:and|your)|opt.?out|requests? (?:for|from|by)|disclosure,? (?:and )?(?:correction|suspension)|correction(?:,| and| or)|(?:individual|data subject)s?['\u2019]? rights",
        "rights",
    ),
    (r"retention|retain|how long|storage period", "retention"),
    (r"deletion|erasure|suspension of use", "rights"),
    (
        r"international|transfer|overseas|abroad|cross.?border|foreign|outside (?:of )?japan",
        "foreign",
    ),
    (r"joint(?:ly)? us|shared us", "joint"),
    (
        r"processors|contractors?\b|entrust|outsourc|service providers?|vendors?\b",
        "entrust",
    ),
    (
        r"third.part|\bgiv(?:e|ing) .{0,24}(?:information|data)|to others|shar(?:e|ing)|disclos|provision (?:of|to)|recipients",
        "third_party",
    ),
    (
        r"secur|safeguard|protect|safety management|management of (?:personal|your|the) (?:information|data)",
        "security",
    ),
    (r"(?:governing )?law|compliance|legal basis(?! and purpose)", "law"),
    (
        r"(?:how|why) (?:do )?we (?:use|process)|\bus(?:e|es|ing) (?:of )?|purpose|utili[sz]ation",
        "purposes",
    ),
    (
        r"collect|gather|(?:what|which) (?:\w+ ){0,3}(?:information|data)|(?:types|categories|kinds) of (?:\w+ )?(?:information|data)",
        "items",
    ),
    (r"definition|interpretation", "definition"),
    (
        r"(?:data )?controller|business operator|name and address|company (?:information|profile|name)",
        "controller",
    ),
    (r"scope|introduction|about this|overview|who we are|preamble", "scope"),
)
_BY_TITLE: Final = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _TITLES)
# What the words of a clause without a heading say of it.
_BODY: Final[tuple[tuple[str, Kind], ...]] = (
    (r"jointly use|joint use", "joint"),
    (r"\bcookies?\b|google analytics", "cookie"),
    (r"(?:change|revise|amend|update)s? (?:this|the|our) (?:privacy )?(?:policy|notice)", "change"),
    (
        r"(?:disclos|correct|delet|suspen|eras|access)\w*[^.]{0,80}(?:request|upon your)|(?:request|right)s?[^.]{0,60}(?:disclos|correct|delet|suspen|eras|access)",
        "rights",
    ),
    (r"third part", "third_party"),
    (r"entrust|outsourc|subcontract", "entrust"),
    (r"(?:leak|loss|damage|unauthori[sz]ed|secur|safeguard)", "security"),
    (r"(?:retain|keep|store)\w*[^.]{0,60}(?:months?|years?|as long as|period)", "retention"),
    (r"\buse[sd]?\b[^.]{0,80}(?:following purposes|to |for )", "purposes"),
    (r"contact (?:us|the)|questions|inquir", "desk"),
    (r"\bcollects?\b|\bacquires?\b", "items"),
)
_BY_BODY: Final = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _BODY)
_LATIN: Final = re.compile(r"[A-Za-z]{3}")
_JAPANESE: Final = re.compile(r"[ぁ-んァ-ヶ一-龥]")
_NOT: Final = re.compile(
    r"\b(?:do(?:es)? not|don't|doesn't|never|will not|won't|cannot|not)\b", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"(?<=[a-z)0-9][.!?])\s+(?=[A-Z])")
_GETS: Final = re.compile(
    r"\b(?:collects?|gathers?|obtains?|receives?|records?|stores?|(?:ask|asks) (?:you )?for)\s+(?P<what>[^.]{3,400})",
    re.IGNORECASE,
)
_SUCH_AS: Final = re.compile(
    r"\b(?:such as|including(?: but not limited to)?|includes?|namely|like)[:,]?\s+", re.IGNORECASE
)
# Where what is collected ends in its sentence.
_ENDS: Final = re.compile(
    r",?\s+(?:when|if|while|whenever|where|once|as you|that|which|in order|so that|through|via|from|by|for (?:the|our)|on (?:our|the)|to (?!whom)|you (?!r)|necessary|about (?:you|your)|during|with your consent)\b",
    re.IGNORECASE,
)
_GENERIC: Final = re.compile(
    r"(?:the|following|certain|some|other|any|your|various|additional|personal|types? of|categories of|kinds of|pieces of|information|data|details?|and|or|of|\W)*",
    re.IGNORECASE,
)
_LEAD_ITEMS: Final = re.compile(
    r"(?:collect|gather|obtain|receive|provide|record)\w*\b.{0,80}(?:following|below|:$)|(?:information|data)\b.{0,40}(?:includes?|following)",
    re.IGNORECASE,
)
_LEAD_PURPOSES: Final = re.compile(
    r"\b(?:us(?:e|es|ed)|process(?:es|ed)?)\b.{0,120}(?:following|below|:$|to:?$)|purposes?\b.{0,60}(?:following|:$)|following purposes?",
    re.IGNORECASE,
)
_USES: Final = re.compile(
    r"\b(?:us(?:e|es|ed)|process(?:es|ed)?)\b(?P<data>[^.]{0,90}?)\s(?:(?:in order )?to|for(?: the purposes? of)?)\s+(?P<what>[^.]{4,500})",
    re.IGNORECASE,
)
_DATA: Final = re.compile(r"information|data|details|\bit\b|\bthem\b|address|is|are", re.IGNORECASE)
_TO: Final = re.compile(
    r",?\s+(?:and|or|as well as)?\s*\bto\s+(?=[a-z])|;\s*(?:and\s+)?", re.IGNORECASE
)
_COMMAS: Final = re.compile(r",\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|;\s*(?:and\s+)?")
_FORM: Final = r"(?:Inc\.?|LLC|L\.L\.C\.|Ltd\.?|Limited|GmbH|K\.K\.|Corporation|Corp\.?|Co\.,?\s?Ltd\.?|B\.V\.|S\.A\.|PLC|Pte\.?\sLtd\.?|Pty\.?\sLtd\.?)"
_WORDS: Final = r"(?<![\w&'.-])[A-Z][\w&'.-]{0,30}(?:\s[A-Z&][\w&'.-]{0,30}){0,5}"
_NAME: Final = rf"{_WORDS},?\s{_FORM}"
_CALLED: Final = re.compile(
    rf"(?P<name>{_NAME}|{_WORDS})\s*\([^()]{{0,60}}[\"“'](?:we|us|our|the Company|Company)\b"
)
_COMPANY: Final = re.compile(_NAME)
_PLACE: Final = re.compile(
    r"\b[0-9]{1,5}[-0-9]*,?\s(?=[^@]{4,100}$)[^@]*(?:Street|St\.|Road|Rd\.?|Avenue|Ave\.?|Lane|Drive|Suite|Floor|Way|Square|Boulevard|Blvd|-ku|-shi|Tokyo|Osaka|Japan)\b[^@]*$"
)
_LIST_END: Final = re.compile(r"[;,.]?\s*(?:and|or)?\s*$")
_LONGEST: Final = 3000
# A lead that ends as a sentence does announces no list of data by itself.
_CLOSED: Final = re.compile(r"\.\s*$")
# Two sentences below a list count nothing.
_TWO: Final = re.compile(r"\. [A-Z]")
# Clauses that speak of data without saying which are collected.
_APART: Final = frozenset(
    "third_party foreign joint entrust security rights rights.disclose rights.correct rights.suspend procedure change "
    "retention desk complaint".split()
)


def kind(title: str) -> Kind:
    """What an English heading says that its clause is about; empty where it says nothing."""
    return next((kind for pattern, kind in _BY_TITLE if pattern.search(title)), "")


def kind_of_words(text: str) -> Kind:
    """What the words of an English clause without a heading are about; empty where they say nothing."""
    return next((kind for pattern, kind in _BY_BODY if pattern.search(text)), "")


def is_english(text: str) -> bool:
    """Whether a text has Latin words and no Japanese sign."""
    return bool(_LATIN.search(text)) and not _JAPANESE.search(text)


def items(nodes: Sequence[Node]) -> tuple[FoundItem, ...]:
    """The data that a policy in English says it collects, in order, each once."""
    found: dict[str, FoundItem] = {}
    for top in nodes:
        if top.kind in _APART:
            continue
        for node in top.walk():
            for said in _items(node, inside=top.kind == "items"):
                found.setdefault(said.casefold(), _item(node, said))
    return tuple(found.values())


def purposes(nodes: Sequence[Node]) -> tuple[FoundPurpose, ...]:
    """What a policy in English says it uses data for, in order, each once."""
    found: dict[str, FoundPurpose] = {}
    for top in nodes:
        if top.kind in _APART | {"cookie"}:
            continue
        for node in top.walk():
            for said in _purposes(node, top.kind):
                made = FoundPurpose(said, node.id, "", 0.7, node.span, said)
                found.setdefault(said.casefold(), made)
    return tuple(found.values())


def contact(found: Contact, lines: Sequence[Line]) -> Contact:
    """Who answers, with the name and the address as an English text writes them."""
    called = (m["name"] for line in lines[:40] if (m := _CALLED.search(line.text[:_LONGEST])))
    company = (m[0] for line in lines if (m := _COMPANY.search(line.text[:_LONGEST])))
    place = (m[0] for line in lines if len(line.text) < 160 and (m := _PLACE.search(line.text)))
    name = found.name or next(called, "") or next(company, "")
    return replace(found, name=name.strip(), address=found.address or next(place, "").strip())


def _item(node: Node, said: str) -> FoundItem:
    counted = tuple(_enumerated(said))
    examples = counted if len(counted) > 1 or _SUCH_AS.search(said) else ()
    return FoundItem(said, node.id, examples, "such as" in said, "", (), 0.7, node.span, said)


def _sentences(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from (s for s in _SENTENCE.split(shadow(line)[:_LONGEST]) if s.strip())


def _items(node: Node, *, inside: bool) -> Iterator[str]:
    entry = "." in node.id and not inside  # `to collect, carry and store parcels` among purposes
    for sentence in _sentences("" if entry or node.id.startswith("pre") else node.text):
        for match in _GETS.finditer(sentence):
            if not _NOT.search(sentence[: match.start()][-30:]):
                yield from _enumerated(match["what"])
    for lead, children in words.lists(node):
        asked = inside or not _LEAD_PURPOSES.search(lead)
        told = (_LEAD_ITEMS.search(lead) and asked) or (inside and not _CLOSED.search(lead))
        if told and not _NOT.search(lead):
            entries = (_entry(child) for child in children if not child.children)
            yield from (said for said in entries if not _TWO.search(said))


def _purposes(node: Node, top: Kind) -> Iterator[str]:
    for sentence in _sentences(node.text):
        match = _USES.search(sentence)
        if match and not _NOT.search(sentence[: match.start()][-30:]) and _DATA.search(match[0]):
            yield from _parts_of_use(match["what"])
    for lead, children in words.lists(node):
        listed = _LEAD_PURPOSES.search(lead) and not (
            top == "items" and "purpose" not in lead.casefold()
        )
        told = listed or (node.kind == "purposes" and not lead)
        if told and not _NOT.search(lead):
            yield from (_entry(child) for child in children if not child.children)


def _entry(child: Node) -> str:
    return _LIST_END.sub("", (child.text or child.title).split("\n", 1)[0]).strip()


def _enumerated(what: str) -> Iterator[str]:
    """The nouns of an enumeration: those behind `such as` or `including` where it has one."""
    if such := _SUCH_AS.search(what):
        what = what[such.end() :]
    else:
        cut = _ENDS.search(what)
        what = what[: cut.start()] if cut else what
    for part in _COMMAS.split(what):
        said = re.sub(
            r"^(?:your|the|an?|our|any|other)\s+", "", part.strip(" .:;"), flags=re.IGNORECASE
        )
        if said and not _GENERIC.fullmatch(said) and len(said) < 60:
            yield said


def _parts_of_use(what: str) -> Iterator[str]:
    """The uses of a sentence: parted by numbers, by `to` again, or by commas where it has two."""
    marks = list(words.COUNTED.finditer(what))
    if len(marks) > 1:
        ends = [*(mark.start() for mark in marks[1:]), len(what)]
        found = [what[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    elif len(found := _TO.split(what)) == 1 and what.count(",") > 1:
        found = _COMMAS.split(what)
    for part in found:
        said = _LIST_END.sub("", part.strip(" ,;:."))
        if len(said) > 3 and not re.match(
            r"(?:the )?(?:following|these|such)\b", said, re.IGNORECASE
        ):
            yield said
