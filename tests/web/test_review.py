"""An officer looks through what was gathered: other people are blacked out, and a part stays back only with a ground."""

import io
import json
import zipfile

import pytest
from django.conf import settings

from chikai.errors import BadInput, WrongState
from chikai.rights.review import Review
from chikai.web import gathered, released
from chikai.web.actions import reviewing
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Approval, Payload, Pending, Request, Step
from chikai.web.models import Review as Row
from chikai.web.models.ledger import Events
from chikai.web.work import engine, gathering
from tests.web import asking
from tests.web.asking import DESK, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
OTHER = "𠮷田誠"


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def waiting(urls):
    request = asking.ask(asking.settle(urls))
    engine.drain()
    return fresh(request)


def fresh(request):
    return Request.objects.get(pk=request.pk)


def opened(request):
    return zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(request))))


def review(request, **more):
    found = gathered.of_request(request)
    decided = Review(**{"words": tuple(w.text for w in found.words), **more})
    event = reviewing.review_request(
        OFFICER, request, decided, known=found.known, found=len(found.words)
    )
    return found, event


def answered(request):
    actions.approve_request(OFFICER, fresh(request))
    engine.drain()
    request = fresh(request)
    assert request.state == "answered"
    return request


def every_text(archive):
    return {n: archive.read(n).decode("utf-8", "replace") for n in archive.namelist()}


def test_others_are_found_in_free_text_and_the_person_is_not(waiting):
    words = {w.text: w for w in gathered.of_request(waiting).words}
    assert OTHER in words
    assert "ken.sato@hoshinari-kuso-denki.example" in words
    assert "佐藤健" in words
    assert not [w for w in words if "山田" in w or "花子" in w or asking.MAIL in w]
    before, text, behind = words[OTHER].contexts[0]
    assert text == OTHER
    assert len(before) <= gathered.AROUND >= len(behind)


@pytest.mark.clause("6")
def test_what_is_ticked_stands_nowhere_in_the_package(waiting):
    found, event = review(waiting)
    assert event.facts["redacted"] == len(found.words) > 0
    request = answered(waiting)
    with opened(request) as archive:
        texts = every_text(archive)
        manifest = json.loads(archive.read("manifest.json"))
    free = {t.name for t in found.tables if t.free}
    assert free
    for name, text in texts.items():
        if any(name.endswith((f"/{t}.json", f"/{t}.csv")) for t in free):
            assert OTHER not in text
            assert "ken.sato@" not in text
    assert OTHER not in texts["index.html"]
    assert "〔ほかの方の情報〕" in texts["index.html"]
    assert manifest["redacted"] == {"words": len(found.words)}
    assert manifest["rows"] == found.rows, "no row is lost by it"
    [entry] = Events("rights.approved")
    assert facts_of(entry)["redacted"] == len(found.words)


@pytest.mark.clause("6")
def test_nothing_is_released_before_somebody_has_read_the_free_text(waiting):
    with pytest.raises(WrongState, match="looked through"):
        actions.approve_request(OFFICER, waiting)
    assert fresh(waiting).state == "review"
    assert not Approval.objects.exists()


def test_what_nobody_ticked_is_what_was_gathered(waiting):
    review(waiting, words=())
    request = answered(waiting)
    with opened(request) as archive:
        assert OTHER in "".join(every_text(archive).values())
        assert "redacted" not in json.loads(archive.read("manifest.json"))


def test_a_word_that_the_officer_adds_is_blacked_out_too(waiting):
    review(waiting, words=("境界の定義",))
    with opened(answered(waiting)) as archive:
        assert "境界の定義" not in "".join(every_text(archive).values())


@pytest.mark.clause("6")
def test_what_stays_back_is_named_with_its_ground_and_where_to_complain(waiting):
    left = (("training", "attendances", ""), ("balus", "comments", "body"))
    found = gathered.of_request(waiting)
    known = {(t.source, t.name) for t in found.tables}
    tables = [t for t in found.tables if t.source == "training" and t.count]
    left = (("training", tables[-1].name, ""), ("balus", "comments", "body"))
    assert ("balus", "comments") in known
    review(waiting, words=(), left=left, ground="harm", text="ほかの方の評価が含まれるためです。")
    request = answered(waiting)
    with opened(request) as archive:
        texts = every_text(archive)
        manifest = json.loads(archive.read("manifest.json"))
    assert f"json/training/{tables[-1].name}.json" not in texts
    assert all("body" not in row for row in json.loads(texts["json/balus/comments.json"]))
    page = texts["index.html"]
    assert "ほかの方の評価が含まれるためです。" in page
    assert "個人情報保護法33条2項" in page
    assert "個人情報保護委員会" in page
    assert manifest["left_out_because"]["ground"] == "harm"
    [training] = [s for s in manifest["sources"] if s["source"] == "training"]
    assert tables[-1].name not in training["tables"]  # 0 would read as none held
    assert manifest["rows"] == found.rows - tables[-1].count == request.package_rows
    [entry] = Events("rights.approved")
    assert facts_of(entry)["left_out"] == 2
    assert (request.state, request.ground) == ("answered", "harm")


