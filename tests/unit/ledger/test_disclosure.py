"""What an auditor is shown: three classes told apart, and what is missing raises the alarm."""

from dataclasses import replace

import pytest

from chikai.errors import Tampered
from chikai.ledger import disclosure, verify
from tests.unit.ledger.made import SIGNER, ledger


@pytest.fixture
def erased(tmp_path):
    """A ledger of twenty events whose subject 1 was erased, and its export."""
    made = ledger(20)
    made.erase(1)
    made.export(tmp_path / "export")
    return made


def look(made, tmp_path, shown):
    lines = list(disclosure.write(shown))
    read = disclosure.parse(lines)
    assert list(disclosure.write(read)) == lines
    return verify.verify_folder(tmp_path / "export", key=SIGNER.key, shown=read)


def without(shown, index):
    return replace(shown, entries={i: e for i, e in shown.entries.items() if i != index})


def test_opened_sealed_and_erased_are_told_apart(erased, tmp_path):
    report = look(erased, tmp_path, erased.shown(chosen={0, 2, 3}))
    assert [p.index for p in report.opened] == [0, 2, 3, 20]
    assert (report.erased, report.sealed) == (7, 10)
    assert report.opened[0].payload["facts"] == {"n": 0}
    assert 9 in report.steps


def test_an_entry_that_is_missing_without_an_erasure_is_an_alarm(erased, tmp_path):
    with pytest.raises(Tampered, match="entry 5 is missing, and no erasure"):
        look(erased, tmp_path, without(erased.shown(), 5))


def test_an_erasure_covers_only_what_it_names(erased, tmp_path):
    shown = erased.shown()
    false = replace(shown, entries={**shown.entries, 5: disclosure.Erased(20)})
    with pytest.raises(Tampered, match="does not name it") as caught:
        look(erased, tmp_path, false)
    assert caught.value.where == "step 9, entry 5"


@pytest.mark.parametrize("by", [0, 3, 19, 21, -1])
def test_what_is_no_erasure_erases_nothing(erased, tmp_path, by):
    shown = erased.shown()
    false = replace(shown, entries={**shown.entries, 4: disclosure.Erased(by)})
    with pytest.raises(Tampered, match="is no erasure"):
        look(erased, tmp_path, false)


def test_an_erasure_has_to_be_shown_itself(erased, tmp_path):
    shown = erased.shown()
    hidden = replace(shown, entries={**shown.entries, 20: disclosure.Sealed()})
    with pytest.raises(Tampered, match="is no erasure"):
        look(erased, tmp_path, hidden)


@pytest.mark.parametrize("part", ["payload", "blinding"])
def test_another_payload_than_the_one_committed_to_is_noticed(erased, tmp_path, part):
    shown = erased.shown()
    opened = shown.entries[3]
    bent = replace(opened, **{part: getattr(opened, part)[:-1] + b"~"})
    with pytest.raises(Tampered, match="not the one") as caught:
        look(erased, tmp_path, replace(shown, entries={**shown.entries, 3: bent}))
    assert caught.value.where == "step 9, entry 3"


def test_what_was_shown_of_another_log_is_refused(erased, tmp_path):
    with pytest.raises(Tampered, match="another log"):
        look(erased, tmp_path, replace(erased.shown(), origin="other.example/ledger/1"))
    with pytest.raises(Tampered, match="later state"):
        look(erased, tmp_path, replace(erased.shown(), size=99))


@pytest.mark.parametrize(
    "line", ["", "{}\n", "nonsense\n", '{"entry":-1,"sealed":true}\n', '{"entry":1}\n', "[1]\n"]
)
def test_a_line_that_says_nothing_is_named(line):
    lines = [*disclosure.write(ledger(1).shown()), line]
    with pytest.raises(Tampered) as caught:
        disclosure.parse(lines)
    assert caught.value.where == "line 3"


def test_ranges_are_short_and_exact():
    assert disclosure.as_ranges([3, 1, 2, 7, 9, 10]) == "1-3,7,9-10"
    assert list(disclosure.out_of_ranges("1-3,7,9-10")) == [1, 2, 3, 7, 9, 10]
    assert disclosure.in_ranges(9, "1-3,7,9-10")
    assert not disclosure.in_ranges(8, "1-3,7,9-10")
    assert list(disclosure.out_of_ranges("x,-1,2-y")) == []
