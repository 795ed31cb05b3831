"""Which tables hold persons: the identity tables, the columns that name somebody, and who stands for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chikai.sources import columns, names, paths
from chikai.sources.atlas import Atlas, key_of
from chikai.sources.catalogue import Table
from chikai.sources.map import Identity
from chikai.sources.paths import Link
from chikai.sources.themes import BODIES

# Kinds that make a row personal wherever they stand; a person's row may hold many more.
STRONG: Final = frozenset(
    "name kana nickname birth_date gender email phone postal_code address card_number bank ip mynumber id_document "
    "health special_care contact photo user_agent cookie_id".split()
)
_PROOF: Final = frozenset({"email", "name", "kana", "nickname", "phone"})
# Tables whose addresses are those of a shop, a template or a system, not of a person.
IMPERSONAL: Final = ("organisation", "template", "master", "settings", "shared", "maybe shared")


@dataclass(frozen=True)
class Known:
    """What is known of every table before it is placed: kinds that names or values prove."""

    atlas: Atlas
    kinds: Mapping[str, Mapping[str, str]]

    def strong(self, table: str) -> dict[str, str]:
        """The columns of a table that hold something of a person whatever the table is, with their kinds."""
        thing = self.atlas.subjects[table].about(*IMPERSONAL) and not self.atlas.subjects[
            table
        ].about("identity")
        found = {c: k for c, k in self.kinds[table].items() if k in STRONG}
        # An address from which the service itself writes is not a person's.
        if not self.atlas.subjects[table].about("message", "log", "identity", "commerce"):
            found = {
                c: k
                for c, k in found.items()
                if not {"sender", "support", "noreply"} & set(names.words(c))
            }
        thing = thing or self.atlas.subjects[table].head in ("role", "group", "type", "status")
        thing = thing or not self.atlas.subjects[table].themes
        # A course has a full name too, and a role a display name.
        return {
            c: k
            for c, k in found.items()
            if not (thing and names.words(c)[:1] in (("full",), ("display",)))
        }


def known(atlas: Atlas, seen: Mapping[str, Mapping[str, str]] | None = None) -> Known:
    """Read each column by itself; `seen` are kinds that sampled values prove."""
    kinds: dict[str, dict[str, str]] = {}
    for table in atlas.catalogue.tables:
        found = {
            c.name: columns.says(c, atlas.columns[table.name], atlas.subjects[table.name].words)[0]
            for c in table.columns
        }
        if atlas.subjects[table.name].about("message"):
            found.update(_mailed(table, atlas.columns[table.name]))
        if seen:
            found.update(seen.get(table.name, {}))
        if len(table.primary_key) == 1 and found.get(table.primary_key[0]) in ("gender", "address"):
            del found[table.primary_key[0]]  # a list of genders or prefectures is nobody's
        kinds[table.name] = {column: kind for column, kind in found.items() if kind}
    return Known(atlas, kinds)


def _mailed(table: Table, prefix: str) -> dict[str, str]:
    """Columns of a table of messages that say to whom one went, where that is text and no key."""
    ends = {("recipient",), ("to",), ("from",), ("cc",), ("bcc",)}
    return {
        c.name: "email"
        for c in table.columns
        if c.type == "text"
        and (c.length is None or c.length >= 50)
        and names.words(names.without_prefix(c.name, prefix)) in ends
    }


def score(facts: Known, table: Table) -> float:
    """How much a table looks like one of persons; 0 is not at all, 4 and more is."""
    about = facts.atlas.subjects[table.name]
    held = set(facts.kinds[table.name].values())
    named = _plain_name(table, about.head, facts.atlas)
    proof = len(held & _PROOF) + named
    if about.head == "person":
        proof += len(held & {"birth_date", "gender"})
    own = (
        about.about("profile")
        and {"email"} <= held
        and bool({"name", "nickname"} & held)
        and not _leans(table, facts.atlas)
    )
    login = own or (
        "credential" in held and {"email", "nickname"} & held and {"name", "email"} & held
    )
    if not (about.about("identity") or (login and about.about("profile"))) or not proof:
        return 0.0
    body = about.head in BODIES
    if about.head == "customer" and not held:
        return 0.0  # a bare name: in business software, a firm's
    if body and not (held & {"email", "nickname", "credential"} or _first_and_last(facts, table)):
        return 0.0
    password = any(
        kind == "credential" and "password" in names.words(column)
        for column, kind in facts.kinds[table.name].items()
    )
    # An account without a login or an address is a customer of the service or a ledger account, not a person.
    if about.head in ("account", "login", "identity") and not (
        password or "nickname" in held or ("email" in held and held & {"name", "kana", "phone"})
    ):
        return 0.0
    points = 3.0 * password + 3.0 * ("email" in held) + 2.0 * ("nickname" in held)
    points += 2.0 * bool(held & {"name", "kana"} or named) + 1.0 * ("phone" in held)
    if about.head in ("user", "member", "customer", "person", "account"):
        points += 2.0
    if about.head == "user" and len(about.words) <= 2:
        points += 2.0
    if about.head == "person" and about.words == ("person",):
        points += 2.0
    if body or about.words[-2:-1] in (("group",), ("role",)):
        points -= 1.0
    return points + 1.0


def _leans(table: Table, atlas: Atlas) -> bool:
    """Whether a table of profiles points at a table of users, whose profiles they then are."""
    pointing = (names.stem(names.words(c.name)) for c in table.columns)
    return any(
        w[-1:] == ("id",) and w[:-1] in atlas.by_words and table.name not in atlas.by_words[w[:-1]]
        for w in pointing
        if len(w) > 1
    )


def _plain_name(table: Table, head: str, atlas: Atlas) -> bool:
    """Whether the table has a bare `name`, which in a table of persons is a person's."""
    prefix = atlas.columns[table.name]
    return head not in BODIES and any(
        names.words(names.without_prefix(c.name, prefix)) in (("name",), (head, "name"))
        and c.type == "text"
        for c in table.columns
    )


