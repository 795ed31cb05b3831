"""The training service: companies apply for their people; its tables, and rows for any number of people.

The oldest of the four. Its times are Japan's, without a zone. One table and its columns have Japanese names. The
tables `attendance` and `アンケート回答` declare no foreign keys, as after a load from a dump. An attendee is typed in by
the employer, so that the mail address was never verified by the person. Attendee a is person 3a, every fifth one
somebody without an account; rows after the first third of the people enrol an earlier attendee once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Text,
)

from examples.levii.databases import names
from examples.levii.databases.names import COMPANY_SIZE, World, pick
from examples.levii.databases.shape import BIG_KEY, Row, Rows, table

METADATA: Final = MetaData()
SURVEY: Final = "アンケート回答"

table(
    METADATA,
    "companies",
    Column("id", BIG_KEY, primary_key=True),
    Column("name", String(120), nullable=False, comment="会社名"),
    Column("contact_name", String(100), comment="担当者"),
    Column("contact_email", String(254), comment="担当者のメールアドレス"),
    Column("contact_phone", String(40)),
    Column("postal_code", String(20)),
    Column("address", String(200), comment="住所"),
    comment="研修を申し込んだ会社",
)
table(
    METADATA,
    "applications",
    Column("id", BIG_KEY, primary_key=True),
    Column("company_id", BigInteger, ForeignKey("companies.id"), nullable=False, index=True),
    Column("course", String(100), nullable=False),
    Column("headcount", Integer, comment="申し込み人数"),
    Column("remarks", Text, comment="備考"),
    Column("applied_at", DateTime, nullable=False, comment="日本時間"),
)
table(
    METADATA,
    "attendees",
    Column("id", BIG_KEY, primary_key=True),
    Column("application_id", BigInteger, ForeignKey("applications.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False, comment="氏名"),
    Column("name_kana", String(100), comment="フリガナ"),
    Column("email", String(254), index=True, comment="会社が記入。本人は未確認"),
    Column("phone", String(40)),
    Column("department", String(100), comment="所属"),
    Column("group", String(20), comment="班"),
)
table(
    METADATA,
    "sessions",
    Column("id", BIG_KEY, primary_key=True),
    Column("course", String(100), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("place", String(200)),
    Column("order", Integer, nullable=False, comment="回"),
)
table(
    METADATA,
    "attendance",
    Column("session_id", BigInteger, primary_key=True, autoincrement=False),
    Column("attendee_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("came", Boolean),
    Column("note", Text, comment="講師のメモ"),
)
table(
    METADATA,
    "certificates",
    Column("id", String(20), primary_key=True),
    Column("attendee_id", BigInteger, ForeignKey("attendees.id"), nullable=False, index=True),
    Column("session_id", BigInteger, ForeignKey("sessions.id"), nullable=False, index=True),
    Column("name_on_certificate", String(100), nullable=False, comment="修了証の氏名"),
    Column("issued_on", Date, nullable=False),
)
table(
    METADATA,
    SURVEY,
    Column("回答番号", BIG_KEY, primary_key=True),
    Column("受講者番号", BigInteger, nullable=False, index=True),
    Column("研修回番号", BigInteger),
    Column("満足度", SmallInteger),
    Column("自由記述", Text),
    Column("回答日時", DateTime, nullable=False),
)
table(
    METADATA,
    "invoices",
    Column("id", BIG_KEY, primary_key=True),
    Column("application_id", BigInteger, ForeignKey("applications.id"), nullable=False, index=True),
    Column("addressee", String(200), nullable=False, comment="宛名"),
    Column("amount", Integer, nullable=False, comment="税込、円"),
    Column("issued_on", Date, nullable=False),
    Column("paid_on", Date),
)

COURSES: Final = (
    "システムモデリング入門",
    "Balus 実践",
    "KATA で学ぶ型",
    "システムズエンジニアリング基礎",
)
DEPARTMENTS: Final = ("設計部", "品質保証部", "情報システム部", "事業企画室", None)
OPINIONS: Final = (
    "演習の時間をもう少し長くしてほしいです。",
    "自社の題材で試せたのがよかったです。",
    "資料の文字が小さかったです。",
    "同僚にも勧めたいと思います。",
)


def companies_of(world: World) -> int:
    """Give how many companies apply."""
    return max(world.people // COMPANY_SIZE, 5)


def applications_of(world: World) -> int:
    """Give how many applications there are; a few have no attendees yet."""
    return 2 * companies_of(world)


def first_enrolments_of(world: World) -> int:
    """Give how many attendees are enrolled for the first time."""
    return world.people // 3


def person_of(world: World, attendee: int) -> int:
    """Give the person of an attendee's row."""
    first = first_enrolments_of(world)
    if attendee > first:
        attendee = 10 * (attendee - first) - 1
    return world.people + attendee if attendee % 5 == 0 else 3 * attendee


