"""Everything that is held about one person, from four databases, and nothing of anybody else."""

import csv
import hashlib
import io
import json
import stat
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from chikai import canon, clock
from chikai.errors import BadInput, Disagrees, Unreachable, WrongState
from chikai.policy import load
from chikai.sources import sql
from chikai.sources.config import SourceConfig
from chikai.web.actions import COMMAND
from chikai.web.models import Candidate, Link, Payload, Pending, Person
from chikai.web.models.people import doubts_about, doubts_about_each
from chikai.web.work import disclose as work
from examples.levii import databases
from tests.truth_maps import true_map

pytestmark = [pytest.mark.own_state, pytest.mark.django_db, pytest.mark.clause("5")]
POLICY = load.read(Path(__file__).parents[2] / "examples" / "levii").document
HEROINE = databases.awkward()["heroine"]


@pytest.fixture(scope="module")
def urls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("services")
    found = {}
    for service in databases.SERVICES:
        found[service] = f"sqlite:///{folder / service}.sqlite3"
        engine = sa.create_engine(found[service])
        databases.fill(engine, service, people=200)
        engine.dispose()
    return found


@pytest.fixture
def places(urls):
    def opened(name):
        return sql.connect(SourceConfig(name, name, url=urls[name]), environ={})

    return work.Places(
        {s: s for s in databases.SERVICES}, {s: true_map(POLICY, s) for s in urls}, opened
    )


@pytest.fixture
def heroine():
    return Person.objects.create(id=canon.new_id(clock.now()), since=clock.now())


def keys_in(urls):
    """Her keys in the tables that hold persons; the website knows her by address, its map by number."""
    engine = sa.create_engine(urls["website"])
    mail = HEROINE["website"]
    with engine.connect() as c:
        number = {
            table: tuple(
                str(i)
                for i in c.scalars(
                    sa.text(f"select id from {table} where lower(email) = :m"), {"m": mail}
                )
            )
            for table in ("inquiries", "newsletter")
        }
    engine.dispose()
    return {
        "balus": {"accounts": (str(HEROINE["balus"]),)},
        "kata": {"profiles": (HEROINE["kata"],)},
        "training": {"attendees": (str(HEROINE["training"]),)},
        "website": number,
    }


def made(heroine, urls, places, tmp_path, **more):
    return work.disclose(
        COMMAND,
        heroine.id,
        keys_in(urls),
        POLICY,
        places,
        tmp_path / "her.zip",
        **{"number": "2026-0001", "words": (), **more},
    )


def test_row_counts_equal_hand_written_sql(heroine, urls, places, tmp_path):
    disclosed = made(heroine, urls, places, tmp_path)
    for source in disclosed.manifest["sources"]:
        service = source["source"]
        engine = sa.create_engine(urls[service])
        expected = databases.held_by(engine, service, HEROINE[service])
        engine.dispose()
        assert Counter(source["tables"]) == Counter(expected), service
    assert disclosed.manifest["rows"] > 40


def test_nobody_elses_rows_are_in_it(heroine, urls, places, tmp_path):
    made(heroine, urls, places, tmp_path)
    with zipfile.ZipFile(tmp_path / "her.zip") as archive:
        accounts = json.loads(archive.read("json/balus/accounts.json"))
        usage = json.loads(archive.read("json/balus/usage_events.json"))
    assert [a["id"] for a in accounts] == [HEROINE["balus"]]
    assert {u["account_id"] for u in usage} == {HEROINE["balus"]}


