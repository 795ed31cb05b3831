"""7: opinions, questions and complaints reach the desk, and are answered."""

import json
import re
import smtplib
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client, override_settings

from chikai import clock
from chikai.errors import NotAllowed
from chikai.inquiry import desk
from chikai.web import gate_token, mail
from chikai.web.actions import inquiry as actions
from chikai.web.actions import of_staff
from chikai.web.models import Entry, Inquiry, Job, Payload, Pending, Staff
from chikai.web.models.inquiry import InquiryAnswer
from chikai.web.models.ledger import counted
from chikai.web.work import engine
from tests.web import world

pytestmark = [pytest.mark.own_state, pytest.mark.django_db, pytest.mark.clause("7")]
TEXT = "しるしのある相談です。カードの請求について教えてください。"
MAIL = "marker-mail@minato.example"
FORM = {"kind": "complaint", "text": TEXT, "mail": MAIL, "website": ""}


@pytest.fixture(autouse=True)
def real_backend():
    """Django's tests keep mails in memory; here they go where they go outside of tests."""
    with override_settings(EMAIL_BACKEND="chikai.web.mail.Backend"):
        yield


@pytest.fixture
def officer():
    officer = world.begin()
    world.publish()
    return officer


def opened():
    return Inquiry.objects.get()


def signed_in(officer):
    client = Client()
    client.force_login(officer)
    return client


def test_the_form_opens_an_inquiry_with_a_number_and_a_day(officer):
    page = Client().post("/contact", FORM)
    row = opened()
    year = clock.day_in_japan(clock.now()).year
    assert row.number == f"Q-{year}-0001"
    assert row.number in page.content.decode()
    assert row.due_on == desk.due(clock.day_in_japan(row.opened_at), "complaint")
    assert {r.kind: r.count for r in counted()}["inquiry.opened"] == 1


def test_two_presses_of_one_form_are_one_inquiry(officer):
    page = Client().get("/contact").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    first, second = (Client().post("/contact", {**FORM, "once": once}) for _ in range(2))
    assert opened().number in first.content.decode()
    assert opened().number in second.content.decode()
    other = Client().post("/contact", {**FORM, "once": "another"})
    assert other.status_code == 200
    assert Inquiry.objects.count() == 2


def test_a_form_that_cannot_be_read_is_said_with_its_status(officer):
    assert Client().post("/contact", {**FORM, "mail": "nowhere"}).status_code == 422
    assert Client().post("/me/sign-in", {"email": "nowhere"}).status_code == 422


def test_what_was_written_stands_nowhere_in_the_clear(officer):
    Client().post("/contact", FORM)
    actions.answer(of_staff(officer), opened().number, "お答えのしるしです。")
    rows = (Inquiry, InquiryAnswer, Job, Pending, Payload, Entry)
    stored = b"".join(
        bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
        for model in rows
        for row in model.objects.values_list()
        for value in row
    ).decode("utf-8", "replace")
    for secret in (TEXT, MAIL, "しるし"):
        assert secret not in stored


def test_an_officer_answers_by_mail_and_no_header_but_the_address_is_personal(officer):
    Client().post("/contact", FORM)
    number = opened().number
    client = signed_in(officer)
    assert TEXT in client.get(f"/desk/inquiries/{number}").content.decode()
    client.post(f"/desk/inquiries/{number}", {"text": "お調べしました。"})
    engine.drain()
    [sent] = mail.kept()
    assert sent.to == MAIL
    assert "お調べしました。" in sent.body
    assert number in sent.subject
    assert TEXT not in sent.body
    assert opened().answered_at is not None
    row = InquiryAnswer.objects.get()
    assert row.sent_at is not None
    [file] = mail.folder().glob("*.eml")
    head = file.read_bytes().partition(b"\n\n")[0].decode()
    assert row.message_id in head.replace("\n ", "")
    assert head.count(MAIL) == 1
    kinds = {r.kind: r.count for r in counted()}
    assert kinds["inquiry.answered"] == kinds["inquiry.sent"] == 1


def test_an_answer_is_sent_once_however_often_the_worker_is_asked(officer):
    Client().post("/contact", FORM)
    actions.answer(of_staff(officer), opened().number, "一度だけ。")
    engine.drain()
    job = Job.objects.get(verb="send_answer")
    Job.objects.filter(pk=job.pk).update(state="todo", fence=0)
    engine.drain()
    assert len(mail.kept()) == 1


