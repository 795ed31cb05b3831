"""Links between tables: the declared foreign keys, and those that names, types and values suggest.

Many applications declare nothing (WordPress, Moodle, Rails before 2015). There a column's name is read: the words
before `id`, or a word for a person in a role (`author`, `created_by`), are looked up among the tables; a table that
shares the house words of this one is preferred. A link also says in which role it names a person, because a row
belongs to its author and not to its last editor.

Clauses: 2.2, 5.
Law: APPI Art. 33(1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from chikai.sources import columns, names
from chikai.sources.atlas import Atlas, key_of, stripped
from chikai.sources.catalogue import Column, Table
from chikai.sources.map import Edge
from chikai.sources.themes import STAFF, Subject
from chikai.sources.vocabulary import JAPANESE_NOUNS, JAPANESE_REFERENCE, ROLE_WORDS, THINGS

# Whose the row is; the second person of the same act; who entered it; who handled it later; part of another row.
Role = Literal["actor", "other", "creator", "second", "part"]


@dataclass(frozen=True, slots=True)
class Link:
    """One way from a table to another, the role it gives a person there, and how sure we are that it is a link."""

    table: str
    edge: Edge
    role: Role
    confidence: float
    because: str
    declared: bool = False
    words: tuple[str, ...] = ()


_ROLES: Final[dict[tuple[str, ...], str]] = {}
for _form, _role in ROLE_WORDS.items():
    _ROLES.setdefault(names.words(_form), _role)
_KEY_TAILS: Final = frozenset(
    {
        "id",
        "uuid",
        "guid",
        "pk",
        "fk",
        "oid",
        "uid",
        "no",
        "number",
        "code",
        "ref",
        "reference",
        "ids",
    }
)
_KEY_HEADS: Final = frozenset({"id", "fk", "idx", "uid"})
_LATER: Final = frozenset(
    "write updated assigned last approved deleted closed verified resolved locked banned edited reviewed merged cancelled "
    "dismissed handled rejected accepted confirmed published completed deactivated support responsible manager "
    "supervisor parent reply reblog quote origin invited referrer staff sales salesrep administrator operator handler checked signed silenced "
    "suspended processed moderator editor default latest current primary preferred reports report".split()
)
_MADE: Final = frozenset(
    "created creator create creating added entered inserted imported registered creation author_by opened".split()
)
_KEY_TYPES: Final = frozenset({"integer", "uuid", "text", "bytes", "decimal", "other"})


# What a column of these kinds holds is not a key of a table; logins and addresses are joined by rule 6 alone.
_NEVER_KEYS: Final = frozenset(
    "ip email phone name kana address postal_code photo credential user_agent card".split()
)


def links(atlas: Atlas, persons: tuple[str, ...]) -> dict[str, tuple[Link, ...]]:
    """Every link of every table. `persons` are the identity tables, the chief one first."""
    found = {}
    for table in atlas.catalogue.tables:
        declared = _declared(atlas, table, persons)
        bound = {column for link in declared for column in link.edge.columns}
        guessed = [
            link
            for column in table.columns
            if column.name not in bound
            for link in _guessed(atlas, table, column, persons)
        ]
        paired = _polymorphic(atlas, table, bound, persons)
        pairs = {link.edge.columns for link in paired}
        found[table.name] = (
            *declared,
            *(g for g in guessed if g.edge.columns not in pairs),
            *paired,
        )
    return found


def _declared(atlas: Atlas, table: Table, persons: tuple[str, ...]) -> list[Link]:
    out = []
    for key in table.foreign_keys:
        if key.table not in atlas.subjects or not key.columns:
            continue
        column = _telling(key.columns, key.to)
        found = _subject_words(atlas, table, column)
        role = role_of(found, atlas.subjects[key.table], person=key.table in persons)
        if role == "second" and _did(found, atlas.subjects[table.name].head):
            role = "actor"
        edge = Edge(
            key.columns, key.table, key.to or atlas.catalogue.by_name[key.table].primary_key
        )
        out.append(
            Link(
                table.name, edge, role, 0.99, "the database declares it", declared=True, words=found
            )
        )
    return out


def _telling(columns: tuple[str, ...], to: tuple[str, ...]) -> str:
    """Of a composite key, the column that is not merely carried along (`tenant_id` = `tenant_id`)."""
    pairs = zip(columns, to, strict=False)
    return next((own for own, other in pairs if own != other), columns[-1])


def _subject_words(atlas: Atlas, table: Table, column: str) -> tuple[str, ...]:
    """The words of a referring column without its table's prefix and without `id`."""
    name = names.without_prefix(column, atlas.columns[table.name])
    found = names.words(name)
    while len(found) > 1 and found[-1] in _KEY_TAILS:
        found = found[:-1]
    while len(found) > 1 and found[0] in _KEY_HEADS:
        found = found[1:]
    return found


