"""The first run and the example, page by page in a real browser, with the same demands on each."""

import pytest
from django.conf import settings

from chikai.web import setup_code
from chikai.web.actions import COMMAND
from chikai.web.actions.staff import make_link
from chikai.web.models import Job
from tests.browser import faults
from tests.web import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def looking(chromium):
    """A page, and what was wrong with what it showed."""
    context = chromium.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.wrong = []
    yield page
    context.close()
    assert not page.wrong, "\n".join(page.wrong)


def look(page):
    page.wrong += faults.of(page, page.url)  # and goes on as on a phone


def test_the_first_run_from_the_code_to_the_work(looking, live_server):
    world.no_home()
    page, site = looking, live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{site}/desk")
    page.fill("#id_code", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wrong")
    look(page)
    page.fill("#id_code", setup_code.code(settings.HOME))
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_ja")
    look(page)
    for name, said in (("ja", "架空商事"), ("en", "Kaku"), ("desk_mail", "desk@kaku.example")):
        page.fill(f"#id_{name}", said)
    page.click("main button")
    page.wait_for_selector("#id_single_officer")
    look(page)
    page.fill("#id_name", "青木 航")
    page.fill("#id_email", "wataru@kaku.example")
    page.click("main button")
    page.wait_for_url(f"{site}/setup/policy")
    look(page)
    page.click("main .btn.primary")
    for name, said in (("name", "web"), ("service", "web"), ("url", "mariadb://chikai@db/web")):
        page.fill(f"#id_{name}", said)
    page.click("main form button.primary")
    page.wait_for_selector("pre.code")
    look(page)
    page.click("main form button.primary")
    page.wait_for_selector("progress")
    look(page)
    assert Job.objects.get().about == {"source": "web"}
    for path in ("/desk", "/desk/map", "/desk/people", "/en/desk"):
        page.goto(site + path)
        look(page)
    world.no_home()


def test_the_pages_of_an_example(looking, live_server):
    staff = world.begin(example=True)
    page, site = looking, live_server.url.replace("127.0.0.1", "localhost")
    page.goto(f"{site}/policy")
    look(page)
    page.goto(f"{site}/example/mails")
    look(page)
    page.goto(f"{site}/sign-in")
    look(page)
    page.fill("#id_email", staff.email)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=メールを確かめてください")
    look(page)
    page.goto(f"{site}/sign-in/link/{make_link(COMMAND, staff)}")
    look(page)
    page.goto(f"{site}/sign-in")
    page.click("text=高橋 桜")
    page.wait_for_url(f"{site}/desk")
    look(page)
