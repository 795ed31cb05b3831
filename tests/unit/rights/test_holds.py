"""Rows that another law keeps: until when, and what the answer says."""

from datetime import date

import pytest

from chikai import law
from chikai.errors import ConfigError
from chikai.policy.document import Text
from chikai.rights import holds
from chikai.rights.holds import Books
from chikai.sources.protocol import Kept

MARCH = Books(3)


def test_an_invoice_stays_seven_years_from_the_day_after_the_return_is_due():
    assert holds.last_day("tax_books", date(2026, 6, 10), MARCH) == date(2034, 5, 31)


def test_in_a_year_with_a_loss_it_stays_ten():
    with_loss = Books(3, frozenset({2027}))
    assert holds.last_day("tax_books", date(2026, 6, 10), with_loss) == date(2037, 5, 31)
    assert holds.last_day("tax_books", date(2025, 6, 10), with_loss) == date(2033, 6, 1)


def test_a_due_day_on_which_nobody_works_moves():
    assert MARCH.filing(date(2026, 3, 31)) == date(2026, 6, 1)  # 31 May is a Sunday
    assert Books(10).filing(date(2026, 10, 31)) == date(2027, 1, 4)  # the turn of the year


def test_a_day_beyond_the_last_year_whose_holidays_are_known_is_refused():
    with pytest.raises(ConfigError, match="calendar of holidays"):
        Books(2).filing(date(2029, 2, 28))  # 30 April 2029 is a holiday in lieu
    assert Books(2).filing(date(2018, 2, 28)) == date(2018, 5, 1)  # and so it was in 2018
    assert MARCH.filing(date(2009, 3, 31)) == date(2009, 5, 31)  # no hold runs from there any more


def test_a_business_year_may_end_in_any_month():
    assert Books(12).end(date(2026, 12, 31)) == date(2026, 12, 31)
    assert Books(2).end(date(2027, 3, 1)) == date(2028, 2, 29)
    assert Books(12).filing(date(2025, 12, 31)) == date(2026, 3, 2)


def test_accounting_books_stay_ten_years_from_the_end_of_the_year():
    assert holds.last_day("company_books", date(2026, 6, 10), MARCH) == date(2037, 3, 31)


def test_records_of_work_run_from_their_own_day():
    assert holds.last_day("labour_records", date(2024, 2, 29), MARCH) == date(2029, 2, 28)


@pytest.mark.parametrize("month", [0, 13])
def test_a_year_that_ends_in_no_month_is_refused(month):
    with pytest.raises(ConfigError):
        holds.holds(date(2026, 11, 26), Books(month))


def test_every_hold_has_an_article_in_plain_words_and_knows_that_nobody_compared_it():
    for name in holds.PERIODS:
        assert not law.KEEPING[name].checked
        assert "未確認" not in law.keeping_in_words(name, "ja")
    with pytest.raises(law.UnknownArticle):
        law.keeping_in_words("nothing", "ja")


def test_the_answer_says_how_many_until_when_and_by_what():
    kept = Kept("orders", 3, "tax_books", date(2034, 5, 31))
    named = Text("店の記録（住所）", "the records of the shop (address)")
    said = holds.in_words(kept, named, "ja", stopped=True)
    assert "店の記録（住所）のうち3件" in said
    assert "3件" in said
    assert "2034年5月31日" in said
    assert "法人税法施行規則59条" in said
    english = holds.in_words(kept, named, "en", stopped=True)
    assert "3 of the records of the shop (address) stay" in english
    assert "orders" not in said + english
