"""Two who were taken for one are told, once they are parted, what was done meanwhile, and by whom it was asked."""

import pytest
from django.core import mail
from django.urls import reverse

from chikai.web.actions import parting, rights_asked
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK, OFFICER
from tests.web.test_parted import fresh
from tests.web.test_parted_asked import part, signed_in, two

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
__all__ = ["two"]


def test_a_message_on_a_request_that_no_page_shows_is_mailed_when_it_is_known_whose_it_is(two):
    request = asking.ask(two.her, through=None)
    engine.drain()
    part()
    mail.outbox.clear()
    rights_asked.write_message(DESK, fresh(request), "どちらの方のご請求でしょうか。")
    engine.drain()
    assert mail.outbox == []
    parting.say_who_asked(OFFICER, fresh(request), two.other.pk)
    engine.drain()
    assert [m.to for m in mail.outbox] == [[asking.MAIL]]
    page = signed_in(two.key).get(reverse("me-request", args=[request.number]))
    assert "どちらの方のご請求でしょうか。" in page.content.decode()
