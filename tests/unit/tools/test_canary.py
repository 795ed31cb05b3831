"""The search for personal values finds each form of one, and passes over what is meant to hold it."""

import base64
import json
import sqlite3
from email.message import EmailMessage

import pytest

from tools import canary

VALUES = ["山田 花子", "hanako@mihon.example"]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_each_form_of_a_value_is_found(value, before):
    said = f"{before}{value} and more".encode()
    for data in (
        said,
        json.dumps(said.decode()).encode(),
        said.hex().encode(),
        base64.b64encode(said),
        said.decode().encode("utf-16-le"),
    ):
        assert canary.found_in(data, VALUES) == [value], data


def test_nothing_is_found_where_nothing_is():
    assert canary.found_in(b"\0" * 9999 + bytes(range(256)) * 99, VALUES) == []


def test_rows_logs_and_headers_are_looked_through_and_bodies_are_not(tmp_path):
    home, log = tmp_path / "home", tmp_path / "said"
    (home / "mail").mkdir(parents=True)
    (home / "outgoing" / "aoba").mkdir(parents=True)
    (home / "outgoing" / "aoba" / "file").write_text(VALUES[0])
    log.write_text("all well\n")
    mail = EmailMessage()
    mail["To"], mail["Subject"] = VALUES[1], "答え"
    mail.set_content(VALUES[0])
    (home / "mail" / "1.eml").write_bytes(mail.as_bytes())
    with sqlite3.connect(home / "own.sqlite3") as db:
        db.execute("CREATE TABLE job (about TEXT)")
    assert canary.everywhere(home, [log], VALUES) == {}
    with sqlite3.connect(home / "own.sqlite3") as db:
        db.execute("INSERT INTO job VALUES (?)", [VALUES[1]])
    mail.replace_header("Subject", f"{VALUES[0]} さん")
    (home / "mail" / "1.eml").write_bytes(mail.as_bytes())
    log.write_text(f"could not write to {VALUES[1]}\n")
    assert canary.everywhere(home, [log], VALUES) == {
        str(log): [VALUES[1]],
        "mail/1.eml": [VALUES[0]],
        "own.sqlite3": [VALUES[1]],
    }
