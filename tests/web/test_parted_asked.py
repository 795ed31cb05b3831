"""Two taken for one, and the one who was merged away asks: it is theirs when they are found to be two, or it waits."""

import itertools
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chikai import clock
from chikai.errors import WrongState
from chikai.web.actions import askers, choices, people, rights, rights_asked
from chikai.web.actions import portal as actions
from chikai.web.models import Approval, Link, Merge, Person, Request
from chikai.web.work import engine
from tests.web import asking, test_parted
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE, OFFICER
from tests.web.test_parted import finish, fresh, row
from tests.web.test_parted import given as given_out

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
STATES = ("received", "review", "waiting_for_person", "approved once", "acting")


@pytest.fixture
def two(urls):
    """She, and somebody who was found to be her by mistake; each signs in from the service as themselves."""
    her = asking.settle(urls, mode="enforce")
    other = asking.more_people(urls, 3)[-1]
    key = int(other.links.get().key)
    before = {k: row(urls, k) for k in (HEROINE["balus"], key)}
    people.merge(OFFICER, her.pk, other.pk)
    return SimpleNamespace(her=her, other=other, key=key, before=before)


def part():
    people.part(OFFICER, Merge.objects.filter(undone_at=None).order_by("-pk")[0].pk)


def signed_in(key, nonce="n1"):
    client = Client()
    found = client.get(f"/me/enter?token={us.token('balus', str(key), nonce)}")
    assert found.status_code == 302, found.content
    return client


def asked(client, kind="erase", **more):
    before = {*Request.objects.values_list("pk", flat=True)}
    client.post("/me/requests/new", {"kind": kind, "form": "file", **more})
    return Request.objects.exclude(pk__in=before).get()


def bring(request, at):
    if at == "received":
        Request.objects.filter(pk=request.pk).update(state="received", evidence="")
        return
    test_parted.bring(request, at)


@pytest.mark.parametrize("at", STATES)
def test_the_erasure_that_the_other_asked_erases_the_other_and_leaves_her_alone(two, urls, at):
    theirs = signed_in(two.key)
    request = asked(theirs)
    bring(request, at)
    part()
    assert theirs.get(reverse("me-request", args=[request.number])).status_code == 200
    hers = signed_in(HEROINE["balus"], "n2")
    assert hers.get(reverse("me-request", args=[request.number])).status_code == 404
    if at == "received":
        rights.identify_request(DESK, fresh(request))
    if at == "waiting_for_person":
        rights.resume_request(DESK, request)
    assert finish(request).state == "answered"
    assert row(urls, two.key) != two.before[two.key]
    assert row(urls, HEROINE["balus"]) == two.before[HEROINE["balus"]]


def test_the_copy_that_the_other_asked_holds_nothing_of_hers(two, urls):
    request = asked(signed_in(two.key), "disclose")
    bring(request, "review")
    part()
    assert finish(request).state == "answered"
    assert two.before[two.key][1] in given_out(request)
    assert two.before[HEROINE["balus"]][1] not in given_out(request)


def test_a_thread_goes_with_who_wrote_it(two):
    theirs = signed_in(two.key)
    request = asked(theirs, "disclose")
    mine = {"person": two.her, "through": request.through}
    rights_asked.write_message(rights.PERSON, request, "ひみつのことば", **mine)
    part()
    address = reverse("me-request", args=[request.number])
    assert "ひみつのことば" in theirs.get(address).content.decode()
    assert signed_in(HEROINE["balus"], "n2").get(address).status_code == 404


def test_what_she_had_stopped_stands_again_though_the_other_let_it_go_on(two):
    part()
    unit = "purpose:guidance"
    choices.stop(rights.PERSON, two.her.pk, unit)
    people.merge(OFFICER, two.her.pk, two.other.pk)
    theirs = signed_in(two.key)
    theirs.post("/me/settings/turn", {"unit": unit, "to": "resume"})
    assert not choices.stands_stopped(two.her.pk, unit)
    part()
    assert choices.stands_stopped(two.her.pk, unit)
    assert not choices.stands_stopped(two.other.pk, unit)


def test_a_press_stands_in_the_history_of_who_pressed(two):
    theirs = signed_in(two.key)
    theirs.post("/me/settings/turn", {"unit": "purpose:guidance", "to": "stop"})
    part()
    said = "ご本人が利用を止めました"
    assert said in theirs.get(reverse("me-history")).content.decode()
    hers = signed_in(HEROINE["balus"], "n2").get(reverse("me-history")).content.decode()
    assert said not in hers
    assert choices.stands_stopped(two.her.pk, "purpose:guidance")  # what was stopped for both


@pytest.mark.parametrize("at", STATES)
def test_where_nobody_can_say_who_asked_nothing_goes_on_and_nobody_is_shown_it(two, urls, at):
    request = asking.ask(two.her, kind="erase", through=None, note="手紙で")
    bring(request, at)
    part()
    row_ = fresh(request)
    assert (row_.state, row_.evidence, row_.between_id) == ("received", "", two.other.pk)
    assert not Approval.objects.filter(request=request).exists()
    for n, key in enumerate((two.key, HEROINE["balus"])):
        page = signed_in(key, f"n{n}").get(reverse("me-request", args=[request.number]))
        assert page.status_code == 404
    with pytest.raises(WrongState, match="which of two"):
        rights.identify_request(DESK, row_)
    engine.drain()
    assert fresh(request).state == "received"
    assert {k: row(urls, k) for k in two.before} == two.before