def role_of(found: tuple[str, ...], target: Subject, *, person: bool) -> Role:
    """In which role a column names a person: `author` owns the row, `assigned_user` does not."""
    if not person:
        return "part"
    known = _ROLES.get(found)
    if "address" in found:
        return "second"  # where somebody lives, not whose the row is
    if known:
        return known  # type: ignore[return-value]
    if names.stem(found) == target.words or (
        found and found[-1:] == target.words[-1:] and len(found) == 1
    ):
        return "actor"
    if _LATER & set(found):
        return "second"
    if _MADE & set(found):
        return "creator"
    for part in (found[-2:], found[:2], found[-1:], found[:1]):
        if part in _ROLES:
            return _ROLES[part]  # type: ignore[return-value]
    return "actor"


def _guessed(atlas: Atlas, table: Table, column: Column, persons: tuple[str, ...]) -> list[Link]:
    """The links that a column's name suggests; at most one, save where nothing decides."""
    if column.type not in _KEY_TYPES or (column.type == "text" and (column.length or 0) > 255):
        return []
    told = columns.sense(column.name, atlas.columns[table.name])
    if told.sure in _NEVER_KEYS and told.head != "id":
        return []
    bare = names.words(column.name) == ("uid",) and column.type != "integer"
    if bare and not any(_is_user_key(atlas, t, column) for t in atlas.by_key.get("uid", ())):
        return []
    same = [t for t in atlas.by_key.get(column.name.lower(), ()) if t != table.name]
    if column.name.lower() == "uid":
        same = [t for t in same if "identity" in atlas.subjects[t].themes] or same
    named, fit = resolve(atlas, table, names.words(column.name)[:-1]) if same else ("", 0.0)
    own_key = table.primary_key == (column.name,)
    if same and column.name.lower() not in ("name", "email") and (fit < 0.95 or named in same):
        target = named if named in same else _best(atlas, same, table)
        theirs = "identity" in atlas.subjects[target].themes
        lent = theirs and "identity" not in atlas.subjects[table.name].themes
        if not own_key or lent or _is_namesake(atlas, target, column.name):
            return _made(
                atlas, table, column, target, persons, 0.9, "it bears the name of that table's key"
            )
    if (parent := _leading(atlas, table, column)) and not own_key:
        return _made(
            atlas, table, column, parent, persons, 0.85, "its table is named after that one"
        )
    if names.JAPANESE.search(column.name) and not own_key:
        target = _translated(atlas, column.name)
        if target and target != table.name:
            because = "its Japanese name says that table"
            return _made(atlas, table, column, target, persons, 0.75, because)
    if own_key:
        target, fit = resolve(atlas, table, names.words(column.name)[:-1])
        if (
            fit < 0.95
            or target == table.name
            or names.stem(names.words(column.name)[:-1]) == atlas.subjects[table.name].words
        ):
            return []
    return _by_words(atlas, table, column, persons)


def _is_user_key(atlas: Atlas, table: str, column: Column) -> bool:
    """Whether a text `uid` is the key of a table of persons, as long as that is, and not a row's own identifier."""
    key = atlas.catalogue.by_name[table].column("uid")
    return (
        "identity" in atlas.subjects[table].themes
        and key is not None
        and key.length == column.length
    )


