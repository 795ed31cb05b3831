"""The ready-made switches: a service with its token shows and turns its person's switches, in the portal's own state."""

import pytest
from django.conf import settings
from django.test import Client

from chikai.web import gate_token
from chikai.web.models.switches import choices_of
from tests.web import portal_world as us

pytestmark = [pytest.mark.django_db, pytest.mark.own_state]

WHERE = "/api/v1/choices/balus/17"


@pytest.fixture
def headers():
    """What the service Balus shows."""
    token = gate_token.make(settings.HOME, "balus").read_text().strip()
    return {"authorization": f"Bearer {token}"}


def is_stopped(person, unit):
    return next(line.is_stopped for line in choices_of(person.pk) if line.unit == unit)


def press(headers, unit, verb, where=WHERE):
    sent = {"unit": unit, "verb": verb}
    return Client().post(where, sent, "application/json", headers=headers)


def test_a_service_shows_its_own_switches(client, headers):
    us.begin()
    said = client.get(f"{WHERE}?action=/settings/choices", headers=headers).json()
    units = [s["unit"] for s in said["switches"]]
    assert "purpose:guidance" in units
    assert "purpose:course" not in units  # that is the training service's
    assert 'action="/settings/choices"' in said["html"]
    assert "本サービスに関するご案内" in said["html"]
    assert said["style"].startswith("http://testserver/static/chikai/component")
    english = client.get(f"{WHERE}?lang=en", headers=headers).json()["html"]
    assert "guidance on the Services" in english


def test_a_press_there_is_seen_here_and_back(client, headers):
    person = us.begin()
    said = press(headers, "purpose:guidance", "stop").json()
    assert said["is_stopped"]
    assert is_stopped(person, "purpose:guidance")
    us.sign_in(client)
    assert "あなたが止めました" in client.get("/me").content.decode()
    client.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "resume"})
    shown = client.get(WHERE, headers=headers).json()["switches"]
    assert not next(s for s in shown if s["unit"] == "purpose:guidance")["is_stopped"]


def test_another_services_token_and_none_open_nothing(client, headers):
    us.begin()
    for wrong in ({}, {"authorization": "Bearer x"}, {"authorization": ""}):
        assert client.get(WHERE, headers=wrong).status_code == 401
    assert client.get("/api/v1/choices/kata/9", headers=headers).status_code == 401
    assert press(headers, "everything", "stop", "/api/v1/choices/kata/9").status_code == 401


def test_a_key_of_another_service_is_not_known(client, headers):
    us.begin()
    answer = client.get("/api/v1/choices/balus/9", headers=headers)
    assert answer.status_code == 202
    assert answer.json()["switches"] == []
    assert press(headers, "everything", "stop", "/api/v1/choices/balus/9").status_code == 422


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"unit": 1}', b'{"unit":"purpose:x","verb":"stop"}', b"x" * 9000]
)
def test_what_cannot_be_read_changes_nothing(headers, body):
    us.begin()
    answer = Client().post(WHERE, body, "application/json", headers=headers)
    assert answer.status_code == 422
    assert set(answer.json()) == {"what", "do"}


@pytest.mark.parametrize(
    "action", ["https://evil.example", "//evil.example", "/\\evil", "javascript:x"]
)
def test_the_forms_stay_on_the_services_own_site(client, headers, action):
    us.begin()
    html = client.get(WHERE, {"action": action}, headers=headers).json()["html"]
    assert "evil" not in html
    assert "javascript" not in html
