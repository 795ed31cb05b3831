"""A receipt stands alone: it proves its entry without us, and opens without our keys."""

import base64

import pytest

from chikai.errors import Tampered
from chikai.ledger import note, receipt, tree, verify
from tests.unit.ledger.made import SIGNER, ledger


def test_a_receipt_proves_its_entry_and_opens_it():
    made = ledger(300)
    report = verify.verify_receipt(made.receipt(255).write().encode(), key=SIGNER.key)
    [proved] = report.opened
    assert proved.payload["facts"] == {"n": 255}
    assert (report.size, report.trusted, report.steps) == (300, True, (10,))


def test_a_persons_receipt_is_several_in_one_file():
    made = ledger(30)
    text = receipt.join([made.receipt(i) for i in made.of[1]])
    report = verify.verify_receipt(text.encode())
    assert [p.index for p in report.opened] == made.of[1]
    assert not report.trusted


def test_a_receipt_is_a_proof_as_c2sp_writes_it():
    lines = ledger(5).receipt(3).write().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1].startswith("extra ")
    assert lines[2] == "index 3"
    assert [len(base64.b64decode(x)) for x in lines[3:6]] == [32, 32, 32]
    assert lines[6:9] == ["", SIGNER.name, "5"]


def test_every_other_byte_of_a_receipt_is_noticed(long):
    text = ledger(9).receipt(6).write().encode()
    for at in range(0, len(text), 1 if long else 3):
        for bent in (
            text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at],
            text[:at] + b"A" + text[at:],
        ):
            if bent != text:
                with pytest.raises(Tampered) as caught:
                    verify.verify_receipt(bent, key=SIGNER.key)
                assert caught.value.where.startswith("step 10")


def test_a_receipt_under_another_key_is_refused():
    text = ledger(9).receipt(6).write().encode()
    other = note.Signer(SIGNER.name, b"\x01" * 32)
    with pytest.raises(Tampered, match="another key"):
        verify.verify_receipt(text, key=other.key)


def test_a_tree_of_one_needs_no_hash():
    made = ledger(1)
    assert verify.verify_receipt(made.receipt(0).write().encode()).size == 1
    assert made.receipt(0).proof == ()
    tree.check_inclusion(0, 1, tree.hash_leaf(made.lines[0]), [], made.tree.root())