def _translated(atlas: Atlas, column: str) -> str:
    """The table that a Japanese reference means: one of that name, or one of the English word for it."""
    tail = next((t for t in JAPANESE_REFERENCE if column.endswith(t) and column != t), "")
    noun = column.removesuffix(tail)
    if not tail:
        return ""
    for name in (noun, f"{noun}マスタ", f"{noun}マスター", f"{noun}台帳", f"M_{noun}", f"T_{noun}"):
        if name in atlas.catalogue.by_name:
            return name
    for english in JAPANESE_NOUNS.get(noun, "").split():
        found = atlas.by_words.get((english,), ())
        if found:
            return min(found, key=lambda t: (len(atlas.subjects[t].words), t))
    return ""


def _leading(atlas: Atlas, table: Table, column: Column) -> str:
    """The table that the first words of this one name, for a column that says but `entity`: `user__roles`."""
    if names.words(column.name) != ("entity", "id"):
        return ""
    own = atlas.subjects[table.name].words
    for keep in range(len(own) - 1, 0, -1):
        for other in atlas.by_words.get(own[:keep], ()):
            if other != table.name and atlas.subjects[other].words == own[:keep]:
                return other
    return ""


# Integers of these names are measures and choices, though a table may bear the same name.
_MEASURES: Final = frozenset(
    "order level rank position rating grade status type score visit view version number priority language state points hits".split()
)


def _by_words(atlas: Atlas, table: Table, column: Column, persons: tuple[str, ...]) -> list[Link]:
    """A link by the words before `id`, or by a bare name of a table or of a role."""
    raw = names.words(names.without_prefix(column.name, atlas.columns[table.name]))
    found = _subject_words(atlas, table, column.name)
    marked = raw != found
    if not found or found in {("id",), ("key",)}:
        return []
    if not marked and (names.singular(raw[-1]) != raw[-1] or raw[-1] in _KEY_TAILS - {"uid"}):
        return []  # `users` is a count of users, not one of them
    target, quality = resolve(atlas, table, found)
    bare = column.type in {"integer", "uuid"} and quality >= 0.6 and found[-1] not in _MEASURES
    if target and (marked or bare):
        confidence = (0.85 if marked else 0.6) * quality
        return _made(atlas, table, column, target, persons, confidence, "its name names that table")
    return _by_role(atlas, table, column, found, persons)


def _is_namesake(atlas: Atlas, table: str, column: str) -> bool:
    """Whether a key is named after its own table, and so is not borrowed from another."""
    found = names.stem(names.words(column)[:-1])
    return bool(found) and atlas.subjects[table].words == found


def _by_role(
    atlas: Atlas,
    table: Table,
    column: Column,
    found: tuple[str, ...],
    persons: tuple[str, ...],
) -> list[Link]:
    """A word for a person in a role, with no table of that name: it means the chief table of persons."""
    marked = found != names.words(names.without_prefix(column.name, atlas.columns[table.name]))
    known = (
        found in _ROLES
        or (found[-1:] in _ROLES and len(found) > 1)
        or (marked and found[:1] in _ROLES)
    )
    if not known or not persons or found[-1] in THINGS or found[-1] in _UNNAMED:
        return []
    if found == ("uid",) and column.type != "integer":
        return []  # a row's own identifier
    if (
        not marked
        and (found not in _ROLES or (found[-1].endswith("ed") and len(found) == 1))
        and found[-1] != "by"
    ):
        return []  # `created` alone is a time
    if found == ("login",) and not marked and column.type == "integer":
        return []  # when, not who
    words = set(found)
    pool = persons
    if words & STAFF:
        pool = tuple(p for p in persons if set(atlas.subjects[p].words) & STAFF) or persons
    # Who owns or writes is an account that logs in; the tables stand in that order.
    for target in pool:
        made = _made(
            atlas,
            table,
            column,
            target,
            persons,
            0.75 if marked or found[-1] == "by" else 0.65,
            "it names a person in a role",
        )
        if made:
            return made
    return []


