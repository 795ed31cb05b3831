"""The portal in a browser: no fault of access at both widths and in both languages, with and without script, by keyboard."""

import pytest

from chikai.web.models.switches import choices_of
from tests.browser import faults
from tests.web import portal_world as us

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portal(live_server):
    """A site with a person who has everything."""
    person = us.full()
    return live_server.url.replace("127.0.0.1", "localhost"), person


def opened(chromium, site, width=1280, **more):
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="ja-JP", **more)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "chikai-me", "value": us.cookie(), "url": site}])
    return context.new_page()


def is_stopped(person, unit):
    return next(line.is_stopped for line in choices_of(person.pk) if line.unit == unit)


@pytest.mark.parametrize("tongue", ["ja", "en"])
def test_no_page_of_the_portal_has_a_fault(chromium, portal, tongue):
    (site, _), wrong = portal, []
    page = opened(chromium, site, bypass_csp=True)
    for looked in us.pages():
        page.goto(site + ("/en" if tongue == "en" else "") + looked.path)
        wrong += faults.of(page, looked.name)
    page.context.close()
    assert not wrong, "\n".join(wrong)


def test_no_page_is_wider_than_a_small_phone_and_nothing_is_blocked(chromium, portal):
    (site, _), wrong, said = portal, [], []
    page = opened(chromium, site, 320)
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    for looked in us.pages():
        page.goto(site + looked.path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{looked.name} is wider than 320 px")
    page.context.close()
    wrong += [text for text in said if "status of 4" not in text]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("script", [True, False])
def test_one_press_stops_and_one_press_resumes(chromium, portal, script):
    site, person = portal
    page = opened(chromium, site, java_script_enabled=script)
    page.goto(f"{site}/me")
    switch = page.get_by_role("switch", name="本サービスに関するご案内")
    for state in ("false", "true"):
        switch.click()
        page.wait_for_selector(f"#b-purpose-guidance[aria-checked={state}]")
        assert is_stopped(person, "purpose:guidance") == (state == "false")
    page.context.close()


def test_a_switch_turns_by_keyboard_and_keeps_the_focus(chromium, portal):
    site, person = portal
    page = opened(chromium, site)
    page.goto(f"{site}/me")
    page.focus("#b-purpose-guidance")
    for state in ("false", "true"):
        page.keyboard.press("Space")
        page.wait_for_selector(f"#b-purpose-guidance[aria-checked={state}]")
        assert page.evaluate("document.activeElement.id") == "b-purpose-guidance"
    assert not is_stopped(person, "purpose:guidance")
    page.context.close()


def test_what_happened_is_said_aloud(chromium, portal):
    site, _ = portal
    page = opened(chromium, site)
    page.goto(f"{site}/me")
    page.click("#b-purpose-guidance")
    page.wait_for_selector(".live p")
    assert "止めました（台帳 #" in page.inner_text(".live")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_what_carries_a_service_ends_after_it_was_shown(chromium, portal, script):
    site, person = portal
    page = opened(chromium, site, java_script_enabled=script)
    page.goto(f"{site}/me/settings")
    page.click("text=すべて止める")
    assert "有料の利用は終わります" in page.inner_text("main")
    page.click("main button")
    page.wait_for_url("**/me/settings?v=*")
    assert is_stopped(person, "everything")
    page.click("text=すべて再開する")
    page.wait_for_selector("text=すべて止める")
    assert not is_stopped(person, "everything")
    page.context.close()


def test_every_stop_of_the_tab_key_is_seen(chromium, portal):
    site, _ = portal
    page = opened(chromium, site)
    page.goto(f"{site}/me")
    for _ in range(35):
        page.keyboard.press("Tab")
        tag, style = page.evaluate(
            "(() => { const a = document.activeElement, e = a.matches('.switch')"
            " ? a.querySelector('.track') : a; return [e.tagName, getComputedStyle(e).outlineStyle] })()"
        )
        assert style != "none" or tag == "BODY"
    page.context.close()
