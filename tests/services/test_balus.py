"""Balus as a person meets it: purposes before the button, models, public links, and what a stop does there."""

import threading

import pytest

from examples.levii.databases.names import HEROINE
from tests.services.world import POLICY, Browser

HER = {"name": "試験 栞", "email": "shiori@kanaria.example", "company": "見本商会"}


def sign_up(balus, **changed):
    return balus.press("/signup", "/signup", **{**HER, **changed})


def key_of(world, email=HER["email"]):
    return world.sql("balus", "SELECT id FROM accounts WHERE email = :e", e=email)[0].id


def heroine(balus):
    page = balus.get("/signin")
    balus.follow(balus.press(page, "/signin"))
    return HEROINE


@pytest.mark.clause("2.3")
def test_the_purposes_stand_before_the_button(balus):
    page = balus.get("/signup")
    form = page.text
    assert "見本" in form
    for purpose in POLICY.purposes:
        if purpose.categories_at("balus"):
            assert form.index(purpose.name.ja) < form.index("この内容で登録する")
    assert "2(3)-2" in form


def test_signing_up_registers_with_the_edition_that_was_shown(world, balus):
    home = balus.follow(sign_up(balus))
    assert "モデル" in home.said
    key = key_of(world)
    registered = [r for r in world.records("balus") if r["kind"] == "gate.registered"]
    assert [(r["key"], r["notice"]) for r in registered] == [(key, POLICY.digest)]
    assert key in world.place("balus").use("service_operation")


def test_a_form_that_showed_another_edition_acquires_nothing(world, balus):
    answer = sign_up(balus, shown="sha256:" + "0" * 64)
    assert answer.status == 400
    assert "利用目的が新しくなりました" in answer.said
    assert not world.sql("balus", "SELECT id FROM accounts WHERE email = :e", e=HER["email"])


def test_without_a_policy_to_show_nothing_is_acquired(world, balus):
    (world.file.parent / "balus" / "policy").unlink()
    answer = balus.get("/signup")
    assert answer.status == 503
    assert "利用目的をお見せできない" in answer.said


def test_what_is_wrong_is_said_and_the_fields_keep_their_values(balus):
    answer = sign_up(balus, name="", email="shiori")
    assert answer.status == 400
    assert "氏名を入れてください" in answer.said
    assert 'value="shiori"' in answer.text


def test_what_a_person_types_is_escaped(balus):
    answer = sign_up(balus, name="", company="<script>alert(1)</script>")
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_an_address_that_somebody_confirmed_cannot_be_taken(world, balus):
    balus.follow(sign_up(balus))
    balus.follow(balus.press("/", "/confirm"))
    again = Browser(balus.web)
    assert "もう登録されています" in sign_up(again, email=HER["email"].upper()).said
    assert (
        len(world.sql("balus", "SELECT id FROM accounts WHERE lower(email) = :e", e=HER["email"]))
        == 1
    )


def test_the_mail_of_the_confirmation_opens_the_mailbox_once_pressed(world, balus):
    sign_up(balus)
    mail = next(world.place("balus").mails.glob("confirm-*.eml")).read_text()
    link = next(line for line in mail.splitlines() if line.startswith("http"))
    path = link.removeprefix(world.place("balus").address).strip()
    elsewhere = Browser(balus.web)
    elsewhere.get(path)
    unconfirmed = "SELECT email_verified_at v FROM accounts WHERE id = :k"
    assert world.sql("balus", unconfirmed, k=key_of(world))[0].v is None
    elsewhere.press(path, path)
    assert world.sql("balus", unconfirmed, k=key_of(world))[0].v is not None
    assert elsewhere.get(path[:-3] + "aaa").status == 404


def test_a_model_is_shared_and_taken_back(world, balus):
    heroine(balus)
    home = balus.get("/")
    model = balus.follow(balus.press(home, "/models", title="月面車の構造", description="車輪から"))
    assert "公開していません" in model.said
    path = balus.press("/", "/models", title="もう一つ").to
    shared = balus.follow(balus.press(path, f"{path}/publish", caption="公開版"))
    link = "/m/" + world.sql("balus", "SELECT token FROM public_links ORDER BY rowid DESC")[0].token
    assert link in shared.text
    stranger = Browser(balus.web)
    assert "もう一つ" in stranger.get(link).said
    balus.press(path, f"{path}/unpublish")
    assert stranger.get(link).status == 404


@pytest.mark.clause("5")
def test_a_stop_of_public_data_closes_the_public_page(world, balus):
    heroine(balus)
    path = balus.press("/", "/models", title="もう一つ").to
    balus.press(path, f"{path}/publish")
    link = "/m/" + world.sql("balus", "SELECT token FROM public_links ORDER BY rowid DESC")[0].token
    assert balus.get(link).status == 200
    world.stop("balus", HEROINE, "item", "public_content")
    assert balus.get(link).status == 404
    refused = balus.press(path, f"{path}/unpublish")
    assert refused.status == 303  # taking back uses nothing
    refused = balus.press(path, f"{path}/publish")
    assert refused.status == 403
    assert "止めています" in refused.said
    assert "プライバシーポリシー 5 条" in refused.said


@pytest.mark.clause("5")
def test_a_stop_of_the_history_leaves_no_line_of_use(world, balus):
    heroine(balus)
    count = "SELECT count(*) n FROM usage_events WHERE account_id = :k"
    model = balus.press("/", "/models", title="見る").to
    before = world.sql("balus", count, k=HEROINE)[0].n
    balus.get(model)
    assert world.sql("balus", count, k=HEROINE)[0].n == before + 1
    world.stop("balus", HEROINE, "item", "usage_history")
    assert balus.get(model).status == 200
    assert world.sql("balus", count, k=HEROINE)[0].n == before + 1


