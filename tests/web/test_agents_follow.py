"""Who asks for somebody else follows that one request: its course, its thread and, where they may, its answer."""

import re
import shutil

import pytest
import sqlalchemy as sa
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chikai import canon, clock
from chikai.people.normalise import Keyed
from chikai.web import carried
from chikai.web.actions import refusing, rights, rights_asked
from chikai.web.models import Candidate, Identifier, Link, Message, Outbox, Person, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.portal import door
from chikai.web.work import engine
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE, OFFICER

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
AGENT = "brother@minato.example"
HERS = "hanako.yamada@minato.example"
PDF = b"%PDF-1.4\nmandate"


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(filled, tmp_path, monkeypatch):
    """The person, whose first service has verified her address."""
    monkeypatch.setattr(door, "ANSWERS_AFTER", 0.0)
    urls = {}
    for name, url in filled.items():
        shutil.copy(url.removeprefix("sqlite:///"), tmp_path)
        urls[name] = f"sqlite:///{tmp_path / name}.sqlite3"
    engine_ = sa.create_engine(urls["balus"])
    with engine_.begin() as c:
        c.execute(
            sa.text(
                "update accounts set email = :m, email_verified_at = '2024-01-01' where id = :i"
            ),
            {"m": HERS, "i": HEROINE["balus"]},
        )
    engine_.dispose()
    return asking.settle(urls)


def change(service, said):
    """Change something in a service itself."""
    there = sa.create_engine(settings.HOME.sources[service].url)
    with there.begin() as c:
        c.execute(sa.text(said))
    there.dispose()


def account(her, *, proved=True):
    """The agent has an account of their own, with a verified address or without."""
    now = clock.now()
    person = Person.objects.create(id=canon.new_id(now), since=now)
    link = Link.objects.create(
        person=person, source="balus", table="accounts", key="777", since=now,
        verified="mail" if proved else "",
    )  # fmt: skip
    digest = Keyed(settings.HOME.key("identifiers")).mail(AGENT)
    Identifier.objects.create(link=link, kind="mail", digest=digest, verified=proved)
    return person


def signed_in():
    client = Client()
    client.post("/me/sign-in", {"email": AGENT})
    found = [re.search(r"http://testserver(/me/link\S+)", m.body) for m in mail.outbox]
    client.post([m for m in found if m][-1][1])
    return client


def text(response):
    return response.content.decode()


def asked(client, agency="mandated", kind="disclose", **more):
    file = SimpleUploadedFile("mandate.pdf", PDF)
    said = {"kind": kind, "agency": agency, "agent": "代理 次郎", "form": "file", **more}
    client.post("/me/requests/for", {**said, "whom": "山田 花子（Balus）", "paper": file})
    return Request.objects.get()


def found(as_role, request, **said):
    """The desk finds the document right, the officer says whose registration it is, and gathering begins."""
    desk, officer = as_role("desk"), as_role("officer")
    where = f"/desk/requests/{request.number}"
    desk.post(f"{where}/agent/right", said)
    officer.post(f"{where}/join", {"person": f"balus:{HEROINE['balus']}"})
    desk.post(f"{where}/do/identify")
    engine.drain()
    return Request.objects.get()


def answered(request):
    asking.approve(request)
    engine.drain()
    request = Request.objects.get()
    assert request.state == "answered", request.state
    return request


def sent_to(address):
    return [m.subject for m in mail.outbox if m.to == [address]]


