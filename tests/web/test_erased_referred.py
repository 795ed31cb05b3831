"""Rows that we hold for the service's customer stay after an erasure, and the answer says so and whom to ask."""

from dataclasses import replace

import pytest

from chikai import clock
from chikai.web import erased
from chikai.web.actions import rights
from chikai.web.models import MapEdition, Request
from chikai.web.work import engine
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import HEROINE, OFFICER, SECOND
from tests.web.test_erasing import rows_of

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


def held_for_a_company(map_):
    """The map with the usage of the service as the customer's: the company that enrolled its employees."""
    tables = (replace(t, whose="customer") if t.name == "usage_events" else t for t in map_.tables)
    return replace(map_, tables=tuple(tables))


def test_an_erasure_names_what_is_held_for_a_customer_and_refers_to_them(urls, client):
    her = asking.settle(urls, mode="enforce")
    MapEdition.objects.filter(source="balus").delete()
    asking.adopt(asking.example().document, "balus", clock.now(), change=held_for_a_company)
    held = rows_of(urls, "balus", HEROINE["balus"])["usage_events"]
    request = asking.ask(her, kind="erase")
    engine.drain()
    before = erased.of_request(Request.objects.get(pk=request.pk))
    rights.approve_request(OFFICER, request)
    rights.approve_request(SECOND, request)
    engine.drain()
    request = Request.objects.get(pk=request.pk)
    assert request.state == "answered"
    assert rows_of(urls, "balus", HEROINE["balus"])["usage_events"] == held
    after = erased.of_request(request)
    for told in (before, after):
        assert [f"{held}件" in said.ja and "ご契約者" in said.ja for said in told.referred] == [
            True
        ]
    us.sign_in(client, "balus", str(HEROINE["balus"]))
    page = client.get(f"/me/requests/{request.number}").content.decode()
    assert after.referred[0].ja in page
