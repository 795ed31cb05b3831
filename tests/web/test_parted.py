"""Two persons who were taken for one, and found to be two: nothing is done to the one for what the other asked."""

import io
import re
import zipfile
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from chikai import clock
from chikai.errors import WrongState
from chikai.web import released
from chikai.web.actions import choices, correcting, people, planning, rights, rights_asked
from chikai.web.models import Link, Merge, Person, Request
from chikai.web.models.people import keys_of
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import DESK, HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
NEW = "山田 はな子"


@pytest.fixture
def two(urls):
    """She, and somebody who was found to be her by mistake; the other's rows in every table of the place."""
    her = asking.settle(urls, mode="enforce")
    other = asking.more_people(urls, 3)[-1]
    key = int(other.links.get().key)
    before = row(urls, key)
    merge()
    return SimpleNamespace(her=her, other=other, key=key, before=before)


def merge():
    """The mistake."""
    first, *_, last = Link.objects.filter(source="balus").order_by("pk")
    people.merge(OFFICER, first.person_id, last.person_id)


def part():
    people.part(OFFICER, Merge.objects.filter(undone_at=None).get().pk)


def row(urls, key):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        found = tuple(c.execute(sa.text("select * from accounts where id = :i"), {"i": key}).one())
    db.dispose()
    return found


def fresh(request):
    return Request.objects.get(pk=request.pk)


def approve(request, by):
    """An officer looks through and approves; a refusal is as good as any other end."""
    try:
        asking.approve(request, by)
    except WrongState:
        return


def finish(request):
    """Everything that officers can do to bring it to its end."""
    for _ in range(3):
        engine.drain()
        for by in (OFFICER, SECOND):
            approve(request, by)
    engine.drain()
    return fresh(request)


def given(request):
    """All files of the package as one text."""
    archive = zipfile.ZipFile(io.BytesIO(b"".join(released.open_package(fresh(request)))))
    names = [n for n in archive.namelist() if re.search(r"csv|json|html", n)]
    return "".join(archive.read(n).decode() for n in names)


def bring(request, at):
    """Bring a request to this state."""
    engine.drain()
    if at == "waiting_for_person":
        rights_asked.ask_back(DESK, request, "どちらにお住まいですか。")
    if at in ("approved once", "acting"):
        approve(request, OFFICER)
    if at == "acting":
        approve(request, SECOND)


def before_the_end(request, at):
    """Bring a request to this state, and part the two there."""
    bring(request, at)
    part()
    if at == "waiting_for_person":
        rights.resume_request(DESK, request)


STATES = ("review", "waiting_for_person", "approved once", "acting")


@pytest.mark.parametrize("at", STATES)
def test_the_copy_of_the_one_holds_nothing_of_the_other(two, urls, at):
    request = asking.ask(two.her)
    before_the_end(request, at)
    assert finish(request).state == "answered"
    mail = two.before[1]
    assert str(HEROINE["balus"]) in given(request)
    assert str(mail) not in given(request)


@pytest.mark.parametrize("at", STATES)
def test_the_erasure_of_the_one_leaves_the_other_as_they_were(two, urls, at):
    request = asking.ask(two.her, kind="erase")
    hers = row(urls, HEROINE["balus"])
    before_the_end(request, at)
    assert finish(request).state == "answered"
    assert row(urls, HEROINE["balus"]) != hers
    assert row(urls, two.key) == two.before


@pytest.mark.parametrize("at", ["review", "waiting_for_person", "acting"])
def test_the_correction_of_the_one_leaves_the_other_as_they_were(two, urls, at):
    request = asking.ask(
        two.her, kind="correct", asked={"items": "name", "wrong": "花子", "right": NEW}
    )
    engine.drain()
    step = request.steps.get(source="balus", action="look")
    cells = correcting.read_cells(step)
    names = [n for n, c in enumerate(cells) if (c.table, c.column) == ("accounts", "name")]
    assert len(names) == 2
    correcting.propose_changes(DESK, step, dict.fromkeys(names, NEW))
    before_the_end(request, at)
    finish(request)
    assert row(urls, two.key) == two.before


def test_the_stop_of_the_one_that_was_not_yet_made_is_not_made_for_the_other(two):
    request = asking.ask(two.her, kind="suspend", evidence="")
    part()
    rights.identify_request(DESK, request)
    assert finish(request).state == "answered"
    assert choices.who_stopped_everything([two.her.pk, two.other.pk]).keys() == {two.her.pk}


def test_what_was_begun_elsewhere_goes_on_without_the_rows_of_the_other(two, urls):
    """KATA is erased and Balus does not answer while the two are parted: what is left there is counted anew."""
    request = asking.ask(two.her, kind="erase")
    engine.drain()
    for by in (OFFICER, SECOND):
        approve(request, by)
    db = sa.create_engine(urls["balus"])
    with db.begin() as c:
        c.exec_driver_sql(
            "create trigger stop before update on accounts begin select raise(abort, 'no'); end"
        )
    engine.drain()
    done = set(request.steps.filter(action="erase", state="done").values_list("source", flat=True))
    assert done
    assert "balus" not in done
    part()
    with db.begin() as c:
        c.exec_driver_sql("drop trigger stop")
    db.dispose()
    assert finish(request).state == "answered"
    assert row(urls, two.key) == two.before
    again = request.steps.filter(action="erase", state="done").values_list("source", flat=True)
    assert {*again} == {*done, "balus"}


def test_a_plan_that_was_read_before_the_parting_is_not_approved(two, urls):
    """A worker that read the links, slept, and wrote its plan after the two were parted."""
    request = asking.ask(two.her, kind="erase")
    engine.drain()
    Link.objects.filter(source="balus", key=str(two.key)).update(person=two.other)
    Person.objects.update(merged_into=None)
    Request.objects.filter(pk=request.pk).update(state="review")
    with pytest.raises(WrongState, match="has changed"):
        rights.approve_request(OFFICER, fresh(request))
    planning.look_at_more(OFFICER, fresh(request))
    assert keys_of(two.her)["balus"] == {"accounts": (str(HEROINE["balus"]),)}
    assert finish(request).state == "answered"
    assert row(urls, two.key) == two.before


def test_a_package_of_both_opens_no_more_and_what_is_in_work_is_gathered_anew(two):
    made = asking.ask(two.her)
    engine.drain()
    asking.approve(made)
    engine.drain()
    assert fresh(made).ready(clock.now())
    going = asking.ask(two.her, kind="erase")
    bring(going, "acting")
    assert fresh(going).state == "acting"
    part()
    assert not fresh(made).ready(clock.now())
    assert fresh(going).state == "identified"
    with pytest.raises(WrongState):
        b"".join(released.open_package(fresh(made)))
