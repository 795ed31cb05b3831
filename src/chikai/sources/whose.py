"""Whose each row is, and by which edge: the rules of preference, in the order in which they are asked.

1. An identity table is one whose name and columns are of persons: an address, a login, a password, a person's name.
2. A row belongs to whom its actor column names (author, owner, customer); to both persons of one act (sender and
   recipient); a second identity table that only handles the row (staff, assignee, editor) does not own it.
3. Who entered the row owns it only where no actor stands, and never in a master table (products, settings, roles).
4. Work that a team edits (documents, projects, boards) is `shared`: its author is replaced, the work stands.
5. A row that names nobody belongs to the row it is part of: order lines to their order.
6. A row that others point at (an address, a profile) belongs to the rows that point at it, or shares an address,
   or is a person of its own (a newsletter, a contact form).
7. What still holds personal columns is `unknown`, an error by name; all else is nobody's.

`customer` is never guessed: no name of a column tells a contract.

Clauses: 2.2, 5.
Law: APPI Art. 33(1), APPI Art. 34(1), APPI Art. 35(1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from chikai.sources import detect, names, paths
from chikai.sources.catalogue import Column, Table
from chikai.sources.map import Edge, Identity, Whose
from chikai.sources.paths import Atlas, Link
from chikai.sources.themes import BODIES, OUTSIDERS, STAFF, SUBJECTS

# Kinds that make a row personal wherever they stand; a person's row may hold many more.
STRONG: Final = frozenset(
    "name kana nickname birth_date gender email phone postal_code address card_number bank ip mynumber id_document "
    "health special_care contact photo user_agent cookie_id".split()
)
_PROOF: Final = frozenset({"email", "name", "kana", "nickname", "phone"})
# Tables whose addresses are those of a shop, a template or a system, not of a person.
_IMPERSONAL: Final = ("organisation", "template", "master", "settings", "shared", "maybe shared")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose the rows of a table are, how they are reached, how sure we are, and why in a sentence."""

    whose: Whose
    edges: tuple[Edge, ...] = ()
    identity: Identity | None = None
    confidence: float = 0.8
    because: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of every table before it is placed: kinds that names or values prove."""

    atlas: Atlas
    kinds: Mapping[str, Mapping[str, str]]

    def strong(self, table: str) -> dict[str, str]:
        """The columns of a table that hold something of a person whatever the table is, with their kinds."""
        thing = self.atlas.subjects[table].about(*_IMPERSONAL) and not self.atlas.subjects[table].about("identity")
        found = {c: k for c, k in self.kinds[table].items() if k in STRONG}
        # An address from which the service itself writes is not a person's.
        if not self.atlas.subjects[table].about("message", "log", "identity", "commerce"):
            found = {c: k for c, k in found.items() if not {"sender", "support", "noreply"} & set(names.words(c))}
        # A course has a full name too, and a role a display name.
        return {c: k for c, k in found.items() if not (thing and names.words(c)[:1] in (("full",), ("display",)))}


def known(atlas: Atlas, seen: Mapping[str, Mapping[str, str]] | None = None) -> Known:
    """Read each column by itself; `seen` are kinds that sampled values prove."""
    kinds: dict[str, dict[str, str]] = {}
    for table in atlas.catalogue.tables:
        found = {c.name: detect.says(c, atlas.columns[table.name], atlas.subjects[table.name].words)[0] for c in table.columns}
        if seen:
            found.update(seen.get(table.name, {}))
        kinds[table.name] = {column: kind for column, kind in found.items() if kind}
    return Known(atlas, kinds)


def score(facts: Known, table: Table) -> float:
    """How much a table looks like one of persons; 0 is not at all, 4 and more is."""
    about = facts.atlas.subjects[table.name]
    held = set(facts.kinds[table.name].values())
    named = _plain_name(table, about.head, facts.atlas)
    proof = len(held & _PROOF) + named
    login = "credential" in held and {"email", "nickname"} & held and {"name", "email"} & held
    if not (about.about("identity") or (login and about.about("profile"))) or not proof:
        return 0.0
    body = about.head in BODIES
    if body and not (held & {"email", "nickname", "credential"} or _first_and_last(facts, table)):
        return 0.0
    password = any(
        kind == "credential" and "password" in names.words(column)
        for column, kind in facts.kinds[table.name].items()
    )
    # An account without a login is a customer of the service or a ledger account, not a person.
    if about.head in ("account", "login", "identity") and not (
        password or "nickname" in held or {"email", "name"} <= held
    ):
        return 0.0
    points = 3.0 * password + 3.0 * ("email" in held) + 2.0 * ("nickname" in held)
    points += 2.0 * bool(held & {"name", "kana"} or named) + 1.0 * ("phone" in held)
    if about.head in ("user", "member", "customer", "person", "account"):
        points += 2.0
    if about.head == "user" and len(about.words) <= 2:
        points += 2.0
    if body or about.words[-2:-1] in (("group",), ("role",)):
        points -= 1.0
    return points + 1.0


def _plain_name(table: Table, head: str, atlas: Atlas) -> bool:
    """Whether the table has a bare `name`, which in a table of persons is a person's."""
    prefix = atlas.columns[table.name]
    return head not in BODIES and any(
        names.words(names.without_prefix(c.name, prefix)) in (("name",), (head, "name")) and c.type == "text"
        for c in table.columns
    )


