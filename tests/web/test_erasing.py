"""An erasure is counted, approved by two, made in one transaction a place, and answered when nothing is left."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from django.conf import settings

from chikai import clock
from chikai.errors import WrongState
from chikai.policy import load
from chikai.rights import holds
from chikai.sources import markers
from chikai.sources.map import Hold
from chikai.web import erased, packages
from chikai.web.actions import by_hand, correcting, planning
from chikai.web.actions import rights as actions
from chikai.web.actions.ledger import facts_of
from chikai.web.actions.people import merge
from chikai.web.models import ByHand, Outbox, Request, Step
from chikai.web.models.ledger import Events
from chikai.web.work import engine, notices
from examples.levii import databases
from tests.web import asking, world
from tests.web import portal_world as us
from tests.web.asking import DESK, HEROINE, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def her(urls):
    return asking.settle(urls, mode="enforce")


def fresh(request):
    return Request.objects.get(pk=request.pk)


def approved(*requests):
    engine.drain()
    for request in requests:
        actions.approve_request(OFFICER, request)
        actions.approve_request(SECOND, request)
    engine.drain()


def rows_of(urls, service, key):
    db = sa.create_engine(urls[service])
    found = databases.held_by(db, service, key)
    db.dispose()
    return {t: n for t, n in found.items() if n}


def texts(urls, but=()):
    """Every value of every database, as text, save for these tables."""
    found = []
    for url in urls.values():
        db = sa.create_engine(url)
        meta = sa.MetaData()
        meta.reflect(db)
        with db.connect() as c:
            for table in (t for t in meta.sorted_tables if t.name not in but):
                found += [repr(tuple(row)) for row in c.execute(sa.select(table))]
        db.dispose()
    return found


@pytest.mark.clause("5")
def test_an_erasure_runs_from_the_count_to_the_answer(her, urls):
    request = asking.ask(her, kind="erase")
    assert any("花子" in text for text in texts(urls))
    engine.drain()
    assert fresh(request).state == "review"
    counted = {s.source: s.found["rows"] for s in request.steps.filter(action="count")}
    assert set(counted) == set(urls)
    assert sum(counted["balus"].values()) > 5
    before = texts(urls)
    approved(request)
    assert fresh(request).state == "answered", list(Step.objects.values_list("source", "fault"))
    assert before != texts(urls)
    erased = {s.source: s.found["erased"] for s in request.steps.filter(action="erase")}
    assert erased == counted
    assert HEROINE["balus"] is not None
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        (mail,) = c.execute(
            sa.text("select email from accounts where id = :i"), {"i": HEROINE["balus"]}
        ).one()
    db.dispose()
    assert "hanako" not in mail
    assert not packages.folder(request).exists()
    assert len(Events("rights.answered")) == 1
    assert Outbox.objects.get(kind="answered").state == "sent"


def test_nobody_elses_rows_change(her, urls):
    others = asking.more_people(urls, 3)
    keys = [int(p.links.get(source="balus").key) for p in others]
    before = [rows_of(urls, "balus", key) for key in keys]
    approved(asking.ask(her, kind="erase"))
    assert [rows_of(urls, "balus", key) for key in keys] == before


def test_erasures_that_wait_together_are_made_together(her, urls, monkeypatch):
    met = []
    monkeypatch.setattr(engine, "hook", met.append)
    requests = [asking.ask(p, kind="erase") for p in (her, *asking.more_people(urls, 4))]
    approved(*requests)
    assert {fresh(r).state for r in requests} == {"answered"}
    assert met.count("erase.doing") == 1
    assert met.count("count.doing") == 1


def test_a_place_that_fails_in_its_last_table_is_untouched_and_the_request_open(her, urls):
    request = asking.ask(her, kind="erase")
    engine.drain()
    db = sa.create_engine(urls["balus"])
    with db.begin() as c:
        c.exec_driver_sql(
            "create trigger stop before update on accounts begin select raise(abort, 'no'); end"
        )
    db.dispose()
    with sa.create_engine(urls["balus"]).connect() as c:
        before = [tuple(r) for r in c.execute(sa.text("select * from accounts order by id"))]
    rows = rows_of(urls, "balus", HEROINE["balus"])
    approved(request)
    assert fresh(request).state == "acting"
    step = request.steps.get(source="balus", action="erase")
    assert (step.state, bool(step.fault)) == ("todo", True)
    assert rows_of(urls, "balus", HEROINE["balus"]) == rows
    with sa.create_engine(urls["balus"]).begin() as c:
        after = [tuple(r) for r in c.execute(sa.text("select * from accounts order by id"))]
        c.exec_driver_sql("drop trigger stop")
    assert after == before
    Step.objects.filter(state="todo").update(not_before=clock.now() - timedelta(seconds=1))
    engine.drain()
    assert fresh(request).state == "answered"


def test_more_rows_than_were_approved_stop_it(her, urls):
    request = asking.ask(her, kind="erase")
    engine.drain()
    step = request.steps.get(source="balus", action="count")
    table = max(step.found["rows"], key=step.found["rows"].get)
    step.found["rows"][table] -= 1
    step.save()
    approved(request)
    assert fresh(request).state == "acting"
    assert "allows" in request.steps.get(source="balus", action="erase").fault


def test_a_row_that_is_left_keeps_the_request_open(her, urls, monkeypatch):
    request = asking.ask(her, kind="erase")

    def write(name):
        if name == "erase.made":
            with sa.create_engine(urls["balus"]).begin() as c:
                c.execute(
                    sa.text("update accounts set email = 'again@mail.example' where id = :i"),
                    {"i": HEROINE["balus"]},
                )

    monkeypatch.setattr(engine, "hook", write)
    approved(request)
    step = request.steps.get(source="balus", action="erase")
    assert fresh(request).state == "acting"
    assert "left" in step.fault
    monkeypatch.setattr(engine, "hook", None)
    Step.objects.filter(state="todo").update(not_before=clock.now() - timedelta(seconds=1))
    engine.drain()
    assert fresh(request).state == "answered"


def test_a_place_that_is_only_observed_is_erased_by_hand_after_the_decision(urls, client):
    her = asking.settle(urls)
    request = asking.ask(her, kind="erase")
    engine.drain()
    assert fresh(request).state == "review"
    approved(request)
    assert fresh(request).state == "acting"
    counted = {p.source: p for p in erased.of_request(fresh(request)).places}
    assert counted["balus"].rows > 5
    assert all(place.by_hand for place in counted.values())
    asking.erase_by_hand(urls, request)
    for step in request.steps.filter(state="manual"):
        by_hand.complete_manual(OFFICER, step, note="消しました", rows=1)
    engine.drain()
    assert fresh(request).state == "answered"
    assert {facts_of(e)["does"] for e in Events("rights.carried_out")} == {"manual", "stop"}
    us.sign_in(client, key=str(HEROINE["balus"]))
    page = client.get(f"/me/requests/{request.number}").content.decode()
    assert "消したもの" in page
    assert page.count("手作業") == len(counted)
    assert "写しができました" not in page


@pytest.mark.clause("6")
def test_nobodys_word_closes_an_erasure_while_the_place_can_be_asked(urls):
    her = asking.settle(urls)
    request = asking.ask(her, kind="erase")
    approved(request)
    before = texts(urls)
    steps = request.steps.filter(state="manual")
    balus = steps.get(source="balus")
    for _ in range(2):
        for step in request.steps.filter(state="manual"):
            by_hand.complete_manual(OFFICER, step, note="消しました", rows=0)
        engine.drain()
        assert fresh(request).state == "acting"
        balus.refresh_from_db()
        assert (balus.state, balus.note) == ("manual", None)
        assert "rows still hold the person in `" in balus.fault
        assert not ByHand.objects.filter(step=balus).exists()
    assert len(Events("rights.searched_anew")) == 2 * steps.count()
    assert texts(urls) == before
    assert not Outbox.objects.filter(kind="answered").exists()


def test_a_place_where_nothing_was_counted_asks_nobody_and_is_looked_at_again(urls):
    her = asking.more_people({"balus": urls["balus"]}, 1)[0] if asking.settle(urls) else None
    request = asking.ask(her, kind="erase", reply_to="")
    engine.drain()
    places = {s.source: s.action for s in request.steps.all()}
    assert (places["balus"], places["kata"]) == ("count", "nothing")
    request.steps.filter(source="balus").update(found={"rows": {}, "kept": []})
    approved(request)
    step = request.steps.get(action="manual")
    assert (fresh(request).state, step.state) == ("acting", "manual"), "rows came since"


def test_no_value_rests_in_the_clear_while_an_erasure_waits(her):
    asking.ask(her, kind="erase")
    engine.drain()
    said = repr([*Step.objects.values_list(), *Request.objects.values_list()])
    files = [p for p in (settings.HOME.path / "packages").rglob("*") if p.is_file()]
    assert files
    for mark in ("hanako", "花子", HEROINE["kata"]):
        assert mark not in said
        assert all(mark.encode() not in p.read_bytes() for p in files)


def adopt_held(column="issued_on"):
    """The map of the first service, with its invoices under the hold of tax books."""
    policy = load.read(asking.EXAMPLE).document

    def held(map_):
        tables = tuple(
            replace(t, hold=Hold("tax_books", column)) if t.name == "invoices" else t
            for t in map_.tables
        )
        return replace(map_, tables=tables)

    asking.adopt(policy, "balus", clock.now(), change=held)


def invoices(urls):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        rows = c.execute(sa.text(INVOICES), {"i": HEROINE["balus"]}).all()
    db.dispose()
    return [tuple(row) for row in rows]


INVOICES = (
    "select invoices.* from invoices join subscriptions on subscriptions.id = subscription_id "
    "where account_id = :i order by invoices.id"
)


@pytest.mark.clause("5", "6")
def test_what_a_tax_law_keeps_stays_and_the_answer_says_until_when(her, urls, client):
    adopt_held()
    before = invoices(urls)
    assert before
    request = asking.ask(her, kind="erase")
    engine.drain()
    shown = erased.of_request(fresh(request))
    assert not shown.is_done
    (said,) = shown.kept
    until = max(
        holds.last_day("tax_books", date.fromisoformat(row[8]), settings.HOME.books)
        for row in before
    )
    assert f"{until.year}年{until.month}月{until.day}日" in said.ja
    assert "Balusの記録（その他の支払・決済の情報、氏名など）" in said.ja
    assert f"のうち{len(before)}件は" in said.ja
    assert "invoices" not in said.ja + said.en
    assert "ほかの利用は関門が断ります" in said.ja
    approved(request)
    assert fresh(request).state == "answered", list(Step.objects.values_list("source", "fault"))
    assert invoices(urls) == before
    shown = erased.of_request(fresh(request))
    assert (shown.is_done, shown.kept) == (True, (said,))
    found = map(facts_of, Events("rights.carried_out"))
    (facts,) = (facts for facts in found if facts["place"] == "balus")
    assert facts["kept_tax_books"] == len(before)
    assert facts["kept_until"] == until.isoformat()
    us.sign_in(client, key=str(HEROINE["balus"]))
    page = client.get(f"/me/requests/{request.number}").content.decode()
    assert said.ja in page
    mail = notices.message(Outbox.objects.get(kind="answered"), asking.MAIL).body
    assert "法人税法施行規則59条" in mail
    assert "残す記録があります" in mail


def test_a_mail_says_nothing_of_laws_where_nothing_stays(her):
    approved(asking.ask(her, kind="erase", asked={"services": "kata"}))
    assert "残す" not in notices.message(Outbox.objects.get(kind="answered"), asking.MAIL).body


def test_years_with_a_loss_keep_it_longer(her, urls):
    adopt_held()
    ends = {settings.HOME.books.end(date.fromisoformat(row[8])).year for row in invoices(urls)}
    file = settings.HOME.path / "chikai.toml"
    file.write_text(f"{file.read_text()}\n[books]\nlosses = {sorted(ends)}\n", "utf-8")
    request = asking.ask(her, kind="erase")
    engine.drain()
    (law, *_), *_ = fresh(request).steps.get(source="balus").found["kept"]
    (until,) = {kept[3] for kept in fresh(request).steps.get(source="balus").found["kept"]}
    expected = max(
        holds.last_day("tax_books", date.fromisoformat(row[8]), settings.HOME.books)
        for row in invoices(urls)
    )
    assert (law, until) == ("invoices", expected.isoformat())
    assert expected.year - max(ends) == 10


def test_an_address_has_one_mask_in_every_place(her, urls):
    for service, table in (("balus", "accounts"), ("training", "attendees")):
        db = sa.create_engine(urls[service])
        with db.begin() as c:
            said = {"m": "Hanako.Shared@mail.example", "i": HEROINE[service]}
            c.execute(sa.text(f"update {table} set email = :m where id = :i"), said)
        db.dispose()
    approved(asking.ask(her, kind="erase"))
    masks = set()
    for service, table in (("balus", "accounts"), ("training", "attendees")):
        db = sa.create_engine(urls[service])
        with db.connect() as c:
            query = sa.text(f"select email from {table} where id = :i")
            masks.add(c.scalar(query, {"i": HEROINE[service]}))
        db.dispose()
    (mask,) = masks
    assert mask.endswith("@erased.invalid")


def test_the_markers_of_other_people_are_not_read(her, urls):
    db = sa.create_engine(urls["balus"])
    for statement in markers.tables("sqlite"):
        with db.begin() as c:
            c.exec_driver_sql(statement)
    with db.begin() as c:
        c.exec_driver_sql(
            "insert into chikai_applied (step_id, subject, fence, subject_seq, rows) "
            "values ('erase', 'somebody', 0, 1, 'this is no JSON')"
        )
    db.dispose()
    request = asking.ask(her, kind="erase")
    approved(request)
    assert fresh(request).state == "answered", list(Step.objects.values_list("source", "fault"))


def test_what_a_team_made_stands_when_one_of_them_goes(her, urls):
    """She owns a template, reviews others, comments on models and draws in some."""
    shared = {
        "kata": {
            "templates": ("title", "summary"),
            "template_versions": ("body",),
            "publications": ("slug", "headline", "published_at"),
            "reviews": ("stars", "body"),
        },
        "balus": {"comments": ("body",), "models": ("title", "description")},
    }
    before = works(urls, shared)
    for service, tables in shared.items():
        assert set(tables) & set(rows_of(urls, service, HEROINE[service])) == set(tables)
    request = asking.ask(her, kind="erase", reply_to="")
    approved(request)
    assert fresh(request).state == "answered"
    assert works(urls, shared) == before


def works(urls, shared):
    """These columns of every row of the shared tables."""
    found = {}
    for service, tables in shared.items():
        db = sa.create_engine(urls[service])
        with db.connect() as c:
            for table, columns in tables.items():
                chosen = ", ".join(columns)
                rows = c.execute(sa.text(f"select {chosen} from {table} order by rowid")).all()
                assert rows, table
                found[service, table] = rows
        db.dispose()
    return found


def test_an_erasure_that_was_asked_of_one_service_leaves_the_others_alone(her, urls):
    before = rows_of(urls, "balus", HEROINE["balus"])
    request = asking.ask(her, kind="erase", asked={"services": "kata"})
    approved(request)
    assert fresh(request).state == "answered"
    assert [s.source for s in request.steps.filter(action="erase")] == ["kata"]
    assert rows_of(urls, "balus", HEROINE["balus"]) == before
    assert any("花子" in text for text in texts({"balus": urls["balus"]}))


def test_an_erasure_that_meets_more_than_was_counted_is_counted_and_approved_anew(her, urls):
    """She goes on using the service between the count and the decision: the brake stops, and people have an answer."""
    assert any("山田 花子" in text for text in texts({"balus": urls["balus"]}))
    request = asking.ask(her, kind="erase")
    engine.drain()
    balus = sa.create_engine(urls["balus"])
    with balus.begin() as c:
        c.execute(
            sa.text(
                "insert into usage_events (account_id, action, at) values (:k, 'open', '2026-11-02 10:00:00')"
            ),
            {"k": HEROINE["balus"]},
        )
    balus.dispose()
    approved(request)
    assert fresh(request).state == "acting"
    stopped = request.steps.get(action="erase", source="balus")
    assert stopped.state == "failed", stopped.fault
    others = {s.source for s in request.steps.filter(action="erase", state="done")}
    assert others == {"kata", "training", "website"}
    correcting.look_again(DESK, request)
    engine.drain()
    assert fresh(request).state == "review"
    approved(request)
    assert fresh(request).state == "answered"
    left = texts({"balus": urls["balus"]}, but=("invoices",))  # a law keeps those
    assert not any("山田 花子" in text for text in left)
    done = [s.source for s in request.steps.filter(action="erase")]
    assert sorted(done) == ["balus", "kata", "training", "website"]


def test_an_account_that_became_hers_meanwhile_is_looked_at_before_anybody_approves(
    her, urls, client
):
    request = asking.ask(her, kind="erase")
    engine.drain()
    key = found_hers_too(her, urls)
    with pytest.raises(WrongState, match="has changed"):
        actions.approve_request(OFFICER, fresh(request))
    world.sign_in(client, world.member("officer"))
    page = client.post(f"/desk/requests/{request.number}/approve", follow=True).content.decode()
    assert "この方の登録として分かっているものが変わりました：`balus`" in page
    assert "そこを調べ直してから、承認してください" in page
    planning.look_at_more(DESK, fresh(request))
    approved(request)
    assert fresh(request).state == "answered"
    assert mail_of(urls, key).endswith("@erased.invalid")


def test_an_account_that_became_hers_after_the_decision_keeps_an_erasure_open(her, urls):
    request = asking.ask(her, kind="erase")
    engine.drain()
    actions.approve_request(OFFICER, request)
    actions.approve_request(SECOND, request)
    key = found_hers_too(her, urls)
    engine.drain()
    assert fresh(request).state == "review"
    assert not Events("rights.answered")
    approved(request)
    assert fresh(request).state == "answered"
    assert mail_of(urls, key).endswith("@erased.invalid")
    assert mail_of(urls, HEROINE["balus"]).endswith("@erased.invalid")


def found_hers_too(her, urls):
    """The key of another account, which an officer finds to be hers."""
    other = asking.more_people(urls, 5)[-1]
    key = other.links.get().key
    merge(OFFICER, her.pk, other.pk)
    return key


def mail_of(urls, key):
    db = sa.create_engine(urls["balus"])
    with db.connect() as c:
        found = c.scalar(sa.text("select email from accounts where id = :i"), {"i": key})
    db.dispose()
    return found
