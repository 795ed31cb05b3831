"""The public pages: the policy as it was published, under addresses that last."""

import hashlib

import pytest

from chikai.web.models import Edition
from tests.web import world

pytestmark = pytest.mark.django_db


def test_before_the_first_edition_the_page_says_what_to_do(client):
    world.begin()
    for path in ("/", "/policy", "/policy/editions"):
        assert client.get(path).status_code == 200
    assert "chikai policy publish" in client.get("/").content.decode()


def test_the_page_shows_the_stored_bytes(client):
    world.begin()
    world.publish()
    edition = Edition.objects.current()
    assert edition.ja in client.get("/").content.decode()
    assert edition.en in client.get("/en/policy").content.decode()
