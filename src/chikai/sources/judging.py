"""What sort of rows a table holds: a list that staff keep, the shared work of a team, or what persons did.

These are judgements by name and by neighbouring tables; `whose` asks them in its order of preference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chikai.sources import columns, names
from chikai.sources.atlas import Atlas
from chikai.sources.paths import Link

_OWN: Final = (
    "content",
    "message",
    "commerce",
    "booking",
    "log",
    "note",
    "membership",
    "identity",
    "profile",
    "attendance",
    "credential",
    "address",
)


@dataclass(frozen=True, slots=True)
class Judge:
    """The names, links and identity tables by which tables are judged; `identities` may still shrink."""

    atlas: Atlas
    links: Mapping[str, tuple[Link, ...]]
    identities: set[str]

    def is_list(self, name: str) -> bool:
        """Whether a table is a list that staff keep: a master by its name, or ordered and switched on by hand."""
        about = self.atlas.subjects[name]
        if about.about("master", "organisation", "template", "settings") and not about.about(
            "content", "shared", "message"
        ):
            return True
        held = {names.words(c.name) for c in self.atlas.catalogue.by_name[name].columns}
        return about.about("commerce") and bool(
            held & {("sort", "no"), ("position",), ("visible",), ("sort", "order")}
        )

    def is_master(self, name: str, actors: list[Link]) -> bool:
        """Whether a list of things stays nobody's although it names a person: a product and its vendor."""
        about = self.atlas.subjects[name]
        if about.head in ("cron", "job", "queue", "migration", "translation"):
            return True
        if about.about("master") and all(link.edge.when is not None for link in actors):
            return True
        key = set(self.atlas.catalogue.by_name[name].primary_key)
        if len(key) > 1 and any(key & set(link.edge.columns) for link in actors):
            return False  # the row joins a person and a thing
        if self.bears_name(name, actors):
            return False  # `contact_inboxes` are about contacts, whatever inboxes are
        if about.about("organisation") and not about.about("identity"):
            return not any(link.words[-1:] in (("owner",), ("user",)) for link in actors)
        if not about.about("master") or about.about(
            "content",
            "commerce",
            "log",
            "membership",
            "settings",
            "message",
            "profile",
            "credential",
        ):
            return False
        return not any(
            link.words[-1:]
            in (
                ("user",),
                ("owner",),
                ("member",),
                ("customer",),
                ("account",),
                ("person",),
                ("uid",),
            )
            for link in actors
        )

    def is_shared(self, name: str, owners: list[Link], later: list[Link]) -> bool:
        """Whether several people work on such a row, so that the work outlives its author."""
        about = self.atlas.subjects[name]
        if len(owners) > 1 and any(link.role == "other" for link in owners):
            return False
        if about.about("shared"):
            few = len(self.atlas.catalogue.by_name[name].columns) <= 6
            return not (few and self.bears_name(name, owners))
        if about.about("organisation"):
            return not self.bears_name(name, owners)
        # Work that others change after its maker, and that is no remark of one person.
        made = all(link.role == "creator" for link in owners)
        changed = any(link.words[:1] == ("updated",) for link in later)
        if made and changed and not about.about(*_OWN):
            return True
        if not about.about("maybe shared"):
            return False
        if any(
            (link.words and link.words[-1] == "assigned") or "assignee" in link.words
            for link in later
        ) or self.has_members(name):
            return True
        teams = [
            link
            for link in self.links[name]
            if self.atlas.subjects[link.edge.table].about("shared")
        ]
        return bool(teams)

    def bears_name(self, name: str, links: list[Link]) -> bool:
        """Whether a table's name begins with that of a person's table to which it points."""
        about = self.atlas.subjects[name].words
        heads = [self.atlas.subjects[link.edge.table].words for link in links]
        return any(
            (about[: len(head)] == head and len(about) > len(head))
            or (head[-1:] == about[:1] and len(about) > 1)
            for head in heads
        )

    def has_members(self, name: str) -> bool:
        """Whether a join table of this table and of persons exists: members, collaborators, assignees."""
        for other, links in self.links.items():
            at = {link.edge.table for link in links}
            table = self.atlas.catalogue.by_name[other]
            if (
                name in at
                and at & self.identities
                and len(table.columns) <= 6
                and self.atlas.subjects[other].about("membership")
            ):
                return True
        return False

    def _has_text(self, name: str) -> bool:
        return any(
            column.type in ("text", "json")
            and {"content", "free_text"}
            & columns.sense(column.name, self.atlas.columns[name]).whole
            and names.words(column.name)[-1:] not in (("name",), ("note",), ("slug",))
            for column in self.atlas.catalogue.by_name[name].columns
        )

    def is_act(self, name: str) -> bool:
        """Whether rows of this kind are something that a person did or wrote."""
        about = self.atlas.subjects[name]
        if about.about("shared") and not self._has_text(name):
            return False  # a group that has but a name
        return self.atlas.subjects[name].about(
            "log",
            "content",
            "message",
            "commerce",
            "note",
            "attendance",
            "membership",
            "shared",
            "maybe shared",
            "profile",
            "credential",
            "booking",
        )
