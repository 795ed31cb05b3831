"""The desk's pages of requests: the inbox by deadline, one request, and the decisions with their previews."""

from datetime import timedelta

import pytest
from django.utils.html import escape

from chikai import clock
from chikai.web import packages, whom
from chikai.web.actions import refusing, rights_asked, taking_back
from chikai.web.actions import rights as actions
from chikai.web.models import Job, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.web import asking, world

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = ("", "/new", "/{n}", "/{n}/approve", "/{n}/refuse")


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def text(response):
    return response.content.decode()


@pytest.fixture
def waiting(her):
    request = asking.ask(her, note="すべて確認したいです")
    engine.drain()
    return Request.objects.get(pk=request.pk)


def test_the_inbox_groups_by_deadline_and_has_its_views(as_role, waiting):
    client = as_role("officer")
    page = text(client.get("/desk/requests"))
    assert waiting.number in page
    assert "承認を待っています" in page
    assert waiting.number in text(client.get("/desk/requests?view=approval"))
    assert f'href="/desk/requests/{waiting.number}"' not in text(
        client.get("/desk/requests?view=mine")
    )
    Request.objects.update(due_on=clock.day_in_japan(clock.now()) - timedelta(days=2))
    assert "2 日遅れ" in text(client.get("/desk/requests"))
    assert "2 days late" in text(client.get("/en/desk/requests"))


def test_a_request_is_found_by_number_kind_and_who_is_in_charge(as_role, waiting):
    client = as_role("officer")
    row = f'href="/desk/requests/{waiting.number}"'
    full_width = waiting.number[-3:].translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for said in (waiting.number, full_width, "開示"):
        assert row in text(client.get("/desk/requests", {"q": said})), said
    for said in ("9999", "訂正", "だれもいない"):
        page = text(client.get("/desk/requests", {"q": said}))
        assert row not in page
        assert "見つかりませんでした" in page
    taking_back.withdraw_request(actions.PERSON, waiting, person=waiting.person)
    page = text(client.get("/desk/requests", {"q": waiting.number}))
    assert "見つかった、終わった請求" in page
    assert row in page


def test_a_request_is_looked_at_beside_the_list_without_a_value(as_role, waiting):
    client = as_role("officer")
    page = text(client.get("/desk/requests", {"open": waiting.number}))
    aside = page.partition('id="beside"')[2]
    for mark in ("Balus", 'data-key="a"', 'data-key="r"', 'data-key="e"', "承認を待っています"):
        assert mark in aside
    assert "花子" not in page
    assert 'id="beside"' not in text(client.get("/desk/requests", {"open": "2020-0001"}))
    assert 'data-key="a"' not in text(
        as_role("desk").get("/desk/requests", {"open": waiting.number})
    )


def test_one_request_shows_its_places_with_counts_and_no_value(as_role, waiting):
    page = text(as_role("officer").get(f"/desk/requests/{waiting.number}"))
    for place in ("Balus", "KATA", "研修サービス", "ウェブサイト"):
        assert place in page
    assert "4 か所のうち 4 か所" in page
    assert "すべて確認したいです" in page
    assert "花子" not in page


@pytest.mark.clause("6")
def test_the_desk_sees_whom_a_request_is_about_and_the_ledger_keeps_it(as_role, waiting):
    where = f"/desk/requests/{waiting.number}/whom"
    assert as_role("auditor").get(where).status_code == 403
    client = as_role("desk")
    assert "花子" not in text(client.get(where))
    assert "読んでいます" in text(client.post(where))
    client.post(where)
    assert Job.objects.filter(verb="whom").count() == 1
    engine.drain()
    shown = text(client.get(where))
    assert "花子" not in shown
    assert "見る" in shown
    assert not Events("rights.whom_shown")
    opened = client.post(where)
    assert opened["Cache-Control"] == "no-store"
    page = text(opened)
    assert "山田 花子" in page
    assert f"accounts</span> {asking.HEROINE['balus']}" in page
    assert len(Events("rights.whom_shown")) == 1
    files = [p for p in packages.folder(waiting).iterdir() if p.name == "whom"]
    assert files
    assert all("花子".encode() not in p.read_bytes() for p in files)
    refusing.refuse_request(
        asking.OFFICER, waiting, ground="not_identified", text="確かめられません。"
    )
    engine.drain()
    assert whom.of_request(Request.objects.get()) is None


def test_whom_is_read_before_people_have_to_look_for_somebody(urls):
    her = asking.settle(urls)
    request = asking.ask(her, kind="erase")
    engine.drain()
    found = whom.of_request(Request.objects.get(pk=request.pk))
    assert {row.source for row in found.rows} == set(urls)
    assert found.unread == ()


