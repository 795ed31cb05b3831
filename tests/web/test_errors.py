"""What goes wrong is said in the same look and in both languages, and never with a value."""

import pytest
from django.test import Client

from tests.web import world

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def test_a_page_that_is_not_there_says_so_in_both_languages(client):
    world.begin()
    assert "この画面は見つかりません" in text(client.get("/marker-4711"))
    assert "This page was not found" in text(client.get("/en/marker-4711"))


def test_an_error_page_repeats_nothing_of_the_request(client):
    world.begin()
    assert "marker-4711" not in text(client.get("/marker-4711?q=marker-4711"))


def test_a_wrong_method_gets_a_page_and_the_methods_that_are_allowed(client):
    world.begin()
    answer = client.post("/policy")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert "<h1>" in text(answer)


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/api/v1/decide", "get", "POST"),
        ("/api/v1/inquiries", "delete", "POST"),
        ("/api/v1/choices/balus/1", "put", "GET"),
    ],
)
def test_a_wrong_method_at_a_machine_door_is_a_problem_in_json(client, path, method, allowed):
    world.begin()
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert allowed in answer["Allow"]
    assert answer.json()["code"] == "method-not-allowed"
    assert allowed in answer.json()["detail"]


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("officer", "/desk/policy/import"),
        ("officer", "/desk/policy/accept/L-DIS-03/-"),
        ("officer", "/desk/policy/publish"),
        ("desk", "/desk/requests/new?kind=erase"),
        ("officer", "/desk/staff"),
    ],
)
def test_a_form_of_the_console_that_cannot_be_read_is_422(as_role, role, path):
    world.begin()
    world.publish()
    world.lay(world.EXAMPLE / "next")
    world.lose_representative()
    client = as_role(role)
    digest = getattr(client.get("/desk/policy/publish").context, "get", dict)("digest")
    answer = client.post(path, {"digest": digest or ""})
    assert answer.status_code == 422
    assert "もう一度" in text(answer)
    assert client.get(path).status_code == 200


def test_a_form_from_elsewhere_is_refused_with_a_page():
    world.begin()
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"email": "a@b.example"})
    assert answer.status_code == 403
    assert "確かめられませんでした" in text(answer)


def test_a_fault_of_ours_says_that_nothing_changed_and_shows_no_trace(monkeypatch):
    world.begin()
    monkeypatch.setattr("chikai.web.public.policy.Edition.objects", None)
    answer = Client(raise_request_exception=False).get("/policy")
    assert answer.status_code == 500
    assert "こちら側で問題が起きました" in text(answer)
    assert "Traceback" not in text(answer)
    assert "AttributeError" not in text(answer)


def test_a_role_that_does_not_open_a_page_is_told_whom_to_ask(as_role):
    world.begin()
    answer = as_role("engineer").get("/desk/ledger")
    assert answer.status_code == 403
    assert "役割" in text(answer)
