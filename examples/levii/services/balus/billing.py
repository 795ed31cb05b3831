"""The monthly billing of Balus: `python -m examples.levii.services.balus.billing --month 2026-11`.

For each plan of the month the gate is asked twice: may the fee be calculated, may it be billed. Whoever stopped either, or is
held, is left out, and the run prints how many, which keys and why. An invoice's number is made of its month and its plan, so
that there is one for each, whoever runs this, however often, and wherever it was killed. What was paid for stays billed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from chikai.errors import ChikaiError, UseRefused
from examples.levii.databases.balus import METADATA
from examples.levii.services import place as places
from examples.levii.services import reasons
from examples.levii.services.balus.fees import Fee, Month, days_used, fee

if TYPE_CHECKING:
    from chikai.sdk.client import Use
    from examples.levii.services.place import Found, Place

SUBSCRIPTIONS = METADATA.tables["subscriptions"]
MEMBERSHIPS = METADATA.tables["memberships"]
ACCOUNTS = METADATA.tables["accounts"]
INVOICES = METADATA.tables["invoices"]
PAYING_ROLES = ("owner", "editor")  # who only looks on needs no seat


@dataclass
class Done:
    """What one run did: how many invoices it wrote and found, and who was left out, by account."""

    written: int = 0
    there: int = 0
    nothing_due: int = 0
    yen: int = 0
    left_out: dict[int, object] = field(default_factory=dict)


def number_of(subscription: int, month: Month) -> str:
    """The one number that the invoice of a plan for a month can have."""
    return f"B-{month.year}{month.month:02d}-{subscription:07d}"


def run(place: Place, month: Month) -> Done:
    """Bill a month. Stale when nobody knows what persons have chosen: the next run goes on where this one ended."""
    calculation = place.use("fee_calculation")
    billing = place.use("billing", "name", "company_name", "address", "payment_other")
    done = Done()
    for plan in _plans(place, month):
        try:
            amount = _calculated(place, calculation, plan, month)
            if amount.total == 0:
                done.nothing_due += 1
                continue
            with billing:
                billing.require(plan.account_id)
                is_new = _written(place, plan, month, amount)
        except UseRefused as refused:
            if refused.evidence is None:  # not about this person: the gate itself does not know
                raise
            done.left_out[plan.account_id] = refused.evidence
            continue
        done.written += is_new
        done.there += not is_new
        done.yen += amount.total if is_new else 0
    return done


def _plans(place: Place, month: Month) -> Iterator[Found]:
    """The plans that ran on a day of the month, oldest first; no personal data but the account's key."""
    table = SUBSCRIPTIONS.c
    ended = sa.or_(table.ended_on.is_(None), table.ended_on >= month.first)
    query = (
        sa.select(
            table.id,
            table.account_id,
            table.workspace_id,
            table.plan,
            table.started_on,
            table.ended_on,
        )
        .where(table.started_on <= month.last, ended, table.plan != "free")
        .order_by(table.id)
    )
    with place.engine.connect() as db:
        yield from db.execute(query).all()


def _calculated(place: Place, use: Use, plan: Found, month: Month) -> Fee:
    with use:
        use.require(plan.account_id)
        last = min(plan.ended_on or month.last, month.last)
        over = datetime.combine(last + timedelta(days=1), time(), places.JAPAN).astimezone(UTC)
        seats = (
            sa.select(sa.func.count())
            .select_from(MEMBERSHIPS)
            .where(
                MEMBERSHIPS.c.workspace_id == plan.workspace_id,
                MEMBERSHIPS.c.role.in_(PAYING_ROLES),
                MEMBERSHIPS.c.joined_at < over,
            )
        )
        with place.engine.connect() as db:
            count = db.execute(seats).scalar_one()
        return fee(plan.plan, count, days_used(plan.started_on, plan.ended_on, month), month)


def _written(place: Place, plan: Found, month: Month, amount: Fee) -> bool:
    """Write the invoice if it is not there; one transaction, and the number is unique."""
    number = number_of(plan.id, month)
    before = (
        sa.select(INVOICES.c.billing_postal_code, INVOICES.c.billing_address)
        .where(INVOICES.c.subscription_id == plan.id)
        .order_by(INVOICES.c.id.desc())
        .limit(1)
    )
    with place.writing() as db:
        if db.execute(sa.select(INVOICES.c.id).where(INVOICES.c.number == number)).first():
            return False
        account = db.execute(
            sa.select(ACCOUNTS.c.name, ACCOUNTS.c.company).where(ACCOUNTS.c.id == plan.account_id)
        ).one()
        last = db.execute(before).first()
        db.execute(
            INVOICES.insert().values(
                number=number,
                subscription_id=plan.id,
                billing_name=account.name,
                billing_company=account.company,
                billing_postal_code=last.billing_postal_code if last else None,
                billing_address=last.billing_address if last else None,
                amount=amount.total,
                issued_on=month.billed_on,
            )
        )
    return True


def main(words: list[str] | None = None) -> int:
    """Bill a month that is over, and print what was done, without a personal value."""
    parser = argparse.ArgumentParser(prog="python -m examples.levii.services.balus.billing")
    parser.add_argument("--month", type=Month.read, required=True, help="such as 2026-11")
    parser.add_argument(
        "--on", type=date.fromisoformat, default=places.today(), help="the day of the run"
    )
    places.argument(parser)
    args = parser.parse_args(words)
    if args.on <= args.month.last:
        print(
            f"the month is not over on {args.on}: bill it from {args.month.billed_on} on",
            file=sys.stderr,
        )
        return 2
    place = places.Place(args.place, "balus")
    try:
        done = run(place, args.month)
    except ChikaiError as fault:
        print(
            f"billing stopped, and nobody was billed without being asked about: {fault}",
            file=sys.stderr,
        )
        return 3
    finally:
        place.close()
    print(
        f"{args.month.year}-{args.month.month:02d}: {done.written} invoices written, {done.yen:,} yen with tax"
    )
    print(f"{done.there} were there already; {done.nothing_due} owe nothing")
    print(f"{len(done.left_out)} accounts left out")
    notice = place.notices.current()
    if notice is not None:
        print("\n".join(reasons.counted(done.left_out.items(), notice)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