@pytest.mark.clause("6")
@pytest.mark.parametrize("proved", [True, False])
@pytest.mark.parametrize("agency", ["mandated", "statutory"])
def test_an_agent_with_an_account_follows_the_request_to_its_answer(her, as_role, agency, proved):
    account(her, proved=proved)
    agent = signed_in()
    request = asked(agent, agency)
    where = f"/me/requests/{request.number}"
    assert "書類を確かめています" in text(agent.get(where))
    request = found(as_role, request, receives="1")
    page = text(as_role("officer").get(f"/desk/requests/{request.number}"))
    assert "ほかの方も使って" not in page
    assert not request.steps.filter(action="hand_over").exists()
    agent.post(f"{where}/write", {"text": "いつごろでしょうか。"})
    rights_asked.write_message(DESK, request, "来週です。")
    assert Message.objects.first().by == "agent"
    answered(request)
    page = text(agent.get(where))
    for word in ("いつごろでしょうか。", "来週です。", "写しを受け取る", "ほかの方のため"):
        assert word in page, word
    assert next(iter(agent.get(f"{where}/download").streaming_content))[:2] == b"PK"
    told = sent_to(AGENT)
    assert sum("届きました" in s or "受け付けました" in s for s in told) == 1
    assert sum("お答え" in s for s in told) == 1
    assert request.number in text(agent.get("/me/requests"))
    assert request.number in text(agent.get("/me"))


def test_the_person_is_told_that_somebody_asks_in_their_name_and_of_the_answer(her, as_role):
    account(her)
    request = found(as_role, asked(signed_in()), receives="1")
    assert sent_to(HERS) == [
        f"【株式会社レヴィ】代理の方から、あなたについてのご請求がありました（{request.number}）"
    ]
    assert len(Events("rights.agent_named")) == 1
    answered(request)
    assert len(sent_to(HERS)) == 2
    us.sign_in(person := Client(), "balus", str(HEROINE["balus"]))
    page = text(person.get(f"/me/requests/{request.number}"))
    assert "代理 次郎" in page
    assert "代理の方からのご請求です" in page


def test_a_mandate_that_does_not_name_the_answer_leaves_it_to_the_person(her, as_role):
    account(her)
    agent = signed_in()
    request = answered(found(as_role, asked(agent)))
    where = f"/me/requests/{request.number}"
    page = text(agent.get(where))
    assert "お答えはご本人にお渡しします" in page
    assert "/download" not in page
    assert agent.get(f"{where}/download").status_code == 302
    assert agent.post(f"{where}/age", {"key": "age1"}).status_code == 302
    assert "お答えは、ご本人にお渡しします。" in mail.outbox[-2].body + mail.outbox[-1].body
    us.sign_in(person := Client(), "balus", str(HEROINE["balus"]))
    assert next(iter(person.get(f"{where}/download").streaming_content))[:2] == b"PK"


def test_an_agent_sees_no_other_request_of_the_person_and_nobody_else_sees_theirs(her, as_role):
    own = asking.ask(her, kind="suspend")
    account(her)
    agent = signed_in()
    client_of = Client()
    file = SimpleUploadedFile("mandate.pdf", PDF)
    agent.post("/me/requests/for", {
        "kind": "disclose", "agency": "statutory", "agent": "親", "form": "file",
        "whom": "花子", "paper": file,
    })  # fmt: skip
    theirs = Request.objects.exclude(pk=own.pk).get()
    desk, officer, where = as_role("desk"), as_role("officer"), f"/desk/requests/{theirs.number}"
    desk.post(f"{where}/agent/right")
    officer.post(f"{where}/join", {"person": f"balus:{HEROINE['balus']}"})
    desk.post(f"{where}/do/identify")
    engine.drain()
    assert agent.get(f"/me/requests/{own.number}").status_code == 404
    assert own.number not in text(agent.get("/me/requests")) + text(agent.get("/me"))
    page = text(agent.get(f"/me/requests/{theirs.number}"))
    assert "あなたのものかもしれない" not in page
    us.person("else@minato.example", {"balus": "778"}, 9)
    us.sign_in(client_of, "balus", "778")
    assert client_of.get(f"/me/requests/{theirs.number}").status_code == 404


def test_a_document_that_is_not_enough_is_said_with_its_reason_and_another_one_goes_on(
    her, as_role
):
    agent = signed_in()
    request = asked(agent)
    where = f"/me/requests/{request.number}"
    desk = as_role("desk")
    desk.post(f"/desk/requests/{request.number}/agent/wrong", {"why": "署名がありません。"})
    assert Request.objects.get().state == "waiting_for_person"
    engine.drain()
    assert "署名がありません。" in text(agent.get(where))
    assert any("おたずね" in s or "質問" in s for s in sent_to(AGENT)), sent_to(AGENT)
    file = SimpleUploadedFile("again.pdf", PDF)
    agent.post(f"{where}/paper", {"paper": file})
    assert Request.objects.get().state == "received"
    refusing.refuse_request(
        OFFICER, request, ground="not_identified", text="委任の署名を確かめられません。"
    )
    engine.drain()
    page = text(agent.get(where))
    assert "委任の署名を確かめられません。" in page
    assert any("ご請求について" in s for s in sent_to(AGENT)), sent_to(AGENT)


