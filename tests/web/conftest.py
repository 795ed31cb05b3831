"""A client of each kind of visitor."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.places import made, urls
from tests.web import world

__all__ = ["made", "urls"]  # fixtures


@pytest.fixture(autouse=True)
def no_tries_taken(db):
    """Begin with every try untaken, and leave no installation behind for other tests."""
    cache.clear()
    yield
    world.no_home()


@pytest.fixture
def as_role():
    """`as_role("desk")`: a client that is signed in with one role."""

    def open_for(role):
        client = Client()
        found = world.Staff.objects.filter(email=f"{role}@levii.example").first()
        world.sign_in(client, found or world.member(role))
        return client

    return open_for
