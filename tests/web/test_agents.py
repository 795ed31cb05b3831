"""Asking for somebody else from the pages: who acts, for whom, one document; the desk finds whose registration it is."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chikai.errors import WrongState
from chikai.web.actions import askers, rights, rights_asked
from chikai.web.models import Identifier, Link, Paper, Request
from chikai.web.models.ledger import Events
from chikai.web.portal import door
from chikai.web.work import engine
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
AGENT = "parent@minato.example"
PDF = b"%PDF-1.4\nmandate"
FOR = "/me/requests/for"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls, monkeypatch):
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)
    return asking.settle(urls)


@pytest.fixture
def agent(her):
    """A browser in which somebody has opened the link in their own mailbox."""
    client = Client()
    client.post("/me/sign-in", {"email": AGENT})
    client.post(re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1])
    return client


def text(response):
    return response.content.decode()


def wish(**more):
    file = SimpleUploadedFile("mandate.pdf", PDF)
    said = {"kind": "disclose", "agency": "statutory", "agent": "山田 太郎", "form": "file"}
    return {**said, "whom": "長女 山田 花子（Balus）", "paper": file, **more}


def test_the_page_of_the_policy_leads_to_it(agent):
    assert f'href="{FOR}"' in text(Client().get("/policy"))
    assert f"next={FOR.replace('/', '%2F')}" in Client().get(FOR)["Location"]
    assert f'href="{FOR}?kind=disclose"' in text(agent.get(FOR))


@pytest.mark.clause("6")
def test_an_agents_request_waits_for_its_document_and_is_about_whom_the_officer_finds(agent, her):
    page = text(agent.post(FOR, wish(), follow=True))
    request = Request.objects.get()
    assert request.number in page
    assert "花子" not in text(agent.get("/me/requests")), "nothing of the person is shown to them"
    assert (request.state, request.asked.agency) == ("received", "statutory")
    assert rights.read_note(request, "reply_to") == AGENT
    assert not Identifier.objects.filter(link__person=request.person).exists()
    assert bytes(Paper.objects.get().sealed) != PDF
    with pytest.raises(WrongState, match="looked at their document"):
        rights.identify_request(DESK, request)
    rights_asked.judge_paper(DESK, request, right=True)
    assert askers.is_unknown(request.person)


def test_an_officer_joins_it_to_the_registration_and_the_answer_is_about_it(agent, her, as_role):
    agent.post(FOR, wish(kind="erase", agency="mandated", services="", reason=""))
    request = Request.objects.get()
    officer, where = as_role("officer"), f"/desk/requests/{request.number}"
    assert "どのサービスにも登録が見つかっていません" in text(officer.get(f"{where}/whom"))
    assert as_role("desk").post(f"{where}/join", {"person": "x"}).status_code == 403
    officer.post(f"{where}/join", {"person": "balus:nobody"})
    assert request.person.merged_into_id is None
    officer.post(f"{where}/join", {"person": f"balus:{HEROINE['balus']}"})
    rights_asked.judge_paper(DESK, request, right=True)
    rights.identify_request(DESK, request)
    engine.drain()
    request = Request.objects.get()
    assert request.state == "review"
    assert sum(s.rows for s in request.steps.filter(source="balus", action="count")) > 5
    us.sign_in(client := Client(), "balus", str(HEROINE["balus"]))
    assert request.number in text(client.get("/me/requests")), "the person sees who asked for them"
    assert Link.objects.filter(person=her).exists()


def test_an_officer_is_warned_before_an_agents_request_is_answered_as_nothing(agent, as_role):
    agent.post(FOR, wish(kind="erase", agency="mandated", services="", reason=""))
    request = Request.objects.get()
    officer, where = as_role("officer"), f"/desk/requests/{request.number}"
    assert "まだ決まっていません" in text(officer.get(where))
    rights_asked.judge_paper(DESK, request, right=True)
    rights.identify_request(DESK, request)
    engine.drain()
    assert "まだ決まっていません" in text(officer.get(f"{where}/approve"))
    answer = officer.post(f"{where}/approve")
    assert "登録がなかったことに印を付けてください" in text(answer)
    assert not request.approvals.exists()
    officer.post(f"{where}/approve", {"nobody": "1"})
    assert request.approvals.count() == 1


@pytest.mark.parametrize(
    "more",
    [{"agency": ""}, {"agent": ""}, {"whom": " "}, {"agency": "friend"}, {"paper": ""}],
)
def test_nothing_is_asked_without_who_acts_for_whom_and_a_document(agent, more):
    assert agent.post(FOR, wish(**more)).status_code == 422
    assert not Request.objects.exists()


def test_a_file_that_is_no_document_leaves_no_request(agent):
    bad = SimpleUploadedFile("mandate.pdf", b"PK\x03\x04")
    assert agent.post(FOR, wish(paper=bad)).status_code == 422
    assert not Request.objects.exists()
    assert not Events("rights.opened")


def test_whoever_asks_again_and_again_is_told_to_wait(agent):
    for _ in range(6):
        answer = agent.post(FOR, wish())
    assert answer.status_code == 422
    assert Request.objects.count() == 5
