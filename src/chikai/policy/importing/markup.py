"""HTML becomes lines of text with the marks of Markdown; scripts are dropped and never run.

Headings keep their level, lists their numbers and their depth, tables their cells; menus, footers and forms are left
out. What this makes is the text that the spans of the reading point into.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

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


def without_comments(text: str) -> str:
    """A text with spaces in place of comments, so that every place stays where it is."""
    text = text.removeprefix("\ufeff")
    made, last = [], 0
    while (start := text.find("<!--", last)) >= 0 and (end := text.find("-->", start)) >= 0:
        made += [text[last:start], re.sub(r"[^\r\n]", " ", text[start : end + 3])]
        last = end + 3
    return "".join([*made, text[last:]])


def bounded(html: str) -> str:
    """A page in which every tag ends, so that reading it takes time by its length alone."""
    html = _UNCLOSED.sub("&lt;", without_comments(html).replace("<!--", "&lt;!--"))
    last = html.lower().rfind("</")
    return (
        html[:last] + _OPENED.sub("&lt;", html[last:]) if last >= 0 else _OPENED.sub("&lt;", html)
    )


def as_text(html: str) -> tuple[str, bool]:
    """The words of a page with the marks of Markdown, and whether scripts were dropped."""
    html = bounded(html)
    inner = _main(_with_its_lines(html) if _own_lines(html) else html)
    text = _read(inner, _DROP, menus=True)
    whole = _read(inner, _NEVER, menus=False)
    # A page that forgot to close its menu or footer would lose the policy with it.
    if text.count("個人情報") * 2 < whole.count("個人情報") and len(text) * 2 < len(whole):
        text = whole
    return text, "<script" in html.lower()


def _own_lines(text: str) -> bool:
    """Whether a text has tags here and there, but the line ends of plain text or Markdown."""
    page = re.search(r"<(?:!doctype|html|body)\b", text[:20000], re.IGNORECASE)
    return not page and len(_PLAIN.findall(text)) > 1


def _with_its_lines(text: str) -> str:
    """Line ends become those of the page, but for those beside a tag, which ends its line itself."""
    rows = re.compile(r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
    text = rows.sub(lambda row: re.sub(r"<br ?/?>", "&lt;br&gt;", row[0]), text)
    said = re.sub(r"\n[ \t]*\n", "\n<p></p>\n", text.replace("\r\n", "\n"))
    return re.sub(r"(?<![>\n])\n", "<br>\n", said)


def _read(html: str, drop: frozenset[str], *, menus: bool) -> str:
    reader = _Reader(drop, menus=menus)
    reader.feed(html)
    reader.close()
    return reader.text()


def _main(html: str) -> str:
    """The part that the page itself calls its main part, where that holds the policy."""
    low = html.lower()
    start = low.find("<main")
    end = low.rfind("</main")
    if 0 <= start < end and "個人情報" in html[start:end]:
        return html[start:end]
    return html


def _cell(words: str) -> str:
    said = re.sub(r"[ \t\r\n\f]+", " ", words).strip()
    end = len(said)
    while said.endswith(("<br>", "<br> "), 0, end):
        end = said.rindex("<", 0, end)
    return said[:end].rstrip()


_TYPED: Final = frozenset({"pre", "textarea"})


class _Reader(HTMLParser):
    def __init__(self, drop: frozenset[str], *, menus: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.drop = drop
        self.menus = menus
        self.out: list[str] = []
        self.line: list[str] = []
        self.lead = ""
        self.open: list[tuple[str, bool]] = []
        self.dropped = 0
        self.lists: list[tuple[str, int]] = []
        self.as_typed = 0  # how many elements are open whose lines stand as they were typed
        self.row: list[list[str]] | None = None
        # How many rows each cell of this row spans, and what cells of rows above span those below, by column.
        self.spans: list[int] = []
        self.above: dict[int, tuple[int, str]] = {}
        # How many cells of this row are heads, and how many rows of this table were written.
        self.heads = self.rows = 0

    def text(self) -> str:
        """The lines that were made."""
        self._end()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.out)).strip("\n") + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in _VOID:
            if tag in _BLOCK and not self.dropped:
                self._break()
                self._end()
            return
        given = dict(attrs)
        marks = f"{given.get('class') or ''} {given.get('id') or ''} {given.get('role') or ''}"
        drop = (
            tag in self.drop
            or "hidden" in given
            or (
                tag in {"div", "ul", "ol", "p", "section"}
                and self.menus
                and bool(_MENU.search(marks))
            )
        )
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
        if tag in _BLOCK and not (self.row is not None and tag not in {"tr", "table"}):
            self._end()
        self._begin(tag, given)

    def _break(self) -> None:
        """Begin a new line within a cell."""
        if self.row and self.row[-1]:
            self.row[-1].append("<br>")

    def _begin(self, tag: str, given: dict[str, str | None]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._blank()
            self.lead = "#" * int(tag[1]) + " "
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
            if not was:
                self._close(name)
            if name == tag:
                return

    def _close(self, tag: str) -> None:
        if tag == "tr" and self.row is not None:
            self._row()
            return
        if self.row is not None:
            return
        if tag == "dt" and self.line:
            self.line.append("**")
        if tag in _BLOCK:
            self._end()
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if re.fullmatch("h[1-6]|p|div|table|dl|ul|ol", tag) and not self.lists:
            self._blank()

    def _unrow(self) -> None:
        """Take what stands in a row for lines: a cell that holds a heading or a table lays out the page."""
        for said in (_cell("".join(cell)) for cell in self.row or ()):
            self.out += [*said.split("<br>"), ""]
        self.row = None

    def _row(self) -> None:
        """End a row of a table."""
        own, self.row = [_cell("".join(cell)) for cell in self.row or ()], None
        if not any(own):
            return
        spanned, self.above = self.above, {}
        cells: list[str] = []
        for said, rows in zip([*own, ""], [*self.spans, 1], strict=True):
            while (at := len(cells)) in spanned:
                left, above = spanned.pop(at)
                cells.append(above)
                if left > 1:
                    self.above[at] = (left - 1, above)
            if 1 < rows <= _SPANS and len(said) <= _SPANNING:
                self.above[len(cells)] = (rows - 1, said)
            cells.append(said)
        self.out.append("| " + " | ".join(cells[:-1]) + " |")
        if self.heads == len(own) and not self.rows:
            self.out.append("|" + " --- |" * len(cells[:-1]))
        self.rows += 1

    def handle_data(self, data: str) -> None:
        """Take words."""
        if self.dropped:
            return
        if self.row is not None:
            if self.row and (self.row[-1] or data.strip()):
                self.row[-1].append(data)
            return
        first, *lines = data.split("\n") if self.as_typed else [data]
        self.line.append(first)
        for line in lines:
            if "".join(self.line).strip():
                self._end()
            else:
                self._blank()
            self.line.append(line)

    def _end(self) -> None:
        words = re.sub(r"[ \t\r\n\f]+", " ", "".join(self.line)).strip()
        self.line = []
        if words and words != "**":
            self.out.append(self.lead + words)
            self.lead = "  " * len(self.lists) + "  " if self.lists else ""

    def _blank(self) -> None:
        self.lead = "" if not self.lists else self.lead
        if self.out and self.out[-1]:
            self.out.append("")
