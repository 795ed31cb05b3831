"""The pages of a request in a browser: the review without script, and no fault of access at either width or tongue."""

import pytest
from django.test import Client

from chikai.web.actions import correcting, people
from chikai.web.actions import rights as actions
from chikai.web.models import Merge, Request
from chikai.web.work import engine
from tests.browser import faults
from tests.web import asking, portal_world, world
from tests.web.test_own_kinds import record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OTHER = "𠮷田誠"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def desk(live_server, urls):
    """A site with a request of each kind that waits for an officer, or was answered."""
    her = asking.settle(urls, mode="enforce")
    record(her, "manabi", "consent", owed=True)
    record(her, "aoba_payment", "entrusted", owed=False)
    numbers = {}
    for kind, asked in (
        ("disclose", {}),
        ("suspend", {"items": "email"}),
        ("stop_provision", {"recipients": "manabi"}),
        ("disclose_records", {"form": "paper"}),
        ("correct", {"items": "name", "wrong": "花子", "right": "はな子"}),
        ("erase", {}),
    ):
        numbers[kind] = asking.ask(her, kind=kind, asked=asked).number
    engine.drain()
    actions.approve_request(asking.OFFICER, Request.objects.get(number=numbers["disclose_records"]))
    step = Request.objects.get(number=numbers["correct"]).steps.get(ord=0)
    correcting.propose_changes(asking.DESK, step, {0: "はな子"})
    actions.approve_request(asking.OFFICER, Request.objects.get(number=numbers["stop_provision"]))
    engine.drain()
    return live_server.url.replace("127.0.0.1", "localhost"), numbers


def opened(chromium, site, width=1280, **more):
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="ja-JP", **more)
    context.set_default_timeout(10_000)
    client = Client()
    world.sign_in(client, world.Staff.objects.filter(email="officer@levii.example").first()
                  or world.member("officer"))  # fmt: skip
    portal = Client()
    portal_world.sign_in(portal, "balus", str(asking.HEROINE["balus"]))
    cookies = [
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site},
        {"name": "chikai-me", "value": portal.cookies["chikai-me"].value, "url": site},
    ]
    context.add_cookies(cookies)
    return context.new_page()


def paths(numbers):
    yield f"/desk/requests/{numbers['disclose']}/approve"
    for number in numbers.values():
        yield f"/desk/requests/{number}"
        yield f"/me/requests/{number}"
    yield f"/desk/requests/{numbers['stop_provision']}/approve"
    yield f"/desk/requests/{numbers['correct']}/changes/0"
    yield f"/desk/requests/{numbers['correct']}/approve"
    yield f"/desk/requests/{numbers['erase']}/approve"
    yield f"/desk/requests/{numbers['erase']}/whom"
    yield "/desk/by-hand"
    yield f"/desk/requests?open={numbers['disclose']}"
    yield "/desk/sources/balus/mode"
    yield "/me/requests/for"
    yield "/me/requests/for?kind=correct"
    yield "/desk/requests/new"
    yield from (f"/desk/requests/new?kind={kind}" for kind in ("suspend", "erase", "correct"))


@pytest.mark.parametrize(("width", "tongue"), [(390, "ja"), (1280, "en")])
def test_no_page_of_a_request_has_a_fault(chromium, desk, width, tongue):
    (site, numbers), wrong = desk, []
    page = opened(chromium, site, width, bypass_csp=True)
    for path in paths(numbers):
        page.goto(site + ("/en" if tongue == "en" else "") + path)
        for details in page.query_selector_all("details"):
            details.evaluate("d => { d.open = true }")
        wrong += faults.of(page, path, [width])
    page.context.close()
    assert not wrong, "\n".join(wrong)


def test_an_officer_reviews_and_approves_without_script(chromium, desk):
    site, numbers = desk
    page = opened(chromium, site, java_script_enabled=False)
    page.goto(f"{site}/desk/requests/{numbers['disclose']}/approve")
    assert page.get_by_label(OTHER).first.is_checked()
    page.get_by_label("ほかに伏せることば").fill("境界の定義")
    page.get_by_role("button", name="この内容で承認").click()
    page.wait_for_url(f"**/desk/requests/{numbers['disclose']}")
    page.context.close()
    engine.drain()
    row = Request.objects.get(number=numbers["disclose"])
    assert (row.state, row.is_reviewed) == ("answered", True)
    assert row.review.redacted > 1


def test_the_inbox_is_worked_by_keys(chromium, desk):
    site, numbers = desk
    page = opened(chromium, site)
    page.goto(f"{site}/desk/requests")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(numbers["disclose"])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**open={numbers['disclose']}**")
    assert page.locator("#beside").is_visible()
    page.keyboard.press("?")
    assert page.locator(".keys-of").evaluate("d => d.open")
    page.keyboard.press("a")
    page.wait_for_url(f"**/desk/requests/{numbers['disclose']}/approve")
    page.context.close()


def test_an_officer_says_which_of_two_asked(chromium, live_server, urls):
    """Two were taken for one when it was asked by phone, and parted: the desk is warned, and says who it was."""
    site = live_server.url.replace("127.0.0.1", "localhost")
    her = asking.settle(urls)
    other = asking.more_people(urls, 2)[-1]
    people.merge(asking.OFFICER, her.pk, other.pk)
    links = [*her.links.values_list("pk", flat=True)]
    request = asking.ask(her, kind="erase", through=links, channel="phone", note="お電話で")
    engine.drain()
    people.part(asking.OFFICER, Merge.objects.get().pk)
    page = opened(chromium, site, bypass_csp=True)
    page.goto(f"{site}/desk/requests/{request.number}")
    assert not faults.of(page, "asker")
    card = page.locator("#asker")
    assert "二人" in card.inner_text()
    assert not page.locator("#h-places").count()  # what was counted was of both
    page.goto(f"{site}/me/requests/{request.number}")
    assert "お電話で" not in page.content()
    page.goto(f"{site}/desk/requests/{request.number}")
    card.get_by_role("button").last.click()
    page.wait_for_url(f"**/desk/requests/{request.number}")
    assert not page.locator("#asker").count()
    page.context.close()
    assert Request.objects.get().between is None
