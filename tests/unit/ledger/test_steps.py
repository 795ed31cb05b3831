"""The page, the verifier and its messages count the same steps."""

import re

from chikai.ledger import verify
from chikai.ledger.entry import Entry
from tests.unit.ledger.made import ledger
from tools import where

PAGE = where.ROOT / "docs" / "reference" / "ledger.md"


def test_the_page_numbers_the_steps_as_the_verifier_does():
    found = re.findall(r"^(\d+)\. (.+)\.$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    said = {int(number): text[0].lower() + text[1:] for number, text in found}
    assert said == verify.STEPS


def test_every_step_of_the_verifier_can_fail():
    text = (where.SRC / "ledger" / "verify.py").read_text(encoding="utf-8")
    assert {int(n) for n in re.findall(r"_step\((\d+)", text)} == set(verify.STEPS)


def test_the_page_shows_an_entry_as_it_is():
    line = ledger(1).lines[0]
    assert len(Entry.decode(line).encode().split(b" ")) == 6
    assert "1 rights.disclosed 2025-11-26T03:04:05Z" in PAGE.read_text(encoding="utf-8")
