"""Whose each row is, and by which edge: the rules of preference, in the order in which they are asked.

1. An identity table is one whose name and columns are of persons: an address, a login, a password, a person's name.
2. A row belongs to whom its actor column names (author, owner, customer); to both persons of one act (sender and
   recipient); a second identity table that only handles the row (staff, assignee, editor) does not own it.
3. Who entered the row owns it only where no actor stands, and never in a master table (products, settings, roles).
4. Work that a team edits (documents, projects, boards) is `shared`: its author is replaced, the work stands.
5. A row that names nobody belongs to the row it is part of: order lines to their order.
6. A row that others point at (an address, a profile) belongs to them, or is a person of its own (a newsletter).
7. What still holds personal columns is `unknown`, an error by name; all else is nobody's.

`customer` is never guessed: no name of a column tells a contract.

Clauses: 2.2, 5.
Law: APPI Art. 33(1), APPI Art. 34(1), APPI Art. 35(1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from chikai.sources import alone, columns, paths
from chikai.sources.atlas import key_of
from chikai.sources.judging import Judge
from chikai.sources.map import Edge, Whose
from chikai.sources.paths import Link
from chikai.sources.persons import IMPERSONAL, Known, identity, score
from chikai.sources.places import Place, without_circles
from chikai.sources.themes import BODIES, OUTSIDERS, STAFF, SUBJECTS


class _Places:
    """The tables while they are being placed; each rule adds to `placed`."""

    def __init__(
        self, facts: Known, candidates: tuple[str, ...], links: Mapping[str, tuple[Link, ...]]
    ) -> None:
        self.facts = facts
        self.atlas = facts.atlas
        self.links = {
            table: tuple(paths.by_column(found).values()) for table, found in links.items()
        }
        self.candidates = candidates
        self.identities: set[str] = {
            c for c in candidates if score(facts, self.atlas.catalogue.by_name[c]) >= 3
        }
        self.judge = Judge(self.atlas, self.links, self.identities)
        self.placed: dict[str, Place] = {}

    def run(self) -> dict[str, Place]:
        """Apply the rules in order."""
        self._settle_identities()
        order = [t.name for t in self.atlas.catalogue.tables if t.name not in self.placed]
        for name in order:
            if not self._only_staff(name):
                self._by_actor(name)
        self._by_parent([name for name in order if not self._made_here(name)])
        for name in order:
            self._by_actor(name)
        self._by_parent([name for name in order if not self._made_here(name)])
        # Shared work first: what hangs on it and was made by one of the team is shared too.
        for name in sorted(order, key=lambda n: not self.atlas.subjects[n].about("shared")):
            self._by_maker(name)
        self._by_parent(order)
        self._by_referrers(order)
        self._by_parent(order)
        self._by_itself(order, last=False)
        self._by_itself(order, last=True)
        self._by_parent(order)
        self._by_shared_parent(order)
        for name in order:
            self.placed.setdefault(name, self._nobody())
        return without_circles(self.placed)

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
        self._settle_twins()
        for name in self.candidates:
            if name not in self.identities and name not in self.placed:
                actors = (
                    link
                    for link in self.links[name]
                    if link.role == "actor" and link.edge.table in self.candidates
                )
                stands = next((link for link in actors if link.edge.table != name), None)
                if stands is not None:
                    self.placed[name] = Place(
                        "person",
                        (stands.edge,),
                        None,
                        0.8,
                        f"each row stands for one row of `{stands.edge.table}`",
                    )
        for name in self.candidates:
            if name in self.identities:
                own = identity(self.facts, self.atlas.catalogue.by_name[name])
                because = "its rows are persons: its name and columns say so"
                self.placed[name] = (
                    Place("person", (), own, 0.9, because)
                    if own.key
                    else Place("unknown", (), None, 0.9, f"{because}; {NO_KEY}")
                )

    def _settle_twins(self) -> None:
        """Place a bare table of keys that an identity table shares: what points there means the person."""
        for name in self.identities:
            key = key_of(self.atlas.catalogue.by_name[name])
            for link in self.links[name]:
                target = link.edge.table
                if (
                    link.edge.columns == key
                    and target in self.candidates
                    and target not in self.identities
                ):
                    back = Edge(link.edge.to, name, link.edge.columns)
                    said = f"each row is the key of one person in `{name}`"
                    self.placed.setdefault(target, Place("person", (back,), None, 0.8, said))

    def _stands_alone(self, name: str, link: Link) -> bool:
        """Whether a row with a link to another person is still a person of its own, such as a contact."""
        table = self.atlas.catalogue.by_name[name]
        unique = link.edge.columns in (table.primary_key, *table.unique)
        own = set(self.facts.kinds[name].values())
        about = self.atlas.subjects[name]
        outsider = bool(set(about.words) & OUTSIDERS) and bool(
            own & {"email", "name", "phone", "kana"}
        )
        if unique:
            return False
        about_them = (
            link.words[-1:] not in (("user",), ("owner",), ("account",), ("created",))
            and link.confidence >= 0.8
            and about.head not in ("lead", "candidate", "applicant", "prospect")
        )
        return (
            (outsider and not about_them)
            or link.confidence < 0.6
            or (about.head in SUBJECTS and {"email", "name"} <= own and "user" in link.words)
        )

    def _fold(self, name: str, link: Link) -> None:
        target = link.edge.table
        mine, other = self.facts.kinds[name].values(), self.facts.kinds[target].values()
        if (
            "email" in mine
            and "email" not in other
            and self.atlas.subjects[target].head != "person"
            and not set(self.atlas.subjects[name].words) & OUTSIDERS
        ):
            back = Edge(link.edge.to, name, link.edge.columns)
            self.identities.discard(target)
            self.placed[target] = Place(
                "person",
                (back,),
                None,
                0.75,
                f"each row is the person of the row of `{name}` that points at it",
            )
            return
        self.identities.discard(name)
        self.placed[name] = Place(
            "person", (link.edge,), None, 0.85, f"each row is about one row of `{target}`"
        )

    # Rules 2 to 4
    def _by_actor(self, name: str) -> None:
        """Place a table that names a person itself."""
        if name in self.placed:
            return
        links = self._person_links(name)
        actors = self._owners(name, [link for link in links if link.role in ("actor", "other")])
        later = [link for link in links if link.role == "second"]
        if actors and not self.judge.is_master(name, actors):
            whose: Whose = "shared" if self.judge.is_shared(name, actors, later) else "person"
            said = ", ".join(f"`{', '.join(link.edge.columns)}`" for link in actors)
            self.placed[name] = Place(
                whose,
                tuple(link.edge for link in actors),
                None,
                min(link.confidence for link in actors),
                f"{said} names whose the row is",
            )

    def _only_staff(self, name: str) -> bool:
        """Whether only staff are named where others are the subjects: an order's history belongs to its order."""
        found = [link for link in self._person_links(name) if link.role in ("actor", "other")]
        at = {link.edge.table for link in found}
        staff = {t for t in self.identities if set(self.atlas.subjects[t].words) & STAFF}
        subjects = {t for t in self.identities if set(self.atlas.subjects[t].words) & SUBJECTS}
        return bool(at) and at <= staff and bool(subjects)

    def _person_links(self, name: str) -> list[Link]:
        return [
            link
            for link in self.links[name]
            if self._is_person(link.edge.table) and link.edge.table != name
        ]

    def _made_here(self, name: str) -> bool:
        """Whether a table says who entered its rows, and no parent of another person's row stands above that."""
        makers = {link.edge.table for link in self._person_links(name) if link.role == "creator"}
        parents = [
            link
            for link in self.links[name]
            if link.role == "part" and self._is_personal_parent(link.edge.table)
        ]
        return bool(makers) and not any(
            self._root(link.edge.table) not in makers for link in parents
        )

    def _root(self, table: str) -> str:
        """The identity table at the end of the first edges."""
        for _ in range(12):
            place = self.placed.get(table)
            if place is None or not place.edges:
                return table
            table = place.edges[0].table
        return table

    def _is_stamped(self) -> bool:
        stamped = sum(
            any(link.role == "creator" for link in found) for found in self.links.values()
        )
        return stamped >= max(4, len(self.links) / 2)

    def _by_maker(self, name: str) -> None:
        """Place a table that says only who entered or handled its rows."""
        if name in self.placed:
            return
        about = self.atlas.subjects[name]
        links = self._person_links(name)
        makers = [link for link in links if link.role == "creator"]
        later = [link for link in links if link.role == "second"]
        if self.judge.is_list(name) and not self.judge.bears_name(name, links):
            return
        # Where most tables are stamped with who entered the row, the stamp says nothing of whose it is.
        if (
            makers
            and self._is_stamped()
            and not self.judge.is_act(name)
            and not self._hangs_on_shared(name)
        ):
            return
        if makers and not self._part_of(name):
            whose: Whose
            shared = self.judge.is_shared(name, makers, later) or self._hangs_on_shared(name)
            whose = "shared" if shared else "person"
            self.placed[name] = Place(
                whose,
                (makers[0].edge,),
                None,
                makers[0].confidence * 0.85,
                f"`{', '.join(makers[0].edge.columns)}` names who made the row, and nothing else names a person",
            )
        elif (
            later
            and not makers
            and not self._part_of(name)
            and (self.judge.is_act(name) or self.judge.bears_name(name, later))
        ):
            self.placed[name] = Place(
                "shared" if about.about("shared", "maybe shared") else "person",
                (later[0].edge,),
                None,
                0.5,
                f"only `{', '.join(later[0].edge.columns)}` names a person",
            )

    def _is_person(self, table: str) -> bool:
        return table in self.identities or (table in self.candidates and table in self.placed)

    def _owners(self, name: str, actors: list[Link]) -> list[Link]:
        """The links that own the row: the subject before the staff, both persons of one act, no weak doubles."""
        if len(actors) < 2:
            return actors
        clear = [link for link in actors if link.confidence >= 0.6] or actors
        tables = {link.edge.table for link in clear}
        if len(tables) > 1:
            clear = [link for link in clear if link.confidence >= 0.8] or clear
            buyers = (
                SUBJECTS | {"partner", "contact"}
                if self.atlas.subjects[name].about("commerce")
                else SUBJECTS
            )
            subjects = [
                link for link in clear if set(self.atlas.subjects[link.edge.table].words) & buyers
            ]
            outside = [
                link
                for link in clear
                if not set(self.atlas.subjects[link.edge.table].words) & STAFF
            ]
            clear = subjects or self._workers(name, clear) or outside or clear
        first = [link for link in clear if link.role == "actor"]
        others = [link for link in clear if link.role == "other"]
        chief = [
            link
            for link in first
            if link.words in (("user",), ("customer",), ("member",), ("account",), ("user", "uid"))
            or link.words == self.atlas.subjects[link.edge.table].words
        ]
        if chief and (not others or self.atlas.subjects[name].about("log")):
            return chief[:1]
        return first + others

    def _workers(self, name: str, links: list[Link]) -> list[Link]:
        """Of an employee and that employee's account, the employee, where the row is about work."""
        heads = {self.atlas.subjects[link.edge.table].head for link in links}
        if heads != {"employee", "user"} or self.atlas.subjects[name].about("commerce", "message"):
            return []
        return [link for link in links if self.atlas.subjects[link.edge.table].head == "employee"]

    # Rule 5
    def _part_of(self, name: str) -> bool:
        about = self.atlas.subjects[name]
        for link in self.links[name]:
            head = self.atlas.subjects[link.edge.table].words
            if (
                link.role == "part"
                and len(about.words) > len(head)
                and about.words[: len(head)] == head
            ):
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
                    "person",
                    (link.edge,),
                    None,
                    0.85 * link.confidence,
                    f"each row is part of a row of `{link.edge.table}`",
                )
                moved = True
            waiting = [name for name in waiting if name not in self.placed]

    def _shared_parents(self, name: str) -> list[Link]:
        """Links to shared work on which the row hangs; a remark of one person stays that person's."""
        if self.atlas.subjects[name].about(
            "content", "message", "log", "note", "commerce", "membership"
        ):
            return []
        return [
            link
            for link in self.links[name]
            if link.role == "part"
            and link.edge.table != name
            and link.confidence >= 0.7
            and (place := self.placed.get(link.edge.table)) is not None
            and place.whose == "shared"
        ]

    def _hangs_on_shared(self, name: str) -> bool:
        return bool(self._shared_parents(name))

    def _by_shared_parent(self, order: Iterable[str]) -> None:
        """Place parts of shared work that hold content of their own: the slides of a deck, the views of a model."""
        rounds, strict = True, True  # first by columns that name their table, then by any other
        while rounds or strict:
            strict, rounds = strict and rounds, False
            for name in order:
                about = self.atlas.subjects[name]
                if name in self.placed or about.about(
                    "master", "template", "settings", "organisation"
                ):
                    continue
                parents = self._shared_parents(name)
                if strict:
                    parents = [
                        p for p in parents if p.words == self.atlas.subjects[p.edge.table].words
                    ]
                table = self.atlas.catalogue.by_name[name]
                content = any(
                    c.type == "text"
                    and columns.sense(c.name, self.atlas.columns[name]).whole
                    & {"content", "free_text"}
                    for c in table.columns
                )
                if parents and content:
                    chief = max(
                        parents,
                        key=lambda link: (
                            self._named_after(name, link),
                            link.words == self.atlas.subjects[link.edge.table].words,
                            link.confidence,
                        ),
                    )
                    self.placed[name] = Place(
                        "shared",
                        (chief.edge,),
                        None,
                        0.7 * chief.confidence,
                        f"each row is part of shared work in `{chief.edge.table}`",
                    )
                    rounds = True

    def _parent(self, name: str) -> Link | None:
        """The row that this one is part of: by name, then by being required, then the first."""
        about = self.atlas.subjects[name]
        table = self.atlas.catalogue.by_name[name]
        best: tuple[float, Link] | None = None
        for at, link in enumerate(self.links[name]):
            target = self.atlas.subjects[link.edge.table]
            if (
                link.role != "part"
                or link.edge.table == name
                or not self._is_personal_parent(link.edge.table)
            ):
                continue
            named = self._named_after(name, link)
            required = all(
                (c := table.column(x)) is not None and not c.nullable for x in link.edge.columns
            )
            keyed = bool(set(link.edge.columns) & set(table.primary_key))
            weak = (
                bool(_LOOKUPS & set(link.words))
                or target.about("address", "identity")
                or (
                    target.about("content")
                    and not named
                    and link.words
                    and link.words[-1]
                    in ("file", "image", "upload", "photo", "attachment", "media")
                )
            )
            if (
                weak or about.about("master", "organisation", "template") or about.about("shared")
            ) and not (named or keyed):
                continue
            points = (
                4.0 * bool(named)
                + 1.0 * required
                + 1.5 * keyed
                + link.confidence
                - 0.01 * at
                - 1.0 * bool(weak)
                + (link.words == target.words)
            )
            points += 0.5 * (not target.about("log", "credential"))
            if (
                not named
                and not keyed
                and not required
                and not self._holds(name)
                and link.confidence < 0.7
            ):
                continue
            if best is None or points > best[0]:
                best = (points, link)
        return best[1] if best else None

    def _named_after(self, name: str, link: Link) -> bool:
        words, head = self.atlas.subjects[name].words, self.atlas.subjects[link.edge.table].words
        return len(words) > len(head) and (words[: len(head)] == head or words[:1] == head[-1:])

    def _holds(self, name: str) -> bool:
        """Whether a table holds columns that are personal whatever it is about."""
        return bool(self.facts.strong(name))

    # Rule 6
    def _by_referrers(self, order: Iterable[str]) -> None:
        """Place addresses and profiles that persons' rows point at."""
        back: dict[str, list[Link]] = defaultdict(list)
        for links in self.links.values():
            for link in links:
                back[link.edge.table].append(link)
        for name in order:
            about = self.atlas.subjects[name]
            if name in self.placed or not (self._holds(name) or about.about("address", "profile")):
                continue
            pointing = [
                link
                for link in back[name]
                if self._is_personal_parent(link.table)
                and link.table != name
                and link.edge.when is None
            ]
            held = set(self.facts.strong(name).values())
            body = about.about("organisation") and not held & {"name", "kana", "birth_date"}
            body = body or (about.head in BODIES and not held & {"name", "nickname", "kana"})
            if (
                pointing
                and not body
                and (
                    about.about("address", "profile", "identity")
                    or held & {"postal_code", "card_number"}
                )
            ):
                pointing.sort(
                    key=lambda link: (link.table not in self.identities, -link.confidence)
                )
                chief = [link for link in pointing if link.table in self.identities] or pointing
                edges = tuple(
                    dict.fromkeys(
                        Edge(link.edge.to, link.table, link.edge.columns) for link in chief
                    )
                )
                self.placed[name] = Place(
                    "person",
                    edges,
                    None,
                    0.7,
                    f"rows of `{chief[0].table}` point at it, and it holds what is theirs",
                )

    def _by_itself(self, order: Iterable[str], *, last: bool) -> None:
        """Place what shares an address or a login with persons, or holds persons of its own."""
        for name in order:
            if name in self.placed:
                continue
            pairs = [link for link in self.links[name] if link.edge.when is not None]
            if pairs and not self.atlas.subjects[name].about("master"):
                self.placed[name] = Place("person", (pairs[0].edge,), None, 0.5, pairs[0].because)
                continue
            if not self._holds(name):
                why = alone.lost(self.facts, name) if last else ""
                if why:
                    self.placed[name] = Place("unknown", (), None, 0.3, why)
                continue
            held = set(self.facts.strong(name).values())
            if self.atlas.subjects[name].head in BODIES and not held & {"name", "nickname", "kana"}:
                continue
            table = self.atlas.catalogue.by_name[name]
            about = self.atlas.subjects[name]
            strong = self.facts.strong(name)
            own = identity(self.facts, table)
            if not own.key:
                continue
            named = bool(set(strong.values()) & {"name", "kana"})
            single = bool(own.email) and (named or about.about("identity", "commerce"))
            natural = (
                None
                if single
                else alone.natural(self.facts, self.candidates, self.placed, table, strong)
            )
            impersonal = about.about(*IMPERSONAL) and not about.about(
                "identity", "message", "content", "log", "membership", "commerce", "credential"
            )
            if natural is not None and not impersonal:
                edge, what = natural
                self.placed[name] = Place(
                    "person", (edge,), None, 0.65, f"it names the person by the same {what}"
                )
            elif (
                about.about("organisation") and not held & {"name", "kana", "birth_date"}
            ) or not alone.speaks_of_person(strong, impersonal=impersonal):
                continue
            elif own.key and (own.email or own.name or own.phone):
                because = "its rows name persons of their own, whom no other table knows"
                self.placed[name] = Place("person", (), own, 0.6, because)
            elif not impersonal and last:
                self.placed[name] = Place(
                    "unknown", (), None, 0.3, "it holds personal columns, and nothing says whose"
                )

    # Rule 7
    @staticmethod
    def _nobody() -> Place:
        return Place(
            "none", (), None, 0.8, "it holds nothing personal and no row of a person leads to it"
        )


NO_KEY: Final = "no single column is their key: name a unique one as `identity = { key = ... }`"
_LOOKUPS: Final = frozenset(
    "default cover last latest first best current thumbnail image icon logo parent featured primary media banner avatar background top".split()
)


def place(
    facts: Known, candidates: tuple[str, ...], links: Mapping[str, tuple[Link, ...]]
) -> dict[str, Place]:
    """Whose the rows of each table are."""
    return _Places(facts, candidates, links).run()
