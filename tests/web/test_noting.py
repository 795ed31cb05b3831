"""What the desk notes of what happened outside of it: a person was told by phone, and a fee came."""

from datetime import timedelta

import pytest

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.web.actions import noting, rights
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Asked, Outbox, Request
from chikai.web.models.ledger import Events
from tests.web import portal_world as us
from tests.web.portal_world import DESK

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]


@pytest.fixture
def request_():
    """A caller without an address, whose answer no mail can carry."""
    person = us.begin()
    rights.open_request(
        DESK, person=person, kind="disclose", channel="phone", evidence="officer", note="お電話"
    )
    Outbox.objects.update(state="no_address")
    return Request.objects.get()


def today():
    return clock.day_in_japan(clock.now())


def text(response):
    return response.content.decode()


def test_whom_no_mail_reaches_is_told_and_it_is_noted_once(request_, as_role):
    notice, desk = Outbox.objects.get(), as_role("desk")
    where = f"/desk/requests/{request_.number}"
    assert "本人に伝えました" in text(desk.get(where))
    desk.post(f"{where}/notice/{notice.pk}", {"way": "phone", "on": today().isoformat()})
    page = text(desk.get(where))
    assert "お伝えしました" in page
    assert clock.written(today(), "ja") in page
    assert "本人に伝えました" not in page
    (facts,) = map(facts_of, Events("rights.told"))
    assert (facts["notice"], facts["way"], facts["on"]) == (
        "received",
        "phone",
        today().isoformat(),
    )
    with pytest.raises(WrongState):
        noting.note_told(DESK, notice, way="phone", on=today())


def test_a_notice_that_was_sent_and_a_wrong_day_or_way_are_not_noted(request_, as_role):
    notice = Outbox.objects.get()
    with pytest.raises(BadInput, match="way"):
        noting.note_told(DESK, notice, way="pigeon", on=today())
    for day in (today() - timedelta(days=1), today() + timedelta(days=1)):
        with pytest.raises(BadInput, match="day"):
            noting.note_told(DESK, notice, way="phone", on=day)
    Outbox.objects.update(state="sent")
    with pytest.raises(WrongState):
        noting.note_told(DESK, notice, way="phone", on=today())
    where = f"/desk/requests/{request_.number}/notice/{notice.pk}"
    assert as_role("auditor").post(where, {"way": "phone"}).status_code == 403
    assert not len(Events("rights.told"))


def test_a_fee_is_noted_at_the_desk_and_shown_to_the_person(request_, as_role, client):
    Asked.objects.create(request=request_, fee_yen=300)
    desk, where = as_role("desk"), f"/desk/requests/{request_.number}"
    assert "受け取りの記録なし" in text(desk.get(where))
    desk.post(f"{where}/fee", {"on": ""})
    assert Asked.objects.get().fee_paid_on is None
    desk.post(f"{where}/fee", {"on": today().isoformat()})
    assert "受け取った日" in text(desk.get(where))
    (facts,) = map(facts_of, Events("rights.fee_paid"))
    assert (facts["yen"], facts["on"]) == (300, today().isoformat())
    us.sign_in(client)
    assert "受け取った日" in text(client.get(f"/me/requests/{request_.number}"))
    with pytest.raises(WrongState):
        noting.note_fee(DESK, request_, on=today())


def test_no_fee_is_noted_where_none_is_taken(request_, as_role):
    assert "手数料を受け取りました" not in text(
        as_role("desk").get(f"/desk/requests/{request_.number}")
    )
    with pytest.raises(WrongState):
        noting.note_fee(DESK, request_, on=today())
