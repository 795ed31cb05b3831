"""An entry says what happened to everybody, and of whom to nobody."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from chikai.errors import Tampered
from chikai.ledger.entry import Entry, tag

NOON = datetime(2025, 11, 26, 3, 4, 5, tzinfo=UTC)
WHOLE = Entry("rights.disclosed", NOON, UUID(int=7), b"t" * 32, b"c" * 32)


@pytest.mark.parametrize(
    "entry", [WHOLE, Entry("staff.linked", NOON, None, None, b"c" * 32)], ids=["whole", "bare"]
)
def test_an_entry_is_read_as_it_was_written(entry):
    assert Entry.decode(entry.encode()) == entry


def test_an_entry_is_one_line_with_six_parts():
    assert Entry("staff.linked", NOON, None, None, b"c" * 32).encode() == (
        b"1 staff.linked 2025-11-26T03:04:05Z - - " + b"63" * 32
    )


def test_the_time_is_in_utc_to_the_second():
    tokyo = timezone(timedelta(hours=9))
    there = Entry("a.b", NOON.astimezone(tokyo).replace(microsecond=9), None, None, b"c" * 32)
    assert there.encode().split(b" ")[2] == b"2025-11-26T03:04:05Z"


def test_no_two_tags_of_a_subject_are_alike_and_each_is_found_again():
    tags = [tag(b"k" * 32, n) for n in range(50)]
    assert len(set(tags)) == 50
    assert tag(b"k" * 32, 7) == tags[7]
    assert tag(b"j" * 32, 7) not in tags


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(
            (b"1 rights", b"2 rights"),
            (b"1 ", b"1  "),
            (b"rights.", b"Rights."),
            (b"T03:", b"T24:"),
        ),
        *((b"-11-26", b"-13-26"), (b"-11-26", b"-11-31"), (b"2025", b"0000"), (b"Z ", b" ")),
        *((b"7474", b"747"), (b"7474", b"74GG"), (b" 0000", b" \n0000"), (b"6363", b"636")),
    ],
)
def test_what_is_no_entry_is_refused(old, new):
    with pytest.raises(Tampered):
        Entry.decode(WHOLE.encode().replace(old, new, 1))


def test_a_kind_that_no_reader_could_read_back_is_not_written():
    with pytest.raises(ValueError, match="parts"):
        Entry("山田 花子", NOON, None, None, b"c" * 32).encode()
