"""The policy in the console: findings beside their clause, mended or accepted, and publication by two officers."""

from datetime import timedelta

import pytest
from django.conf import settings

from chikai import clock
from chikai.policy import load
from chikai.web.models import Edition, Installation, Preparation, Staff
from chikai.web.models.choices import in_force
from chikai.web.models.ledger import counted
from tests.web import world

pytestmark = pytest.mark.django_db
PUBLISH = "/desk/policy/publish"
NEW = world.NEW


def text(response):
    return response.content.decode()


def events(kind):
    return sum(row.count for row in counted() if row.kind == kind)


@pytest.fixture
def first(as_role):
    """An officer who prepares."""
    world.begin()
    return as_role("officer")


@pytest.fixture
def second(first, client):
    """Another officer, the one who began."""
    world.sign_in(client, Staff.objects.get(email="sakura@levii.example"))
    return client


def prepare(client, **answers):
    digest = client.get(PUBLISH).context["digest"]
    return client.post(PUBLISH, {"digest": digest, **answers})


def answers(first, reason):
    """The new purpose is answered first; what was only worded anew is expected."""
    made = {"answer1": first, "reason1": reason}
    for number in range(2, 2 + len(world.RELATED)):
        made |= {f"answer{number}": "related", f"reason{number}": "同じことを具体的に書いた。"}
    return made


def waiting():
    row = Preparation.objects.waiting()
    assert row is not None
    return row


@pytest.mark.clause("8")
def test_who_prepared_an_edition_does_not_publish_it_and_another_does(first, second):
    prepare(first)
    assert Edition.objects.current() is None
    digest = waiting().digest
    page = text(first.get(PUBLISH))
    assert "もう一人の担当者" in page
    assert 'value="publish"' not in page
    first.post(PUBLISH, {"digest": digest, "says": "publish"})
    assert Edition.objects.current() is None, "nor by a form that was not offered"
    second.post(PUBLISH, {"digest": digest, "says": "publish"})
    assert Edition.objects.current().digest == digest
    assert Preparation.objects.waiting() is None
    assert events("policy.prepared") == events("policy.published") == 1


def test_what_is_published_is_what_was_prepared_whatever_the_files_say_by_then(first, second):
    prepare(first)
    digest = waiting().digest
    world.replaced("ja.md", "当社は", "弊社は")
    second.post(PUBLISH, {"digest": digest, "says": "publish"})
    assert (
        Edition.objects.current().digest
        == digest
        != load.read(settings.HOME.policy).document.digest
    )


def test_files_that_changed_since_the_page_was_shown_are_not_prepared(first):
    first.post(PUBLISH, {"digest": "sha256:other"})
    assert Preparation.objects.waiting() is None


def test_a_single_officer_publishes_after_24_hours(first):
    Installation.objects.update(single_officer=True)
    prepare(first)
    row = waiting()
    first.post(PUBLISH, {"digest": row.digest, "says": "publish"})
    assert Edition.objects.current() is None
    assert "から公表できます" in text(first.get(PUBLISH))
    Preparation.objects.update(prepared_at=clock.now() - timedelta(hours=24, minutes=1))
    first.post(PUBLISH, {"digest": row.digest, "says": "publish"})
    assert Edition.objects.current().digest == row.digest


def test_a_prepared_edition_is_set_aside_and_another_can_be_prepared(first):
    prepare(first)
    row = waiting()
    first.post(PUBLISH, {"digest": row.digest, "says": "aside"})
    assert Preparation.objects.waiting() is None
    assert events("policy.set_aside") == 1
    prepare(first)
    assert waiting().pk != row.pk


def test_an_edition_that_came_into_force_meanwhile_stops_the_publication(first, second):
    world.publish()
    world.replaced("ja.md", "当社は", "弊社は")
    prepare(first)
    row = waiting()
    world.publish()
    second.post(PUBLISH, {"digest": row.digest, "says": "publish"})
    assert Preparation.objects.waiting() == row
    assert Edition.objects.count() == 2


