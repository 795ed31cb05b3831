"""A published edition read back from its canonical bytes: the same document, whatever the files say today.

Clauses: 8.
"""

from __future__ import annotations

import dataclasses
import json
import types
from datetime import date
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from chikai.errors import Tampered
from chikai.policy.document import Document


def document(canonical: bytes) -> Document:
    """The document of canonical bytes; Tampered when these are not the bytes of any document of this format."""
    try:
        found = _value(Document, json.loads(canonical))
    except (ValueError, TypeError, KeyError) as fault:
        raise Tampered("the stored edition is not a document of this format") from fault
    if not isinstance(found, Document) or found.bytes != canonical:
        raise Tampered("the stored edition does not give its own bytes again", "restore it")
    return found


def _value(kind: Any, value: Any) -> Any:
    """A plain value as the type that a field declares."""
    if isinstance(kind, NewType):
        return _value(kind.__supertype__, value)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _value(args[0], value)
    if origin is Literal:
        if value not in args:
            raise ValueError(f"not one of {args}")
        return value
    if origin is tuple:
        return tuple(_value(args[0], inner) for inner in value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        if set(value) != set(hints):
            raise ValueError(f"the fields of {kind.__name__} differ")
        return kind(**{name: _value(hints[name], value[name]) for name in hints})
    if kind is date:
        return date.fromisoformat(value)
    if type(value) is not kind:
        raise TypeError(f"{kind} expected")
    return value
