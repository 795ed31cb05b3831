"""What values look like; no value leaves."""

import time
from datetime import date

import pytest

from chikai.sources import shapes


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["taro@example.jp", "hanako@example.com"] * 5, "email"),
        (["03-1234-5678", "090-1234-5678"] * 5, "phone"),
        (["100-0001", "530-0001"] * 5, "postal_code"),
        (["東京都千代田区千代田1-1", "大阪府大阪市北区1"] * 5, "address"),
        (["192.0.2.1", "2001:db8::1"] * 5, "ip"),
        (["Mozilla/5.0 (X11; Linux)"] * 5, "user_agent"),
        (["$2y$10$" + "a" * 53] * 5, "credential"),
        (["4111111111111111", "5555555555554444"] * 5, "card_number"),
        (["123456789018"] * 6, "mynumber"),
        (["山田 太郎", "鈴木 花子"] * 5, "name"),
        (["open", "closed"] * 5, ""),
        ([], ""),
    ],
)
def test_values_tell_a_kind(values, kind):
    assert shapes.look(values).kind == kind


def test_dates_that_spread_over_lives_are_births():
    assert shapes.look([date(1950 + i * 2, 1 + i % 12, 3) for i in range(25)]).kind == "birth_date"
    assert shapes.look([date(2024, 1, 1 + i) for i in range(25)]).kind == ""


def test_guarded_numbers_are_found_inside_kanji():
    assert shapes.within("番号は123456789018です") == {"mynumber"}
    assert shapes.within("カード4111-1111-1111-1111で支払") == {"card_number"}
    assert shapes.within("注文123456789012") == frozenset()


def test_no_sentence_holds_a_value():
    shape = shapes.look(["secret-canary@example.jp"] * 9)
    assert "canary" not in repr(shape)


def test_hostile_values_do_not_stall():
    start = time.perf_counter()
    for text in (
        "1" * 100_000,
        "-" * 100_000,
        "a@" * 50_000,
        "[" * 100_000,
        "{" * 390,
        "1 -" * 40_000,
    ):
        shapes.look([text] * 50)
        shapes.within(text)
    assert time.perf_counter() - start < 5
