"""What each kind of request asks of the person: at most these fields, and nothing that the answer does not need.

A stop asks two things at the most, and by a setting none. Everything else is worked out here or asked back in words.
More would be a burden that Art. 37(4) forbids; a copy of a paper is asked for by no kind.

Clauses: 5, 6.
Law: APPI Art. 32(2), APPI Art. 33(1), APPI Art. 33(5), APPI Art. 34(1), APPI Art. 35(1), APPI Art. 37(4), APPI Art. 38(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from chikai.errors import BadInput, WrongState

# items: which data items. services: of which services. wrong, right: what stands there, and what should. reason: which
# ground of Art. 35. form: how the answer is wanted. recipients: provision to whom. note: in the person's own words.
Field = Literal["items", "services", "wrong", "right", "reason", "form", "recipients", "note"]


@dataclass(frozen=True, slots=True)
class Asking:
    """One kind of request: its article, the fields of its form, and whether the Act lets a fee be charged for it."""

    kind: str
    cite: str
    fields: tuple[Field, ...]
    fee: bool = False


ASKING: Final[dict[str, Asking]] = {
    asking.kind: asking
    for asking in (
        Asking("notify_purpose", "APPI Art. 32(2)", ("note",), fee=True),
        Asking("disclose", "APPI Art. 33(1)", ("form", "note"), fee=True),
        Asking("disclose_records", "APPI Art. 33(5)", ("form", "note"), fee=True),
        Asking("correct", "APPI Art. 34(1)", ("items", "wrong", "right")),
        Asking("add", "APPI Art. 34(1)", ("items", "right")),
        Asking("delete", "APPI Art. 34(1)", ("items", "wrong")),
        Asking("suspend", "APPI Art. 35(1)", ("items", "reason")),
        Asking("erase", "APPI Art. 35(1)", ("services", "reason")),
        Asking("stop_provision", "APPI Art. 35(3)", ("recipients", "reason")),
    )
}
MOST: Final = 3
MOST_FOR_A_STOP: Final = 2
STOPS: Final = ("suspend", "erase", "stop_provision")
LONGEST: Final = 4000
FORMS: Final = ("file", "paper")


def asking(kind: str) -> Asking:
    """What a kind asks; BadInput for a kind that no law and no policy knows."""
    found = ASKING.get(kind)
    if found is None:
        raise BadInput("this is no request that we know", "choose one of the policy's rights")
    return found


def fee_of(kind: str, yen: int) -> int:
    """The fee for a kind; WrongState where Art. 38(1) lets nobody charge one."""
    if yen and not asking(kind).fee:
        raise WrongState(
            f"no fee may be charged for `{kind}`",
            "take `fee_yen` out of that right of the policy (APPI Art. 38(1))",
        )
    return yen


def checked(kind: str, given: dict[str, str]) -> dict[str, str]:
    """What a person filled in, without spaces around it and without empty fields; BadInput for a field that the kind
    does not ask, or for words that are too long. Correcting needs the right words, deleting the wrong ones.
    """
    known = asking(kind).fields
    kept = {name: text.strip() for name, text in given.items() if text.strip()}
    strange = sorted(set(kept) - set(known))
    if strange:
        raise BadInput(f"`{kind}` does not ask for `{strange[0]}`", "leave that field out")
    if any(len(text) > LONGEST for text in kept.values()):
        raise BadInput(f"a field is longer than {LONGEST} signs", "say it more briefly")
    if kept.get("form", "file") not in FORMS:
        raise BadInput("this is no form of an answer", f"name one of {', '.join(FORMS)}")
    for needed in ("wrong", "right"):
        if needed in known and needed not in kept and kind in ("correct", "add", "delete"):
            what = "what should stand there" if needed == "right" else "what is wrong"
            raise BadInput(f"the request does not say {what}", "fill in that field")
    return kept