def test_an_officer_says_who_asked_and_it_goes_on_for_them(two, urls, as_role):
    request = asking.ask(two.her, kind="erase", through=None, note="手紙で", reply_to=asking.MAIL)
    rights_asked.write_message(DESK, request, "お待ちください")
    bring(request, "review")
    part()
    officer = as_role("officer")
    shown = officer.get(reverse("desk-request", args=[request.number])).content.decode()
    assert "どちらの方の請求" in shown
    officer.post(reverse("desk-request-asker", args=[request.number]), {"person": two.other.pk})
    found = fresh(request)
    assert (found.person_id, found.between_id) == (two.other.pk, None)
    assert rights.read_note(found) == "手紙で"
    assert [text for _, text in rights_asked.read_messages(found)] == ["お待ちください"]
    rights.identify_request(DESK, found)
    assert finish(request).state == "answered"
    assert row(urls, two.key) != two.before[two.key]
    assert row(urls, HEROINE["balus"]) == two.before[HEROINE["balus"]]


def test_what_came_through_one_registration_goes_with_it_when_it_is_parted(two, urls):
    """They were born into one person: no merge says who was who before."""
    Merge.objects.all().delete()
    Person.objects.update(merged_into=None)
    link = Link.objects.get(source="balus", key=str(two.key))
    Link.objects.filter(pk=link.pk).update(since=clock.now())
    theirs = signed_in(two.key)
    request = asked(theirs)
    hers = asked(signed_in(HEROINE["balus"], "n2"), "disclose")
    event = people.part_link(OFFICER, link.pk)
    assert (event.facts["given_back"], event.facts["unsure"]) == (1, 0)
    assert fresh(request).person_id == event.subject
    assert fresh(hers).person_id == two.her.pk
    assert rights.read_note(fresh(request), "reply_to") == rights.read_note(request, "reply_to")
    assert theirs.get(reverse("me-request", args=[request.number])).status_code == 200
    assert finish(request).state == "answered"
    assert row(urls, two.key) != two.before[two.key]
    assert row(urls, HEROINE["balus"]) == two.before[HEROINE["balus"]]


def test_an_address_that_both_carry_does_not_say_who_asked(two):
    mine, theirs = (Link.objects.get(source="balus", key=str(k)) for k in two.before)
    request = asking.ask(two.her, through=[mine.pk, theirs.pk])
    part()
    assert fresh(request).between_id == two.other.pk


@pytest.fixture
def published():
    """A policy in force; the keys of people who come."""
    us.begin()
    return map(str, itertools.count(1000))


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("part"), st.integers(0, 3), st.just(0)),
        st.tuples(st.just("ask"), st.integers(0, 3), st.integers(0, 3)),
    ),
    max_size=14,
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(moves=MOVES)
def test_whatever_is_merged_and_parted_a_request_is_with_its_link_or_waits(published, moves):
    new = [us.person(f"{n}@minato.example", {"balus": next(published)}, n) for n in range(4)]
    links = [person.links.get() for person in new]
    asked_through = {}
    for verb, one, other in moves:
        now = {link.pk: Link.objects.get(pk=link.pk).person_id for link in links}
        mine = now[links[one].pk]
        if verb == "merge" and mine != now[links[other].pk]:
            people.merge(OFFICER, mine, now[links[other].pk])
        if verb == "part":
            last = Merge.objects.filter(undone_at=None, kept=mine).order_by("-pk").first()
            if last:
                people.part(OFFICER, last.pk)
        if verb == "ask":
            through = sorted(
                {links[one].pk, *([links[other].pk] if now[links[other].pk] == mine else [])}
            )
            try:
                request = asking.ask(Person.objects.get(pk=mine), through=through, evidence="")
            except WrongState:
                continue
            asked_through[request.pk] = through
    for pk, through in asked_through.items():
        request = Request.objects.get(pk=pk)
        holders = {Link.objects.get(pk=link).person_id for link in through}
        mine = Person.resolve(request.person_id).pk
        assert holders == {mine} or request.between_id is not None


def stranger(address="hatena@nowhere.example"):
    """Somebody whom no service knows, and who asks from their mailbox."""
    made = askers.new(actions.mailbox_of(address), clock.now(), proved=True)
    through = [made.links.get().pk]
    return made, asking.ask(made, through=through, reply_to=address)


@pytest.mark.parametrize("word", ["balus:{}", "balus:accounts:{}", "id"])
def test_a_mailbox_that_the_desk_joined_to_the_other_goes_with_the_other(two, as_role, word):
    made, request = stranger()
    said = str(two.other.pk) if word == "id" else word.format(two.key)
    as_role("officer").post(reverse("desk-request-join", args=[request.number]), {"person": said})
    assert Person.resolve(made.pk) == two.her  # while the two are taken for one
    people.part(OFFICER, Merge.objects.get(gone=two.other, undone_at=None).pk)
    assert Person.resolve(made.pk) == two.other
    assert finish(request).state == "answered"
    assert two.before[two.key][1] in given_out(request)
    assert two.before[HEROINE["balus"]][1] not in given_out(request)
    people.part(OFFICER, Merge.objects.get(gone=made, undone_at=None).pk)
    assert Link.objects.get(key=str(made.pk)).person == made


def test_the_desk_names_who_asked_without_a_service_and_what_is_stopped_in_words(two, as_role):
    request = asking.ask(two.her, kind="erase", through=None)
    bring(request, "acting")
    page = as_role("officer").get(reverse("desk-request", args=[request.number])).content.decode()
    assert "停止" in page
    assert "everything" not in page.partition("<main")[2]
    part()
    Link.objects.filter(person=two.other).update(source="", table="asker")
    page = as_role("officer").get(reverse("desk-request", args=[request.number])).content.decode()
    assert "窓口への請求" in page
    assert "asker</dt>" not in page
