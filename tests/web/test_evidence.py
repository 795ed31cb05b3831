"""Each clause of the public page shows its mechanism, its state in words, and its newest evidence."""

import re
from datetime import timedelta

import pytest

from chikai import clock
from chikai.inquiry import desk
from chikai.web import event_words, traces
from chikai.web.actions import inquiry as inquiries
from chikai.web.actions import integrate
from chikai.web.models import Edition, Inquiry, Request
from chikai.web.models.ledger import Log
from chikai.web.public.contact import ANYBODY
from tests.web import portal_world, world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db, pytest.mark.clause("1.1")]


def clause(client, id_, path="/policy"):
    """What stands under one clause, between its beginning and the next one's."""
    page = client.get(path).content.decode()
    return re.split(r'id="c-[^"]+">', page.split(f'id="c-{id_}">')[1])[0]


def test_a_clause_without_evidence_says_so_and_one_with_it_names_the_newest(client):
    world.begin()
    world.publish()
    assert "証拠はまだありません" in clause(client, "7")
    inquiries.open_inquiry(ANYBODY, desk.read("question", "どこですか。", "q@mihon.example"))
    shown = clause(client, "7")
    assert "動いています" in shown
    assert "お問い合わせが届きました" in shown
    assert "<time" in shown
    assert "an inquiry arrived" in clause(client, "7", "/en/policy").lower()


def test_what_is_late_makes_its_clause_fail_and_no_other(client):
    world.begin()
    world.publish()
    inquiries.open_inquiry(ANYBODY, desk.read("question", "どこですか。", "q@mihon.example"))
    Inquiry.objects.update(due_on=clock.day_in_japan(clock.now()) - timedelta(days=1))
    assert "できていないことがあります" in clause(client, "7")
    assert "できていない" not in clause(client, "1.1")


def test_a_request_that_is_late_makes_clause_six_fail(client):
    her = portal_world.begin()
    portal_world.sign_in(client)
    client.post("/me/requests/new?kind=disclose", {"kind": "disclose"})
    assert Request.objects.get().person == her
    Request.objects.update(due_on=clock.day_in_japan(clock.now()) - timedelta(days=1))
    assert "期限を過ぎた請求" in clause(client, "6")


def test_a_closed_record_makes_its_clause_fail(client):
    world.begin()
    world.publish()
    integrate.integrate()
    Log.objects.update(closed_at=clock.now())
    assert "原因を調べています" in clause(client, "1.1")


def test_an_earlier_edition_shows_no_evidence_of_today(client):
    world.begin()
    world.publish()
    fragment = Edition.objects.current().ja
    assert "動いています" not in fragment


def test_every_public_kind_of_event_is_evidence_of_some_module():
    named = {kind for kinds in traces.EVENTS.values() for kind in kinds}
    missing = [
        kind
        for kind in event_words.SENTENCES
        if kind not in named and f"{kind.partition('.')[0]}." not in named
    ]
    beside = {"work.asked", "register.imported", "policy.notified"}
    assert {k for k in missing if not k.startswith("staff.")} == beside
