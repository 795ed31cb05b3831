"""An erasure that was answered, and a registration that is found to be the person's afterwards."""

import pytest
import sqlalchemy as sa
from django.conf import settings
from django.test import Client

from chikai import canon, clock
from chikai.web.actions import COMMAND, people
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.models import Candidate, Link, Outbox, Person, Request
from chikai.web.models.ledger import Events
from chikai.web.work import engine, notices
from chikai.web.work.people import sync_sources
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def her(urls):
    """She, whose profile at KATA stands apart and waits for a finding."""
    person, now = asking.settle(urls, mode="enforce"), clock.now()
    other = Person.objects.create(id=canon.new_id(now), since=now)
    Link.objects.filter(source="kata").update(person=other)
    a, b = sorted(Link.objects.filter(source__in=("balus", "kata")), key=lambda link: link.pk)
    Candidate.objects.create(reason="unverified", a=a, b=b, digest=b"m" * 32, at=now)
    return person


@pytest.fixture
def found_by_sync(urls):
    """The same as a sync finds it: KATA never proved the address that her account carries too."""
    person = asking.settle(urls, mode="enforce")
    Link.objects.filter(source="kata").delete()
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        mail = c.execute(
            sa.text("select email from accounts where id = :i"), {"i": HEROINE["balus"]}
        ).scalar_one()
    db.dispose()
    db = sa.create_engine(urls["kata"])
    with db.begin() as c:
        c.execute(
            sa.text("update profiles set email = :m, balus_account_id = null where id = :i"),
            {"m": mail, "i": HEROINE["kata"]},
        )
    db.dispose()
    synced()
    return person


def synced():
    done = sync_sources(COMMAND, settings.HOME)
    assert not done.faults


def fresh(request):
    return Request.objects.get(pk=request.pk)


def erased(request):
    engine.drain()
    actions.approve_request(OFFICER, fresh(request))
    actions.approve_request(SECOND, fresh(request))
    engine.drain()
    assert fresh(request).state == "answered"
    return fresh(request)


def name_at_kata(urls):
    db = sa.create_engine(urls["kata"])
    with db.connect() as c:
        found = c.execute(sa.text("select * from profiles where id = :i"), {"i": HEROINE["kata"]})
        (row,) = found.mappings().all()
    db.dispose()
    return str(dict(row))


def page_of(request):
    client = Client()
    us.sign_in(client, "balus", str(HEROINE["balus"]))
    return client.get(f"/me/requests/{request.number}").content.decode()


def found_to_be_hers():
    people.confirm(OFFICER, Candidate.objects.waiting().get().pk)
    engine.drain()


def test_an_erasure_with_a_pair_that_waits_says_that_it_is_not_all(her):
    request = erased(asking.ask(her, kind="erase"))
    assert "あなたのものかもしれない登録が1件あり、確かめています" in page_of(request)
    said = notices.message(Outbox.objects.get(kind="answered"), asking.MAIL).body
    assert "あなたのものかもしれない登録を確かめています" in said


def test_a_pair_outlives_the_address_that_the_erasure_masked(found_by_sync, urls):
    """The next sync finds nothing that the two share; the profile still holds her name, so an officer has to say."""
    request = erased(asking.ask(found_by_sync, kind="erase"))
    before, said = name_at_kata(urls), page_of(request)
    assert "あなたのものかもしれない登録が1件あり、確かめています" in said
    synced()
    assert Candidate.objects.about(found_by_sync).count() == 1
    said = page_of(request)
    assert "あなたのものかもしれない登録が1件あり、確かめています" in said
    kata = said[said.index("<b>KATA</b>") :]
    assert "確かめています" in kata[: kata.index("</li>")]
    people.confirm(OFFICER, Candidate.objects.about(found_by_sync).get().pk)
    engine.drain()
    erased(Request.objects.get(follows=request))
    assert name_at_kata(urls) != before
    synced()
    assert not Candidate.objects.about(found_by_sync).exists()


