"""How clauses are numbered and where a page cut them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chikai.policy.outline import Node
    from chikai.policy.rules.reading import Reading

_ORDERED: Final = ("number", "paren", "circled", "iroha", "letter", "dotted")
_KANJI: Final = "〇一二三四五六七八九"


def value_of(number: str) -> int:
    """The value of a printed marker such as `第２条`, `(3)`, `④` or `第十二条`; 0 where it has none."""
    plain = unicodedata.normalize("NFKC", number)
    if digits := re.findall(r"\d+", plain):
        return int(digits[-1][:6])
    match = re.search(r"[〇一二三四五六七八九十]{1,4}", plain)
    if not match:
        return 0
    tens, ten, ones = match[0].rpartition("十")
    if not ten:
        return int("".join(str(_KANJI.index(s)) for s in ones))
    return (_KANJI.index(tens) if tens else 1) * 10 + (_KANJI.index(ones) if ones else 0)


@rule("L-NUM-01", "info", "T", often=0.1, any_language=True)
def changes_the_style_of_numbers(read: Reading) -> Iterator[Seen]:
    """Clauses of one level are numbered in different styles."""
    groups: dict[tuple[int, bool], list[tuple[str, str]]] = {}
    for node in read.outline.walk():
        # A child with a heading and nothing else is a part of the article, not a paragraph.
        styles = [c.style for c in node.children if c.style in _ORDERED and (c.text or not c.title)]
        if len(styles) >= 2 or (styles and len(node.children) == 1):
            announced = bool(re.search(r"以下|次の|次に|下記", read.lead(node))) and bool(node.text)
            listed = announced or not _are_paragraphs(node)
            groups.setdefault((node.id.count("."), listed), []).append((node.id, styles[0]))
        if len(set(styles)) > 1:
            yield _changed(node.id)
    for (level, listed), seen in groups.items():
        if level or listed:
            continue
        counts = Counter(style for _, style in seen)
        usual = counts.most_common(1)[0][0]
        odd = next((id_ for id_, style in seen if style != usual), None)
        if odd is not None:
            yield _changed(odd)
    yield from _odd_articles(read)


def _are_paragraphs(node: Node) -> bool:
    """Whether what stands below a clause are its sentences rather than the members of a list."""
    ends = [c.text.rstrip().endswith(("。", ".", "）", ")")) for c in node.children if c.text]
    return bool(ends) and sum(ends) * 2 > len(ends)


def _odd_articles(read: Reading) -> Iterator[Seen]:
    """An article that bears a number of another make than its neighbours, such as `3-2.`."""
    styles = Counter(n.style for n in read.tops if n.style in {*_ORDERED, "article"})
    if sum(styles.values()) < 3:
        return
    usual = styles.most_common(1)[0][0]
    for top in read.tops:
        odd = top.style in {*_ORDERED, "article"} and top.style != usual
        if odd or re.match(r"\s*\d+-\d+[.\s]*$", unicodedata.normalize("NFKC", top.number)):
            yield _changed(top.id)
            return


def _changed(at: str) -> Seen:
    return Seen(
        at,
        Text(
            "番号の付け方が、同じ段のほかの条項と違います",
            "numbers are written in another style than in clauses of the same level",
        ),
        Text("番号の付け方をそろえてください", "use one style for each level"),
    )


@rule("L-NUM-02", "warn", "T", often=0.05, any_language=True)
def skips_or_repeats_a_number(read: Reading) -> Iterator[Seen]:
    """A number is left out or given twice."""
    lists = [list(read.tops), *(list(n.children) for n in read.outline.walk())]
    for members in lists:
        last: Node | None = None
        for node in members:
            if node.style not in (*_ORDERED, "article") or not node.number:
                continue
            if re.search(r"条\s*の|\d-\d", unicodedata.normalize("NFKC", node.number)):
                continue  # 第2条の2 and 3-2 stand between two numbers
            now, before = value_of(node.number), value_of(last.number) if last else 0
            same = last is not None and last.style == node.style
            if same and now and before and now not in {1, before + 1}:
                yield Seen(
                    node.id,
                    Text(
                        f"番号が {before} から {now} に続いています",
                        f"number {now} follows number {before}",
                    ),
                    Text("番号を順に付け直してください", "number the clauses in order"),
                    node.number,
                )
            last = node


@rule("L-NUM-03", "info", "T", often=0.05, any_language=True)
def breaks_a_list(read: Reading) -> Iterator[Seen]:
    """One list is cut by a blank line or a page."""
    for node in read.outline.walk():
        if any(why == "list" for why, _ in node.breaks):
            yield Seen(
                node.id.rpartition(".")[0] or node.id,
                Text("ひとつの一覧が途中で切れています", "one list is cut in two"),
                Text("ひと続きの一覧にしてください", "print it as one list"),
                node.text.partition("\n")[0],
            )


@rule("L-NUM-04", "info", "T", often=0.05, any_language=True)
def breaks_a_sentence(read: Reading) -> Iterator[Seen]:
    """A sentence is cut by a blank line or a page."""
    for node in read.outline.walk():
        if any(why == "page" for why, _ in node.breaks):
            yield Seen(
                node.id,
                Text("文の途中で段落が切れています", "a sentence is cut by a paragraph or a page"),
                Text("ひと続きの文にしてください", "print it as one sentence"),
                node.text.partition("\n")[0],
            )
