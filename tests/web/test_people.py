"""The registry of people: what a sync finds, what it leaves alone, and what officers decide."""

import os
import subprocess
import sys
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chikai.errors import NotAllowed, Unreachable, WrongState
from chikai.ledger.events import Event
from chikai.sources.catalogue import Catalogue, Column, Table
from chikai.sources.map import Identity, Map, TableMap
from chikai.sources.memory import MemorySource
from chikai.web.actions import COMMAND, Actor, people, people_sync
from chikai.web.actions.ledger import facts_of
from chikai.web.models.ledger import Pending
from chikai.web.models.people import (
    Candidate,
    Identifier,
    IdentityTable,
    Link,
    Merge,
    Person,
    keys_of,
)

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]

COLUMNS = ("id", "email", "verified_at", "name", "tel")
SHAPE = tuple(Column(name, "integer" if name == "id" else "text") for name in COLUMNS)
TARO, HANAKO = "山田太郎", "山田花子"


def row(key, email=None, *, proved=True, name=TARO, tel=None):
    return dict(
        zip(COLUMNS, (key, email, "2026-01-01" if proved else None, name, tel), strict=True)
    )


def source(name, **tables):
    """A source whose tables are all identity tables."""
    shape = Catalogue("memory", tuple(Table(t, SHAPE, ("id",)) for t in tables))
    identity = Identity("id", "email", "verified_at", "name", "tel")
    map_ = Map(name, name, tuple(TableMap(t, "person", identity=identity) for t in tables))
    return MemorySource(name, shape, {t: list(rows) for t, rows in tables.items()}), map_


def sync(*sources, **words):
    return people.sync(COMMAND, {one[0].name: one for one in sources}, **words)


def person(text):
    [found] = Person.objects.find_person(text)
    return found


def registry():
    """Who is together with whom, and the doubts, without ids: what must not depend on any order."""
    together = {}
    for link in Link.objects.all():
        together.setdefault(link.person_id, set()).add((link.source, link.table, link.key))
    doubts = {
        (c.reason, frozenset(((c.a.source, c.a.table, c.a.key), (c.b.source, c.b.table, c.b.key))))
        for c in Candidate.objects.select_related("a", "b")
    }
    return {frozenset(links) for links in together.values()}, doubts


def empty():
    for model in (Candidate, Identifier, Link, IdentityTable, Merge):
        model.objects.all().delete()
    Person.objects.update(merged_into=None)
    Person.objects.all().delete()


def test_the_same_proved_address_in_two_services_is_one_person():
    done = sync(
        source(
            "kana", accounts=[row(1, "Taro@Example.jp"), row(2, "other@example.jp", name=HANAKO)]
        ),
        source("balus", users=[row(7, "taro@example.jp")]),
    )
    assert keys_of(person("kana:1")) == {"kana": {"accounts": ("1",)}, "balus": {"users": ("7",)}}
    assert Person.objects.count() == 2
    assert done.event.facts["joined"] == 1
    assert not done.faults


def test_a_sync_that_reads_the_same_again_changes_nothing():
    one = source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp", tel="03-1234-5678")])
    two = source("balus", users=[row(7, "a@x.jp"), row(8, "b@x.jp", proved=False)])
    first = sync(one, two).event.facts
    ids = sorted(Identifier.objects.values_list("id", flat=True))
    again = sync(one, two).event.facts
    assert again["digest"] == first["digest"]
    assert {again[k] for k in ("new", "gone", "returned", "changed", "joined", "merged")} == {0}
    assert sorted(Identifier.objects.values_list("id", flat=True)) == ids


def test_no_name_and_no_address_is_kept():
    sync(
        source("kana", accounts=[row(1, "marker@example.jp", name="目印太郎", tel="03-9999-8888")])
    )
    stored = [*Link.objects.values(), *Identifier.objects.values(), *IdentityTable.objects.values()]
    text = repr(
        [{k: bytes(v) if isinstance(v, memoryview) else v for k, v in r.items()} for r in stored]
    )
    for mark in ("marker", "目印", "9999"):
        assert mark not in text
        assert repr(mark.encode())[2:-1] not in text


def test_a_shared_mailbox_is_reported_and_joins_nobody():
    sync(
        source("kana", accounts=[row(1, "info@x.jp"), row(2, "info@x.jp")]),
        source("balus", users=[row(7, "info@x.jp")]),
    )
    assert Person.objects.count() == 3
    assert Person.objects.registry_counts().waiting == {"shared_mailbox": 2}
    assert len(Person.objects.find_person("info@x.jp")) == 3


