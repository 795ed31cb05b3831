"""The table of one source in `chikai.toml`: what is taken, what is refused, and that no secret is in it."""

import pytest

from chikai.errors import ConfigError
from chikai.sources.config import parse, password

GOOD = {"service": "billing", "url": "postgresql://chikai@db.example:5432/billing"}


def test_a_source_is_observed_until_somebody_says_otherwise():
    made = parse("billing", GOOD)
    assert (made.kind, made.mode, made.dialect, made.where) == (
        "sql",
        "observe",
        "postgresql",
        "db.example:5432/billing",
    )


def test_its_text_holds_no_url():
    assert "db.example" not in repr(parse("billing", GOOD))


@pytest.mark.parametrize(
    ("url", "file"), [("sqlite:////srv/a.db", "/srv/a.db"), ("sqlite:///a%20b.db?x=1", "a b.db")]
)
def test_a_file_is_known(url, file):
    assert str(parse("shop", {"service": "s", "url": url}).file) == file


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("Billing", {}, "`Billing` is no name"),
        ("billing", {"url": ""}, "`url` is missing"),
        ("billing", {"service": " "}, "`service` is missing"),
        ("billing", {"mode": "yolo"}, "`mode` cannot be `yolo`"),
        ("billing", {"kind": "ftp"}, "`kind` cannot be `ftp`"),
        ("billing", {"passwd": "x"}, "`passwd` is not a key"),
        ("billing", {"owner": "x"}, "`owner` is not a key of a `sql`"),
        ("billing", {"schema": 3}, "`schema` is not a text"),
        ("billing", {"url": "oracle://x@h/d"}, "dialect"),
        ("billing", {"url": "postgresql://h"}, "names no database"),
        ("billing", {"url": "postgresql://h:x/d"}, "port"),
        ("billing", {"url": "sqlite://"}, "names no file"),
        ("billing", {"url": "sqlite:///:memory:"}, "names no file"),
        ("billing", {"url": "mysql://h/d", "schema": "x"}, "PostgreSQL only"),
        ("billing", {"password_file": "a", "password_env": "B"}, "both given"),
        ("billing", {"kind": "manual"}, "`url` is not a key of a `manual`"),
    ],
)
def test_a_fault_names_its_key(name, change, says):
    with pytest.raises(ConfigError, match=says) as caught:
        parse(name, {**GOOD, **change})
    assert caught.value.do
    assert f"[source.{name}]" in caught.value.where


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://chikai:hunter2@h/d",
        "mysql://h/d?password=hunter2",
        "postgres://h/d?sslpassword=hunter2",
        "hunter2",
    ],
)
def test_a_password_in_the_url_is_refused_and_not_repeated(url):
    with pytest.raises(ConfigError) as caught:
        parse("billing", {"service": "billing", "url": url})
    assert "hunter2" not in str(caught.value)
    if "://" in url:
        assert "`password_file`" in caught.value.do


def test_a_password_file_that_everybody_may_read_is_refused(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    secret.chmod(0o644)
    with pytest.raises(ConfigError, match="everybody") as caught:
        parse("billing", {**GOOD, "password_file": str(secret)})
    assert "chmod 600" in caught.value.do
    secret.chmod(0o600)
    made = parse("billing", {**GOOD, "password_file": str(secret)})
    assert password(made, {}) == "hunter2"
    secret.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        password(made, {})


def test_a_password_from_the_environment_is_read_late():
    made = parse("billing", {**GOOD, "password_env": "BILLING"})
    assert password(made, {"BILLING": "hunter2"}) == "hunter2"
    with pytest.raises(ConfigError, match="`BILLING`"):
        password(made, {})
    assert password(parse("billing", GOOD), {}) is None


def test_a_source_worked_by_hand_names_its_owner():
    made = parse(
        "paper", {"service": "s", "kind": "manual", "owner": "総務", "instruction": "棚 3 を見る"}
    )
    assert (made.owner, made.dialect) == ("総務", "")
    with pytest.raises(ConfigError, match="`owner` is missing"):
        parse("paper", {"service": "s", "kind": "manual", "instruction": "x"})
