"""A person's request from its arrival to its answer: who may do what, by when, and what is left of it."""

import errno
import io
import json
import os
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from django.conf import settings

from chikai import clock
from chikai.errors import BadInput, Disagrees, NotAllowed, Tampered, WrongState
from chikai.policy import load
from chikai.rights import fulfil, review
from chikai.web import packages, released
from chikai.web.actions import (
    COMMAND,
    WORK,
    by_hand,
    planning,
    refusing,
    steps,
    taking_back,
)
from chikai.web.actions import rights as actions
from chikai.web.models import Installation, Job, Outbox, Payload, Pending, Person, Request, Step
from chikai.web.models.ledger import Entry
from chikai.web.work import engine
from chikai.web.work import rights as work
from chikai.web.work.claims import Overtaken
from examples.levii import databases
from tests.web import asking
from tests.web.asking import DESK, HEROINE, MAIL, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def fresh(request):
    return Request.objects.get(pk=request.pk)


def gathered(her, **more):
    request = asking.ask(her, **more)
    engine.drain()
    return fresh(request)


def answered(her):
    request = gathered(her)
    asking.approve(request)
    engine.drain()
    return fresh(request)


def kinds():
    return [
        *Entry.objects.order_by("index").values_list("kind", flat=True),
        *Pending.objects.order_by("number").values_list("kind", flat=True),
    ]


def opened(request):
    return zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(request))))


@pytest.mark.clause("6")
def test_a_request_runs_from_the_portal_to_the_package(her, urls):
    request = gathered(her)
    assert (request.number, request.state) == (
        f"{clock.day_in_japan(clock.now()).year}-0001",
        "review",
    )
    status = request.status()
    assert (status.done, status.of, status.next) == (4, 4, "review")
    asking.approve(request)
    engine.drain()
    request = fresh(request)
    assert request.state == "answered"
    with opened(request) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("letter.pdf").startswith(b"%PDF")
        assert "山田 花子" in archive.read("index.html").decode()
        names = {f["name"] for f in manifest["files"]}
    assert "letter.pdf" in names
    for source in manifest["sources"]:
        db = sa.create_engine(urls[source["source"]])
        expected = databases.held_by(db, source["source"], HEROINE[source["source"]])
        db.dispose()
        assert {t: n for t, n in source["tables"].items() if n} == {
            t: n for t, n in expected.items() if n
        }
    assert manifest["rows"] == request.package_rows > 20
    wanted = ["rights.opened", "rights.identified", "rights.planned", "rights.submitted"]
    wanted += ["rights.approved", "rights.disclosed", "rights.answered"]
    assert [k for k in kinds() if k in wanted] == wanted
    assert kinds().count("rights.gathered") == 6


def test_no_value_rests_in_the_clear(her):
    answered(her)
    marks = ("hanako", "花子", MAIL)
    files = [p for p in (settings.HOME.path / "packages").rglob("*") if p.is_file()]
    assert [p.name for p in files] == [Request.objects.get().package_file]
    assert all(p.stat().st_mode & 0o077 == 0 for p in files)
    rows = repr(
        [
            *Request.objects.values_list(),
            *Step.objects.values_list(),
            *Job.objects.values_list(),
            *Outbox.objects.values_list(),
            *Pending.objects.values_list(),
            *Payload.objects.values_list(),
        ]
    )
    for mark in marks:
        assert mark not in rows
        assert all(mark.encode() not in p.read_bytes() for p in files)
    assert not list((settings.HOME.path / "packages").rglob(".*"))


def test_the_mail_says_the_number_and_nothing_else(her, mailoutbox):
    request = answered(her)
    letters = [m for m in mailoutbox if m.to == [MAIL]]
    assert [m.subject for m in letters] == [
        f"【株式会社レヴィ】開示のご請求を受け付けました（{request.number}）",
        f"【株式会社レヴィ】開示のご請求へのお答えができました（{request.number}）",
    ]
    assert all("花子" not in m.message().as_string() for m in letters)
    assert letters[1].message()["Message-ID"] == f"<{request.number}.answered.1@localhost>"
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


