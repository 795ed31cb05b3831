"""A link to sign in opens once, within a day, and nothing but its digest is kept."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from chikai.cli.staff import LINK
from chikai.errors import BadInput, NotAllowed, Refused, WrongState
from chikai.web.actions import COMMAND, Actor, installation, staff
from chikai.web.models import Installation, SignInLink, Staff
from chikai.web.models.ledger import Events
from tests.cli.conftest import chikai

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def somebody():
    staff.invite(COMMAND, name="山田", email="yamada@ko.example", roles=["officer"])
    return Staff.objects.get(email="yamada@ko.example")


def test_a_link_opens_once(somebody):
    secret = staff.make_link(COMMAND, somebody)
    assert len(secret) >= 43
    assert secret not in repr(list(SignInLink.objects.values()))
    assert staff.find_link(secret).staff == somebody
    assert staff.use_link(secret) == somebody
    assert staff.find_link(secret) is None
    with pytest.raises(Refused):
        staff.use_link(secret)
    kinds = [event.kind for event in list(Events())[::-1]]
    assert kinds == ["staff.invited", "staff.linked", "staff.signed_in", "staff.refused"]


@pytest.mark.parametrize("secret", ["", "x" * 43, "日本"])
def test_a_link_that_was_never_made_opens_nothing(secret):
    assert staff.find_link(secret) is None
    with pytest.raises(Refused):
        staff.use_link(secret)


def test_an_old_link_opens_nothing(somebody):
    secret = staff.make_link(COMMAND, somebody, lasts=timedelta(seconds=-1))
    with pytest.raises(Refused):
        staff.use_link(secret)


def test_a_closed_account_gets_no_link_and_its_links_open_nothing(somebody):
    secret = staff.make_link(COMMAND, somebody)
    Staff.objects.update(is_active=False)
    somebody.refresh_from_db()
    with pytest.raises(Refused):
        staff.use_link(secret)
    with pytest.raises(Refused):
        staff.make_link(COMMAND, somebody)


def test_two_presses_at_once_sign_in_once(somebody):
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lives in memory, where writers do not wait for each other")
    secret = staff.make_link(COMMAND, somebody)
    won = []

    def press():
        try:
            won.append(staff.use_link(secret))
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"email": "nobody"}, BadInput),
        ({"name": "  "}, BadInput),
        ({"roles": []}, BadInput),
        ({"roles": ["king"]}, BadInput),
        ({"email": "YAMADA@ko.example"}, WrongState),
    ],
)
def test_an_invitation_that_is_wrong_is_refused(somebody, change, error):
    words = {"name": "佐藤", "email": "sato@ko.example", "roles": ["desk"], **change}
    with pytest.raises(error):
        staff.invite(COMMAND, **words)
    assert Staff.objects.count() == 1


def test_only_an_officer_invites(somebody):
    with pytest.raises(NotAllowed):
        staff.invite(
            Actor("staff:9", frozenset({"desk"})), name="a", email="a@ko.example", roles=["desk"]
        )


def test_an_installation_is_started_once_and_the_first_member_holds_three_roles():
    words = {"staff_name": "山田", "staff_email": "y@ko.example", "single_officer": True}
    installation.start(COMMAND, **words)
    assert Staff.objects.get().roles == ["officer", "desk", "engineer"]
    assert Installation.objects.get().single_officer
    assert not installation.is_example()
    with pytest.raises(WrongState):
        installation.start(COMMAND, **{**words, "staff_email": "z@ko.example"})
    assert Staff.objects.count() == 1


def test_the_command_prints_the_address_that_the_pages_have():
    assert reverse("sign-in-link", args=["x"]) == f"{LINK}x"


def test_the_command_invites_links_and_lists(installed):
    done = installed("staff", "invite", "mori@ko.example", "--name", "森", "--role", "desk,auditor")
    assert done.code == 0, done.err
    assert "/sign-in/link/" in done.out
    listed = installed("staff", "list", "--format", "json")
    assert '"desk"' in listed.out
    assert "mori@ko.example" in listed.out
    assert installed("staff", "link", "MORI@ko.example").code == 0
    assert installed("staff", "link", "none@ko.example").code == 2
    assert (
        chikai(
            installed.path, "staff", "invite", "a@ko.example", "--name", "a", "--role", "king"
        ).code
        == 2
    )
