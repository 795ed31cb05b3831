"""The contact form: what is asked for is shown with its purposes, and nothing is kept that the desk did not get."""

import json

import pytest

TYPED = {"name": "試験 栞", "email": "shiori@kanaria.example", "body": "カナリアの件です。"}


@pytest.fixture
def desk(world, httpserver):
    """A desk that takes inquiries over HTTP, and the requests it got."""
    place = world.place("website")
    httpserver.expect_request("/api/v1/inquiries", method="POST").respond_with_json(
        {"number": "2026-0001"}
    )
    place.chikai = httpserver.url_for("").rstrip("/")
    token = world.home / "keys" / "gate-website.token"
    token.write_text("invented-token\n")
    return httpserver


@pytest.mark.clause("7")
def test_an_inquiry_reaches_the_desk_and_the_table(world, desk, request):
    website = request.getfixturevalue("website")
    done = website.follow(website.press("/contact", "/contact", kind="complaint", **TYPED))
    assert "窓口に渡しました" in done.said
    sent, _ = desk.log[-1]
    assert sent.headers["Authorization"] == "Bearer invented-token"
    assert sent.headers["Idempotency-Key"]
    said = json.loads(sent.data)
    assert {name: said[name] for name in TYPED} == TYPED
    assert (said["kind"], said["service"]) == ("complaint", "website")
    rows = world.sql(
        "website", "SELECT name, email, body, cookie_id FROM inquiries ORDER BY id DESC LIMIT 1"
    )
    assert rows == [(*TYPED.values(), None)]


def test_the_form_shows_what_the_inquiry_is_used_for(website):
    page = website.get("/contact")
    assert page.text.index("お問合せ等への対応") < page.text.index(">送る<")


def test_a_desk_that_is_away_leaves_no_row_and_the_person_knows_where_to_write(world, website):
    before = world.sql("website", "SELECT count(*) n FROM inquiries")
    answer = website.press("/contact", "/contact", **TYPED)
    assert answer.status == 503
    assert "何も保存していません" in answer.said
    assert "privacy@levii.example" in answer.said
    assert world.sql("website", "SELECT count(*) n FROM inquiries") == before


def test_an_inquiry_without_an_address_cannot_be_answered(website):
    answer = website.press("/contact", "/contact", **{**TYPED, "email": ""})
    assert answer.status == 400
    assert "お返事を送るメールアドレス" in answer.said