def test_a_reason_is_said_before_another_document_is_asked_for(her, as_role):
    request = asked(signed_in())
    as_role("desk").post(f"/desk/requests/{request.number}/agent/wrong", {"why": " "})
    assert Request.objects.get().state == "received"


def test_the_mailbox_of_an_agent_says_nothing_of_whose_rows_carry_it(her, as_role):
    """A parent's address stands in the child's row: that the parent asks does not make the row's reader sure."""
    digest = Keyed(settings.HOME.key("identifiers")).mail(AGENT)
    link = Link.objects.get(source="balus", person=her)
    Identifier.objects.create(link=link, kind="mail", digest=digest)
    account(her)
    found(as_role, asked(signed_in(), "statutory"))
    link.refresh_from_db()
    assert link.verified == ""


def test_either_takes_it_back_and_nobody_else(her, as_role):
    account(her)
    agent = signed_in()
    request = found(as_role, asked(agent, "statutory"))
    where = f"/me/requests/{request.number}/withdraw"
    us.sign_in(person := Client(), "balus", str(HEROINE["balus"]))
    assert where in text(person.get(where.removesuffix("/withdraw")))
    agent.post(where)
    engine.drain()
    assert Request.objects.get().state == "withdrawn"
    assert any("取り下げられました" in s for s in sent_to(AGENT))


def test_a_person_whose_address_nobody_verified_is_told_by_the_desk(her, as_role):
    account(her)
    for service, said in (
        ("balus", "update accounts set email_verified_at = null"),
        ("website", "update newsletter set confirmed_at = null"),
    ):
        change(service, said)
    found(as_role, asked(signed_in()))
    for _ in range(8):
        Outbox.objects.filter(kind="named").update(not_before=clock.now())
        engine.drain()
    assert not sent_to(HERS)
    assert not sent_to(HERS)
    assert Outbox.objects.get(kind="named").state == "no_address"


def test_an_erasure_is_answered_to_the_person_where_they_were_told_before(her, as_role):
    account(her)
    request = found(as_role, asked(signed_in(), "statutory", "erase", services="", reason=""))
    assert request.state == "review"
    change("balus", "update accounts set email = 'gone'")
    rights.tell(request, "answered", clock.now(), 1)
    engine.drain()
    assert len(sent_to(HERS)) == 2
    assert Step.objects.filter(request=request).exists()


def test_a_place_in_doubt_is_not_called_looked_through_to_who_acts_for_the_person(her, as_role):
    agent = signed_in()
    request = found(as_role, asked(agent, "statutory"))
    assert "代理人" in text(as_role("desk").get(f"/desk/requests/{request.number}"))
    us.person(HERS, {"training": "999"}, 9, proved=False)
    one, other = Link.objects.filter(person=her).first(), Link.objects.get(key="999")
    Candidate.objects.create(
        reason="unverified", a=one, b=other, digest=b"x", at=clock.now()
    )  # fmt: skip
    Step.objects.filter(request=request, source="training").update(action="nothing", state="done")
    page = text(agent.get(f"/me/requests/{request.number}"))
    assert "確かめています" in page.partition("調べる場所")[2]
    assert "あなたのものかもしれない" not in page


def test_a_stop_that_was_carried_out_again_is_named_once(her):
    request = asking.ask(her, kind="suspend", asked={"items": "email"})
    for ord_ in (1000, 1001):
        Step.objects.create(
            request=request, ord=ord_, source="item:email", action="stop", state="done",
            not_before=clock.now(), found={"v": 1},
        )  # fmt: skip
    assert len(carried.of_request(request, clock.now()).stopped) == 1