def test_an_attendee_enrolled_with_somebodys_address_is_a_doubt_only():
    sync(
        source("kana", accounts=[row(1, "boss@x.jp")]),
        source("kenshu", attendees=[row(5, "boss@x.jp", proved=False, name=HANAKO)]),
    )
    assert person("kana:1") != person("kenshu:5")
    assert Candidate.objects.get().reason == "unverified"


def test_names_that_disagree_are_a_doubt():
    sync(
        source("kana", accounts=[row(1, "home@x.jp")]),
        source("balus", users=[row(7, "home@x.jp", name=HANAKO)]),
    )
    assert person("kana:1") != person("balus:7")
    assert Candidate.objects.get().reason == "names_differ"


def test_an_equal_name_or_telephone_alone_is_nothing_at_all():
    sync(
        source("kana", accounts=[row(1, "a@x.jp", tel="03-1234-5678")]),
        source("balus", users=[row(7, "b@x.jp", tel="03-1234-5678")]),
    )
    assert Person.objects.count() == 2
    assert not Candidate.objects.exists()
    assert len(Person.objects.find_person("０３−１２３４−５６７８")) == 2


def test_a_key_that_vanished_is_marked_gone_and_its_identifiers_are_forgotten():
    one, map_ = source("kana", accounts=[row(n, f"{n}@x.jp") for n in range(1, 5)])
    sync((one, map_))
    one.rows["accounts"] = one.rows["accounts"][1:]
    done = sync((one, map_))
    assert done.event.facts["gone"] == 1
    assert Link.objects.get(key="1").gone_at is not None
    assert Person.objects.find_person("1@x.jp") == ()
    assert keys_of(person("kana:1")) == {}


def test_a_key_that_came_back_is_the_same_person_again():
    one, map_ = source("kana", accounts=[row(n, f"{n}@x.jp") for n in range(1, 5)])
    sync((one, map_))
    before, rows = person("kana:1"), one.rows["accounts"]
    one.rows["accounts"] = rows[1:]
    sync((one, map_))
    one.rows["accounts"] = rows
    assert sync((one, map_)).event.facts["returned"] == 1
    assert person("1@x.jp") == before


def test_a_key_that_came_back_under_another_name_is_another_person():
    one, map_ = source("kana", accounts=[row(n, f"{n}@x.jp") for n in range(1, 5)])
    sync((one, map_))
    before = person("kana:1")
    one.rows["accounts"] = one.rows["accounts"][1:]
    sync((one, map_))
    one.rows["accounts"] += [row(1, "new@x.jp", name=HANAKO)]
    assert sync((one, map_)).event.facts["reused"] == 1
    assert person("kana:1") != before


def test_a_changed_address_changes_the_identifiers_and_a_person_stays_whole():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp")]),
    )
    sync(one, two)
    whole = person("kana:1")
    one[0].rows["accounts"] = [row(1, "b@x.jp")]
    assert sync(one, two).event.facts["changed"] == 1
    assert person("b@x.jp") == person("a@x.jp") == whole


def test_two_persons_found_to_be_one_are_merged_with_an_event_each():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "b@x.jp")]),
    )
    sync(one, two)
    old = sorted(Person.objects.values_list("id", flat=True))
    two[0].rows["users"] = [row(7, "a@x.jp")]
    done = sync(one, two)
    assert [e.kind for e in done.events] == ["people.merged", "people.synced"]
    assert done.events[0].subject == old[0]
    assert Person.resolve(old[1]).id == old[0]
    assert facts_of(Pending.objects.of_kind("people.merged").get())["gone"] == str(old[1])


def test_a_chain_of_addresses_joins_all_its_persons():
    one = source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp"), row(3, "c@x.jp")])
    two = source("balus", users=[row(7, "a@x.jp"), row(8, "c@x.jp")])
    sync(one, two)
    one[0].rows["accounts"] = [row(1, "b@x.jp"), row(3, "c@x.jp")]
    two[0].rows["users"] = [row(7, "a@x.jp"), row(8, "b@x.jp")]
    sync(one, two)
    assert person("kana:1") == person("balus:7") == person("balus:8") == person("kana:3")