@pytest.mark.parametrize(("ground", "text"), [("", "x"), ("harm", " "), ("not_held", "x")])
def test_nothing_stays_back_without_a_ground_and_a_text(waiting, ground, text):
    with pytest.raises(BadInput):
        review(waiting, left=(("balus", "comments", ""),), ground=ground, text=text)
    assert not Row.objects.exists()
    Row.objects.create(
        request=waiting, words=b"", left=[["balus", "comments", ""]], at=waiting.arrived_at
    )
    Request.objects.filter(pk=waiting.pk).update(is_reviewed=True)
    with pytest.raises(WrongState, match="ground"):
        actions.approve_request(OFFICER, fresh(waiting))


def test_what_was_not_gathered_cannot_be_left_out(waiting):
    with pytest.raises(BadInput):
        review(waiting, left=(("balus", "nothing", ""),), ground="harm", text="x")


@pytest.mark.parametrize("word", ["あ", "ほかの方", "x" * 201])
def test_a_word_that_would_spoil_the_text_is_not_taken(waiting, word):
    with pytest.raises(BadInput):
        review(waiting, words=(word,))


def test_a_changed_review_takes_back_the_approvals_on_the_former_one(waiting):
    review(waiting)
    Approval.objects.create(request=waiting, by="staff:9", at=waiting.arrived_at)
    review(waiting)
    assert Approval.objects.count() == 1, "the same again changes nothing"
    review(waiting, words=())
    assert not Approval.objects.exists()


def test_no_word_rests_in_rows_or_in_the_ledger(waiting):
    review(waiting)
    actions.approve_request(OFFICER, fresh(waiting))
    rows = repr([
        *Row.objects.values_list(),
        *Request.objects.values_list(),
        *Step.objects.values_list(),
        *Pending.objects.values_list(),
        *Payload.objects.values_list(),
    ])  # fmt: skip
    assert OTHER not in rows
    assert "ken.sato" not in rows
    engine.drain()
    for file in (settings.HOME.path / "packages").rglob("*"):
        assert file.is_dir() or OTHER.encode() not in file.read_bytes()


def test_the_desk_and_the_auditor_review_nothing(waiting):
    from chikai.errors import NotAllowed

    with pytest.raises(NotAllowed):
        reviewing.review_request(DESK, waiting, Review(), known=(), found=0)


def test_a_package_that_holds_a_blacked_word_is_not_released(waiting, monkeypatch):
    review(waiting)
    honest = gathering.parts.add
    monkeypatch.setattr(
        gathering.parts, "add", lambda pack, step, map_, lines, _: honest(pack, step, map_, lines)
    )
    actions.approve_request(SECOND, fresh(waiting))
    engine.drain()
    step = Step.objects.get(action="package")
    assert (fresh(waiting).state, step.state) == ("acting", "todo")
    assert "left out" in step.fault
    monkeypatch.undo()
    Step.objects.filter(pk=step.pk).update(not_before=waiting.arrived_at)
    engine.drain()
    assert fresh(waiting).state == "answered"


def test_the_page_shows_finds_ticked_and_approves_what_it_shows(as_role, waiting):
    client, where = as_role("officer"), f"/desk/requests/{waiting.number}/approve"
    page = client.get(where).content.decode()
    assert f'value="{OTHER}" checked' in page
    assert "敬称のない名前は見つけられません" in page
    assert len(Events("rights.looked_through")) == 1
    bad = client.post(
        where, {"reviewed": "1", "word": [OTHER], "left": ['["balus","comments",""]']}
    )
    assert "33" in bad.content.decode()
    assert fresh(waiting).state == "review"
    client.post(where, {"reviewed": "1", "word": [OTHER], "more": "境界の定義\n"})
    assert fresh(waiting).state == "acting"
    engine.drain()
    with opened(fresh(waiting)) as archive:
        everything = "".join(every_text(archive).values())
    assert OTHER not in everything
    assert "境界の定義" not in everything
    assert "ken.sato@" in everything, "what the officer unticked stays"


def test_the_person_reads_what_stayed_back_and_why(client, waiting):
    review(waiting, words=(), left=(("balus", "comments", ""),), ground="harm", text="理由です。")
    assert waiting.ground == ""
    answered(waiting)
    from tests.web.portal_world import sign_in

    sign_in(client, "balus", str(asking.HEROINE["balus"]))
    page = client.get(f"/me/requests/{waiting.number}").content.decode()
    assert "お渡ししていないもの" in page
    assert "理由です。" in page
    assert "個人情報保護委員会" in page
