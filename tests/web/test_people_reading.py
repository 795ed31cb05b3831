"""What a sync finds known already, and what it does with the rest: nothing is lost by looking rows up beforehand."""

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest
from django.db import connection

from chikai.people import normalise
from chikai.people.normalise import Keyed
from chikai.sources.memory import MemorySource
from chikai.web.actions.people_known import Known
from chikai.web.actions.people_reading import person_ids
from chikai.web.models.people import Identifier, IdentityTable, Link, Person
from tests.web.test_people import HANAKO, row, source, sync


def test_ids_of_persons_are_of_version_7_and_grow():
    moment = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
    ids = [*person_ids(moment, 1, 5000), *person_ids(moment, 5001, 5000)]
    assert ids == sorted(set(ids))
    assert {(UUID(one).version, UUID(one).variant) for one in ids} == {(7, RFC_4122)}


def test_a_link_is_marked_once():
    known = Known()
    for link in (0, 7, 8, 1_000_000):
        assert not known.is_marked(link)
        assert known.mark(link)
        assert known.is_marked(link)
        assert not known.mark(link)
    assert not known.is_marked(9)


def test_better_rules_read_every_row_anew(monkeypatch):
    one = {"key": 1, "email": "a@x.jp"}
    before = Keyed(b"k").row(one)
    assert Keyed(b"k").row(one) == before
    monkeypatch.setattr(normalise, "rules", lambda: b"other rules")
    assert Keyed(b"k").row(one) != before


DATABASE = [pytest.mark.own_state, pytest.mark.django_db]


class TestSync:
    pytestmark = DATABASE

    def test_a_table_that_another_sync_has_read_meanwhile_is_left_alone(self):
        one, map_ = source("kana", accounts=[row(1, "a@x.jp"), row(2, "b@x.jp")])
        sync((one, map_))

        class Overtaken(MemorySource):
            def reading(self):  # the other one's stamp, set while we read
                IdentityTable.objects.update(read_at=datetime.now(UTC))
                return super().reading()

        now = {"accounts": [row(1, "new@x.jp"), row(3, "c@x.jp")]}
        done = sync((Overtaken("kana", one.shape, now), map_))
        assert [t.fault for t in done.faults] == ["another sync has read it since"]
        assert set(Link.objects.present().values_list("key", flat=True)) == {"1", "2"}
        assert Person.objects.find_person("a@x.jp")
        assert not Person.objects.find_person("new@x.jp")

    def test_a_table_with_a_fault_changes_nothing_and_the_others_do(self):
        one, two = source("kana", t=[row(1, "a@x.jp")]), source("balus", t=[row(1, "b@x.jp")])
        sync(one, two)
        one[0].rows["t"] = [row(1, "a2@x.jp"), row(2, "c@x.jp"), row(2, "d@x.jp")]
        two[0].rows["t"] = [row(1, "b2@x.jp"), row(2, "e@x.jp")]
        done = sync(one, two)
        assert [(t.source, t.fault[-15:]) for t in done.faults] == [("kana", "repeats a value")]
        facts = done.event.facts
        assert (facts["new"], facts["changed"], facts["gone"]) == (1, 1, 0)
        assert Person.objects.find_person("a@x.jp")
        assert not Person.objects.find_person("a2@x.jp")

    @pytest.mark.parametrize("twice", [row(1, "a@x.jp"), row(1, "other@x.jp")])
    def test_a_known_key_that_comes_twice_is_a_fault_of_the_map(self, twice):
        one, map_ = source("kana", t=[row(1, "a@x.jp"), row(2, "b@x.jp")])
        sync((one, map_))
        one.rows["t"].append(twice)
        assert "repeats" in sync((one, map_)).faults[0].fault
        assert Link.objects.present().count() == 2

    @pytest.mark.parametrize("key", ["a\tb", "a\nb", "a\\b", r"\N", "'x'", "１", '"[1]"', "a%sb"])
    def test_keys_with_odd_signs_come_through(self, key):
        one = source("kana", t=[row("1", "a@x.jp"), row(key, "b@x.jp")])
        sync(one)
        assert set(Link.objects.values_list("key", flat=True)) == {"1", key}
        assert sync(one).event.facts["new"] == 0

    def test_keys_that_go_and_come_in_one_run_are_both_seen(self):
        one, map_ = source("kana", t=[row(n, f"{n}@x.jp") for n in range(6)])
        sync((one, map_))
        one.rows["t"] = [row(n, f"{n}@x.jp") for n in range(2, 9)]
        facts = sync((one, map_)).event.facts
        assert (facts["new"], facts["gone"], facts["changed"], facts["links"]) == (3, 2, 0, 7)

    def test_a_key_given_to_somebody_new_joins_whom_the_address_proves(self):
        one, map_ = source("kana", t=[row(n, f"{n}@x.jp") for n in range(1, 5)])
        two = source("balus", t=[row(7, "new@x.jp", name=HANAKO)])
        sync((one, map_))
        one.rows["t"] = one.rows["t"][1:]
        sync((one, map_))
        one.rows["t"] += [row(1, "new@x.jp", name=HANAKO)]
        assert sync((one, map_), two).event.facts["reused"] == 1
        people = {link.person_id for link in Link.objects.filter(key__in=["1", "7"])}
        assert len(people) == 1
        assert Person.objects.filter(id__in=people).count() == 1

    def test_a_first_sync_leaves_every_index_and_link_with_its_person(self):
        def indexes():
            with connection.cursor() as cursor:
                return {
                    model: set(
                        connection.introspection.get_constraints(cursor, model._meta.db_table)
                    )
                    for model in (Link, Identifier)
                }

        before = indexes()
        sync(source("kana", t=[row(n, f"{n}@x.jp", tel=f"03-1234-{n:04}") for n in range(50)]))
        assert {
            m: {n for n in names if "__unnamed" not in n} for m, names in indexes().items()
        } == {m: {n for n in names if "__unnamed" not in n} for m, names in before.items()}
        assert {"identifier_digest", "identifier_link"} <= indexes()[Identifier]
        assert not Link.objects.exclude(person__in=Person.objects.all()).exists()
        assert IdentityTable.objects.get().rows == 50