def test_many_merges_of_one_run_are_summed_in_its_event(monkeypatch):
    monkeypatch.setattr(people_sync, "EACH", 1)
    one = source("kana", accounts=[row(n, f"a{n}@x.jp") for n in range(3)])
    two = source("balus", users=[row(n, f"b{n}@x.jp") for n in range(3)])
    sync(one, two)
    two[0].rows["users"] = [row(n, f"a{n}@x.jp") for n in range(3)]
    [event] = sync(one, two).events
    assert event.facts["merged"] == 3
    assert str(event.facts["merges"]).startswith("sha256:")
    assert Merge.objects.count() == 3


def test_a_source_that_does_not_answer_keeps_its_links_and_the_others_go_on():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "b@x.jp")]),
    )
    sync(one, two)
    one[0].down = True
    two[0].rows["users"].append(row(8, "c@x.jp"))
    done = sync(one, two)
    assert [(t.source, t.table) for t in done.faults] == [("kana", "accounts")]
    assert IdentityTable.objects.get(source="kana").fault
    assert Link.objects.present().count() == 3


def test_a_table_that_breaks_off_is_left_alone_and_its_fault_quotes_no_value():
    class Breaks(MemorySource):
        def reading(self):
            whole = super().reading()

            class Half:
                def __enter__(self):
                    self.inner = whole.__enter__()
                    return self

                def __exit__(self, *_):
                    return None

                def identities(self, map_, table, chunk=10_000):
                    if table == "b":
                        yield [{"key": 1, "email": "new@x.jp"}]
                        raise ValueError("marker@x.jp")
                    yield from self.inner.identities(map_, table, chunk)

            return Half()

    one, map_ = source("kana", a=[row(1, "a@x.jp")], b=[row(1, "b@x.jp")])
    done = sync((Breaks("kana", one.shape, one.rows), map_))
    assert [t.table for t in done.faults] == ["b"]
    assert "marker" not in done.faults[0].fault
    assert Link.objects.get().table == "a"


@pytest.mark.parametrize("left", [0, 4])
def test_a_table_that_lost_more_than_half_is_not_believed_unless_one_says_so(left):
    one, map_ = source("kana", accounts=[row(n, f"{n}@x.jp") for n in range(10)])
    sync((one, map_))
    one.rows["accounts"] = one.rows["accounts"][:left]
    assert [t.table for t in sync((one, map_)).faults] == ["accounts"]
    assert Link.objects.present().count() == 10
    assert not sync((one, map_), believe=True).faults
    assert Link.objects.present().count() == left


def test_a_key_that_repeats_is_a_fault_of_the_map():
    done = sync(source("kana", accounts=[row(1, "a@x.jp"), row(1, "b@x.jp")]))
    assert "repeats" in done.faults[0].fault
    assert not Link.objects.exists()


def test_a_key_that_is_an_address_is_not_kept():
    done = sync(source("kana", accounts=[row("a@x.jp", "a@x.jp")]))
    assert "holds addresses" in done.faults[0].fault
    assert not Link.objects.exists()


def test_a_source_that_is_not_asked_keeps_its_links():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp")]),
    )
    sync(one)
    before = person("kana:1")
    assert sync(two).event.facts["joined"] == 1
    assert person("balus:7") == before
    assert Link.objects.present().count() == 2


def test_denied_pairs_stay_apart_and_confirmed_ones_together():
    one = source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp")])
    two = source("balus", users=[row(7, "a@x.jp", name=HANAKO), row(8, "b@x.jp", name=HANAKO)])
    sync(one, two)
    no, yes = Candidate.objects.order_by("a__key")
    assert people.deny(COMMAND, no.id).kind == "people.kept_apart"
    assert people.confirm(COMMAND, yes.id).kind == "people.merged"
    for users in ([row(7, "a@x.jp"), row(8, "b@x.jp", name=HANAKO)], [row(7, "a@x.jp")]):
        two[0].rows["users"] = users  # now the names agree, and the officer's word still holds
        sync(one, two)
        assert person("kana:1") != person("balus:7")
        assert person("kana:2") == person("balus:8")
        assert not Candidate.objects.waiting().exists()
    with pytest.raises(WrongState):
        people.deny(COMMAND, no.id)


def test_a_doubt_that_no_longer_holds_goes():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp", proved=False)]),
    )
    sync(one, two)
    two[0].rows["users"] = [row(7, "else@x.jp")]
    sync(one, two)
    assert not Candidate.objects.exists()


