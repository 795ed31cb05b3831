"""A key of a service means a person of one table only: nobody is taken for somebody of another table with the same number."""

import pytest
from django.conf import settings
from django.test import Client

from chikai import clock, home
from chikai.cli import doctor
from chikai.errors import BadInput
from chikai.web import gate_token
from chikai.web.actions import COMMAND, gate, people
from chikai.web.actions import portal as actions
from chikai.web.models import IdentityTable, Link, Person, PortalSession
from tests.web import portal_world as us
from tests.web import world

pytestmark = [pytest.mark.django_db, pytest.mark.own_state]

CRM = """
[source.crm]
service = "balus"
kind = "folder"
path = "crm"
"""
SAID = 'url = "postgresql://chikai@db.internal/balus"'


@pytest.fixture
def customer(monkeypatch):
    """Somebody whom only the second source of the service Balus knows, under the key 900."""
    us.begin()
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)
    settle(world.TOML + CRM)
    made = us.person("yamada@minato.example", {"crm": "900"}, 7)
    Link.objects.filter(source="crm").update(table="contacts")
    IdentityTable.objects.filter(source="crm").update(table="contacts")
    return made


def settle(toml):
    file = settings.HOME.path / "chikai.toml"
    file.write_text(toml, "utf-8")
    settings.HOME = home.read(settings.HOME.path)


def declare(source="balus", table="accounts"):
    toml = world.TOML + CRM
    at = SAID if source == "balus" else 'path = "crm"'
    settle(toml.replace(at, f'{at}\nkey_table = "{table}"'))


def enter(key):
    nonce = f"n{Link.objects.count()}{key}{PortalSession.objects.count()}"
    return Client().get("/me/enter", {"token": us.token(key=key, nonce=nonce)}).status_code


def test_a_hand_off_never_finds_somebody_of_another_source_of_the_service(customer):
    declare()
    assert enter("900") == 410
    assert enter("17") == 302
    assert PortalSession.objects.get().person != customer


def test_a_service_with_two_tables_of_persons_hands_nobody_over_until_it_says_which(customer):
    assert enter("17") == 410
    assert enter("900") == 410
    with pytest.raises(BadInput, match="key_table"):
        actions.links_at("balus", "17")
    declare("crm", "contacts")
    assert enter("900") == 302
    assert PortalSession.objects.get().person == customer


def test_the_switches_of_a_service_turn_nothing_for_somebody_of_another_source(customer):
    token = gate_token.make(settings.HOME, "balus").read_text().strip()
    headers = {"authorization": f"Bearer {token}"}
    where = "/api/v1/choices/balus/900"
    answer = Client().get(where, headers=headers)
    assert answer.status_code == 422
    assert "key_table" in answer.json()["do"]
    declare()
    assert Client().get(where, headers=headers).json()["switches"] == []
    sent = {"unit": "everything", "verb": "stop"}
    assert Client().post(where, sent, "application/json", headers=headers).status_code == 422


def test_no_entry_of_the_gate_is_about_somebody_of_another_source(customer):
    declare()
    record = {
        "id": "0190d3f0-0000-7000-8000-000000000001", "kind": "gate.refused", "service": "balus", "v": 1,
        "at": clock.now().isoformat(), "key": "900", "purpose": "billing", "recipient": "", "why": [],
    }  # fmt: skip
    entries = gate.take_records(gate.of_service("balus"), "balus", [record])
    assert [entry.subject for entry in entries] == [None]


def test_the_doctor_says_which_table_is_to_be_named(customer):
    actions.handoff_key("balus")
    (line,) = doctor._key_table(settings.HOME, "crm")
    assert line.state == "warn"
    assert "key_table" in line.do
    declare(table="acounts")
    (line,) = doctor._key_table(settings.HOME, "balus")
    assert line.state == "fail"
    declare()
    assert not [*doctor._key_table(settings.HOME, "balus")]


def test_a_key_at_the_desk_means_one_table_and_never_somebody_of_another(customer):
    us.person("ota@minato.example", {"training": "3"}, 9)
    visitor = us.person("mori@minato.example", {"training": "4"}, 11)
    Link.objects.filter(person=visitor).update(table="visitors")
    now = clock.now()
    IdentityTable.objects.create(source="training", table="visitors", tried_at=now, read_at=now)

    def find(text):
        return Person.objects.find_person(text, surely=True)

    assert find("crm:900") == (customer,)
    assert find("training:4") == ()
    assert find("training:accounts:4") == ()
    assert find("training:visitors:4") == (visitor,)
    toml = settings.HOME.path / "chikai.toml"
    settle(
        toml.read_text().replace('training.sqlite3"', 'training.sqlite3"\nkey_table = "visitors"')
    )
    assert find("training:4") == (visitor,)
    assert find("training:3") == ()


ELSEWHERE = '\n[source.shop_db]\nservice = "shop"\nkind = "folder"\npath = "shop"\n'


@pytest.mark.parametrize(
    "word", ["shop:51", "shop:accounts:51", "shop_db:51", "shop_db:accounts:51"]
)
def test_somebody_is_named_by_a_service_as_by_its_source(monkeypatch, word):
    us.begin()
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)
    settle(world.TOML + ELSEWHERE)
    person = us.person("kase@minato.example", {"shop_db": "51"}, 7)
    elder = us.person("kase2@minato.example", {"balus": "52"}, -700)
    people.merge(COMMAND, elder.pk, person.pk)
    (found,) = Person.objects.find_person(word, surely=True)
    assert found == elder
    assert Person.objects.named(word, found) == person.pk
    assert Link.objects.named(found, word) == [Link.objects.get(source="shop_db").pk]
