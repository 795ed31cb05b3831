"""Requests that our own records answer: the purposes, the records of provision, and the stops."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chikai import canon, clock
from chikai.choices.consent import Answer, Question
from chikai.errors import WrongState
from chikai.web import released
from chikai.web.actions import PERSON, choices, refusing
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Outbox, ProvisionRecord, Request, Step
from chikai.web.models.choices import Copy, feed_number, in_force
from chikai.web.models.ledger import Events
from chikai.web.models.switches import choices_of, unit_of
from chikai.web.work import engine
from examples.levii import databases
from tests.web import asking
from tests.web.asking import HEROINE, OFFICER

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def asked(her, kind, **what):
    """The person asks, and the worker goes as far as it comes."""
    request = asking.ask(her, kind=kind, asked=what)
    engine.drain()
    request.refresh_from_db()
    return request


def answered(her, kind, **what):
    request = asked(her, kind, **what)
    if request.state == "review":
        actions.approve_request(OFFICER, request)
        engine.drain()
        request.refresh_from_db()
    assert request.state == "answered"
    assert {s.state for s in request.steps.all()} == {"done"}
    return request


def opened(request):
    return zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(request))))


def record(person, recipient, basis, *, owed, days=3, items=("name", "email")):
    now = clock.now()
    return ProvisionRecord.objects.create(
        person=person,
        service="balus",
        recipient=recipient,
        name={"ja": recipient, "en": recipient},
        purpose="course",
        why={"ja": "研修", "en": "courses"},
        items=list(items),
        basis=basis,
        is_owed=owed,
        edition="sha256:" + "ab" * 32,
        act=canon.new_id(now),
        at=now - timedelta(days=days),
        kept_until=(now + timedelta(days=1000)).date(),
    )


def agree(person, unit):
    registry = in_force()[0]
    toggle = next(t for t in registry.toggles if unit_of(t) == unit)
    question = Question(toggle.bit, registry.editions[-1], "sha256:" + "ab" * 32, "ja")
    answer = Answer(question, person.pk, agrees=True, means="button", at=clock.now())
    choices.answer_consent(PERSON, answer)


def stopped(person):
    return {line.unit for line in choices_of(person.pk) if line.is_stopped}


@pytest.mark.clause("6")
def test_a_person_is_told_the_purposes_of_what_is_held_of_them(her, urls):
    request = answered(her, "notify_purpose")
    with opened(request) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        rows = json.loads(archive.read("json/purposes.json"))
        page = archive.read("index.html").decode()
        assert archive.read("letter.pdf").startswith(b"%PDF")
        assert archive.read("csv/purposes.csv").startswith(b"\xef\xbb\xbf")
    assert manifest["kind"] == "notify_purpose"
    assert manifest["rows"] == len(rows) == request.package_rows
    for source in ("balus", "kata", "training"):
        db = sa.create_engine(urls[source])
        expected = databases.held_by(db, source, HEROINE[source])
        db.dispose()
        assert sum(expected.values()), source
    assert any("利用料金の請求" in p for row in rows for p in row["purposes"])
    assert "設定のページで止められます" in page
    assert "花子" not in page, "no value is read for it"


def test_an_item_that_is_not_held_is_not_told(her):
    other = asking.more_people(_urls_of(), 1)[0]
    request = answered(other, "notify_purpose")
    with opened(request) as archive:
        rows = json.loads(archive.read("json/purposes.json"))
        places = json.loads(archive.read("json/places.json"))
    assert {row["service"] for row in rows} == {"Balus"}
    assert len(places) == 4
    assert her.pk != other.pk


def _urls_of():
    from django.conf import settings

    return {n: c.url for n, c in settings.HOME.sources.items()}


@pytest.mark.clause("6")
def test_the_records_that_the_law_owes_stand_apart_from_those_we_keep_beside(her):
    record(her, "manabi", "consent", owed=True)
    record(her, "aoba_payment", "entrusted", owed=False)
    other = asking.more_people(_urls_of(), 1)[0]
    record(other, "manabi", "consent", owed=True)
    request = answered(her, "disclose_records")
    with opened(request) as archive:
        owed = json.loads(archive.read("json/provided.json"))
        beside = json.loads(archive.read("json/entrusted.json"))
        page = archive.read("index.html").decode()
    assert [row["recipient"] for row in owed] == ["manabi"]
    assert [row["recipient"] for row in beside] == ["aoba_payment"]
    assert owed[0]["items"] == ["氏名", "メールアドレス"]
    assert "法律が求めるものではありません" in page
    assert request.package_rows == 2


def test_that_nothing_was_given_is_an_answer(her):
    request = answered(her, "disclose_records")
    with opened(request) as archive:
        assert "お渡しした記録はありません" in archive.read("index.html").decode()
    assert request.package_rows == 0


@pytest.mark.clause("5")
def test_a_suspension_stands_as_if_the_person_had_pressed_the_switch(her):
    request = answered(her, "suspend", items="email")
    assert stopped(her) >= {"item:email"}
    step = request.steps.get()
    assert (step.action, step.source) == ("stop", "item:email")
    assert step.found["v"] == feed_number()
    [entry] = Events("choices.stopped")
    facts = facts_of(entry)
    assert (facts["unit"], facts["number"]) == ("item:email", request.number)
    assert len(Events("rights.carried_out")) == 1
    assert Outbox.objects.filter(kind="answered").count() == 1
    assert request.package_digest == ""
    choices.resume(PERSON, her.pk, "item:email")
    assert "item:email" not in stopped(her)


def test_a_suspension_of_everything_stops_everything(her):
    answered(her, "suspend")
    assert "everything" in stopped(her)


def test_what_was_stopped_already_is_stopped_once(her):
    choices.stop(PERSON, her.pk, "item:email")
    request = answered(her, "suspend", items="email")
    assert [facts_of(e).get("again") for e in Events("choices.stopped")] == [True, None]
    assert request.steps.get().found["v"] <= feed_number()


@pytest.mark.clause("6")
def test_stopping_provision_takes_the_agreement_back(her):
    agree(her, "consent:manabi/course")
    assert "consent:manabi/course" not in stopped(her)
    request = asked(her, "stop_provision", recipients="manabi")
    assert request.state == "review"
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert "consent:manabi/course" in stopped(her)
    request.refresh_from_db()
    assert request.state == "answered"


def test_what_no_switch_can_stop_is_refused_with_a_ground_and_never_approved(her):
    request = asked(her, "stop_provision", recipients="aoba_payment")
    with pytest.raises(WrongState, match="switch"):
        actions.approve_request(OFFICER, request)
    refusing.refuse_request(OFFICER, request, ground="provision_lawful", text="委託先のため")
    request.refresh_from_db()
    assert request.state == "refused"


def test_a_suspension_of_what_is_not_used_waits_for_an_officer(her):
    policy, _ = actions.right_of("suspend")
    used = {c for p in policy.purposes for u in p.uses for c in u.categories}
    lonely = next((c.id for c in policy.categories if c.id not in used), "nothing_like_it")
    request = asked(her, "suspend", items=lonely)
    assert request.state == "review", "no officer is needed where something can be stopped"
    assert not Step.objects.filter(request=request, action="stop").exists()


def test_a_worker_that_was_overtaken_stops_nothing(her):
    from chikai.web.actions import WORK, stops

    request = asking.ask(her, kind="suspend", asked={"items": "email"})
    Request.objects.filter(pk=request.pk).update(state="acting")
    step = Step.objects.create(
        request=request, ord=0, source="item:email", action="stop", not_before=clock.now()
    )
    assert stops.stop_units(WORK, [step], hold=lambda *_: {}) == ()
    assert "item:email" not in stopped(her)


def test_the_pages_say_how_many_places_have_heard(her, client, as_role):
    request = answered(her, "suspend", items="email")
    now = clock.now()
    Copy.objects.create(service="balus", name="one", v=feed_number(), heard_at=now)
    Copy.objects.create(service="kata", name="one", v=0, heard_at=now)
    page = as_role("officer").get(f"/desk/requests/{request.number}").content.decode()
    assert "2 か所のうち 1 か所" in page
