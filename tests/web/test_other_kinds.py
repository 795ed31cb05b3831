"""Folders and services behind HTTP are counted, changed and verified like databases; what describes no way is done by hand."""

import csv
from dataclasses import replace

import pytest
from django.conf import settings

from chikai import clock, home
from chikai.sources import mapfile
from chikai.sources.map import ColumnMap, Identity, Map, TableMap
from chikai.web.actions import by_hand, correcting
from chikai.web.actions import rights as actions
from chikai.web.models import Link, MapEdition, Request, SourceEpoch
from chikai.web.work import engine
from tests.contract import services, test_http
from tests.web import asking
from tests.web.asking import DESK, OFFICER, SECOND

pytestmark = [pytest.mark.own_state, pytest.mark.django_db(transaction=True)]
OLD, NEW = "090-1111-2222", "090-3333-4444"


@pytest.fixture(autouse=True)
def home_again(monkeypatch):
    """What `chikai.toml` says is read anew in each test."""
    monkeypatch.setattr(settings, "HOME", settings.HOME, raising=False)


@pytest.fixture
def folder(tmp_path):
    there = tmp_path / "lists"
    there.mkdir()
    with (there / "members.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([["id", "name", "phone"], ["7", "山田 花子", OLD], ["8", "佐藤 健", OLD]])
    return there


def rows(folder):
    with (folder / "members.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["id"]}


def person_in(source, table, key, map_, toml):
    """A person whom one more source knows, with its map in force."""
    her, now = asking.settle({}), clock.now()
    file = settings.HOME.path / "chikai.toml"
    file.write_text(file.read_text("utf-8") + toml, "utf-8")
    settings.HOME = home.read(settings.HOME.path)
    MapEdition.objects.create(
        source=source, digest=map_.digest, text=mapfile.text(map_), tables=1, columns=3, at=now,
        undecided=0,
    )  # fmt: skip
    SourceEpoch.objects.create(source=source, service="website", seen_at=now)
    Link.objects.create(person=her, source=source, table=table, key=key, since=now)
    return her


@pytest.fixture
def listed(folder):
    """A person who stands in a folder of files."""
    columns = (
        ColumnMap("id", "-"),
        ColumnMap("name", "name", "delete", "name"),
        ColumnMap("phone", "contact", "delete"),
    )
    table = TableMap("members", "person", identity=Identity("id", name="name"), columns=columns)
    toml = f'[source.lists]\nservice = "website"\nkind = "folder"\npath = "{folder}"\nmode = "enforce"\n'
    return person_in("lists", "members", "7", Map("lists", "website", (table,)), toml)


@pytest.fixture
def crm():
    with services.served(services.Crm()) as address:
        yield address


def known_to(address, tmp_path, without=""):
    """A person whom a service behind HTTP knows; `without` names a call that its description lacks."""
    text = (test_http.TEMPLATES / "crm.toml").read_text("utf-8")
    api, key = tmp_path / "crm.toml", tmp_path / "crm.key"
    if without:
        table, call = without.split(".")
        head, _, rest = text.partition(f"[table.{table}]\n")
        lines = rest.splitlines(keepends=True)
        gone = next(n for n, line in enumerate(lines) if line.startswith(f"{call} = "))
        text = head + f"[table.{table}]\n" + "".join(lines[:gone] + lines[gone + 1 :])
    api.write_text(text, "utf-8")
    key.write_text(services.KEY, "utf-8")
    key.chmod(0o600)
    toml = (
        f'[source.crm]\nservice = "website"\nkind = "http"\nurl = "{address}"\napi = "{api}"\n'
        f'password_file = "{key}"\nmode = "enforce"\n'
    )

    def plain(name):
        return ColumnMap(name, "-")

    contacts, notes = test_http.CRM.tables
    notes = replace(notes, columns=(*map(plain, ("id", "created_at")), *notes.columns))
    return person_in("crm", "contacts", "102", Map("crm", "website", (contacts, notes)), toml)


def fresh(request):
    return Request.objects.get(pk=request.pk)


def said(request):
    return list(request.steps.values_list("source", "action", "state", "fault"))


def asked(person, **more):
    request = asking.ask(person, reply_to="", **more)
    engine.drain()
    assert fresh(request).state == "review", said(request)
    return request


def erased(person):
    request = asked(person, kind="erase")
    for officer in (OFFICER, SECOND):
        actions.approve_request(officer, request)
    engine.drain()
    return request


def corrected(person, source):
    wish = {"items": "contact", "wrong": OLD, "right": NEW}
    request = asked(person, kind="correct", asked=wish)
    step = request.steps.get(source=source, action="look")
    cells = correcting.read_cells(step)
    n = next(n for n, cell in enumerate(cells) if cell.column == "phone")
    correcting.propose_changes(DESK, step, {n: NEW})
    actions.approve_request(OFFICER, request)
    engine.drain()
    return request


def test_a_correction_is_written_into_the_file_and_nobody_elses_row(listed, folder):
    request = corrected(listed, "lists")
    assert fresh(request).state == "answered", said(request)
    assert [row["phone"] for row in rows(folder).values()] == [NEW, OLD]


def test_a_person_is_erased_from_a_folder_of_files(listed, folder):
    request = erased(listed)
    assert fresh(request).state == "answered", said(request)
    assert list(rows(folder)) == ["8"]
    assert request.steps.get(action="erase").found["erased"] == {"members": 1}


def test_a_correction_is_made_at_a_service_and_seen_there(crm, tmp_path):
    request = corrected(known_to(crm, tmp_path), "crm")
    assert fresh(request).state == "answered", said(request)


def test_a_person_is_erased_at_a_service(crm, tmp_path):
    request = erased(known_to(crm, tmp_path))
    assert fresh(request).state == "answered", said(request)
    assert request.steps.get(action="erase").found["erased"] == {"contacts": 1, "notes": 3}


def test_where_a_service_describes_no_erasure_people_do_it_and_are_not_believed(crm, tmp_path):
    request = erased(known_to(crm, tmp_path, without="notes.erase"))
    assert fresh(request).state == "acting", said(request)
    step = request.steps.get(action="manual")
    assert step.found["by_hand"] == ["notes"]
    by_hand.complete_manual(OFFICER, step, note="消しました", rows=3)
    engine.drain()
    step.refresh_from_db()
    assert (fresh(request).state, step.state) == ("acting", "manual")
    assert "still hold" in step.fault
