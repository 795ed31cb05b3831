"""What a person chose: one choice, and what every service is told of it in its own keys."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chikai import canon, clock
from chikai.choices.consent import Answer, Question
from chikai.choices.registry import Unrelated
from chikai.choices.standing import normal
from chikai.errors import BadInput, NotAllowed
from chikai.gate import decide
from chikai.policy import load
from chikai.sdk.cache import unpack
from chikai.web import gate_token
from chikai.web.actions import COMMAND, PERSON, Actor, choices, feed, gate, people
from chikai.web.actions.ledger import facts_of
from chikai.web.actions.policy import publish_edition
from chikai.web.feed_copies import Copies
from chikai.web.models import (
    Choice,
    Delta,
    Edition,
    FeedEntry,
    IdentityTable,
    Link,
    Merge,
    Person,
    ServiceKey,
    ToggleSet,
)
from chikai.web.models.choices import feed_number, in_force
from chikai.web.models.ledger import Pending
from chikai.web.models.switches import acknowledged, choices_of
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]

DESK = Actor("staff:1", frozenset({"desk"}))
BALUS = gate.of_service("balus")


@pytest.fixture
def published():
    world.begin()
    world.publish()
    return world


def linked(*keys, person=None):
    """A person with these keys (`service:key`), as a sync would leave them."""
    now = clock.now()
    person = person or Person.objects.create(id=canon.new_id(now), since=now)
    for text in keys:
        service, _, key = text.partition(":")
        Link.objects.create(person=person, source=service, table="accounts", key=key, since=now)
        IdentityTable.objects.get_or_create(
            source=service, table="accounts", defaults={"tried_at": now, "read_at": now}
        )
    feed.follow(now)
    return person


def allowed(service, purpose, key, recipient=""):
    return gate.look(service, purpose, key, recipient)[1].allowed


def bit(unit, *refs):
    return in_force()[0].find(unit, *refs).bit


def record(kind="gate.registered", *, id_=None, **facts):
    base = {"id": id_ or uuid4().hex, "kind": kind, "service": "balus", "v": 1}
    return {**base, "at": clock.now().isoformat(), **facts}


def registration(key, **facts):
    policy = Edition.objects.current().digest
    return record(key=key, **{"notice": "signup-1", "policy": policy, **facts})


def republish(unrelated=(), old="ご案内が届かなくなります", new="ご案内は届きません"):
    """A second edition, with words that differ."""
    file = world.settings.HOME.policy / "policy.toml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    return publish_edition(COMMAND, load.read(world.settings.HOME.policy), unrelated=unrelated)


def test_publishing_an_edition_gives_its_toggles_bits_and_keeps_the_compiled_table(published):
    row = ToggleSet.objects.get()
    registry, table = in_force()
    assert row.edition == Edition.objects.current()
    assert table.policy == row.edition.digest
    assert registry.offers("purpose", "guidance")
    assert feed_number() == 1
    assert facts_of(Pending.objects.get(kind="policy.published"))["v"] == 1


def test_a_second_edition_keeps_every_bit_and_takes_another_number(published):
    before = in_force()[0]
    republish()
    after = in_force()[0]
    assert after.toggles[: len(before.toggles)] == before.toggles
    assert len(after.editions) == 2
    assert feed_number() == 2


def test_a_stop_of_one_purpose_reaches_every_key_of_the_person_and_no_other(published):
    person = linked("balus:17", "kata:abc")
    linked("balus:18")
    event = choices.stop(PERSON, person.id, "purpose:guidance")
    assert event.kind == "choices.stopped"
    assert event.subject == person.id
    assert event.facts == {"unit": "purpose:guidance", "v": feed_number()}
    deltas = Delta.objects.filter(v=event.facts["v"]).order_by("service")
    assert [(d.service, d.key, d.sets) for d in deltas] == [
        ("balus", "17", [bit("purpose", "guidance")]),
        ("kata", "abc", [bit("purpose", "guidance")]),
    ]
    assert not allowed("balus", "guidance", "17")
    assert not allowed("kata", "guidance", "abc")
    assert allowed("balus", "billing", "17")
    assert allowed("balus", "guidance", "18")


def test_resuming_costs_the_same_one_press(published):
    person = linked("balus:17")
    for unit in ("everything", "purpose:guidance", "item:email", "cell:guidance/email"):
        choices.stop(PERSON, person.id, unit)
        assert not allowed("balus", "guidance", "17"), unit
        event = choices.resume(PERSON, person.id, unit)
        assert event.kind == "choices.resumed"
        assert allowed("balus", "guidance", "17"), unit
    assert not Choice.objects.exists()


def test_a_second_press_changes_nothing_and_takes_no_number(published):
    person = linked("balus:17")
    first = choices.stop(PERSON, person.id, "everything")
    again = choices.stop(PERSON, person.id, "everything")
    assert again.facts == {"unit": "everything", "v": first.facts["v"], "again": True}
    assert feed_number() == first.facts["v"]


def test_numbers_have_no_hole(published):
    person = linked("balus:17")
    for unit in ("purpose:guidance", "item:email", "purpose:support"):
        choices.stop(PERSON, person.id, unit)
    assert [*FeedEntry.objects.order_by("v").values_list("v", flat=True)] == [
        *range(1, feed_number() + 1)
    ]


@pytest.mark.django_db(transaction=True)
def test_presses_at_once_take_one_number_each_and_lose_nothing(published):
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite is in memory, whose tables lock; a file's writers wait")
    with transaction.atomic():
        person = linked("balus:17", "kata:9")
    units = ("purpose:guidance", "item:email", "purpose:support", "cell:billing/name")
    before, faults = feed_number(), []

    def press(unit):
        try:
            for verb in (choices.stop, choices.resume, choices.stop):
                verb(PERSON, person.id, unit)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(unit,)) for unit in units]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert feed_number() == before + 12
    assert FeedEntry.objects.count() == feed_number()
    told = {*ServiceKey.objects.values_list("bits", flat=True)}
    assert told == {f"{Choice.objects.bits([person.id])[person.id]:x}"}
    assert Choice.objects.count() == len(units)


def test_a_refused_stop_takes_no_number(published):
    person = linked("balus:17")
    before = feed_number()
    for unit in ("purpose:nothing", "everything:now", "cell:guidance", "", "purpose:", "item:a/b"):
        with pytest.raises(BadInput):
            choices.stop(PERSON, person.id, unit)
    with pytest.raises(BadInput):
        choices.stop(PERSON, uuid4(), "everything")
    with pytest.raises(NotAllowed):
        choices.stop(Actor("staff:9", frozenset({"auditor"})), person.id, "everything")
    assert feed_number() == before


def test_the_desk_may_stop_for_a_person(published):
    person = linked("balus:17")
    assert choices.stop(DESK, person.id, "everything").subject == person.id
    assert not allowed("balus", "billing", "17")


def test_a_key_that_nobody_registered_is_held(published):
    assert not allowed("balus", "guidance", "404")


def test_the_page_shows_each_switch_with_its_state_and_what_it_ends(published):
    person = linked("balus:17")
    choices.stop(PERSON, person.id, "purpose:guidance")
    lines = {line.unit: line for line in choices_of(person.id)}
    guidance = lines["purpose:guidance"]
    assert guidance.is_stopped
    assert guidance.since is not None
    assert guidance.kind == "switch"
    assert "届かなくなります" in guidance.effect.ja
    assert {cell.held_by for cell in guidance.cells} == {"purpose:guidance"}
    assert lines["purpose:billing"].kind == "ends_service"
    assert not lines["purpose:billing"].is_stopped
    assert lines["item:email"].unit == "item:email"
    assert lines["everything"].name.ja


def test_every_unit_of_the_page_can_be_pressed(published):
    person = linked("balus:17")
    for line in choices_of(person.id):
        for unit in (line.unit, *(cell.unit for cell in line.cells)):
            if unit and not unit.startswith("consent:"):
                assert not choices.stop(PERSON, person.id, unit).facts.get("again"), unit


def test_a_merge_joins_stops_and_needs_both_agreements(published):
    one, other = linked("balus:17"), linked("kata:9")
    choices.stop(PERSON, other.id, "purpose:guidance")
    people.merge(COMMAND, one.id, other.id)
    assert not allowed("balus", "guidance", "17")
    assert not allowed("kata", "guidance", "9")


def test_everything_of_many_is_stopped_under_one_number_also_of_who_was_found_to_be_another(
    published, monkeypatch
):
    monkeypatch.setattr(feed, "_AT_ONCE", 2)
    keys = [f"balus:{n}" for n in range(5)]
    many = [linked(key) for key in keys]
    people.merge(COMMAND, many[0].id, many[4].id)
    with transaction.atomic():
        said = choices.stop_everything({p.id: f"2026-{n:04}" for n, p in enumerate(many)})
    assert len({event.facts["v"] for event in said.values()}) == 1
    assert said[many[4].id].subject == many[4].id  # with who asked, for the day on which they part
    assert not any(allowed("balus", "registration", key.partition(":")[2]) for key in keys)
    assert choices.who_stopped_everything([p.id for p in many]).keys() == {p.id for p in many}


def test_parting_leaves_what_was_stopped_stopped_for_both(published):
    one, other = linked("balus:17"), linked("kata:9")
    people.merge(COMMAND, one.id, other.id)
    choices.stop(PERSON, one.id, "purpose:guidance")
    people.part(COMMAND, Merge.objects.get().id)
    assert not allowed("balus", "guidance", "17")
    assert not allowed("kata", "guidance", "9")
    choices.resume(PERSON, one.id, "purpose:guidance")
    assert allowed("balus", "guidance", "17")
    assert not allowed("kata", "guidance", "9")


def test_a_key_that_two_persons_carry_is_bound_by_the_stops_of_each(published):
    one = linked("balus:17")
    other = Person.objects.create(id=canon.new_id(clock.now()), since=clock.now())
    Link.objects.create(person=other, source="balus", table="guests", key="17", since=clock.now())
    choices.stop(PERSON, other.id, "purpose:guidance")
    assert not allowed("balus", "guidance", "17")
    choices.stop(PERSON, one.id, "purpose:support")
    choices.resume(PERSON, other.id, "purpose:guidance")
    assert allowed("balus", "guidance", "17")
    assert not allowed("balus", "support", "17")


def test_a_key_that_is_gone_from_the_service_is_held_again(published):
    linked("balus:17")
    assert allowed("balus", "guidance", "17")
    Link.objects.update(gone_at=clock.now())
    feed.follow(clock.now())
    assert not allowed("balus", "guidance", "17")
    assert Delta.objects.get(v=feed_number()).forget
    Link.objects.update(gone_at=None)
    feed.follow(clock.now())
    assert allowed("balus", "guidance", "17")


def test_a_stop_made_before_an_account_was_found_holds_there_too(published):
    person = linked("balus:17")
    choices.stop(PERSON, person.id, "purpose:guidance")
    linked("kata:new", person=person)
    assert not allowed("kata", "guidance", "new")
    assert allowed("kata", "support", "new")


def test_a_service_registers_a_person_once(published):
    first = registration("99")
    assert [e.kind for e in gate.take_records(BALUS, "balus", [first])] == ["gate.registered"]
    assert allowed("balus", "guidance", "99")
    v = feed_number()
    assert gate.take_records(BALUS, "balus", [first]) == ()
    assert feed_number() == v


def test_who_signed_up_a_moment_ago_can_stop_before_any_sync(published):
    now = clock.now()
    IdentityTable.objects.get_or_create(
        source="balus", table="accounts", defaults={"tried_at": now, "read_at": now}
    )
    [event] = gate.take_records(BALUS, "balus", [registration("99")])
    assert allowed("balus", "guidance", "99")
    choices.stop(PERSON, event.subject, "purpose:guidance")
    assert not allowed("balus", "guidance", "99")
    gate.take_records(BALUS, "balus", [registration("99")])
    assert Person.objects.count() == 1


def test_registration_lifts_no_stop(published):
    person = linked("balus:17")
    choices.stop(PERSON, person.id, "everything")
    gate.take_records(BALUS, "balus", [registration("17")])
    assert not allowed("balus", "guidance", "17")


def test_who_came_before_an_unexpected_use_is_not_bound_by_it_until_they_agree(published):
    person = linked("balus:17")
    old = Edition.objects.current().digest
    republish([Unrelated("balus", "guidance")])
    gate.take_records(BALUS, "balus", [registration("20"), registration("21", policy=old)])
    assert not allowed("balus", "guidance", "17")
    assert allowed("balus", "guidance", "20")
    assert not allowed("balus", "guidance", "21"), "the notice of the older edition was shown"
    registry = in_force()[0]
    [may] = registry.before("balus", "guidance")
    question = Question(may.bit, registry.editions[-1], "sha256:" + "ab" * 32, "ja")
    event = choices.answer_consent(
        PERSON, Answer(question, person.id, agrees=True, means="button", at=clock.now())
    )
    assert event.kind == "choices.consented"
    assert allowed("balus", "guidance", "17")
    choices.answer_consent(
        PERSON, Answer(question, person.id, agrees=False, means="button", at=clock.now())
    )
    assert not allowed("balus", "guidance", "17")


def test_of_two_merged_who_agreed_only_in_one_account_neither_is_bound(published):
    republish([Unrelated("balus", "guidance")])
    gate.take_records(BALUS, "balus", [registration("20")])
    new = linked("balus:20")
    old = linked("balus:17")
    assert allowed("balus", "guidance", "20")
    people.merge(COMMAND, new.id, old.id)
    assert not allowed("balus", "guidance", "20")
    assert not allowed("balus", "guidance", "17")


def test_an_account_elsewhere_takes_no_agreement_away(published):
    republish([Unrelated("balus", "guidance")])
    gate.take_records(BALUS, "balus", [registration("20")])
    one, other = linked("balus:20"), linked("kata:9")
    people.merge(COMMAND, one.id, other.id)
    assert allowed("balus", "guidance", "20")


def test_refusals_are_about_the_person_and_hold_no_key(published):
    person = linked("balus:777017")
    why = [["purpose", "guidance", "5"]]
    [event] = gate.take_records(
        BALUS,
        "balus",
        [record("gate.refused", key=777017, purpose="guidance", recipient="", why=why)],
    )
    assert event.subject == person.id
    assert event.facts["why"] == "purpose:guidance"
    assert "777017" not in str(event.facts)


def test_refusals_stay_with_the_registration_that_was_refused(published):
    """Of two who are taken for one, each finds their own in their history, before and after they are parted."""
    one, other = sorted((linked("balus:777017"), linked("balus:777018")), key=lambda p: p.pk.hex)
    key = other.links.get().key
    people.merge(COMMAND, one.id, other.id)
    why = [["purpose", "guidance", "5"]]
    [event] = gate.take_records(
        BALUS,
        "balus",
        [record("gate.refused", key=key, purpose="guidance", recipient="", why=why)],
    )
    assert event.subject == other.id


def test_a_record_that_makes_no_sense_stands_in_the_way_of_no_other(published):
    good = record("gate.used", purpose="guidance", recipient="", allowed=3, left_out=1, stale=0)
    bad = [
        record("gate.unknown"),
        record("gate.used", purpose="guidance"),
        record("gate.registered", key=True, notice="n"),
        record("gate.used", id_="no id"),
        {**registration("5"), "service": "kata"},
        record("gate.refused", key="x", purpose="<山田 花子>", recipient="", why=[]),
    ]
    events = gate.take_records(BALUS, "balus", [*bad, good])
    assert [e.kind for e in events] == ["gate.used"]
    assert events[0].facts["allowed"] == 3


def test_another_person_may_not_speak_for_a_service(published):
    with pytest.raises(NotAllowed):
        gate.take_records(PERSON, "balus", [registration("99")])


def test_places_count_running_copies_and_name_the_others(published):
    now = clock.now()
    feed.heard("balus", "a", 1, now)
    feed.heard("balus", "b", 0, now)
    feed.heard("kata", "c", 1, now - timedelta(seconds=61))
    found = acknowledged(1, now)
    states = {place.service: place.state for place in found.places}
    assert states == {
        "website": "not_connected",
        "balus": "waiting",
        "kata": "not_running",
        "training": "not_connected",
    }
    assert (found.k, found.n) == (0, 1)
    feed.heard("balus", "b", 1, now)
    assert (acknowledged(1, now).k, acknowledged(1, now).n) == (1, 1)
    assert acknowledged(2, now).k == 0


def test_too_many_changes_for_one_number_are_a_new_snapshot(published, monkeypatch):
    monkeypatch.setattr(feed, "WHOLE", 2)
    copies = Copies()
    copies.snapshot("balus")
    after = feed_number()
    linked(*(f"balus:{n}" for n in range(5)))
    news = copies.news("balus", after)
    assert news.after == news.v == feed_number()
    _, standing = unpack(copies.snapshot("balus"))
    assert len(standing.everyone) == 5


KEYS = ("balus:1", "balus:mail-2", "kata:3", "kata:0004", "training:5")
UNITS = ("everything", "purpose:guidance", "item:email", "cell:support/email", "purpose:billing")
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("stop", "resume")), st.integers(0, 3), st.sampled_from(UNITS)),
        st.tuples(st.just("register"), st.integers(0, 9), st.just("balus")),
        st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("listen"), st.just(0), st.just("")),
        st.tuples(st.just("link"), st.integers(0, 3), st.sampled_from(KEYS)),
    ),
    max_size=12,
)


def bits_by_key(standing, keys):
    return {key: standing.bits_of(normal(key)) for key in keys}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(DEEDS)
def test_what_a_copy_patched_is_what_a_new_snapshot_says(published, deeds):
    copies = Copies()
    for model in (Delta, FeedEntry, Choice, ServiceKey):
        model.objects.all().delete()
    world.Candidate.objects.all().delete()
    Link.objects.all().delete()
    feed.Feed.objects.update(v=0)
    crowd = [linked() for _ in range(4)]
    mine = {}
    for service in ("balus", "kata", "training"):
        mine[service] = unpack(copies.snapshot(service))[1]
    for verb, who, what in [*deeds, ("listen", 0, "")]:
        if verb in ("stop", "resume"):
            getattr(choices, verb)(PERSON, crowd[who].id, what)
        elif verb == "register":
            gate.take_records(BALUS, "balus", [registration(f"{who}")])
        elif verb == "merge" and who != what:
            one, other = Person.resolve(crowd[who].id), Person.resolve(crowd[what].id)
            if one != other:
                people.merge(COMMAND, one.id, other.id)
        elif verb == "link" and not _is_linked(what):
            linked(what, person=Person.resolve(crowd[who].id))
        elif verb == "listen":
            for service, standing in mine.items():
                news = copies.news(service, standing.v)
                assert news.after == standing.v
                for delta in news.deltas:
                    standing.apply(delta)
                standing.v = news.v
    _, table = in_force()
    keys = {*ServiceKey.objects.values_list("key", flat=True), "nobody"}
    for service, standing in mine.items():
        fresh = unpack(Copies().snapshot(service))[1]
        assert bits_by_key(standing, keys) == bits_by_key(fresh, keys)
        for use in table.of(service).uses:
            assert decide.people(standing, use) is not None
            for key in keys:
                there = decide.is_allowed(standing.bits_of(normal(key)), use)
                assert there == allowed(service, use.purpose, key, use.recipient)


def _is_linked(text):
    service, _, key = text.partition(":")
    return Link.objects.filter(source=service, key=key).exists()


def ask(client, token, **question):
    return client.post(
        "/api/v1/decide",
        question,
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )


def test_a_service_in_another_language_asks_by_http_and_the_ledger_keeps_each_answer(
    published, client
):
    person = linked("balus:17")
    token = gate_token.make(world.settings.HOME, "balus").read_text()
    question = {"service": "balus", "purpose": "guidance", "key": 17}
    said = ask(client, token, **question)
    assert said.status_code == 200
    assert said.json() == {"allowed": True, "v": feed_number(), "reasons": []}
    choices.stop(PERSON, person.id, "purpose:guidance")
    said = ask(client, token, **question).json()
    assert not said["allowed"]
    assert said["reasons"] == [{"unit": "purpose", "refs": ["guidance"], "clause": "5"}]
    assert Pending.objects.get(kind="gate.refused").subject == person.id
    assert not ask(client, token, **{**question, "purpose": "nothing"}).json()["allowed"]


def test_a_question_without_token_or_sense_is_refused(published, client):
    token = gate_token.make(world.settings.HOME, "balus").read_text()
    question = {"service": "balus", "purpose": "guidance", "key": 17}
    assert ask(client, "wrong", **question).status_code == 401
    assert ask(client, token, **{**question, "service": "kata"}).status_code == 401
    assert ask(client, token, **{**question, "key": None}).status_code == 422
    assert ask(client, token, **{**question, "purpose": "<b>"}).status_code == 422
    assert client.get("/api/v1/decide").status_code == 405


def test_rows_of_the_feed_are_forgotten_after_a_week_and_a_copy_from_before_takes_a_snapshot(
    published,
):
    copies, her = Copies(), linked()
    before = unpack(copies.snapshot("balus"))[1]
    choices.stop(PERSON, her.id, "purpose:guidance")
    old = FeedEntry.objects.order_by("-v").first().v
    FeedEntry.objects.update(at=clock.now() - timedelta(days=9))
    choices.stop(PERSON, her.id, "purpose:support")
    feed.prune(clock.now())
    assert {*FeedEntry.objects.values_list("v", flat=True)} == {old + 1}
    assert not Delta.objects.filter(v__lte=old).exists()
    assert Copies().news("balus", before.v).after == old + 1, "a hole: take a snapshot"
    assert Copies().news("balus", old).after == old, "no hole for whoever was here"
    feed.prune(clock.now())
    assert FeedEntry.objects.count() == 1
