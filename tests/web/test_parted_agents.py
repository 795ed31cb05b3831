"""What somebody asks for another follows both: the registration that the desk named, and the account that it was asked with."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chikai import clock
from chikai.web.actions import parting, people, rights
from chikai.web.models import Asked, Identifier, Link, Merge, Person, Request
from chikai.web.models.people import ids_of
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import DESK, OFFICER
from tests.web.test_agents_follow import PDF, account, filled, her, signed_in, text
from tests.web.test_parted import fresh

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
__all__ = ["filled", "her"]


@pytest.fixture
def born():
    """One person with two registrations, which no merge brought together."""
    us.begin()
    person = us.person("born@minato.example", {"balus": "81", "kata": "82"}, -900)
    return person, {link.source: link for link in person.links.all()}


def by_agent():
    """A request of an agent at the desk, about somebody of whom nobody knows who they are."""
    events = rights.open_request(
        DESK, person=None, kind="disclose", channel="post", note="代理の手紙",
        agency="statutory", agent="親 太郎",
    )  # fmt: skip
    return Request.objects.get(number=events[0].facts["number"])


def join(as_role, request, word):
    as_role("officer").post(reverse("desk-request-join", args=[request.number]), {"person": word})


@pytest.mark.parametrize("taken", ["balus", "kata"])
def test_it_goes_with_the_registration_that_was_named(born, as_role, taken):
    _, links = born
    request = by_agent()
    join(as_role, request, "balus:accounts:81")
    people.part_link(OFFICER, links[taken].pk)
    named = Link.objects.get(pk=links["balus"].pk).person
    assert fresh(request).between_id is None
    assert Person.resolve(fresh(request).person_id) == named
    assert rights.read_note(fresh(request)) == "代理の手紙"
    assert Link.objects.get(key=str(request.person_id)).person == named


def test_it_goes_with_it_also_where_the_one_who_asked_was_known_before(born, as_role):
    """The asker's row is the older one, so it stays and the registration was merged into it."""
    request = by_agent()
    person = us.person("later@minato.example", {"balus": "91", "kata": "92"}, 900)
    join(as_role, request, "balus:accounts:91")
    assert Person.resolve(person.pk).pk == request.person_id
    link = Link.objects.get(source="balus", key="91")
    alone = people.part_link(OFFICER, link.pk).subject
    assert fresh(request).person_id == alone
    assert rights.read_note(fresh(request)) == "代理の手紙"


def test_where_no_one_registration_was_named_an_officer_says_whose_it_is(born, as_role):
    person, links = born
    request = by_agent()
    join(as_role, request, str(person.pk))
    alone = people.part_link(OFFICER, links["kata"].pk).subject
    assert fresh(request).between_id == alone
    parting.say_who_asked(OFFICER, fresh(request), alone)
    assert fresh(request).person_id == alone


def test_who_was_joined_and_goes_along_can_be_parted_again(born, as_role):
    _, links = born
    request = by_agent()
    join(as_role, request, "balus:accounts:81")
    alone = people.part_link(OFFICER, links["balus"].pk).subject
    assert set(ids_of(alone)) == {alone, request.person_id}
    people.part(OFFICER, Merge.objects.get(gone=request.person_id, undone_at=None).pk)
    assert Person.resolve(request.person_id).pk == request.person_id
    assert Link.objects.get(key=str(request.person_id)).person_id == request.person_id
    assert Link.objects.get(pk=links["balus"].pk).person_id == alone


def test_taking_out_the_one_registration_that_it_was_joined_to_leaves_who_asked_alone(as_role):
    us.begin()
    link = us.person("one@minato.example", {"balus": "71"}, -900).links.get()
    request = by_agent()
    join(as_role, request, "balus:accounts:71")
    people.part_link(OFFICER, link.pk)
    found = fresh(request)
    assert found.between_id is None
    assert Link.objects.get(pk=link.pk).person_id != Person.resolve(found.person_id).pk


def test_an_agent_keeps_what_they_asked_when_their_account_is_taken_out(her):
    agent = account(her)
    mine = agent.links.get()
    now = clock.now()
    other = Link.objects.create(
        person=agent, source="kata", table="profiles", key="other", since=now
    )
    session = signed_in()
    file = SimpleUploadedFile("mandate.pdf", PDF)
    session.post("/me/requests/for", {
        "kind": "disclose", "agency": "statutory", "agent": "親", "form": "file",
        "whom": "花子", "paper": file,
    })  # fmt: skip
    request = Request.objects.get()
    where = f"/me/requests/{request.number}"
    assert session.get(where).status_code == 200
    alone = people.part_link(OFFICER, mine.pk).subject
    assert Identifier.objects.filter(link=mine).exists()
    assert Asked.objects.get().by_id == alone
    assert session.get(where).status_code == 200
    assert request.number in text(session.get("/me/requests"))
    assert Link.objects.get(pk=other.pk).person == agent
    assert asking.MAIL not in text(session.get(where))