@pytest.mark.clause("8")
def test_a_new_purpose_is_prepared_only_with_an_answer_and_its_reason(first, second):
    world.publish()
    world.lay(world.EXAMPLE / "next")
    page = text(first.get(PUBLISH))
    assert "研究・調査への協力のお願い" in page
    assert "checked" not in page, "no answer is chosen beforehand"
    prepare(first)
    prepare(first, answer1="unrelated", reason1="予想できない。")
    prepare(first, **answers("unrelated", "  "))
    prepare(first, **answers("wording", "同じ"))
    assert Preparation.objects.waiting() is None
    prepare(first, **answers("unrelated", "前の目的からは予想できない。"))
    row = waiting()
    seen = text(second.get(PUBLISH))
    assert "前の目的からは予想できない。" in seen
    assert "同意したときだけ" in seen
    second.post(PUBLISH, {"digest": row.digest, "says": "publish"})
    mays = [t for t in in_force()[0].in_force() if t.unit == "may"]
    assert {t.refs[0] for t in mays} == {"balus", "kata"}
    assert {t.refs[2] for t in mays} == {NEW}
    assert "同意したときだけ" in text(second.get("/policy/diff/1..2"))


@pytest.mark.clause("8")
def test_a_purpose_that_was_to_be_expected_asks_nobody(first, second):
    world.publish()
    world.lay(world.EXAMPLE / "next")
    prepare(first, **answers("related", "改善のための調査は案内していた。"))
    second.post(PUBLISH, {"digest": waiting().digest, "says": "publish"})
    assert not [t for t in in_force()[0].in_force() if t.unit == "may"]
    assert "そのまま適用" in text(second.get("/policy/diff/1..2"))


def test_a_finding_stands_beside_its_clause(first):
    world.replaced("policy.toml", 'rule = "L-REF-02"', 'rule = "L-XXX-00"')
    page = text(first.get("/desk/policy"))
    row = page[page.index('id="c-2.1"') : page.index('id="c-2.2"')]
    assert "L-REF-02" in row
    assert "/desk/policy/accept/L-REF-02/2.1" in row


def test_a_finding_is_accepted_with_a_reason_that_goes_into_the_file(first):
    world.lay(world.EXAMPLE / "next")
    world.lose_representative()
    path = "/desk/policy/accept/L-DIS-03/-"
    assert first.post(path, {"ja": ""}).status_code == 422, "not without a reason"
    before = (settings.HOME.policy / "policy.toml").read_text("utf-8")
    assert first.post(path, {"ja": '代表者は"公表"前です。'}).status_code == 302
    after = (settings.HOME.policy / "policy.toml").read_text("utf-8")
    assert after.startswith(before.rstrip("\n"))
    accepted = load.read(settings.HOME.policy).accepted[-1]
    assert (accepted.rule, accepted.clause) == ("L-DIS-03", "")
    assert accepted.reason.ja == '代表者は"公表"前です。'
    assert events("policy.drafted") == 1
    assert first.get(path).status_code == 302, "it is accepted already"


def test_a_finding_that_is_not_there_cannot_be_accepted(first):
    assert first.post("/desk/policy/accept/L-DIS-03/9.9", {"ja": "x"}).status_code == 302
    assert events("policy.drafted") == 0


def test_one_clause_is_worded_anew_and_the_rest_of_the_files_stays(first):
    path = "/desk/policy/clause/2.1"
    form = first.get(path).context["form"]
    words = {name: form[name].value() for name in ("ja", "en", "seen")}
    old = (settings.HOME.policy / "ja.md").read_bytes()
    new = words["ja"].replace("2(2)", "2(3)")
    assert first.post(path, {**words, "ja": new}).status_code == 302
    assert (settings.HOME.policy / "ja.md").read_bytes() == old.replace(
        "2(2)に定める".encode(), "2(3)に定める".encode()
    )
    assert events("policy.drafted") == 1
    stale = first.post(path, {**words, "ja": "- (1) ほかの文章"})
    assert "画面を開いたあとに" in text(stale)
    assert (settings.HOME.policy / "ja.md").read_bytes() != old


@pytest.mark.parametrize("spoilt", ["", "<!-- 9 -->\n9 新しい条", "文\n<!-- x y -->"])
def test_words_that_do_not_read_change_nothing(first, spoilt):
    path = "/desk/policy/clause/2.1"
    form = first.get(path).context["form"]
    words = {name: form[name].value() for name in ("ja", "en", "seen")}
    before = {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()}
    assert first.post(path, {**words, "ja": spoilt}).status_code == 422
    assert {f.name: f.read_bytes() for f in settings.HOME.policy.iterdir() if f.is_file()} == before


