"""A request is taken back by a press of the person, or by a call or a letter that the desk writes down."""

import pytest
from django.core import mail
from django.urls import reverse

from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.web.actions import PERSON, Actor, taking_back
from chikai.web.models import Request, TakenBack
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


def state(request):
    return Request.objects.get(pk=request.pk).state


def test_the_desk_writes_down_that_the_person_took_it_back_by_phone(urls, as_role):
    request = asking.ask(asking.settle(urls))
    engine.drain()
    mail.outbox.clear()
    desk, where = as_role("desk"), reverse("desk-request", args=[request.number])
    assert "本人が取り下げた" in desk.get(where).content.decode()
    desk.post(f"{where}/withdraw", {"way": "phone", "checked": "1"})
    assert state(request) == "withdrawn"
    row = TakenBack.objects.get()
    assert (row.way, row.evidence, row.through) == ("phone", "officer", None)
    assert row.by.startswith("staff:")
    page = desk.get(where).content.decode()
    for said in ("電話で", "担当者が確かめました", "取り下げ"):
        assert said in page, said
    assert "本人が取り下げた" not in page
    engine.drain()
    assert [m.to for m in mail.outbox] == [[asking.MAIL]]
    assert len(Events("rights.withdrawn")) == 1


def test_the_ledger_keeps_how_it_was_heard_and_that_the_identity_was_checked(urls):
    request = asking.ask(asking.settle(urls))
    event = taking_back.record_withdrawal(DESK, request, way="post", checked=True)
    assert event.subject == request.person_id
    assert event.facts == {"number": request.number, "way": "post", "evidence": "officer"}


@pytest.mark.parametrize("said", [{"way": "phone"}, {"way": "portal", "checked": "1"}, {}])
def test_nothing_is_taken_back_by_somebody_whom_nobody_checked(urls, as_role, said):
    request = asking.ask(asking.settle(urls))
    as_role("desk").post(f"/desk/requests/{request.number}/withdraw", said)
    assert state(request) == "received" or state(request) == "identified"
    assert not TakenBack.objects.exists()


def test_what_was_decided_is_not_taken_back_at_the_desk(urls):
    request = asking.ask(asking.settle(urls))
    Request.objects.filter(pk=request.pk).update(state="acting")
    with pytest.raises(WrongState):
        taking_back.record_withdrawal(DESK, request, way="post", checked=True)
    with pytest.raises(BadInput):
        taking_back.record_withdrawal(DESK, request, way="post", checked=False)


def test_only_who_may_work_at_the_desk_writes_it_down(urls):
    request = asking.ask(asking.settle(urls))
    for by in (PERSON, Actor("staff:9", frozenset({"auditor"}))):
        with pytest.raises(NotAllowed):
            taking_back.record_withdrawal(by, request, way="post", checked=True)
