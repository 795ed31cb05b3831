"""A correction is looked up, written, approved by somebody else, made in one transaction a place, and told with its content."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from django.conf import settings

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.web import packages
from chikai.web.actions import by_hand, correcting
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Outbox, Proposal, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
NEW = "山田 はな子"


@pytest.fixture
def her(urls):
    return asking.settle(urls, mode="enforce")


def fresh(request):
    return Request.objects.get(pk=request.pk)


def asked(her, kind="correct", **said):
    wish = {
        "correct": {"wrong": "花子", "right": NEW},
        "add": {"right": NEW},
        "delete": {"wrong": "x"},
    }
    request = asking.ask(her, kind=kind, asked={"items": "name", **wish[kind], **said})
    engine.drain()
    return fresh(request)


def name_of(urls, key=None):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        found = c.scalar(
            sa.text("select name from accounts where id = :i"),
            {"i": key or HEROINE["balus"]},
        )
    db.dispose()
    return found


def rename(urls, name):
    db = sa.create_engine(urls["balus"])
    with db.begin() as c:
        said = {"n": name, "i": HEROINE["balus"]}
        c.execute(sa.text("update accounts set name = :n where id = :i"), said)
    db.dispose()


def place(request, source="balus"):
    return request.steps.get(source=source, action="look")


def field(step, column="name"):
    cells = correcting.read_cells(step)
    return next(n for n, c in enumerate(cells) if (c.table, c.column) == ("accounts", column))


def written(request, text=NEW, by=DESK):
    step = place(request)
    correcting.propose_changes(by, step, {field(step): text})


def steps_said(request):
    return list(request.steps.values_list("source", "action", "state", "fault"))


@pytest.mark.clause("6")
def test_a_correction_runs_from_the_question_to_the_answer(her, urls):
    request = asked(her)
    assert request.state == "review", steps_said(request)
    before = name_of(urls)
    cell = correcting.read_cells(place(request))[field(place(request))]
    assert cell.text == before
    written(request)
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert fresh(request).state == "answered", steps_said(request)
    assert name_of(urls) == NEW
    (told,) = correcting.read_told(fresh(request))
    assert told == {"service": "balus", "items": [["name", NEW]]}
    assert not packages.folder(request).exists()
    assert Outbox.objects.get(kind="answered").state == "sent"
    (facts,) = map(facts_of, Events("rights.carried_out"))
    assert (facts["place"], facts["rows"]) == ("balus", 1)
    assert facts_of(Events("rights.proposed")[0])["fields"] == 1


def test_only_rows_of_the_person_and_fields_of_the_item_are_looked_up(her, urls):
    request = asked(her)
    for step in request.steps.filter(action="look"):
        assert all(cell.item == "name" for cell in correcting.read_cells(step))
    mine = {c.key for c in correcting.read_cells(place(request)) if c.table == "accounts"}
    assert mine == {(HEROINE["balus"],)}


def test_whoever_wrote_it_does_not_approve_it(her):
    request = asked(her)
    with pytest.raises(WrongState, match="nobody has written"):
        actions.approve_request(OFFICER, request)
    written(request, by=OFFICER)
    with pytest.raises(WrongState, match="wrote its changes"):
        actions.approve_request(OFFICER, request)
    actions.approve_request(SECOND, request)
    engine.drain()
    assert fresh(request).state == "answered"


def test_a_value_that_changed_meanwhile_stops_it_and_is_looked_up_anew(her, urls):
    request = asked(her)
    written(request)
    rename(urls, "別の名前")
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert fresh(request).state == "acting"
    step = request.steps.get(action="correct")
    assert (step.state, "has changed" in step.fault) == ("failed", True)
    assert name_of(urls) == "別の名前"
    correcting.look_again(DESK, request)
    engine.drain()
    assert fresh(request).state == "review", steps_said(request)
    assert not Proposal.objects.exists()
    written(request)
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert fresh(request).state == "answered", steps_said(request)
    assert name_of(urls) == NEW


def test_looking_up_anew_waits_for_nobody_who_works_by_hand(urls):
    her = asking.settle(urls, manual=True, mode="enforce")
    request = asked(her)
    written(request)
    rename(urls, "別の名前")
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert request.steps.filter(source="paper", state="manual").exists()
    correcting.look_again(DESK, request)
    engine.drain()
    assert fresh(request).state == "review", steps_said(request)
    written(request)
    actions.approve_request(OFFICER, request)
    engine.drain()
    (step,) = request.steps.filter(source="paper", state="manual")
    by_hand.complete_manual(OFFICER, step, note="直しました", rows=1)
    engine.drain()
    assert (fresh(request).state, name_of(urls)) == ("answered", NEW), steps_said(request)


def test_a_new_value_that_does_not_stay_is_written_again(her, urls, monkeypatch):
    request = asked(her)
    written(request)
    before = name_of(urls)

    def write(name):
        if name == "correct.made":
            rename(urls, before)

    monkeypatch.setattr(engine, "hook", write)
    actions.approve_request(OFFICER, request)
    engine.drain()
    step = request.steps.get(action="correct")
    assert (fresh(request).state, step.state) == ("acting", "todo")
    assert "do not stand" in step.fault
    monkeypatch.setattr(engine, "hook", None)
    Step.objects.filter(state="todo").update(not_before=clock.now() - timedelta(seconds=1))
    engine.drain()
    assert (fresh(request).state, name_of(urls)) == ("answered", NEW)


def test_changing_what_was_written_takes_its_approval_back(her):
    request = asked(her)
    written(request)
    request.approvals.create(by=OFFICER.name, at=clock.now())
    written(request, "山田 花")
    assert not request.approvals.exists()


def test_a_deletion_empties_a_field_and_leaves_the_row(her, urls):
    request = asked(her, "delete")
    step = place(request)
    with pytest.raises(BadInput):
        correcting.propose_changes(DESK, step, {field(step): "something"})
    correcting.propose_changes(DESK, step, {field(step): None})
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert fresh(request).state == "answered", steps_said(request)
    assert not name_of(urls)
    assert correcting.read_told(fresh(request))[0]["items"] in ([["name", None]], [["name", ""]])


def test_a_whole_row_is_chosen_and_every_field_of_it_emptied(her, urls, as_role):
    request = asked(her, "delete")
    step, desk = place(request), as_role("desk")
    cells = correcting.read_cells(step)
    mine = [n for n, c in enumerate(cells) if c.table == "accounts" and c.text]
    assert len(mine) > 1
    address = f"/desk/requests/{request.number}/changes/{step.ord}"
    assert f'name="row-{mine[0]}"' in desk.get(address).content.decode()
    assert desk.post(address, {f"row-{mine[0]}": "1"}).status_code == 302
    proposal = Proposal.objects.get()
    written_ = correcting.read_proposal(proposal, actions.key_of(request))
    assert [one.cell for one in written_] == [cells[n] for n in mine]
    assert not any(one.text for one in written_)
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert fresh(request).state == "answered", steps_said(request)
    assert not name_of(urls)


def test_an_addition_fills_an_empty_field_and_no_other(her, urls):
    rename(urls, None)
    request = asked(her, "add")
    step = place(request)
    with pytest.raises(BadInput):
        correcting.propose_changes(DESK, step, {field(step, "name_kana"): NEW})
    written(request)
    actions.approve_request(OFFICER, request)
    engine.drain()
    assert (fresh(request).state, name_of(urls)) == ("answered", NEW)


def test_a_place_that_is_only_observed_is_corrected_by_hand(urls):
    her = asking.settle(urls)
    request = asked(her)
    assert request.state == "review", steps_said(request)
    written(request)
    actions.approve_request(OFFICER, request)
    engine.drain()
    for made in (False, True):
        (step,) = request.steps.filter(state="manual")
        if made:
            assert "new values do not stand in `accounts`" in step.fault
            rename(urls, NEW)
        by_hand.complete_manual(OFFICER, step, note="直しました", rows=1)
        engine.drain()
    assert fresh(request).state == "answered", steps_said(request)
    assert correcting.read_told(fresh(request)) == [{"service": "balus", "items": [["name", NEW]]}]


def test_no_value_rests_in_the_clear_while_a_correction_waits(her):
    request = asked(her)
    written(request)
    said = repr([*Step.objects.values_list(), *Proposal.objects.values_list()])
    files = [p for p in (settings.HOME.path / "packages").rglob("*") if p.is_file()]
    assert files
    for mark in (NEW, "花子", HEROINE["kata"]):
        assert mark not in said
        assert all(mark.encode() not in p.read_bytes() for p in files)


def test_the_pages_write_show_and_tell_what_is_changed(her, urls, as_role, client):
    request = asked(her)
    step = place(request)
    desk, officer = as_role("desk"), as_role("officer")
    before, n = name_of(urls), field(step)
    address = f"/desk/requests/{request.number}/changes/{step.ord}"
    page = desk.get(address).content.decode()
    assert (before in page, "花子" in page) == (True, True)
    assert before not in desk.get(f"/desk/requests/{request.number}").content.decode()
    assert as_role("auditor").get(address).status_code == 403
    assert desk.post(address, {f"new-{n}": "x" * 101}).status_code == 422
    assert not Proposal.objects.exists()
    assert desk.post(address, {f"new-{n}": NEW}).status_code == 302
    page = officer.get(f"/desk/requests/{request.number}/approve").content.decode()
    assert (before in page, NEW in page) == (True, True)
    officer.post(f"/desk/requests/{request.number}/approve")
    engine.drain()
    assert (fresh(request).state, name_of(urls)) == ("answered", NEW), steps_said(request)
    us.sign_in(client, key=str(HEROINE["balus"]))
    page = client.get(f"/me/requests/{request.number}").content.decode()
    assert ("直したもの" in page, NEW in page) == (True, True)
