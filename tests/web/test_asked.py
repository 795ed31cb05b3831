"""What was asked, who asks for whom, messages, documents and extensions: kept sealed, told once, erased in time."""

from datetime import timedelta

import pytest

from chikai import clock
from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.web.actions import COMMAND, PERSON, refusing
from chikai.web.actions import rights as actions
from chikai.web.actions import rights_asked as care
from chikai.web.models import (
    Asked,
    Installation,
    Message,
    Outbox,
    Paper,
    Payload,
    Person,
    ProposedRefusal,
    Request,
    Staff,
)
from chikai.web.models.ledger import Entry, Pending, SubjectKey
from chikai.web.models.rights_asked import unanswered
from chikai.web.portal import requests as pages
from chikai.web.work import engine
from tests.web import asking, world
from tests.web.asking import DESK, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n" + "代理権のしるし".encode()
SECRET = "むかしの住所は青葉台1-2-3"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def kinds():
    appended = Entry.objects.values_list("kind", flat=True)
    return [*appended, *Pending.objects.values_list("kind", flat=True)]


def fresh(request):
    return Request.objects.get(pk=request.pk)


def test_what_was_asked_is_sealed_and_read_again(her):
    wanted = {"items": "address", "wrong": SECRET, "right": "緑が丘4-5-6"}
    request = asking.ask(her, kind="correct", asked=wanted)
    row = Asked.objects.get(request=request)
    assert SECRET.encode() not in bytes(row.sealed)
    assert actions.read_asked(request) == wanted


def test_a_request_that_says_too_little_leaves_nothing_behind(her):
    with pytest.raises(BadInput, match="what should stand there"):
        asking.ask(her, kind="correct", asked={"items": "address", "wrong": SECRET})
    assert not Request.objects.exists()


def test_a_reason_is_kept_as_its_name(her):
    request = asking.ask(her, kind="erase", asked={"reason": "not_needed"})
    assert Asked.objects.get(request=request).reason == "not_needed"
    with pytest.raises(BadInput, match="does not fit"):
        asking.ask(her, kind="suspend", asked={"reason": "incident"})


def test_an_agent_waits_for_the_look_at_the_paper(her):
    request = asking.ask(her, agency="mandated", agent="見本 次郎（弟）")
    assert fresh(request).state == "received"
    with pytest.raises(WrongState, match="nobody has looked"):
        actions.identify_request(DESK, request)
    care.hand_in_paper(PERSON, request, PDF, person=her)
    care.judge_paper(DESK, request, right=False, why="署名がありません。")
    with pytest.raises(WrongState, match="nobody has looked"):
        actions.identify_request(DESK, request)
    care.judge_paper(DESK, request, right=True)
    actions.identify_request(DESK, request)
    assert fresh(request).state == "identified"


def test_a_paper_is_sealed_and_erased_when_the_request_is_decided(her):
    request = asking.ask(her, agency="statutory")
    care.hand_in_paper(PERSON, request, PDF, person=her)
    paper = Paper.objects.get()
    assert PDF not in bytes(paper.sealed)
    assert care.read_paper(paper) == PDF
    refusing.refuse_request(
        OFFICER, fresh(request), ground="not_identified", text="書類が読めません"
    )
    engine.drain()
    paper.refresh_from_db()
    assert paper.sealed is None
    assert paper.erased_at is not None
    assert SubjectKey.objects.get(subject=paper.pk).state == "destroyed"
    with pytest.raises(WrongState, match="was erased"):
        care.read_paper(paper)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 a zip", b"<html>", b"%PDF-" + b"x" * (5 * 2**20)]
)
def test_a_file_that_is_not_what_it_says_is_refused(her, data):
    request = asking.ask(her)
    with pytest.raises(BadInput):
        care.hand_in_paper(PERSON, request, data, person=her)
    assert not Paper.objects.exists()