def _first_and_last(facts: Known, table: Table) -> bool:
    return any(kind in ("name", "kana") for kind in facts.kinds[table.name].values())


def persons(facts: Known) -> tuple[str, ...]:
    """The candidates for identity tables, the chief one first."""
    scored = [(score(facts, table), table.name) for table in facts.atlas.catalogue.tables]
    return tuple(name for points, name in sorted(scored, key=lambda p: (-p[0], len(p[1]), p[1])) if points >= 3)


def study(facts: Known) -> tuple[tuple[str, ...], dict[str, tuple[Link, ...]]]:
    """The identity tables, the personas that stand for them (an actor of a user), and every link read with both."""
    people = persons(facts)
    found = paths.links(facts.atlas, people)
    more = tuple(
        table.name
        for table in facts.atlas.catalogue.tables
        if table.name not in people
        and facts.atlas.subjects[table.name].about("identity")
        and any(l.role == "actor" and l.confidence >= 0.55 and l.edge.table in people and l.edge.when is None for l in found[table.name])
    )
    return people + more, paths.links(facts.atlas, people + more) if more else found


class _Places:
    """The tables while they are being placed; each rule adds to `placed`."""

    def __init__(self, facts: Known, candidates: tuple[str, ...], links: Mapping[str, tuple[Link, ...]]) -> None:
        self.facts = facts
        self.atlas = facts.atlas
        self.links = {table: tuple(paths.by_column(found).values()) for table, found in links.items()}
        self.candidates = candidates
        self.identities: set[str] = {c for c in candidates if score(facts, self.atlas.catalogue.by_name[c]) >= 3}
        self.placed: dict[str, Place] = {}

    def run(self) -> dict[str, Place]:
        """Apply the rules in order."""
        self._settle_identities()
        order = [t.name for t in self.atlas.catalogue.tables if t.name not in self.placed]
        for name in order:
            self._by_actor(name)
        self._by_parent([name for name in order if not self._made_here(name)])
        for name in order:
            self._by_maker(name)
        self._by_parent(order)
        self._by_referrers(order)
        self._by_parent(order)
        self._by_itself(order)
        self._by_parent(order)
        for name in order:
            self.placed.setdefault(name, self._nobody(name))
        self._open_circles()
        return self.placed

    def _open_circles(self) -> None:
        """Drop edges that lead back to where they start: a row is not somebody's because it is that person's."""
        for name in list(self.placed):
            here = self.placed[name]
            kept = tuple(edge for edge in here.edges if not self._leads(edge.table, name))
            if kept != here.edges:
                held = here.identity is not None or kept
                self.placed[name] = replace(here, edges=kept) if held else Place(
                    "unknown", (), None, 0.3, "its edges lead in a circle and reach no person"
                )

    def _leads(self, start: str, goal: str) -> bool:
        todo, seen = [start], set()
        while todo:
            name = todo.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                todo.extend(edge.table for edge in self.placed[name].edges)
        return False

    # Rule 1
    def _settle_identities(self) -> None:
        """Of identity tables that point at each other, one is the person and the other a part of it."""
        for name in self.candidates:
            for link in self.links[name]:
                target = link.edge.table
                if target == name or target not in self.identities or name not in self.identities:
                    continue
                if link.role in ("second", "creator", "other") or self._stands_alone(name, link):
                    continue
                self._fold(name, link)
        for name in self.candidates:
            if name not in self.identities and name not in self.placed:
                actors = (l for l in self.links[name] if l.role == "actor" and l.edge.table in self.candidates)
                link = next((l for l in actors if l.edge.table != name), None)
                if link is not None:
                    self.placed[name] = Place("person", (link.edge,), None, 0.8, f"each row stands for one row of `{link.edge.table}`")
        for name in self.candidates:
            if name in self.identities:
                table = self.atlas.catalogue.by_name[name]
                self.placed[name] = Place(
                    "person", (), identity(self.facts, table), 0.9, "its rows are persons: its name and columns say so"
                )

    def _stands_alone(self, name: str, link: Link) -> bool:
        """Whether a row with a link to another person is still a person of its own, such as a contact."""
        table = self.atlas.catalogue.by_name[name]
        unique = link.edge.columns in (table.primary_key, *table.unique)
        own = set(self.facts.kinds[name].values())
        about = self.atlas.subjects[name]
        outsider = bool(set(about.words) & OUTSIDERS) and bool(own & {"email", "name", "phone", "kana"})
        if unique:
            return False
        about_them = link.words[-1:] not in (("user",), ("owner",), ("account",), ("created",)) and link.confidence >= 0.8
        return (outsider and not about_them) or link.confidence < 0.6 or (about.head in SUBJECTS and "email" in own and "user" in link.words)

    def _fold(self, name: str, link: Link) -> None:
        target = link.edge.table
        mine, other = self.facts.kinds[name].values(), self.facts.kinds[target].values()
        if "email" in mine and "email" not in other:
            back = Edge(link.edge.to, name, link.edge.columns)
            self.identities.discard(target)
            self.placed[target] = Place(
                "person", (back,), None, 0.75, f"each row is the person of the row of `{name}` that points at it"
            )
            return
        self.identities.discard(name)
        self.placed[name] = Place("person", (link.edge,), None, 0.85, f"each row is about one row of `{target}`")

    # Rules 2 to 4
    def _by_actor(self, name: str) -> None:
        """Place a table that names a person itself."""
        about = self.atlas.subjects[name]
        if name in self.placed:
            return
        links = self._person_links(name)
        actors = self._owners(name, [l for l in links if l.role in ("actor", "other")])
        later = [l for l in links if l.role == "second"]
        if actors and not self._is_master(name, actors):
            whose: Whose = "shared" if self._is_shared(name, actors, later) else "person"
            said = ", ".join(f"`{', '.join(l.edge.columns)}`" for l in actors)
            self.placed[name] = Place(
                whose, tuple(l.edge for l in actors), None, min(l.confidence for l in actors), f"{said} names whose the row is"
            )

    def _person_links(self, name: str) -> list[Link]:
        return [l for l in self.links[name] if self._is_person(l.edge.table) and l.edge.table != name]

    def _made_here(self, name: str) -> bool:
        """Whether a table says who entered its rows, and no parent of another person's row stands above that."""
        makers = {l.edge.table for l in self._person_links(name) if l.role == "creator"}
        parents = [l for l in self.links[name] if l.role == "part" and self._is_personal_parent(l.edge.table)]
        return bool(makers) and not any(self._root(l.edge.table) not in makers for l in parents)

    def _root(self, table: str) -> str:
        """The identity table at the end of the first edges."""
        for _ in range(12):
            place = self.placed.get(table)
            if place is None or not place.edges:
                return table
            table = place.edges[0].table
        return table

    def _by_maker(self, name: str) -> None:
        """Place a table that says only who entered or handled its rows."""
        if name in self.placed:
            return
        about = self.atlas.subjects[name]
        links = self._person_links(name)
        makers = [l for l in links if l.role == "creator"]
        later = [l for l in links if l.role == "second"]
        if self._is_list(name):
            return
        if makers and not self._part_of(name):
            whose: Whose
            whose = "shared" if self._is_shared(name, makers, later) else "person"
            self.placed[name] = Place(
                whose, (makers[0].edge,), None, makers[0].confidence * 0.85,
                f"`{', '.join(makers[0].edge.columns)}` names who made the row, and nothing else names a person",
            )
        elif later and not makers and not self._part_of(name) and self._is_act(name):
            self.placed[name] = Place(
                "shared" if about.about("shared", "maybe shared") else "person", (later[0].edge,), None, 0.5,
                f"only `{', '.join(later[0].edge.columns)}` names a person",
            )

    def _is_person(self, table: str) -> bool:
        return table in self.identities or (table in self.candidates and table in self.placed)

    def _is_list(self, name: str) -> bool:
        """Whether a table is a list that staff keep: a master by its name, or ordered and switched on by hand."""
        about = self.atlas.subjects[name]
        if about.about("master", "organisation", "template", "settings") and not about.about("content", "shared", "message"):
            return True
        columns = {names.words(c.name) for c in self.atlas.catalogue.by_name[name].columns}
        return about.about("commerce") and bool(columns & {("sort", "no"), ("position",), ("visible",), ("sort", "order")})

    def _owners(self, name: str, actors: list[Link]) -> list[Link]:
        """The links that own the row: the subject before the staff, both persons of one act, no weak doubles."""
        if len(actors) < 2:
            return actors
        clear = [l for l in actors if l.confidence >= 0.6] or actors
        tables = {l.edge.table for l in clear}
        if len(tables) > 1:
            subjects = [l for l in clear if set(self.atlas.subjects[l.edge.table].words) & SUBJECTS]
            outside = [l for l in clear if not set(self.atlas.subjects[l.edge.table].words) & STAFF]
            clear = subjects or outside or clear
        first = [l for l in clear if l.role == "actor"]
        others = [l for l in clear if l.role == "other"]
        chief = [l for l in first if l.words in (("user",), ("customer",), ("member",), ("account",), ("user", "uid"))]
        if chief and (not others or self.atlas.subjects[name].about("log")):
            return chief[:1]
        return first + others

    def _is_master(self, name: str, actors: list[Link]) -> bool:
        """Whether a list of things stays nobody's although it names a person: a product and its vendor."""
        about = self.atlas.subjects[name]
        if about.about("master") and all(l.edge.when is not None for l in actors):
            return True
        if self._bears_name(name, actors):
            return False  # `contact_inboxes` are about contacts, whatever inboxes are
        if about.about("organisation") and not about.about("identity"):
            return not any(l.words[-1:] in (("owner",), ("user",)) for l in actors)
        if not about.about("master") or about.about("content", "commerce", "log", "membership", "settings", "message", "profile", "credential"):
            return False
        return not any(l.words[-1:] in (("user",), ("owner",), ("member",), ("customer",), ("account",), ("person",), ("uid",)) for l in actors)

    def _is_shared(self, name: str, owners: list[Link], later: list[Link]) -> bool:
        """Whether several people work on such a row, so that the work outlives its author."""
        about = self.atlas.subjects[name]
        if len(owners) > 1 and any(l.role == "other" for l in owners):
            return False
        if about.about("shared"):
            return True
        if about.about("organisation"):
            return not self._bears_name(name, owners)
        if not about.about("maybe shared"):
            return False
        if any(l.words and l.words[-1] == "assigned" or "assignee" in l.words for l in later) or self._has_members(name):
            return True
        teams = [l for l in self.links[name] if self.atlas.subjects[l.edge.table].about("shared")]
        return bool(teams)


    def _bears_name(self, name: str, links: list[Link]) -> bool:
        """Whether a table's name begins with that of a person's table to which it points."""
        about = self.atlas.subjects[name].words
        heads = [self.atlas.subjects[l.edge.table].words for l in links]
        return any(about[: len(head)] == head and len(about) > len(head) for head in heads)

    def _has_members(self, name: str) -> bool:
        """Whether a join table of this table and of persons exists: members, collaborators, assignees."""
        for other, links in self.links.items():
            at = {l.edge.table for l in links}
            table = self.atlas.catalogue.by_name[other]
            if name in at and at & self.identities and len(table.columns) <= 6 and self.atlas.subjects[other].about("membership"):
                return True
        return False

    def _is_act(self, name: str) -> bool:
        """Whether rows of this kind are something that a person did or wrote."""
        return self.atlas.subjects[name].about("log", "content", "message", "commerce", "note", "attendance", "membership", "shared", "maybe shared")

    # Rule 5
    def _part_of(self, name: str) -> bool:
        about = self.atlas.subjects[name]
        for link in self.links[name]:
            head = self.atlas.subjects[link.edge.table].words
            if link.role == "part" and len(about.words) > len(head) and about.words[: len(head)] == head:
                return self._is_personal_parent(link.edge.table)
        return False

    def _is_personal_parent(self, table: str) -> bool:
        place = self.placed.get(table)
        return place is not None and place.whose == "person"

    def _by_parent(self, order: Iterable[str]) -> None:
        """Place tables that are part of a placed row, until nothing changes."""
        waiting = [name for name in order if name not in self.placed]
        moved = True
        while moved:
            moved = False
            ready = {}
            for name in waiting:
                parent = self._parent(name)
                if parent is not None:
                    ready[name] = parent
            for name, link in ready.items():
                self.placed[name] = Place(
                    "person", (link.edge,), None, 0.85 * link.confidence, f"each row is part of a row of `{link.edge.table}`"
                )
                moved = True
            waiting = [name for name in waiting if name not in self.placed]

    def _parent(self, name: str) -> Link | None:
        """The row that this one is part of: by name, then by being required, then the first."""
        about = self.atlas.subjects[name]
        table = self.atlas.catalogue.by_name[name]
        best: tuple[float, Link] | None = None
        for at, link in enumerate(self.links[name]):
            target = self.atlas.subjects[link.edge.table]
            if link.role != "part" or link.edge.table == name or not self._is_personal_parent(link.edge.table):
                continue
            named = self._named_after(name, link)
            required = all((c := table.column(x)) is not None and not c.nullable for x in link.edge.columns)
            keyed = bool(set(link.edge.columns) & set(table.primary_key))
            weak = bool(_LOOKUPS & set(link.words)) or target.about("address", "identity") or (target.about("content") and not named and link.words and link.words[-1] in ("file", "image", "upload", "photo", "attachment", "media"))
            if (weak or about.about("master", "organisation", "template") or about.about("shared")) and not (named or keyed):
                continue
            points = 4.0 * named + 1.0 * required + 1.5 * keyed + link.confidence - 0.01 * at - 1.0 * weak + (link.words == target.words)
            points += 0.5 * (not target.about("log", "credential"))
            if not named and not keyed and not required and not self._holds(name) and link.confidence < 0.7:
                continue
            if best is None or points > best[0]:
                best = (points, link)
        return best[1] if best else None

    def _named_after(self, name: str, link: Link) -> bool:
        words, head = self.atlas.subjects[name].words, self.atlas.subjects[link.edge.table].words
        return len(words) > len(head) and (words[: len(head)] == head or words[: 1] == head[-1:])

    def _holds(self, name: str) -> bool:
        """Whether a table holds columns that are personal whatever it is about."""
        return bool(self.facts.strong(name))

    # Rule 6
    def _by_referrers(self, order: Iterable[str]) -> None:
        """Place addresses and profiles that persons' rows point at."""
        back: dict[str, list[Link]] = defaultdict(list)
        for name, links in self.links.items():
            for link in links:
                back[link.edge.table].append(link)
        for name in order:
            about = self.atlas.subjects[name]
            if name in self.placed or not (self._holds(name) or about.about("address", "profile")):
                continue
            pointing = [
                l for l in back[name]
                if self._is_personal_parent(l.table) and l.table != name and l.edge.when is None
            ]
            held = set(self.facts.strong(name).values())
            body = about.about("organisation") and not held & {"name", "kana", "birth_date"}
            body = body or (about.head in BODIES and not held & {"name", "nickname", "kana"})
            if pointing and not body and (about.about("address", "profile", "identity") or "postal_code" in held):
                pointing.sort(key=lambda l: (l.table not in self.identities, -l.confidence))
                chief = [l for l in pointing if l.table in self.identities] or pointing
                edges = tuple(dict.fromkeys(Edge(l.edge.to, l.table, l.edge.columns) for l in chief))
                self.placed[name] = Place(
                    "person", edges, None, 0.7, f"rows of `{chief[0].table}` point at it, and it holds what is theirs"
                )

    def _by_itself(self, order: Iterable[str]) -> None:
        """Place what shares an address or a login with persons, or holds persons of its own."""
        for name in order:
            if name in self.placed:
                continue
            pairs = [l for l in self.links[name] if l.edge.when is not None]
            if pairs and not self.atlas.subjects[name].about("master"):
                self.placed[name] = Place("person", (pairs[0].edge,), None, 0.5, pairs[0].because)
                continue
            if not self._holds(name):
                continue
            held = set(self.facts.strong(name).values())
            if self.atlas.subjects[name].head in BODIES and not held & {"name", "nickname", "kana"}:
                continue
            table = self.atlas.catalogue.by_name[name]
            about = self.atlas.subjects[name]
            strong = self.facts.strong(name)
            own = identity(self.facts, table)
            named = bool(set(strong.values()) & {"name", "kana"})
            alone = bool(own.email) and (named or about.about("identity", "commerce"))
            natural = None if alone else self._natural(table, strong)
            impersonal = about.about(*_IMPERSONAL) and not about.about("identity", "message", "content", "log", "membership", "commerce", "credential")
            if natural is not None and not impersonal:
                edge, what = natural
                self.placed[name] = Place("person", (edge,), None, 0.65, f"it names the person by the same {what}")
            elif about.about("organisation") and not set(strong.values()) & {"name", "kana", "birth_date"}:
                continue
            elif not self._speaks_of_person(strong, impersonal):
                continue
            elif own.key and (own.email or own.name or own.phone):
                self.placed[name] = Place("person", (), own, 0.6, "its rows name persons of their own, whom no other table knows")
            elif not impersonal:
                self.placed[name] = Place("unknown", (), None, 0.3, "it holds personal columns, and nothing says whose")

    def _speaks_of_person(self, strong: Mapping[str, str], impersonal: bool) -> bool:
        held = set(strong.values())
        if impersonal:
            return bool(held & {"name", "kana"}) and len(held & {"name", "kana", "email", "phone", "address", "postal_code", "birth_date", "gender"}) > 1
        return bool(held - {"contact", "photo", "address", "cookie_id"})

    def _natural(self, table: Table, strong: Mapping[str, str]) -> tuple[Edge, str] | None:
        """An edge by equal address or login, where no key links the tables."""
        for wanted, what in (("email", "address"), ("nickname", "login")):
            column = next((c for c, k in strong.items() if k == wanted), "")
            for person in self.candidates:
                if not column or person not in self.identities or person == table.name:
                    continue
                place = self.placed[person].identity
                other = next((c for c, k in self.facts.kinds[person].items() if k == wanted), "")
                if place and other:
                    return Edge((column,), person, (other,)), what
        return None

    # Rule 7
    def _nobody(self, name: str) -> Place:
        return Place("none", (), None, 0.8, "it holds nothing personal and no row of a person leads to it")


