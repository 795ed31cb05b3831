"""References from one clause to another, and where they lead; those to articles of an Act are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.policy.importing.lines import shadow
from chikai.policy.importing.markers import number_of
from chikai.policy.outline import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chikai.policy.outline import Node

_N: Final = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_ARTICLE: Final = re.compile(
    rf"(?P<article>第\s*(?P<a>{_N})\s*条(?:の(?P<sub>[0-9一二三]+))?)(?:\s*第?\s*(?P<p>{_N})\s*項)?(?:\s*第?\s*(?P<i>{_N})\s*号)?"
)
_PARAGRAPH: Final = re.compile(
    rf"(?<![条の0-9])(?:第|上記|前記|下記)\s*(?P<p>{_N})\s*項(?:\s*第?\s*(?P<i>{_N})\s*号)?"
)
_NESTED: Final = re.compile(
    r"(?<![0-9.-])(?P<a>[0-9]{1,2})\s?\((?P<p>[0-9]{1,2})\)(?:\s?(?P<c>[①-⑳]))?"
)
_DASHED: Final = re.compile(
    r"(?<![0-9./-])(?P<a>[0-9]{1,2})[-.](?P<p>[0-9]{1,2})(?=(?:に|の|で)(?:定|規定|記載|掲|示|よ|目的|お)|において)"
)
_PLAIN: Final = re.compile(
    r"(?:(?<=^)|(?<=[、。(「\s])|(?<=上記)|(?<=下記)|(?<=本ポリシー)|(?<=本方針))(?P<a>[0-9]{1,2})[.．]?(?:において|に定め|に記載|に規定|に掲げ|に基づ|の(?:規定|利用目的|窓口|目的)|記載の|項)"
)
_RELATIVE: Final = re.compile(r"前項|前条|次条|次項|本条|前各項|前[二2]項|前各号|前号|本項")
_ACT: Final = re.compile(
    r"(?:法律?|令|規則|条例|規約|約款|ガイドライン|指針|JIS ?Q ?15001|GDPR|施行令|同法)(?:\([^()]*\))?\s*(?:の)?$|(?:法律?|令|(?<!この)(?<!本)規則)[^。、]{0,12}(?:及び|、|又は|から|乃至|ないし|並びに)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Place:
    node: Node
    parent: Node | None
    order: int
    top: int


@dataclass(frozen=True, slots=True)
class _Policy:
    """The articles in order, every clause by its id, whether no article is printed as `第1条`, and the ids by those numbers."""

    tops: Sequence[Node]
    known: Mapping[str, Node]
    plain: bool
    printed: Mapping[tuple[int, int], str]


def of(nodes: Sequence[Node]) -> tuple[Reference, ...]:
    """The references in the order of the text."""
    tops = [node for node in nodes if node.id[:1].isdigit()]
    known = {node.id: node for top in tops for node in top.walk()}
    plain = bool(tops) and all(top.style != "article" for top in tops)
    policy = _Policy(tops, known, plain, _printed(known))
    found: list[Reference] = []
    for at, top in enumerate(tops):
        for place in _places(top, None, 0, at):
            found += _in(place, policy)
    for node in nodes:
        if not node.id[:1].isdigit():
            for place in _places(node, None, 0, -1):
                found += _in(place, policy)
    return tuple(found)


def _printed(known: Mapping[str, Node]) -> dict[tuple[int, int], str]:
    """The ids of the articles by the two numbers that they print: `第7条の2` is the seventh's second."""
    found: dict[tuple[int, int], str] = {}
    for node in known.values():
        if node.style == "article" and (said := _ARTICLE.match(shadow(node.number))):
            found.setdefault((number_of(said["a"]), number_of(said["sub"] or "")), node.id)
    return found


def _places(node: Node, parent: Node | None, order: int, top: int) -> Iterator[_Place]:
    yield _Place(node, parent, order, top)
    for at, child in enumerate(node.children):
        yield from _places(child, node, at, top)


def _in(place: _Place, policy: _Policy) -> Iterator[Reference]:
    text = f"{place.node.title}\n{place.node.text}"
    seen = shadow(text)
    taken = bytearray(len(seen))
    for pattern in (_ARTICLE, _NESTED, _DASHED, _PARAGRAPH, _PLAIN, _RELATIVE):
        for match in pattern.finditer(seen):
            begin, end = match.span()
            if any(taken[begin:end]):
                continue
            act = bool(_ACT.search(seen[max(0, begin - 40) : begin]))
            if not act or pattern is _ARTICLE:
                taken[begin:end] = b"\x01" * (end - begin)
            if not act:
                to = _leads(match, place, policy)
                yield Reference(place.node.id, text[begin:end], to, place.node.span, begin)


def _leads(match: re.Match[str], place: _Place, policy: _Policy) -> str:
    given, known = match.groupdict(), policy.known
    if not given:
        return _relative(match[0], place, policy.tops)
    here = policy.tops[place.top].id if place.top >= 0 else ""
    if match.re is _ARTICLE and policy.printed:
        base = policy.printed.get((number_of(given["a"]), number_of(given["sub"] or "")), "")
    elif given.get("a"):
        base = _article(number_of(given["a"]), known)
    elif match.re is _PARAGRAPH and policy.plain:
        # `第1項` means an article where the articles are printed as `1.`
        base, given = _article(number_of(given["p"]), known), {**given, "p": None}
    else:
        base = here
    for key in ("p", "i"):
        if base and given.get(key):
            base = _child(base, number_of(given[key] or ""), known)
    if base and given.get("c"):
        base = _child(base, ord(given["c"] or "①") - ord("①") + 1, known)
    return base


def _article(number: int, known: Mapping[str, Node]) -> str:
    return str(number) if str(number) in known else ""


def _child(id_: str, number: int, known: Mapping[str, Node]) -> str:
    node = known.get(f"{id_}.{number}")
    if node is not None:
        return node.id
    # A first paragraph without number is the article itself.
    return id_ if number == 1 and id_ in known and not known[id_].children else ""


def _relative(said: str, place: _Place, tops: Sequence[Node]) -> str:
    if said in {"本条", "前条", "次条"}:
        at = place.top + {"前条": -1, "次条": 1}.get(said, 0)
        return tops[at].id if place.top >= 0 and 0 <= at < len(tops) else ""
    if said == "本項":
        return place.node.id
    siblings = place.parent.children if place.parent else ()
    at = place.order + (1 if said == "次項" else -1)
    if siblings and 0 <= at < len(siblings):
        return siblings[at].id
    # In an article of plain paragraphs the paragraph before stands in the article itself.
    return place.node.id if said in {"前項", "次項"} and "\n" in place.node.text else ""
