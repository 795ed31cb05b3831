"""The first run: nobody goes on without the code of the terminal, and nobody runs it twice."""

import pytest
from django.conf import settings

from chikai.web import setup_code
from chikai.web.models import Installation, Staff
from tests.web import world

pytestmark = pytest.mark.django_db

OPERATOR = {"ja": "架空商事", "en": "Kaku Trading", "desk_mail": "desk@kaku.example"}
STAFF = {"name": "青木 航", "email": "wataru@kaku.example", "single_officer": "on"}


def text(response):
    return response.content.decode()


@pytest.fixture
def fresh():
    (settings.HOME.path / "packages").mkdir(exist_ok=True)  # of an earlier test's installation
    world.no_home()


def test_every_staff_page_leads_to_the_first_run(client, fresh):
    for path in ("/desk", "/sign-in", "/desk/map"):
        assert client.get(path)["Location"] == "/setup"


def test_without_the_code_nothing_is_made(client, fresh):
    client.post("/setup", OPERATOR)
    client.post("/setup", {"code": "AAAA-AAAA-AAAA-AAAA"})
    client.post("/setup", STAFF)
    assert not Installation.objects.exists()
    assert not (settings.HOME.path / "chikai.toml").exists()


def test_a_code_is_not_guessed(client, fresh):
    for _ in range(10):
        client.post("/setup", {"code": "wrong"})
    client.post("/setup", {"code": setup_code.code(settings.HOME)})
    assert "準備コード" in text(client.get("/setup"))


def test_the_first_run_ends_with_an_officer_who_is_signed_in(client, fresh):
    client.post("/setup", {"code": setup_code.code(settings.HOME).lower()})
    assert "事業者はどなたですか" in text(client.get("/setup"))
    client.post("/setup", OPERATOR)
    assert settings.HOME.operator["ja"] == "架空商事"
    assert client.post("/setup", STAFF)["Location"] == "/setup/policy"
    assert Staff.objects.get().roles == ["officer", "desk", "engineer"]
    assert Installation.objects.get().single_officer
    assert "指摘" in text(client.get("/setup/policy"))
    assert client.get("/desk/sources/connect").status_code == 200


def test_what_our_own_processes_left_in_the_folder_is_not_in_the_way(client, fresh):
    (settings.HOME.path / "ledger").mkdir(exist_ok=True)
    client.post("/setup", {"code": setup_code.code(settings.HOME)})
    client.post("/setup", OPERATOR)
    assert (settings.HOME.path / "chikai.toml").exists()


def test_a_started_installation_is_not_set_up_again(client):
    world.begin()
    assert client.get("/setup")["Location"] == "/sign-in"
    client.post("/setup", {"code": setup_code.code(settings.HOME)})
    assert client.post("/setup", STAFF)["Location"] == "/sign-in"
    assert Staff.objects.count() == 1
