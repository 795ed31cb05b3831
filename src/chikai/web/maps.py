"""The maps that plans were made for: found by their digest, and parsed once in a process.

Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chikai.errors import WrongState
from chikai.sources import maptext
from chikai.web.models import MapEdition

if TYPE_CHECKING:
    from chikai.sources.map import Map

_maps: dict[tuple[str, str], Map] = {}  # by source and digest: a map never changes


def map_named(name: str, digest: str) -> Map:
    """A map of a source that is, or was, in force."""
    if (name, digest) not in _maps:
        # What another release has read from the same text may have another digest, so the editions are read anew.
        for row in MapEdition.objects.filter(source=name).order_by("-id"):
            made = maptext.parse(row.text, where=f"map of `{name}`")
            _maps[name, row.digest] = _maps[name, made.digest] = made
            if digest in (row.digest, made.digest):
                break
    if (name, digest) not in _maps:
        raise WrongState(f"the map of `{name}` is gone that the plan says", "plan it again", name)
    return _maps[name, digest]
