"""What an answer is called, by kind: only a copy is a copy, the days are Japan's, and a fee is said before it is asked."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from chikai.policy import load
from chikai.rights import answers, carrying, handing
from chikai.rights import asking as asking_rules
from chikai.rights.answers import Answer
from chikai.rights.request import KINDS
from chikai.sources.protocol import Kept
from chikai.web import erased, notice_words
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Request, Step
from chikai.web.work import engine
from tests.web import asking, world
from tests.web import portal_world as us
from tests.web.asking import EXAMPLE

pytestmark = pytest.mark.django_db(transaction=True)
OF_COPIES = ("写し", "14日", "受け取れ")


def text(response):
    return response.content.decode()


def answered(kind):
    person = us.begin()
    words = {"wrong": "1番地", "right": "2番地"}
    asked = {name: words[name] for name in asking_rules.asking(kind).fields if name in words}
    events = actions.open_request(actions.PERSON, person=person, kind=kind, asked=asked)
    request = Request.objects.get(number=events[0].facts["number"])
    Request.objects.filter(pk=request.pk).update(state="answered")
    return Outbox.objects.create(
        request=request, kind="answered", made_at=person.since, not_before=person.since
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_called_what_it_is(kind):
    notice = answered(kind)
    with translation.override("ja"):
        said = notice_words.short(notice) + notice_words.body(notice)
    assert any(word in said for word in OF_COPIES) == (kind in carrying.PACKAGED)


def test_an_answer_on_paper_is_not_fetched():
    notice = answered("disclose")
    Step.objects.create(
        request=notice.request,
        ord=9,
        source=handing.ACTION,
        action=handing.ACTION,
        state="done",
        found={"way": "post", "on": "2026-11-26"},
        not_before=notice.made_at,
    )
    with translation.override("ja"):
        said = notice_words.short(notice) + notice_words.body(notice)
    assert "紙でお渡し" in said
    assert "14日" not in said


def test_a_stop_that_was_answered_speaks_of_no_copy(tmp_path, as_role):
    her = asking.settle(asking.fill(tmp_path, people=60))
    request = asking.ask(her, kind="suspend", asked={"items": "address"})
    engine.drain()
    assert Request.objects.get(pk=request.pk).state == "answered"
    page = text(as_role("officer").get(f"/desk/requests/{request.number}"))
    assert "利用を止めました" in page
    assert "写し" not in page


def test_an_erasure_that_is_approved_releases_nothing(tmp_path, as_role):
    her = asking.settle({}, manual=True)
    request = asking.ask(her, kind="erase")
    engine.drain()
    page = text(as_role("officer").get(f"/desk/requests/{request.number}/approve"))
    assert "お渡しする内容" not in page
    assert "14日" not in page


def test_each_law_says_its_own_day():
    steps = [
        Step(action="count", source="balus", found={"kept": [["a", 3, "tax", "2031-05-31"]]}),
        Step(action="count", source="balus", found={"kept": [["a", 1, "tax", "2032-05-31"]]}),
    ]
    found = [kept for kept, _ in erased._by_law(steps)]
    assert found == [
        Kept("a", 3, "tax", date(2031, 5, 31)),
        Kept("a", 1, "tax", date(2032, 5, 31)),
    ]


def test_a_page_that_is_made_at_night_has_japans_day(tmp_path):
    import io
    import zipfile
    from pathlib import Path

    from chikai import canon
    from chikai.rights import fulfil
    from chikai.rights.package import Package

    night = datetime(2026, 11, 26, 18, 56, tzinfo=UTC)
    policy, buffer = load.read(EXAMPLE).document, io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        plan = fulfil.Plan(canon.new_id(night), ())
        pack = Package(policy, plan, "2026-0001", night, archive, Path(tmp_path))
        answers.put(pack, Answer("notify_purpose", "利用目的", (), ()))
    with zipfile.ZipFile(buffer) as archive:
        page = archive.read("index.html").decode()
    assert "2026年11月27日" in page
    assert "2026年11月26日" not in page


def test_a_fee_is_said_where_there_is_one(client, as_role):
    us.begin()
    us.sign_in(client)
    assert "手数料はかかりません" in text(client.get("/me"))
    world.replaced(
        "policy.toml", 'kind = "disclose"\nclause', 'kind = "disclose"\nfee_yen = 300\nclause'
    )
    world.publish()
    home = text(client.get("/me"))
    assert "手数料はかかりません" not in home
    assert "手数料がかかる請求があります" in home
    client.post("/me/requests/new", {"kind": "disclose"})
    number = Request.objects.get().number
    assert "300 円" in text(client.get(f"/me/requests/{number}"))
    assert "300 円" in text(as_role("desk").get(f"/desk/requests/{number}"))
    assert "300 円" in text(as_role("desk").get("/desk/requests/new?kind=disclose"))