@pytest.mark.clause("5")
def test_somebody_who_stopped_everything_cannot_be_signed_in_and_reads_why(world, balus):
    world.stop("balus", HEROINE, "held")
    answer = balus.press("/signin", "/signin")
    assert answer.status == 403
    assert "すべての利用が止められている" in answer.said


def test_a_feed_that_is_silent_too_long_stops_the_service_and_says_so(world, balus):
    world.feeds["balus"].go_silent()
    answer = sign_up(balus)
    assert answer.status == 503
    assert "あなたの設定が最新かどうかを、いまは確かめられません" in answer.said
    assert "何も変わっていません" in answer.said
    assert not world.sql("balus", "SELECT id FROM accounts WHERE email = :e", e=HER["email"])


def test_a_feed_that_was_never_there_stops_the_service_and_says_so(world, balus):
    (world.home / "gate" / "balus" / "snapshot").unlink()
    answer = sign_up(balus)
    assert answer.status == 503
    assert "止めています" in answer.said


def test_two_presses_at_once_make_one_model(world, balus):
    heroine(balus)
    home, answers = balus.get("/"), []
    press = [
        threading.Thread(
            target=lambda: answers.append(balus.press(home, "/models", title="二度押し").to)
        )
        for _ in range(4)
    ]
    for thread in press:
        thread.start()
    for thread in press:
        thread.join()
    assert len(set(answers)) == 1
    assert len(world.sql("balus", "SELECT id FROM models WHERE title = '二度押し'")) == 1


@pytest.mark.parametrize("field", ["", "x.y"])
def test_a_form_without_our_token_does_nothing(world, balus, field):
    heroine(balus)
    before = world.sql("balus", "SELECT count(*) n FROM models")
    assert balus.post("/models", title="偽", press=field).status == 403
    assert world.sql("balus", "SELECT count(*) n FROM models") == before


def test_a_token_of_another_browser_does_nothing(balus):
    mine, theirs = balus, Browser(balus.web)
    page = theirs.get("/signup")
    mine.get("/signup")
    assert mine.press(page, "/signup", **HER).status == 403


def test_a_changed_session_is_nobody(balus):
    heroine(balus)
    value = balus.cookies["levii_balus_in"]
    balus.cookies["levii_balus_in"] = "1" + value
    assert balus.get("/plan").status == 401


def test_another_teams_model_is_not_shown(world, balus):
    heroine(balus)
    other = world.sql(
        "balus",
        "SELECT id FROM models WHERE workspace_id NOT IN"
        " (SELECT workspace_id FROM memberships WHERE account_id = :k)",
        k=HEROINE,
    )[0].id
    assert balus.get(f"/models/{other}").status == 404
    assert balus.post(f"/models/{other}/publish").status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/plan/x", 404), ("GET", "/models", 405)],
)
def test_what_is_not_there_has_a_page_in_plain_words(balus, method, path, status):
    answer = balus._ask(method, path)
    assert answer.status == status
    assert "<h1>" in answer.text


def test_too_much_is_refused(balus):
    assert balus.post("/models", title="あ" * 40_000).status == 413
    assert balus._ask("POST", "/models", b"{}", "application/json").status == 415
    assert balus._ask("POST", "/models", b"\xff\xfe=1").status == 400


def test_every_answer_has_a_strict_policy_and_no_script(balus):
    for path in ("/", "/signup", "/signin", "/nothing"):
        answer = balus.get(path)
        policy = dict(answer.headers)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "<script" not in answer.text
        assert "style=" not in answer.text


def test_the_link_to_ones_information_hands_over_and_says_nothing_of_the_person(world, balus):
    heroine(balus)
    answer = balus.get("/you")
    assert answer.status == 303
    assert answer.to.startswith(world.place("balus").chikai + "/me/enter?token=")
    mail = world.sql("balus", "SELECT email FROM accounts WHERE id = :k", k=HEROINE)[0].email
    assert mail not in answer.to


def test_the_settings_page_stands_when_chikai_does_not_answer(balus):
    heroine(balus)
    page = balus.get("/settings")
    assert page.status == 200
    assert "いまは読み込めません" in page.said
    assert "/you" in page.text


@pytest.mark.clause("2.3")
def test_a_plan_begins_today_and_the_old_one_ended_yesterday(world, balus):
    balus.follow(sign_up(balus))
    balus.press("/plan", "/plan", plan="team")
    rows = world.sql(
        "balus", "SELECT plan, ended_on FROM subscriptions WHERE account_id = :k", k=key_of(world)
    )
    assert rows == [("team", None)]
    world.write(
        "balus",
        "UPDATE subscriptions SET started_on = '2026-01-05' WHERE account_id = :k",
        k=key_of(world),
    )
    balus.press("/plan", "/plan", plan="business")
    rows = world.sql(
        "balus",
        "SELECT plan, ended_on IS NULL FROM subscriptions WHERE account_id = :k ORDER BY id",
        k=key_of(world),
    )
    assert rows == [("team", 0), ("business", 1)]
    assert balus.press("/plan", "/plan", plan="gold").status == 400


def test_nothing_personal_is_printed(world, balus, capfd):
    balus.follow(sign_up(balus))
    balus.press("/", "/models", title="カナリアの図")
    (world.place("balus").engine).dispose()
    (world.path / "balus.sqlite3").write_bytes(b"this is no database")
    assert balus.get("/").status == 500
    printed = "".join(capfd.readouterr())
    assert "balus:" in printed
    for word in (*HER.values(), "カナリア"):
        assert word not in printed
