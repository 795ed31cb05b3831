"""Announcing a change in the console: seen and counted before anybody is told, and let go by a second officer."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from chikai import clock
from chikai.policy import load
from chikai.web import change_words, mail
from chikai.web.actions import COMMAND, policy_announce
from chikai.web.actions.policy import publish_edition
from chikai.web.models import (
    Announcement,
    Edition,
    Installation,
    Job,
    NoticeMail,
    PreparedNotice,
    Staff,
)
from chikai.web.models.ledger import counted
from chikai.web.work import engine
from tests.clause import care
from tests.web import world

pytestmark = [pytest.mark.django_db, pytest.mark.clause("8")]
PAGE = "/desk/policy/announce"


def text(response):
    return response.content.decode()


def events(kind):
    return sum(row.count for row in counted() if row.kind == kind)


@pytest.fixture
def first(as_role):
    """An officer who prepares; a second edition is in force that asks for one consent."""
    world.begin()
    world.publish()
    world.publish_next()
    return as_role("officer")


@pytest.fixture
def second(first, client):
    world.sign_in(client, Staff.objects.get(email="sakura@levii.example"))
    return client


def prepare(client, **more):
    digest = Edition.objects.current().digest
    return client.post(PAGE, {"digest": digest, "mail": "on", **more})


def waiting():
    row = PreparedNotice.objects.waiting()
    assert row is not None
    return row


def test_the_page_says_what_is_asked_of_whom_and_by_what_words_before_anybody_is_told(first):
    page = text(first.get(PAGE))
    assert "同意したときだけ" in page
    assert "前の利用目的からは予想できない。" in page, "the reason that was given"
    assert "研究・調査への協力のお願い" in page
    assert "プライバシーポリシーの変更のお知らせ" in page
    assert "has changed" in page
    assert not Announcement.objects.exists()
    assert not Job.objects.exists()


def test_who_prepared_it_does_not_let_it_go_and_another_does(first, second):
    assert prepare(first).status_code == 302
    row = waiting()
    page = text(first.get(PAGE))
    assert "もう一人の担当者" in page
    assert 'value="announce"' not in page
    first.post(PAGE, {"notice": row.pk, "says": "announce"})
    assert not Announcement.objects.exists(), "nor by a form that was not offered"
    second.post(PAGE, {"notice": row.pk, "says": "announce"})
    made = Announcement.objects.get()
    assert made.prepared == row
    assert [q["purpose"] for q in made.questions] == [world.NEW]
    assert Job.objects.filter(verb="notify").count() == 1
    assert events("policy.notice_prepared") == events("policy.announced") == 1
    assert "変更を知らせました" in text(first.get(PAGE))


def test_a_single_officer_waits_24_hours(first):
    Installation.objects.update(single_officer=True)
    prepare(first)
    row = waiting()
    first.post(PAGE, {"notice": row.pk, "says": "announce"})
    assert not Announcement.objects.exists()
    PreparedNotice.objects.update(prepared_at=clock.now() - timedelta(hours=24, minutes=1))
    first.post(PAGE, {"notice": row.pk, "says": "announce"})
    assert Announcement.objects.exists()


def test_there_is_a_way_back_before_the_first_mail(first, second):
    prepare(first)
    second.post(PAGE, {"notice": waiting().pk, "says": "aside"})
    assert PreparedNotice.objects.waiting() is None
    assert events("policy.notice_set_aside") == 1
    assert not Announcement.objects.exists()
    assert not Job.objects.filter(verb="notify").exists()
    prepare(first)
    assert waiting()


def test_without_mail_none_is_counted_and_none_is_sent(first, second):
    prepare(first, mail="")
    assert waiting().counting is None
    second.post(PAGE, {"notice": waiting().pk, "says": "announce"})
    assert Announcement.objects.exists()
    assert not Job.objects.exists()


def test_what_nobody_decided_before_is_decided_with_a_reason_and_never_as_unexpected(
    as_role, client
):
    world.begin()
    world.publish()
    world.lay(world.EXAMPLE / "next")
    publish_edition(COMMAND, load.read(settings.HOME.policy))
    officer = as_role("officer")
    page = text(officer.get(PAGE))
    assert page.count('value="related"') >= 1
    assert 'value="unrelated"' not in page
    assert "checked" not in page.replace('name="mail" ', "").partition('id="id_mail"')[0]
    asked = policy_announce.asked()[2]
    keys = list(dict.fromkeys(c.key for c in asked if c.needs == "decision"))
    assert prepare(officer).status_code == 422
    said = {f"answer{n}": "related" for n in range(1, len(keys) + 1)}
    blank = {f"reason{n}": "  " for n in range(1, len(keys) + 1)}
    assert prepare(officer, **said, **blank).status_code == 422
    assert PreparedNotice.objects.waiting() is None
    given = {f"reason{n}": "前から案内していた。" for n in range(1, len(keys) + 1)}
    assert prepare(officer, **said, **given).status_code == 302
    world.sign_in(client, Staff.objects.get(email="sakura@levii.example"))
    assert "前から案内していた。" in text(client.get(PAGE))
    client.post(PAGE, {"notice": waiting().pk, "says": "announce"})
    assert Announcement.objects.get().questions == []


def test_an_edition_that_was_followed_waits_no_more(first, second):
    prepare(first)
    row = waiting()
    world.replaced("ja.md", "当社は", "弊社は")
    world.publish()
    assert PreparedNotice.objects.waiting() is None
    second.post(PAGE, {"notice": row.pk, "says": "announce"})
    assert not Announcement.objects.exists()


def test_a_first_edition_is_announced_to_nobody(as_role):
    world.begin()
    world.publish()
    assert as_role("officer").get(PAGE).status_code == 302
    assert as_role("desk").get(PAGE).status_code == 403


def test_the_mail_says_the_change_in_both_languages(first):
    subject, said = change_words.letter(policy_announce.drafted(*policy_announce.asked()))
    assert "プライバシーポリシーの変更のお知らせ / " in subject
    assert subject.endswith("has changed")
    assert "研究・調査への協力のお願い" in said
    assert "One use needs your agreement" in said
    assert "/en/me/notices" in said


@pytest.fixture
def balus(tmp_path):
    return care.install(care.filled(tmp_path))


def test_the_mails_that_are_counted_are_those_that_go(balus, as_role, client):
    world.publish_next()
    officer = as_role("officer")
    with override_settings(EMAIL_BACKEND="chikai.web.mail.Backend"):
        prepare(officer)
        assert "数えています" in text(officer.get(PAGE))
        engine.drain()
        assert not list(mail.folder().glob("*.eml"))
        found = Job.objects.get(verb="count_mails").result
        assert f'<b class="num">{found["mails"]}</b>通' in text(officer.get(PAGE))
        world.sign_in(client, Staff.objects.get(email="sakura@levii.example"))
        client.post(PAGE, {"notice": waiting().pk, "says": "announce"})
        engine.drain()
    assert Job.objects.get(verb="notify").state == "done"
    assert NoticeMail.objects.exclude(sent_at=None).count() == found["mails"] > 0
    page = text(officer.get(PAGE))
    assert f'<b class="num">{found["mails"]}</b> / ' in page


def test_a_place_that_cannot_be_read_is_named_beside_the_count(tmp_path, as_role):
    file = care.filled(tmp_path)
    care.install(file)
    world.publish_next()
    file.unlink()
    officer = as_role("officer")
    prepare(officer)
    engine.drain()
    assert Job.objects.get(verb="count_mails").result["away"] == ["balus"]
    page = text(officer.get(PAGE))
    assert "balus が読めません" in page
    assert '<b class="num">0</b>通' in page