def test_nobody_hands_in_or_writes_for_somebody_else(her):
    request = asking.ask(her)
    other = Person.objects.create(id=her.pk.__class__(int=7), since=clock.now())
    for verb, what in ((care.hand_in_paper, PDF), (care.write_message, "x")):
        with pytest.raises(BadInput, match="not a request of yours"):
            verb(PERSON, request, what, person=other)


def test_a_thread_is_sealed_and_in_order_and_the_desk_is_told_once(her):
    request = asking.ask(her)
    care.write_message(PERSON, request, SECRET, person=her)
    care.write_message(DESK, request, "ありがとうございます")
    said = [(row.by, text) for row, text in care.read_messages(request)]
    assert said == [("person", SECRET), ("staff:3", "ありがとうございます")]
    assert all(SECRET.encode() not in bytes(m.sealed) for m in Message.objects.all())
    assert Outbox.objects.filter(request=request, kind="message").count() == 1
    with pytest.raises(BadInput, match="between 1 and 4000"):
        care.write_message(DESK, request, "  ")


def test_a_question_waits_for_its_answer_and_the_answer_lets_it_go_on(her):
    request = asking.ask(her)
    engine.drain()
    with pytest.raises(BadInput, match="between 1 and 4000"):
        care.ask_back(DESK, request, " ")
    assert fresh(request).state == "review"
    care.ask_back(DESK, request, "いつのご登録ですか")
    assert fresh(request).state == "waiting_for_person"
    assert Outbox.objects.filter(request=request, kind="asked_back").count() == 1
    assert not unanswered().exists()
    track = pages.track(fresh(request), clock.now())
    assert [s.name for s in track.stages if s.standing == "now"] == ["gathering"]
    events = care.write_message(PERSON, request, "去年の春です", person=her)
    assert [e.kind for e in events] == ["rights.message_written", "rights.resumed"]
    assert fresh(request).state == "review"
    assert list(unanswered()) == [request]
    care.write_message(DESK, request, "ありがとうございます")
    assert not unanswered().exists()


def test_an_extension_is_told_with_its_reason_and_stops_at_two(her):
    request = asking.ask(her)
    for n in (1, 2):
        until = clock.open_day_from(fresh(request).due_on + timedelta(days=7))
        care.extend_request(OFFICER, request, until=until, reason="倉庫の書類を探しています")
        assert fresh(request).due_on == until
        assert Outbox.objects.filter(request=request, kind="extended").count() == n
    assert care.read_why(request) == "倉庫の書類を探しています"
    with pytest.raises(WrongState, match="put off 2 times"):
        care.extend_request(OFFICER, request, until=until + timedelta(days=1), reason="x")
    with pytest.raises(NotAllowed):
        care.extend_request(DESK, request, until=until, reason="x")


def test_no_word_of_it_reaches_the_ledger(her):
    request = asking.ask(
        her, kind="correct", asked={"items": "address", "wrong": SECRET, "right": "x"}
    )
    care.write_message(PERSON, request, SECRET, person=her)
    care.extend_request(
        COMMAND,
        request,
        until=clock.open_day_from(fresh(request).due_on + timedelta(days=1)),
        reason=SECRET,
    )
    engine.drain()
    assert Payload.objects.exists()
    assert all(SECRET.encode() not in bytes(p.sealed) for p in Payload.objects.all())


def test_officers_are_told_once_by_mail_mark_and_event_that_a_request_is_near_its_end(
    her, client, mailoutbox
):
    request = asking.ask(her)
    engine.drain()
    assert "rights.hurried" not in kinds()
    rows = Request.objects.filter(pk=request.pk)
    rows.update(hurry_on=clock.day_in_japan(clock.now()))
    engine.drain()
    engine.drain()
    told = [m for m in mailoutbox if request.number in m.body and "期限" in m.subject]
    assert [m.to for m in told] == [["sakura@levii.example"]]
    assert kinds().count("rights.hurried") == 1
    world.sign_in(client, Staff.objects.get())
    assert "期限が近い" in client.get("/desk/requests").content.decode()
    until = clock.open_day_from(fresh(request).due_on + timedelta(days=7))
    care.extend_request(OFFICER, request, until=until, reason="倉庫の書類を探しています")
    assert fresh(request).hurry_on is not None
    assert "期限が近い" not in client.get("/desk/requests").content.decode()


