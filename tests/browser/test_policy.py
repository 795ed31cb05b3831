"""The policy in the console in a browser: what is asked, what waits and what was read have no accessibility fault."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from chikai import clock, web
from chikai.policy import counterparts, load, write
from chikai.policy import site as policy_site
from chikai.policy.change import Decision
from chikai.policy.document import Text
from chikai.web.actions import Actor, policy_notice, policy_prepare
from chikai.web.models import Edition
from tests.browser import faults
from tests.web import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STYLES = Path(web.__file__).parent / "static" / "chikai"
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


def test_several_files_have_no_fault_whether_they_were_read_or_not(page, changed, tmp_path):
    head, mark, rest = (world.EXAMPLE / "seed.ja.txt").read_text("utf-8").partition("\n3 ")
    for name, said in (("a.txt", head), ("b.txt", f"{mark.strip()} {rest}"), ("c.txt", "")):
        (tmp_path / name).write_text(said, "utf-8")
    page.goto(f"{changed}/desk/policy/import")
    page.set_input_files("[type=file]", [tmp_path / "a.txt", tmp_path / "c.txt"])
    page.click("button.primary")
    page.wait_for_selector("text=読めません")
    assert not faults.of(page, page.url)
    page.set_input_files("[type=file]", [tmp_path / "b.txt"])
    page.click("button.primary")
    page.wait_for_selector("#h-cl")
    assert page.locator("textarea").count() == 2
    assert not faults.of(page, page.url)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_goes_on_from_the_edition_in_force_is_asked_without_fault(
    chromium, changed, session, width
):
    draft = load.read(settings.HOME.policy)
    one, other, *rest = draft.document.purposes
    known = {
        name: {thing.id: thing.id for thing in getattr(draft.document, name)}
        for name in ("services", "categories", "purposes", "recipients")
    }
    known["purposes"] |= {one.id: "purpose_1", other.id: "purpose_2"}
    moved = counterparts.with_ids(draft.document, counterparts.Ids(**known))
    first, second, *rest = moved.purposes
    reworded = replace(second, name=Text(f"{second.name.ja}（再掲）", second.name.en))
    text = write.structure(replace(moved, purposes=(first, reworded, *rest)), draft.accepted)
    (settings.HOME.policy / "policy.toml").write_text(text, "utf-8")
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    session(context, "officer")
    page = context.new_page()
    page.goto(f"{changed}/desk/policy/publish")
    assert page.locator("text=別のものを指すことになります").count() == 1
    assert page.locator("input[name=same]").count() == 1
    assert not faults.of(page, page.url)
    page.goto(f"{changed}/desk/policy/import")
    page.fill("textarea", (world.EXAMPLE / "seed.ja.txt").read_text("utf-8"))
    page.click("button.primary")
    page.wait_for_selector("#h-go")
    assert page.locator("input[name=same]").count()
    assert not faults.of(page, page.url)
    page.goto(f"{changed}/desk/policy/publish")
    page.get_by_role("button", name="いまの版の識別名を引き継ぐ").click()
    page.wait_for_load_state()
    assert not page.locator("text=別のものを指すことになります").count()
    assert not faults.of(page, page.url)
    context.close()
    assert load.read(settings.HOME.policy).document.purpose(one.id)


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


@pytest.mark.parametrize("width", [390, 1280])
def test_a_wide_table_moves_within_the_page_and_has_no_fault(chromium, tmp_path, width):
    document = load.read(world.EXAMPLE).document
    first, *rest = document.clauses
    table = "| 取得する情報 | 利用目的 | 提供先 | 保存期間 | 根拠 |\n| - | - | - | - | - |\n"
    row = "| 氏名、住所 | 商品を発送するため | 株式会社見本 | 契約が終わるまで | 契約 |\n"
    clause = replace(first, body=Text(f"次のとおりです。\n\n{table}{row}", first.body.en))
    styles = {name: (STYLES / name).read_bytes() for name in ("chikai.css", "policy.css")}
    made = replace(document, clauses=(clause, *rest))
    policy_site.build(made, tmp_path / "site", styles=styles, now=clock.now())
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    assert page.get_by_role("columnheader").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    region = page.get_by_role("region", name="表")
    inner = region.evaluate("one => one.scrollWidth > one.clientWidth")
    assert inner is (width < 1000)
    region.focus()
    assert page.evaluate("document.activeElement.className") == "policy-table"
    assert not faults.of(page, page.url)
    context.close()