def _first_and_last(facts: Known, table: Table) -> bool:
    return any(kind in ("name", "kana") for kind in facts.kinds[table.name].values())


def persons(facts: Known) -> tuple[str, ...]:
    """The candidates for identity tables, the chief one first."""
    scored = [(score(facts, table), table.name) for table in facts.atlas.catalogue.tables]
    return tuple(
        name
        for points, name in sorted(scored, key=lambda p: (-p[0], len(p[1]), p[1]))
        if points >= 3
    )


def study(facts: Known) -> tuple[tuple[str, ...], dict[str, tuple[Link, ...]]]:
    """The identity tables, the personas that stand for them (an actor of a user), and every link read with both."""
    people = persons(facts)
    found = paths.links(facts.atlas, people)
    more = tuple(
        table.name
        for table in facts.atlas.catalogue.tables
        if table.name not in people and _is_twin(facts.atlas, table, people)
    ) + tuple(
        table.name
        for table in facts.atlas.catalogue.tables
        if table.name not in people
        and facts.atlas.subjects[table.name].about("identity")
        and any(
            link.role == "actor"
            and link.confidence >= 0.55
            and link.edge.table in people
            and link.edge.when is None
            for link in found[table.name]
        )
    )
    return people + more, paths.links(facts.atlas, people + more) if more else found


def _is_twin(atlas: Atlas, table: Table, people: tuple[str, ...]) -> bool:
    """Whether a table of persons holds but their keys, and another, named after it, the rest: `users`, `users_field_data`."""
    key, own = key_of(table), atlas.subjects[table.name]
    return own.about("identity") and any(
        key_of(atlas.catalogue.by_name[other]) == key
        and atlas.subjects[other].words[: len(own.words)] == own.words
        for other in people
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
        if (
            names.words(names.without_prefix(column.name, prefix)) in (("name",), ("full", "name"))
            and column.type == "text"
            and not facts.atlas.subjects[table.name].about("organisation")
        ):
            name = column.name
            break
    name = name or first("nickname", "kana")
    email = first("email")
    whole = key_of(table)
    key = whole[0] if len(whole) == 1 else _key(table)
    return Identity(key, email, _verified(table, prefix) if email else "", name, first("phone"))


def _key(table: Table) -> str:
    """A key for a table without a single one: a unique column; without any key the one called id; else none."""
    for unique in table.unique:
        if len(unique) == 1:
            return unique[0]
    if table.primary_key:
        return ""  # a part of a key repeats: two persons would be taken for one
    return next((c.name for c in table.columns if names.words(c.name)[-1:] == ("id",)), "")


def _verified(table: Table, prefix: str) -> str:
    """The column that proves that the person reads the address; empty where none says so."""
    for column in table.columns:
        found = names.words(names.without_prefix(column.name, prefix))
        if column.type not in ("boolean", "timestamp", "date", "integer"):
            continue
        proof = {"verified", "confirmed", "authenticated", "validated"} & set(found)
        if (
            proof
            and ("email" in found or set(found) <= proof | {"at", "on", "is", "time", "date"})
            and "phone" not in found
        ):
            return column.name
    return ""
