"""The public pages: the policy as it was published, under addresses that last."""

import hashlib
import json
import re

import pytest
from django.conf import settings

from chikai.policy import load
from chikai.web.models import Edition
from tests.web import world

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/policy", "/policy/editions", "/en/", "/en/policy/editions"]
)
def test_before_the_first_edition_a_page_says_what_will_stand_there(client, path):
    world.begin()
    assert client.get(path).status_code == 200


def test_before_the_first_edition_the_page_names_the_command(client):
    world.begin()
    assert "chikai policy publish" in text(client.get("/"))


def test_without_an_installation_the_public_page_still_answers(client):
    world.no_home()
    assert client.get("/").status_code == 200


@pytest.mark.clause("1.1")
def test_the_page_shows_the_bytes_that_were_published(client):
    world.begin()
    world.publish()
    edition = Edition.objects.current()
    for path, fragment in (("/", edition.ja), ("/policy", edition.ja), ("/en/policy", edition.en)):
        page = re.sub(
            r' <span class="tag \w*">[^<]*</span>|<p class="shown">.*?</p>\n',
            "",
            text(client.get(path)),
        )
        assert fragment in page, "the evidence of today is put beside them, and nothing else"


def test_the_digest_is_of_the_file_that_anybody_can_load(client):
    world.begin()
    world.publish()
    answer = client.get("/policy/editions/1/policy.json")
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest in text(client.get("/policy"))
    assert "immutable" in answer["Cache-Control"]


@pytest.mark.clause("8")
def test_an_earlier_edition_keeps_its_address(client):
    world.begin()
    world.publish()
    first = Edition.objects.current()
    prose = settings.HOME.policy / "ja.md"
    prose.write_text(prose.read_text("utf-8").replace("当社は", "弊社は"), "utf-8")
    world.publish()
    assert Edition.objects.current().number == 2
    page = text(client.get("/policy/editions/1"))
    assert first.ja in page
    assert "これは前の版です" in page
    assert client.get("/policy/editions/3").status_code == 404


def test_programs_learn_the_edition_in_force(client):
    world.begin()
    assert client.get("/.well-known/chikai.json").json()["edition"] is None
    world.publish()
    said = client.get("/.well-known/chikai.json").json()
    assert said["digest"] == Edition.objects.current().digest
    assert client.get("/healthz").content == b"ok\n"


def test_the_ledger_stands_behind_the_page_without_the_staff(client):
    world.begin()
    world.publish()
    page = text(client.get("/policy"))
    assert "ポリシーの版を公表しました" in page
    assert "職員を招待しました" not in page


@pytest.mark.parametrize("path", ["/policy", "/en/policy", "/sign-in", "/no-such-page"])
def test_each_page_says_its_language_and_leads_to_the_other(client, path):
    world.begin()
    english = path.startswith("/en/")
    page = text(client.get(path))
    assert f'<html lang="{"en" if english else "ja"}">' in page
    if path != "/no-such-page":
        other = path.removeprefix("/en") if english else f"/en{path}"
        assert f'href="{other}"' in page


def test_every_page_forbids_what_is_not_ours(client):
    world.begin()
    said = client.get("/policy")["Content-Security-Policy"]
    assert "default-src 'none'" in said
    assert "unsafe" not in said
    assert client.get("/policy")["X-Frame-Options"] == "DENY"


def test_no_template_holds_a_style_or_a_script():
    folder = world.ROOT / "src" / "chikai" / "web" / "templates"
    for file in folder.rglob("*.html"):
        said = file.read_text("utf-8")
        assert " style=" not in said, file.name
        assert "<style" not in said, file.name
        assert "onclick" not in said, file.name
        assert all('src="{%' in part for part in said.split("<script")[1:]), file.name


def test_the_example_shows_its_mark_and_a_real_installation_does_not(client):
    world.begin(example=True)
    page = client.get("/policy")
    assert "見本" in text(page)
    assert "noindex" in page["X-Robots-Tag"]
    here = {"host": "localhost:8400"}
    assert client.get("/example/mails", headers=here).status_code == 200


def test_without_the_mark_the_pages_of_the_example_do_not_exist(client):
    staff = world.begin()
    assert "見本" not in text(client.get("/policy"))
    assert "X-Robots-Tag" not in client.get("/policy")
    assert client.get("/example/mails").status_code == 404
    assert client.post(f"/sign-in/example/{staff.pk}").status_code == 404


def test_the_mails_of_an_example_are_shown_on_this_machine_only(client):
    world.begin(example=True)
    here = {"host": "localhost:8400"}
    assert client.get("/example/mails", headers=here).status_code == 200
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/example/mails", headers=here, **elsewhere).status_code == 404


