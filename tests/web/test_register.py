"""Entering a request at the desk: the portal's questions, the plan of a stop before it acts, and who is there to approve."""

import re

import pytest

from chikai.rights import asking
from chikai.rights.request import KINDS
from chikai.web.actions import rights as actions
from chikai.web.models import Asked, Request
from chikai.web.models.staff import Staff
from tests.web import portal_world as us
from tests.web import world

pytestmark = [pytest.mark.django_db]
NEW = "/desk/requests/new"
OURS = {"person", "channel", "note", "reply_to", "agency", "agent", "identified", "unknown"}


@pytest.fixture
def hanako():
    return us.begin()


def text(response):
    return response.content.decode()


def said(hanako, **more):
    return {"person": str(hanako.pk), "channel": "phone", "identified": "on", **more}


def form_names(page):
    last = page[page.rindex("<form class") :]
    return set(re.findall(r'name="(\w+)"', last)) - {"kind", "csrfmiddlewaretoken"}


def planned(page):
    return re.findall(r'name="planned" value="([^"]*)"', page)


@pytest.mark.parametrize("tongue", ["", "/en"])
def test_the_desk_is_offered_every_kind_of_the_policy(hanako, as_role, tongue):
    page = text(as_role("desk").get(tongue + NEW))
    assert set(re.findall(r"\?kind=(\w+)", page)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_desk_asks_the_same_fields_as_the_portal(hanako, as_role, kind):
    page = text(as_role("desk").get(f"{NEW}?kind={kind}"))
    assert form_names(page) == OURS | set(asking.asking(kind).fields)


def test_a_kind_that_no_policy_knows_is_not_offered(hanako, as_role):
    assert as_role("desk").get(f"{NEW}?kind=gossip").status_code == 404


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("correct", {"items": "address", "wrong": "1番地", "right": "2番地"}),
        ("add", {"items": "address", "right": "2番地"}),
        ("delete", {"items": "address", "wrong": "1番地"}),
        ("erase", {"services": "kata"}),
    ],
)
def test_what_a_caller_asks_is_entered_as_they_say_it(hanako, as_role, kind, asked):
    as_role("desk").post(NEW, said(hanako, kind=kind, **asked))
    request = Request.objects.get()
    assert (request.kind, request.channel, request.state) == (kind, "phone", "identified")
    assert actions.read_asked(request) == asked


def test_an_answer_on_paper_is_chosen_by_the_caller(hanako, as_role):
    desk = as_role("desk")
    assert desk.post(NEW, said(hanako, kind="disclose")).status_code == 422
    assert not Request.objects.exists()
    desk.post(NEW, said(hanako, kind="disclose", form="paper"))
    assert Asked.objects.get().form == "paper"


@pytest.mark.parametrize("kind", ["suspend", "erase", "stop_provision"])
def test_nothing_means_everything_unless_it_was_chosen(hanako, as_role, kind):
    assert as_role("desk").post(NEW, said(hanako, kind=kind)).status_code == 422
    assert not Request.objects.exists()


def test_a_stop_shows_what_it_stops_before_it_is_entered(hanako, as_role):
    desk, asked = as_role("desk"), said(hanako, kind="suspend", items="address")
    page = text(desk.post(NEW, asked))
    assert "この登録で止めるもの" in page
    assert "承認は要りません" in page
    assert not Request.objects.exists()
    assert planned(page) == ["item:address"]
    desk.post(NEW, {**asked, "planned": "item:address"})
    assert actions.stops_of(Request.objects.get()) == ("item:address",)


def test_a_press_for_another_plan_than_the_shown_one_enters_nothing(hanako, as_role):
    asked = said(hanako, kind="suspend", items="*", planned="item:address")
    page = text(as_role("desk").post(NEW, asked))
    assert planned(page) == ["everything"]
    assert not Request.objects.exists()


def test_what_was_asked_is_shown_by_its_name(hanako, as_role):
    desk = as_role("desk")
    desk.post(NEW, said(hanako, kind="erase", services="kata"))
    page = text(desk.get(f"/desk/requests/{Request.objects.get().number}"))
    policy = actions.right_of("erase")[0]
    assert next(s.name.ja for s in policy.services if s.id == "kata") in page
    assert "<dd>kata</dd>" not in page


def test_too_few_officers_are_said_before_anything_is_entered(hanako, as_role):
    officer = as_role("officer")
    page = text(officer.get(f"{NEW}?kind=erase"))
    assert "承認できる担当者が1人足りません" in page
    assert "single_officer = true" in page
    assert "足りません" not in text(officer.get(f"{NEW}?kind=suspend"))
    more = {"name": "見本", "roles": ["officer"], "invited_at": hanako.since}
    Staff.objects.create(email="third@levii.example", **more)
    assert "足りません" not in text(officer.get(f"{NEW}?kind=erase"))


def test_a_request_that_too_few_can_approve_says_so_while_it_is_open(hanako, as_role):
    as_role("officer").post(NEW, said(hanako, kind="erase", services="*"))
    where = f"/desk/requests/{Request.objects.get().number}"
    assert "承認できる担当者が1人足りません" in text(as_role("officer").get(where))


def test_one_officer_alone_waits_a_day_instead_of_being_stuck(hanako, as_role):
    toml = world.TOML + "\n[staff]\nsingle_officer = true\n"
    world.home(toml)
    page = text(as_role("officer").get(f"{NEW}?kind=erase"))
    assert "足りません" not in page
    assert "24時間待ち" in page
