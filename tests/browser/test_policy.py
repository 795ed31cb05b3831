"""The policy in the console in a browser: what is asked, what waits and what was read have no accessibility fault."""

import pytest
from django.conf import settings

from chikai.policy import load
from chikai.policy.change import Decision
from chikai.web.actions import Actor, policy_notice, policy_prepare
from chikai.web.models import Edition
from tests.browser import faults
from tests.web import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SOMEBODY = Actor("staff:999", frozenset({"officer"}))


@pytest.fixture
def changed(site):
    """A draft that words a purpose anew and has no finding."""
    world.lay(world.EXAMPLE / "next")
    world.replaced("ja.md", "お問合せへの対応のため", "お問合せへの回答のため")
    return site


@pytest.fixture
def page(chromium, changed, session):
    context = chromium.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    session(context, "officer")
    yield context.new_page()
    context.close()


def shown(page, selector):
    """How many of these are visible."""
    return sum(one.is_visible() for one in page.locator(selector).all())


def test_two_editions_stand_in_two_columns_or_in_one_with_both_marked(page, changed):
    page.goto(f"{changed}/policy/diff/1..2")
    assert not faults.of(page, page.url)
    both = ".sides:has(.side-a del):has(.side-b ins)"
    wide = page.viewport_size["width"] > 1000
    assert shown(page, f"{both} .side-b ins") > 5
    assert bool(shown(page, f"{both} .side-a")) is wide
    assert bool(shown(page, f"{both} .side-b del")) is not wide, "one column says both"


def test_what_did_not_change_opens_without_script(page, changed):
    page.goto(f"{changed}/policy/diff/1..2")
    fold = page.locator("details.fold").first
    assert not fold.locator("p").first.is_visible()
    fold.locator("summary").click()
    assert fold.locator("p").first.is_visible()


def test_a_question_to_the_officer_has_no_answer_beforehand_and_no_fault(page, changed):
    page.goto(f"{changed}/desk/policy/publish")
    assert page.locator("input[type=radio]").count() == 4
    assert page.locator("input[type=radio]:checked").count() == 0
    assert not faults.of(page, page.url)


def test_what_waits_for_a_second_officer_has_no_fault(page, changed):
    decisions = [Decision("guidance", "wording", "同じ意味の言葉に改めた。")]
    policy_prepare.prepare_edition(SOMEBODY, load.read(settings.HOME.policy), decisions)
    page.goto(f"{changed}/desk/policy/publish")
    assert page.get_by_role("button", name="この版を公表する").count() == 1
    assert not faults.of(page, page.url)


def test_an_announcement_that_waits_and_one_that_was_made_have_no_fault(page, changed):
    digest = Edition.objects.current().digest
    policy_notice.prepare_notice(SOMEBODY, digest=digest)
    page.goto(f"{changed}/desk/policy/announce")
    assert page.get_by_role("button", name="この変更を知らせる").count() == 1
    assert not faults.of(page, page.url)
    page.get_by_role("button", name="この変更を知らせる").click()
    page.wait_for_selector("text=変更を知らせました")
    assert not faults.of(page, page.url)


def test_what_was_read_in_a_text_has_no_fault_and_leads_to_its_line(page, changed):
    page.goto(f"{changed}/desk/policy/import")
    page.fill("textarea", (world.EXAMPLE / "seed.ja.txt").read_text("utf-8"))
    page.click("button.primary")
    page.wait_for_selector(".reads")
    assert not faults.of(page, page.url)
    page.locator(".reads a").nth(4).click()
    line = page.url.partition("#")[2]
    assert page.locator(f"[id='{line}']").is_visible()


def test_a_box_of_the_uses_is_ticked_and_kept_without_script(chromium, changed, session):
    context = chromium.new_context(
        viewport={"width": 390, "height": 900}, java_script_enabled=False
    )
    session(context, "officer")
    page = context.new_page()
    page.goto(f"{changed}/desk/policy/structure/uses/balus")
    box = page.locator("input[name=use]:not(:checked)").first
    value = box.get_attribute("value")
    box.check()
    page.get_by_role("button", name="下書きに残す").click()
    page.wait_for_load_state()
    assert page.locator(f"input[value='{value}']").is_checked()
    context.close()
    purpose, _, item = value.partition("/")
    kept = load.read(settings.HOME.policy).document.purpose(purpose)
    assert item in kept.categories_at("balus")
