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


# A number in signs of its own, and what the words beside it say that it is: (3)に定める利用目的, 「９．」に掲げる, 上記【７】に定める,
# 14の方法で, 手続は、2.4 に定めています.
_TOLD: Final = r"(?:定め|掲げ|記載|規定|示|挙げ|述べ)"
_LOOSE: Final = re.compile(
    r"(?P<said>[「『]?(?:[(（](?P<paren>[0-9０-９]{1,2})[)）]|【(?P<square>[0-9０-９]{1,2})】|(?<![0-9０-９.．])(?P<dotted>[0-9]{1,2}[.．][0-9]{1,2})"
    r"|(?:(?<=[、。「『は\n])|(?<=上記)|(?<=前記)|(?<=下記)|(?<=後記))(?P<plain>[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})[.．、]?)[」』]?)[ 　]?"
    rf"(?P<behind>(?:(?:に|で){_TOLD}|の(?:{_TOLD}|(?:利用)?目的|方法|(?:お?問い?合わ?せ|ご?相談|苦情|受付)?窓口|連絡先|手続|手数料|費用|請求|書類|措置|とおり)|を(?:ご覧|ご?参照|ご?確認))[^、。,，;；\n]{{0,16}})"
)
_FRONT: Final = re.compile(r"([^。、\n]{2,30})は、?$")
_NO_NOUN: Final = re.compile(
    rf"(?:に|で|の|を)?(?:{_TOLD}|ご覧|ご?参照|ご?確認|とおり|通り)[ぁ-ん]{{0,12}}(?:ます|です|ください)?$"
)


_OF_TELLING: Final = re.compile(rf"^(?:に|で|の)?(?:{_TOLD}[ぁ-ん]{{0,4}})?(?:の)?")
_PHRASE_ENDS: Final = re.compile(r"[をはがへ、]|に(?!つい|関)|で(?!き)|と(?!おり)")


def topic(before: str, behind: str) -> str:
    """What a reference is said to be about: the noun behind it, or what the sentence speaks of where none stands there."""
    front = _FRONT.search(before[-40:]) if _NO_NOUN.match(behind) else None
    return front[1] if front else _PHRASE_ENDS.split(_OF_TELLING.sub("", behind))[0]


def loose(read: Reading) -> Iterator[tuple[Reference, Node | None, str, str]]:
    """References by a number alone where clauses are printed so: the clause or None, the words before and behind."""
    numbered = _by_form(read)
    known = {(one.inside, one.at) for one in read.outline.references}
    for node in read.outline.walk() if numbered else ():
        words = f"{node.title}\n{node.text}"
        for match in _LOOSE.finditer(words):
            form = next(k for k in ("paren", "square", "dotted", "plain") if match[k])
            targets = numbered.get(form, {})
            if not targets or (node.id, match.start()) in known:
                continue
            target = targets.get(_numbers(match[form]))
            # Between two of them it may be a count of something, or a list elsewhere; beyond the last it is neither.
            if target is None and form != "dotted" and _numbers(match[form]) <= max(targets):
                continue
            at = target.id if target else ""
            one = Reference(node.id, match["said"], at, node.span, match.start())
            yield one, target, words[max(0, match.start() - _NEAR) : match.start()], match["behind"]


_TITLED: Final = re.compile(rf"「([^「」\n]{{2,30}})」(?=(?:に|で){_TOLD})")


def titled(read: Reading) -> Iterator[tuple[Reference, Node, str, str]]:
    """References by the heading of a clause: 「取得する情報」に掲げる利用目的."""
    headed = {node.title.strip(): node for node in read.tops if node.title}
    for node in read.outline.walk() if headed else ():
        for match in _TITLED.finditer(node.text):
            target = headed.get(match[1].strip())
            if target is not None:
                one = Reference(node.id, match[0], target.id, node.span, match.start())
                behind = re.split(r"[、。,\n]", node.text[match.end() : match.end() + 24])[0]
                yield one, target, node.text[max(0, match.start() - _NEAR) : match.start()], behind


_CHAPTER: Final = re.compile(r"第([0-9０-９一二三四五六七八九十]{1,3})章")
_CHAPTER_HEAD: Final = re.compile(
    r"^[\s　#*■【]{0,8}第([0-9０-９一二三四五六七八九十]{1,3})章", re.MULTILINE
)


def chapters(read: Reading) -> Iterator[tuple[Node, str, str, str]]:
    """References to a chapter that stands nowhere, with the words before and behind.

    Where no chapter is printed, one beyond the last clause is none that its author could mean.
    """
    numbers = {value_of(m[1]) for n in read.outline.walk() if (m := _CHAPTER.match(n.number))}
    numbers |= {
        value_of(m[1]) for _, text in read.outline.sources for m in _CHAPTER_HEAD.finditer(text)
    }
    counted = max((value_of(n.number) for n in read.tops if n.number), default=0)
    for node in read.outline.walk():
        for match in _CHAPTER.finditer(node.text):
            number = value_of(match[1])
            if number not in numbers if numbers else number > counted:
                before = node.text[max(0, match.start() - 40) : match.start()]
                yield node, match[0], before, node.text[match.end() : match.end() + 16]


def _numbers(written: str) -> tuple[int, ...]:
    parts = re.split(r"[.．]", written)
    return tuple(value_of(part) for part in parts)


def _by_form(read: Reading) -> dict[str, dict[tuple[int, ...], Node]]:
    """The clauses that a number alone may name, by the make of the number."""
    found: dict[str, dict[tuple[int, ...], Node]] = {}
    for top in reversed(read.tops):
        form = {"number": "plain", "paren": "square" if "【" in top.number else "paren"}.get(
            top.style
        )
        if form:
            found.setdefault(form, {})[(value_of(top.number),)] = top
    for node in read.outline.walk():
        parts = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", node.number))
        if node.style == "dotted" and len(parts) > 1:
            found.setdefault("dotted", {})[tuple(int(p[:4]) for p in parts)] = node
    return {form: nodes for form, nodes in found.items() if len(nodes) > 2}
