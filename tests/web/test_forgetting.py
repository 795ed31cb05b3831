"""After an erasure of everything: earlier packages close, every use stops, and in time our own records and the keys go."""

from datetime import timedelta

import pytest
from django.conf import settings

from chikai import clock
from chikai.errors import WrongState
from chikai.web import erased
from chikai.web.actions import WORK, choices, forgetting, taking_back
from chikai.web.actions import rights as actions
from chikai.web.actions import rights_asked as care
from chikai.web.models import (
    Choice,
    HeldIndex,
    Identifier,
    Link,
    Message,
    Outbox,
    PortalSession,
    Request,
    ServiceKey,
    Staff,
)
from chikai.web.models.ledger import Entry, SubjectKey
from chikai.web.work import engine
from tests.web import asking, world
from tests.web.asking import HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
WORDS = "むかしの住所は青葉台1-2-3"


@pytest.fixture
def her(urls):
    person = asking.settle(urls, mode="enforce", more="[own]\nbackup_days = 7\n\n")
    file = settings.HOME.path / "chikai.toml"
    said = file.read_text("utf-8").replace('mode = "enforce"', 'mode = "enforce"\nbackup_days = 90')
    file.write_text(said, "utf-8")
    return person


def fresh(request):
    return Request.objects.get(pk=request.pk)


def erasure(her, **more):
    request = asking.ask(her, kind="erase", **more)
    engine.drain()
    actions.approve_request(OFFICER, request)
    actions.approve_request(SECOND, request)
    engine.drain()
    request = fresh(request)
    assert request.state == "answered"
    return request


def days_pass():
    """The fourteen days are over, and every notice has gone."""
    before = clock.day_in_japan(clock.now()) - timedelta(days=1)
    Outbox.objects.filter(state="todo").update(state="no_address")
    Request.objects.exclude(forget_on=None).update(forget_on=before)
    engine.drain()


def known_at_balus():
    ServiceKey.objects.create(
        service="balus", key=str(HEROINE["balus"]), since=clock.now(), bits="0"
    )


def bits_at_balus():
    return int(ServiceKey.objects.get(service="balus", key=str(HEROINE["balus"])).bits, 16)


def test_an_erasure_stops_every_use_of_what_is_left_and_closes_earlier_packages(her):
    known_at_balus()
    package = asking.ask(her)
    engine.drain()
    asking.approve(fresh(package))
    engine.drain()
    assert fresh(package).ready(clock.now())
    request = erasure(her)
    assert choices.stands_stopped(her.pk, "everything")
    assert bits_at_balus() & 1
    package = fresh(package)
    assert not package.ready(clock.now())
    with pytest.raises(WrongState):
        actions.key_of(package)
    assert request.forgotten_at is None
    assert SubjectKey.objects.get(subject=her.pk).state == "active"


def test_when_its_days_are_over_our_own_records_and_the_keys_are_gone(her):
    known_at_balus()
    request = erasure(her, note=WORDS)
    care.write_message(OFFICER, request, WORDS)
    days_pass()
    request = fresh(request)
    assert request.forgotten_at is not None
    assert SubjectKey.objects.get(subject=her.pk).state == "destroyed"
    assert not Link.objects.filter(person=her).exists()
    assert not Identifier.objects.filter(link__key=str(HEROINE["balus"])).exists()
    for model in (Choice, PortalSession, HeldIndex):
        assert not model.objects.filter(person=her).exists()
    assert not Message.objects.exists()
    assert actions.read_note(request) == ""
    assert (request.number, request.kind) == (f"{request.arrived_at.year}-0001", "erase")
    assert Entry.objects.filter(kind="keys.destroyed").count() == 1
    engine.drain()
    assert Entry.objects.filter(kind="keys.destroyed").count() == 1


def test_what_still_stands_stays_stopped_and_leads_to_nobody(her):
    known_at_balus()
    erasure(her)
    days_pass()
    nobody = {link.person_id for link in Link.objects.all()}
    assert len(nobody) == 1
    assert nobody != {her.pk}
    assert choices.stands_stopped(nobody.pop(), "everything")
    assert bits_at_balus() & 1


def test_an_erasure_in_one_service_leaves_the_keys_the_settings_and_the_links(her):
    choices.stop(actions.PERSON, her.pk, "purpose:guidance")
    before = Link.objects.filter(person=her).count()
    request = erasure(her, asked={"services": "website"})
    assert not request.whole
    days_pass()
    assert fresh(request).forgotten_at is None
    assert SubjectKey.objects.get(subject=her.pk).state == "active"
    assert Link.objects.filter(person=her).count() == before
    assert choices.stands_stopped(her.pk, "purpose:guidance")
    assert not choices.stands_stopped(her.pk, "everything")
    assert erased.of_request(fresh(request)).days is None


def test_the_keys_wait_for_the_days_the_notice_and_what_else_is_asked(her):
    request = erasure(her)
    with pytest.raises(WrongState, match="days are not over"):
        forgetting.forget_person(WORK, request)
    other = asking.ask(her, kind="notify_purpose")
    days_pass()
    assert fresh(request).forgotten_at is None
    taking_back.withdraw_request(actions.PERSON, fresh(other), person=her)
    Outbox.objects.filter(request=request).update(
        state="todo", not_before=clock.now() + timedelta(days=1)
    )
    engine.drain()
    assert fresh(request).forgotten_at is None
    days_pass()
    assert fresh(request).forgotten_at is not None


def test_the_page_names_the_three_days_before_and_after(her, client):
    request = erasure(her)
    world.sign_in(client, Staff.objects.get())
    page = client.get(f"/desk/requests/{request.number}").content.decode()
    assert "鍵をこわす日" in page
    today = clock.day_in_japan(clock.now())
    days = erased.of_request(request).days
    assert (days.services, days.key_done) == (today, False)
    assert days.key == today + timedelta(days=15)
    assert days.backups == today + timedelta(days=90)
    assert days.own == days.key + timedelta(days=7)
    days_pass()
    page = client.get(f"/desk/requests/{request.number}").content.decode()
    assert "鍵をこわした日" in page
    assert erased.of_request(fresh(request)).days.key == today


def test_where_nobody_set_how_long_backups_stay_no_day_is_told(urls):
    her = asking.settle(urls, mode="enforce")
    assert settings.HOME.own.get("backup_days") is None
    days = erased.of_request(erasure(her)).days
    assert (days.own, days.backups) == (None, None)
