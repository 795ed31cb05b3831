"""A request for somebody else in a browser: as who asks sees it, as the person does, and at the desk; no fault of access."""

import pytest
from django.test import Client

from chikai import canon, clock
from chikai.web.actions import PERSON, rights, rights_asked
from chikai.web.actions import portal as actions
from chikai.web.models import Request
from tests.browser import faults
from tests.web import portal_world as us
from tests.web import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AGENT = "brother@minato.example"


@pytest.fixture
def site(live_server):
    """Somebody acts for a person, and the desk has found that the document is not enough."""
    hanako, agent = us.begin(), us.person(AGENT, {"balus": "77"}, 9)
    rights.open_request(
        PERSON, person=hanako, kind="disclose", reply_to=AGENT, agency="mandated",
        agent="山田 次郎", acts=agent, note="山田 花子（Balus）",
    )  # fmt: skip
    request = Request.objects.get()
    rights_asked.judge_paper(us.DESK, request, right=False, why="委任状に署名がありません。")
    rights_asked.write_message(PERSON, request, "署名したものを送ります。", person=agent)
    return live_server.url.replace("127.0.0.1", "localhost")


def opened(chromium, site, key="", role=""):
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="ja-JP", bypass_csp=True
    )
    if key:
        token = actions.enter(us.token(key=key, nonce=canon.new_id(clock.now()).hex)).token
        context.add_cookies([{"name": "chikai-me", "value": token, "url": site}])
    else:
        client = Client()
        world.sign_in(client, world.member(role))
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": site}])
    return context.new_page()


def test_no_page_of_a_request_for_somebody_else_has_a_fault(chromium, site):
    number, wrong = Request.objects.get().number, []
    as_whom = {"agent": ("77", ""), "named": ("17", ""), "desk": ("", "desk")}
    for name, (key, role) in as_whom.items():
        page = opened(chromium, site, key, role)
        for state in ("received", "answered", "withdrawn"):
            Request.objects.update(state=state)
            page.goto(f"{site}/{'desk' if role else 'me'}/requests/{number}")
            wrong += faults.of(page, f"{name} {state}")
        page.context.close()
    assert not wrong, "\n".join(wrong)
