"""A mailbox that several people read: whoever sits there sees how a request stands, and nothing that was asked or answered."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chikai import clock
from chikai.web import notice_words
from chikai.web.actions import portal as actions
from chikai.web.actions import rights, rights_asked
from chikai.web.models import Asked, Message, Outbox, Request, Step
from chikai.web.portal import door
from chikai.web.work import notices
from tests.web import portal_world as us
from tests.web.asking import OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.own_state]

SAID = "番地は12-3です。"
ANSWERED = "お電話でうかがったとおりに直します。"
WRONG = "港区芝1-1"


@pytest.fixture(autouse=True)
def two(monkeypatch):
    """Two persons with one mailbox."""
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)
    us.begin()
    return us.two()


def reader() -> Client:
    """A browser of somebody who reads that mailbox, gone on as the first person."""
    client = Client()
    client.post("/me/sign-in", {"email": us.SHARED})
    client.post(re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1])
    client.post("/me/which", {"which": "1"})
    return client


def text(response):
    return response.content.decode()


def asked(kind="correct"):
    """The first person asked, and an officer found who they are."""
    fields = {"items": "address", "wrong": WRONG, "right": "港区芝2-2"} if kind == "correct" else {}
    answer = reader().post("/me/requests/new", {"kind": kind, **fields})
    assert answer.status_code == 302
    request = Request.objects.get()
    rights.identify_request(OFFICER, request, evidence="officer")
    rights_asked.write_message(rights.PERSON, request, SAID, person=request.person)
    rights_asked.write_message(us.DESK, request, ANSWERED)
    return Request.objects.get()


def test_another_reader_sees_how_it_stands_and_how_to_reach_the_desk_and_nothing_else():
    request, other = asked(), reader()
    Step.objects.create(
        request=request, ord=0, source="balus", service="balus", action="look", state="done",
        not_before=clock.now(),
    )  # fmt: skip
    pages = [text(other.get(p)) for p in (f"/me/requests/{request.number}", "/me/requests", "/me")]
    for shown in pages:
        assert request.number in shown
        for word in (SAID, ANSWERED, WRONG):
            assert word not in shown
    kinds = [re.search(r'class="req-h"><h.>([^<]+)<', pages[n])[1] for n in (0, 2)]
    kinds += [re.search(rf'requests/{request.number}">([^<]+)<', pages[1])[1]]
    assert set(kinds) == {"ご請求"}
    page = pages[0]
    assert "進みぐあいだけをお見せします" in page
    assert "mailto:" in page
    assert "Balus" not in page


def test_another_reader_writes_nothing_hands_nothing_in_and_takes_nothing_back():
    request, other = asked(), reader()
    where = f"/me/requests/{request.number}"
    other.post(f"{where}/write", {"text": "取り消してください。"})
    other.post(f"{where}/withdraw")
    assert Message.objects.filter(by="person").count() == 1
    assert Request.objects.get().state == request.state


def unidentified():
    """The first person asked for an erasure, and nobody has found yet who that was."""
    client = reader()
    client.post("/me/requests/new", {"kind": "erase"})
    return client, Request.objects.get()


def test_before_anybody_knows_who_asked_the_session_that_asked_takes_it_back():
    client, request = unidentified()
    where = f"/me/requests/{request.number}"
    assert request.state == "received"
    assert f"{where}/withdraw" in text(client.get(where))
    client.post(f"{where}/withdraw")
    assert Request.objects.get().state == "withdrawn"


def test_another_reader_does_nothing_with_it_before_anybody_knows_who_asked():
    _client, request = unidentified()
    other, where = reader(), f"/me/requests/{request.number}"
    shown = text(other.get(where))
    assert "/withdraw" not in shown
    assert "消去" not in shown
    assert "/withdraw" not in text(other.get("/me"))
    paper = SimpleUploadedFile("x.pdf", b"%PDF-1.4\nx")
    for path, said in (
        ("withdraw", {}),
        ("write", {"text": "取り消します。"}),
        ("paper", {"paper": paper}),
    ):
        assert "窓口へご連絡ください" in text(other.post(f"{where}/{path}", said, follow=True)), (
            path
        )
    kept = Request.objects.get()
    assert (kept.state, kept.messages.count(), kept.papers.count()) == ("received", 0, 0)
    assert not Asked.objects.exists(), "nor is the form of the answer another"


def test_that_a_request_was_taken_back_is_told_with_the_way_to_ask_again():
    client, request = unidentified()
    client.post(f"/me/requests/{request.number}/withdraw")
    sent = notices.message(Outbox.objects.get(kind="withdrawn"), us.SHARED)
    assert "取り下げられました" in sent.subject
    assert "お心当たりがなければ" in sent.body
    assert "消去" not in sent.subject + sent.body
    assert "もう一度請求する" in text(reader().get(f"/me/requests/{request.number}"))


def test_whoever_signs_in_through_the_service_sees_everything():
    request, client = asked(), Client()
    us.sign_in(client, "balus", "31")
    page = text(client.get(f"/me/requests/{request.number}"))
    assert SAID in page
    assert ANSWERED in page


def test_no_mail_to_it_says_what_was_asked():
    request = asked()
    for notice in Outbox.objects.filter(request=request):
        sent = notices.message(notice, us.SHARED)
        said = sent.subject + sent.body
        assert request.number in said
        assert "訂正" not in said
        assert "窓口でお確かめください" in said
    assert "訂正" in notice_words.letter(notice)[0]


def test_the_desk_is_told_that_messages_are_not_shown_there(as_role):
    request = asked()
    assert "メッセージはそこには出ません" in text(
        as_role("desk").get(f"/desk/requests/{request.number}")
    )


def test_the_desk_turns_to_paper_after_the_answer(as_role, two):
    """The mailbox became one of several after the answer, or a service proved a second reader: nothing opens there."""
    request = asked("disclose")
    Asked.objects.update(form="file")
    ends = clock.now() + timedelta(days=14)
    Step.objects.create(
        request=request, ord=1, source="package", action="package", state="done",
        file="package", not_before=clock.now(),
    )  # fmt: skip
    Request.objects.update(
        state="answered", package_digest="x", expires_at=ends, decided_at=clock.now()
    )
    desk, where = as_role("desk"), f"/desk/requests/{request.number}"
    assert "紙でのお渡しに変える" in text(desk.get(where))
    desk.post(f"{where}/on-paper")
    assert Step.objects.get(action="hand_over").state == "manual"
    page = text(desk.get(where))
    assert "お渡ししました" in page
    assert "紙でのお渡しに変える" not in page
    today = clock.day_in_japan(clock.now()).isoformat()
    desk.post(f"{where}/handed", {"way": "counter", "on": today})
    assert Step.objects.get(action="hand_over").state == "done"
    assert Request.objects.get().state == "answered"


def test_what_the_desk_enters_for_a_mailbox_of_several_goes_on_paper(two):
    rights.open_request(
        us.DESK, person=two[0], kind="disclose", channel="phone", evidence="officer",
        reply_to=us.SHARED,
    )  # fmt: skip
    assert Asked.objects.get().form == "paper"


def test_a_mailbox_of_one_is_none_of_several(two):
    hanako = actions.persons_of(actions.mailbox_of(us.HANAKO))
    assert len(hanako) == 1
    rights.open_request(
        us.DESK, person=hanako[0], kind="disclose", channel="phone", evidence="officer",
        reply_to=us.HANAKO,
    )  # fmt: skip
    assert not Asked.objects.filter(form="paper").exists()
