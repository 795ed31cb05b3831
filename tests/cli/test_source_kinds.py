"""A folder and an HTTP service are connected, mapped, watched, synced and disclosed by the commands that databases have."""

import json
import os
import re
import zipfile

import pytest

from tests.cli.conftest import MARKERS
from tests.contract import services

pytestmark = pytest.mark.own_state
NAME, MAIL, PHONE, ADDRESS = MARKERS


def finish(installed, name):
    file = installed.path / "maps" / f"{name}.toml"
    text = re.sub(r'"\?(/\w+)?"', '"-"', file.read_text())
    file.write_text(text.replace('whose = "unknown"', 'whose = "none"'))
    done = installed("map", "adopt", name)
    assert done.code == 0, done.err + file.read_text()


@pytest.fixture
def files(tmp_path):
    """A folder as an office keeps it."""
    folder = tmp_path / "registers"
    folder.mkdir()
    lines = ["会員番号,氏名,メールアドレス,電話番号,住所"]
    lines += [f"{n:05},{NAME},{n}{MAIL},{PHONE},{ADDRESS}" for n in range(1, 30)]
    (folder / "会員名簿.csv").write_bytes("\r\n".join(lines).encode("cp932"))
    lines = ["受付番号,会員番号,内容"] + [f"{n},{n:05},問い合わせ {n}" for n in range(1, 30)]
    (folder / "受付簿.csv").write_bytes("\r\n".join(lines).encode("cp932"))
    return folder


@pytest.fixture
def crm(tmp_path):
    """A CRM with marker persons, and the file of its key."""
    service = services.Crm()
    for row in service.objects["contacts"].values():
        row["properties"] |= {"lastname": NAME, "email": f"{row['id']}{MAIL}", "phone": PHONE}
    key = tmp_path / "crm.key"
    key.write_text(services.KEY)
    key.chmod(0o600)
    with services.served(service) as address:
        service.address, service.key = address, key
        yield service


def add_crm(installed, crm, *more):
    words = ("--template", "crm", "--url", crm.address, "--password-file", crm.key)
    return installed("source", "add", "crm", "--service", "balus", *words, *more)


def no_marker(installed, done):
    for marker in MARKERS:
        assert marker not in done.out + done.err
        assert marker.encode() not in installed.everything()


def test_a_folder_is_added_mapped_watched_and_synced(installed, files):
    done = installed("source", "add", "files", "--service", "balus", "--path", files)
    assert done.code == 0, done.err
    assert "may read the folder" in done.out
    assert "2 tables" in done.out
    no_marker(installed, done)
    text = (installed.path / "maps" / "files.toml").read_text()
    assert 'key = "会員番号"' in text
    assert "会員番号 -> 会員名簿.会員番号" in text
    finish(installed, "files")
    assert installed("map", "drift", "files").code == 0
    assert installed("map", "why", "files", "会員名簿.氏名").code == 0
    synced = installed("people", "sync")
    assert synced.code == 0, synced.err
    assert json.loads(installed("people", "count", "--format", "json").out)["persons"] == 29
    said = installed("doctor").out
    assert "ok    source files" in said
    assert "ok    map files" in said
    (files / "新しい.csv").write_text("a,b\n1,2\n")
    assert installed("map", "drift", "files").code == 2
    no_marker(installed, synced)


def test_a_service_is_added_mapped_watched_and_synced(installed, crm):
    crm.objects["contacts"]["101"]["properties"]["nickname"] = "x"
    done = add_crm(installed, crm)
    assert done.code == 0, done.err
    assert "a key that may read `contacts`, `notes`" in done.out
    assert "named in its description: contacts.properties.nickname" in done.err
    assert services.KEY not in done.out + done.err
    no_marker(installed, done)
    api = (installed.path / "apis" / "crm.toml").read_text()
    assert "this call erases it" in api
    assert "nickname" in api
    finish(installed, "crm")
    assert installed("map", "drift", "crm").code == 0
    assert installed("source", "check", "crm").code == 0
    assert installed("people", "sync").code == 0
    assert json.loads(installed("people", "count", "--format", "json").out)["persons"] == 7
    assert "ok    source crm" in installed("doctor").out
    crm.objects["contacts"]["101"]["properties"]["shoe_size"] = "27"
    drifted = installed("map", "drift", "crm")
    assert drifted.code == 2
    assert "shoe_size" in drifted.out
    crm.faults.append(lambda _: services.Reply(401))
    assert installed("source", "check", "crm").code == 5


def test_a_disclosure_reads_a_folder_and_a_service(installed, files, crm, tmp_path):
    assert installed("source", "add", "files", "--service", "balus", "--path", files).code == 0
    assert add_crm(installed, crm).code == 0
    finish(installed, "files")
    finish(installed, "crm")
    assert installed("people", "sync").code == 0
    assert installed("policy", "publish").code == 0
    for key, source in (("files:00007", "files"), ("crm:103", "crm")):
        out = tmp_path / f"{source}.zip"
        done = installed("rights", "disclose", key, "--out", out, "--words", os.devnull)
        assert done.code == 0, done.err
        with zipfile.ZipFile(out) as package:
            held = b"\0".join(package.read(name) for name in package.namelist()).decode()
        assert MAIL in held
        assert ("問い合わせ 7" if source == "files" else "note 3-1") in held
        assert ("問い合わせ 8" if source == "files" else "note 4-1") not in held


def test_what_cannot_be_connected_leaves_nothing_behind(installed, crm, tmp_path):
    before = (installed.path / "chikai.toml").read_text()
    words = ("source", "add", "crm", "--service", "balus")
    key = ("--password-file", crm.key)
    bad = tmp_path / "bad.toml"
    bad.write_text("[table]")
    for more, code in (
        (("--template", "crm", "--url", "http://127.0.0.1:9", *key), 5),
        (("--template", "crm", "--url", "http://crm.example", *key), 3),
        (("--api", bad, "--url", crm.address, *key), 3),
        (("--api", tmp_path / "none.toml", "--url", crm.address, *key), 2),
        (("--url", crm.address, *key), 2),
        (("--path", tmp_path / "nowhere"), 5),
        (("--kind", "folder"), 3),
        (("--kind", "manual", "--owner", "a", "--instruction", "b", "--days", "0"), 3),
    ):
        done = installed(*words, *more)
        assert done.code == code, (more, done.err)
        assert (installed.path / "chikai.toml").read_text() == before
        assert not list(installed.path.glob("apis/*"))


def test_a_place_worked_by_hand_says_until_when_and_who_looks_again(installed):
    done = installed(
        *("source", "add", "binders", "--service", "balus", "--owner", "総務部"),
        *("--instruction", "棚 3", "--days", "5", "--second-look"),
    )
    assert done.code == 0, done.err
    text = (installed.path / "chikai.toml").read_text()
    assert "days = 5" in text
    assert "second_look = true" in text