def test_a_clause_that_is_not_there_is_not_found(first):
    assert first.get("/desk/policy/clause/99").status_code == 404


def test_the_draft_is_compared_with_what_is_in_force(first):
    world.publish()
    world.lay(world.EXAMPLE / "next")
    assert "担当者が決めます" in text(first.get("/desk/policy"))
    page = text(first.get("/desk/policy/changes"))
    assert "<ins>3</ins>" in page


def test_what_an_edit_widens_is_told_on_the_page_with_what_it_needs(first):
    """The page, the folders and two texts say the same of one edit."""
    world.publish()
    world.replaced("ja.md", "住所、勤務先", "住所、勤務先及び役職")
    world.replaced(
        "ja.md", "規約等の変更等を通知する", "規約等の変更等を通知する、又は広告を配信する"
    )
    page = text(first.get("/desk/policy/changes"))
    assert "情報の項目を広げました" in page
    assert "個人情報保護法21条2項" in page
    assert "利用目的を広げました" in page
    assert "個人情報保護法17条2項" in page
    assert "担当者が理由を付けて決めます" in page or "担当者が決めます" in page


def test_an_entrustment_abroad_is_told_on_the_page_with_its_duties(first):
    world.publish()
    new = """
[[recipient]]
id = "abroad"
name = { ja = "米国の事業者", en = "a company in the United States" }
kind = "entrusted"
clause = "4.1"
country = "US"
purposes = ["guidance"]
categories = ["email"]

[[right]]"""
    file = settings.HOME.policy / "policy.toml"
    file.write_text(file.read_text("utf-8").replace("\n[[right]]", new, 1), "utf-8")
    page = text(first.get("/desk/policy/changes"))
    assert "提供先を加えました" in page
    for paragraph in (1, 2, 3):
        assert f"個人情報保護法28条{paragraph}項" in page


ABROAD = """
[[recipient]]
id = "abroad"
name = { ja = "Acme Inc.", en = "Acme Inc." }
kind = "entrusted"
clause = "4.1"
country = "US"
purposes = ["guidance"]
categories = ["email"]

[[right]]"""


@pytest.mark.clause("8")
def test_a_recipient_abroad_is_asked_about_by_its_own_article_and_published_with_its_country(
    first, second
):
    world.publish()
    file = settings.HOME.policy / "policy.toml"
    file.write_text(file.read_text("utf-8").replace("\n[[right]]", ABROAD, 1), "utf-8")
    page = text(first.get(PUBLISH))
    assert "前の利用目的から予想できる" not in page
    assert 'value="system"' in page
    assert 'value="agreed"' in page
    assert 'value="equal"' not in page, "the United States are not designated"
    prepare(first, answer1="related", reason1="同じ")
    assert Preparation.objects.waiting() is None
    prepare(first, answer1="system", reason1="契約で相当の措置を定めた。")
    seen = text(second.get(PUBLISH))
    second.post(PUBLISH, {"digest": waiting().digest, "says": "publish"})
    for shown in (seen, text(second.get("/policy/diff/1..2"))):
        assert "Acme Inc.（アメリカ合衆国）" in shown
        assert "個人情報保護法25条" in shown
        assert "個人情報保護法28条3項" in shown
        assert "個人情報保護法28条2項" not in shown


@pytest.mark.clause("8")
def test_consent_to_a_recipient_abroad_stays_what_the_published_comparison_asks(first, second):
    world.publish()
    file = settings.HOME.policy / "policy.toml"
    said = ABROAD.replace('"US"', '"FR"')
    file.write_text(file.read_text("utf-8").replace("\n[[right]]", said, 1), "utf-8")
    assert 'value="equal"' in text(first.get(PUBLISH))
    prepare(first, answer1="agreed", reason1="同意を得てから渡す。")
    second.post(PUBLISH, {"digest": waiting().digest, "says": "publish"})
    shown = text(second.get("/policy/diff/1..2"))
    assert "同意したときだけ" in shown
    assert "個人情報保護法28条2項" in shown


def test_a_promise_that_turns_is_asked_about_and_never_as_a_purposes_wording(first):
    world.publish()
    world.replaced("ja.md", "提供致しません", "提供致します")
    page = text(first.get(PUBLISH))
    assert "約束を裏返したか、なくしました" in page
    assert 'value="standing"' in page
    assert 'value="wording"' not in page
