"""What a person should know of a reading before using it, and whether the text is a policy at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput
from chikai.policy.importing import genre

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chikai.policy.importing import sides
    from chikai.policy.outline import Outline

_TELLS: Final = frozenset(
    "purposes third_party security rights rights.disclose rights.correct rights.suspend desk complaint joint entrust "
    "items cookie law".split()
)
_SOME: Final = 8
_ONCE: Final = "hand in each text once"
_LITTLE: Final = 80  # signs of a clause that says nothing beside a reference
_ABOUT: Final = (
    "個人情報",
    "個人データ",
    "利用者情報",
    "プライバシー",
    "personal",
    "privacy",
    "cookie",
)
# A promise of a small shop, which names the data and not the word for them: `お名前とご住所は発送以外に使いません`.
_TITLED: Final = re.compile(
    r"\A\s*(?:\S{0,12}(?:プライバシー|個人情報)(?:の\S{1,8})?(?:について|(?:保護|取り?扱い))\S{0,4}|"
    r".{0,24}個人情報\S{0,8}(?:方針|規程|規則|ポリシー)|[#*=\s]{0,4}privacy)$",
    re.MULTILINE,
)
_DATA: Final = re.compile(r"お?名前|氏名|住所|電話番号|メールアドレス|連絡先")
_KEPT: Final = re.compile(
    r"(?:使い|使用し|利用し|渡し|提供し|教え|お伝えし|公開し|売り)(?:いたし|致し)?ません|"
    r"(?:のみ|だけ|限り|以外)[にで]?は?、?[^。、]{0,12}(?:使|利用)"
)
# The head or the label of a list of purposes.
_LISTED: Final = re.compile(
    r"^\s?\S{0,16}(?:利用|使用)目的\S{0,6}$|(?:利用|使用)目的\s*[:：|]", re.MULTILINE
)


def missing(outline: Outline) -> tuple[str, ...]:
    """What a text lacks to be a privacy policy; empty where it is one."""
    text = "".join(said for _, said in outline.sources).lower()
    kinds = {node.kind for node in outline.walk()}
    about = sum(text.count(word) for word in _ABOUT)
    titled = bool(outline.title) or bool(_TITLED.search(text))
    if genre.is_other(text, titled=titled):
        return ("no purposes", "no desk")
    if len(set(_DATA.findall(text))) > 1 and _KEPT.search(text):
        return ()
    reached = bool(outline.contact.mail or outline.contact.phone or kinds & {"desk", "complaint"})
    if about and (titled or _promises(outline, text)):
        spoken = outline.purposes or len(kinds & _TELLS) > 2 or reached or about > 2
        if titled or spoken or "利用目的" in text:
            return ()
    lacks = (
        ("no purposes", not outline.purposes),
        ("no data items", not outline.items),
        ("no desk", not reached),
        ("no word on personal information", not about),
    )
    return tuple(what for what, so in lacks if so) or ("nothing on how data are handled",)


def _promises(outline: Outline, text: str) -> bool:
    """Whether a text says what is done with data: in a sentence, or in a list of purposes; of a language not read, yes."""
    listed = bool(outline.purposes) and bool(_LISTED.search(text))
    return listed or outline.language == "other" or genre.promises(text) > 0


def two(companies: Sequence[str], both: sides.Compared) -> str:
    """Why the texts are not those of one company; empty where they may be."""
    if companies:
        said = ", ".join(f"`{name}`" for name in companies)
        return f"these are the policies of different operators ({said})"
    if both.are_of_two:
        return f"the Japanese and the English text are of different companies: {both.said}"
    return ""


def accept(outline: Outline, where: str = "") -> None:
    """BadInput where a reading is that of no privacy policy, of two, or of one text twice."""
    if lacks := missing(outline):
        what = f"this does not look like a privacy policy: {', '.join(lacks)}"
        do = "hand in the text that the company publishes as its privacy policy"
        raise BadInput(what, do, where)
    if outline.refused:
        raise BadInput(outline.refused, "hand in the policy of one company alone", where)
    if same := _twice(outline):
        raise BadInput(f"`{same[0]}` and `{same[1]}` hold the same text", _ONCE, where)


def _twice(outline: Outline) -> tuple[str, str] | None:
    """The names of two texts that say the same."""
    known: dict[str, str] = {}
    other = outline.other.sources if outline.other else ()
    for name, text in (*outline.sources, *other):
        if (first := known.setdefault("".join(text.split()), name)) != name:
            return first, name
    return None


def of_page(hidden: Sequence[str], *, scripts: bool) -> Iterator[str]:
    """The notes on what was left out of pages."""
    if scripts:
        yield "the page holds scripts; they were left out and never run"
    for said in filter(None, hidden):
        yield f"the page hides text that was left out: `{said.replace('`', chr(39))}`"


def of(outline: Outline, documents: int, both: sides.Compared) -> Iterator[str]:
    """The notes on a reading."""
    if documents > 1:
        yield f"the text holds {documents} documents; they were read as one policy"
    if outline.refused:
        yield outline.refused
    elif both.differ:
        yield f"the Japanese and the English text do not say the same: {both.said}"
    yield from _sides(outline)
    if outline.language == "en":
        yield (
            "the text is English; it was read at a basic level as the English side of the policy, "
            "and only some rules of the lint read English"
        )
    if outline.language == "other":
        yield "the text is neither Japanese nor English; only its numbers were read"
    if not outline.articles:
        yield "no article was found; the text was read as one piece"
    yield from _references(outline)
    unsure = [node.id for node in outline.walk() if node.confidence < 0.65]
    if unsure:
        yield f"look first at {_named(unsure[:_SOME])}, whose place in the tree is not certain"


def _sides(outline: Outline) -> Iterator[str]:
    """The clauses that stand in one language only."""
    if outline.other is None:
        return
    own, other = ({node.id: None for node in one.walk()} for one in (outline, outline.other))
    if lacking := [id_ for id_ in own if id_ not in other]:
        yield f"the English text lacks {_named(lacking[:_SOME])}; it stays to be written"
    if more := [id_ for id_ in other if id_ not in own]:
        yield f"only the English text has {_named(more[:_SOME])}; the words stand in the clause before"


def _references(outline: Outline) -> Iterator[str]:
    """References that lead nowhere, and clauses that only refer to each other."""
    for ref in outline.references:
        if not ref.to and not ref.written.startswith(("前", "次", "本")):
            yield f"`{ref.inside}` refers to `{ref.written}`, which was not found"
    for circle in _circles(outline):
        yield f"{_named(circle)} only refer to each other"


def _circles(outline: Outline) -> Iterator[list[str]]:
    """Clauses that say little but that another of them says it, in the order of the text."""
    leads: dict[str, set[str]] = {}
    for ref in outline.references:
        if ref.to and ref.to != ref.inside and len(outline.by_id[ref.inside].text) < _LITTLE:
            leads.setdefault(ref.inside, set()).add(ref.to)
    holders = {node.id: node for id_ in leads if (node := outline.parent(id_))}
    little = {id_ for id_, node in holders.items() if len(node.whole) < _LITTLE + len(node.title)}
    for id_ in [*leads]:
        # Who is led to an article that says no more than its paragraphs is led to these.
        if (above := id_.rpartition(".")[0]) in little:
            leads.setdefault(above, set()).add(id_)
    order = {node.id: at for at, node in enumerate(outline.walk())}
    found = []
    for every in _strong(leads):
        # An article stands for its paragraphs.
        circle = [id_ for id_ in every if id_.rpartition(".")[0] not in every]
        if len(circle) > 1:
            found.append(sorted(circle, key=order.__getitem__))
    yield from sorted(found, key=lambda circle: order[circle[0]])


def _strong(leads: Mapping[str, Collection[str]]) -> Iterator[set[str]]:
    """The clauses that lead to each other, by however many others: each step is taken twice, there and back."""
    back: dict[str, set[str]] = {}
    for id_, every in leads.items():
        for to in every:
            back.setdefault(to, set()).add(id_)
    left: list[str] = []
    seen: set[str] = set()
    for start in leads:
        left += _walked(leads, start, seen)
    seen = set()
    for start in reversed(left):
        yield set(_walked(back, start, seen))


def _walked(leads: Mapping[str, Collection[str]], start: str, seen: set[str]) -> list[str]:
    """What was not seen yet and is led to from here, each behind all that it leads to."""
    if start in seen:
        return []
    seen.add(start)
    found: list[str] = []
    way = [(start, iter(leads.get(start, ())))]
    while way:
        here, further = way[-1]
        to = next((one for one in further if one not in seen), None)
        if to is None:
            found.append(here)
            way.pop()
        else:
            seen.add(to)
            way.append((to, iter(leads.get(to, ()))))
    return found


def _named(clauses: list[str]) -> str:
    return ", ".join(f"`{clause}`" for clause in clauses)