_LOOKUPS: Final = frozenset(
    "default cover last latest first best current thumbnail image icon logo parent featured primary media banner avatar background top".split()
)


def identity(facts: Known, table: Table) -> Identity:
    """The columns of an identity table: key, address, proof that it is read, name, phone."""
    kinds = facts.kinds[table.name]
    prefix = facts.atlas.columns[table.name]

    def first(*wanted: str) -> str:
        for kind in wanted:
            for column in table.columns:
                if kinds.get(column.name) == kind:
                    return column.name
        return ""

    name = first("name")
    for column in table.columns:
        if names.words(names.without_prefix(column.name, prefix)) in (("name",), ("full", "name")) and column.type == "text":
            name = column.name
            break
    name = name or first("nickname", "kana")
    email = first("email")
    key = table.primary_key[0] if len(table.primary_key) == 1 else _key(table)
    return Identity(key, email, _verified(table, prefix) if email else "", name, first("phone"))


def _key(table: Table) -> str:
    """A key for a table with none or several: a unique column, the one called id, the last of the primary key."""
    for unique in table.unique:
        if len(unique) == 1:
            return unique[0]
    if table.primary_key:
        return table.primary_key[-1]
    return next((c.name for c in table.columns if names.words(c.name)[-1:] == ("id",)), "")


def _verified(table: Table, prefix: str) -> str:
    """The column that proves that the person reads the address; empty where none says so."""
    for column in table.columns:
        found = names.words(names.without_prefix(column.name, prefix))
        if column.type not in ("boolean", "timestamp", "date", "integer"):
            continue
        proof = {"verified", "confirmed", "authenticated", "validated"} & set(found)
        if proof and ("email" in found or set(found) <= proof | {"at", "on", "is", "time", "date"}) and "phone" not in found:
            return column.name
    return ""


def place(facts: Known, candidates: tuple[str, ...], links: Mapping[str, tuple[Link, ...]]) -> dict[str, Place]:
    """Whose the rows of each table are."""
    return _Places(facts, candidates, links).run()




