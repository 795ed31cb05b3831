"""Accounts of Balus: signing up after the purposes were shown, signing in, and the plan of a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from examples.levii.databases.balus import METADATA
from examples.levii.services import mail
from examples.levii.services import place as places
from examples.levii.services.balus.fees import PRICES

if TYPE_CHECKING:
    from examples.levii.services.place import Found, Place

ACCOUNTS = METADATA.tables["accounts"]
WORKSPACES = METADATA.tables["workspaces"]
MEMBERSHIPS = METADATA.tables["memberships"]
SUBSCRIPTIONS = METADATA.tables["subscriptions"]
INVOICES = METADATA.tables["invoices"]
USAGE = METADATA.tables["usage_events"]
ASKED: Final = ("name", "email", "workplace")  # what the form of the sign-up acquires
OBSERVED: Final = ("usage_history", "public_content", "unique_other", "voluntary", "payment_other")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person typed into the sign-up."""

    name: str
    email: str
    company: str


class TakenError(Exception):
    """A confirmed account has this address already."""


def sign_up(place: Place, wanted: Wanted, digest: str) -> int:
    """Make an account with a team of its own, and register the person under the notice that was shown; the key.

    Somebody whom the gate would not let be registered gets no account: nothing is kept then.
    """
    registration = place.use("registration", "name", "email", "workplace")
    with registration, place.writing() as db:
        same = sa.func.lower(ACCOUNTS.c.email) == wanted.email.lower()
        alive = (ACCOUNTS.c.deleted_at.is_(None), ACCOUNTS.c.email_verified_at.is_not(None))
        if db.execute(sa.select(ACCOUNTS.c.id).where(same, *alive)).first():
            raise TakenError
        key = _inserted(
            db,
            ACCOUNTS,
            email=wanted.email,
            name=wanted.name,
            company=wanted.company or None,
            locale="ja",
            created_at=places.now(),
        )
        team = _inserted(
            db, WORKSPACES, name="はじめのチーム", owner_id=key, created_at=places.now()
        )
        joined = {"workspace_id": team, "account_id": key, "role": "owner"}
        db.execute(MEMBERSHIPS.insert().values(joined_at=places.now(), **joined))
        _inserted(
            db,
            SUBSCRIPTIONS,
            workspace_id=team,
            account_id=key,
            plan="free",
            started_on=places.today(),
        )
        place.gate.register(key, notice=digest)
        registration.require(key)
    return key


def _inserted(db: sa.Connection, table: sa.Table, **values: object) -> int:
    return int(db.execute(table.insert().values(**values)).inserted_primary_key[0])  # type: ignore[index]


def send_confirmation(place: Place, key: int, address: str, link: str) -> None:
    """Write the mail that proves the mailbox."""
    text = f"次のページを開いて、ボタンを押してください。\n\n{link}\n\n心当たりがなければ、何もしないでください。\n"
    mail.write(
        place.mails,
        f"confirm-balus-{key}-{places.now():%Y%m%dT%H%M%S}",
        to=address,
        subject="【Balus】メールアドレスの確認（見本）",
        body=text,
    )


def confirm(place: Place, key: int) -> None:
    """Note that the mailbox is the person's."""
    unconfirmed = (ACCOUNTS.c.id == key, ACCOUNTS.c.email_verified_at.is_(None))
    with place.writing() as db:
        db.execute(sa.update(ACCOUNTS).where(*unconfirmed).values(email_verified_at=places.now()))


def with_address(place: Place, address: str) -> int | None:
    """The oldest open account of a mail address."""
    table = ACCOUNTS.c
    same = (sa.func.lower(table.email) == address.lower(), table.deleted_at.is_(None))
    query = sa.select(table.id).where(*same).order_by(table.email_verified_at.is_(None), table.id)
    with place.engine.connect() as db:
        found = db.execute(query.limit(1)).scalar()
    return None if found is None else int(found)


def sign_in(place: Place, key: int) -> None:
    """Let a person in; UseRefused when they stopped the check of identity."""
    identity = place.use("identity_check", "name", "email")
    with identity, place.writing() as db:
        identity.require(key)
        db.execute(
            sa.update(ACCOUNTS).where(ACCOUNTS.c.id == key).values(last_login_at=places.now())
        )
    note(place, key, "sign_in")


def note(place: Place, key: int, action: str) -> None:
    """Keep a line of the history of use, unless the person stopped that; without address or browser."""
    history = place.use("service_operation", "usage_history")
    with history:
        if key in history:
            row = {"account_id": key, "action": action, "at": places.now()}
            with place.writing() as db:
                db.execute(USAGE.insert().values(**row))


def account(place: Place, key: int) -> Found | None:
    """The row of an open account."""
    with place.engine.connect() as db:
        query = sa.select(ACCOUNTS).where(ACCOUNTS.c.id == key, ACCOUNTS.c.deleted_at.is_(None))
        return db.execute(query).first()


def plan_of(place: Place, key: int) -> Found | None:
    """The plan that a person pays for now."""
    table = SUBSCRIPTIONS.c
    mine = (table.account_id == key, table.ended_on.is_(None))
    with place.engine.connect() as db:
        query = sa.select(SUBSCRIPTIONS).where(*mine).order_by(table.id.desc()).limit(1)
        return db.execute(query).first()


def change_plan(place: Place, key: int, plan: str) -> None:
    """Go over to another plan today: the old one ends yesterday, or is replaced where it began today."""
    if plan not in PRICES:
        raise ValueError("this plan is not sold")
    day = places.today()
    paying = place.use("service_operation", "company_name", "email")
    table = SUBSCRIPTIONS.c
    with paying, place.writing() as db:
        paying.require(key)
        query = sa.select(SUBSCRIPTIONS).where(table.account_id == key, table.ended_on.is_(None))
        old = db.execute(query.order_by(table.id.desc()).limit(1)).first()
        if old is None or old.plan == plan:
            return
        if old.started_on == day:
            db.execute(sa.update(SUBSCRIPTIONS).where(table.id == old.id).values(plan=plan))
            return
        ended = max(old.started_on, day - timedelta(days=1))
        db.execute(sa.update(SUBSCRIPTIONS).where(table.id == old.id).values(ended_on=ended))
        row = {"workspace_id": old.workspace_id, "account_id": key, "plan": plan, "started_on": day}
        db.execute(SUBSCRIPTIONS.insert().values(**row))


def invoices_of(place: Place, key: int) -> list[Found]:
    """A person's invoices, the newest first."""
    mine = INVOICES.join(SUBSCRIPTIONS, SUBSCRIPTIONS.c.id == INVOICES.c.subscription_id)
    query = (
        sa.select(INVOICES.c.number, INVOICES.c.amount, INVOICES.c.issued_on, INVOICES.c.paid_on)
        .select_from(mine)
        .where(SUBSCRIPTIONS.c.account_id == key)
        .order_by(INVOICES.c.issued_on.desc(), INVOICES.c.id.desc())
    )
    with place.engine.connect() as db:
        return list(db.execute(query).all())
