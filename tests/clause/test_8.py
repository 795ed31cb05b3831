"""8: a change makes another edition, which is announced; consent is asked only where the change needs it."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client, override_settings

from chikai import clock
from chikai.choices.registry import Unrelated
from chikai.errors import WrongState
from chikai.policy import change, load
from chikai.policy.document import Recipient, Text
from chikai.web import mail
from chikai.web.actions import choices, policy_announce
from chikai.web.actions.policy import publish_edition
from chikai.web.models import Announcement, Job, NoticeMail
from chikai.web.models.ledger import counted
from chikai.web.work import allowed, engine
from tests.clause import care
from tests.web import portal_world

pytestmark = pytest.mark.clause("8")
NEXT = care.LEVII / "next"
NEW = "research_invitation"
# What the next edition words anew, and an officer found to be expected.
RELATED = ("registration", "course", "guidance", "improvement", "anonymised_information")


def test_a_changed_word_of_any_clause_makes_another_digest(policy):
    seen = {policy.digest}
    for place, clause in enumerate(policy.clauses):
        changed = replace(clause, body=Text(clause.body.ja + "。", clause.body.en))
        clauses = (*policy.clauses[:place], changed, *policy.clauses[place + 1 :])
        seen.add(replace(policy, clauses=clauses).digest)
    assert len(seen) == len(policy.clauses) + 1


def test_a_changed_use_makes_another_digest(policy):
    first, *rest = policy.purposes
    fewer = replace(first, uses=first.uses[:-1])
    assert replace(policy, purposes=(fewer, *rest)).digest != policy.digest


def needs(old, new):
    return {(c.kind, c.refs[0]): c.needs for c in change.between(old, new)}


def test_what_the_next_edition_asks_is_seen(policy):
    found = change.between(policy, load.read(NEXT).document)
    asked = {c.key for c in change.open_decisions(found)}
    assert asked == {NEW, *RELATED}
    assert {c.kind for c in found if c.needs == "consent"} == {"provision_asked"}
    assert {"operator", "desk", "wording", "clause_added", "dates"} <= {c.kind for c in found}


def test_modules_that_were_built_meanwhile_are_no_change(policy):
    built = tuple(replace(c, by=("gate.meaning",)) for c in policy.clauses)
    assert not change.between(policy, replace(policy, clauses=built))


@pytest.mark.parametrize(
    ("kind", "country", "needed"),
    [
        ("entrusted", "JP", "notice"),
        ("entrusted", "US", "decision"),
        ("consent", "JP", "consent"),
        ("consent", "US", "consent"),
    ],
)
def test_a_new_recipient_needs_what_its_basis_asks_for(policy, kind, country, needed):
    new = Recipient("x", Text("x", "x"), kind, "4.1", ("guidance",), ("email",), country)
    wider = replace(policy, recipients=(*policy.recipients, new))
    assert needs(policy, wider) == {("recipient_added", "x"): needed}


def test_a_purpose_that_uses_more_needs_a_decision_and_less_needs_none(policy):
    first = policy.purposes[0]
    use = first.uses[0]
    more = replace(
        first, uses=(replace(use, categories=(*use.categories, "card")), *first.uses[1:])
    )
    less = replace(first, uses=(replace(use, categories=use.categories[1:]), *first.uses[1:]))
    rest = policy.purposes[1:]
    assert needs(policy, replace(policy, purposes=(more, *rest))) == {
        ("use_added", first.id): "decision"
    }
    assert needs(policy, replace(policy, purposes=(less, *rest))) == {
        ("use_ended", first.id): "nothing"
    }


# From here on with an installation, its people and the second edition.


def publish_next(*, unrelated=True):
    for name in ("policy.toml", "ja.md", "en.md"):
        shutil.copy(NEXT / name, settings.HOME.path / "policy" / name)
    draft = load.read(settings.HOME.policy)
    uses = draft.document.purpose(NEW).uses
    named = [Unrelated(use.service, NEW) for use in uses] if unrelated else []
    publish_edition(care.COMMAND, draft, unrelated=named)


def is_allowed(key):
    return allowed.asker("balus", NEW)(str(key)).allowed


@pytest.fixture
def announced(balus):
    publish_next()
    policy_announce.announce(care.COMMAND, related=RELATED, mail=False)
    return Announcement.objects.get()


@pytest.mark.own_state
def test_nothing_is_announced_while_a_decision_is_open(balus):
    publish_next(unrelated=False)
    with pytest.raises(WrongState, match=NEW):
        policy_announce.announce(care.COMMAND, related=RELATED)
    policy_announce.announce(care.COMMAND, related=[NEW, *RELATED], mail=False)
    assert Announcement.objects.get().questions == []


@pytest.mark.own_state
def test_it_is_announced_once_and_asks_only_what_needs_it(announced):
    assert [q["purpose"] for q in announced.questions] == [NEW]
    with pytest.raises(WrongState, match="already"):
        policy_announce.announce(care.COMMAND, related=RELATED)


def signed_in(person):
    client = Client()
    portal_world.sign_in(client, "balus", person)
    return client


@pytest.mark.own_state
def test_silence_and_use_are_no_consent_and_an_answer_is(announced):
    client = signed_in("12")
    page = client.get("/me/notices").content.decode()
    assert "研究・調査への協力のお願い" in page
    assert page.count('type="radio"') == 2
    assert "checked" not in page
    assert not is_allowed(12), "reading the notice is no agreement"
    address = f"/me/notices/{announced.number}/{NEW}"
    client.post(address, {})
    assert not is_allowed(12), "no button is no answer"
    client.post(address, {"answer": "yes"})
    assert is_allowed(12)
    assert not is_allowed(9), "nobody answers for another"
    client.post(address, {"answer": "no"})
    assert not is_allowed(12), "and it is taken back as easily"
    kinds = {row.kind: row.count for row in counted()}
    assert kinds["policy.answered"] == 2
    assert kinds["choices.consented"] == kinds["choices.withdrawn"] == 2  # Balus and KATA


@pytest.mark.own_state
def test_no_switch_says_that_a_use_goes_on_before_the_person_agreed_to_it(announced):
    client = signed_in("12")
    switch = f'value="purpose:{NEW}"'
    assert switch not in client.get("/me/settings").content.decode()
    client.post(f"/me/notices/{announced.number}/{NEW}", {"answer": "yes"})
    assert switch in client.get("/me/settings").content.decode()


@pytest.mark.own_state
def test_what_was_not_asked_cannot_be_answered(announced):
    client = signed_in("12")
    assert client.post("/me/notices/1/guidance", {"answer": "yes"}).status_code == 404
    assert client.post("/me/notices/7/guidance", {"answer": "yes"}).status_code == 404


@pytest.mark.own_state
def test_the_mails_go_once_to_whom_a_service_may_write(balus):
    stopped = care.person(12)
    choices.stop(care.PERSON, stopped.pk, "purpose:notice_of_changes")
    publish_next()
    with override_settings(EMAIL_BACKEND="chikai.web.mail.Backend"):
        policy_announce.announce(care.COMMAND, related=RELATED)
        engine.drain()
        job = Job.objects.get(verb="notify")
        assert job.state == "done", job.result
        first = len(list(mail.folder().glob("*.eml")))
        Job.objects.filter(pk=job.pk).update(state="todo", fence=0)
        engine.drain()
        files = list(mail.folder().glob("*.eml"))
    assert 0 < first == len(files) == NoticeMail.objects.count()
    assert not NoticeMail.objects.filter(person=stopped.pk).exists()
    heads = [file.read_bytes().partition(b"\n\n")[0].decode() for file in files]
    ids = {
        line
        for head in heads
        for line in head.splitlines()
        if line.lower().startswith("message-id")
    }
    assert len(ids) == len(files)
    assert not [head for head in heads if str(care.person(9).pk) in head]


@pytest.mark.own_state
def test_the_mails_go_on_after_the_mail_server_was_away(balus, monkeypatch):
    publish_next()
    send, left = EmailMessage.send, [3]

    def some(self):
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionRefusedError
        return send(self)

    with override_settings(EMAIL_BACKEND="chikai.web.mail.Backend"):
        policy_announce.announce(care.COMMAND, related=RELATED)
        with monkeypatch.context() as patch:
            patch.setattr(EmailMessage, "send", some)
            engine.drain()
        assert Job.objects.get(verb="notify").state == "failed"
        assert NoticeMail.objects.filter(sent_at__isnull=False).count() == 3
        Job.objects.update(ended_at=clock.now() - timedelta(minutes=2))
        engine.drain()
        files = list(mail.folder().glob("*.eml"))
    assert [j.state for j in Job.objects.filter(verb="notify").order_by("asked_at")] == [
        "failed",
        "done",
    ]
    assert len(files) == NoticeMail.objects.filter(sent_at__isnull=False).count() > 3


@pytest.mark.own_state
def test_each_edition_keeps_its_address(announced):
    old, new = (Client().get(f"/policy/editions/{n}").content.decode() for n in (1, 2))
    assert "2(2)に定める利用目的" in old
    assert "2(3)に定める利用目的" in new
    assert "見本 一郎" in Client().get("/policy/editions/2/policy.json").content.decode()
