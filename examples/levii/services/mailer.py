"""The mailer of the example: `python -m examples.levii.services.mailer --purpose guidance`.

It writes a mail to everybody who may get it for this purpose, as a file, and prints how many were left out and by which
clause. A mail is named after its day and its person, so a run that was killed goes on, and nobody gets it twice.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from chikai.errors import ChikaiError, Unreachable
from examples.levii.databases import balus, training
from examples.levii.services import mail, reasons
from examples.levii.services import place as places

if TYPE_CHECKING:
    from examples.levii.services.place import Place

LETTERS: Final = {
    "guidance": (
        "新しい機能のご案内（見本）",
        "図の部品をまとめて動かせるようになりました。\n\nこのご案内は、プライバシーポリシー {clause} にもとづいてお送りしています。",
    ),
    "notice_of_changes": (
        "規約等の変更のお知らせ（見本）",
        "規約等を変更します。くわしくは {policy} をご覧ください。\n\nこのお知らせは、プライバシーポリシー {clause} にもとづいてお送りしています。",
    ),
}
STOP: Final = "\n\n止めるには、設定の画面を開いて、ボタンを1回押してください。\n{stop}\n"


def addresses(place: Place) -> dict[int, str]:
    """Who could be written to: key to mail address, closed and unconfirmed accounts left out."""
    table = (
        balus.METADATA.tables["accounts"]
        if place.service == "balus"
        else training.METADATA.tables["attendees"]
    ).c
    query = sa.select(table.id, table.email).where(table.email.is_not(None)).order_by(table.id)
    if place.service == "balus":
        query = query.where(table.deleted_at.is_(None), table.email_verified_at.is_not(None))
    with place.engine.connect() as db:
        return {row.id: row.email for row in db.execute(query)}


def run(place: Place, purpose: str, day: str) -> tuple[int, int, list[str]]:
    """Write the mails; how many were written, how many are left out, and why, a line for each reason."""
    notice = place.notices.current()
    if notice is None:
        raise Unreachable("the published policy cannot be read", "is Chikai running?")
    use = place.use(purpose, "name", "email")
    subject, text = LETTERS[purpose]
    stop = f"{place.address}/settings"
    text = text.format(
        clause=notice.number_of(purpose), policy=place.policy_address()
    ) + STOP.format(stop=stop)
    known = addresses(place)
    written = 0
    with use:
        allowed = frozenset(use & known.keys())
        for key in known:
            if key in allowed and key in use:  # asked again at the last moment
                written += mail.write(
                    place.mails,
                    f"{purpose}-{day}-{place.service}-{key}",
                    to=known[key],
                    subject=f"【{places.NAMES[place.service]}】{subject}",
                    body=text,
                    stop=stop,
                )
    left = [(key, use.why(key)) for key in known if key not in allowed]
    return written, len(left), reasons.counted(left, notice)


def main(words: list[str] | None = None) -> int:
    """Write the mails of a purpose and print counts, keys and clauses, without a personal value."""
    parser = argparse.ArgumentParser(prog="python -m examples.levii.services.mailer")
    parser.add_argument("--purpose", choices=sorted(LETTERS), default="guidance")
    parser.add_argument("--service", choices=("balus", "training"), default="balus")
    parser.add_argument(
        "--day", default=places.today().isoformat(), help="names this mailing (today)"
    )
    places.argument(parser)
    args = parser.parse_args(words)
    place = places.Place(args.place, args.service)
    try:
        written, left, lines = run(place, args.purpose, args.day)
    except ChikaiError as fault:
        print(f"no further mail is written: {fault}", file=sys.stderr)
        return 3
    finally:
        place.close()
    print(f"{args.service}, {args.purpose}: {written} mails written, {left} persons left out")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
