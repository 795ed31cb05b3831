"""How clauses are numbered and where a page cut them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.rules.rule import Seen, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chikai.policy.outline import Node, Span
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
    groups: dict[bool, list[tuple[str, str]]] = {}
    for node in read.outline.walk():
        # A child with a heading and nothing else is a part of the article, not a paragraph.
        members = [c for c in node.children if c.style in _ORDERED and (c.text or not c.title)]
        members = _listed(members)
        forms = [_form(c) for c in members]
        if "." not in node.id and (len(forms) >= 2 or (forms and len(node.children) == 1)):
            announced = bool(re.search(r"以下|次の|次に|下記", read.lead(node))) and bool(node.text)
            listed = announced or not _are_paragraphs(node)
            groups.setdefault(listed, []).append((node.id, forms[0]))
        if len({c.style for c in members}) > 1 or len({*forms}) > 1:
            yield _changed(node.id)
    for seen in groups.values():
        usual = Counter(form for _, form in seen).most_common(1)[0][0]
        odd = next((id_ for id_, form in seen if form != usual), None)
        if odd is not None:
            yield _changed(odd)
    yield from _odd_articles(read)


_CHAPTER: Final = re.compile(r"第[^条]{1,4}[章編節部款]")


def _listed(members: list[Node]) -> list[Node]:
    """The members of a list without the paragraphs behind it: `２` that follows upon （１）, （２） of a first paragraph."""
    for at, node in enumerate(members):
        if at and value_of(node.number) == 2 and _form(node) == "9" != _form(members[0]):
            return members[:at]
    return members


def _form(node: Node) -> str:
    """The make of a printed number: `第9条`, `(9)`, `第一条`, `一)`; what stops it says nothing."""
    plain = re.sub(r"[\s.、:,・-]", "", unicodedata.normalize("NFKC", node.number))
    if node.style == "circled":
        return "①"
    if _CHAPTER.match(plain):
        return "章"
    if re.fullmatch(r"[(\[]?[IVX]+[)\]]?", plain) and node.style != "letter":
        return re.sub("[IVX]+", "I", plain)
    for signs, one in (
        ("[0-9]+", "9"),
        ("[一二三四五六七八九十]+", "一"),
        ("[ア-ン]+", "ア"),
        ("[a-z]+", "a"),
    ):
        plain = re.sub(signs, one, plain)
    return re.sub("[A-Z]+", "A", plain)


def _are_paragraphs(node: Node) -> bool:
    """Whether what stands below a clause are its sentences rather than the members of a list."""
    ends = [c.text.rstrip().endswith(("。", ".", "）", ")")) for c in node.children if c.text]
    return bool(ends) and sum(ends) * 2 > len(ends)


def _odd_articles(read: Reading) -> Iterator[Seen]:
    """An article that bears a number of another make than its neighbours, such as `3-2.`."""
    tops = [n for n in read.tops if n.style in {*_ORDERED, "article"} and _form(n) != "章"]
    if len(tops) < 3:
        return
    usual = Counter((n.style, _form(n)) for n in tops).most_common(1)[0][0]
    for top in tops:
        odd = (top.style, _form(top)) != usual and not re.search(r"条\s*の", top.number)
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


_NUMERALS: Final = dict(zip("IVX", (1, 5, 10), strict=True))


def _letters(number: str) -> str:
    return re.sub(r"[^A-Za-z]", "", unicodedata.normalize("NFKC", number)).upper()


def _are_roman(members: list[Node]) -> bool:
    said = [_letters(n.number) for n in members if n.number]
    return (
        len(said) > 1 and said[0] == "I" and all(re.fullmatch(r"[IVX]{1,5}", one) for one in said)
    )


def _roman(number: str) -> int:
    """The value of a Roman numeral up to thirty-nine."""
    signs = [_NUMERALS[s] for s in _letters(number)]
    return sum(-a if a < b else a for a, b in zip(signs, [*signs[1:], 0], strict=True))


_KANA: Final = "アイウエオカキクケコサシスセソタチツテト"
_IROHA: Final = "イロハニホヘトチリヌルヲワカヨタレソツネ"


def _counted_in(members: list[Node]) -> Callable[[str], int]:
    """How the numbers of some clauses are told: `I.` begins Roman numerals, ア the kana in one order and イ in the other."""
    if _are_roman(members):
        return _roman
    first = next((n for n in members if n.number), None)
    sign = _sign(first.number) if first else ""
    if first is not None and first.style in {"iroha", "letter"} and sign in {"ア", "イ", "A"}:
        order = {"ア": _KANA, "イ": _IROHA}.get(sign, ascii_uppercase)
        return lambda number: order.find(_sign(number) or "-") + 1
    return value_of


def _sign(number: str) -> str:
    """The one sign of a number such as `ア` or `(b)`; nothing of a longer one."""
    found = re.findall(r"[ァ-ヴA-Za-z]", unicodedata.normalize("NFKC", number))
    return found[0].upper() if len(found) == 1 else ""


@rule("L-NUM-02", "warn", "T", often=0.05, any_language=True)
def skips_or_repeats_a_number(read: Reading) -> Iterator[Seen]:
    """A number is left out or given twice."""
    yield from _said_twice(read)
    chapters = [n for n in read.tops if _form(n) == "章"]
    articles = [n for n in read.tops if _form(n) != "章"]
    lists = [chapters, articles, *(_listed(list(n.children)) for n in read.outline.walk())]
    for members in lists:
        value = _counted_in(members)
        last: Node | None = None
        for node in members:
            if node.style not in (*_ORDERED, "article") or not node.number:
                continue
            if re.search(r"条\s*の|\d-\d", unicodedata.normalize("NFKC", node.number)):
                continue  # 第2条の2 and 3-2 stand between two numbers
            now, before = value(node.number), value(last.number) if last else 0
            same = last is not None and last.style == node.style
            alike = last is not None and _form(node) == _form(last)
            again = now == 1 and before > 1 and "." in node.id and alike
            again = again and not _is_led(read, last, node)
            if same and now and before and (again or now not in {1, before + 1}):
                yield _out_of_order(node, before, now)
            elif now and _comes_again(node):
                yield _out_of_order(node, now, now)
            last = node


def _said_twice(read: Reading) -> Iterator[Seen]:
    """A number that stands before a line of the clause above it, or of the one before it, too."""
    for node in read.outline.walk():
        last = node.children[-1] if node.children else None
        if last is not None and last.number and _opens_a_line(node, last.number):
            yield _out_of_order(last, value_of(last.number), value_of(last.number))
    for one, after in pairwise(read.tops):
        if after.number and _opens_a_line(one, after.number):
            yield _out_of_order(after, value_of(after.number), value_of(after.number))


def _opens_a_line(node: Node, number: str) -> bool:
    own = unicodedata.normalize("NFKC", number).strip()
    lines = unicodedata.normalize("NFKC", node.text).split("\n")
    return len(own) < 8 and any(re.match(re.escape(own) + r"[\s.、]+\S", line) for line in lines)


def _is_led(read: Reading, last: Node | None, node: Node) -> bool:
    """Whether a sentence or a heading stands between two members, so that the second begins a list of its own."""
    source = dict(read.outline.sources).get(node.span.file, "")
    below = list(last.walk()) if last else []
    ends = max((n.span.end for n in below), default=0)
    # One line below a member that is no list of its own heads what follows.
    headed = len(below) == 2 and below[1].style in {"heading", "bullet"} and not below[0].text
    return headed or "。" in source[ends : node.span.start]


def _out_of_order(node: Node, before: int, now: int) -> Seen:
    return Seen(
        node.id,
        Text(f"番号が {before} から {now} に続いています", f"number {now} follows number {before}"),
        Text("番号を順に付け直してください", "number the clauses in order"),
        node.number,
    )


def _comes_again(node: Node) -> bool:
    """Whether the number of a clause stands before another line of it, too."""
    own = unicodedata.normalize("NFKC", node.number).strip()
    lines = (unicodedata.normalize("NFKC", line).strip() for line in node.text.split("\n"))
    return len(own) < 8 and any(re.match(re.escape(own) + r"[\s.、][^\d]", line) for line in lines)


_LISTED: Final = 4
_PARTED: Final = re.compile(r"\s*\n[ \t　]*\n\s*")


def _is_parted(read: Reading, members: tuple[Node, ...]) -> bool:
    """Whether a blank line stands at one place of a list whose other members follow each other."""
    if (
        len(members) < _LISTED
        or members[0].style not in {*_ORDERED, "bullet"}
        or any(m.children or m.title or m.style != members[0].style for m in members)
    ):
        return False
    sources = dict(read.outline.sources)
    between = [
        sources.get(a.span.file, "")[a.span.end : b.span.start]
        for a, b in pairwise(members)
        if a.span.file == b.span.file
    ]
    # In a text with a blank line below every line only a wider gap parts anything.
    least = min((b.count("\n") for b in between), default=0)
    parted = [b for b in between if _PARTED.fullmatch(b) and b.count("\n") > least]
    return len(parted) == 1 and all(b in parted or not b.strip() for b in between)


# The number that a page bears, alone on its line.
_PAGE: Final = re.compile(
    r"\f|^[ \t　]{0,60}(?:[-－ー―–—~]\s?[0-9０-９]{1,3}(?:\s?[/／]\s?[0-9０-９]{1,3})?(?:\s?[-－ー―–—~])?|[0-9０-９]{1,3}\s?(?:[/／]\s?[0-9０-９]{1,3}(?:\s?(?:ページ|頁))?|[-－ー―–—~])"
    r"|[-－ー―–—~]\s{1,2}[0-9０-９]{1,3}\s?[/／]\s?[0-9０-９]{1,3}\s{1,2}[-－ー―–—~]|(?:p\.|page)\s?[0-9]{1,3}(?:\s?(?:of|/)\s?[0-9]{1,3})?|(?:第\s?)?[0-9０-９]{1,3}\s?(?:ページ|頁))[ \t　]{0,60}$",
    re.MULTILINE | re.IGNORECASE,
)


def _is_paged(read: Reading, node: Node) -> bool:
    """Whether a page ends between two members of a list."""
    members = [c for c in node.children if c.style in {*_ORDERED, "bullet", "line"}]
    told = sum(c.text.rstrip().endswith("。") for c in members)
    if len(members) < 2 or "." not in members[0].id or told * 2 > len(members):
        return False
    sources = dict(read.outline.sources)
    return any(
        a.span.file == b.span.file
        and _PAGE.search(sources.get(a.span.file, ""), a.span.start, b.span.start)
        for a, b in pairwise(members)
    )


@rule("L-NUM-03", "info", "T", often=0.05, any_language=True)
def breaks_a_list(read: Reading) -> Iterator[Seen]:
    """One list is cut by a blank line or a page."""
    for node in read.outline.walk():
        cut = any(why == "list" for why, _ in node.breaks)
        if cut or _is_parted(read, node.children) or _is_paged(read, node):
            yield Seen(
                node.id.rpartition(".")[0] or node.id,
                Text("ひとつの一覧が途中で切れています", "one list is cut in two"),
                Text("ひと続きの一覧にしてください", "print it as one list"),
                node.text.partition("\n")[0],
            )


# A line that is long enough to have been wrapped, and the sign before and behind its end.
_WRAPPED: Final = 16
_OF_ONE_WORD: Final = re.compile(r"[一-龥々]\n[一-龥々]|[ァ-ヴー]\n[ァ-ヴー]|[ぁ-ん]\n[ぁ-ん]")
_MARGIN: Final = re.compile(r"(?:\n[ \t　]*)+")
_GRAMMAR: Final = re.compile(r"[はがをにとのもで]\n")


def _amid_a_word(read: Reading, span: Span) -> bool:
    """Whether the source breaks a line between two signs of one word."""
    source = dict(read.outline.sources).get(span.file, "")
    for match in _MARGIN.finditer(source, span.start, span.end + 2):
        end = match.start()
        line = source[source.rfind("\n", 0, end) + 1 : end].lstrip()
        ends = f"{source[max(end - 1, 0) : end]}\n{source[match.end() : match.end() + 1]}"
        if len(line) >= _WRAPPED and _OF_ONE_WORD.fullmatch(ends) and not _GRAMMAR.match(ends):
            return not _is_wrapped(source)
    return False


@functools.lru_cache(maxsize=2)
def _is_wrapped(source: str) -> bool:
    """Whether a text breaks each of its lines at one width, as a terminal or a mail does: nothing is cut there."""
    lines = [line.rstrip() for line in source.split("\n")]
    cut = [
        _width(line)
        for line, below in pairwise(lines)
        if line and below and not _CLOSED.search(line) and not _OPENED.match(below)
    ]
    full = [width for width in cut if width >= 2 * _WRAPPED]
    widest = max(map(_width, lines), default=0)
    return len(full) >= _MANY and all(width >= widest - _HANGING for width in full)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in line)


# The end of a paragraph, and the beginning of a clause or of a member of a list.
_CLOSED: Final = re.compile(r"[。:：]$")
_OPENED: Final = re.compile(
    r"[ \t　]*(?:[・●○■□◆◇※(（【〔\[\-*#|]|第?[0-9０-９一二三四五六七八九十]{1,3}[条.．、)）])"
)
# So many lines are no chance, and so much narrower is a line whose next sign may not begin one.
_MANY: Final = 4
_HANGING: Final = 4


def _closes_an_item(read: Reading, node: Node, span: Span) -> bool:
    """Whether a bracket closes the item of a list before a blank line: 認証をしています（技術）."""
    source = dict(read.outline.sources).get(span.file, "")
    blank = not source[span.start : span.end].strip()
    closes = source[max(span.start - 1, 0) : span.start] in {")", "）"}
    return blank and closes and node.style == "bullet"


@rule("L-NUM-04", "info", "T", often=0.05, any_language=True)
def breaks_a_sentence(read: Reading) -> Iterator[Seen]:
    """A sentence is cut by a blank line or a page."""
    for node in read.outline.walk():
        cut = (
            (why == "page" and not _closes_an_item(read, node, span)) or _amid_a_word(read, span)
            for why, span in node.breaks
        )
        if any(cut):
            yield Seen(
                node.id,
                Text("文の途中で段落が切れています", "a sentence is cut by a paragraph or a page"),
                Text("ひと続きの文にしてください", "print it as one sentence"),
                node.text.partition("\n")[0],
            )
