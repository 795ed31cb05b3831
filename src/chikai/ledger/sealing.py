"""Keys at work: sealing a payload, committing to it, and opening it again.

A commitment is HMAC-SHA256 under 32 random bytes, so an entry says nothing about its payload until both are shown. A
sealed payload is AES-256-GCM with a random 96-bit nonce; `context` says where it belongs, and opening it anywhere else
fails.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chikai.errors import Tampered

NONCE: Final = 12
BLIND: Final = 32


def blind() -> bytes:
    """Fresh randomness for one commitment."""
    return secrets.token_bytes(BLIND)


def commit(blinding: bytes, payload: bytes) -> bytes:
    """The commitment to a payload: 32 bytes."""
    return hmac.new(blinding, payload, hashlib.sha256).digest()


def seal(key: bytes, payload: bytes, context: str) -> bytes:
    """Nonce and ciphertext of a payload under a 256-bit key."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, payload, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """The payload again; Tampered when the key, the context or a byte is another."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
    except InvalidTag:
        raise Tampered(f"the sealed payload at `{context}` does not open", "restore it") from None