def test_a_second_press_finds_the_first(her):
    asking.ask(her)
    with pytest.raises(WrongState, match="0001"):
        asking.ask(her)
    engine.drain()
    request = Request.objects.get()
    asking.approve(request)
    with pytest.raises(WrongState):
        asking.approve(request, SECOND)
    with pytest.raises(WrongState):
        refusing.refuse_request(SECOND, request, ground="harm", text="x")


def test_who_entered_a_request_does_not_approve_it(her):
    clerk = actions.Actor("staff:1", frozenset({"officer", "desk"}))
    events = actions.open_request(
        clerk, person=her, kind="disclose", evidence="officer", channel="phone", note="電話にて"
    )
    request = Request.objects.get(number=events[0].facts["number"])
    engine.drain()
    with pytest.raises(WrongState, match="entered"):
        asking.approve(fresh(request), clerk)
    asking.approve(fresh(request), SECOND)
    assert actions.read_note(fresh(request)) == "電話にて"
    assert "電話" not in repr(bytes(fresh(request).note))


def test_a_single_officer_waits_24_hours(her, monkeypatch):
    Installation.objects.update(single_officer=True)
    clerk = actions.Actor("staff:1", frozenset({"officer"}))
    events = actions.open_request(clerk, person=her, kind="disclose", evidence="officer")
    engine.drain()
    request = Request.objects.get(number=events[0].facts["number"])
    (event,) = asking.approve(request, clerk)
    assert event.kind == "rights.approval_delayed"
    engine.drain()
    assert fresh(request).state == "review"
    Request.objects.update(approve_after=clock.now() - timedelta(seconds=1))
    engine.drain()
    assert fresh(request).state == "answered"


def test_an_erasure_needs_two_officers(her):
    request = gathered(her, kind="erase")
    asking.approve(fresh(request))
    assert fresh(request).state == "review"
    with pytest.raises(WrongState, match="already"):
        asking.approve(fresh(request))
    asking.approve(fresh(request), SECOND)
    engine.drain()
    assert fresh(request).state == "acting"
    for step in request.steps.filter(state="manual"):
        by_hand.complete_manual(DESK, step, note="消しました")
    engine.drain()
    assert fresh(request).state == "acting"  # what was said is looked up, and her rows stand


def test_a_refusal_needs_a_ground_and_a_reason(her):
    request = gathered(her)
    for ground, text in (("", "x"), ("not_wrong", "x"), ("harm", " ")):
        with pytest.raises(BadInput):
            refusing.refuse_request(OFFICER, request, ground=ground, text=text)
    with pytest.raises(NotAllowed):
        refusing.refuse_request(DESK, request, ground="harm", text="x")
    refusing.refuse_request(OFFICER, request, ground="harm", text="ほかの方の安全のため")
    engine.drain()
    request = fresh(request)
    assert request.state == "refused"
    assert actions.read_note(request, "text") == "ほかの方の安全のため"
    assert not packages.folder(request).exists()
    assert Outbox.objects.get(kind="refused").state == "sent"


def test_only_the_person_withdraws_and_only_their_own(her):
    request = gathered(her)
    other = Person.objects.create(id=actions.canon.new_id(clock.now()), since=clock.now())
    with pytest.raises(BadInput):
        taking_back.withdraw_request(actions.PERSON, request, person=other)
    with pytest.raises(NotAllowed):
        taking_back.withdraw_request(OFFICER, request, person=her)
    taking_back.withdraw_request(actions.PERSON, request, person=her)
    engine.drain()
    assert fresh(request).state == "withdrawn"
    assert not packages.folder(request).exists()
    with pytest.raises(WrongState, match="destroyed"):
        actions.key_of(request)


def test_a_person_does_nothing_that_staff_does(her):
    request = gathered(her)
    with pytest.raises(NotAllowed):
        asking.approve(request, actions.PERSON)
    with pytest.raises(NotAllowed):
        steps.advance_requests(actions.PERSON, hold=lambda *_: {request.pk: request})
    with pytest.raises(BadInput, match="evidence"):
        asking.ask(her, kind="correct", evidence="officer")


