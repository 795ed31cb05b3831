"""The structure of the draft is changed in the console: the file follows, the words and what is published stay."""

import shutil

import pytest
from django.conf import settings

from chikai.policy import load
from chikai.web.console.policy_structure_forms import FORMS
from chikai.web.models import Edition
from chikai.web.models.ledger import counted
from tests.web import world

pytestmark = [pytest.mark.django_db, pytest.mark.clause("2.3")]
PAGE = "/desk/policy/structure"


def text(response):
    return response.content.decode()


def draft():
    return load.read(settings.HOME.policy).document


def events(kind):
    return sum(row.count for row in counted() if row.kind == kind)


@pytest.fixture
def officer(as_role):
    world.begin()
    world.publish()
    yield as_role("officer")
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)


def shown(client, path):
    """What a form of the page sends when nobody touches it."""
    form = client.get(path).context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False):
            sent[field.name] = "on" if value is True else value
    return sent


def test_the_page_shows_every_thing_with_its_clause_and_the_lint_beside_it(officer):
    page = text(officer.get(PAGE))
    policy = draft()
    for one in (*policy.services, *policy.categories, *policy.purposes, *policy.recipients):
        assert one.name.ja.replace("&", "&amp;") in page
    assert "点検の結果" in page
    assert "L-" in page


@pytest.mark.parametrize("noun", FORMS)
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(officer, noun):
    before = draft()
    names = {"service": "services", "category": "categories", "purpose": "purposes"}
    for one in getattr(before, names.get(noun, "recipients")):
        path = f"{PAGE}/{noun}/of/{one.id}"
        assert officer.post(path, shown(officer, path)).status_code == 302
    assert draft() == before


def test_who_answers_and_the_days_are_kept_as_they_were_shown_and_changed_as_written(officer):
    path, before = f"{PAGE}/operator", draft()
    sent = shown(officer, path)
    sent |= {name: str(value) for name, value in sent.items() if name.endswith("_on")}
    officer.post(path, sent)
    assert draft() == before
    officer.post(
        path, {**shown(officer, path), "phone": "03-1234-5678", "effective_on": "2027-04-01"}
    )
    assert draft().controller.desk.phone == "03-1234-5678"
    assert draft().dates.effective_on.isoformat() == "2027-04-01"
    assert draft().controller.name == before.controller.name


def test_an_item_is_renamed_and_keeps_its_id_and_nothing_published_changes(officer):
    one, ja = draft().categories[0], (settings.HOME.policy / "ja.md").read_bytes()
    path = f"{PAGE}/category/of/{one.id}"
    officer.post(path, {**shown(officer, path), "ja": "お名前"})
    assert draft().category(one.id).name.ja == "お名前"
    assert draft().purposes_of(one.id)
    assert (settings.HOME.policy / "ja.md").read_bytes() == ja
    assert Edition.objects.count() == 1
    assert Edition.objects.current().digest != draft().digest
    assert events("policy.drafted") == 1


def test_a_purpose_is_added_linked_to_its_clause_and_asks_what_it_uses(officer):
    path = f"{PAGE}/purpose/new"
    sent = {**shown(officer, path), "ja": "記念品を贈るため", "en": "to send presents"}
    sent |= {"clause": "2.3.2", "stop": "switch"}
    refused = officer.post(path, sent)
    assert refused.status_code == 422, "it does not say what ends"
    sent |= {"effect_ja": "記念品が届かなくなります。", "effect_en": "No presents are sent."}
    assert officer.post(path, sent).status_code == 302
    made = draft().purposes[-1]
    assert (made.id, made.clause, made.uses) == ("purpose_1", "2.3.2", ())
    page = text(officer.get(PAGE))
    assert "何を使うか決まっていない利用目的が1件あります" in page
    assert "使う項目が未定" in page


def test_what_is_taken_out_is_named_by_nothing_else(officer):
    one = next(c for c in draft().categories if draft().purposes_of(c.id))
    path = f"{PAGE}/category/of/{one.id}"
    assert "これを挙げているものが" in text(officer.get(path))
    officer.post(path, {"seen": draft().digest, "says": "remove"})
    assert draft().category(one.id) is None
    assert not draft().purposes_of(one.id)


def test_the_boxes_are_the_uses(officer):
    service, policy = draft().services[0], draft()
    path = f"{PAGE}/uses/{service.id}"
    page = officer.get(path)
    ticked = [f"{p.id}/{c}" for p in policy.purposes for c in p.categories_at(service.id)]
    assert text(page).count(" checked") == len(ticked)
    officer.post(path, {"seen": policy.digest, "use": ticked})
    assert draft() == policy
    officer.post(path, {"seen": draft().digest, "use": ticked[1:]})
    purpose, _, item = ticked[0].partition("/")
    assert item not in draft().purpose(purpose).categories_at(service.id)
    officer.post(path, {"seen": draft().digest, "use": ["nothing/at_all"]})
    assert all(not p.categories_at(service.id) for p in draft().purposes)


def test_a_page_that_grew_old_overwrites_nothing(officer):
    one = draft().categories[0]
    path = f"{PAGE}/category/of/{one.id}"
    sent = shown(officer, path)
    world.replaced("policy.toml", 'edition = "', 'edition = "x')
    answer = officer.post(path, {**sent, "ja": "お名前"})
    assert answer.status_code == 422
    assert "ファイルが変わりました" in text(answer)
    assert draft().category(one.id).name == one.name
    before = draft()
    officer.post(path, {"seen": "sha256:old", "says": "remove"})
    assert draft() == before
    service = draft().services[0].id
    officer.post(f"{PAGE}/uses/{service}", {"seen": "sha256:old", "use": []})
    assert draft() == before


@pytest.mark.parametrize(
    "path", ["nothing/of/x", "category/of/nothing", "purpose/of/x", "nothing/new", "uses/nowhere"]
)
def test_what_is_not_there_is_not_found(officer, path):
    assert officer.get(f"{PAGE}/{path}").status_code == 404


def test_only_an_officer_changes_it(as_role, officer):
    assert as_role("auditor").get(PAGE).status_code == 403
    assert as_role("engineer").post(f"{PAGE}/operator", {}).status_code == 403


def test_an_imported_draft_is_finished_in_the_console(officer):
    """From the company's text to an edition without touching a file: the last step is the two officers'."""
    seed = (world.EXAMPLE / "seed.ja.txt").read_text("utf-8")
    officer.post("/desk/policy/import", {"words": seed, "says": "save"})
    assert "何を使うか決まっていない利用目的が7件あります" in text(officer.get(PAGE))
    policy = draft()
    for service in policy.services:
        boxes = [f"{p.id}/{c.id}" for p in policy.purposes for c in policy.categories[:2]]
        officer.post(f"{PAGE}/uses/{service.id}", {"seen": draft().digest, "use": boxes})
    assert all(len(p.uses) == len(policy.services) for p in draft().purposes)
    for one in draft().purposes:
        path = f"{PAGE}/purpose/of/{one.id}"
        sent = {**shown(officer, path), "en": f"purpose {one.id}"}
        sent |= {"effect_ja": "この利用が終わります。", "effect_en": "This use ends."}
        assert officer.post(path, sent).status_code == 302
    assert all("要記入" not in p.name.en + p.stop_effect.ja for p in draft().purposes)
