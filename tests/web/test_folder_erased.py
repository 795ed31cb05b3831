"""A folder of files goes through an erasure as a database does, and the answer tells all that was erased."""

from datetime import timedelta

import pytest

from chikai import clock
from chikai.sources import mapfile
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap
from chikai.web import erased
from chikai.web.actions import rights
from chikai.web.models import IdentityTable, Link, MapEdition, Request, SourceEpoch, Step
from chikai.web.work import engine
from tests.web import asking
from tests.web.asking import OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
MEMBERS = (
    "会員番号,氏名,メール\n1,山田 一郎,person1@mail.example\n2,山田 二郎,person2@mail.example\n"
)
NOTES = "no,会員番号,本文\n1,2,one\n2,1,two\n3,2,three\n"
BOOKED = "no,会員番号,内容\n1,2,研修A\n2,1,研修B\n"
OF_MEMBER = (Edge(("会員番号",), "members", ("会員番号",)),)
MAP = Map(
    "files",
    "balus",
    (
        TableMap(
            "members",
            "person",
            identity=Identity("会員番号", email="メール", name="氏名"),
            columns=(
                ColumnMap("会員番号", "-"),
                ColumnMap("氏名", "name", "replace"),
                ColumnMap("メール", "email", "replace", kind="email"),
            ),
        ),
        *(
            TableMap(
                name,
                "person",
                OF_MEMBER,
                columns=(
                    ColumnMap("no", "-"),
                    ColumnMap("会員番号", "-"),
                    ColumnMap(word, "usage_history", "delete"),
                ),
                key=("no",),
            )
            for name, word in (("notes", "本文"), ("booked", "内容"))
        ),
    ),
)


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "office"
    folder.mkdir()
    for name, text in (("members", MEMBERS), ("notes", NOTES), ("booked", BOOKED)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def her(urls, place):
    more = (
        f'[source.files]\nservice = "balus"\nkind = "folder"\npath = "{place}"\nmode = "enforce"\n'
    )
    person, now = asking.settle(urls, mode="enforce", more=more), clock.now()
    MapEdition.objects.create(
        source="files",
        digest=MAP.digest,
        text=mapfile.text(MAP),
        tables=3,
        columns=3,
        undecided=0,
        at=now,
    )
    SourceEpoch.objects.create(source="files", service="balus", seen_at=now)
    IdentityTable.objects.create(source="files", table="members", tried_at=now, read_at=now)
    Link.objects.create(person=person, source="files", table="members", key="2", since=now)
    return person


def approved(request):
    engine.drain()
    rights.approve_request(OFFICER, request)
    rights.approve_request(SECOND, request)
    engine.drain()
    return Request.objects.get(pk=request.pk)


def told(request):
    step = request.steps.get(source="files", action="erase")
    return step.found["erased"]


def test_the_rows_of_the_person_go_and_those_of_others_stand(her, place):
    request = approved(asking.ask(her, kind="erase"))
    assert request.state == "answered"
    assert told(request) == {"members": 1, "notes": 2, "booked": 1}
    assert (place / "notes.csv").read_text(encoding="utf-8") == "no,会員番号,本文\n2,1,two\n"
    assert "person1@mail.example" in (place / "members.csv").read_text(encoding="utf-8")
    assert "person2@mail.example" not in (place / "members.csv").read_text(encoding="utf-8")


def test_what_came_back_is_erased_again_and_all_of_it_is_told(her, place, monkeypatch):
    def put_back(name):
        if name == "erase.made":
            (place / "notes.csv").write_text(NOTES, encoding="utf-8")

    monkeypatch.setattr(engine, "hook", put_back)
    request = approved(asking.ask(her, kind="erase"))
    assert request.state == "acting"
    monkeypatch.setattr(engine, "hook", None)
    Step.objects.filter(state="todo").update(not_before=clock.now() - timedelta(seconds=1))
    engine.drain()
    request.refresh_from_db()
    assert request.state == "answered"
    assert told(request) == {"members": 1, "notes": 2, "booked": 1}
    assert any(place.source == "files" for place in erased.of_request(request).places)