def test_the_desk_is_written_to_once_when_a_person_writes_and_again_after_its_answer(
    her, mailoutbox
):
    request = asking.ask(her)
    engine.drain()
    mailoutbox.clear()

    def told():
        engine.drain()
        mails = [m for m in mailoutbox if "本人からメッセージ" in m.subject]
        assert all(request.number in m.body and SECRET not in m.body for m in mails)
        return [m.to for m in mails]

    for _ in range(3):
        care.write_message(PERSON, request, SECRET, person=her)
    assert told() == [["sakura@levii.example"]]
    care.write_message(DESK, request, "お待ちください。")
    assert len(told()) == 1
    world.member("auditor")
    other = world.member("desk")
    Request.objects.filter(pk=request.pk).update(assigned=other)
    care.write_message(PERSON, request, SECRET, person=her)
    assert told()[1:] == [[other.email]]


def test_who_was_told_of_nothing_is_told_of_nothing_that_was_answered(her):
    request = asking.ask(her)
    refusing.refuse_request(OFFICER, fresh(request), ground="not_identified", text="x")
    Request.objects.update(hurry_on=clock.day_in_japan(clock.now()))
    engine.drain()
    assert "rights.hurried" not in kinds()


def test_where_two_officers_decide_two_refuse(her):
    request = asking.ask(her, kind="erase")
    said = {"ground": "instead_wider", "text": "止めるかわりに、だれも見られないようにしました"}
    refusing.refuse_request(OFFICER, request, **said)
    assert fresh(request).state != "refused"
    assert said["text"].encode() not in bytes(ProposedRefusal.objects.get().text)
    with pytest.raises(WrongState, match="you have proposed"):
        refusing.refuse_request(OFFICER, request, **said)
    refusing.refuse_request(SECOND, request, **said | {"text": "別の説明"})
    assert fresh(request).state != "refused"  # other words are another proposal
    refusing.refuse_request(OFFICER, request, **said | {"text": "別の説明"})
    request = fresh(request)
    assert (request.state, actions.read_note(request, "text")) == ("refused", "別の説明")
    assert not ProposedRefusal.objects.exists()
    assert kinds().count("rights.refusal_proposed") == 2


def test_who_works_alone_confirms_a_refusal_after_a_night(her):
    Installation.objects.update(single_officer=True)
    request = asking.ask(her, kind="erase")
    said = {"ground": "outside_procedure", "text": "受付の方法が違います"}
    refusing.refuse_request(OFFICER, request, **said)
    with pytest.raises(WrongState, match="24 hours"):
        refusing.refuse_request(OFFICER, request, **said)
    ProposedRefusal.objects.update(at=clock.now() - timedelta(hours=25))
    refusing.refuse_request(OFFICER, request, **said)
    assert fresh(request).state == "refused"


def test_the_second_officer_sees_the_proposal_and_confirms_it_on_the_page(her, client):
    request = asking.ask(her, kind="erase")
    refusing.refuse_request(SECOND, request, ground="no_reason", text="調べました")
    world.sign_in(client, Staff.objects.get())
    path = f"/desk/requests/{request.number}"
    page = client.get(path).content.decode()
    assert "二人目の担当者を待っています" in page
    assert "個人情報保護法35条2項" in page
    assert "窓口：" in client.get(f"{path}/refuse").content.decode()
    client.post(f"{path}/refuse", {"ground": "no_reason", "text": "調べました", "sure": "1"})
    assert fresh(request).state == "refused"


def test_no_day_of_a_suit_is_shown_for_the_notice_of_a_purpose(her, client):
    world.sign_in(client, Staff.objects.get())
    shown = {}
    for kind in ("notify_purpose", "disclose"):
        number = asking.ask(her, kind=kind).number
        shown[kind] = "訴え" in client.get(f"/desk/requests/{number}/extend").content.decode()
    assert shown == {"notify_purpose": False, "disclose": True}
