"""Tables that no key links to a person: do they speak of one, and by what is that person known?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chikai.sources import columns, names
from chikai.sources.catalogue import Table
from chikai.sources.map import Edge
from chikai.sources.persons import Known
from chikai.sources.places import Place


def speaks_of_person(strong: Mapping[str, str], *, impersonal: bool) -> bool:
    """Whether personal columns are enough to call a row a person's; of a shop or a template more is asked."""
    held = set(strong.values())
    if not impersonal:
        return bool(held - {"contact", "photo", "address", "cookie_id"})
    told = {"name", "kana", "email", "phone", "address", "postal_code", "birth_date", "gender"}
    return bool(held & {"name", "kana"}) and len(held & told) > 1


def lost(facts: Known, table: str) -> str:
    """Why a table that nothing leads from may not be called nobody's, in a sentence; empty where it may."""
    if _opens_something(facts, table):
        return "it holds secrets of persons, and nothing says whose"
    if _written_freely(facts, table):
        return "it holds free text that somebody wrote, and nothing says who"
    return ""


_WRITTEN: Final = (
    "message",
    "content",
    "note",
    "attendance",
    "profile",
    "membership",
    "log",
    "booking",
)


def _written_freely(facts: Known, table: str) -> bool:
    about = facts.atlas.subjects[table]
    if not about.about(*_WRITTEN) or about.about("template", "master", "settings", "shared"):
        return False
    for column in facts.atlas.catalogue.by_name[table].columns:
        told = columns.sense(column.name, facts.atlas.columns[table])
        free = told.sure in _FREE or bool(told.whole & _FREE)
        free = free and told.words[-1] not in _TOLD
        long = column.type == "text" and (column.length or 10000) > 100
        if free and long and not told.head:
            return True
    return False


# What somebody wrote about a thing, and not about or as a person.
_TOLD: Final = frozenset(
    "description summary info detail details purpose instructions keywords headline".split()
)
_FREE: Final = frozenset({"free_text", "message"})


def _opens_something(facts: Known, table: str) -> bool:
    """Whether a table of sessions or tokens holds what opens an account, so that somebody must say whose it is."""
    if facts.atlas.subjects[table].themes != {"credential"}:
        return False
    held = set(facts.kinds[table].values())
    words = {
        names.words(c.name)
        for c in facts.atlas.catalogue.by_name[table].columns
        if c.type in ("text", "bytes")
    }
    return "credential" in held or ("session", "id") in words


def natural(
    facts: Known,
    candidates: tuple[str, ...],
    placed: Mapping[str, Place],
    table: Table,
    strong: Mapping[str, str],
) -> tuple[Edge, str] | None:
    """An edge by equal address or login, where no key links the tables."""
    known = [name for name, place in placed.items() if place.identity is not None]
    known.sort(key=lambda name: candidates.index(name) if name in candidates else 99)
    for wanted, what in (("email", "address"), ("nickname", "login"), ("cookie_id", "cookie")):
        column = next(
            (c for c, k in strong.items() if k == wanted and "display" not in names.words(c)), ""
        )
        for person in known:
            if wanted != "cookie_id" and person not in candidates:
                continue
            if not column or person == table.name:
                continue
            place = placed[person].identity
            other = next((c for c, k in facts.kinds[person].items() if k == wanted), "")
            if place and other:
                return Edge((column,), person, (other,)), what
    return None
