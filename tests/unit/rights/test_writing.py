"""What leaves the house can be opened without harm and loses nothing."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chikai.rights import writing


@pytest.mark.parametrize("text", ["=1+1", "+81", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1＋1"])
def test_text_that_a_spreadsheet_would_run_is_guarded(text):
    assert writing.csv_field(text).startswith("\"'")


def test_a_leading_zero_survives_a_spreadsheet():
    assert writing.csv_field("0312345678") == '"\'0312345678"'
    assert writing.csv_field("0") == '"0"'


def test_a_negative_number_stays_a_number():
    assert writing.csv_field(-2) == '"-2"'
    assert writing.csv_field(Decimal("-2.50")) == '"-2.50"'


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n")), min_size=1
    )
)
def test_every_line_reads_back_as_the_same_fields(fields):
    line = writing.csv_line(fields)
    assert line.endswith("\r\n")
    (read,) = csv.reader(io.StringIO(line, newline=""))
    assert [r.removeprefix("'") for r in read] == [f.removeprefix("'") for f in fields]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (b"\x00\xff", "base64:AP8="),
        (date(2025, 2, 22), "2025-02-22"),
        (datetime(2025, 2, 22, 1, 2, tzinfo=UTC), "2025-02-22T01:02:00+00:00"),
        ({"𠮷": [1, None]}, '{"𠮷": [1, null]}'),
    ],
)
def test_values_are_written_as_people_read_them(value, text):
    assert writing.as_text(value) == text