def test_every_file_has_the_digest_and_the_rows_that_the_manifest_says(
    heroine, urls, places, tmp_path
):
    made(heroine, urls, places, tmp_path)
    with zipfile.ZipFile(tmp_path / "her.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {f["name"] for f in manifest["files"]} | {"manifest.json"} == set(archive.namelist())
        for file in manifest["files"]:
            data = archive.read(file["name"])
            assert file["digest"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            if file["name"].endswith(".csv"):
                assert data.startswith(b"\xef\xbb\xbf")
                rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
                assert len(rows) == file["rows"] + 1
            if file["name"].endswith(".json"):
                assert len(json.loads(data)) == file["rows"]


def test_beside_each_item_stand_its_purposes_its_recipients_and_the_clause(
    heroine, urls, places, tmp_path
):
    disclosed = made(heroine, urls, places, tmp_path)
    items = {(i["source"], i["table"], i["column"]): i for i in disclosed.manifest["items"]}
    mail = items["balus", "accounts", "email"]
    assert mail["clause"] == "2(2)" or mail["clause"].startswith("2")
    assert {p["id"] for p in mail["purposes"]} == {
        p.id for p in POLICY.purposes_of("email", "balus")
    }
    assert [r["id"] for r in mail["recipients"]] == [r.id for r in POLICY.recipients_of("email")]
    assert disclosed.manifest["edition"]["digest"] == POLICY.digest


def test_the_page_can_be_read_by_anyone_and_asks_nobody_else(heroine, urls, places, tmp_path):
    made(heroine, urls, places, tmp_path)
    with zipfile.ZipFile(tmp_path / "her.zip") as archive:
        page = archive.read("index.html").decode()
    assert "山田 花子" in page
    assert "何のために" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_ledger_keeps_the_digest_and_no_value(heroine, urls, places, tmp_path):
    disclosed = made(heroine, urls, places, tmp_path)
    entry = Pending.objects.of_kind("rights.disclosed").get()
    assert entry.subject == heroine.id
    assert disclosed.digest == f"sha256:{hashlib.sha256(disclosed.file.read_bytes()).hexdigest()}"
    stored = repr([*Pending.objects.values_list(), *Payload.objects.values_list()])
    assert "hanako" not in stored


def test_only_its_owner_can_read_the_package(heroine, urls, places, tmp_path):
    file = made(heroine, urls, places, tmp_path).file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["her.zip"]


def test_a_source_that_does_not_answer_ends_it_and_leaves_nothing(heroine, urls, places, tmp_path):
    gone = {**urls, "kata": f"sqlite:///{tmp_path / 'gone.sqlite3'}"}

    def opened(name):
        return sql.connect(SourceConfig(name, name, url=gone[name]), environ={})

    broken = replace(places, open=opened)
    with pytest.raises(Unreachable):
        made(heroine, urls, broken, tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not Pending.objects.of_kind("rights.disclosed").exists()
    partial = made(heroine, urls, broken, tmp_path, partial=True)
    standings = {s["source"]: s["standing"] for s in partial.manifest["sources"]}
    assert standings["kata"] == "unreachable"


def test_a_source_without_a_map_is_never_passed_over_in_silence(heroine, urls, places, tmp_path):
    maps = {s: m for s, m in places.maps.items() if s != "training"}
    with pytest.raises(WrongState, match="training"):
        made(heroine, urls, replace(places, maps=maps), tmp_path)


def test_a_table_that_gives_other_rows_than_it_counted_is_not_handed_out(
    heroine, urls, places, tmp_path
):
    class Losing:
        """A source that loses one account between counting and reading."""

        def __init__(self, source):
            self.source = source

        def catalogue(self):
            return self.source.catalogue()

        def reading(self):
            return self

        def __enter__(self):
            self.picture = self.source.reading()
            self.inner = self.picture.__enter__()
            return self

        def __exit__(self, *fault):
            return self.picture.__exit__(*fault)

        def count(self, *asked):
            return self.inner.count(*asked)

        def read(self, *asked):
            for table, rows in self.inner.read(*asked):
                yield table, iter(list(rows)[1:])

    losing = replace(places, open=lambda name: Losing(places.open(name)))
    with pytest.raises(Disagrees, match="counted"):
        made(heroine, urls, losing, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_person_of_whom_nothing_is_held_gets_that_answer(heroine, places, tmp_path):
    disclosed = work.disclose(
        COMMAND, heroine.id, {}, POLICY, places, tmp_path / "none.zip", number="2026-0002"
    )
    assert disclosed.manifest["rows"] == 0
    with zipfile.ZipFile(tmp_path / "none.zip") as archive:
        assert "お預かりしていません" in archive.read("index.html").decode()


def test_a_file_that_exists_is_not_written_over(heroine, urls, places, tmp_path):
    (tmp_path / "her.zip").write_text("mine")
    with pytest.raises(BadInput, match="exists"):
        made(heroine, urls, places, tmp_path)
    assert (tmp_path / "her.zip").read_text() == "mine"


def test_a_column_that_the_map_does_not_know_is_never_left_out_in_silence(
    heroine, urls, places, tmp_path
):
    engine = sa.create_engine(urls["kata"])
    with engine.begin() as c:
        c.execute(sa.text("alter table profiles add column nickname text"))
    engine.dispose()
    try:
        with pytest.raises(Disagrees, match="nickname"):
            made(heroine, urls, places, tmp_path)
    finally:
        engine = sa.create_engine(urls["kata"])
        with engine.begin() as c:
            c.execute(sa.text("alter table profiles drop column nickname"))
        engine.dispose()
    assert list(tmp_path.iterdir()) == []


def test_free_text_that_nobody_has_read_is_not_handed_out(heroine, urls, places, tmp_path):
    with pytest.raises(WrongState, match=r"nobody has read the free text of .*`balus\.comments`"):
        made(heroine, urls, places, tmp_path, words=None)
    assert list(tmp_path.iterdir()) == []
    assert not Pending.objects.filter(kind="rights.disclosed").exists()
    made(heroine, urls, places, tmp_path, words=("佐藤健", " "))
    with zipfile.ZipFile(tmp_path / "her.zip") as archive:
        texts = {n: archive.read(n).decode() for n in archive.namelist()}
    assert "佐藤健" not in texts["json/balus/comments.json"]
    assert json.loads(texts["manifest.json"])["redacted"] == {"words": 1}


def test_a_registration_that_may_be_hers_is_never_called_nothing(heroine, urls, places, tmp_path):
    keys = {s: k for s, k in keys_in(urls).items() if s != "kata"}
    doubtful = replace(places, doubts={"kata": 1})

    def ask(**more):
        return work.disclose(
            *(COMMAND, heroine.id, keys, POLICY, doubtful, tmp_path / "her.zip"),
            number="2026-0003",
            **more,
        )

    with pytest.raises(WrongState, match="may be this person's"):
        ask()
    assert list(tmp_path.iterdir()) == []
    ask(partial=True, words=())
    with zipfile.ZipFile(tmp_path / "her.zip") as archive:
        page = archive.read("index.html").decode()
    assert "あなたのものかもしれない登録が1件あり、たしかめています" in page


def test_pairs_that_wait_for_an_officer_are_counted_by_source(heroine):
    def link(person, source, key):
        now = clock.now()
        return Link.objects.create(
            person=person, source=source, table="t", key=key, verified="mail", since=now
        )

    other = Person.objects.create(id=canon.new_id(clock.now()), since=clock.now())
    mine, theirs = link(heroine, "balus", "12"), link(other, "kata", "kp_1")
    pair = Candidate.objects.create(
        reason="unverified", a=mine, b=theirs, digest=b"x" * 32, at=clock.now()
    )
    assert doubts_about(heroine) == {"kata": 1}
    assert doubts_about(other) == {"balus": 1}
    now = clock.now()
    then = Person.objects.create(id=canon.new_id(now), since=now, merged_into=heroine)
    before = Person.objects.create(id=canon.new_id(now), since=now, merged_into=then)
    assert doubts_about_each([before.pk]) == {before.pk: {"kata": 1}}
    assert doubts_about_each([heroine.pk, other.pk, then.pk]).keys() == {
        *(heroine.pk, other.pk, then.pk)
    }
    pair.decided = "denied"
    pair.save()
    assert doubts_about(heroine) == {}
