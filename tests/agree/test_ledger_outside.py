"""Receipts and checkpoints are accepted, and bent ones refused, by a verifier that others wrote: sigstore-python.

It is too heavy for the locks. `CHIKAI_TEST_SIGSTORE` names a Python that has it (`pip install sigstore` in a virtual
environment of its own).
"""

import base64
import json
import os
import subprocess

import pytest

from tests.unit.ledger.made import SIGNER, ledger

OUTSIDER = """
import base64, json, sys
from types import SimpleNamespace as Some
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint

asked = json.load(sys.stdin)
public = Ed25519PublicKey.from_public_bytes(base64.b64decode(asked["public"]))


class Keyring:
    def verify(self, *, key_id, signature, data):
        public.verify(signature, data)


def check(text):
    head, extra, index, rest = text.split("\\n", 3)
    hashes, signed = rest.split("\\n\\n", 1) if not rest.startswith("\\n") else ("", rest[1:])
    body = json.loads(base64.b64decode(extra.split(" ")[1]))["entry"].encode()
    checkpoint = SignedCheckpoint.from_text(signed)
    checkpoint.signed_note.verify(Keyring(), bytes.fromhex(asked["id"]) + bytes(28))
    proof = Some(
        log_index=int(index.split(" ")[1]),
        tree_size=checkpoint.checkpoint.log_size,
        hashes=[base64.b64decode(h) for h in hashes.split()],
        root_hash=bytes.fromhex(checkpoint.checkpoint.log_hash),
    )
    verify_merkle_inclusion(Some(_inner=Some(inclusion_proof=proof, canonicalized_body=body)))


said = []
for text in asked["receipts"]:
    try:
        check(text)
        said.append("good")
    except Exception as fault:
        said.append(type(fault).__name__)
json.dump(said, sys.stdout)
"""


@pytest.fixture(scope="module")
def outsider():
    python = os.environ.get("CHIKAI_TEST_SIGSTORE")
    if not python:
        pytest.skip("NOT TESTED against sigstore: CHIKAI_TEST_SIGSTORE names no Python that has it")

    def ask(receipts):
        asked = {
            "public": base64.b64encode(SIGNER.key.public).decode(),
            "id": SIGNER.key.id.hex(),
            "receipts": receipts,
        }
        done = subprocess.run(
            [python, "-c", OUTSIDER],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


@pytest.mark.parametrize("size", [1, 2, 3, 7, 255, 256, 257, 700])
def test_an_outsider_accepts_our_receipts(outsider, size):
    made = ledger(size)
    picked = sorted({0, size // 3, size // 2, size - 1})
    assert outsider([made.receipt(i).write() for i in picked]) == ["good"] * len(picked)


def test_an_outsider_refuses_what_we_refuse(outsider):
    text = ledger(300).receipt(100).write()
    line = text.split("\n")[5]
    bent = [
        text.replace("index 100", "index 101"),
        text.replace(line, base64.b64encode(bytes(32)).decode()),
        text.replace(line + "\n", ""),
        text.replace("\n300\n", "\n301\n"),
    ]
    assert "good" not in outsider(bent)
