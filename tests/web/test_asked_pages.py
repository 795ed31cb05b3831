"""The pages of every kind of request: at most three fields, a thread, documents, an agent at the desk, a later day."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chikai.rights import asking
from chikai.rights.request import KINDS
from chikai.web.actions import rights as actions
from chikai.web.actions import rights_asked as care
from chikai.web.models import Asked, Paper, Request
from tests.web import portal_world as us

pytestmark = [pytest.mark.django_db]
PDF = b"%PDF-1.7 a mandate"
NEW = "/me/requests/new"


@pytest.fixture
def hanako(client):
    person = us.begin()
    us.sign_in(client)
    return person


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tongue", ["", "/en"])
def test_every_kind_has_a_form_with_few_fields(client, hanako, kind, tongue):
    page = text(client.get(f"{tongue}{NEW}?kind={kind}"))
    names = set(re.findall(r'name="(\w+)"', page)) - {"kind", "csrfmiddlewaretoken", "viewport"}
    assert names - {"htmx"} == set(asking.asking(kind).fields)


def test_a_kind_that_the_policy_does_not_know_has_no_page(client, hanako):
    assert client.get(f"{NEW}?kind=everything").status_code == 404


def test_a_correction_is_asked_in_the_persons_own_words(client, hanako):
    wish = {"kind": "correct", "items": "address", "wrong": "旧住所", "right": "新住所"}
    client.post(NEW, wish)
    request = Request.objects.get(kind="correct")
    assert actions.read_asked(request) == {k: v for k, v in wish.items() if k != "kind"}


def test_a_form_that_lacks_a_field_keeps_what_was_written(client, hanako):
    answer = client.post(NEW, {"kind": "correct", "items": "address", "wrong": "旧住所"})
    assert answer.status_code == 400
    assert "旧住所" in text(answer)
    assert not Request.objects.exists()


def test_a_stop_names_no_reason_unless_the_person_wants_to(client, hanako):
    client.post(NEW, {"kind": "erase"})
    assert not Asked.objects.filter(request__kind="erase").exclude(reason="").exists()
    page = text(client.get(f"{NEW}?kind=suspend"))
    assert "漏えい" not in page  # no incident concerned this person
    assert "/me/settings" in page


def test_a_thread_runs_both_ways(client, hanako, as_role):
    client.post(NEW, {"kind": "disclose"})
    request = Request.objects.get()
    client.post(f"/me/requests/{request.number}/write", {"text": "いつ届きますか"})
    desk = as_role("desk")
    assert "いつ届きますか" in text(desk.get(f"/desk/requests/{request.number}"))
    desk.post(f"/desk/requests/{request.number}/write", {"text": "明日の予定です"})
    assert "明日の予定です" in text(client.get(f"/me/requests/{request.number}"))
    client.post(f"/me/requests/{request.number}/write", {"text": "x" * 4001})
    assert len(care.read_messages(request)) == 2


def test_an_upload_that_is_not_what_it_says_is_told_and_not_kept(client, hanako):
    client.post(NEW, {"kind": "disclose"})
    number = Request.objects.get().number
    fake = SimpleUploadedFile("mandate.pdf", b"MZ\x90 not a pdf", "application/pdf")
    page = text(client.post(f"/me/requests/{number}/paper", {"paper": fake}, follow=True))
    assert "PDF・PNG・JPEG のどれでもありません" in page
    assert not Paper.objects.exists()
    client.post(f"/me/requests/{number}/paper", {"paper": SimpleUploadedFile("a", PDF)})
    assert Paper.objects.get().media == "application/pdf"


def test_another_persons_request_is_as_if_it_were_not_there(client, hanako):
    request = us.rights.open_request(us.PERSON, person=us.two()[0], kind="disclose")
    number = request[0].facts["number"]
    for verb in ("write", "paper"):
        assert client.post(f"/me/requests/{number}/{verb}", {"text": "x"}).status_code == 404


def test_the_desk_registers_an_agent_and_looks_at_the_paper(client, hanako, as_role):
    desk = as_role("desk")
    said = {"person": str(hanako.pk), "kind": "disclose", "channel": "post", "agency": "mandated"}
    said |= {"form": "paper"}
    desk.post("/desk/requests/new", {**said, "agent": "見本 次郎", "identified": "on"})
    request = Request.objects.get()
    where = f"/desk/requests/{request.number}"
    assert request.state == "received"
    desk.post(f"{where}/paper", {"paper": SimpleUploadedFile("a", PDF)})
    page = text(desk.get(where))
    assert "見本 次郎" in page
    assert "任意代理人" in page
    got = desk.get(f"{where}/paper/{Paper.objects.get().pk}")
    assert got.content == PDF
    assert got["Content-Disposition"].startswith("attachment")
    assert as_role("auditor").get(f"{where}/paper/{Paper.objects.get().pk}").status_code == 403
    desk.post(f"{where}/agent/right")
    desk.post(f"{where}/do/identify")
    request.refresh_from_db()
    assert request.state == "identified"


def test_an_officer_puts_off_the_day_and_the_person_reads_why(client, hanako, as_role):
    client.post(NEW, {"kind": "disclose"})
    request = Request.objects.get()
    where, until = f"/desk/requests/{request.number}/extend", request.due_on + timedelta(days=5)
    officer = as_role("officer")
    assert "理由" in text(officer.post(where, {"until": until.isoformat(), "reason": ""}))
    officer.post(where, {"until": until.isoformat(), "reason": "倉庫を探しています"})
    assert "倉庫を探しています" in text(client.get(f"/me/requests/{request.number}"))
    assert as_role("desk").get(where).status_code == 403


def test_a_refusal_shows_ground_article_reason_and_where_to_complain(client, hanako, as_role):
    client.post(NEW, {"kind": "disclose"})
    request = Request.objects.get()
    as_role("officer").post(
        f"/desk/requests/{request.number}/refuse",
        {"ground": "harm", "text": "ほかの方の安全のためです", "sure": "1"},
    )
    page = text(client.get(f"/me/requests/{request.number}"))
    for said in ("ほかの方の安全のためです", "33条", "個人情報保護委員会"):
        assert said in page