def test_a_digest_is_no_matter_of_language(client):
    world.begin()
    world.publish()
    assert json.loads(client.get("/policy/editions/1/policy.json").content)["clauses"]


def test_the_schema_of_the_format_stands_at_its_address(client):
    world.no_home()
    answer = client.get("/schemas/policy-1.schema.json")
    assert answer.status_code == 200
    assert json.loads(answer.content)["properties"]["format"] == {
        "description": "always `1`",
        "const": 1,
    }


@pytest.fixture
def two(client):
    world.begin()
    world.publish()
    world.publish_next()
    return client


@pytest.mark.clause("8")
def test_two_editions_stand_side_by_side_with_what_each_change_asks(two):
    page = text(two.get("/policy/diff/1..2"))
    assert "研究・調査への協力のお願い" in page
    assert "同意したときだけ" in page, "it was published as unrelated"
    assert "担当者が決めます" not in page
    assert "<del>2</del>" in page
    assert "<ins>3</ins>" in page
    assert "個人情報保護法18条1項" in page
    english = text(two.get("/en/policy/diff/1..2"))
    assert "Only with your consent" in english
    assert "inviting you to take part in research" in english


def test_clauses_that_did_not_change_are_one_line_that_opens(client):
    world.begin()
    world.publish()
    world.replaced("ja.md", "お問合せ等への対応のため", "お問合せ等への回答のため")
    world.publish()
    page = client.get("/policy/diff/1..2")
    said, found = text(page), page.context["compared"]
    assert len(found.rows) == 1
    folds = [block for block in found.blocks if hasattr(block, "clauses")]
    assert len(folds) == 2, "those before it, and those after it"
    document = load.read(settings.HOME.policy).document
    assert sum(len(fold.clauses) for fold in folds) == len(document.clauses) - 1
    assert said.count('<details class="fold">') == 2
    assert f"変わらない条項 {len(folds[0].clauses)}件</summary>" in said
    assert "漏洩、滅失" in said, "and its words are there"


def test_changes_of_one_kind_that_ask_the_same_are_one_entry(two):
    found = two.get("/policy/diff/1..2").context["compared"]
    reworded = [group for group in found.groups if group[0].kind == "purpose_reworded"]
    assert len(reworded) == 1
    assert len(reworded[0]) > 3


def test_a_clause_whose_other_language_changed_says_so_and_shows_nothing_twice(client):
    world.begin()
    world.publish()
    world.replaced("en.md", "inquiries", "questions")
    world.publish()
    assert "英語の文だけが変わりました。" in text(client.get("/policy/diff/1..2"))
    assert "<ins>questions</ins>" in text(client.get("/en/policy/diff/1..2"))


def test_a_comparison_has_one_address_and_a_form_that_leads_to_it(two):
    for query in ("old=1&new=2", "old=2&new=1"):
        assert two.get(f"/policy/diff?{query}")["Location"] == "/policy/diff/1..2"
    assert two.get("/policy/diff/2..1")["Location"] == "/policy/diff/1..2"
    for wrong in ("", "old=x&new=2", "old=1", "old=1&new=99999999999999999999", "old=-1&new=2"):
        assert two.get(f"/policy/diff?{wrong}")["Location"] == "/policy/editions"
    assert two.get("/policy/diff/1..7").status_code == 404


def test_an_edition_beside_itself_says_that_nothing_differs(two):
    assert "二つの版に違いはありません" in text(two.get("/policy/diff/2..2"))


def test_the_list_of_editions_leads_to_what_each_one_changed(two):
    page = text(two.get("/policy/editions"))
    assert 'href="/policy/diff/1..2"' in page
    assert 'name="old"' in page
    assert 'href="/policy/diff/1..2"' in text(two.get("/policy"))


def test_one_edition_alone_offers_no_comparison(client):
    world.begin()
    world.publish()
    assert "/policy/diff" not in text(client.get("/policy/editions"))
    assert "/policy/diff" not in text(client.get("/policy"))


def test_an_edition_is_printed_without_anything_beside_it(two):
    page = text(two.get("/policy/editions/1/print"))
    assert Edition.objects.get(number=1).ja in page
    assert '<nav class="nav' not in page
    assert "/contact" not in page


@pytest.mark.parametrize("tongue", ["ja", "en"])
def test_an_edition_is_a_file_of_sheets_under_an_address_that_lasts(two, tongue):
    for number in (1, 2):
        answer = two.get(f"/policy/editions/{number}/policy.{tongue}.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    assert two.get(f"/policy/editions/3/policy.{tongue}.pdf").status_code == 404
    assert two.get("/policy/editions/1/policy.xx.pdf").status_code == 404
