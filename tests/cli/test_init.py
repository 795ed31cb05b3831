"""`chikai init` makes all of an installation or nothing."""

import stat

import pytest

from chikai import address, home
from chikai.errors import BadInput, WrongState
from tests.cli.conftest import LEVII, chikai, init_words

pytestmark = pytest.mark.own_state


def test_the_folder_is_closed_and_whole(made):
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE((made / "chikai.toml").stat().st_mode) == 0o600
    for key in home.KEYS:
        assert stat.S_IMODE((made / "keys" / key).stat().st_mode) == 0o600
    assert {"policy.toml", "ja.md", "en.md"} <= {p.name for p in (made / "policy").iterdir()}
    assert home.read(made).operator["ja"] == "株式会社甲"


def test_it_prints_keys_a_link_and_what_comes_next(tmp_path, monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    done = chikai(tmp_path / "h", *init_words(tmp_path / "h"))
    assert done.code == 0, done.err
    for word in (
        "master:",
        "identifiers:",
        "sessions:",
        "/sign-in/link/",
        "chikai source add",
        "chikai serve",
    ):
        assert word in done.out
    assert "`erase`: 2 officers have to approve, and there is 1" in done.out
    assert "single_officer = true" in done.out
    again = chikai(tmp_path / "h", *init_words(tmp_path / "h"))
    assert again.code == 4
    assert "already" in again.err


def test_the_links_lead_to_the_port_that_the_pages_will_have(tmp_path, monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    done = chikai(tmp_path / "h", *init_words(tmp_path / "h", "--port", "8431"))
    assert done.code == 0, done.err
    assert "http://localhost:8431/sign-in/link/" in done.out
    assert "the pages, on http://localhost:8431\n" in done.out
    assert "8400" not in done.out
    link = chikai(tmp_path / "h", "staff", "link", "yamada@ko.example")
    assert "http://localhost:8431/sign-in/link/" in link.out
    assert address.port(home.read(tmp_path / "h").web) == 8431, "and `chikai serve` listens there"


@pytest.mark.parametrize(
    ("said", "port"),
    [
        ("http://127.0.0.1:9000", 9000),
        ("https://privacy.ko.example", 8400),
        ("http://localhost:x", 8400),
    ],
)
def test_the_port_of_a_proxy_is_not_ours(said, port):
    assert address.port({"address": said}) == port


def test_one_officer_alone_is_told_of_the_wait(tmp_path, monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    done = chikai(tmp_path / "h", *init_words(tmp_path / "h", "--single-officer"))
    assert "an approval waits 24 hours" in done.out
    assert "have to approve" not in done.out


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path):
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "notes.txt").write_text("mine")
    done = chikai(tmp_path / "h", *init_words(tmp_path / "h"))
    assert done.code == 4
    assert [p.name for p in (tmp_path / "h").iterdir()] == ["notes.txt"]
    assert [p.name for p in tmp_path.iterdir()] == ["h"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--desk-mail", "no address"), "mail address"),
        (("--staff-mail", "nobody"), "mail address"),
        (("--name-ja", " "), "empty"),
        (("--policy", "/nowhere"), ""),
    ],
)
def test_what_is_wrong_leaves_nothing_behind(tmp_path, monkeypatch, change, says):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    done = chikai(tmp_path / "h", *init_words(tmp_path / "h"), *change)
    assert done.code == 2, done.err
    assert says in done.err
    assert list(tmp_path.iterdir()) == []


def test_without_a_terminal_the_missing_options_are_named(tmp_path):
    done = chikai(tmp_path / "h", "init", tmp_path / "h", "--name-ja", "甲")
    assert done.code == 2
    assert "--staff-mail" in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_example_carries_its_mark_and_listens_on_loopback_only(tmp_path, monkeypatch):
    monkeypatch.delenv("CHIKAI_DATABASE_URL", raising=False)
    path = tmp_path / "h"
    assert chikai(path, *init_words(path, "--example", "--policy", LEVII)).code == 0
    served = chikai(path, "serve", "--host", "0.0.0.0", "--port", "8499")
    assert served.code == 3
    assert "example" in served.err
    toml = path / "chikai.toml"
    toml.write_text(toml.read_text().replace("[mail]", '[mail]\nhost = "smtp.ko.example"'))
    worked = chikai(path, "work", "--once")
    assert worked.code == 3
    assert "mail.host" in worked.err


def test_a_home_that_a_process_began_becomes_an_installation(tmp_path):
    (tmp_path / "h" / "keys").mkdir(parents=True)
    (tmp_path / "h" / "keys" / "sessions").write_bytes(b"x" * 32)
    (tmp_path / "h" / "keys" / "sessions").chmod(0o600)
    made = home.make(tmp_path / "h", ja="甲", en="Ko", desk_mail="a@ko.example")
    assert (tmp_path / "h" / "keys" / "sessions").read_bytes() == b"x" * 32
    assert made.policy.exists()


def test_a_source_is_added_with_every_comment_kept(tmp_path):
    made = home.make(tmp_path / "h", ja='甲"乙\\', en="Ko", desk_mail="a@ko.example")
    before = (made.path / "chikai.toml").read_text()
    made = home.add_source(made, "shop", {"service": "balus", "url": "sqlite:////x.db"})
    made = home.add_source(made, "club", {"service": "kata", "url": "sqlite:////y.db"})
    after = (made.path / "chikai.toml").read_text()
    assert after.startswith(before.rstrip("\n"))
    assert list(home.read(made.path).sources) == ["shop", "club"]
    assert made.operator["ja"] == '甲"乙\\'
    with pytest.raises(WrongState):
        home.add_source(made, "shop", {"service": "balus", "url": "sqlite:////x.db"})
    with pytest.raises(BadInput, match="no source `shpo`") as caught:
        made.source("shpo")
    assert "`shop`" in caught.value.do
