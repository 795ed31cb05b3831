"""The awkward facts of the example's databases, met by a sync over real SQL sources."""

import pytest
from sqlalchemy import create_engine

from chikai.sources import sql
from chikai.sources.config import SourceConfig
from chikai.sources.map import Identity, Map, TableMap
from chikai.web.actions import COMMAND, people
from chikai.web.models.people import Candidate, Person
from examples.levii import databases

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]

IDENTITIES = {
    "balus": {"accounts": Identity("id", "email", "email_verified_at", "name", "phone")},
    "kata": {"profiles": Identity("id", "email", "", "display_name")},
    "training": {"attendees": Identity("id", "email", "", "name", "phone")},
    "website": {"newsletter": Identity("id", "email", "confirmed_at")},
}
SMALL = 80


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("levii")
    for service in IDENTITIES:
        engine = create_engine(f"sqlite:///{folder}/{service}.sqlite3")
        databases.fill(engine, service, people=SMALL)
        engine.dispose()
    return folder


@pytest.fixture
def synced(filled):
    sources = {}
    for name, tables in IDENTITIES.items():
        config = SourceConfig(name, name, url=f"sqlite:///{filled}/{name}.sqlite3")
        tables = tuple(TableMap(t, "person", identity=i) for t, i in tables.items())
        sources[name] = (sql.connect(config, environ={}), Map(name, name, tables))
    done = people.sync(COMMAND, sources)
    for source, _ in sources.values():
        source.close()
    assert not done.faults
    return done


def person(text):
    [found] = Person.objects.find_person(text)
    return found


def pair(a, b):
    """The doubt about two links, named `source:key`."""
    return next(
        (
            c.reason
            for c in Candidate.objects.select_related("a", "b")
            if {f"{c.a.source}:{c.a.key}", f"{c.b.source}:{c.b.key}"} == {a, b}
        ),
        None,
    )


def test_the_example_keeps_what_its_awkward_facts_are_about(synced):
    facts = databases.awkward(SMALL)
    one, other = (person(f"balus:{key}") for key in facts["namesakes"]["accounts"])
    assert one != other, "two people with one name are two people"
    home, work = (person(f"balus:{key}") for key in facts["two_addresses"]["accounts"])
    assert home != work, "two addresses of one person are not guessed"
    shared = [person(f"balus:{key}") for key in facts["shared_mailbox"]["accounts"]]
    assert len({p.id for p in shared}) == 3
    assert Person.objects.registry_counts().waiting["shared_mailbox"] >= 1


def test_an_attendee_enrolled_with_an_address_of_another_is_asked_about(synced):
    claim = databases.awkward(SMALL)["unverified_claim"]
    attendee, account = f"training:{claim['attendee']}", f"balus:{claim['verified_by_account']}"
    assert person(attendee) != person(account)
    assert pair(attendee, account) == "unverified"


def test_the_heroine_is_joined_where_both_proved_her_address_and_asked_about_elsewhere(synced):
    heroine = databases.awkward(SMALL)["heroine"]
    account = person(f"balus:{heroine['balus']}")
    assert account in Person.objects.find_person(heroine["email"])
    assert {link.source for link in account.links.all()} == {"balus", "website"}
    assert pair(f"balus:{heroine['balus']}", f"kata:{heroine['kata']}") == "unverified"


def test_the_example_synced_again_is_the_same(filled, synced):
    assert synced.event.facts["new"] == synced.event.facts["links"]
