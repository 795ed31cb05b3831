"""Which tables look like books that a tax law keeps: proposed by a scan, and asked about where a map says nothing.

A table that is named like invoices, payments or a ledger, with an amount of money and a day, is proposed to be held from
that day on. One with money and a day under another name is only asked about: an engineer knows whether it is a book.
Names alone decide, so that a map can be asked without its database.

Clauses: 5.
Law: APPI Art. 22, APPI Art. 35(2).
"""

from __future__ import annotations

from typing import Final

from chikai.sources import names
from chikai.sources.catalogue import Table
from chikai.sources.map import Hold, TableMap, Whose

LAW: Final = "tax_books"  # the longest of what commonly keeps books of account
ERASED: Final[tuple[Whose, ...]] = ("person", "shared")
_BOOKS: Final = frozenset(
    "invoice billing bill payment receipt ledger journal refund sale transaction settlement".split()
)
_BOOKS_JA: Final = ("請求", "領収", "入金", "売上", "仕訳", "決済", "支払", "帳簿")
_MONEY: Final = frozenset("amount subtotal price fee tax charge cost yen jpy".split())
_MONEY_JA: Final = ("金額", "税込", "税抜", "消費税", "合計", "小計", "料金", "代金")
_DAY: Final = frozenset("on at date day datetime".split())
# Days that no book runs from.
_OTHER: Final = frozenset(
    "birth dob birthday modified updated update deleted due expire end start".split()
)
# The day of the book itself before the day on which somebody paid, and any other day last.
_FIRST: Final = (
    frozenset(
        "issued issue invoiced invoice billed sold charged posted transaction ordered order".split()
    ),
    frozenset("paid payment received receipt settled refunded".split()),
    frozenset("created date day".split()),
)
_FIRST_JA: Final = (("発行", "請求", "売上", "取引"), ("領収", "入金", "支払", "決済"), ())


def proposed(table: Table, whose: Whose) -> Hold | None:
    """The hold of a table that looks like books, from the day of the row that says most; None for every other."""
    if whose not in ERASED or not _is_named_so(table.name):
        return None
    days = [
        c
        for c in table.columns
        if c.type in ("date", "timestamp") or (c.type == "text" and _is_day(c.name))
        if not {names.singular(word) for word in names.words(c.name)} & _OTHER
    ]
    if not days or not any(_is_money(c.name) for c in table.columns):
        return None
    best = min(days, key=lambda c: (_rank(c.name), c.nullable))
    return Hold(LAW, best.name)


def is_asked(table: TableMap) -> bool:
    """Whether nothing says what keeps the rows of a table with money and days, which an erasure would change."""
    if table.hold is not None or table.whose not in ERASED:
        return False
    named = [column.name for column in table.columns]
    return any(map(_is_money, named)) and any(map(_is_day, named))


def _is_named_so(table: str) -> bool:
    said = {names.singular(word) for word in names.words(table)}
    return bool(said & _BOOKS) or any(word in table for word in _BOOKS_JA)


def _is_money(column: str) -> bool:
    said = {names.singular(word) for word in names.words(column)}
    return bool(said & _MONEY) or any(word in column for word in _MONEY_JA)


def _is_day(column: str) -> bool:
    said = names.words(column)
    return bool(said and said[-1] in _DAY) or column.endswith(("日", "日付", "日時"))


def _rank(column: str) -> int:
    said = {names.singular(word) for word in names.words(column)}
    for rank, (words, japanese) in enumerate(zip(_FIRST, _FIRST_JA, strict=True)):
        if said & words or any(word in column for word in japanese):
            return rank
    return len(_FIRST)
