"""KATA, where models are published as templates: its tables, and rows for any number of people.

It grew beside Balus with a database of its own: keys are texts, and `balus_account_id` points into another database
and therefore has no foreign key. Profile k is person 4k (k odd) or 4k-1 (k even).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Text,
)

from examples.levii.databases import names
from examples.levii.databases.names import World, pick
from examples.levii.databases.shape import BIG_KEY, Row, Rows, table

METADATA: Final = MetaData()

table(
    METADATA,
    "profiles",
    Column("id", String(20), primary_key=True),
    # No foreign key: the account lives in another database, or nowhere.
    Column("balus_account_id", BigInteger, index=True),
    Column("email", String(254), nullable=False, index=True),
    Column("display_name", String(100)),
    Column("biography", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "templates",
    Column("id", String(20), primary_key=True),
    Column("owner_id", String(20), ForeignKey("profiles.id"), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("summary", Text),
    Column("group", String(40)),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "template_versions",
    Column("template_id", String(20), ForeignKey("templates.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("edited_by", String(20), ForeignKey("profiles.id"), index=True),
    Column("body", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "publications",
    Column("id", BIG_KEY, primary_key=True),
    Column("template_id", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("slug", String(80), nullable=False, unique=True),
    Column("headline", String(200), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("withdrawn_at", DateTime(timezone=True)),
    ForeignKeyConstraint(
        ["template_id", "version"], ["template_versions.template_id", "template_versions.version"]
    ),
)
table(
    METADATA,
    "adoptions",
    Column("id", BIG_KEY, primary_key=True),
    Column("publication_id", BigInteger, ForeignKey("publications.id"), nullable=False, index=True),
    # NULL: taken without signing in.
    Column("adopter_id", String(20), ForeignKey("profiles.id"), index=True),
    Column("balus_workspace_id", BigInteger),
    Column("adopted_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "reviews",
    Column("id", BIG_KEY, primary_key=True),
    Column("publication_id", BigInteger, ForeignKey("publications.id"), nullable=False, index=True),
    Column("reviewer_id", String(20), ForeignKey("profiles.id"), nullable=False, index=True),
    Column("stars", SmallInteger, nullable=False),
    Column("body", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

TITLES: Final = (
    "要求の木",
    "機能と物理の対応",
    "業務の流れ",
    "危険の洗い出し",
    "会議の設計",
    "事業の見取り図",
)
REVIEWS: Final = (
    "すぐ使えました。",
    "説明がもう少しほしいです。",
    "研修でも使いました。",
    "線の意味が明確です。",
)


def profile_key(number: int) -> str:
    """Give the text key of a profile."""
    return names.text_key("kp_", number)


def template_key(number: int) -> str:
    """Give the text key of a template."""
    return names.text_key("kt_", number)


def person_of(profile: int) -> int:
    """Give the person of a profile."""
    return 4 * profile - (profile + 1) % 2


def _profiles_of(world: World) -> int:
    return world.people // 4


def _templates_of(world: World) -> int:
    return (_profiles_of(world) + 1) // 2


def is_unlinked(profile: int) -> bool:
    """Whether a profile does not say which account of Balus it belongs to."""
    return profile % 5 == 0


def _profiles(world: World) -> Iterator[Row]:
    draw = world.draw("profiles")
    for number in range(1, _profiles_of(world) + 1):
        bits, account = draw(number), person_of(number)
        person = world.person(account)
        at_home = number % 7 == 0  # signed up with another address than at Balus
        plain = account > names.LAST_OF_CAST
        yield {
            "id": profile_key(number),
            "balus_account_id": None if is_unlinked(number) else account,
            "email": person.private_email if at_home else person.email,
            "display_name": None if plain and bits % 6 == 0 else person.plain,
            "biography": f"{person.company.name}で働いています。"
            if person.company and bits % 3 == 0
            else None,
            "created_at": names.moment(bits),
        }


def _owner_of(template: int) -> int:
    return 2 * template - 1


def _versions_of(template: int) -> int:
    return 1 + template % 3


def _editor_of(template: int, version: int) -> int | None:
    # The first version is the owner's; the next profile helps with the second; nobody knows about the third.
    return (_owner_of(template), _owner_of(template) + 1, None)[version - 1]


def _templates(world: World) -> Iterator[Row]:
    draw = world.draw("templates")
    for number in range(1, _templates_of(world) + 1):
        bits = draw(number)
        yield {
            "id": template_key(number),
            "owner_id": profile_key(_owner_of(number)),
            "title": pick(TITLES, bits),
            "summary": None if bits % 4 == 0 else f"{pick(TITLES, bits)}を一枚で描く型。",
            "group": pick(("製品", "業務", None), bits >> 6),
            "created_at": names.moment(bits),
        }


def _template_versions(world: World) -> Iterator[Row]:
    draw = world.draw("template_versions")
    profiles = _profiles_of(world)
    for number in range(1, _templates_of(world) + 1):
        for version in range(1, _versions_of(number) + 1):
            bits = draw(4 * number + version)
            editor = _editor_of(number, version)
            yield {
                "template_id": template_key(number),
                "version": version,
                "edited_by": None if editor is None else profile_key(min(editor, profiles)),
                "body": f'{{"elements": {bits % 40 + 3}, "title": "{pick(TITLES, draw(number))}"}}',
                "created_at": names.moment(bits),
            }


def _publications(world: World) -> Iterator[Row]:
    draw = world.draw("publications")
    for number in range(1, _templates_of(world) // 2 + 1):
        bits, template = draw(number), 2 * number
        published = names.moment(bits)
        owner = world.person(person_of(_owner_of(template)))
        yield {
            "id": number,
            "template_id": template_key(template),
            "version": 1,
            "slug": f"kata-{number}",
            "headline": f"{pick(TITLES, bits)}({owner.plain}作)",
            "published_at": published,
            "withdrawn_at": names.later(published, bits >> 9) if bits % 9 == 0 else None,
        }


def _adoptions(world: World) -> Iterator[Row]:
    draw = world.draw("adoptions")
    profiles, publications = _profiles_of(world), _templates_of(world) // 2
    for number in range(1, 2 * profiles + 1):
        bits = draw(number)
        adopter = (number - 1) % profiles + 1
        yield {
            "id": number,
            "publication_id": bits % publications + 1,
            "adopter_id": None if number % 11 == 0 else profile_key(adopter),
            "balus_workspace_id": adopter if bits % 2 else None,
            "adopted_at": names.moment(bits >> 5),
        }


def _reviews(world: World) -> Iterator[Row]:
    draw = world.draw("reviews")
    profiles, publications = _profiles_of(world), _templates_of(world) // 2
    for number in range(1, profiles + 1):
        bits = draw(number)
        body: str | None = None if bits % 5 == 0 else pick(REVIEWS, bits >> 7)
        if bits % 10 == 1:
            body = f"{world.person(bits % world.people + 1).plain}さんに教わりました。{body}"
        if person_of(number) == names.HEROINE:
            body = "𠮷田誠さんと一緒に使いました。山﨑さんにも好評です。"
        yield {
            "id": number,
            "publication_id": bits % publications + 1,
            "reviewer_id": profile_key(number),
            "stars": bits % 5 + 1,
            "body": body,
            "created_at": names.moment(bits >> 5),
        }


ROWS: Final[dict[str, Rows]] = {
    "profiles": _profiles,
    "templates": _templates,
    "template_versions": _template_versions,
    "publications": _publications,
    "adoptions": _adoptions,
    "reviews": _reviews,
}

# How many rows are about the profile `:subject`, written by hand and on purpose without `truth`.
HELD_BY: Final[dict[str, str]] = {
    "profiles": "SELECT count(*) FROM profiles WHERE id = :subject",
    "templates": "SELECT count(*) FROM templates WHERE owner_id = :subject",
    "template_versions": "SELECT count(*) FROM template_versions WHERE edited_by = :subject",
    "publications": (
        "SELECT count(*) FROM publications JOIN template_versions "
        "ON template_versions.template_id = publications.template_id "
        "AND template_versions.version = publications.version "
        "WHERE template_versions.edited_by = :subject"
    ),
    "adoptions": "SELECT count(*) FROM adoptions WHERE adopter_id = :subject",
    "reviews": "SELECT count(*) FROM reviews WHERE reviewer_id = :subject",
}


def cast_facts(world: World) -> dict[str, Any]:
    """Give the keys of the awkward facts that live in this service."""
    profiles = _profiles_of(world)
    unlinked = range(5, profiles + 1, 5)
    elsewhere = range(7, profiles + 1, 7)
    template = 2  # the heroine's; its second version is another's work
    return {
        "profiles_without_account": {"profiles": [profile_key(n) for n in unlinked]},
        "profiles_with_another_address": {
            "profiles": [profile_key(n) for n in elsewhere],
            "accounts": [person_of(n) for n in elsewhere],
        },
        "composite_key": {
            "template": template_key(template),
            "versions": list(range(1, _versions_of(template) + 1)),
            "publication": 1,
        },
        "anonymous_adoptions": {"adoptions": list(range(11, 2 * profiles + 1, 11))},
    }
