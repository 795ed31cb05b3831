"""A company whose four services hold one person, and everything that a request of hers needs."""

import shutil
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from django.conf import settings

from chikai import canon, clock
from chikai.policy import load
from chikai.rights import holds
from chikai.rights.review import Review
from chikai.sources import mapfile, sql
from chikai.sources.config import SourceConfig
from chikai.web import gathered
from chikai.web.actions import COMMAND, Actor, reviewing
from chikai.web.actions import rights as actions
from chikai.web.actions.installation import start
from chikai.web.actions.policy import publish_edition
from chikai.web.models import IdentityTable, Link, MapEdition, Person, Request, SourceEpoch
from examples.levii import databases
from tests.truth_maps import true_map

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "levii"
HEROINE = databases.awkward()["heroine"]
OFFICER = Actor("staff:1", frozenset({"officer"}))
SECOND = Actor("staff:2", frozenset({"officer"}))
DESK = Actor("staff:3", frozenset({"desk"}))
MAIL = "hanako.private@canary.example"


@cache
def example() -> load.Draft:
    """The example's policy, read once in a process."""
    return load.read(EXAMPLE)


def fill(folder: Path, people: int = 60) -> dict[str, str]:
    """The four databases of the services as files."""
    urls = {s: f"sqlite:///{folder / s}.sqlite3" for s in databases.SERVICES}
    for service, url in urls.items():
        engine = sa.create_engine(url)
        databases.fill(engine, service, people=people)
        engine.dispose()
    return urls


def keys_of_heroine(urls) -> dict[str, dict[str, tuple[str, ...]]]:
    engine = sa.create_engine(urls["website"])
    with engine.connect() as c:
        numbers = {
            table: tuple(
                str(i)
                for i in c.scalars(
                    sa.text(f"select id from {table} where lower(email) = :m"),
                    {"m": HEROINE["website"]},
                )
            )
            for table in ("inquiries", "newsletter")
        }
    engine.dispose()
    return {
        "balus": {"accounts": (str(HEROINE["balus"]),)},
        "kata": {"profiles": (HEROINE["kata"],)},
        "training": {"attendees": (str(HEROINE["training"]),)},
        "website": numbers,
    }


def settle(urls, *, manual: bool = False, more: str = "", mode: str = "observe") -> Person:
    """The installation's folder, a published edition, maps in force, and the person with her links."""
    home = settings.HOME.path
    for part in ("packages", "mail", "policy"):
        shutil.rmtree(home / part, ignore_errors=True)
    words = f'mode = "{mode}"\n'
    tables = [f'[source.{s}]\nservice = "{s}"\nurl = "{url}"\n{words}' for s, url in urls.items()]
    if manual:
        tables.append(
            '[source.paper]\nservice = "balus"\nkind = "manual"\nowner = "desk"\ninstruction = "look"\n'
        )
    (home / "chikai.toml").write_text(
        '[operator]\nja = "株式会社レヴィ"\nen = "Levii Inc."\n\n[mail]\n'
        'sender = "privacy@levii.example"\n\n' + more + "\n".join(tables),
        "utf-8",
    )
    shutil.copytree(EXAMPLE, home / "policy", ignore=shutil.ignore_patterns("*.py", "data*"))
    start(COMMAND, staff_name="高橋 桜", staff_email="sakura@levii.example", example=True)
    publish_edition(COMMAND, example())
    policy, now = example().document, clock.now()
    for service in urls:
        adopt(policy, service, now)
        if mode == "enforce":
            SourceEpoch.objects.create(source=service, service=service, seen_at=now)
    person = Person.objects.create(id=canon.new_id(now), since=now)
    for source, tables_ in (keys_of_heroine(urls) if urls else {}).items():
        for table, keys in tables_.items():
            read = {"tried_at": now, "read_at": now}
            IdentityTable.objects.get_or_create(source=source, table=table, defaults=read)
            for key in keys:
                Link.objects.create(person=person, source=source, table=table, key=key, since=now)
    return person


def more_people(urls, count: int) -> list[Person]:
    """Other people of the first service, each with an account there."""
    engine, now = sa.create_engine(urls["balus"]), clock.now()
    with engine.connect() as c:
        keys = c.scalars(
            sa.text("select id from accounts where id <> :h order by id limit :n"),
            {"h": HEROINE["balus"], "n": count},
        ).all()
    engine.dispose()
    people = [Person.objects.create(id=canon.new_id(now), since=now) for _ in keys]
    for person, key in zip(people, keys, strict=True):
        Link.objects.create(
            person=person, source="balus", table="accounts", key=str(key), since=now
        )
    return people


def adopt(policy, service, now, *, change=None):
    """Put the true map of a service into force."""
    made = true_map(policy, service)
    made = change(made) if change else made
    MapEdition.objects.create(
        source=service,
        digest=made.digest,
        text=mapfile.text(made),
        tables=len(made.tables),
        columns=1,
        undecided=0,
        at=now,
    )


def ask(person: Person, **more: object) -> Request:
    """The person asks for disclosure, signed in at the service of their oldest registration."""
    through = [*person.links.order_by("pk").values_list("pk", flat=True)[:1]]
    said = {"kind": "disclose", "evidence": "sign_in", "reply_to": MAIL, "through": through, **more}
    events = actions.open_request(actions.PERSON, person=person, **said)
    return Request.objects.get(number=events[0].facts["number"])


def look_through(request: Request, words: tuple[str, ...] = ()) -> None:
    """An officer reads what was gathered, and blacks out these words."""
    found = gathered.of_request(request)
    said = Review(words)
    reviewing.review_request(OFFICER, request, said, known=found.known, found=len(found.words))


def approve(request: Request, by: Actor = OFFICER) -> object:
    """An officer approves a disclosure, after reading what was gathered for it."""
    row = Request.objects.get(pk=request.pk)
    if (row.kind, row.state, row.is_reviewed) == ("disclose", "review", False):
        look_through(row)
        row.refresh_from_db()
    return actions.approve_request(by, row)


def erase_by_hand(urls, request: Request) -> None:
    """What people do in the services themselves after an erasure was approved there."""
    policy = example().document
    keys = keys_of_heroine(urls)
    for step in request.steps.filter(action="manual", state="manual").exclude(source="paper"):
        config = SourceConfig(step.source, step.source, url=urls[step.source], mode="enforce")
        source = sql.connect(config, environ={}, secret=settings.HOME.key("erasing"))
        map_ = true_map(policy, step.source)
        books = holds.holds(date.fromisoformat(step.found["on"]), settings.HOME.books)
        most = {"": step.found["rows"]}
        with source.changing() as change:
            change.erase(map_, {"": keys[step.source]}, planned=most, holds=books)
        source.close()
