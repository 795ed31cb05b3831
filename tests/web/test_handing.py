"""An answer on paper: a task of the desk, printed after the approval, and answered when it was handed over."""

import json
import re
from datetime import timedelta

import pytest

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.web.actions import handing
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import open_payload
from chikai.web.models import Asked, Outbox, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.web import asking

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def facts_of(event):
    return json.loads(open_payload(event).payload)["facts"]


def text(response):
    return b"".join(response).decode()


def approved(her, **more):
    request = asking.ask(her, **more)
    engine.drain()
    asking.approve(request)
    engine.drain()
    return Request.objects.get(pk=request.pk)


def today():
    return clock.day_in_japan(clock.now())


def test_paper_is_answered_when_it_was_handed_over_and_not_before(her, as_role):
    request, desk = approved(her, asked={"form": "paper"}), as_role("desk")
    assert request.state == "acting"
    assert not Outbox.objects.filter(kind="answered").exists()
    where = f"/desk/requests/{request.number}"
    assert "紙でお渡しするのを待っています" in text(desk.get(where))
    assert request.number in text(desk.get("/desk/by-hand"))
    desk.post(f"{where}/handed", {"way": "post", "on": today().isoformat()})
    engine.drain()
    request.refresh_from_db()
    assert request.state == "answered"
    assert Outbox.objects.filter(kind="answered").count() == 1
    (event,) = Events("rights.handed_over")
    said = facts_of(event)
    assert (said["number"], said["way"], said["on"]) == (
        request.number,
        "post",
        today().isoformat(),
    )
    assert clock.written(today()) in text(desk.get(where))


def test_what_is_printed_is_whole_and_each_opening_is_an_entry(her, as_role):
    request, desk = approved(her, asked={"form": "paper"}), as_role("desk")
    where = f"/desk/requests/{request.number}/print"
    response = desk.post(f"{where}/page")
    page = text(response)
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert "花子" in page
    assert "全部はCSVにあります" not in page
    assert "manifest.json" not in page
    counted = sum(s.rows for s in request.steps.filter(action="read"))
    assert len(re.findall(r"<tr><td>", page.partition("<h2>内容</h2>")[2])) == counted
    letter = desk.post(f"{where}/letter")
    assert letter.content.startswith(b"%PDF")
    assert [facts_of(e)["part"] for e in Events("rights.opened_to_print")] == ["letter", "page"]


def test_nothing_is_printed_before_the_approval_or_by_an_auditor(her, as_role):
    request = asking.ask(her, asked={"form": "paper"})
    engine.drain()
    where = f"/desk/requests/{request.number}/print/page"
    assert as_role("desk").post(where).status_code == 302
    assert as_role("auditor").post(where).status_code == 403
    assert not len(Events("rights.opened_to_print"))


def test_a_package_that_the_person_fetches_is_not_opened_by_staff(her, as_role):
    request = approved(her)
    assert request.state == "answered"
    assert as_role("officer").post(f"/desk/requests/{request.number}/print/page").status_code == 302
    assert not len(Events("rights.opened_to_print"))


def test_who_has_no_mailbox_and_came_by_phone_gets_paper(her):
    request = asking.ask(her, kind="disclose_records", reply_to="")
    engine.drain()
    # No service has an address of hers either.
    Request.objects.filter(pk=request.pk).update(channel="phone", reply_to=None)
    asking.approve(request)
    engine.drain()
    request.refresh_from_db()
    assert request.state == "acting"
    assert request.steps.get(action="hand_over").state == "manual"


def test_a_mailbox_that_takes_nothing_makes_a_task_of_the_answer(her, monkeypatch, as_role):
    request = asking.ask(her)
    engine.drain()
    monkeypatch.setattr("chikai.web.work.notices.MOST_TRIES", 1)
    monkeypatch.setattr("chikai.web.work.notices.message", refuse)
    asking.approve(request)
    engine.drain()
    assert Outbox.objects.get(kind="answered").state == "failed"
    step = Step.objects.get(action="hand_over")
    assert step.state == "manual"
    assert request.number in text(as_role("desk").get("/desk/by-hand"))
    later = clock.now() + timedelta(days=30)
    assert not Request.objects.expired(later).exists()  # it waits for the printer
    handing.hand_over(asking.DESK, request, way="counter", on=today())
    assert Request.objects.expired(later).exists()


def refuse(_notice, _address):
    class Dead:
        def send(self):
            raise OSError

    return Dead()


def test_the_desk_turns_to_paper_until_the_package_is_gone(her):
    request = asking.ask(her)
    handing.choose_paper(asking.DESK, request)
    assert Asked.objects.get().form == "paper"
    with pytest.raises(WrongState, match="already"):
        handing.choose_paper(asking.DESK, request)
    answered = approved(her, kind="disclose_records")
    handing.choose_paper(asking.DESK, answered)
    assert answered.steps.get(action="hand_over").state == "manual"
    with pytest.raises(WrongState, match="already"):
        handing.choose_paper(asking.DESK, answered)
    answered.steps.filter(action="hand_over").delete()
    Request.objects.filter(pk=answered.pk).update(expired_at=clock.now())
    with pytest.raises(WrongState, match="settled"):
        handing.choose_paper(asking.DESK, answered)


def test_the_day_lies_between_the_approval_and_today(her):
    request = approved(her, asked={"form": "paper"})
    for day in (today() - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(BadInput, match="day"):
            handing.hand_over(asking.DESK, request, way="post", on=day)
    with pytest.raises(BadInput, match="way"):
        handing.hand_over(asking.DESK, request, way="pigeon", on=today())
    assert Request.objects.get(pk=request.pk).state == "acting"


def test_the_letter_on_paper_names_no_file_and_no_last_day(her):
    from chikai.rights import letter

    policy = actions.right_of("disclose")[0]
    more = {"number": "2026-0001", "made_on": today(), "name": "", "places": [], "until": today()}
    on_paper = str(letter.data(policy, **more, on_paper=True))
    assert "受け取りの期限" not in on_paper
    assert "index.html" not in on_paper
    assert "受け取りの期限" in str(letter.data(policy, **more))
