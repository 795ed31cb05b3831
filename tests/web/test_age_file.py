"""A copy is fetched encrypted to the person's own age key: only that key opens it, and nothing of it is kept."""

import io
import zipfile

import pyrage
import pytest
from django.conf import settings

from chikai.errors import BadInput, WrongState
from chikai.web import age_file, released
from chikai.web.models import Request
from chikai.web.work import engine
from tests.web import asking
from tests.web.portal_world import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def answered(urls):
    request = asking.ask(asking.settle(urls))
    engine.drain()
    asking.approve(Request.objects.get(pk=request.pk))
    engine.drain()
    return Request.objects.get(pk=request.pk)


def test_only_the_persons_key_opens_it(answered):
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    with age_file.make(answered, str(mine.to_public())) as file:
        data = file.read()
    assert data.startswith(b"age-encryption.org/v1")
    assert pyrage.decrypt(data, [mine]) == b"".join(released.open_package(answered))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(data, [other])


@pytest.mark.parametrize("key", ["", "age1", "AGE-SECRET-KEY-1QQ", "ssh-rsa AAAA", "x" * 200])
def test_what_is_no_key_makes_nothing(answered, key):
    with pytest.raises(BadInput):
        age_file.make(answered, key)


def test_a_package_whose_days_are_over_is_not_made_again(answered):
    Request.objects.filter(pk=answered.pk).update(expires_at=answered.arrived_at)
    key = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(WrongState):
        age_file.make(Request.objects.get(pk=answered.pk), key)


def test_a_person_fetches_it_from_the_page_and_nothing_is_left_on_the_disk(answered, client):
    sign_in(client, "balus", str(asking.HEROINE["balus"]))
    where, mine = f"/me/requests/{answered.number}", pyrage.x25519.Identity.generate()
    assert "age1" in client.get(where).content.decode()
    before = sorted(p.name for p in (settings.HOME.path / "packages").rglob("*"))
    response = client.post(f"{where}/age", {"key": str(mine.to_public())})
    opened = pyrage.decrypt(b"".join(response), [mine])
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(opened)).namelist()
    assert response["Cache-Control"] == "no-store"
    assert sorted(p.name for p in (settings.HOME.path / "packages").rglob("*")) == before
    refused = client.post(f"{where}/age", {"key": "nonsense"}, follow=True)
    assert "age" in refused.content.decode()
    assert client.get(f"{where}/age").status_code == 405


def test_a_secret_key_pasted_by_mistake_is_said_nowhere(answered, client, caplog):
    sign_in(client, "balus", str(asking.HEROINE["balus"]))
    secret = str(pyrage.x25519.Identity.generate())
    page = client.post(f"/me/requests/{answered.number}/age", {"key": secret}, follow=True)
    assert secret not in page.content.decode()
    assert secret not in caplog.text
