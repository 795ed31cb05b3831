"""Applications, attendees, invoices and certificates of the training service.

A company applies and names its people; they are not asked by us first, so each gets a mail that says from whom we have their
name, what for, and where that is stopped. The contact of a company has no key in this service; the attendees have one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from examples.levii.databases.training import COURSES, METADATA
from examples.levii.services import mail
from examples.levii.services import place as places

if TYPE_CHECKING:
    from examples.levii.services.notice import Notice
    from examples.levii.services.place import Found, Place

COMPANIES = METADATA.tables["companies"]
APPLICATIONS = METADATA.tables["applications"]
ATTENDEES = METADATA.tables["attendees"]
SESSIONS = METADATA.tables["sessions"]
ATTENDANCE = METADATA.tables["attendance"]
CERTIFICATES = METADATA.tables["certificates"]
INVOICES = METADATA.tables["invoices"]
ASKED: Final = (
    "name",
    "company_name",
    "address",
    "headcount",
    "phone",
    "email",
    "voluntary",
    "payment_other",
)
OF_ATTENDEES: Final = ("name", "email", "phone", "workplace", "usage_history")
HEAD_PRICE: Final = 40_000  # for one person and course, before tax
MOST_HEADS: Final = 200


class FullError(Exception):
    """As many attendees as were applied for are named already."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a company typed into the application."""

    company: str
    contact: str
    email: str
    phone: str
    postal_code: str
    address: str
    course: str
    headcount: int
    remarks: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a company typed about one attendee."""

    name: str
    name_kana: str
    email: str
    phone: str
    department: str


def price(heads: int) -> int:
    """What a course costs for some people: 40,000 yen each and 10 % tax, which is whole yen always."""
    return HEAD_PRICE * heads * 110 // 100


def apply(place: Place, applied: Applied) -> int:
    """Take an application and write its invoice, in one transaction; the application's key."""
    if applied.course not in COURSES or not 1 <= applied.headcount <= MOST_HEADS:
        raise ValueError("no such course, or nobody to attend it")
    calculation = place.use("fee_calculation", "company_name", "headcount")
    billing = place.use("billing", "name", "company_name", "address", "headcount")
    with place.writing() as db:
        company = _inserted(
            db,
            COMPANIES,
            name=applied.company,
            contact_name=applied.contact,
            contact_email=applied.email,
            contact_phone=applied.phone or None,
            postal_code=applied.postal_code or None,
            address=applied.address or None,
        )
        key = _inserted(
            db,
            APPLICATIONS,
            company_id=company,
            course=applied.course,
            headcount=applied.headcount,
            remarks=applied.remarks or None,
            applied_at=places.japan_now(),
        )
        with calculation:
            amount = price(applied.headcount)
        with billing:
            row = {
                "application_id": key,
                "addressee": f"{applied.company} {applied.contact} 様",
                "amount": amount,
                "issued_on": places.today(),
            }
            _inserted(db, INVOICES, **row)
    return key


def _inserted(db: sa.Connection, table: sa.Table, **values: object) -> int:
    return int(db.execute(table.insert().values(**values)).inserted_primary_key[0])  # type: ignore[index]


def application(place: Place, key: int) -> Found | None:
    """An application with its company and its invoice."""
    query = (
        sa.select(
            APPLICATIONS.c.id,
            APPLICATIONS.c.course,
            APPLICATIONS.c.headcount,
            COMPANIES.c.name.label("company"),
            INVOICES.c.id.label("invoice"),
            INVOICES.c.addressee,
            INVOICES.c.amount,
            INVOICES.c.issued_on,
        )
        .join(COMPANIES, COMPANIES.c.id == APPLICATIONS.c.company_id)
        .outerjoin(INVOICES, INVOICES.c.application_id == APPLICATIONS.c.id)
        .where(APPLICATIONS.c.id == key)
    )
    with place.engine.connect() as db:
        return db.execute(query).first()


def attendees(place: Place, key: int) -> list[Found]:
    """The attendees of an application, each with the key of a certificate."""
    query = (
        sa.select(
            ATTENDEES.c.id,
            ATTENDEES.c.name,
            ATTENDEES.c.department,
            CERTIFICATES.c.id.label("certificate"),
        )
        .outerjoin(CERTIFICATES, CERTIFICATES.c.attendee_id == ATTENDEES.c.id)
        .where(ATTENDEES.c.application_id == key)
        .order_by(ATTENDEES.c.id)
    )
    with place.engine.connect() as db:
        return list(db.execute(query).all())