def test_of_a_request_that_was_taken_back_nobody_has_anything_to_do(as_role, urls, client):
    her = asking.settle(urls, manual=True)
    request = asking.ask(her)
    engine.drain()
    where = f"/desk/requests/{request.number}"
    assert 'name="rows"' in text(as_role("desk").get(where))
    taking_back.withdraw_request(actions.PERSON, request, person=her)
    assert 'name="rows"' not in text(as_role("desk").get(where))


def test_a_persons_message_is_marked_until_it_is_answered(as_role, her, waiting):
    rights_asked.write_message(actions.PERSON, waiting, "至急お返事ください", person=her)
    client = as_role("desk")
    for where in ("/desk/requests", "/desk/requests?view=wrote"):
        assert "本人からメッセージ" in text(client.get(where))
    assert "本人が返事を待っています" in text(client.get("/desk"))
    client.post(f"/desk/requests/{waiting.number}/write", {"text": "お待ちください"})
    assert "本人からメッセージ" not in text(client.get("/desk/requests"))


def test_an_officer_approves_after_a_preview_and_not_unread(as_role, waiting):
    client = as_role("officer")
    assert "この内容で承認" in text(client.get(f"/desk/requests/{waiting.number}/approve"))
    where = f"/desk/requests/{waiting.number}/approve"
    unread = client.post(where, follow=True)
    assert "まだだれも目を通していません" in text(unread)
    client.post(where, {"reviewed": "1"})
    again = client.post(where, {"reviewed": "1"}, follow=True)
    assert "acting" in text(again)
    engine.drain()
    waiting.refresh_from_db()
    assert waiting.state == "answered"


def test_a_refusal_is_looked_at_before_it_is_sent(as_role, waiting):
    client, where = as_role("officer"), f"/desk/requests/{waiting.number}/refuse"
    assert waiting.state == "review"
    client.post(where, {"text": "x", "sure": "1"})
    client.post(where, {"ground": "harm", "text": "", "sure": "1"})
    shown = text(client.post(where, {"ground": "harm", "text": "説明です"}))
    assert "この内容で断る" in shown
    assert "個人情報保護委員会" in shown
    waiting.refresh_from_db()
    assert waiting.state == "review"
    client.post(where, {"ground": "harm", "text": "説明です", "sure": "1"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ground) == ("refused", "harm")


def test_the_desk_registers_a_request_that_came_by_phone(as_role, her):
    client = as_role("desk")
    said = {"kind": "disclose", "channel": "phone", "note": "電話", "reply_to": "", "form": "file"}
    assert escape("あてはまる方がいません") in text(
        client.post("/desk/requests/new", {**said, "person": "nobody@x.example"})
    )
    client.post("/desk/requests/new", {**said, "person": str(her.pk), "identified": "on"})
    request = Request.objects.get()
    assert (request.channel, request.state, request.evidence) == ("phone", "identified", "officer")
    assert "電話" not in repr(bytes(request.note))
    client.post(f"/desk/requests/{request.number}/do/take")
    request.refresh_from_db()
    assert request.assigned.email == "desk@levii.example"


def test_a_place_is_searched_by_hand(as_role, urls):
    her = asking.settle(urls, manual=True)
    request = asking.ask(her)
    engine.drain()
    client, step = as_role("desk"), Step.objects.get(source="paper")
    where = f"/desk/requests/{request.number}/place/{step.ord}"
    assert 'name="note"' in text(client.get(f"/desk/requests/{request.number}"))
    client.post(where, {"rows": "", "note": ""})
    step.refresh_from_db()
    assert step.state == "manual"
    client.post(where, {"rows": "2", "note": "申込書が2枚"})
    engine.drain()
    request.refresh_from_db()
    assert request.state == "review"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_opens_for_its_roles_only(as_role, client, waiting, path):
    where = f"/desk/requests{path.format(n=waiting.number)}"
    assert client.get(where)["Location"].startswith("/sign-in")
    wanted = {"/new": {"officer", "desk"}}.get(path, {"officer", "desk", "auditor"})
    wanted = {"officer"} if path.endswith(("approve", "refuse")) else wanted
    for role in world.ROLES:
        assert as_role(role).get(where).status_code == (200 if role in wanted else 403), role


def test_an_auditor_and_the_desk_decide_nothing(as_role, waiting):
    for role in ("auditor", "desk"):
        for verb in ("approve", "refuse"):
            path = f"/desk/requests/{waiting.number}/{verb}"
            assert (
                as_role(role).post(path, {"ground": "harm", "text": "x", "sure": 1}).status_code
                == 403
            )
    path = f"/desk/requests/{waiting.number}/do/take"
    assert as_role("auditor").post(path).status_code == 403
    assert actions.Request.objects.get().state == "review"
