"""What people do, as they do it: with a passkey, without JavaScript, with the keyboard alone."""

import pytest

from chikai.sources import mapfile
from chikai.web.actions import COMMAND
from chikai.web.actions.staff import make_link
from chikai.web.models import Candidate, Job, Staff
from tests.web import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def plain(chromium):
    """A page in a browser without JavaScript."""
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_a_passkey_is_added_signs_in_and_is_removed(page, site):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    staff = Staff.objects.get(email="officer@levii.example")
    page.goto(f"{site}/sign-in/link/{make_link(COMMAND, staff)}")
    page.click("main button")
    page.wait_for_url(f"{site}/desk")
    page.goto(f"{site}/desk/account")
    page.fill("#key-name", "執務室のノート")
    page.click("form[data-passkey] button")
    page.wait_for_selector("text=パスキーを加えました")
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in")
    page.click("form[data-passkey] button")
    page.wait_for_url(f"{site}/desk")
    page.goto(f"{site}/desk/account")
    page.click("text=外す")
    page.wait_for_selector("text=パスキーを外しました")
    assert not staff.passkeys.exists()
    assert page.errors == []


def test_a_passkey_that_fails_says_what_else_works(page, site):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{site}/sign-in")
    page.click("form[data-passkey] button")
    page.wait_for_selector(".live >> text=メールのリンク")


def test_without_javascript_a_colleague_signs_in_and_decides(plain, site):
    staff = Staff.objects.get(email="engineer@levii.example")
    plain.goto(f"{site}/sign-in/link/{make_link(COMMAND, staff)}")
    plain.click("main button")
    plain.goto(f"{site}/desk/map/balus?open=1")
    plain.click("a:text-is('accounts')")
    plain.select_option("#cat-nickname", "name")
    plain.click("#col-nickname form button")
    plain.wait_for_selector("text=地図のファイルに書きました")
    accounts = mapfile.read(world.settings.HOME.map_of("balus")).by_name["accounts"]
    assert accounts.column("nickname").category == "name"


def test_without_javascript_an_officer_decides_a_pair_and_signs_out(plain, site):
    staff = Staff.objects.get(email="officer@levii.example")
    plain.goto(f"{site}/sign-in/link/{make_link(COMMAND, staff)}")
    plain.click("main button")
    plain.goto(f"{site}/desk/people")
    plain.click("text=別の本人 >> nth=0")
    plain.wait_for_selector("text=判断を台帳に残しました")
    assert Candidate.objects.waiting().count() == 2
    plain.click(".rail .me button")
    plain.wait_for_selector("text=ログアウトしました")


def test_without_javascript_the_passkey_is_not_offered(plain, site):
    plain.goto(f"{site}/sign-in")
    assert not plain.is_visible("form[data-passkey]")
    assert plain.is_visible("#id_email")


def test_deciding_a_column_changes_that_column_in_place(page, site, session):
    session(page.context, "engineer")
    page.goto(f"{site}/desk/map/balus/table/accounts")
    page.select_option("#cat-last_ip", "-")
    page.click("#col-last_ip form button")
    page.wait_for_selector("#col-last_ip:not(.open)")
    page.wait_for_selector(".live >> text=last_ip")
    assert page.errors == []


def test_work_that_ends_is_shown_without_a_reload(page, site, session):
    job = Job.objects.get(state="running")
    session(page.context, "engineer")
    page.goto(f"{site}/desk/work/{job.pk}")
    assert page.get_attribute("progress", "value") == "41"
    Job.objects.filter(pk=job.pk).update(state="done", done=120)
    page.wait_for_selector("#job .tag.ok")
    assert page.errors == []


def test_keys_move_along_the_rows_but_stay_letters_in_a_box(page, site, session):
    session(page.context, "engineer")
    page.goto(f"{site}/desk/map/balus")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "posts_001"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/table/accounts")
    page.goto(f"{site}/desk/map/balus")
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert page.input_value("#q") == "jk"


def test_a_form_with_a_fault_takes_the_focus_to_its_summary(page, site, session):
    session(page.context, "engineer")
    page.goto(f"{site}/desk/sources/connect")
    page.fill("#id_name", "web")
    page.click("main form button")
    page.wait_for_selector("[data-focus]:focus")
    assert page.input_value("#id_name") == "web"


def test_the_language_switch_keeps_the_page(page, site, session):
    session(page.context, "officer")
    page.goto(f"{site}/desk/people")
    page.click(".rail .me a[hreflang=en]")
    page.wait_for_url(f"{site}/en/desk/people")
    assert page.inner_text("h1") == "Persons"
