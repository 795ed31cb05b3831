"""Several requests of the inbox at once: each is given away or put off by an act of its own."""

from datetime import timedelta

import pytest

from chikai import clock
from chikai.web.actions import rights
from chikai.web.models import Request
from chikai.web.models.ledger import Events
from tests.web import portal_world as us
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db]
WHERE = "/desk/requests/several"


@pytest.fixture
def three():
    person = us.begin()
    for kind in ("disclose", "erase", "disclose_records"):
        rights.open_request(rights.PERSON, person=person, kind=kind, evidence="sign_in")
    return list(Request.objects.order_by("number"))


def text(response):
    return response.content.decode()


def chosen(rows, **more):
    return {"number": [row.number for row in rows], **more}


def test_those_that_are_chosen_are_given_to_a_colleague(three, as_role):
    officer = as_role("officer")
    colleague = world.member("desk")
    page = text(officer.get("/desk/requests"))
    assert f'value="{three[0].number}" form="several"' in page
    done = officer.post(WHERE, chosen(three[:2], do="assign", staff=colleague.pk), follow=True)
    assert "2件に行いました" in text(done)
    given = Request.objects.filter(assigned=colleague)
    assert [row.number for row in given.order_by("number")] == [r.number for r in three[:2]]
    assert len(Events("rights.assigned")) == 2


def test_those_that_cannot_be_put_off_keep_none_of_the_others_from_it(three, as_role):
    Request.objects.filter(pk=three[2].pk).update(
        due_on=clock.day_in_japan(clock.now()) + timedelta(days=90)
    )
    until = clock.open_day_from(max(r.due_on for r in three[:2]) + timedelta(days=7))
    said = {"do": "extend", "until": until.isoformat(), "reason": "倉庫の書類を探しています"}
    page = text(as_role("officer").post(WHERE, chosen(three, **said), follow=True))
    assert "2件に行いました" in page
    assert f"{three[2].number}：" in page
    assert Request.objects.filter(due_on=until).count() == 2
    assert len(Events("rights.extended")) == 2


def test_the_desk_puts_nothing_off_and_an_auditor_does_nothing(three, as_role):
    until = clock.open_day_from(three[0].due_on + timedelta(days=7))
    said = {"do": "extend", "until": until.isoformat(), "reason": "倉庫"}
    as_role("desk").post(WHERE, chosen(three, **said))
    assert not len(Events("rights.extended"))
    assert as_role("auditor").post(WHERE, chosen(three, **said)).status_code == 403
    assert 'form="several"' not in text(as_role("auditor").get("/desk/requests"))


def test_nothing_chosen_and_nothing_written_are_said(three, as_role):
    officer = as_role("officer")
    staff = world.Staff.objects.first().pk
    assert "先に、一覧で請求を選んでください" in text(
        officer.post(WHERE, {"do": "assign", "staff": staff}, follow=True)
    )
    assert "新しい日か理由がありません" in text(
        officer.post(WHERE, chosen(three, do="extend"), follow=True)
    )
