"""What was written, pressed and read while two were taken for one is of who did it, and of nobody else once they are parted."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chikai import clock
from chikai.errors import WrongState
from chikai.web import held_file
from chikai.web.actions import PERSON, choices, parting, people, receipts, rights, rights_asked
from chikai.web.actions import portal as actions
from chikai.web.models import HeldIndex, Link, Merge, Person, PortalSession, Request
from chikai.web.models.people import ids_of, own_id
from chikai.web.portal import access
from chikai.web.work import engine
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE, MAIL, OFFICER, SECOND
from tests.web.test_parted import approve, fresh, part, row

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
UNIT = "purpose:guidance"
SECRET = "これは私だけのことです。"


@pytest.fixture
def two(urls):
    """She stays, and the other one was merged away; what each came through."""
    her = asking.settle(urls, mode="enforce")
    other = asking.more_people(urls, 3)[-1]
    key = int(other.links.get().key)
    before = row(urls, key), row(urls, HEROINE["balus"])
    people.merge(OFFICER, her.pk, other.pk)
    hers = Link.objects.get(source="balus", key=str(HEROINE["balus"]))
    theirs = Link.objects.get(source="balus", key=str(key))
    return SimpleNamespace(
        her=her, other=other, key=key, before=before, hers=[hers.pk], theirs=[theirs.pk]
    )


def test_a_change_that_nobody_can_give_to_one_of_two_stops_between_its_steps(two, urls):
    request = asking.ask(two.her, kind="erase", through=[*two.hers, *two.theirs])
    engine.drain()
    for by in (OFFICER, SECOND):
        approve(request, by)
    part()
    engine.drain()
    assert fresh(request).state == "received"
    assert (row(urls, two.key), row(urls, HEROINE["balus"])) == two.before


def test_everything_that_was_sealed_opens_after_it_was_given_to_the_other(two):
    asked = {"items": "name", "wrong": "花子", "right": "はな子"}
    request = asking.ask(
        two.her, kind="correct", through=[*two.hers, *two.theirs], asked=asked, note=SECRET
    )
    rights_asked.write_message(PERSON, request, SECRET, person=two.her, through=two.theirs)
    rights_asked.write_message(DESK, request, "承りました。")
    part()
    parting.say_who_asked(OFFICER, fresh(request), two.other.pk)
    halted = fresh(request)
    assert halted.person_id == two.other.pk
    assert rights.read_asked(halted) == asked
    assert [text for _, text in rights_asked.read_messages(halted)] == [SECRET, "承りました。"]


def test_what_the_one_wrote_into_the_thread_of_the_other_stands_on_no_page_of_theirs(two):
    request = asking.ask(two.her, through=two.hers)
    rights_asked.write_message(PERSON, request, SECRET, person=two.her, through=two.theirs)
    rights_asked.write_message(PERSON, request, "私です。", person=two.her, through=two.hers)
    part()
    assert [text for _, text in rights_asked.read_own(fresh(request))] == ["私です。"]
    assert len(rights_asked.read_messages(fresh(request))) == 2


def test_a_message_of_which_nobody_kept_who_wrote_it_stands_on_no_page(two):
    request = asking.ask(two.her, through=two.hers)
    rights_asked.write_message(PERSON, request, SECRET, person=two.her)
    assert len(rights_asked.read_own(fresh(request))) == 1
    part()
    assert rights_asked.read_own(fresh(request)) == []
    assert len(rights_asked.read_messages(fresh(request))) == 1


def stopped(person):
    return choices.stands_stopped(person.pk, UNIT)


def test_an_undoing_of_the_one_has_not_undone_a_stop_that_the_other_made_meanwhile(two):
    choices.stop(PERSON, two.her.pk, UNIT)
    choices.resume(PERSON, two.other.pk, UNIT)
    assert not stopped(two.her)
    part()
    assert stopped(two.her)


def test_who_undoes_their_own_stop_has_undone_it(two):
    part()
    choices.stop(PERSON, two.other.pk, UNIT)
    people.merge(OFFICER, two.her.pk, two.other.pk)
    choices.resume(PERSON, two.other.pk, UNIT)
    part()
    assert (stopped(two.her), stopped(two.other)) == (False, False)


def test_a_stop_stands_for_both_until_each_lifts_their_own(two):
    choices.stop(PERSON, two.other.pk, UNIT)
    part()
    assert (stopped(two.her), stopped(two.other)) == (True, True)
    choices.resume(PERSON, two.her.pk, UNIT)
    assert (stopped(two.her), stopped(two.other)) == (False, True)


def test_the_stop_of_an_erasure_stands_in_the_history_of_who_asked_it(two):
    request = asking.ask(two.her, kind="erase", through=two.theirs)
    engine.drain()
    for by in (OFFICER, SECOND):
        approve(request, by)
    part()
    hers = {e.kind for e in receipts.entries_about(ids_of(two.her.pk))}
    theirs = {e.kind for e in receipts.entries_about(ids_of(two.other.pk))}
    assert not hers & {"choices.stopped", "rights.opened", "rights.approved"}
    assert theirs >= {"choices.stopped", "rights.opened", "rights.approved", "people.parted"}


def test_what_was_read_or_counted_of_both_is_shown_to_neither(client):
    hanako = us.begin()
    taro = us.person("taro@minato.example", {"balus": "18"}, 9)
    people.merge(OFFICER, hanako.pk, taro.pk)
    us.sign_in(client, key="18")
    [session] = PortalSession.objects.all()
    held_file.write(session.pk, bytes(session.seal), {"places": []})
    token = client.cookies[access.COOKIE].value
    assert held_file.read(session.pk, token)
    actions.keep_counts(PERSON, hanako, us.COUNTED)
    part()
    assert held_file.read(session.pk, token) is None
    assert not HeldIndex.objects.exists()


def test_an_address_that_was_read_from_the_rows_of_both_is_read_anew(two):
    request = asking.ask(two.her, through=two.theirs, channel="service")
    part()
    assert fresh(request).reply_to is None


def test_nobody_is_forgotten_for_an_erasure_of_which_nobody_knows_who_asked_it(two):
    request = asking.ask(two.her, kind="erase", through=[*two.hers, *two.theirs])
    engine.drain()
    for by in (OFFICER, SECOND):
        approve(request, by)
    engine.drain()
    assert fresh(request).state == "answered"
    part()
    request.notices.update(state="sent")
    day = fresh(request).forget_on
    later = day.replace(year=day.year + 1)
    assert not Request.objects.forgettable(later).exists()
    parting.say_who_asked(OFFICER, fresh(request), two.other.pk)
    assert Request.objects.forgettable(later).get() == request


def test_a_key_that_is_somebody_elses_by_now_does_not_give_a_request_away(two):
    request = asking.ask(two.her, through=two.theirs)
    stranger = us.person("new@minato.example", {"kata": "n77"}, 9)
    Link.objects.filter(pk__in=two.theirs).update(person=stranger)
    part()
    assert fresh(request).between_id is not None


def test_what_somebody_asked_whom_nobody_knew_is_of_who_they_were_found_to_be(two):
    events = rights.open_request(DESK, person=None, kind="disclose", channel="post", note="手紙")
    request = Request.objects.get(number=events[0].facts["number"])
    part()
    people.merge(OFFICER, two.other.pk, request.person_id)
    people.merge(OFFICER, two.her.pk, two.other.pk)
    Merge.objects.filter(undone_at=None).update(at=request.arrived_at)
    people.part(OFFICER, Merge.objects.get(gone=two.other, undone_at=None).pk)
    assert fresh(request).between_id is None
    assert request in Request.objects.shown_to(two.other)
    assert request not in Request.objects.shown_to(two.her)


@pytest.fixture
def three():
    """Three who are somebody each, oldest first."""
    us.begin()
    return [us.person(f"p{n}@minato.example", {"balus": str(60 + n)}, n - 500) for n in range(3)]


def undo(person):
    people.part(OFFICER, Merge.objects.get(undone_at=None, gone=person).pk)


def holders(three):
    return [
        Link.objects.get(source="balus", key=str(60 + n)).person_id for n, _ in enumerate(three)
    ]


def test_a_link_that_went_home_and_came_again_goes_with_who_brought_it_last(three):
    one, two_, third = (person.pk for person in three)
    people.merge(OFFICER, two_, third)
    people.merge(OFFICER, one, two_)
    undo(third)
    people.merge(OFFICER, one, third)
    undo(two_)
    assert holders(three) == [one, two_, one]
    undo(third)
    assert holders(three) == [one, two_, third]


def test_a_link_that_was_taken_away_alone_and_came_again_is_of_who_brought_it_last(three):
    one, two_, third = (person.pk for person in three)
    Link.objects.create(
        person_id=two_, source="kata", table="accounts", key="61", since=clock.now()
    )
    people.merge(OFFICER, one, two_)
    link = Link.objects.get(source="balus", key="61")
    alone = people.part_link(OFFICER, link.pk).subject
    people.merge(OFFICER, one, alone)
    assert own_id(Person.resolve(one), [link.pk]) == alone
    undo(two_)
    assert holders(three) == [one, one, third]


def test_an_outer_merge_that_is_undone_leaves_the_inner_one_to_be_undone(three):
    one, two_, third = (person.pk for person in three)
    people.merge(OFFICER, two_, third)
    people.merge(OFFICER, one, two_)
    undo(two_)
    assert holders(three) == [one, two_, two_]
    undo(third)
    assert holders(three) == [one, two_, third]


@pytest.mark.parametrize(("typed", "side"), [("balus:accounts:{}", "theirs"), ("{}", "both")])
def test_the_desk_names_a_key_and_the_request_is_of_that_one(two, as_role, typed, side):
    named = typed.format(two.key if side == "theirs" else two.her.pk)
    as_role("desk").post(
        "/desk/requests/new?kind=disclose",
        {
            "kind": "disclose",
            "person": named,
            "channel": "phone",
            "note": "お電話",
            "reply_to": "",
            "form": "file",
            "agency": "",
            "agent": "",
        },
    )
    request = Request.objects.get()
    part()
    assert (fresh(request).between_id is None) == (side == "theirs")
    if side == "theirs":
        assert fresh(request).person_id == two.other.pk


PEOPLE = st.integers(0, 2)
ACTS = st.one_of(
    st.tuples(st.just("merge"), PEOPLE, PEOPLE),
    st.tuples(st.just("ask"), PEOPLE, st.sampled_from(["disclose", "erase", "suspend"])),
    st.tuples(st.just("ask_somehow"), PEOPLE, PEOPLE),
    st.tuples(st.just("write"), PEOPLE, PEOPLE),
    st.tuples(st.just("stop"), PEOPLE, PEOPLE),
    st.tuples(st.just("resume"), PEOPLE, PEOPLE),
    st.tuples(st.just("part"), PEOPLE, PEOPLE),
)


class _Three:
    """Three people with a link each, who are found to be one and parted; and what each of them did."""

    def __init__(self):
        us.begin()
        for n in range(3):
            us.person(f"p{n}@minato.example", {"balus": str(40 + n)}, 20 + n)
        self.links = [Link.objects.get(source="balus", key=str(40 + n)).pk for n in range(3)]
        self.through, self.wrote, self.last = {}, [], {}

    def now(self, n):
        return Link.objects.get(pk=self.links[n]).person_id

    def own(self, n):
        return own_id(Link.objects.get(pk=self.links[n]).person, [self.links[n]])

    def do(self, act, one, other):
        try:
            getattr(self, act)(one, other)
        except WrongState:
            return  # it is so already, or another merge comes first

    def merge(self, one, other):
        people.merge(OFFICER, self.now(one), self.now(other))

    def part(self, one, _other):
        rows = list(Merge.objects.filter(undone_at=None).order_by("pk"))
        if rows:
            people.part(OFFICER, rows[one % len(rows)].pk)

    def ask(self, one, kind):
        self._ask(one, kind, [self.links[one]])

    def ask_somehow(self, one, other):
        if self.now(one) == self.now(other):
            self._ask(one, "disclose_records", [self.links[one], self.links[other]])

    def _ask(self, one, kind, came):
        person = Person.objects.get(pk=self.now(one))
        events = rights.open_request(
            PERSON, person=person, kind=kind, evidence="sign_in", reply_to=MAIL, through=came,
        )  # fmt: skip
        self.through[events[0].facts["number"]] = {*came}

    def write(self, one, _other):
        person = Person.objects.get(pk=self.now(one))
        for found in Request.objects.shown_to(person)[:1]:
            text = f"{one}番の秘密"
            rights_asked.write_message(
                PERSON, found, text, person=person, through=[self.links[one]]
            )

    def stop(self, one, _other):
        choices.stop(PERSON, self.own(one), UNIT)
        self.last[one] = True

    def resume(self, one, _other):
        choices.resume(PERSON, self.own(one), UNIT)
        self.last[one] = False

    def holds(self):
        """Whoever is somebody alone has what they did, and nothing of anybody else."""
        for n, link in enumerate(self.links):
            person = Person.objects.get(pk=self.now(n))
            mine = {i for i in range(3) if self.now(i) == person.pk}
            theirs = {self.links[i] for i in mine}
            for found in Request.objects.shown_to(person):
                assert self.through[found.number] <= theirs
                assert rights.read_note(found, "reply_to") == MAIL
                for _, text in rights_asked.read_own(found):
                    assert int(text[0]) in mine
            asked = {number for number, came in self.through.items() if came == {link}}
            assert asked <= {found.number for found in Request.objects.shown_to(person)}
            if mine == {n} and self.last.get(n):
                assert choices.stands_stopped(person.pk, UNIT)
        for found in Request.objects.exclude(between=None):
            assert found.state == "received"


@settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(ACTS, max_size=14))
def test_nobody_gets_what_another_asked_wrote_or_undid(acts):
    with transaction.atomic():
        three = _Three()
        for act in acts:
            three.do(*act)
            three.holds()
        while rows := Merge.objects.filter(undone_at=None).order_by("-pk"):
            people.part(OFFICER, rows[0].pk)
            three.holds()
        assert len({three.now(n) for n in range(3)}) == 3
        transaction.set_rollback(True)
