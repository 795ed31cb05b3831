"""What each kind of request needs once it is approved: a letter and a package, or switches that are turned.

A stop names the same units as the settings page, so that a request and a press end in one state. Stopping provision takes
agreements back and stops purposes that are provision themselves; whoever works for us by contract is no third party, so
nothing of theirs is stopped by it.

Clauses: 5, 6.
Law: APPI Art. 27(1), APPI Art. 27(5), APPI Art. 32(2), APPI Art. 33(5), APPI Art. 35(3), APPI Art. 35(5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chikai.choices.registry import units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chikai.policy.document import Document, Recipient

PACKAGED: Final = ("disclose", "notify_purpose", "disclose_records")
SWITCHED: Final = ("suspend", "stop_provision")
# What is asked of every place for a request; corrections ask only where the person points at something.
ASKED: Final = {"disclose": "read", "notify_purpose": "tally", "erase": "count"}
MADE: Final = ("pdf", "package")  # files that open no place


def made_for(kind: str) -> tuple[str, ...]:
    """What is made for an approved request of this kind, in its order."""
    return MADE if kind in PACKAGED else ()


def stops_of(kind: str, policy: Document, asked: Mapping[str, str]) -> tuple[str, ...]:
    """The units of the settings that a request stops; empty where nothing of it can be stopped by a switch."""
    if kind == "suspend":
        return _suspended(policy, asked.get("items", ""))
    if kind == "stop_provision":
        return _provided(policy, asked.get("recipients", ""))
    return ()


def _suspended(policy: Document, item: str) -> tuple[str, ...]:
    if not item:
        return ("everything",)
    used = {refs for unit, refs in units(policy) if unit == "item"}
    return (f"item:{item}",) if (item,) in used else ()


def _provided(policy: Document, recipient: str) -> tuple[str, ...]:
    named = recipients_of(policy, recipient)
    third = {p.id for p in policy.purposes if p.third_party and p.stop != "law"}
    serves = {purpose for row in named for purpose in row.purposes}
    asked = third & serves if recipient else third
    found = [
        f"consent:{'/'.join(refs)}"
        for unit, refs in units(policy)
        if unit == "consent" and refs[0] in {row.id for row in named}
    ]
    return (*found, *(f"purpose:{p.id}" for p in policy.purposes if p.id in asked))


def recipients_of(policy: Document, recipient: str) -> tuple[Recipient, ...]:
    """The recipients that a request is about: the one that was named, or all."""
    return tuple(row for row in policy.recipients if recipient in ("", row.id))