def _company_of(world: World, application: int) -> int:
    # The company of the first application's four attendees is the employer of most of them.
    if 3 * names.TEAM_SIZE * application <= world.people:
        employer = (3 * names.TEAM_SIZE * application - 1) // COMPANY_SIZE + 1
        return min(employer, companies_of(world))
    return (application - 1) % companies_of(world) + 1


def _contact_of(world: World, company: int) -> names.Person:
    # Every third contact also has an account; the others are known from the application only.
    number = COMPANY_SIZE * company - 1 if company % 3 == 0 else 2 * world.people + company
    return world.person(number if company % 3 or number <= world.people else 1)


def _companies(world: World) -> Iterator[Row]:
    draw = world.draw("companies")
    for number in range(1, companies_of(world) + 1):
        bits, firm = draw(number), names.company(number - 1)
        contact = _contact_of(world, number)
        local = contact.email.partition("@")[0]
        yield {
            "id": number,
            "name": firm.name,
            "contact_name": None if bits % 9 == 0 else contact.name,
            "contact_email": None if bits % 9 == 0 else f"{local}@{firm.domain}",
            "contact_phone": contact.phone,
            "postal_code": None if bits % 7 == 0 else names.postal_code(bits),
            "address": None if bits % 7 == 0 else names.address(bits),
        }


def _applications(world: World) -> Iterator[Row]:
    draw = world.draw("applications")
    for number in range(1, applications_of(world) + 1):
        bits = draw(number)
        remarks = None
        if bits % 6 == 0:
            remarks = f"{world.person(bits % world.people + 1).plain}が当日遅れて参加します。"
        yield {
            "id": number,
            "company_id": _company_of(world, number),
            "course": pick(COURSES, number),
            # The number applied for and the number enrolled differ now and then.
            "headcount": None if bits % 10 == 0 else names.TEAM_SIZE + bits % 2,
            "remarks": remarks,
            "applied_at": names.japan_moment(bits),
        }


def attendees_of(world: World) -> int:
    """Give how many rows of attendees there are, further enrolments included."""
    first = first_enrolments_of(world)
    return first + first // 10


def application_of(world: World, attendee: int) -> int:
    """Give the application with which an attendee was enrolled."""
    first = first_enrolments_of(world)
    place = (attendee - 1) // names.TEAM_SIZE if attendee <= first else 3 * (attendee - first)
    return place % applications_of(world) + 1


def _attendees(world: World) -> Iterator[Row]:
    draw = world.draw("attendees")
    first = first_enrolments_of(world)
    for number in range(1, attendees_of(world) + 1):
        bits, who = draw(number), person_of(world, number)
        person = world.person(who)
        email: str | None = person.email
        if who == names.CLAIMANT:
            email = world.person(names.CLAIMED).email  # the employer mixed up two lines
        elif number > first:
            email = person.private_email
        elif number > 20 and bits % 9 == 0:
            email = None
        yield {
            "id": number,
            "application_id": application_of(world, number),
            "name": person.plain if number > first else person.name,
            "name_kana": None if number > 20 and bits % 4 == 0 else person.kana,
            "email": email,
            "phone": None if bits % 3 == 0 else person.phone,
            "department": pick(DEPARTMENTS, bits >> 5),
            "group": pick(("A班", "B班", "C班", None), bits >> 9),
        }


