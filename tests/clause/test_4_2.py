"""4.2: a partner works under a contract that binds it to secrecy, and gets the least that its purpose needs."""

import json
import stat
from datetime import date, timedelta

import pytest
from django.conf import settings

from chikai import clock
from chikai.errors import ProvisionRefused, WrongState
from chikai.provision.contract import Contract
from chikai.web.actions import choices, people
from chikai.web.actions import provision as actions
from chikai.web.actions.provision import Flow
from chikai.web.models import Job, Merge, Payload, Pending, Person
from chikai.web.models.ledger import Entry
from chikai.web.models.people import ids_of
from chikai.web.models.provision import ProvisionRecord
from chikai.web.portal.home import given_to
from chikai.web.work import engine
from chikai.web.work import provision as work
from tests.clause import care

pytestmark = [pytest.mark.own_state, pytest.mark.clause("4.2")]
FLOW = Flow(**care.AOBA)


def sign(**more):
    contract = Contract(
        **{"recipient": "aoba_payment", "since": date(2025, 1, 1), "secrecy": True, **more}
    )
    actions.register_contract(care.COMMAND, contract)


def lines():
    [file] = (settings.HOME.path / "outgoing" / "aoba_payment").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_without_a_contract_nothing_goes(balus):
    with pytest.raises(ProvisionRefused, match="no contract"):
        work.run(care.COMMAND, settings.HOME, "balus", FLOW)


def test_a_contract_that_binds_nobody_to_secrecy_is_not_enough(balus):
    sign(secrecy=False)
    with pytest.raises(ProvisionRefused, match="secrecy"):
        work.run(care.COMMAND, settings.HOME, "balus", FLOW)


def test_the_day_after_its_end_the_same_flow_stops(balus, monkeypatch):
    today = clock.day_in_japan(clock.now())
    sign(until=today)
    who = [care.person(12).pk]
    assert work.run(care.COMMAND, settings.HOME, "balus", FLOW, who)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=1))
    with pytest.raises(ProvisionRefused, match="in force"):
        work.run(care.COMMAND, settings.HOME, "balus", FLOW, who)


def test_only_the_least_items_are_in_the_file(balus):
    sign()
    work.run(care.COMMAND, settings.HOME, "balus", FLOW, [care.person(12).pk])
    [line] = lines()
    text = json.dumps(line, ensure_ascii=False)
    assert "山田 花子" in text
    assert {*line} <= {"accounts", "card_tokens", "invoices", "subscriptions"}
    assert {*line["accounts"][0]} == {"name", "name_kana", "email"}
    for held_back in ("phone", "company", "billing_address", "billing_postal_code", "user_agent"):
        assert held_back not in text


def test_what_is_begun_again_after_its_commit_is_not_done_twice(balus):
    sign()
    with pytest.raises(WrongState, match="contract 1"):
        sign()
    sign(until=date(2031, 3, 31))
    who = [care.person(12).pk]
    work.run(care.COMMAND, settings.HOME, "balus", FLOW, who)
    with pytest.raises(WrongState, match="today"):
        work.run(care.COMMAND, settings.HOME, "balus", FLOW, who)
    assert ProvisionRecord.objects.count() == 1
    assert lines()


def test_whoever_asks_for_more_is_refused_before_anything_is_read(balus, monkeypatch):
    sign()
    monkeypatch.setattr(work, "connect", lambda *_: pytest.fail("a source was opened"))
    wider = Flow("balus", "billing", "aoba_payment", ("name", "address"))
    with pytest.raises(ProvisionRefused, match="`address`"):
        work.run(care.COMMAND, settings.HOME, "balus", wider)


def test_whoever_stopped_billing_is_left_out_with_the_reason(balus):
    sign()
    stopped, other = care.person(12), care.person(9)
    choices.stop(care.PERSON, stopped.pk, "purpose:billing")
    events = work.run(care.COMMAND, settings.HOME, "balus", FLOW, [stopped.pk, other.pk])
    by_kind = {event.kind: event for event in events}
    assert by_kind["provision.made"].subject == other.pk
    assert by_kind["provision.refused"].subject == stopped.pk
    assert by_kind["provision.refused"].facts["why"] == "purpose 5"
    assert ProvisionRecord.objects.get().person_id == other.pk
    assert "山田" not in json.dumps(lines(), ensure_ascii=False)


def test_the_worker_does_it_and_no_value_stands_in_rows_of_work_or_ledger(balus):
    sign()
    who = care.person(12)
    now = clock.now()
    Job.objects.create(
        id=who.pk,
        verb="provide",
        about={**care.AOBA, "source": "balus", "persons": str(who.pk)},
        asked_by="command",
        asked_at=now,
    )
    engine.drain()
    job = Job.objects.get(pk=who.pk)
    assert (job.state, job.result) == ("done", {"made": 1, "left_out": 0})
    stored = repr(
        [
            *Job.objects.values_list(),
            *Pending.objects.values_list(),
            *Payload.objects.values_list(),
            *Entry.objects.values_list(),
            *ProvisionRecord.objects.values_list(),
        ]
    )
    assert "hanako" not in stored
    assert "山田" not in stored


def test_of_two_who_were_taken_for_one_each_keeps_the_record_of_their_own(balus):
    sign()
    officer = care.Actor("staff:1", frozenset({"officer"}))
    a, b, c = sorted((care.person(key) for key in (12, 13, 14)), key=lambda p: p.pk.hex)
    people.merge(officer, b.pk, c.pk)
    people.merge(officer, a.pk, b.pk)
    events = work.run(care.COMMAND, settings.HOME, "balus", FLOW, [a.pk])
    assert {event.subject for event in events} == {a.pk, b.pk, c.pk}
    records = ProvisionRecord.objects.of(ids_of(a.pk))
    assert len(records) == 3
    items = {row.person_id: row.items for row in records}
    for merge in Merge.objects.filter(undone_at=None).order_by("-pk"):
        people.part(officer, merge.pk)
    for person in (a, b, c):
        assert len(given_to(Person.objects.get(pk=person.pk), clock.now())) == 1
        [record] = ProvisionRecord.objects.of(ids_of(person.pk))
        assert record.items == items[person.pk]