def test_a_source_that_is_down_in_the_middle_is_waited_for(her, urls, tmp_path):
    file = Path(urls["kata"].removeprefix("sqlite:///"))
    away = file.rename(tmp_path / "away")
    request = gathered(her)
    kata = request.steps.get(source="kata")
    assert request.state == "gathering"
    assert (kata.state, kata.attempts) == ("todo", 1)
    assert kata.not_before > clock.now()
    assert request.steps.filter(state="done").count() == 3
    away.rename(file)
    Step.objects.filter(pk=kata.pk).update(not_before=clock.now())
    engine.drain()
    assert fresh(request).state == "review"


def test_a_source_that_stays_away_is_shown_to_somebody(her, urls, tmp_path):
    file = Path(urls["kata"].removeprefix("sqlite:///"))
    away = file.rename(tmp_path / "away")
    request = gathered(her)
    for _ in range(work.MOST_ATTEMPTS):
        Step.objects.filter(state="todo").update(not_before=clock.now())
        engine.drain()
    kata = request.steps.get(source="kata")
    assert kata.state == "failed"
    assert kata.fault
    assert "rights.stalled" in kinds()
    away.rename(file)
    steps.retry_step(DESK, kata)
    engine.drain()
    assert fresh(request).state == "review"


def test_a_schema_that_changed_after_the_plan_stops_the_step(her, urls, monkeypatch):
    db = sa.create_engine(urls["training"])

    def change(name):
        if name == "request.planned":
            with db.begin() as c:
                c.execute(sa.text("alter table attendees add column nickname text"))

    monkeypatch.setattr(engine, "hook", change)
    try:
        request = gathered(her)
        step = request.steps.get(source="training")
        assert step.state == "failed"
        assert "nickname" in step.fault
        assert "plan the request again" in step.do
    finally:
        with db.begin() as c:
            c.execute(sa.text("alter table attendees drop column nickname"))
        db.dispose()
    monkeypatch.setattr(engine, "hook", None)
    planning.plan_again(DESK, request)
    engine.drain()
    assert fresh(request).state == "review"


def test_another_map_than_the_planned_one_stops_the_step(her, monkeypatch):
    policy = load.read(asking.EXAMPLE).document

    def ends(name):
        if name == "request.planned":
            raise Overtaken

    monkeypatch.setattr(engine, "hook", ends)
    request = gathered(her)
    monkeypatch.setattr(engine, "hook", None)
    asking.adopt(
        policy,
        "kata",
        clock.now(),
        change=lambda m: type(m)(m.source, m.service, m.tables[:-1]),
    )
    Request.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    engine.drain()
    assert "another map" in request.steps.get(source="kata").fault


def test_rows_that_change_between_reading_and_verifying_are_read_anew(her, urls, monkeypatch):
    db, times = sa.create_engine(urls["balus"]), []

    def change(name):
        if name == "read.verify" and not times:
            times.append(1)
            with db.begin() as c:
                c.execute(
                    sa.text("update accounts set phone = '03-0000-0000' where id = :i"),
                    {"i": HEROINE["balus"]},
                )

    monkeypatch.setattr(engine, "hook", change)
    request = gathered(her)
    step = request.steps.get(source="balus")
    assert (step.state, step.attempts) == ("todo", 1)
    assert "something else" in step.fault
    Step.objects.filter(pk=step.pk).update(not_before=clock.now())
    engine.drain()
    assert fresh(request).state == "review"
    db.dispose()


def test_a_manual_place_counts_and_is_noted(urls):
    her = asking.settle(urls, manual=True)
    request = gathered(her)
    assert request.state == "gathering"
    status = request.status()
    assert (status.done, status.of, status.waiting, status.next) == (4, 5, ("paper",), "manual")
    with pytest.raises(BadInput):
        by_hand.complete_manual(DESK, request.steps.get(source="paper"), note=" ")
    by_hand.complete_manual(DESK, request.steps.get(source="paper"), note="申込書1枚", rows=1)
    engine.drain()
    asking.approve(fresh(request))
    engine.drain()
    with opened(fresh(request)) as archive:
        assert archive.read("by-hand/paper.txt").decode() == "申込書1枚"
        said = json.loads(archive.read("manifest.json"))["sources"][-1]
    assert (said["standing"], said["rows"]) == ("by_hand", 1)


