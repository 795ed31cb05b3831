"""Two who were taken for one are told, once they are parted, what was done meanwhile, and by whom it was asked."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chikai import clock
from chikai.web.actions import PERSON, choices, parting, people, rights_asked
from chikai.web.models import Link, Merge, PartedNotice, Person, PortalSession
from chikai.web.work import engine
from tests.web import asking
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE, OFFICER
from tests.web.test_parted import finish, fresh, row
from tests.web.test_parted_asked import asked, part, signed_in, two

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
__all__ = ["two"]


def test_a_message_on_a_request_that_no_page_shows_is_mailed_when_it_is_known_whose_it_is(two):
    request = asking.ask(two.her, through=None)
    engine.drain()
    part()
    mail.outbox.clear()
    rights_asked.write_message(DESK, fresh(request), "どちらの方のご請求でしょうか。")
    engine.drain()
    assert mail.outbox == []
    parting.say_who_asked(OFFICER, fresh(request), two.other.pk)
    engine.drain()
    assert [m.to for m in mail.outbox] == [[asking.MAIL]]
    page = signed_in(two.key).get(reverse("me-request", args=[request.number]))
    assert "どちらの方のご請求でしょうか。" in page.content.decode()


def told_on(client):
    """What a person reads on the page of notices, and whether the home page leads there."""
    home = client.get(reverse("me")).content.decode()
    return client.get(reverse("me-notices")).content.decode(), "別の登録と一つになって" in home


def test_who_loses_a_request_that_the_other_took_back_is_told(two):
    theirs = signed_in(two.key)
    request = asked(theirs, "disclose")
    hers = signed_in(HEROINE["balus"], "n2")
    hers.post(reverse("me-request-withdraw", args=[request.number]))
    assert fresh(request).state == "withdrawn"
    part()
    page, leads = told_on(theirs)
    assert f"{request.number}（" in page
    assert "取り下げられました" in page
    assert "どちらの登録" not in page
    assert (
        "あなたの登録についてのお知らせ" in page
    )  # the page does not begin as one of the policy alone
    assert leads
    page, leads = told_on(hers)
    assert request.number not in page
    assert not leads


def test_who_takes_their_own_request_back_is_told_nothing(two):
    theirs = signed_in(two.key)
    request = asked(theirs, "disclose")
    theirs.post(reverse("me-request-withdraw", args=[request.number]))
    part()
    assert not PartedNotice.objects.exists()


def test_an_erasure_that_the_other_asked_is_told_to_whom_it_reached(two, urls):
    request = asked(signed_in(two.key), "erase")
    finish(request)
    assert row(urls, HEROINE["balus"]) != two.before[HEROINE["balus"]]
    part()
    page, leads = told_on(signed_in(HEROINE["balus"], "n2"))
    assert leads
    assert "消去を行いました" in page
    assert "Balus" in page
    assert "すべて" in page.partition("今も止まって")[2]
    [mail] = [value for value in two.before[two.key] if "@" in str(value)]
    assert mail not in page
    assert request.number not in page
    assert told_on(signed_in(two.key, "n3"))[1] is False


def test_a_use_that_the_other_stopped_is_told_to_who_finds_it_stopped(two):
    choices.stop(PERSON, two.other.pk, "purpose:guidance")
    part()
    page, _ = told_on(signed_in(HEROINE["balus"]))
    assert "今も止まって" in page
    assert not PartedNotice.objects.filter(person=two.other).exists()


def test_what_was_asked_by_nobody_knows_whom_is_said_so(two, urls):
    request = asking.ask(two.her, kind="erase", through=None)
    finish(request)
    part()
    for n, key in enumerate((two.key, HEROINE["balus"])):
        page, _ = told_on(signed_in(key, f"n{n}"))
        assert "どちらの登録からの求めかは、分かっていません" in page


def test_one_link_that_is_taken_out_is_told_what_was_done_while_it_was_joined(two, urls):
    Merge.objects.all().delete()
    Person.objects.update(merged_into=None)
    link = Link.objects.get(source="balus", key=str(two.key))
    Link.objects.filter(pk=link.pk).update(since=clock.now())
    finish(asked(signed_in(HEROINE["balus"]), "erase"))
    event = people.part_link(OFFICER, link.pk)
    assert event.facts["told"] == 1
    assert "消去を行いました" in told_on(signed_in(two.key, "n2"))[0]


def test_a_mailbox_that_does_not_say_who_reads_it_is_not_shown_what_was_done(client):
    us.begin()
    one, other = us.two()
    people.merge(OFFICER, one.pk, other.pk)
    choices.stop(PERSON, other.pk, "purpose:guidance")
    part()
    us.sign_in(client, key="31")
    PortalSession.objects.update(shared=True)
    page, leads = told_on(client)
    assert "窓口で見られます" in page
    assert "今も止まって" not in page
    assert not leads


def test_a_document_that_the_one_handed_in_stands_on_no_page_of_the_other(two, as_role):
    theirs = signed_in(two.key)
    request = asked(theirs, "disclose")
    where = reverse("me-request", args=[request.number])
    hers = signed_in(HEROINE["balus"], "n2")
    for client, data in ((hers, b"%PDF-1.4\nhers"), (theirs, b"\x89PNG\r\n\x1a\ntheirs")):
        file = SimpleUploadedFile("paper", data)
        client.post(reverse("me-request-paper", args=[request.number]), {"paper": file})
    page = theirs.get(where).content.decode()
    assert ("application/pdf" in page, "image/png" in page) == (True, True)
    part()
    page = theirs.get(where).content.decode()
    assert ("application/pdf" in page, "image/png" in page) == (False, True)
    assert hers.get(where).status_code == 404
    desk = as_role("desk").get(reverse("desk-request", args=[request.number])).content.decode()
    assert desk.count("別の登録から届いたか") == 1


def test_a_document_of_which_nobody_kept_who_handed_it_in_stands_on_no_page(two):
    request = asking.ask(two.her)
    rights_asked.hand_in_paper(DESK, request, b"%PDF-1.4\nby post")
    assert len(rights_asked.own_papers(fresh(request))) == 1
    part()
    assert rights_asked.own_papers(fresh(request)) == []