def test_an_undone_merge_stays_undone():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "b@x.jp")]),
    )
    sync(one, two)
    before = person("kana:1").id, person("balus:7").id
    two[0].rows["users"] = [row(7, "a@x.jp")]
    sync(one, two)
    event = people.part(COMMAND, Merge.objects.get().id)
    assert isinstance(event, Event)
    sync(one, two)
    assert (person("kana:1").id, person("balus:7").id) == before
    with pytest.raises(WrongState):
        people.part(COMMAND, Merge.objects.get().id)


def test_a_link_that_was_born_into_the_wrong_person_can_be_taken_out():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp")]),
    )
    sync(one, two)
    people.part_link(COMMAND, Link.objects.get(source="balus").id)
    sync(one, two)
    assert person("kana:1") != person("balus:7")
    with pytest.raises(WrongState):
        people.part_link(COMMAND, Link.objects.get(source="balus").id)


def test_a_third_service_does_not_join_two_whom_an_officer_parted():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp")]),
    )
    sync(one, two)
    people.part_link(COMMAND, Link.objects.get(source="balus").id)
    sync(one, two, source("shop", buyers=[row(9, "a@x.jp")]))
    assert len({person(t).id for t in ("kana:1", "balus:7", "shop:9")}) == 3
    assert {c.reason for c in Candidate.objects.waiting()} == {"parted"}


