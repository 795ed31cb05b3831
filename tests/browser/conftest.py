"""An installation with everything on it, served to the browser under `localhost` (a passkey needs that name)."""

import pytest
from django.test import Client

from chikai.web.models import Staff
from tests.web import world


@pytest.fixture
def site(live_server):
    """The address of a server that has everything."""
    world.full()
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def session(site):
    """`session(context, role)`: sign a browser in as a member of staff with this role."""

    def open_for(context, role):
        client = Client()
        world.sign_in(client, Staff.objects.get(email=f"{role}@levii.example"))
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": site}])

    return open_for
