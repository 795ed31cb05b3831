"""Persons who come to the portal: one alone, two who share a mailbox, and how each signs in."""

from datetime import timedelta

from django.conf import settings

from chikai import canon, clock
from chikai.people.normalise import Keyed
from chikai.sdk import handoff
from chikai.web.actions import portal as actions
from chikai.web.models import Identifier, Link, Person
from tests.web import world

HANAKO = "hanako@minato.example"
SHARED = "family@minato.example"


def person(address: str, keys: dict[str, str], milliseconds: int = 0) -> Person:
    """A person with a key in each of these sources, and one mail address."""
    now = clock.now() + timedelta(milliseconds=milliseconds)
    made = Person.objects.create(id=canon.new_id(now), since=now)
    digest = Keyed(settings.HOME.key("identifiers")).mail(address)
    for source, key in keys.items():
        link = Link.objects.create(
            person=made, source=source, table="accounts", key=key, verified="mail", since=now
        )
        Identifier.objects.create(link=link, kind="mail", digest=digest, verified=True)
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
