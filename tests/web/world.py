"""A whole installation to look at: operator, staff in every role, a published policy, maps, persons and jobs."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from chikai import canon, clock
from chikai import home as homes
from chikai.policy import load
from chikai.policy.change import Decision
from chikai.web.actions import COMMAND, Actor, policy_prepare
from chikai.web.actions import staff as staff_actions
from chikai.web.actions.installation import start
from chikai.web.actions.policy import publish_edition
from chikai.web.models import (
    Candidate,
    IdentityTable,
    Job,
    Link,
    MapEdition,
    Person,
    Preparation,
    Staff,
)

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "levii"
TOML = """
[operator]
ja = "株式会社レヴィ"
en = "Levii Inc."

[mail]
sender = "privacy@levii.example"

[source.balus]
service = "balus"
url = "postgresql://chikai@db.internal/balus"

[source.kata]
service = "kata"
url = "mariadb://chikai@db.internal/kata"

[source.training]
service = "training"
url = "sqlite:////srv/training.sqlite3"
"""
ROLES = ("officer", "desk", "engineer", "auditor")


def home(toml: str = TOML, *, policy: bool = True) -> Path:
    """Write the folder of the installation anew."""
    path = settings.HOME.path
    for part in ("maps", "policy", "mail"):
        shutil.rmtree(path / part, ignore_errors=True)
    (path / "maps").mkdir()
    if policy:
        names = ("policy.toml", "ja.md", "en.md")
        (path / "policy").mkdir()
        for name in names:
            shutil.copy(EXAMPLE / name, path / "policy" / name)
    (path / "chikai.toml").write_text(toml, "utf-8")
    return path


def no_home() -> None:
    """An installation that nobody has made yet."""
    home()
    for left in settings.HOME.path.iterdir():  # what other tests of this process left there as well
        if left.name not in homes.OURS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def begin(*, example: bool = False, policy: bool = True) -> Staff:
    """An installation with its first member of staff, who is an officer."""
    home(policy=policy)
    start(COMMAND, staff_name="高橋 桜", staff_email="sakura@levii.example", example=example)
    return Staff.objects.get(email="sakura@levii.example")


def member(role: str) -> Staff:
    """A member of staff with one role."""
    email = f"{role}@levii.example"
    staff_actions.invite(COMMAND, name=f"森 {role}", email=email, roles=[role])
    return Staff.objects.get(email=email)


def publish() -> None:
    """Publish the policy of the folder."""
    publish_edition(COMMAND, load.read(settings.HOME.policy))


def lay(folder: Path) -> None:
    """Put the files of a policy into the folder of the installation."""
    for name in ("policy.toml", "ja.md", "en.md"):
        shutil.copy(folder / name, settings.HOME.policy / name)


NEW = "research_invitation"
RELATED = ("registration", "course", "guidance", "improvement", "anonymised_information")


def publish_next() -> None:
    """Publish the example's second edition by two pairs of eyes; its new purpose nobody could expect."""
    lay(EXAMPLE / "next")
    decisions = [Decision(NEW, "unrelated", "前の利用目的からは予想できない。")]
    decisions += [Decision(about, "related", "同じことを具体的に書いた。") for about in RELATED]
    prepared_by = Actor("staff:1", frozenset({"officer"}))
    policy_prepare.prepare_edition(prepared_by, load.read(settings.HOME.policy), decisions)
    policy_prepare.publish_prepared(COMMAND, Preparation.objects.get())


def draft() -> None:
    """A draft that words a purpose anew and has lost the representative."""
    lose_representative()
    replaced("ja.md", "お問合せへの対応のため", "お問合せへの回答のため")


def lose_representative() -> None:
    """Take the representative out of the structure and the prose: an error of the lint."""
    replaced("policy.toml", "representative =", "# representative =")
    replaced("ja.md", "代表取締役 見本 一郎\n\n", "")
    replaced("en.md", "Ichiro Mihon, Representative Director\n\n", "")


def replaced(name: str, old: str, new: str) -> None:
    """Replace a text in a file of the installation's policy; the old text must be there."""
    file = settings.HOME.policy / name
    text = file.read_text("utf-8")
    assert old in text, f"{old!r} is not in {name}"
    file.write_text(text.replace(old, new), "utf-8")


def map_text(name: str, tables: int = 3) -> str:
    """The text of a small map; `tables` makes it as long as wanted."""
    from chikai.sources import mapfile
    from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap

    first = TableMap(
        "accounts",
        "person",
        identity=Identity("id", email="email", verified="email_verified_at", name="name"),
        columns=(
            ColumnMap("id", "-"),
            ColumnMap("email", "email", kind="email"),
            ColumnMap("name", "name", kind="name"),
            ColumnMap("nickname", "?", kind="nickname"),
            ColumnMap("last_ip", "?", kind="ip"),
        ),
        key=("id",),
        because="its columns are of persons: an address, a name, a login",
    )
    rest = tuple(
        TableMap(
            f"posts_{number:03d}",
            "person",
            edges=(Edge(("author_id",), "accounts", ("id",)),),
            columns=(
                ColumnMap("id", "-"),
                ColumnMap("author_id", "-"),
                ColumnMap("body", "voluntary", kind="content"),
                ColumnMap("memo", "?", kind="free_text"),
            ),
            key=("id",),
            because="`author_id` names the account that wrote the row",
        )
        for number in range(1, tables)
    )
    made = Map(name, name, (first, *rest))
    return mapfile.text(made)


