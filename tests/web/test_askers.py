"""Somebody whom nothing knows: they can ask, at the portal and at the desk, and are answered that nothing is held."""

import io
import json
import re
import zipfile

import pytest
from django.core import mail
from django.test import Client

from chikai import clock
from chikai.web import released
from chikai.web.actions import PERSON, choices, people, portal, rights
from chikai.web.models import Identifier, Link, Person, Request
from chikai.web.portal import access, door
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import OFFICER

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
NOBODY = "nobody@minato.example"
NOTHING = "お預かりしていません。個人情報保護法33条3項"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def company(urls, monkeypatch):
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)
    return asking.settle(urls)


def entered(address=NOBODY):
    """A browser in which the mailed link was pressed."""
    client = Client()
    client.post("/me/sign-in", {"email": address})
    path = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    assert client.post(path)["Location"] == "/me"
    return client


def person_of(client):
    return portal.find_session(client.cookies[access.COOKIE].value).person


def carried_out(request):
    engine.drain()
    rights.approve_request(OFFICER, Request.objects.get(pk=request.pk))
    engine.drain()
    return Request.objects.get(pk=request.pk)


def package(data):
    return zipfile.ZipFile(io.BytesIO(data))


def test_an_unknown_person_is_answered_that_nothing_is_held_with_the_article(company):
    client = entered()
    assert "このメールアドレスの登録は、見つかりません" in client.get("/me").content.decode()
    client.post("/me/requests/new", {"kind": "disclose"})
    request = carried_out(Request.objects.get())
    assert (request.state, request.evidence) == ("answered", "mail_link")
    again = entered()  # another browser, another day: the request is found again
    data = b"".join(again.get(f"/me/requests/{request.number}/download").streaming_content)
    archive = package(data)
    assert NOTHING in archive.read("index.html").decode()
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"] == 0
    assert {s["standing"] for s in manifest["sources"]} == {"nothing"}


def test_an_unknown_person_sees_nobody_elses_request(company):
    rights.open_request(
        PERSON, person=company, kind="disclose", evidence="sign_in", reply_to=asking.MAIL
    )
    number = Request.objects.get().number
    client = entered()
    assert number not in client.get("/me/requests").content.decode()
    assert client.get(f"/me/requests/{number}").status_code == 404


def test_one_mailbox_is_one_unknown_person(company):
    assert person_of(entered()) == person_of(entered())
    assert Link.objects.filter(source=Link.NOWHERE).count() == 1


def test_nobody_is_noted_for_a_link_that_was_not_pressed(company):
    before = Person.objects.count()
    Client().post("/me/sign-in", {"email": NOBODY})
    assert Person.objects.count() == before


def test_who_registers_later_with_the_address_is_found_to_be_the_one(company):
    asker, now = person_of(entered()), clock.now()
    fresh = Person.objects.create(id=asking.canon.new_id(now), since=now)
    link = Link.objects.create(
        person=fresh, source="balus", table="accounts", key="9001", verified="mail", since=now
    )
    digest = portal.mailbox_of(NOBODY)
    Identifier.objects.create(link=link, kind="mail", digest=digest, verified=True)
    people.merge(OFFICER, fresh.pk, asker.pk)
    assert Person.resolve(fresh.pk).pk == asker.pk  # the older stays, and with it the requests


def test_an_unknown_person_may_stop_what_there_is_not(company):
    asker = person_of(entered())
    choices.stop(PERSON, asker.pk, "purpose:guidance")
    assert choices.stands_stopped(asker.pk, "purpose:guidance")


def registering(client, **more):
    sent = {"kind": "disclose", "channel": "phone", "person": "", "form": "file", **more}
    return client.post("/desk/requests/new", sent)


def test_the_desk_enters_a_request_of_somebody_whom_nobody_knows(company, as_role):
    answer = registering(
        as_role("desk"), unknown="on", identified="on", note="山田と名乗る方", reply_to=NOBODY
    )
    assert answer.status_code == 302, answer.content.decode()
    request = carried_out(Request.objects.get())
    archive = package(b"".join(released.open_package(request)))
    assert NOTHING in archive.read("index.html").decode()
    shown = entered().get(f"/me/requests/{request.number}")
    assert shown.status_code == 200  # who reads the address that they left finds the answer


def test_the_desk_names_somebody_or_says_that_nobody_is_known(company, as_role):
    desk = as_role("desk")
    assert "登録が見つからないこと" in registering(desk).content.decode()
    known = f"balus:{asking.HEROINE['balus']}"
    assert (
        "その方の登録があります" in registering(desk, unknown="on", person=known).content.decode()
    )
    assert not Request.objects.exists()
