"""Random policies in several editions, with the registry of their toggles, for the tests that compare two forms of a rule."""

from dataclasses import dataclass

from hypothesis import strategies as st

from chikai.choices.registry import Registry, Unrelated
from chikai.policy.document import (
    Clause,
    Controller,
    DataCategory,
    Document,
    Purpose,
    Recipient,
    Service,
    Text,
    Use,
)

SERVICES = ("balus", "kata")
CATEGORIES = ("name", "email", "usage")
PURPOSES = ("guidance", "billing", "support", "research")
RECIPIENTS = ("aoba", "manabi")
CLAUSES = (
    Clause("2.3", "2(3)", Text(), Text(), kind="purposes"),
    Clause("4.1.2", "4.1(2)", Text(), Text()),
    Clause("5", "5", Text(), Text(), kind="suspension"),
    Clause("8", "8", Text(), Text(), kind="change"),
)


@dataclass(frozen=True)
class World:
    """A policy in its newest edition, and the registry that its editions left."""

    policy: Document
    registry: Registry


def some(names, least=0):
    return st.lists(st.sampled_from(names), unique=True, min_size=least).map(tuple)


@st.composite
def purposes(draw, name):
    uses = tuple(Use(service, draw(some(CATEGORIES, 1))) for service in draw(some(SERVICES)))
    stop = draw(st.sampled_from(("switch", "ends_service", "law")))
    return Purpose(name, Text(name), "2.3", uses, stop, law="APPI Art. 18(3)(i)")


@st.composite
def recipients(draw, name):
    kind = draw(st.sampled_from(("consent", "entrusted", "joint")))
    return Recipient(
        name, Text(name), kind, "4.1.2", draw(some(PURPOSES, 2)), draw(some(CATEGORIES, 2))
    )


@st.composite
def documents(draw):
    return Document(
        controller=Controller(Text("会社", "Company")),
        services=tuple(Service(s, Text(s)) for s in draw(some(SERVICES, 1))),
        categories=tuple(DataCategory(c, Text(c), "2.3") for c in draw(some(CATEGORIES, 2))),
        purposes=tuple(draw(purposes(p)) for p in draw(some(PURPOSES, 2))),
        recipients=tuple(draw(recipients(r)) for r in draw(some(RECIPIENTS, 1))),
        rights=(),
        clauses=CLAUSES,
    )


@st.composite
def worlds(draw):
    registry = Registry()
    for _ in range(draw(st.integers(1, 3))):
        policy = draw(documents())
        uses = [
            Unrelated(use.service, purpose.id, category)
            for purpose in policy.purposes
            for use in purpose.uses
            for category in ("", *use.categories)
            if use.categories
        ]
        changes = draw(st.lists(st.sampled_from(uses), max_size=2)) if uses else []
        registry = registry.allocate(policy, changes)
    return World(policy, registry)
