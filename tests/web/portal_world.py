"""Persons who come to the portal: one alone, two who share a mailbox, and how each signs in."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from chikai import canon, clock
from chikai.people.normalise import Keyed
from chikai.sdk import handoff
from chikai.web.actions import PERSON, WORK, Actor, choices, rights, rights_asked
from chikai.web.actions import portal as actions
from chikai.web.models import Identifier, IdentityTable, Link, PartedNotice, Person
from chikai.web.models.provision import ProvisionRecord
from chikai.web.models.rights import Request, Step
from tests.web import world

HANAKO = "hanako@minato.example"
SHARED = "family@minato.example"
DESK = Actor("staff:3", frozenset({"desk"}))


def person(
    address: str, keys: dict[str, str], milliseconds: int = 0, *, proved: bool = True
) -> Person:
    """A person with a key in each of these sources, and one mail address, which the services proved."""
    now = clock.now() + timedelta(milliseconds=milliseconds)
    made = Person.objects.create(id=canon.new_id(now), since=now)
    digest = Keyed(settings.HOME.key("identifiers")).mail(address)
    for source, key in keys.items():
        link = Link.objects.create(
            person=made, source=source, table="accounts", key=key, since=now,
            verified="mail" if proved else "",
        )  # fmt: skip
        Identifier.objects.create(link=link, kind="mail", digest=digest, verified=proved)
        IdentityTable.objects.get_or_create(
            source=source, table="accounts", defaults={"tried_at": now, "read_at": now}
        )
    return made


def begin() -> Person:
    """An installation with a published policy and a person in two services."""
    world.begin()
    world.publish()
    return person(HANAKO, {"balus": "17", "kata": "9"})


def two() -> tuple[Person, Person]:
    """Two persons who share a mailbox."""
    return person(SHARED, {"balus": "31"}, 5), person(SHARED, {"kata": "32"}, 6)


def token(service: str = "balus", key: str = "17", nonce: str = "n1", **more) -> str:
    """What a service signs when it hands a person over."""
    secret = more.get("secret") or actions.handoff_key("balus")
    return handoff.write(handoff.Handed(service, key, nonce), secret, more.get("now", clock.now()))


def sign_in(client, service: str = "balus", key: str = "17") -> None:
    """Sign a test client in by a hand-off."""
    nonce = canon.new_id(clock.now()).hex
    answer = client.get(f"/me/enter?token={token(service, key, nonce)}")
    assert answer.status_code == 302, answer.content.decode()


@dataclass(frozen=True)
class Looked:
    """A page to look at."""

    name: str
    path: str
    signed_in: bool = True


def full() -> Person:
    """A person with counts, a stop, provisions, a parting, an answered request and one under way."""
    hanako = begin()
    actions.keep_counts(WORK, hanako, COUNTED)
    choices.stop(PERSON, hanako.pk, "purpose:anonymised_information")
    choices.stop(PERSON, hanako.pk, "purpose:billing")
    _given(hanako)
    _told(hanako)
    rights.open_request(PERSON, person=hanako, kind="disclose", evidence="sign_in")
    request = Request.objects.get()
    now = clock.now()
    rights_asked.write_message(PERSON, request, "いつごろ届きますか。", person=hanako)
    rights_asked.write_message(DESK, request, "あと2日ほどでお届けできる見込みです。")
    Request.objects.filter(pk=request.pk).update(state="gathering")
    for ord_, (source, state) in enumerate(STEPS):
        Step.objects.create(
            request=request, ord=ord_, source=source, service=source, action="read", state=state,
            not_before=now,
        )  # fmt: skip
    return hanako


COUNTED = {
    "balus": {
        "service": "balus",
        "standing": "counted",
        "counts": {"name": 1, "email": 1, "workplace": 1, "usage_history": 1204, "card": 1},
    },
    "kata": {
        "service": "kata",
        "standing": "counted",
        "counts": {"name": 1, "email": 2, "usage_history": 87},
    },
    "training": {"service": "training", "standing": "unreachable", "counts": {}},
}
STEPS = (("balus", "done"), ("kata", "done"), ("training", "todo"))
GIVEN = (
    ("aoba_payment", {"ja": "あおば決済 株式会社", "en": "Aoba Payments Inc."}, "entrusted"),
    ("manabi", {"ja": "学びの森 研修センター", "en": "Manabi no Mori Training Centre"}, "consent"),
)


def _told(person: Person) -> None:
    """She was parted from somebody whom she had been taken for."""
    now = clock.now()
    on = clock.day_in_japan(now).isoformat()
    told = {
        "withdrawn": [{"number": "2025-0001", "kind": "correct", "on": on, "sure": False}],
        "carried": [{"kind": "erase", "services": ["kata"], "on": on, "sure": True}],
        "stopped": ["purpose:billing"],
    }
    PartedNotice.objects.create(person=person, since=now - timedelta(days=3), until=now, told=told)


def _given(person: Person) -> None:
    now = clock.now()
    for days, (recipient, name, basis) in enumerate(GIVEN):
        ProvisionRecord.objects.create(
            person=person,
            service="balus",
            recipient=recipient,
            name=name,
            purpose="billing",
            why={"ja": "利用料金の請求", "en": "billing"},
            items=["name", "email"],
            basis=basis,
            edition="sha256:" + "ab" * 32,
            act=canon.new_id(now),
            at=now - timedelta(days=days * 9 + 2),
            kept_until=(now + timedelta(days=1000)).date(),
        )


def cookie() -> str:
    """The cookie of a browser that hanako is signed in with."""
    entered = actions.enter(token(nonce=canon.new_id(clock.now()).hex))
    return entered.token


def pages() -> tuple[Looked, ...]:
    """Every page of the portal."""
    number = Request.objects.get().number
    return (
        Looked("me-sign-in", "/me/sign-in", signed_in=False),
        Looked("me-link-over", "/me/link/nothing", signed_in=False),
        Looked("me-handoff-over", "/me/enter?token=x", signed_in=False),
        Looked("me", "/me?v=1"),
        Looked("me-held", "/me/held"),
        Looked("me-settings", "/me/settings"),
        Looked("me-ends", "/me/settings/ends?unit=everything"),
        Looked("me-requests", "/me/requests"),
        Looked("me-request", f"/me/requests/{number}"),
        Looked("me-request-for", "/me/requests/for"),
        Looked("me-request-agent", "/me/requests/for?kind=disclose"),
        Looked("me-request-new", "/me/requests/new?kind=disclose_records"),
        Looked("me-request-correct", "/me/requests/new?kind=correct"),
        Looked("me-request-erase", "/me/requests/new?kind=erase"),
        Looked("me-history", "/me/history"),
        Looked("me-given", "/me/given"),
        Looked("me-notices", "/me/notices"),
    )
