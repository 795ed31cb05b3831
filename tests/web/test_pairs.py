"""Registrations that may be the person's: shown to the officer before the decision, and never answered as none."""

import io
import json
import zipfile

import pytest

from chikai import canon, clock
from chikai.errors import WrongState
from chikai.web import released
from chikai.web.actions import WORK, people, planning, rights
from chikai.web.actions import portal as portal_actions
from chikai.web.models import Candidate, Link, Person, Request
from chikai.web.portal import held
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK, OFFICER

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
MAYBE = "あなたのものかもしれない登録が1件あり、たしかめています"
NONE = "あなたの登録はありません"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    """A person whose account at KATA stands apart, since its address was never proved."""
    person, now = asking.settle(urls), clock.now()
    other = Person.objects.create(id=canon.new_id(now), since=now)
    Link.objects.filter(source="kata").update(person=other)
    own, theirs = Link.objects.get(source="balus"), Link.objects.get(source="kata")
    a, b = sorted((own, theirs), key=lambda link: link.pk)
    Candidate.objects.create(reason="unverified", a=a, b=b, digest=b"m" * 32, at=now)
    return person


def fresh(request):
    return Request.objects.get(pk=request.pk)


def package(request):
    return zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(fresh(request)))))


def source_of(archive, name):
    manifest = json.loads(archive.read("manifest.json"))
    return next(s for s in manifest["sources"] if s["source"] == name)


def answered(request):
    engine.drain()
    asking.approve(request)
    engine.drain()
    assert fresh(request).state == "answered"
    return package(request)


def test_an_officer_sees_the_pair_before_confirming_and_before_approving(her, as_role):
    request = asking.ask(her, evidence="")
    officer = as_role("officer")
    page = officer.get(f"/desk/requests/{request.number}").content.decode()
    assert "この方のものかもしれない登録" in page
    assert Link.objects.get(source="kata").key in page
    rights.identify_request(DESK, request)
    engine.drain()
    for path in ("", "/approve"):
        page = officer.get(f"/desk/requests/{request.number}{path}").content.decode()
        assert "この方のものかもしれない登録" in page
        assert "登録かもしれないものがあり" in page
        assert "登録なし" not in page


def test_a_finding_on_the_page_of_a_request_leads_back_to_it(her, as_role):
    request, pair = asking.ask(her), Candidate.objects.get()
    answer = as_role("officer").post(f"/desk/people/{pair.pk}/two", {"request": request.number})
    assert answer["Location"].endswith(f"/requests/{request.number}")
    assert Candidate.objects.get().decided == "denied"


def test_the_answer_says_that_it_is_being_checked(her):
    archive = answered(asking.ask(her))
    assert source_of(archive, "kata")["doubts"] == 1
    page = archive.read("index.html").decode()
    assert MAYBE in page
    assert f"<td>{NONE}</td>" not in page.partition("KATA")[2][:200]


def test_the_purposes_say_it_too(her):
    request = asking.ask(her, kind="notify_purpose")
    engine.drain()
    if fresh(request).state == "review":
        rights.approve_request(OFFICER, fresh(request))
        engine.drain()
    assert MAYBE in package(request).read("index.html").decode()


def test_who_may_be_registered_is_not_told_that_they_are_not(her):
    found = {"kata": {"service": "kata", "standing": "nothing", "counts": {}}}
    portal_actions.keep_counts(WORK, her, found)
    assert held.index_of(her).places[0].standing == "doubtful"
    people.deny(OFFICER, Candidate.objects.get().pk)
    assert held.index_of(her).places[0].standing == "nothing"


def test_what_is_denied_is_no_doubt_any_more(her):
    people.deny(OFFICER, Candidate.objects.get().pk)
    archive = answered(asking.ask(her))
    assert source_of(archive, "kata")["doubts"] == 0
    assert NONE in archive.read("index.html").decode()


def test_what_is_confirmed_after_the_gathering_is_gathered_before_the_answer(her):
    request = asking.ask(her)
    engine.drain()
    people.confirm(OFFICER, Candidate.objects.get().pk)
    with pytest.raises(WrongState, match="has changed"):
        asking.approve(request)
    planning.look_at_more(OFFICER, fresh(request))
    assert source_of(answered(request), "kata")["rows"] > 0