def test_a_package_ends_after_its_days(her):
    request = answered(her)
    assert request.ready(clock.now())
    Request.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(WrongState):
        released.open_package(fresh(request))
    engine.drain()
    assert fresh(request).expired_at is not None
    assert not packages.folder(request).exists()
    assert "rights.expired" in kinds()


def test_a_byte_of_the_package_that_changed_is_noticed(her):
    request = answered(her)
    file = packages.folder(request) / request.package_file
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(Tampered):
        b"".join(released.open_package(request))


def test_a_step_is_never_done_without_its_verification(her):
    request = gathered(her)
    step = request.steps.get(source="balus")
    Step.objects.filter(pk=step.pk).update(state="doing")
    Request.objects.update(state="acting")

    def hold(*_states):
        return {request.pk: fresh(request)}

    with pytest.raises(WrongState, match="verified"):
        steps.finish_steps(WORK, [step], hold=hold)
    steps.advance_requests(WORK, hold=hold)
    assert fresh(request).state == "acting"
    assert Step.objects.get(pk=step.pk).state == "doing"


def test_a_worker_that_was_overtaken_writes_nothing_more(her, monkeypatch):
    request, other = asking.ask(her), uuid4()

    def overtake(name):
        if name == "read.written":
            Request.objects.update(claim=other)

    monkeypatch.setattr(engine, "hook", overtake)
    assert work.turn(clock.now()) == 1
    states = set(request.steps.values_list("state", flat=True))
    assert states == {"doing"}
    assert fresh(request).claim == other
    assert work.turn(clock.now()) == 0


def test_requests_that_wait_together_are_read_together_and_answered_each(her, urls, monkeypatch):
    people = [her, *asking.more_people(urls, 5)]
    for person in people:
        asking.ask(person, reply_to="")
    met = []
    monkeypatch.setattr(engine, "hook", met.append)
    engine.drain()
    assert met.count("read.doing") == 1
    assert set(Request.objects.values_list("state", flat=True)) == {"review"}
    for request in Request.objects.all():
        asking.approve(request)
    engine.drain()
    assert met.count("package.doing") == 1
    for request in Request.objects.all():
        assert request.state == "answered"
        with opened(request) as archive:
            manifest = json.loads(archive.read("manifest.json"))
        assert manifest["person"] == str(request.person_id)
        for source in manifest["sources"]:
            link = request.person.links.filter(source=source["source"]).first()
            db = sa.create_engine(urls[source["source"]])
            key = source["source"] != "kata" and link and int(link.key)
            if link and source["source"] == "balus":
                expected = databases.held_by(db, "balus", key)
                found = {t: n for t, n in source["tables"].items() if n}
                assert found == {t: n for t, n in expected.items() if n}
            db.dispose()
    acts = Pending.objects.values_list("kind", "act") if Pending.objects.exists() else []
    assert len({act for kind, act in acts if kind == "rights.planned"}) <= 1


def without_free_text(map_):
    def plain(column):
        return replace(column, kind="status") if column.kind in review.FREE else column

    tables = (replace(t, columns=tuple(map(plain, t.columns))) for t in map_.tables)
    return replace(map_, tables=tuple(tables))


@pytest.mark.clause("6")
def test_free_text_is_read_by_an_officer_though_nobody_has_to_approve(her, monkeypatch):
    document, right = actions.right_of("disclose")
    free = replace(right, approvals=0)
    for module in (steps, actions):
        monkeypatch.setattr(module, "right_of", lambda *_: (document, free))
    request = gathered(her)
    assert request.state == "review"
    assert any(s.found["free"] for s in request.steps.filter(action="read"))
    with pytest.raises(WrongState, match="looked through"):
        actions.approve_request(OFFICER, request)
    asking.approve(request)
    engine.drain()
    assert fresh(request).state == "answered"


def test_what_may_be_the_persons_keeps_a_request_with_the_officer(her, monkeypatch):
    request = gathered(her)
    places = [Step(action="read", found={"free": 0}), Step(action="nothing")]
    assert not actions.is_looked_through(request, places)
    assert actions.is_looked_through(request, [*places, Step(action="manual")])
    assert actions.is_looked_through(request, [Step(action="read")]), "of an older release"
    monkeypatch.setattr(actions, "doubts_about", lambda _person: {"kata": 1})
    assert actions.is_looked_through(request, places)