def test_an_officers_merge_keeps_the_older_and_is_undone_as_well():
    sync(source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp")]))
    old, new = sorted(Person.objects.values_list("id", flat=True))
    event = people.merge(COMMAND, new, old)
    assert event.subject == old
    assert Person.resolve(new).id == old
    with pytest.raises(WrongState):
        people.merge(COMMAND, new, old)
    people.part(COMMAND, Merge.objects.get().id)
    assert Person.resolve(new).id == new
    assert Link.objects.filter(person=new).count() == 1


def test_only_an_officer_decides_who_is_who():
    sync(source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp")]))
    one, other = Person.objects.values_list("id", flat=True)
    with pytest.raises(NotAllowed):
        people.merge(Actor("staff:7", frozenset({"desk"})), one, other)


def test_a_person_is_found_by_id_by_key_and_by_address():
    sync(source("kana", accounts=[row(1, "a@x.jp")], members=[row(1, "m@x.jp", name=HANAKO)]))
    account = person("a@x.jp")
    assert person(str(account.id)) == person(account.id.hex) == account
    assert person("kana:accounts:1") == account
    assert len(Person.objects.find_person("kana:1")) == 2
    assert Person.objects.find_person(str(uuid4())) == ()
    assert Person.objects.find_person("nobody") == ()


def test_ids_of_persons_are_uuids_of_version_7_and_say_nothing():
    sync(source("kana", accounts=[row(n, f"{n}@x.jp") for n in range(50)]))
    ids = [UUID(str(i)) for i in Person.objects.values_list("id", flat=True)]
    assert {i.version for i in ids} == {7}
    assert len({i.int & (2**62 - 1) for i in ids}) == 50


def test_counts_say_what_is_in_the_registry():
    sync(
        source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp", proved=False)]),
        source("balus", users=[row(7, "a@x.jp")]),
    )
    counts = Person.objects.registry_counts()
    assert counts.persons == 2
    assert counts.links == {"balus": 1, "kana": 2}
    assert counts.verified == 2
    assert counts.gone == 0


def test_an_unreachable_source_raises_nothing_when_it_is_the_only_one():
    one, map_ = source("kana", accounts=[])
    one.down = True
    with pytest.raises(Unreachable), one.reading():
        pass
    assert sync((one, map_)).event.facts["failed"] == 1


def test_no_order_of_sources_matters():
    seen = []
    for order in permutations(
        [
            ("kana", [row(1, "a@x.jp"), row(2, "s@x.jp"), row(3, "s@x.jp")]),
            ("balus", [row(7, "a@x.jp")]),
            ("shop", [row(9, "a@x.jp", name=HANAKO), row(8, "s@x.jp")]),
        ]
    ):
        empty()
        for name, rows in order:
            sync(source(name, t=rows))
        seen.append(registry())
    assert all(one == seen[0] for one in seen)


rows_of = st.lists(
    st.builds(
        lambda key, mail, proved, name: row(key, mail and f"{mail}@x.jp", proved=proved, name=name),
        st.integers(1, 5),
        st.sampled_from([None, "a", "b"]),
        st.booleans(),
        st.sampled_from([None, TARO, HANAKO]),
    ),
    max_size=4,
    unique_by=lambda one: one["id"],
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(rows_of, rows_of), min_size=1, max_size=3))
def test_nobody_is_ever_joined_without_a_proved_address_on_both_sides(states):
    """Whatever is read in whatever order: two links of one person were proved to share an address at some time."""
    empty()
    names = "balus", "kana"
    shared = set()
    for left, right in states:
        both = source(names[0], t=left), source(names[1], t=right)
        sync(*both, believe=True)
        digest = sync(*both, believe=True).event.facts
        assert {digest[k] for k in ("new", "changed", "joined", "merged")} == {0}
        proved = [
            {r["id"]: r["email"] for r in rows if r["verified_at"] and r["email"]}
            for rows in (left, right)
        ]
        shared |= {
            (str(a), str(b)) for a in proved[0] for b in proved[1] if proved[0][a] == proved[1][b]
        }
    pairs = {}
    for link in Link.objects.filter(source__in=names):
        pairs.setdefault(link.person_id, {}).setdefault(link.source, set()).add(link.key)
    for sides in pairs.values():
        for key in sides.get(names[0], ()):
            others = sides.get(names[1], set())
            assert not others or any((key, other) in shared for other in others)


@pytest.mark.parametrize(
    "statement", ["insert_links", "insert_identifiers", "move_links", "insert_doubts"]
)
def test_a_sync_that_is_killed_leaves_what_was_there(statement, tmp_path):
    program = (
        "import os, signal, sys, django\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.test.utils import override_settings\n"
        "class Without:\n"
        "    __contains__ = lambda self, app: True\n"
        "    __getitem__ = lambda self, app: None\n"
        "with override_settings(MIGRATION_MODULES=Without()):\n"
        "    call_command('migrate', run_syncdb=True, verbosity=0)\n"
        "from tests.web import test_people as t\n"
        "from chikai.web.actions import people_sync\n"
        "t.sync(t.source('kana', accounts=[t.row(1, 'a@x.jp')]))\n"
        "print(t.registry(), t.Person.objects.count(), t.Identifier.objects.count(), flush=True)\n"
        "run = people_sync.run\n"
        "def killed(name, *args, **words):\n"
        "    done = run(name, *args, **words)\n"
        f"    if name == {statement!r}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return done\n"
        "if sys.argv[1:] == ['kill']:\n"
        "    people_sync.run = killed\n"
        "    both = [t.source(n, accounts=[t.row(1, 'a@x.jp'), t.row(2, 's@x.jp')]) for n in ('kana', 'b')]\n"
        "    t.sync(*both)\n"
    )
    env = {
        **os.environ,
        "CHIKAI_HOME": str(tmp_path),
        "CHIKAI_DATABASE_URL": f"sqlite:{tmp_path}/own.sqlite3",
        "DJANGO_SETTINGS_MODULE": "chikai.web.settings",
    }
    said = [
        subprocess.run(
            [sys.executable, "-c", program, *words],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        for words in (["kill"], [])
    ]
    assert said[0].returncode == -9, said[0].stderr
    assert said[1].returncode == 0, said[1].stderr
    assert said[0].stdout == said[1].stdout
    assert "kana" in said[0].stdout
    assert not list(tmp_path.glob(".*people-sync"))


def test_a_pair_whose_persons_were_merged_waits_no_longer():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp", proved=False)]),
    )
    sync(one, two)
    assert Candidate.objects.waiting().count() == 1
    people.merge(COMMAND, person("kana:1").id, person("balus:7").id)
    assert not Candidate.objects.waiting().exists()
    assert Candidate.objects.get().decided == "confirmed"
    people.part(COMMAND, Merge.objects.get().id)
    assert Candidate.objects.get().decided == "denied"
    sync(one, two)
    assert person("kana:1") != person("balus:7")


def test_a_pair_whose_address_was_proved_meanwhile_waits_no_longer():
    one, two = (
        source("kana", accounts=[row(1, "a@x.jp")]),
        source("balus", users=[row(7, "a@x.jp", proved=False)]),
    )
    sync(one, two)
    two[0].rows["users"] = [row(7, "a@x.jp")]
    sync(one, two)
    assert person("kana:1") == person("balus:7")
    assert not Candidate.objects.waiting().exists()
