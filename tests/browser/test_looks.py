"""Every page, at both widths and in both languages: no accessibility fault, no overflow, nothing blocked, light."""

import gzip

import pytest
from django.test import Client

from tests.browser import faults, pages
from tests.browser.faults import WIDTHS
from tests.web import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def each(chromium, session, width, **more):
    """Every page with a browser page to open it in: one context for each role, since a new one is slow."""
    contexts = {}
    for looked in pages.every():
        if looked.role not in contexts:
            context = chromium.new_context(viewport={"width": width, "height": 900}, **more)
            if looked.role:
                session(context, looked.role)
            contexts[looked.role] = context.new_page()
        yield looked, contexts[looked.role]
    for page in contexts.values():
        page.context.close()


@pytest.mark.parametrize("tongue", ["ja", "en"])
def test_no_page_has_a_fault(chromium, site, session, tongue):
    wrong = []
    # axe brings its own script, so this context alone is allowed to pass by the content policy
    for looked, page in each(chromium, session, WIDTHS[0], bypass_csp=True):
        page.goto(site + ("/en" if tongue == "en" else "") + looked.path)
        wrong += faults.of(page, looked.name)
    assert not wrong, "\n".join(wrong)


def test_no_page_is_wider_than_a_small_phone_and_nothing_is_blocked(chromium, site, session):
    wrong, said = [], []
    for looked, page in each(chromium, session, 320):
        page.once("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.goto(site + looked.path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{looked.name} is wider than 320 px")
    wrong += [text for text in said if "status of 4" not in text]
    assert not wrong, "\n".join(wrong)


def test_each_page_is_light(site):
    """HTML, style, script and drawings of one page, compressed, with nothing in the cache."""
    client = Client(headers={"accept-encoding": "gzip"})
    fixed = {"public": ("chikai.css", "policy.css", "icons.svg", "mark.svg")}
    fixed["desk"] = ("chikai.css", "app.js", "htmx-2.0.11.min.js", "icons.svg", "mark.svg")
    folder = world.ROOT / "src" / "chikai" / "web" / "static" / "chikai"
    weights = {
        face: sum(len(gzip.compress((folder / name).read_bytes())) for name in names)
        for face, names in fixed.items()
    }
    heavy = {}
    for looked in pages.every():
        if looked.role:
            world.sign_in(client, world.Staff.objects.get(email=f"{looked.role}@levii.example"))
        html = client.get(looked.path).content
        size = weights["desk" if looked.role else "public"] + len(html)
        if size > 45 * 1024:
            heavy[looked.name] = size
    assert not heavy


def test_every_stop_of_the_tab_key_is_seen(chromium, site, session):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    session(context, "engineer")
    page = context.new_page()
    page.goto(f"{site}/desk/map/balus")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(() => { const e = document.activeElement; return [e.tagName,"
                " getComputedStyle(e).outlineStyle] })()"
            )
        )
    context.close()
    assert seen[0][0] == "A"  # the way past the menu comes first
    assert all(style != "none" for tag, style in seen if tag != "BODY")
