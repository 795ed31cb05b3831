"""The page of notices in a browser: a question with two equal answers, none chosen, by keyboard and without script."""

import shutil

import pytest
from django.conf import settings

from chikai.choices.registry import Unrelated
from chikai.policy import load
from chikai.web.actions import COMMAND, policy_announce
from chikai.web.actions.policy import publish_edition
from chikai.web.models import NoticeAnswer
from tests.browser import faults
from tests.browser.test_portal import opened
from tests.clause.test_8 import NEW, NEXT, RELATED
from tests.web import portal_world as us

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server):
    """A site whose second edition asks one question."""
    us.begin()
    for name in ("policy.toml", "ja.md", "en.md"):
        shutil.copy(NEXT / name, settings.HOME.path / "policy" / name)
    draft = load.read(settings.HOME.policy)
    uses = [Unrelated(use.service, NEW) for use in draft.document.purpose(NEW).uses]
    publish_edition(COMMAND, draft, unrelated=uses)
    policy_announce.announce(COMMAND, related=RELATED, mail=False)
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("tongue", ["", "/en"])
def test_a_question_has_no_fault(chromium, site, tongue):
    page = opened(chromium, site, bypass_csp=True)
    page.goto(f"{site}{tongue}/me/notices")
    found = faults.of(page, "notices")
    page.context.close()
    assert not found


@pytest.mark.parametrize("script", [True, False])
def test_no_answer_is_chosen_beforehand_and_one_press_sends_it(chromium, site, script):
    page = opened(chromium, site, java_script_enabled=script)
    page.goto(f"{site}/me/notices")
    assert page.locator("input[type=radio]").count() == 2
    assert page.locator("input[type=radio]:checked").count() == 0
    page.get_by_label("同意しない").check()
    page.get_by_role("button", name="この答えを送る").click()
    page.wait_for_selector("text=同意しませんでした")
    page.context.close()
    assert [row.agrees for row in NoticeAnswer.objects.all()] == [False]
