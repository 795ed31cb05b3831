"""Reading JSON that came from outside: each value with its type, or BadInput.

`what` names the place in the message; the value itself is never printed, since it may be a person's key.
"""

from __future__ import annotations

import json
from datetime import datetime

from chikai.errors import BadInput

_DO = "take the file again from where it was made"


def parsed(data: bytes | str, what: str) -> dict[str, object]:
    """The object that a JSON text holds."""
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        raise BadInput(f"{what} is not JSON", _DO) from None
    return an_object(value, what)


def an_object(value: object, what: str) -> dict[str, object]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise BadInput(f"{what} is not an object", _DO)
    return {str(name): inner for name, inner in value.items()}


def a_list(value: object, what: str) -> list[object]:
    """A JSON array."""
    if not isinstance(value, list | tuple):
        raise BadInput(f"{what} is not a list", _DO)
    return list(value)


def text(value: object, what: str) -> str:
    """A JSON string."""
    if not isinstance(value, str):
        raise BadInput(f"{what} is not text", _DO)
    return value


def texts(value: object, what: str) -> tuple[str, ...]:
    """An array of strings."""
    return tuple(text(inner, what) for inner in a_list(value, what))


def number(value: object, what: str) -> int:
    """A whole number that is not negative."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadInput(f"{what} is not a whole number", _DO)
    return value


def numbers(value: object, what: str) -> tuple[int, ...]:
    """An array of whole numbers."""
    return tuple(number(inner, what) for inner in a_list(value, what))


def flag(value: object, what: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadInput(f"{what} is neither true nor false", _DO)
    return value


def moment(value: object, what: str) -> datetime:
    """An aware moment in ISO form."""
    try:
        found = datetime.fromisoformat(text(value, what))
    except ValueError:
        raise BadInput(f"{what} is no moment", _DO) from None
    if found.tzinfo is None:
        raise BadInput(f"{what} has no time zone", _DO)
    return found


def bits(value: object, what: str) -> int:
    """The integer whose bits an array lists."""
    found = 0
    for bit in numbers(value, what):
        if bit >= 2**20:
            raise BadInput(f"{what} holds a bit that no registry gives", _DO)
        found |= 1 << bit
    return found


def bits_in(integer: int) -> tuple[int, ...]:
    """The bits that an integer has, in order."""
    return tuple(n for n in range(integer.bit_length()) if integer >> n & 1)