def _did(found: tuple[str, ...], head: str) -> bool:
    """Whether a later hand is the author of this row: who edited a version, who is the reviewer of a review."""
    if head in ("version", "revision"):
        return found[:1] == ("updated",)
    return len(head) > 4 and found[-1:] != (head,) and found[-1].startswith(head[:5])


# Words for a person's row that mean a table of that name or nothing: `profile_id` may be a set of rights.
_UNNAMED: Final = frozenset({"profile", "identity", "contact"})


def _made(
    atlas: Atlas,
    table: Table,
    column: Column,
    target: str,
    persons: tuple[str, ...],
    confidence: float,
    because: str,
) -> list[Link]:
    """The link, if the types of both ends agree and the target has a key to point at."""
    other = atlas.catalogue.by_name[target]
    found = _subject_words(atlas, table, column.name)
    if target == table.name and table.primary_key == (column.name,):
        return []
    own, to = _ends(table, column, other)
    if not to:
        return []
    end = other.column(to[-1])
    if end is None or not _agree(column, end):
        named = _named_end(atlas, column, other)
        marked = names.words(column.name) in (("user", "id"), ("login", "id"), ("member", "id"))
        if not named and target in persons and column.type == "text" and marked:
            prefix = atlas.columns[target]
            named = next(
                (c.name for c in other.columns if columns.sense(c.name, prefix).sure == "nickname"),
                "",
            )
        if not named:
            return []
        own, to, confidence = (column.name,), (named,), confidence * 0.9
    role = role_of(found, atlas.subjects[target], person=target in persons)
    if role == "second" and _did(found, atlas.subjects[table.name].head):
        role = "actor"
    return [Link(table.name, Edge(own, target, to), role, confidence, because, words=found)]


def _named_end(atlas: Atlas, column: Column, other: Table) -> str:
    """The column that the last word names: `order_reference` is `orders.reference`, where the key is a number."""
    tail = names.words(column.name)[-1:]
    if tail[0] not in ("reference", "number", "code", "uuid", "uid", "guid", "no"):
        return ""
    prefix = atlas.columns[other.name]
    return next(
        (
            c.name
            for c in other.columns
            if names.words(names.without_prefix(c.name, prefix)) == tail and _agree(column, c)
        ),
        "",
    )


