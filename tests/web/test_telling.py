"""Recipients who hold what a request changed are tasks for the desk until somebody notes that they were told."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chikai import clock
from chikai.errors import NotAllowed, WrongState
from chikai.provision.telling import Given, whom
from chikai.web.actions import by_hand, telling
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Person, Step, Telling
from chikai.web.models.ledger import Events
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK, OFFICER
from tests.web.test_own_kinds import record

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def her():
    return asking.settle({}, manual=True)  # paper: what people say there closes it


def carried_out(her, kind, **asked):
    """A request whose places were all changed by hand, as the desk says."""
    request = asking.ask(her, kind=kind, asked=asked)
    engine.drain()
    for _ in range(2):
        for step in Step.objects.filter(request=request, state="manual"):
            by_hand.complete_manual(DESK, step, note="直しました")
        engine.drain()
        request.refresh_from_db()
        for officer in (OFFICER, asking.SECOND) if request.state == "review" else ():
            request.refresh_from_db()
            if request.state == "review":
                asking.approve(request, officer)
        engine.drain()
    request.refresh_from_db()
    assert request.state == "answered"
    return request


@pytest.mark.clause("6")
def test_who_received_the_item_is_to_be_told_and_who_received_another_is_not(her):
    record(her, "aoba_payment", "entrusted", owed=False, items=("name", "email"), days=9)
    record(her, "aoba_payment", "entrusted", owed=False, items=("email",), days=3)
    record(her, "northmail", "entrusted", owed=False, items=("name",))
    request = carried_out(her, "correct", items="email", wrong="a@x.example", right="b@x.example")
    task = Telling.objects.get()
    assert (task.request, task.recipient, task.items) == (request, "aoba_payment", ["email"])
    assert (clock.now() - task.since).days == 9
    telling.tell_recipient(DESK, task)
    [entry] = Events("rights.recipient_told")
    assert facts_of(entry)["recipient"] == "aoba_payment"
    with pytest.raises(WrongState, match="already"):
        telling.tell_recipient(DESK, task)


def test_an_erasure_is_told_to_everybody_who_holds_something(her):
    record(her, "aoba_payment", "entrusted", owed=False)
    record(her, "northmail", "entrusted", owed=False, items=("name",))
    carried_out(her, "erase")
    assert {t.recipient for t in Telling.objects.all()} == {"aoba_payment", "northmail"}


def test_what_was_given_of_somebody_else_is_nobodys_task(her):
    other = Person.objects.create(id=actions.canon.new_id(clock.now()), since=clock.now())
    record(other, "aoba_payment", "entrusted", owed=False)
    carried_out(her, "correct", items="email", wrong="a@x.example", right="b@x.example")
    assert not Telling.objects.exists()


def test_what_was_given_under_an_earlier_id_counts(her):
    before = Person.objects.create(
        id=actions.canon.new_id(clock.now()), since=clock.now(), merged_into=her
    )
    record(before, "aoba_payment", "entrusted", owed=False)
    carried_out(her, "delete", items="email", wrong="a@x.example")
    assert Telling.objects.get().recipient == "aoba_payment"


def test_the_desk_ticks_it_off_on_the_page(her, as_role):
    record(her, "aoba_payment", "entrusted", owed=False)
    request = carried_out(her, "correct", items="email", wrong="a@x.example", right="b@x.example")
    client = as_role("desk")
    for where in ("/desk/by-hand", f"/desk/requests/{request.number}"):
        assert "変更を伝える提供先" in client.get(where).content.decode()
    path = f"/desk/requests/{request.number}/told/{Telling.objects.get().pk}"
    assert as_role("auditor").post(path).status_code == 403
    client.post(path)
    assert Telling.objects.get().told_at is not None
    assert "変更を伝える提供先" not in client.get("/desk/by-hand").content.decode()
    with pytest.raises(NotAllowed):
        telling.tell_recipient(actions.PERSON, Telling.objects.get())


ITEMS = st.lists(st.sampled_from(["name", "email", "card"]), max_size=3).map(tuple)
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["balus", "kata"]), ITEMS, st.integers(0, 9))
)


@settings(max_examples=60)
@given(ROWS, st.sampled_from(["", "name", "email"]), st.sampled_from(["", "balus"]))
def test_exactly_those_are_told_who_received_the_item_from_the_service(rows, item, service):
    now = clock.now()
    given_ = [Given(r, {}, s, i, now - timedelta(days=d)) for r, s, i, d in rows]
    told = whom(given_, item=item, service=service)
    expected = {
        g.recipient
        for g in given_
        if service in ("", g.service) and any(item in ("", i) for i in g.items)
    }
    assert {t.recipient for t in told} == expected
    assert len(told) == len(expected)
    for one in told:
        assert one.since in {g.at for g in given_ if g.recipient == one.recipient}
