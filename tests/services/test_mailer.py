"""The mailer writes to those who may get it, and says by which clause the others are left out."""

import email
import email.policy
import subprocess
import sys

import pytest

from examples.levii.databases.names import HEROINE
from examples.levii.services import mailer
from examples.levii.services.place import ROOT

DAY = "2026-11-22"


def send(world, *more):
    words = [
        sys.executable,
        "-m",
        "examples.levii.services.mailer",
        "--place",
        str(world.file),
        "--day",
        DAY,
        *more,
    ]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def mails(world, purpose="guidance", service="balus"):
    found = (world.file.parent / "mail").glob(f"{purpose}-{DAY}-{service}-*.eml")
    return {
        int(f.stem.rpartition("-")[2]): email.message_from_bytes(
            f.read_bytes(), policy=email.policy.default
        )
        for f in found
    }


def could_get_it(world):
    rows = world.sql(
        "balus",
        "SELECT id FROM accounts WHERE deleted_at IS NULL AND email_verified_at IS NOT NULL",
    )
    return {row.id for row in rows}


@pytest.mark.clause("2.3.2")
@pytest.mark.clause("5")
def test_a_person_who_stopped_guidance_gets_none_and_the_clause_is_named(world):
    world.stop("balus", HEROINE, "purpose", "guidance")
    ran = send(world, "--purpose", "guidance")
    assert ran.returncode == 0, ran.stderr
    assert {*mails(world)} == could_get_it(world) - {HEROINE}
    assert "1 persons left out" in ran.stdout
    line = next(line for line in ran.stdout.splitlines() if line.startswith("  1 "))
    assert "「本サービスに関するご案内（2(3)-2）」への利用を、ご本人が止めています" in line
    assert "プライバシーポリシー 5「利用者は、本サービスの所定の設定を行うことにより" in line
    assert line.endswith(f"[{HEROINE}]")


def test_each_kind_of_stop_has_its_own_line(world):
    four = sorted(could_get_it(world))[:4]
    for key, unit in zip(
        four,
        [
            ("purpose", "guidance"),
            ("purpose", "guidance"),
            ("item", "email"),
            ("cell", "guidance", "name"),
        ],
        strict=True,
    ):
        world.stop("balus", key, *unit)
    ran = send(world)
    assert "4 persons left out" in ran.stdout
    assert "  2  「本サービスに関するご案内" in ran.stdout
    assert "「メールアドレス（2(2)-2）」の利用" in ran.stdout
    assert "「氏名」を「本サービスに関するご案内" in ran.stdout


def test_a_stop_of_guidance_leaves_the_notice_of_changes(world):
    world.stop("balus", HEROINE, "purpose", "guidance")
    send(world, "--purpose", "notice_of_changes")
    assert HEROINE in mails(world, "notice_of_changes")


def test_a_second_run_writes_nobody_twice(world):
    send(world)
    first = {key: str(mail["Message-ID"]) for key, mail in mails(world).items()}
    ran = send(world)
    assert "0 mails written" in ran.stdout
    assert {key: str(mail["Message-ID"]) for key, mail in mails(world).items()} == first


def test_a_mail_says_by_which_clause_it_comes_and_how_to_stop_it(world):
    send(world)
    mail = mails(world)[HEROINE]
    text = mail.get_content()
    assert "2(3)-2" in text
    assert "/settings" in text
    assert "/settings" in mail["List-Unsubscribe"]
    name = world.sql("balus", "SELECT name FROM accounts WHERE id = :k", k=HEROINE)[0].name
    for header, value in mail.items():
        assert name not in str(value)
        if header != "To":
            assert str(mail["To"]) not in str(value)


def test_nothing_is_sent_when_the_choices_are_not_known(world):
    world.feeds["balus"].go_silent()
    ran = send(world)
    assert ran.returncode == 3
    assert "no use goes on" in ran.stderr
    assert not mails(world)


def test_the_ledger_is_told_how_many_could_be_written_to(world):
    world.stop("balus", HEROINE, "purpose", "guidance")
    place = world.place("balus")
    mailer.run(place, "guidance", DAY)
    told = [r for r in world.records("balus") if r["kind"] == "gate.audience"]
    count = len(could_get_it(world))
    assert [(r["purpose"], r["asked"], r["people"]) for r in told] == [
        ("guidance", count, count - 1)
    ]


def test_nothing_personal_is_printed(world):
    world.stop("balus", HEROINE, "purpose", "guidance")
    ran = send(world)
    rows = world.sql("balus", "SELECT name, name_kana, email, phone FROM accounts")
    for value in {v for row in rows for v in row if v}:
        assert value not in ran.stdout + ran.stderr
