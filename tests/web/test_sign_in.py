"""Signing in: a link works once and for a day, says nothing about who works here, and may be asked for so often."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from chikai import clock
from chikai.web.actions import COMMAND
from chikai.web.actions.staff import make_link
from chikai.web.models import SignInLink, Staff
from tests.web import world

pytestmark = pytest.mark.django_db

KNOWN = "sakura@levii.example"


def text(response):
    return response.content.decode()


def ask(client, address, **more):
    return client.post("/sign-in", {"email": address}, **more)


def link_of(message):
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def test_a_mailed_link_opens_only_by_a_press(client):
    world.begin()
    ask(client, KNOWN)
    path = link_of(mail.outbox[0])
    assert "続ける" in text(client.get(path))
    assert client.get("/desk").status_code == 302
    assert client.post(path)["Location"] == "/desk"
    assert client.get("/desk").status_code == 200


def test_a_link_opens_once(client):
    staff = world.begin()
    path = f"/sign-in/link/{make_link(COMMAND, staff)}"
    client.post(path)
    client.post("/sign-out")
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert client.get("/desk").status_code == 302


def test_a_link_of_yesterday_is_over_and_the_page_leads_to_a_new_one(client):
    staff = world.begin()
    path = f"/sign-in/link/{make_link(COMMAND, staff)}"
    SignInLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    page = client.get(path)
    assert page.status_code == 410
    assert "新しいリンク" in text(page)
    assert client.post(path).status_code == 410


def test_the_answer_does_not_tell_who_works_here(client):
    world.begin()
    known = text(ask(client, KNOWN)).replace(KNOWN, "ADDRESS")
    unknown = text(ask(client, "nobody@levii.example")).replace("nobody@levii.example", "ADDRESS")
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub("", known) == strip.sub("", unknown)
    assert len(mail.outbox) == 1


def test_a_mailbox_gets_at_most_five_links_in_a_quarter_of_an_hour(client):
    world.begin()
    for _ in range(8):
        assert ask(client, KNOWN).status_code == 200
    assert len(mail.outbox) == 5


def test_one_place_asks_for_at_most_thirty_links(client):
    world.begin()
    for role in world.ROLES:
        world.member(role)
    for number in range(30):
        ask(client, f"nobody{number}@levii.example")
    ask(client, KNOWN)
    assert mail.outbox == []


def test_somebody_who_left_does_not_come_in(client):
    staff = world.begin()
    path = f"/sign-in/link/{make_link(COMMAND, staff)}"
    Staff.objects.update(is_active=False)
    assert client.post(path).status_code == 410
    ask(client, KNOWN)
    assert mail.outbox == []


def test_a_session_ends_when_the_account_is_closed(as_role):
    world.begin()
    client = as_role("officer")
    assert client.get("/desk").status_code == 200
    Staff.objects.update(is_active=False)
    assert client.get("/desk").status_code == 302


def test_signing_in_leads_back_to_the_page_that_was_wanted(client):
    staff = world.begin()
    assert client.get("/desk/ledger")["Location"] == "/sign-in?next=/desk/ledger"
    client.get("/sign-in?next=/desk/ledger")
    assert client.post(f"/sign-in/link/{make_link(COMMAND, staff)}")["Location"] == "/desk/ledger"


def test_signing_in_never_leads_to_another_site(client):
    staff = world.begin()
    client.get("/sign-in?next=https://evil.example/")
    assert client.post(f"/sign-in/link/{make_link(COMMAND, staff)}")["Location"] == "/desk"


def test_the_mail_is_in_the_language_of_the_colleague(client):
    world.begin()
    Staff.objects.update(language="en")
    ask(client, KNOWN)
    assert "Your sign-in link" in mail.outbox[0].subject
    assert "/en/sign-in/link/" in mail.outbox[0].body


def test_in_an_example_its_staff_come_in_by_one_press(client):
    staff = world.begin(example=True)
    assert staff.name in text(client.get("/sign-in", headers={"host": "localhost:8400"}))
    path = f"/sign-in/example/{staff.pk}"
    assert client.post(path, headers={"host": "localhost:8400"}).status_code == 302
    assert client.get("/desk").status_code == 200


def test_in_an_example_nobody_from_elsewhere_comes_in(client):
    staff = world.begin(example=True)
    path = f"/sign-in/example/{staff.pk}"
    for more in ({"REMOTE_ADDR": "192.0.2.7"}, {"headers": {"x-forwarded-for": "192.0.2.7"}}):
        assert client.post(path, **more).status_code == 404


def test_a_passkey_that_nobody_added_opens_nothing(client):
    world.begin()
    client.post("/sign-in/passkey/begin")
    answer = client.post("/sign-in/passkey", {"credential": {}}, "application/json")
    assert answer.status_code == 400
    assert client.get("/desk").status_code == 302