def _ends(table: Table, column: Column, other: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns on both sides: of a composite key, the others carry the same name on both."""
    key = key_of(other)
    if len(key) == 1:
        return (column.name,), key
    if len(key) > 1:
        carried = [k for k in key if table.column(k) is not None and k != column.name]
        left = [k for k in key if k not in carried]
        if len(left) == 1 and len(carried) == len(key) - 1:
            return (*carried, column.name), (*carried, left[0])
        same = other.column(column.name)
        return (
            ((column.name,), (column.name,))
            if same is not None and column.name in key
            else ((), ())
        )
    candidates = ("id", "uid", "uuid", column.name)
    named = next((c.name for c in other.columns if c.name.lower() in candidates), "")
    return ((column.name,), (named,)) if named else ((), ())


def _agree(own: Column, other: Column) -> bool:
    """Whether two columns can hold the same values; a text may hold any key."""
    number = {"integer", "decimal"}
    if own.type in number and other.type in number:
        return True
    return own.type == other.type or (
        own.type in ("text", "other", "uuid", "bytes")
        and other.type in ("text", "other", "uuid", "bytes")
    )


def resolve(atlas: Atlas, table: Table, found: tuple[str, ...]) -> tuple[str, float]:
    """The table that some words of a column name, and how well it fits from 0 to 1; ("", 0) if none does."""
    wanted = names.stem(found)
    cached = atlas.cache.get((table.name, wanted))
    if cached is None:
        cached = atlas.cache[table.name, wanted] = _resolve(atlas, table, wanted)
    return cached


def _resolve(atlas: Atlas, table: Table, wanted: tuple[str, ...]) -> tuple[str, float]:
    own = atlas.subjects[table.name].words
    for drop in range(min(len(wanted), 3)):
        words = wanted[drop:]
        for keep in range(len(own) - 1, 0, -1):  # forum_posts.discussion is forum_discussions
            hits = [t for t in atlas.by_words.get((*own[:keep], *words), ()) if t != table.name]
            exact = [t for t in hits if atlas.subjects[t].words == (*own[:keep], *words)]
            if exact:
                return exact[0], 1.0 - 0.1 * drop
        hits = list(atlas.by_words.get(words, ()))
        exact = [t for t in hits if stripped(atlas.subjects[t].words) == words]
        if exact:
            return _best(atlas, exact, table), 1.0 - 0.1 * drop
        parts = [t for t in atlas.by_words.get((*own, *words), ()) if t != table.name]
        if parts:
            return parts[0], 0.9 - 0.1 * drop
        # Only part of the table's name is named: `partner_id` for res_partner, `user_id` for auth_user.
        if len(words) == 1 and words[0] in _VAGUE:
            hits = [t for t in hits if atlas.subjects[t].words[:1] == own[:1]]
        if hits:
            return _best(atlas, hits, table), 0.85 - 0.1 * drop
        if words[0] in _LATER or words in _ROLES:
            continue
    return "", 0.0


# Words that name a table only among its own family: any work has a revision.
_VAGUE: Final = frozenset(
    "revision version item entry line detail term value source subject object record entity".split()
)


def _best(atlas: Atlas, tables: list[str], table: Table) -> str:
    """Of several tables with fitting names: persons first, then the same house words, then the shorter name."""
    own = atlas.subjects[table.name].words
    return min(
        tables,
        key=lambda t: (
            t == table.name and len(tables) > 1,
            -_shared(own, atlas.subjects[t].words),
            "identity" not in atlas.subjects[t].themes,
            len(atlas.subjects[t].words),
            len(t),
            t,
        ),
    )


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    n = 0
    for a, b in zip(one[:-1], other[:-1], strict=False):
        if a != b:
            break
        n += 1
    return n


_PAIR: Final = re.compile(r"_?(?:type|class|table|kind)$", re.IGNORECASE)


def _polymorphic(
    atlas: Atlas, table: Table, bound: set[str], persons: tuple[str, ...]
) -> list[Link]:
    """Pairs such as `owner_type` and `owner_id`: the row belongs to the table that the first column names."""
    out = []
    by_lower = {c.name.lower(): c for c in table.columns}
    for column in table.columns:
        match = _PAIR.search(column.name)
        if match is None or column.type not in ("text", "other") or column.name in bound:
            continue
        base = column.name[: match.start()].lower()
        key = by_lower.get(f"{base}_id") or by_lower.get(f"{base}id")
        if (
            not base
            or key is None
            or key.name in bound
            or key.name in table.primary_key
            or names.words(base) not in _ROLES
        ):
            continue
        for target in persons:
            other = atlas.catalogue.by_name[target]
            if len(other.primary_key) != 1:
                continue
            edge = Edge((key.name,), target, other.primary_key, (column.name, class_name(target)))
            because = "the pair names a table and a key in it"
            role = role_of(names.words(base), atlas.subjects[target], person=True)
            role = role if names.words(base) in _ROLES else "part"
            out.append(Link(table.name, edge, role, 0.5, because, words=names.words(base)))
    return out


def class_name(table: str) -> str:
    """How Rails and its kin write a table in a type column: `spree_users` is `Spree::User`, `admin_users` `AdminUser`."""
    return "".join(word.capitalize() for word in names.stem(re.split(r"[\W_]+", table.lower())))


def by_column(found: Iterable[Link]) -> dict[tuple[str, ...], Link]:
    """The surest link of each set of columns."""
    out: dict[tuple[str, ...], Link] = {}
    for link in found:
        kept = out.get(link.edge.columns)
        if kept is None or link.confidence > kept.confidence:
            out[link.edge.columns] = link
    return out