def test_two_presses_of_one_answer_are_one_mail(officer):
    Client().post("/contact", FORM)
    client, where = signed_in(officer), f"/desk/inquiries/{opened().number}"
    client.post(where, {"text": "一通だけ。"})
    assert "already" in client.post(where, {"text": "一通だけ。"}).content.decode()
    engine.drain()
    assert len(mail.kept()) == 1


def test_an_answer_waits_for_a_mail_server_that_is_away_and_is_sent_once(officer, monkeypatch):
    Client().post("/contact", FORM)
    actions.answer(of_staff(officer), opened().number, "あとで届きます。")

    def refuse(self):
        raise smtplib.SMTPServerDisconnected(MAIL)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuse)
        engine.drain()
        engine.drain()
    assert Job.objects.get(verb="send_answer").state == "failed"
    assert MAIL not in str(Job.objects.get(verb="send_answer").result)
    engine.drain()
    assert not mail.kept(), "it is not tried again at once"
    Job.objects.update(ended_at=clock.now() - timedelta(minutes=2))
    engine.drain()
    engine.drain()
    assert [m.to for m in mail.kept()] == [MAIL]
    assert InquiryAnswer.objects.get().sent_at is not None


def test_the_clock_counts_working_days_and_the_list_names_the_late(officer, monkeypatch):
    Client().post("/contact", FORM)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=9))
    page = signed_in(officer).get("/desk/inquiries").content.decode()
    assert "期限を過ぎています" in page
    event = actions.answer(of_staff(officer), opened().number, "遅れました。")
    assert (event.facts["first"], event.facts["late"]) == (True, True)


def test_a_programme_that_fills_in_everything_opens_nothing_and_a_person_is_told(officer):
    page = Client().post("/contact", {**FORM, "website": "https://spam.example"})
    assert not Inquiry.objects.exists()
    assert "空にして" in page.content.decode()
    assert TEXT in page.content.decode(), "nothing that was written is lost"


def test_a_forged_form_is_refused(officer):
    page = Client(enforce_csrf_checks=True).post("/contact", FORM)
    assert page.status_code == 403
    assert not Inquiry.objects.exists()


def test_no_more_than_ten_come_from_one_place_in_a_quarter_of_an_hour(officer):
    answers = [Client().post("/contact", FORM).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert Inquiry.objects.count() == 10
    assert len({row.number for row in Inquiry.objects.all()}) == 10


@pytest.mark.parametrize("missing", ["kind", "text", "mail"])
def test_what_is_missing_is_said_beside_its_field(officer, missing):
    page = Client().post("/contact", {**FORM, missing: ""})
    assert page.status_code == 422
    assert "もう一度" in page.content.decode()
    assert not Inquiry.objects.exists()


def asked(body, **headers):
    return Client().post(
        "/api/v1/inquiries", body, content_type="application/json", headers=headers
    )


def test_a_services_own_form_hands_over_once_with_its_token(officer):
    token = gate_token.make(settings.HOME, "website").read_text("utf-8").strip()
    body = json.dumps({"service": "website", "kind": "question", "email": MAIL, "body": TEXT})
    head = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    first, again = asked(body, **head), asked(body, **head)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert Inquiry.objects.count() == 1
    assert actions.opened(opened()).text == TEXT


def test_without_the_token_nothing_is_taken(officer):
    gate_token.make(settings.HOME, "website")
    body = json.dumps({"service": "website", "kind": "question", "email": MAIL, "body": TEXT})
    for head in ({}, {"Authorization": "Bearer wrong"}):
        answer = asked(body, **head)
        assert answer.status_code == 401
        assert TEXT not in answer.content.decode()
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", '{"service": 1}', '{"service": "../../x"}', "{"])
def test_a_body_that_is_none_is_answered_and_not_repeated(officer, body):
    assert asked(body).status_code in (401, 422)


def test_only_the_desk_and_officers_answer(officer):
    Client().post("/contact", FORM)
    number = opened().number
    for role in ("engineer", "auditor"):
        with pytest.raises(NotAllowed):
            actions.answer(of_staff(world.member(role)), number, "x")
        client = signed_in(Staff.objects.get(email=f"{role}@levii.example"))
        assert client.get(f"/desk/inquiries/{number}").status_code == 403