def test_where_nobody_approves_the_package_is_made_all_the_same(her, monkeypatch):
    document, right = actions.right_of("disclose")
    free = replace(right, approvals=0)
    monkeypatch.setattr(steps, "right_of", lambda *_: (document, free))
    # Where a map knows of no free text there is nothing that somebody would have to read.
    for service in asking.databases.SERVICES:
        asking.adopt(document, service, clock.now(), change=without_free_text)
    request = gathered(her)
    assert request.state == "answered"
    assert set(request.steps.values_list("state", flat=True)) == {"done"}
    assert request.package_rows > 20
    wanted = ["rights.submitted", "rights.approved", "rights.disclosed", "rights.answered"]
    assert [k for k in kinds() if k in wanted] == wanted


def test_what_the_release_before_has_read_is_read_anew(her):
    request = gathered(her)
    asking.look_through(request)
    packages.drop(request)
    Step.objects.update(file="", digest="sha256:old")
    asking.approve(request)
    engine.drain()
    assert fresh(request).state == "answered"
    assert fresh(request).package_rows > 20


def test_one_person_whose_reading_fails_does_not_hold_up_the_others(her, urls, monkeypatch):
    others = asking.more_people(urls, 3)
    requests = [asking.ask(person, reply_to="") for person in (her, *others)]
    asked = fulfil.compare
    db = sa.create_engine(urls["balus"])
    heroine = {t: n for t, n in databases.held_by(db, "balus", HEROINE["balus"]).items() if n}
    db.dispose()

    def wrong(source, counted, read):
        if source == "balus" and {t: n for t, n in counted.items() if n} == heroine:
            raise Disagrees("the rows were counted otherwise", "try again", source)
        asked(source, counted, read)

    monkeypatch.setattr(fulfil, "compare", wrong)
    engine.drain()
    assert fresh(requests[0]).state == "gathering"
    assert requests[0].steps.get(source="balus").fault == "the rows were counted otherwise"
    assert {fresh(r).state for r in requests[1:]} == {"review"}
    monkeypatch.undo()
    Step.objects.update(not_before=clock.now())
    engine.drain()
    assert fresh(requests[0]).state == "review"


def test_a_request_that_is_withdrawn_in_the_middle_leaves_nothing(her, monkeypatch):
    request = asking.ask(her)

    def withdraw(name):
        if name == "read.written" and fresh(request).state == "gathering":
            taking_back.withdraw_request(actions.PERSON, request, person=her)

    monkeypatch.setattr(engine, "hook", withdraw)
    engine.drain()
    assert fresh(request).state == "withdrawn"
    assert not packages.folder(request).exists()


def test_a_clock_that_jumped_does_not_stop_the_work(her):
    request = asking.ask(her)
    far = clock.now() + timedelta(days=400)
    Request.objects.update(claim=uuid4(), lease_until=far)
    engine.drain()
    assert fresh(request).state == "review"
    asking.approve(request)
    Step.objects.filter(state="todo").update(not_before=far)
    engine.drain()
    assert fresh(request).state == "answered"


def test_numbers_are_counted_per_year_and_never_given_twice(her):
    now = clock.now()
    first = actions.next_number(now)
    assert actions.next_number(now) == first[:-1] + str(int(first[-1]) + 1)
    assert actions.next_number(now + timedelta(days=366)).endswith("-0001")


def test_a_full_disk_is_said_and_waited_out(her, monkeypatch):
    monkeypatch.setattr(os, "fsync", full)
    request = gathered(her)
    monkeypatch.undo()
    assert {s.state for s in request.steps.filter(action="read")} == {"todo"}
    assert "disk" in request.steps.first().fault
    assert not list(packages.folder(request).glob("*"))
    Step.objects.update(not_before=clock.now())
    engine.drain()
    assert fresh(request).state == "review"


SYNC = os.fsync


def full(descriptor):
    """The disk that holds packages is full; the one that holds the ledger is not."""
    if "packages" in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
        raise OSError(errno.ENOSPC, "no space")
    SYNC(descriptor)


def test_command_may_name_a_person(her):
    events = actions.open_request(COMMAND, person=her, kind="disclose", evidence="officer")
    assert events[0].subject == her.pk
