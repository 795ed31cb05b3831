"""Signed notes, by the examples of Go's `sumdb/note`, which many logs verify with."""

import pytest

from chikai.errors import BadInput, Tampered
from chikai.ledger import note, tree

NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
NOTE = f"""\
{TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=
"""
SIGNER = note.Signer("desk.example/ledger/1", bytes(range(32)))


@pytest.mark.parametrize("key", [NEUMANN, ENOCH])
def test_a_note_that_others_signed_is_opened(key):
    assert note.open_note(NOTE.encode(), note.VerifierKey.parse(key)) == TEXT


def test_a_note_of_ours_is_opened_and_not_by_another_key():
    signed = SIGNER.sign("text\n").encode()
    assert note.open_note(signed, SIGNER.key) == "text\n"
    for other in (note.Signer(SIGNER.name, b"\x01" * 32), note.Signer("other", SIGNER.seed)):
        with pytest.raises(Tampered):
            note.open_note(signed, other.key)


def test_a_key_is_read_as_it_is_written():
    assert str(note.VerifierKey.parse(NEUMANN)) == NEUMANN
    assert note.VerifierKey.parse(str(SIGNER.key)) == SIGNER.key


@pytest.mark.parametrize(
    "text",
    [
        *("", "name", "name+00000000+", NEUMANN[:-1], NEUMANN + "=", NEUMANN.replace("c7", "C7")),
        *(NEUMANN.replace("Peter", "Pater"), NEUMANN.replace("+AR", "+BR"), f" {NEUMANN}"),
    ],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(BadInput):
        note.VerifierKey.parse(text)


def test_every_other_byte_of_a_note_is_noticed():
    checkpoint = note.Checkpoint(SIGNER.name, 7, b"r" * 32)
    signed = SIGNER.sign(checkpoint.text()).encode()
    assert note.open_checkpoint(signed, SIGNER.key) == checkpoint
    for at in range(len(signed)):
        for bit in range(8):
            bent = bytearray(signed)
            bent[at] ^= 1 << bit
            with pytest.raises(Tampered):
                note.open_checkpoint(bytes(bent), SIGNER.key)
        for bent in (
            signed[:at],
            signed[:at] + signed[at + 1 :],
            signed[:at] + b"\n" + signed[at:],
        ):
            with pytest.raises(Tampered):
                note.open_checkpoint(bent, SIGNER.key)


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "o\n1\n", "o\n01\n{r}\n", "o\n-1\n{r}\n", "o\n1\n{r}", "o\n1\n{r}\nmore\n"),
        *("\n1\n{r}\n", "o\n0\n{r}\n", "o\n1\nAAAA\n", "o\n１\n{r}\n"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    root = note.Checkpoint("o", 1, b"r" * 32).text().split("\n")[2]
    with pytest.raises(Tampered):
        note.Checkpoint.parse(text.format(r=root))


def test_an_empty_log_has_the_empty_root():
    text = note.Checkpoint("o", 0, tree.EMPTY).text()
    assert note.Checkpoint.parse(text).size == 0


def test_a_witness_may_sign_too():
    checkpoint = note.Checkpoint(SIGNER.name, 7, b"r" * 32)
    mine = SIGNER.sign(checkpoint.text())
    witness = note.Signer("witness.example", b"\x09" * 32).sign(checkpoint.text())
    both = mine + witness.rpartition("\n\n")[2]
    assert note.open_checkpoint(both.encode(), SIGNER.key) == checkpoint
