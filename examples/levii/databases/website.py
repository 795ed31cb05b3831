"""The company's website: inquiries, newsletter and access log, and rows for any number of people.

Nobody signs in here, so a person is known by mail address only, and the tables have no foreign keys between them. A
line of the access log carries a cookie; it belongs to nobody unless an inquiry was sent with the same cookie.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, DateTime, Index, MetaData, String, Text

from examples.levii.databases import names
from examples.levii.databases.names import World, pick
from examples.levii.databases.shape import BIG_KEY, Row, Rows, table

METADATA: Final = MetaData()

table(
    METADATA,
    "inquiries",
    Column("id", BIG_KEY, primary_key=True),
    Column("name", String(100)),
    Column("email", String(254), index=True),
    Column("phone", String(40)),
    Column("company", String(120)),
    Column("body", Text, nullable=False),
    Column("cookie_id", String(40), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("answered_at", DateTime(timezone=True)),
)
table(
    METADATA,
    "newsletter",
    Column("id", BIG_KEY, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("unsubscribed_at", DateTime(timezone=True)),
)
table(
    METADATA,
    "access_log",
    Column("id", BIG_KEY, primary_key=True),
    Column("cookie_id", String(40)),
    Column("ip", String(45), nullable=False),
    Column("user_agent", String(300)),
    Column("path", String(300), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("access_log_by_cookie", "cookie_id"),
)

PATHS: Final = ("/", "/balus", "/kata", "/training", "/company", "/contact", "/privacy")
SUBJECTS: Final = (
    "料金について教えてください。",
    "研修の日程を知りたいです。",
    "ログインできなくなりました。",
    "請求書の宛名を変えたいです。",
    "デモをお願いします。",
)
HEROINE_INQUIRY: Final = 3
MIXED_CASE_INQUIRY: Final = 5


def cookie_key(number: int) -> str:
    """Give the text key of a cookie."""
    return names.text_key("ck_", number)


def person_of_inquiry(world: World, inquiry: int) -> int:
    """Give the person of an inquiry; every fourth one has no account."""
    return world.people + 5 * inquiry if inquiry % 4 == 0 else 4 * inquiry


def cookie_of(inquiry: int) -> int | None:
    """Give the cookie sent with an inquiry."""
    return inquiry if inquiry % 3 == 0 else None


def _inquiries(world: World) -> Iterator[Row]:
    draw = world.draw("inquiries")
    for number in range(1, world.people // 5 + 1):
        bits, person = draw(number), world.person(person_of_inquiry(world, number))
        plain = number > 10
        body, email, cookie = pick(SUBJECTS, bits), person.email, cookie_of(number)
        if number == HEROINE_INQUIRY:
            body = "山田花子と申します。上司の佐藤健(090-0012-3414)に代わり、請求書の再発行をお願いします。"
        elif bits % 7 == 0:
            body = f"{world.person(bits % world.people + 1).plain}の代わりに書いています。{body}"
        if number == MIXED_CASE_INQUIRY:
            email = email.title().replace(".Example", ".EXAMPLE")
        created = names.moment(bits)
        yield {
            "id": number,
            "name": None if plain and bits % 8 == 0 else person.name,
            "email": None if plain and bits % 10 == 0 else email,
            "phone": person.phone if bits % 2 else None,
            "company": person.company.name if person.company and bits % 3 else None,
            "body": body,
            "cookie_id": None if cookie is None else cookie_key(cookie),
            "created_at": created,
            "answered_at": None if bits % 5 == 0 else names.later(created, bits >> 20),
        }


def _newsletter(world: World) -> Iterator[Row]:
    draw = world.draw("newsletter")
    for number in range(1, world.people // 2 + 1):
        bits, person = draw(number), world.person(2 * number)
        confirmed = names.moment(bits)
        plain = number > 20
        yield {
            "id": number,
            "email": person.email,
            "confirmed_at": None if plain and bits % 6 == 0 else confirmed,
            "unsubscribed_at": names.later(confirmed, bits >> 9)
            if plain and bits % 12 == 1
            else None,
        }


def _access_log(world: World) -> Iterator[Row]:
    draw = world.draw("access_log")
    number = 0
    for cookie in range(1, world.people + 1):
        for _ in range(1 + draw(cookie) % 5):
            number += 1
            bits = draw(-number)
            yield {
                "id": number,
                "cookie_id": None if bits % 15 == 0 and cookie > 20 else cookie_key(cookie),
                "ip": names.ip(draw(cookie)),
                "user_agent": None if bits % 21 == 0 else pick(names.USER_AGENTS, draw(cookie)),
                "path": pick(PATHS, bits >> 4),
                "at": names.moment(bits >> 6),
            }


ROWS: Final[dict[str, Rows]] = {
    "inquiries": _inquiries,
    "newsletter": _newsletter,
    "access_log": _access_log,
}

# How many rows are about the mail address `:subject`, written by hand and on purpose without `truth`.
HELD_BY: Final[dict[str, str]] = {
    "inquiries": "SELECT count(*) FROM inquiries WHERE lower(email) = lower(:subject)",
    "newsletter": "SELECT count(*) FROM newsletter WHERE lower(email) = lower(:subject)",
    "access_log": (
        "SELECT count(*) FROM access_log WHERE cookie_id IN "
        "(SELECT cookie_id FROM inquiries WHERE lower(email) = lower(:subject))"
    ),
}


def cast_facts(world: World) -> dict[str, Any]:
    """Give the keys of the awkward facts that live in this service."""
    mixed = person_of_inquiry(world, MIXED_CASE_INQUIRY)
    return {
        "cookie_of_an_inquiry": {
            "inquiry": HEROINE_INQUIRY,
            "cookie_id": cookie_key(HEROINE_INQUIRY),
            "email": world.person(names.HEROINE).email,
        },
        "cookie_of_nobody": {"cookie_id": cookie_key(1)},
        "mixed_case_address": {
            "inquiry": MIXED_CASE_INQUIRY,
            "email": world.person(mixed).email,
            "account": mixed,
        },
    }
