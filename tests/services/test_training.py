"""The courses: a company applies and names its people; each is told, registered, and may stop what is done with them."""

import pytest

from examples.levii.services.training import courses
from tests.services.world import POLICY, Browser

APPLIED = {
    "company": "見本商会",
    "contact": "試験 係",
    "email": "kakari@kanaria.example",
    "course": "Balus 実践",
    "headcount": "2",
}
PERSON = {"name": "受講 栞", "email": "shiori@kanaria.example", "department": "設計部"}


def apply(training, **changed):
    return training.press("/apply", "/apply", **{**APPLIED, **changed})


def enrol(training, page, **changed):
    return training.press(page, f"{page}/attendees", **{**PERSON, **changed})


def attendee(world):
    return world.sql("training", "SELECT max(id) k FROM attendees")[0].k


@pytest.mark.clause("2.2.1")
def test_an_application_has_its_head_count_and_its_invoice(world, training):
    page = training.follow(apply(training))
    assert "申し込み人数 2 人" in page.said
    row = world.sql(
        "training",
        "SELECT a.headcount, i.amount, i.addressee FROM applications a"
        " JOIN invoices i ON i.application_id = a.id ORDER BY a.id DESC LIMIT 1",
    )[0]
    assert row == (2, 88_000, "見本商会 試験 係 様")  # 40,000 each, and 10 %


@pytest.mark.parametrize("heads", ["0", "-1", "201", "二", "", "１２３"])
def test_a_head_count_that_is_none_is_not_taken(world, training, heads):
    before = world.sql("training", "SELECT count(*) n FROM applications")
    answer = apply(training, headcount=heads)
    assert answer.status == 400
    assert "申し込み人数を" in answer.said
    assert world.sql("training", "SELECT count(*) n FROM applications") == before


@pytest.mark.clause("2.3")
def test_an_attendee_is_registered_with_the_notice_and_told_by_mail(world, training):
    page = apply(training).to
    enrol(training, page)
    key = attendee(world)
    registered = [r for r in world.records("training") if r["kind"] == "gate.registered"]
    assert [(r["key"], r["notice"]) for r in registered] == [(key, POLICY.digest)]
    mail = (world.place("training").mails / f"acquired-training-{key}.eml").read_bytes()
    assert b"shiori@kanaria.example" in mail


def test_no_more_attend_than_were_applied_for(world, training):
    page = apply(training, headcount="1").to
    enrol(training, page)
    before = world.sql("training", "SELECT count(*) n FROM attendees")
    assert "全員の登録が終わりました" in training.get(page).said
    other = Browser(training.web)
    other.cookies = dict(training.cookies)
    with pytest.raises(courses.FullError):
        courses.enrol(
            world.place("training"),
            int(page.split("/")[2]),
            courses.Named("多い 人", "", "", "", ""),
            world.place("training").notice(),
        )
    assert world.sql("training", "SELECT count(*) n FROM attendees") == before


def test_a_certificate_is_issued_once(world, training):
    page = apply(training).to
    enrol(training, page)
    key = attendee(world)
    button = f"{page}/certificates/{key}"
    certificate = training.follow(training.press(page, button))
    assert "受講 栞 様" in certificate.said.replace("\n", "")
    assert "Balus 実践" in certificate.said
    number = courses.finish(world.place("training"), int(page.split("/")[2]), key)
    rows = world.sql("training", "SELECT id FROM certificates WHERE attendee_id = :k", k=key)
    assert [row.id for row in rows] == [number]


@pytest.mark.clause("5")
def test_somebody_who_stopped_the_course_gets_no_certificate_and_the_page_says_so(world, training):
    page = apply(training).to
    enrol(training, page)
    key = attendee(world)
    shown = training.get(page)
    world.stop("training", key, "purpose", "course")
    answer = training.press(shown, f"{page}/certificates/{key}")
    assert answer.status == 403
    assert "ご本人が止めています" in answer.said
    assert not world.sql("training", "SELECT id FROM certificates WHERE attendee_id = :k", k=key)


def test_another_companys_application_is_not_shown(training):
    page = apply(training).to
    number = int(page.split("/")[2])
    assert training.get(page.replace(f"/{number}/", f"/{number - 1}/")).status == 404
    assert training.get(page[:-3] + "abc").status == 404


def test_an_attendee_signs_in_and_finds_settings_and_the_way_to_the_portal(world, training):
    enrol(training, apply(training).to)
    answer = training.press("/signin", "/signin", email=PERSON["email"])
    assert answer.to == "/settings"
    assert "あなたの情報をひらく" in training.follow(answer).said
    assert "/me/enter?token=" in training.get("/you").to


def test_a_silent_feed_enrols_nobody_and_says_so(world, training):
    page = apply(training).to
    shown = training.get(page)
    world.feeds["training"].go_silent()
    world.place("training").gate.cache.load()
    answer = training.press(shown, f"{page}/attendees", **PERSON)
    assert answer.status == 503
    assert "いまは、お手続きを止めています" in answer.said
    assert not world.sql("training", "SELECT id FROM attendees WHERE name = :n", n=PERSON["name"])