def full(*, example: bool = False, tables: int = 3) -> Staff:
    """Everything that a page may show."""
    officer = begin(example=example)
    for role in ROLES:
        member(role)
    publish()
    publish_next()
    draft()
    now = clock.now()
    for name, count in (("balus", tables), ("kata", 2)):
        settings.HOME.map_of(name).write_text(map_text(name, count), "utf-8")
    MapEdition.objects.create(
        source="balus",
        digest="sha256:" + "ab" * 32,
        text=map_text("balus", tables),
        tables=tables,
        columns=214,
        undecided=4,
        drift=["the column `accounts.middle_name` is new", "the table `old_posts` is gone"],
        checked_at=now,
        at=now - timedelta(days=3),
    )
    persons(now)
    jobs(now)
    cared()
    return officer


def cared() -> None:
    """An inquiry that was answered and one that waits; a contract that ends soon; a table on the public register."""
    from chikai.inquiry import desk
    from chikai.provision.contract import Contract
    from chikai.web.actions import inquiry, provision
    from chikai.web.models import AnonymisedTable, ProcessingStandard
    from chikai.web.models.inquiry import Inquiry

    for text in ("請求書の宛名を変えたいです。", "お知らせを止めたいです。"):
        inquiry.open_inquiry(COMMAND, desk.read("question", text, "hanako@minato.example"))
    first = Inquiry.objects.order_by("number")[0]
    inquiry.answer(COMMAND, first.number, "お調べして、ご連絡します。")
    Job.objects.filter(verb="send_answer").delete()  # pages of work are looked at apart
    today = clock.day_in_japan(clock.now())
    provision.register_contract(
        COMMAND,
        Contract("aoba_payment", today - timedelta(days=300), today + timedelta(days=30), True),
    )
    now = clock.now()
    standard = ProcessingStandard.objects.create(
        digest="sha256:" + "cd" * 32, name="usage", service="balus", source="balus", sealed=b"x",
        fixed_by="command", fixed_at=now,
    )  # fmt: skip
    AnonymisedTable.objects.create(
        number=1, standard=standard, items=["usage_history"], rows=240, digest="sha256:" + "ef" * 32,
        edition="sha256:" + "ab" * 32, made_at=now, published_at=now,
    )  # fmt: skip


def persons(now: datetime) -> None:
    """Five persons in two services, and two doubtful pairs."""
    made = []
    for number in range(5):
        person = Person.objects.create(
            id=canon.new_id(now + timedelta(milliseconds=number)), since=now
        )
        for source in ("balus", "kata"):
            link = Link.objects.create(
                person=person,
                source=source,
                table="accounts",
                key=str(100 + number),
                verified="mail" if number < 3 else "",
                since=now,
            )
            made += [link]
    for number, reason in enumerate(("shared_mailbox", "names_differ", "unverified")):
        Candidate.objects.create(
            reason=reason, a=made[number * 2], b=made[number * 2 + 3], digest=b"x" * 32, at=now
        )
    IdentityTable.objects.create(
        source="balus", table="accounts", rows=1204, read_at=now, tried_at=now
    )
    fault = "the table cannot be read: run the statements of the page of the source"
    IdentityTable.objects.create(source="kata", table="members", tried_at=now, fault=fault)


def jobs(now: datetime) -> dict[str, Job]:
    """Work in each state."""
    made = {}
    for number, (state, done, of) in enumerate(
        (("todo", 0, 0), ("running", 41, 120), ("done", 120, 120), ("failed", 3, 120))
    ):
        made[state] = Job.objects.create(
            id=canon.new_id(now + timedelta(milliseconds=number)),
            verb="scan",
            about={"source": "training" if state == "running" else "kata"},
            state=state,
            done=done,
            of=of,
            asked_by="staff:1",
            asked_at=now - timedelta(minutes=10 - number),
            result={
                "code": "source-unreachable",
                "what": "the source does not answer",
                "do": "check host and port",
            }
            if state == "failed"
            else {},
            ended_at=now if state in ("done", "failed") else None,
        )
    return made


def sign_in(client: object, staff: Staff) -> None:
    """Open a session of a test client."""
    client.force_login(staff, backend="chikai.web.sign_in.StaffBackend")  # type: ignore[attr-defined]


def actor(staff: Staff) -> Actor:
    """The actor behind a member of staff."""
    return Actor(f"staff:{staff.pk}", frozenset(staff.roles))


def day(year: int, month: int, on: int) -> datetime:
    """A moment in the morning of a day in Japan."""
    return datetime(year, month, on, 0, 30, tzinfo=UTC)