def sessions_of(world: World) -> int:
    """Give how many sessions were held."""
    return max(world.people // 100, 4)


def session_of(world: World, attendee: int) -> int:
    """Give the session to which an attendee was called."""
    return application_of(world, attendee) % sessions_of(world) + 1


def _sessions(world: World) -> Iterator[Row]:
    draw = world.draw("sessions")
    for number in range(1, sessions_of(world) + 1):
        bits = draw(number)
        yield {
            "id": number,
            "course": pick(COURSES, number),
            "held_on": names.day(bits),
            "place": None if bits % 4 == 0 else f"見本会館 第{bits % 9 + 1}会議室",
            "order": number,
        }


def _attendance(world: World) -> Iterator[Row]:
    draw = world.draw("attendance")
    for number in range(1, attendees_of(world) + 1):
        bits = draw(number)
        note = f"{world.person(person_of(world, number)).family}さん、質問が多い。"
        yield {
            "session_id": session_of(world, number),
            "attendee_id": number,
            "came": (True, True, True, False, None)[bits % 5],
            "note": note if bits % 7 == 0 else None,
        }


def has_certificate(attendee: int) -> bool:
    """Whether an attendee finished the course."""
    return attendee % 3 != 0


def certificate_key(attendee: int) -> str:
    """Give the text key of an attendee's certificate."""
    return f"C-2025-{attendee:07d}"


def _certificates(world: World) -> Iterator[Row]:
    draw = world.draw("certificates")
    for number in range(1, attendees_of(world) + 1):
        if has_certificate(number):
            yield {
                "id": certificate_key(number),
                "attendee_id": number,
                "session_id": session_of(world, number),
                "name_on_certificate": world.person(person_of(world, number)).name,
                "issued_on": names.day(draw(number)) + timedelta(days=1),
            }


def answer_of(attendee: int) -> int:
    """Give the key of the answer of an attendee with an even number."""
    return attendee // 2


def _answers(world: World) -> Iterator[Row]:
    draw = world.draw(SURVEY)
    for number in range(2, attendees_of(world) + 1, 2):
        bits, who = draw(number), person_of(world, number)
        text: str | None = None if bits % 4 == 0 else pick(OPINIONS, bits >> 4)
        if bits % 9 == 1:
            text = f"講師の{world.person(bits % world.people + 1).plain}さんの説明が早かったです。"
        if who == names.HEROINE:
            text = "山田です。同じ班の𠮷田誠さんと髙橋恵さんに助けられました。連絡は 090-0012-3412 まで。"
        yield {
            "回答番号": answer_of(number),
            "受講者番号": number,
            "研修回番号": None if bits % 13 == 0 else session_of(world, number),
            "満足度": None if bits % 11 == 0 else bits % 5 + 1,
            "自由記述": text,
            "回答日時": names.japan_moment(bits),
        }


def _invoices(world: World) -> Iterator[Row]:
    draw = world.draw("training.invoices")
    for number in range(1, applications_of(world) + 1):
        bits, company = draw(number), _company_of(world, number)
        contact = _contact_of(world, company)
        issued = names.day(bits)
        yield {
            "id": number,
            "application_id": number,
            "addressee": f"{names.company(company - 1).name} {contact.name} 様",
            "amount": 44_000 * names.TEAM_SIZE,
            "issued_on": issued,
            "paid_on": None if bits % 6 == 0 else issued + timedelta(days=30),
        }


ROWS: Final[dict[str, Rows]] = {
    "companies": _companies,
    "applications": _applications,
    "attendees": _attendees,
    "sessions": _sessions,
    "attendance": _attendance,
    "certificates": _certificates,
    SURVEY: _answers,
    "invoices": _invoices,
}

# How many rows are about the attendee `:subject`, written by hand and on purpose without `truth`.
HELD_BY: Final[dict[str, str]] = {
    "attendees": "SELECT count(*) FROM attendees WHERE id = :subject",
    "attendance": "SELECT count(*) FROM attendance WHERE attendee_id = :subject",
    "certificates": "SELECT count(*) FROM certificates WHERE attendee_id = :subject",
    SURVEY: "SELECT count(*) FROM アンケート回答 WHERE 受講者番号 = :subject",
}


def cast_facts(world: World) -> dict[str, Any]:
    """Give the keys of the awkward facts that live in this service."""
    first = first_enrolments_of(world)
    again = range(first + 1, attendees_of(world) + 1)
    return {
        "unverified_claim": {
            "attendee": names.CLAIMANT // 3,
            "email": world.person(names.CLAIMED).email,
            "verified_by_account": names.CLAIMED,
        },
        "enrolled_twice": {"attendees": [[10 * (n - first) - 1, n] for n in again]},
        "japanese_names": {
            "table": SURVEY,
            "column": "自由記述",
            "attendee": names.HEROINE // 3,
            "answer": answer_of(names.HEROINE // 3),
        },
        "no_foreign_keys": {"tables": ["attendance", SURVEY]},
        "company_invoices": {"invoices": applications_of(world)},
    }
