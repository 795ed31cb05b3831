"""Data that a policy names beside those it says to acquire: those of joint use, and those that an analysis collects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from chikai.policy.importing import contents, enumerations, words
from chikai.policy.importing.lines import shadow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node

# `IPアドレス、閲覧ページなどの情報を収集しています`, `収集される情報には、…が含まれます`
_COLLECTED: Final = re.compile(
    r"(?:等|など|といった)の[^。、]{0,8}(?:情報|データ)(?:を|が)[^。、]{0,24}(?:取得|収集|記録|送信|含まれ)|"
    r"(?:取得|収集|記録|送信)(?:する|される|した|している|します)[^。、]{0,8}(?:情報|データ)(?:は|には)"
)
# The cell before the data that are used jointly.
_SHARED: Final = re.compile(r"(?:項目|情報|データ)(?:の(?:項目|種類|内容))?$")
# `送信される情報` above the data that a tool sends.
_SENT: Final = re.compile(r"(?:送信|取得|収集)(?:する|される|した)[^。]{0,6}(?:情報|データ|項目)$")
_SUMMED_UP: Final = re.compile(r"(?:等|など)(?:の(?:情報|データ))?。?$")
_TOOL: Final = re.compile("cookie|クッキー", re.IGNORECASE)
_LABELLED: Final = re.compile(r"(?:[^\s:]{0,24}(?:項目|情報))[\s:]+(\S.{2,200})$")


def shared(node: Node, *, joint: bool) -> Iterator[tuple[Node, str]]:
    """The data of joint use with the clause that names each, for a policy that names no others.

    In a clause that is not on `joint` use, a line must say that it is.
    """
    for child in node.walk():
        if not joint and child.kind == "joint" and child is not node:
            yield from shared(child, joint=True)
            continue
        if not joint and "共同" not in (child.title or child.text)[:12]:
            continue
        row = words.cells(child.text)
        labelled = _LABELLED.match(shadow(child.text))
        if len(row) == 2 and _SHARED.search(shadow(row[0])) and contents.named(row[1]):
            for cell in words.inside_cell(row[1]):
                yield from ((child, part) for part in enumerations.enumerated(cell))
        elif child.text and _SHARED.search(shadow(child.title)) and contents.named(child.text):
            if _SUMMED_UP.search(shadow(child.text)):
                yield child, child.text
                continue
            yield from ((child, part) for part in enumerations.of_data(child.text))
        elif child.children and _SHARED.search(shadow(child.title or child.text).rstrip(":")):
            below = [(one, one.text or one.title) for one in child.children if not one.children]
            named = sum(contents.named(said) for _, said in below)
            if len(below) == 1 and below[0][0].style == "line":
                below = [(below[0][0], part) for part in enumerations.of_data(below[0][1])]
            yield from below if named * 2 > len(below) or len(below) > named == 1 else ()
        elif labelled and contents.named(labelled[1]):
            counted = child.text[labelled.start(1) :].partition("その他")[0]
            yield from ((child, part) for part in words.parts(counted))


def analysed(node: Node) -> Iterator[tuple[Node, str]]:
    """The data that the sentences of a clause on cookies or analysis count as data that are collected."""
    for one in node.walk():
        if _SENT.search(shadow(one.title)) and not one.children:
            yield from ((one, part) for part in enumerations.of_data(one.text))
            continue
        for sentence in words.sentences(one.text):
            if _COLLECTED.search(shadow(sentence)):
                found = enumerations.named(sentence)
                yield from ((one, part) for part in found if not _TOOL.fullmatch(shadow(part)))
