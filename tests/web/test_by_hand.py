"""A place that people look through has an owner, a due date, a proof and, where it is wanted, a second look."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from chikai import clock, home
from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.web import gathered, released
from chikai.web.actions import WORK, Actor, by_hand
from chikai.web.actions.ledger import facts_of
from chikai.web.console import by_hand as pages
from chikai.web.models import ByHand, Payload, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine, owners
from tests.web import asking
from tests.web.asking import DESK, OFFICER

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7 a proof about hanako"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def paper(urls):
    """The step of the manual place of a request that waits for it."""
    her = asking.settle(urls, manual=True)
    request = asking.ask(her)
    engine.drain()
    return Step.objects.get(request=request, source="paper")


def configured(more):
    file = settings.HOME.path / "chikai.toml"
    text = file.read_text("utf-8").replace(
        'instruction = "look"\n', f'instruction = "look"\n{more}\n'
    )
    file.write_text(text, "utf-8")
    settings.HOME = home.read(settings.HOME.path)


@pytest.fixture
def twice(paper, monkeypatch):
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)
    configured("second_look = true")
    return paper


def fresh(step):
    return Step.objects.get(pk=step.pk)


@pytest.mark.clause("6")
def test_another_person_in_a_note_is_found_and_blacked_out_before_it_is_handed_out(paper):
    note = "申込書1枚。担当は佐藤 健様。"
    by_hand.complete_manual(DESK, paper, note=note, rows=1)
    engine.drain()
    request = Request.objects.get()
    found = gathered.of_request(request)
    assert found.notes == (("balus", note),)
    assert "佐藤 健" in {word.text for word in found.words}
    asking.look_through(request, ("佐藤 健",))
    asking.approve(request)
    engine.drain()
    with zipfile.ZipFile(BytesIO(b"".join(released.open_package(Request.objects.get())))) as made:
        assert made.read("by-hand/paper.txt").decode() == "申込書1枚。担当は〔ほかの方の情報〕様。"


def test_whoever_looks_again_reads_what_was_noted(twice):
    by_hand.complete_manual(DESK, twice, note="申込書1枚", rows=2)
    (task,) = pages.waiting(clock.now())
    assert task.note == "申込書1枚"


def test_a_search_by_hand_is_done_at_once_and_its_proof_is_sealed(paper):
    event = by_hand.complete_manual(DESK, paper, note="申込書1枚", rows=1, proof=PDF)
    assert event.kind == "rights.gathered"
    assert event.facts["digest"].startswith("sha256:")
    assert fresh(paper).state == "done"
    assert by_hand.read_proof(paper) == ("application/pdf", PDF)
    row = ByHand.objects.get()
    assert b"hanako" not in bytes(row.proof)
    held = b"".join(bytes(p.sealed) for p in Payload.objects.all() if p.sealed)
    assert b"hanako" not in held
    engine.drain()
    request = Request.objects.get()
    asking.approve(request)
    engine.drain()
    with zipfile.ZipFile(BytesIO(b"".join(released.open_package(Request.objects.get())))) as made:
        assert made.read("by-hand/paper.txt").decode() == "申込書1枚"
        assert not [name for name in made.namelist() if "proof" in name]


@pytest.mark.parametrize("data", [b"MZ\x90", b"<html>%PDF-", b"%PDF-" + b"x" * (5 * 2**20)])
def test_a_proof_that_is_no_document_or_too_large_is_refused(paper, data):
    with pytest.raises(BadInput):
        by_hand.complete_manual(DESK, paper, note="x", proof=data)
    assert not ByHand.objects.exists()
    assert fresh(paper).state == "manual"


def test_a_second_look_is_taken_by_another_person(twice):
    event = by_hand.complete_manual(DESK, twice, note="x", rows=2)
    assert event.kind == "rights.searched"
    assert fresh(twice).state == "manual"
    status = Request.objects.get().status()
    assert (status.done, status.of) == (4, 5)
    with pytest.raises(NotAllowed):
        by_hand.confirm_manual(DESK, twice)
    with pytest.raises(WrongState):
        by_hand.complete_manual(OFFICER, twice, note="y")
    assert by_hand.confirm_manual(OFFICER, twice).kind == "rights.gathered"
    done = fresh(twice)
    assert (done.state, done.rows, done.done_by) == ("done", 2, "staff:1")
    with pytest.raises(WrongState):
        by_hand.confirm_manual(OFFICER, twice)


def test_a_second_look_that_finds_something_amiss_sends_it_back(twice):
    by_hand.complete_manual(DESK, twice, note="x", rows=2, proof=PDF)
    assert by_hand.send_manual_back(OFFICER, twice).kind == "rights.searched_anew"
    assert not ByHand.objects.exists()
    by_hand.complete_manual(DESK, twice, note="y", rows=3)
    by_hand.confirm_manual(OFFICER, twice)
    assert fresh(twice).rows == 3


def test_what_was_approved_is_carried_out_by_hand_too(twice):
    Request.objects.update(state="acting", kind="erase")
    assert [t.step.source for t in pages.waiting(clock.now())] == ["paper"]
    by_hand.complete_manual(DESK, twice, note="シュレッダーにかけた", rows=1, proof=PDF)
    assert fresh(twice).state == "manual"
    assert by_hand.confirm_manual(OFFICER, twice).kind == "rights.done_by_hand"
    assert fresh(twice).state == "done"


def test_one_officer_alone_looks_again_a_day_later(twice):
    settings.HOME = home.read(settings.HOME.path)
    alone = Actor("staff:1", frozenset({"officer"}))
    object.__setattr__(settings.HOME, "single_officer", True)
    by_hand.complete_manual(alone, twice, note="x")
    with pytest.raises(NotAllowed):
        by_hand.confirm_manual(alone, twice)
    ByHand.objects.update(searched_at=clock.now() - timedelta(hours=25))
    by_hand.confirm_manual(alone, twice)
    assert fresh(twice).state == "done"


def test_a_task_is_due_by_its_days_and_never_after_the_request(paper, monkeypatch):
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)
    [task] = pages.waiting(clock.now())
    today = clock.day_in_japan(clock.now())
    assert (task.due_on, task.over) == (today + timedelta(days=7), 0)
    configured("days = 90")
    [task] = pages.waiting(clock.now())
    assert task.due_on == paper.request.due_on
    [late] = pages.waiting(clock.now() + timedelta(days=100))
    assert late.over == 100 - (paper.request.due_on - today).days


def test_the_pages_show_the_task_its_due_date_and_the_proof(twice, as_role):
    desk, officer = as_role("desk"), as_role("officer")
    number = twice.request.number
    Step.objects.filter(pk=twice.pk).update(not_before=clock.now() - timedelta(days=20))
    listed = desk.get("/desk/by-hand", follow=True).content.decode()
    assert number in listed
    assert "日遅れ" in listed or "13" in listed
    shown = desk.get(f"/desk/requests/{number}", follow=True).content.decode()
    assert 'type="file"' in shown
    place = f"/desk/requests/{number}/place/{twice.ord}"
    file = SimpleUploadedFile("x.pdf", PDF, content_type="text/html")
    desk.post(place, {"rows": "1", "note": "x", "proof": file})
    assert ByHand.objects.get().media == "application/pdf"
    got = officer.get(f"{place}/proof")
    assert got.content == PDF
    assert got["Content-Type"] == "application/pdf"
    assert "attachment" in got["Content-Disposition"]
    assert desk.post(f"{place}/second/right").status_code == 302
    assert fresh(twice).state == "manual"
    officer.post(f"{place}/second/right")
    assert fresh(twice).state == "done"
    assert as_role("engineer").get(f"{place}/proof").status_code in (302, 403)


def told():
    """The mails about work by hand, as who gets them and what they say."""
    return [
        (m.to[0], m.body) for m in mail.outbox if "手作業" in m.subject or "by hand" in m.subject
    ]


def owned_by(owner):
    file = settings.HOME.path / "chikai.toml"
    file.write_text(file.read_text("utf-8").replace('"desk"', f'"{owner}"'), "utf-8")
    settings.HOME = home.read(settings.HOME.path)


@pytest.mark.parametrize(
    ("owner", "address"),
    [
        ("archive@levii.example", "archive@levii.example"),
        ("高橋 桜", "sakura@levii.example"),
        ("officer", "sakura@levii.example"),
        ("だれか", "sakura@levii.example"),
    ],
)
def test_who_looks_after_a_place_is_written_to_once_and_reads_no_word_of_anybody(
    urls, monkeypatch, owner, address
):
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)
    her = asking.settle(urls, manual=True)
    owned_by(owner)
    request = asking.ask(her, note="山田 花子のことです")
    for _ in range(3):
        engine.drain()
    [(to, said)] = told()
    assert to == address
    for word in (request.number, "開示", "paper", "look", "まで"):
        assert word in said
    assert "花子" not in said
    assert asking.MAIL not in said
    [event] = Events("rights.asked_by_hand")
    assert "花子" not in str(facts_of(event))


def test_what_is_sent_back_is_asked_for_anew(paper):
    assert len(told()) == 1
    by_hand.send_back(
        WORK, paper, hold=lambda *_: {paper.request_id: paper.request}, what="x", do="y"
    )
    engine.drain()
    assert len(told()) == 2


def test_the_mail_is_written_in_the_language_of_its_reader(paper):
    subject, said = owners.letter([fresh(paper)], "en")
    assert "by hand" in subject
    assert "Please do it" in said