def enrol(place: Place, key: int, named: Named, notice: Notice) -> int:
    """Enrol a person for a company, register them, and tell them by mail; the attendee's key."""
    course = place.use("course", "name", "email", "phone", "workplace")
    with course, place.writing() as db:
        heads = sa.select(APPLICATIONS.c.headcount).where(APPLICATIONS.c.id == key)
        count = sa.select(sa.func.count()).where(ATTENDEES.c.application_id == key)
        if db.execute(count).scalar_one() >= (db.execute(heads).scalar() or 0):
            raise FullError
        attendee = _inserted(
            db,
            ATTENDEES,
            application_id=key,
            name=named.name,
            name_kana=named.name_kana or None,
            email=named.email or None,
            phone=named.phone or None,
            department=named.department or None,
        )
        place.gate.register(attendee, notice=notice.digest)
        course.require(attendee)
    if named.email:
        _tell(place, attendee, named.email, notice)
    return attendee


def _tell(place: Place, attendee: int, address: str, notice: Notice) -> None:
    """Art. 21(1): who acquires otherwise than from the person tells them the purposes without delay."""
    found = notice.purposes(place.service, OF_ATTENDEES)
    lines = "\n".join(f"・{name}（{number}）" for name, number, _, _ in found)
    text = (
        "勤務先から研修のお申し込みがあり、あなたの氏名などを受け取りました。次の目的にだけ使います。\n\n"
        f"{lines}\n\nくわしくは: {place.policy_address(notice)}\n止めるときは: {place.address}/settings\n"
    )
    subject = "【レヴィの研修】あなたの情報を勤務先から受け取りました（見本）"
    mail.write(place.mails, f"acquired-training-{attendee}", to=address, subject=subject, body=text)


def finish(place: Place, key: int, attendee: int) -> str | None:
    """Note that a person attended, and issue the certificate once; its key, or None for another's attendee."""
    course = place.use("course", "name", "usage_history")
    with course, place.writing() as db:
        course.require(attendee)
        mine = (ATTENDEES.c.id == attendee, ATTENDEES.c.application_id == key)
        who = db.execute(sa.select(ATTENDEES.c.name).where(*mine)).first()
        if who is None:
            return None
        number = f"C-{places.today().year}-{attendee:07d}"
        of_them = sa.select(CERTIFICATES.c.id).where(CERTIFICATES.c.attendee_id == attendee)
        there = db.execute(of_them).scalar()
        if there is not None:
            return str(there)
        session = _session(db, key)
        came = sa.select(ATTENDANCE).where(
            ATTENDANCE.c.session_id == session, ATTENDANCE.c.attendee_id == attendee
        )
        if db.execute(came).first() is None:
            row = {"session_id": session, "attendee_id": attendee, "came": True}
            db.execute(ATTENDANCE.insert().values(**row))
        issued: dict[str, object] = {
            "id": number,
            "attendee_id": attendee,
            "session_id": session,
            "name_on_certificate": who.name,
            "issued_on": places.today(),
        }
        db.execute(CERTIFICATES.insert().values(**issued))
    return number


def _session(db: sa.Connection, application: int) -> int:
    """Today's session of the application's course; made where there is none."""
    course = db.execute(
        sa.select(APPLICATIONS.c.course).where(APPLICATIONS.c.id == application)
    ).scalar_one()
    today = (SESSIONS.c.course == course, SESSIONS.c.held_on == places.today())
    found = db.execute(sa.select(SESSIONS.c.id).where(*today).limit(1)).scalar()
    if found is not None:
        return int(found)
    order = db.execute(sa.select(sa.func.coalesce(sa.func.max(SESSIONS.c.order), 0))).scalar_one()
    return _inserted(db, SESSIONS, course=course, held_on=places.today(), order=order + 1)


def certificate(place: Place, number: str) -> Found | None:
    """A certificate as it was issued; one that was issued stays good."""
    query = (
        sa.select(CERTIFICATES, SESSIONS.c.course, SESSIONS.c.held_on)
        .join(SESSIONS, SESSIONS.c.id == CERTIFICATES.c.session_id)
        .where(CERTIFICATES.c.id == number)
    )
    with place.engine.connect() as db:
        return db.execute(query).first()


def with_address(place: Place, address: str) -> int | None:
    """The newest attendee of a mail address, which the employer typed in."""
    same = sa.func.lower(ATTENDEES.c.email) == address.lower()
    query = sa.select(ATTENDEES.c.id).where(same).order_by(ATTENDEES.c.id.desc()).limit(1)
    with place.engine.connect() as db:
        found = db.execute(query).scalar()
    return None if found is None else int(found)
