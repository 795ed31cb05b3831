"""The desk's numbers and days."""

from datetime import date

import pytest

from chikai.errors import BadInput
from chikai.inquiry import desk


@pytest.mark.parametrize(
    ("opened", "kind", "due"),
    [
        (date(2026, 11, 23), "question", date(2026, 11, 26)),  # Monday to Thursday
        (date(2026, 11, 20), "question", date(2026, 11, 25)),  # over a weekend
        (date(2026, 11, 21), "complaint", date(2026, 11, 24)),  # opened on a Saturday
    ],
)
def test_saturday_and_sunday_do_not_count(opened, kind, due):
    assert desk.due(opened, kind) == due


def test_a_number_reads_as_people_read_it():
    assert desk.number(2026, 1) == "Q-2026-0001"


@pytest.mark.parametrize(
    ("kind", "text", "mail"),
    [
        ("", "x", "a@b.example"),
        ("question", "  ", "a@b.example"),
        ("question", "x" * 4001, "a@b.example"),
        ("question", "x", "a@b"),
        ("question", "x", "a b@c.example"),
        ("question", "x", "a@b.example\nBcc: c@d.example"),
    ],
)
def test_what_is_missing_is_refused_and_not_repeated(kind, text, mail):
    with pytest.raises(BadInput) as refusal:
        desk.read(kind, text, mail)
    assert "example\n" not in str(refusal.value)
    assert "Bcc" not in str(refusal.value)