def test_a_pair_outlives_the_row_that_the_erasure_deleted(found_by_sync):
    request = erased(asking.ask(found_by_sync, kind="erase"))
    Link.objects.filter(person=found_by_sync).update(gone_at=clock.now())
    assert Candidate.objects.about(found_by_sync).count() == 1
    Outbox.objects.update(state="sent")
    day = request.forget_on.replace(year=request.forget_on.year + 1)
    assert not Request.objects.forgettable(day).exists()
    Link.objects.filter(source="kata").update(gone_at=clock.now())
    assert not Candidate.objects.about(found_by_sync).exists()
    assert Request.objects.forgettable(day).exists()


def test_a_pair_that_nobody_asks_about_goes_with_what_it_rested_on(found_by_sync, urls):
    db = sa.create_engine(urls["kata"])
    with db.begin() as c:
        c.execute(
            sa.text("update profiles set email = 'another@kata.example' where id = :i"),
            {"i": HEROINE["kata"]},
        )
    db.dispose()
    synced()
    assert not Candidate.objects.about(found_by_sync).exists()


def test_what_is_found_to_be_hers_afterwards_is_erased_as_well(her, urls, as_role):
    request = erased(asking.ask(her, kind="erase"))
    before = name_at_kata(urls)
    found_to_be_hers()
    later = Request.objects.get(follows=request)
    assert (later.state, later.whole, later.kind) == ("review", True, "erase")
    assert [s.source for s in later.steps.filter(action="count")] == ["kata"]
    page = page_of(request)
    assert "あとで見つかり、消しています" in page
    assert later.number in page
    assert "確かめています。あなたのものと分かれば" not in page
    assert request.number in as_role("desk").get(f"/desk/requests/{later.number}").content.decode()
    erased(later)
    assert name_at_kata(urls) != before
    assert "それも消しました" in page_of(request)
    assert facts_of(Events("rights.opened")[0])["follows"] == request.number
    assert Outbox.objects.filter(request=later, kind="found_more").count() == 1


def test_nobody_is_forgotten_while_a_pair_waits_or_what_follows_is_open(her):
    request = erased(asking.ask(her, kind="erase"))
    Outbox.objects.update(state="sent")
    day = request.forget_on.replace(year=request.forget_on.year + 1)
    assert not Request.objects.forgettable(day).exists()
    found_to_be_hers()
    assert not Request.objects.forgettable(day).exists()
    later = erased(Request.objects.get(follows=request))
    Outbox.objects.update(state="sent")
    assert set(Request.objects.forgettable(day)) == {request, later}
    assert not Request.objects.forgettable(later.forget_on).exists()


def test_who_is_found_to_be_somebody_else_is_not_erased(her, urls):
    request = erased(asking.ask(her, kind="erase"))
    before = name_at_kata(urls)
    people.deny(OFFICER, Candidate.objects.waiting().get().pk)
    engine.drain()
    assert not Request.objects.filter(follows=request).exists()
    assert name_at_kata(urls) == before


def test_who_registers_anew_after_the_answer_has_asked_for_nothing(her):
    request = erased(asking.ask(her, kind="erase"))
    Link.objects.filter(source="kata").update(since=clock.now())
    found_to_be_hers()
    assert not Request.objects.filter(follows=request).exists()


def test_an_erasure_of_one_service_is_followed_in_that_service_alone(her):
    request = erased(asking.ask(her, kind="erase", asked={"services": "balus"}))
    found_to_be_hers()
    assert not Request.objects.filter(follows=request).exists()


def test_it_is_followed_once_also_when_the_erased_one_is_the_younger(her, urls):
    old = Person.objects.exclude(pk=her.pk).get(links__source="kata")
    now = clock.now()
    younger = Person.objects.create(id=canon.new_id(now), since=now)
    Link.objects.filter(person=her).update(person=younger)
    request = erased(asking.ask(younger, kind="erase"))
    found_to_be_hers()
    assert Person.resolve(younger.pk) == old
    later = Request.objects.get(follows=request)
    assert [s.source for s in later.steps.filter(action="count")] == ["kata"]
    engine.drain()
    assert Request.objects.filter(follows=request).count() == 1
