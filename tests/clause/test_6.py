"""6: a request is answered once it is clear who asks, after looking, without delay, and a refusal says why."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.rights import deadline, refusal
from chikai.web import released
from chikai.web.actions import refusing
from chikai.web.actions import rights as actions
from chikai.web.models import Outbox, Person, Request
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from examples.levii import databases
from tests.web import asking
from tests.web.asking import HEROINE, OFFICER, SECOND

pytestmark = [
    pytest.mark.own_state,
    pytest.mark.clause("6"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    return asking.fill(tmp_path_factory.mktemp("services"))


@pytest.fixture
def her(urls):
    return asking.settle(urls)


def fresh(request):
    return Request.objects.get(pk=request.pk)


def gathered(person, **more):
    request = asking.ask(person, **more)
    engine.drain()
    return fresh(request)


def manifest_of(request):
    with zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(request)))) as archive:
        return json.loads(archive.read("manifest.json"))


def test_nothing_is_looked_for_before_it_is_clear_who_asks(her):
    request = gathered(her, evidence="")
    assert request.state == "received"
    assert not request.steps.exists()
    actions.identify_request(OFFICER, request)
    engine.drain()
    assert fresh(request).state == "review"


def test_what_is_disclosed_is_what_the_databases_hold_of_the_person(her, urls):
    request = gathered(her)
    asking.approve(request)
    engine.drain()
    for source in manifest_of(fresh(request))["sources"]:
        db = sa.create_engine(urls[source["source"]])
        expected = databases.held_by(db, source["source"], HEROINE[source["source"]])
        db.dispose()
        held = {t: n for t, n in expected.items() if n}
        assert {t: n for t, n in source["tables"].items() if n} == held


def test_nobody_receives_the_rows_of_another(her, urls):
    other = asking.more_people(urls, 1)[0]
    request = gathered(other, reply_to="")
    asking.approve(request)
    engine.drain()
    with zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(fresh(request))))) as archive:
        assert asking.MAIL.encode() not in b"".join(map(archive.read, archive.namelist()))


def test_that_nothing_is_held_is_an_answer_too(her):
    nobody = Person.objects.create(id=actions.canon.new_id(clock.now()), since=clock.now())
    request = gathered(nobody)
    asking.approve(request)
    engine.drain()
    assert manifest_of(fresh(request))["rows"] == 0


def test_without_delay_is_a_day_that_we_promise_and_it_is_shown_when_it_nears(her):
    request = gathered(her)
    assert (request.due_on - clock.day_in_japan(request.arrived_at)).days == 14
    assert request.hurry_on == deadline.hurry_on(request.arrived_at, request.due_on)
    assert request.hurry_on < request.due_on


def test_the_person_is_told_once_what_was_done(her):
    request = gathered(her)
    asking.approve(request)
    engine.drain()
    engine.drain()
    assert Outbox.objects.filter(request=request, kind="answered").count() == 1
    assert len(Events("rights.answered")) == 1


@pytest.mark.parametrize("kind", ["disclose", "notify_purpose", "disclose_records", "erase"])
def test_a_refusal_needs_a_ground_of_the_act_and_a_reason_and_is_told(her, kind):
    request = gathered(her, kind=kind)
    for ground, text in (("", "x"), ("because", "x"), ("not_identified", "  ")):
        with pytest.raises(BadInput):
            refusing.refuse_request(OFFICER, request, ground=ground, text=text)
    refusing.refuse_request(OFFICER, request, ground="not_identified", text="確かめられません。")
    if kind == "erase":  # two officers decide it
        refusing.refuse_request(SECOND, request, ground="not_identified", text="確かめられません。")
    request = fresh(request)
    assert request.state == "refused"
    assert refusal.BY_ID[request.ground].cite.startswith("APPI Art.")
    assert Outbox.objects.filter(request=request, kind="refused").count() == 1
    with pytest.raises(WrongState):
        asking.approve(request)
