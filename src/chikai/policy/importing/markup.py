"""HTML becomes lines of text with the marks of Markdown; scripts are dropped and never run.

Headings keep their level, lists their numbers and their depth, tables their cells; menus, footers and forms are left
out. What this makes is the text that is read; each of its signs keeps its place in the page.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from chikai.policy.importing.panels import Panels
from chikai.policy.placed import Placed

_DROP: Final = frozenset(
    "script style noscript template svg nav footer aside form button select iframe object head canvas video audio".split()
)
_NEVER: Final = frozenset("script style noscript template svg iframe object head".split())
_BLOCK: Final = frozenset(
    "p div section article main header body html ul ol li dl dt dd table tr thead tbody tfoot caption h1 h2 h3 h4 h5 h6 "
    "address blockquote pre hr br figure figcaption fieldset center details summary".split()
)
_VOID: Final = frozenset(
    "br hr img input meta link source wbr col area base embed track param".split()
)
_HTML: Final = re.compile(
    r"<(?:!doctype html|html|body|head|div|p|h[1-6]|ul|ol|li|table|section|article|main|span|br)\b[^>]*>",
    re.IGNORECASE,
)
# The foot of the policy itself, which holds its days and who signs it, is none of the page's.
_MENU: Final = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|breadcrumbs?|(?<!pp-)(?<!privacy[_-])(?<!privacy__)(?<!policy[_-])(?<!policy__)footer|sidebar|pagetop|page-top|toc|table-of-contents|cookie-banner|share|sns)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Lines that begin as those of Markdown or of a plain text do.
_PLAIN: Final = re.compile(
    r"^(?:#{1,6} |[-*+] |\|[^\n]*\|[ \t]*$|第[0-9０-９一二三四五六七八九十]+条|[0-9０-９]{1,2}[.．、] ?[^\s<]|[■◆●【（(])",
    re.MULTILINE,
)
_DEEPEST: Final = 40
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_GAP: Final = re.compile(r"\n{3,}")
# A table of Markdown, whose cells may hold line ends of the page.
_PIPED: Final = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_EMPTY_LINE: Final = re.compile(r"\n[ \t]*\n")
_LINE_END: Final = re.compile(r"(?<![>\n])\n")
_COMMENT_OPENED: Final = re.compile(r"<!--")
# What spans more rows or holds more words is told once, so that no page grows by its tables.
_SPANS: Final = 20
_SPANNING: Final = 60
# The parser reads on to the end for every tag, comment or script that nothing closes: such a sign is a plain one.
_UNCLOSED: Final = re.compile(r"<(?![^<>]*>)")
_OPENED: Final = re.compile(
    r"<(?=script|style|textarea|title|xmp|iframe|noscript|plaintext)", re.IGNORECASE
)


def is_html(text: str) -> bool:
    """Whether a text is HTML."""
    return len(_HTML.findall(text[:20000])) >= 3 or bool(
        re.match(r"\s*<(?:!doctype|html|\?xml)", text[:200], re.IGNORECASE)
    )


def without_comments(text: Placed) -> Placed:
    """A text with spaces in place of comments, so that every place stays where it is."""
    words = text.words
    made, last = [], 0
    while (start := words.find("<!--", last)) >= 0 and (end := words.find("-->", start)) >= 0:
        made += [words[last:start], re.sub(r"[^\r\n]", " ", words[start : end + 3])]
        last = end + 3
    return Placed("".join([*made, words[last:]]), text.starts, text.ends)


def bounded(page: Placed) -> Placed:
    """A page in which every tag ends, so that reading it takes time by its length alone."""
    page = without_comments(page).sub(_COMMENT_OPENED, "&lt;!--").sub(_UNCLOSED, "&lt;")
    last = max(0, page.words.lower().rfind("</"))
    return Placed.joined([page[:last], page[last:].sub(_OPENED, "&lt;")])


def as_text(html: str) -> tuple[str, bool]:
    """The words of a page with the marks of Markdown, and whether scripts were dropped."""
    said, dropped, _ = read(Placed.of(html))
    return said.words, dropped


def read(page: Placed) -> tuple[Placed, bool, str]:
    """The words of a page with the marks of Markdown, each where it stands, whether scripts were dropped, and what is hidden."""
    page = bounded(page)
    inner = _main(_with_its_lines(page) if _own_lines(page.words) else page)
    text, hidden = _read(inner, _DROP, menus=True)
    whole, _ = _read(inner, _NEVER, menus=False)
    # A page that forgot to close its menu or footer would lose the policy with it.
    few = text.words.count("個人情報") * 2 < whole.words.count("個人情報")
    if few and len(text) * 2 < len(whole):
        text = whole
    return text, "<script" in page.words.lower(), hidden


def _own_lines(text: str) -> bool:
    """Whether a text has tags here and there, but the line ends of plain text or Markdown."""
    page = re.search(r"<(?:!doctype|html|body)\b", text[:20000], re.IGNORECASE)
    return not page and len(_PLAIN.findall(text)) > 1


def _with_its_lines(text: Placed) -> Placed:
    """Line ends become those of the page, but for those beside a tag, which ends its line itself."""
    text = text.sub(_PIPED, lambda row: re.sub(r"<br ?/?>", "&lt;br&gt;", row[0]))
    return text.sub(_EMPTY_LINE, "\n<p></p>\n").sub(_LINE_END, "<br>\n")


def _read(page: Placed, drop: frozenset[str], *, menus: bool) -> tuple[Placed, str]:
    reader = _Reader(page, drop, menus=menus)
    reader.feed(page.words)
    reader.close()
    return reader.text(), reader.panels.lost


def _main(page: Placed) -> Placed:
    """The part that the page itself calls its main part, where that holds the policy."""
    low = page.words.lower()
    start = low.find("<main")
    end = low.rfind("</main")
    if 0 <= start < end and "個人情報" in page.words[start:end]:
        return page[start:end]
    return page


def _evened(words: Placed) -> Placed:
    return words.sub(_BLANKS, " ").stripped()


def _cell(words: Placed) -> Placed:
    said = _evened(words)
    end = len(said)
    while said.words.endswith(("<br>", "<br> "), 0, end):
        end = said.words.rindex("<", 0, end)
    return said[: len(said.words[:end].rstrip())]


_TYPED: Final = frozenset({"pre", "textarea"})
_HEADS: Final = frozenset({"button", "summary"})
_LISTS: Final = frozenset({"div", "ul", "ol", "p", "section"})  # what a menu is made of


class _Reader(HTMLParser):
    def __init__(self, page: Placed, drop: frozenset[str], *, menus: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.begins = [0, *(at + 1 for at, sign in enumerate(page.words) if sign == "\n")]
        self.drop = drop
        self.menus = menus
        self.panels = Panels(page.words)
        self.hidden = 0  # how many elements were open when one began that is hidden and left out
        self.out: list[Placed] = []
        self.line: list[Placed] = []
        self.lead = ""
        self.open: list[tuple[str, bool]] = []
        self.dropped = 0
        self.lists: list[tuple[str, int]] = []
        self.as_typed = 0  # how many elements are open whose lines stand as they were typed
        self.row: list[list[Placed]] | None = None
        # How many rows each cell of this row spans, and what cells of rows above span those below, by column.
        self.spans: list[int] = []
        self.above: dict[int, tuple[int, Placed]] = {}
        # How many cells of this row are heads, and how many rows of this table were written.
        self.heads = self.rows = 0

    def text(self) -> Placed:
        """The lines that were made."""
        self._end()
        said = Placed.joined(self.out, "\n").sub(_GAP, "\n\n").stripped("\n")
        return Placed.joined([said, Placed.made("\n")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in _VOID:
            if tag in _BLOCK and not self.dropped:
                self._break()
                self._end()
            return
        given = dict(attrs)
        marks = f"{given.get('class') or ''} {given.get('id') or ''} {given.get('role') or ''}"
        head = not self.dropped and tag in _HEADS and self._heads(tag, given)
        menu = self.menus and tag in _LISTS and bool(_MENU.search(marks))
        drop = (tag in self.drop and not head) or menu
        if "hidden" in given and not drop and not self.panels.opened(given):
            self.hidden = self.hidden if self.dropped else len(self.open) + 1
            drop = True
        self.open.append((tag, drop))
        self.dropped += drop
        self.as_typed += tag in _TYPED
        if self.dropped:
            return
        if self.row is not None and (tag == "table" or re.fullmatch("h[1-6]", tag)):
            self._unrow()
        if self.row is not None and tag in {"li", "p", "div", "dd", "dt"}:
            self._break()
            return
        if head and self.row is None and not self._in_heading():
            self._end()
            self._blank()
            self.lead = self.panels.lead()
            return
        if tag in _BLOCK and not (self.row is not None and tag not in {"tr", "table"}):
            self._end()
        self._begin(tag, given)

    def _heads(self, tag: str, given: dict[str, str | None]) -> bool:
        """Whether a tag begins the head of a panel."""
        line, column = self.getpos()
        at = self.begins[line - 1] + column + len(self.get_starttag_text() or "")
        return self.panels.heads(tag, given, at, {name for name, _ in self.open[-_DEEPEST:]})

    def _in_heading(self) -> bool:
        return any(re.fullmatch("h[1-6]", name) for name, _ in self.open[-_DEEPEST:])

    def _break(self) -> None:
        """Begin a new line within a cell."""
        if self.row and self.row[-1]:
            self.row[-1].append(Placed.made("<br>"))

    def _begin(self, tag: str, given: dict[str, str | None]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._blank()
            self.lead = "#" * int(tag[1]) + " "
            self.panels.level = int(tag[1])
        elif tag in {"ul", "ol"} and len(self.lists) < _DEEPEST:
            start = given.get("start") or "1"
            # A style without numbers counts nothing that a reader could see.
            look = f"{given.get('style') or ''} {given.get('class') or ''}"
            counts = "decimal" in look or (
                tag == "ol" and "none" not in look and "disc" not in look
            )
            self.lists.append(
                (
                    "ol" if counts else "ul",
                    int(start) if start.isdecimal() and len(start) < 4 else 1,
                )
            )
        elif tag == "li":
            self._item()
        elif tag == "table":
            self.above, self.rows = {}, 0
            self._blank()
        elif tag == "tr":
            self._row()  # one that the page forgot to close
            self.row, self.spans, self.heads = [], [], 0
        elif tag in {"td", "th"} and self.row is not None:
            self.row.append([])
            self.heads += tag == "th"
            span = given.get("rowspan") or "1"
            self.spans.append(int(span) if span.isdecimal() and len(span) < 3 else 1)
        elif tag == "dt":
            self._blank()
            self.lead = "**"
        elif tag in {"p", "div", "table", "dl", "dd"} and not self.lists:
            self._blank()

    def _item(self) -> None:
        depth = "    " * max(0, len(self.lists) - 1)
        if self.lists and self.lists[-1][0] == "ol":
            number = self.lists[-1][1]
            self.lists[-1] = ("ol", number + 1)
            self.lead = f"{depth}{number}. "
        else:
            self.lead = f"{depth}- "

    def handle_endtag(self, tag: str) -> None:
        """Close an element and those inside it that the page forgot to close."""
        if tag in _VOID or all(tag != name for name, _ in self.open[-50:]):
            return
        while self.open:
            name, drop = self.open.pop()
            was = self.dropped
            self.dropped -= drop
            self.as_typed -= name in _TYPED
            if len(self.open) < self.hidden:
                self.hidden = 0
            if not was:
                self._close(name)
                self.panels.ended(name)
            if name == tag:
                return

    def _close(self, tag: str) -> None:
        if tag == "tr" and self.row is not None:
            self._row()
            return
        if self.row is not None:
            return
        if tag == "dt" and self.line:
            self.line.append(Placed.made("**"))
        if tag in _BLOCK or (tag == "button" and not self._in_heading()):
            self._end()
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if re.fullmatch("h[1-6]|p|div|table|dl|ul|ol|summary", tag) and not self.lists:
            self._blank()

    def _unrow(self) -> None:
        """Take what stands in a row for lines: a cell that holds a heading or a table lays out the page."""
        for said in (_cell(Placed.joined(cell)) for cell in self.row or ()):
            self.out += [*said.split("<br>"), Placed.made("")]
        self.row = None

    def _row(self) -> None:
        """End a row of a table."""
        own, self.row = [_cell(Placed.joined(cell)) for cell in self.row or ()], None
        if not any(own):
            return
        spanned, self.above = self.above, {}
        cells: list[Placed] = []
        for said, rows in zip([*own, Placed.made("")], [*self.spans, 1], strict=True):
            while (at := len(cells)) in spanned:
                left, above = spanned.pop(at)
                cells.append(above)
                if left > 1:
                    self.above[at] = (left - 1, above)
            if 1 < rows <= _SPANS and len(said) <= _SPANNING:
                self.above[len(cells)] = (rows - 1, said)
            cells.append(said)
        row = Placed.joined(cells[:-1], " | ")
        self.out.append(Placed.joined([Placed.made("| "), row, Placed.made(" |")]))
        if self.heads == len(own) and not self.rows:
            self.out.append(Placed.made("|" + " --- |" * len(cells[:-1])))
        self.rows += 1

    def handle_data(self, data: str) -> None:
        """Take words."""
        if self.dropped:
            if self.hidden and self.open[-1][0] not in _NEVER:
                self.panels.unread.append(data)
            return
        self.panels.said(data)
        line, column = self.getpos()
        placed = self.page.unescaped(data, self.begins[line - 1] + column)
        if self.row is not None:
            if self.row and (self.row[-1] or data.strip()):
                self.row[-1].append(placed)
            return
        first, *lines = placed.split("\n") if self.as_typed else [placed]
        self.line.append(first)
        for said in lines:
            if any(one.words.strip() for one in self.line):
                self._end()
            else:
                self._blank()
            self.line.append(said)

    def _end(self) -> None:
        said = _evened(Placed.joined(self.line))
        self.line = []
        if said.words and said.words != "**":
            self.out.append(Placed.joined([Placed.made(self.lead), said]))
            self.lead = "  " * len(self.lists) + "  " if self.lists else ""

    def _blank(self) -> None:
        self.lead = "" if not self.lists else self.lead
        if self.out and self.out[-1].words:
            self.out.append(Placed.made(""))
