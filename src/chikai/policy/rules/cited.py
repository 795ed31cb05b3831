"""Where references between clauses lead, by the numbers that the clauses print."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from chikai.policy.outline import Reference
from chikai.policy.rules.numbering import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading

_N: Final = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_ARTICLE: Final = re.compile(
    rf"第?\s*(?P<a>{_N})\s*条(?:\s*の\s*(?P<sub>{_N})(?!\s*[項号]))?(?:\s*の?\s*第?\s*(?P<p>{_N})\s*項)?"
    rf"(?:\s*第?\s*(?P<i>{_N})\s*号)?"
)
# So many signs before a reference say what it belongs to.
_NEAR: Final = 200


def placed(read: Reading) -> Iterator[tuple[Reference, str, str]]:
    """Every reference with the words of its clause before it, and those just behind it up to the end of the phrase."""
    for inside, found in itertools.groupby(read.outline.references, key=lambda one: one.inside):
        node = read.outline.by_id[inside]
        words = f"{node.title}\n{node.text}"
        for one in found:
            end = one.at + len(one.written)
            behind = re.split(r"[、。,，;；\n]", words[end : end + 24])[0]
            yield one, words[max(0, one.at - _NEAR) : one.at], behind


def _label(number: str) -> tuple[int, int]:
    """The two numbers of an article: `第7条の2` is the seventh's second; (0, 0) of no article."""
    found = _ARTICLE.search(unicodedata.normalize("NFKC", number))
    return (value_of(found["a"]), value_of(found["sub"] or "")) if found else (0, 0)


def articles(read: Reading) -> dict[tuple[int, int], list[Node]]:
    """The clauses that print the number of an article, by that number."""
    found: dict[tuple[int, int], list[Node]] = {}
    for node in read.outline.walk():
        if node.style == "article" and (label := _label(node.number))[0]:
            found.setdefault(label, []).append(node)
    return found


def target(
    read: Reading, one: Reference, printed: dict[tuple[int, int], list[Node]]
) -> Node | None:
    """The clause that a reference names: of those that print its number where articles print theirs."""
    known = read.outline.by_id
    named = _ARTICLE.match(unicodedata.normalize("NFKC", one.written))
    if named is None or not printed:
        return known.get(one.to)
    nodes = printed.get(_label(one.written), [])
    inside = one.to.partition(".")[0]
    node = next((n for n in nodes if n.id == inside), nodes[0] if nodes else None)
    for part in filter(None, (named["p"], named["i"])):
        node = _below(known, node, value_of(part)) if node else None
    return node


def _below(known: dict[str, Node], node: Node, number: int) -> Node | None:
    """A paragraph or an item of a clause; a first paragraph without number is the clause itself."""
    return known.get(f"{node.id}.{number}") or (node if number == 1 and not node.children else None)


# A number in signs of its own, and what the words behind it say that it is: (3)に定める利用目的, 「９．」に掲げる, 上記一に定める.
_LOOSE: Final = re.compile(
    r"(?P<said>[「『]?(?:[(（](?P<paren>[0-9０-９]{1,2})[)）]|(?:(?<=[、。「『は])|(?<=上記)|(?<=前記))(?P<plain>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})[.．、]?)[」』]?)(?:に|で|の)(?P<behind>(?:定め|掲げ|記載|規定|示|挙げ|述べ)[^、。,，;；\n]{0,16})"
)


def loose(read: Reading) -> Iterator[tuple[Reference, Node, str]]:
    """References by a number alone to an article that is printed so, with the article and the words behind."""
    tops: dict[tuple[str, int], Node] = {
        (n.style, value_of(n.number)): n
        for n in reversed(read.tops)
        if n.style in {"number", "paren"}
    }
    known = {(one.inside, one.at) for one in read.outline.references}
    for node in read.outline.walk() if tops else ():
        words = f"{node.title}\n{node.text}"
        for match in _LOOSE.finditer(words):
            style = "paren" if match["paren"] else "number"
            target = tops.get((style, value_of(match["paren"] or match["plain"])))
            if target is not None and (node.id, match.start()) not in known:
                one = Reference(node.id, match["said"], target.id, node.span, match.start())
                yield one, target, match["behind"]
