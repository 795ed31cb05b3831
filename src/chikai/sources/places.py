"""Where a table is placed: whose its rows are, by which edges, how sure we are, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chikai.sources.map import Edge, Identity, Whose


@dataclass(frozen=True, slots=True)
class Place:
    """Whose the rows of a table are, how they are reached, how sure we are, and why in a sentence."""

    whose: Whose
    edges: tuple[Edge, ...] = ()
    identity: Identity | None = None
    confidence: float = 0.8
    because: str = ""


def without_circles(placed: Mapping[str, Place]) -> dict[str, Place]:
    """The same places without edges that lead back to where they start: no row is somebody's because it is that person's."""
    out = dict(placed)
    for name, here in placed.items():
        kept = tuple(edge for edge in here.edges if not _leads(out, edge.table, name))
        if kept == here.edges:
            continue
        if here.identity is not None or kept:
            out[name] = replace(here, edges=kept)
        else:
            out[name] = Place(
                "unknown", (), None, 0.3, "its edges lead in a circle and reach no person"
            )
    return out


def _leads(placed: Mapping[str, Place], start: str, goal: str) -> bool:
    todo, seen = [start], set[str]()
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            todo.extend(edge.table for edge in placed[name].edges)
    return False
