"""The services' pages in a real browser, on a phone and on a desk: no fault of accessibility, no overflow, nothing blocked."""

import threading
from wsgiref.simple_server import make_server

import pytest

from examples.levii.databases.names import HEROINE
from examples.levii.services import wsgi
from examples.levii.services.balus import models
from tests.browser import faults

pytestmark = pytest.mark.browser


@pytest.fixture
def sites(balus, training, website, kata):
    """The four services on ports of their own."""
    servers = {}
    for browser in (balus, training, website, kata):
        server = make_server("127.0.0.1", 0, browser.web, wsgi._Threads, wsgi._Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers[browser.web.name] = server
    yield {name: f"http://localhost:{server.server_port}" for name, server in servers.items()}
    for server in servers.values():
        server.shutdown()
        server.server_close()


def pages(sites, page, world):
    """Every page worth looking at, signed in where a page asks for it."""
    balus, training, website = (sites[name] for name in ("balus", "training", "website"))
    yield from (f"{balus}{path}" for path in ("/", "/signup", "/signin", "/nothing"))
    page.goto(f"{balus}/signin")
    page.get_by_role("button", name="さんとして入る").click()
    model = models.mine(world.place("balus"), HEROINE)[0].id
    yield from (
        f"{balus}{path}" for path in ("/", "/plan", "/settings", f"/models/{model}", "/signout")
    )
    yield from (f"{training}{path}" for path in ("/", "/apply", "/signin"))
    page.goto(f"{training}/apply")
    for name, value in {
        "company": "見本商会",
        "contact": "係",
        "email": "a@b.example",
        "headcount": "2",
    }.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="申し込む").click()
    page.fill("[name=name]", "受講 栞")
    page.get_by_role("button", name="この方を登録する").click()
    yield page.url
    page.get_by_role("button", name="修了証を出す").click()
    yield page.url
    yield from (f"{website}{path}" for path in ("/", "/contact", "/contact/sent"))
    yield f"{sites['kata']}/"


def test_no_page_has_a_fault(chromium, sites, world):
    context = chromium.new_context(bypass_csp=True)
    page, wrong, seen = context.new_page(), [], 0
    for address in pages(sites, page, world):
        page.goto(address)
        seen += 1
        wrong += faults.of(page, address)
    context.close()
    assert seen > 15
    assert not wrong, "\n".join(wrong)


def test_nothing_is_blocked_by_the_content_policy(chromium, sites, world):
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    page, said = context.new_page(), []
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    for address in pages(sites, page, world):
        page.goto(address)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
    context.close()
    assert not [text for text in said if "status of" not in text]
