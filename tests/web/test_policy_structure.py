"""The structure of the draft is changed in the console: the file follows, the words and what is published stay."""

import shutil
from dataclasses import replace

import pytest
from django.conf import settings

from chikai.policy import edit, load
from chikai.web.console import policy_uses
from chikai.web.console.policy_structure_forms import FORMS
from chikai.web.models import Edition, Staff
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
        if value is not None and value is not False and value != "":
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


def test_a_page_of_the_boxes_leaves_those_of_the_other_pages_as_they_are(officer, monkeypatch):
    monkeypatch.setattr(policy_uses, "CELLS", 20)
    policy = draft()
    service, pages = policy.services[0], edit.pages_of_uses(policy, 20)
    path = f"{PAGE}/uses/{service.id}"
    shown_boxes = [
        text(officer.get(f"{path}?page={n + 1}")).count('name="use"') for n in range(len(pages))
    ]
    assert len(pages) > 3
    assert sum(shown_boxes) == len(policy.purposes) * len(policy.categories)
    assert max(shown_boxes) <= 20
    at = next(
        n
        for n, page in enumerate(pages)
        if n
        and any(set(policy.purpose(p).categories_at(service.id)) & {*c} for p, c in page.items())
    )
    officer.post(f"{path}?page={at + 1}", {"seen": policy.digest})
    for was, now in zip(policy.purposes, draft().purposes, strict=True):
        kept = [c for c in was.categories_at(service.id) if c not in pages[at].get(was.id, ())]
        assert list(now.categories_at(service.id)) == kept
    assert draft() != policy
    assert officer.get(f"{path}?page=0").status_code == 404
    assert officer.get(f"{path}?page={len(pages) + 1}").status_code == 404


def test_a_right_is_kept_as_it_was_shown_and_changed_as_written(officer):
    policy = draft()
    right = policy.rights[0]
    path = f"{PAGE}/right/of/{right.kind}"
    sent = shown(officer, path)
    officer.post(path, sent)
    assert draft() == policy
    officer.post(path, {**sent, "seen": draft().digest, "fee_yen": "300", "target_days": "10"})
    assert draft().rights[0] == replace(right, fee_yen=300, target_days=10)
    assert draft().rights[1:] == policy.rights[1:]


def test_a_right_is_taken_out_and_added_again(officer):
    policy = draft()
    right = policy.rights[-1]
    path = f"{PAGE}/right/of/{right.kind}"
    sent = shown(officer, path)
    assert sent["kind"] not in dict(
        officer.get(f"{PAGE}/right/new").context["form"]["kind"].field.choices
    )
    officer.post(path, {"seen": sent["seen"], "says": "remove"})
    assert draft().rights == policy.rights[:-1]
    officer.post(f"{PAGE}/right/new", {**sent, "seen": draft().digest})
    assert draft() == policy
    assert officer.get(f"{PAGE}/right/of/nothing").status_code == 404


def test_what_a_clause_is_and_what_keeps_it_are_changed_and_its_words_stay(officer):
    policy = draft()
    clause = next(c for c in policy.clauses if len(c.by) > 1)
    path = f"{PAGE}/clause/of/{clause.id}"
    sent = shown(officer, path)
    officer.post(path, sent)
    assert draft() == policy
    officer.post(path, {**sent, "kind": "safeguards", "by": [*clause.by[1:], "gate.meaning"]})
    made = next(c for c in draft().clauses if c.id == clause.id)
    assert made.kind == "safeguards"
    assert set(made.by) == {*clause.by[1:], "gate.meaning"}
    assert [c for c in draft().clauses if c.id != clause.id] == [
        c for c in policy.clauses if c.id != clause.id
    ]
    assert (made.heading, made.body) == (clause.heading, clause.body)
    officer.post(path, {"seen": draft().digest, "kind": "nothing", "by": []})
    assert next(c for c in draft().clauses if c.id == clause.id) == made
    assert officer.get(f"{PAGE}/clause/of/99").status_code == 404


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


OWN = """プライバシーポリシー
株式会社見本（以下「当社」）は、次のとおり個人情報を取り扱います。

第1条（取得する情報）
当社は、次の情報を取得します。
1. 氏名
2. 住所
3. メールアドレス

第2条（利用目的）
当社は、取得した情報を次の目的で利用します。
1. 氏名、住所：商品を発送するため
2. メールアドレスは、メールマガジンを配信するために利用します。
3. お問い合わせに回答するため

第3条（窓口）
メール：desk@mihon.example
"""


def finish(client, noun, **more):
    """Write whatever a thing of this kind still lacks."""
    for one in edit.things(draft(), noun):
        path = f"{PAGE}/{noun}/of/{one.id}"
        sent = {**shown(client, path), "en": f"the {noun} {one.id}", **more}
        sent["ja"] = sent["ja"] if "要記入" not in sent["ja"] else "店"
        assert client.post(path, sent).status_code == 302, (
            client.post(path, sent).context["form"].errors
        )


def test_a_companys_own_text_becomes_an_edition_without_a_file_being_touched(as_role, client):
    world.begin()
    officer = as_role("officer")
    officer.post("/desk/policy/import", {"words": OWN, "says": "save"})
    assert "何を使うか決まっていない利用目的が1件あります" in text(officer.get(PAGE))
    finish(officer, "service")
    finish(officer, "category")
    ends = {"effect_ja": "この利用が終わります。", "effect_en": "This use ends."}
    finish(officer, "purpose", **ends)
    policy = draft()
    boxes = [f"{p.id}/{c}" for p in policy.purposes for u in p.uses for c in u.categories]
    boxes.append(f"{policy.purposes[2].id}/{policy.categories[2].id}")
    uses = f"{PAGE}/uses/{policy.services[0].id}"
    officer.post(uses, {"seen": policy.digest, "use": boxes})
    who = {"name_ja": "株式会社見本", "name_en": "Mihon Inc.", "address_ja": "東京都千代田区1-1"}
    who |= {"address_en": "1-1 Chiyoda, Tokyo", "representative_ja": "見本 一郎"}
    who |= {"representative_en": "Ichiro Mihon", "desk_ja": "相談窓口", "desk_en": "Desk"}
    officer.post(f"{PAGE}/operator", {**shown(officer, f"{PAGE}/operator"), **who})
    for clause in draft().clauses:
        path = f"/desk/policy/clause/{clause.id}"
        sent = shown(officer, path)
        sent["en"] = sent["en"].replace("【要記入：", "translated ").replace("】", "")
        assert officer.post(path, sent).status_code == 302
    page = officer.get("/desk/policy").context
    for found in page["draft"].blocking:
        path = f"/desk/policy/accept/{found.rule}/{found.clause or '-'}"
        officer.post(path, {"ja": "次の版で書きます。"})
    digest = officer.get("/desk/policy/publish").context["digest"]
    assert officer.post("/desk/policy/publish", {"digest": digest}).status_code == 302
    world.sign_in(client, Staff.objects.get(email="sakura@levii.example"))
    client.post("/desk/policy/publish", {"digest": digest, "says": "publish"})
    published = Edition.objects.current()
    assert published.digest == digest
    assert "要記入" not in published.ja + published.en
    assert "商品を発送するため" in published.ja
    for folder in settings.HOME.path.glob("policy-before-*"):
        shutil.rmtree(folder)
