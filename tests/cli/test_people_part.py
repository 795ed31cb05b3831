"""`chikai people part` takes an account out of the person that a sync joined it to, by the account's own name."""

import pytest

from chikai.cli import main
from chikai.web.models import Link
from tests.web import portal_world as us

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """The database of this test is the installation's."""
    us.begin()
    monkeypatch.setattr("chikai.cli.own.start", lambda: None)


@pytest.mark.parametrize("named", ["kata:82", "kata:accounts:82"])
def test_an_account_gets_a_person_of_its_own(capsys, named):
    person = us.person("born@minato.example", {"balus": "81", "kata": "82"}, -900)
    own = person.links.get(source="kata")
    words = named.replace("accounts", own.table)
    assert main.main(["people", "part", words]) == 0
    assert "stands apart again" in capsys.readouterr().out
    assert Link.objects.get(pk=own.pk).person_id != person.pk


@pytest.mark.parametrize("named", ["balus:999999", "nowhere:1"])
def test_what_names_no_account_is_said(named, capsys):
    assert main.main(["people", "part", named]) == 2
    assert "no account of a person is called so" in capsys.readouterr().err
