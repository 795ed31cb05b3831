"""`./dev run`: the example company on this machine; `./dev run --check`: its whole story, told and checked.

The story runs the same commands that any company types, prints them, and compares what they say with hand-written SQL.
It ends with 0 only when every line held. Without `--check` the company stays in `var/levii` and is served.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from examples.levii import databases, services
from tools.company import EXAMPLE, OFFICERS, ROOT, SERVICES, Broken, Company
from tools.year import Year

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOUSE = ROOT / "var" / "levii"
READY = "ready"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the example company, or tell its story."""
    parser = argparse.ArgumentParser(prog="./dev run", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="tell the whole story, then end")
    parser.add_argument("--people", type=int, default=2000, help="how many persons (2000)")
    parser.add_argument("--port", type=int, default=8400)
    args = parser.parse_args(argv)
    try:
        return check(args.people) if args.check else serve(args.people, args.port)
    except Broken as broken:
        print(f"\nThe story broke: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def check(people: int) -> int:
    """The story, in a folder that is gone afterwards; 0 when every line held."""
    start = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="chikai-story-"))
    try:
        story = Story(Company(folder, people, told=True))
        story.tell()
    finally:
        shutil.rmtree(folder)
    print(f"\nEvery line held. {story.checked} checks in {time.monotonic() - start:.0f} seconds.")
    return 0


class Story:
    """One trip through all that exists, each line followed by what was checked."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.checked = 0
        self.heroine = databases.awkward(company.people)["heroine"]

    def tell(self) -> None:
        """From an empty folder to the first answer to: what do you hold about me, and why?"""
        self.company_moves_in()
        self.policy_is_published()
        for service in SERVICES:
            self.database_is_connected(service)
        self.people_are_counted()
        self.gate_answers()
        self.person_receives_everything()
        Year(self.company, self.heroine, self.holds).tell()

    def holds(self, sentence: str, *, true: bool) -> None:
        """Say a sentence that was checked; Broken when it does not hold."""
        if not true:
            raise Broken(f"this did not hold: {sentence}")
        self.checked += 1
        print(f"    ✓ {sentence}", flush=True)

    def company_moves_in(self) -> None:
        """Four databases, then an empty installation."""
        print(
            "1. A company moves in. Its four services have databases; Chikai has an empty folder."
        )
        self.company.make_databases()
        self.company.found()
        mode = self.company.home.stat().st_mode & 0o777
        self.holds("the folder is readable by its owner only", true=mode == 0o700)

    def policy_is_published(self) -> None:
        """Load, lint, publish, and the same pages as a folder of files."""
        print("\n2. Its policy is read, checked against the rules, and published.")
        found = json.loads(self.company.chikai("policy", "lint", str(EXAMPLE), "--format", "json"))
        errors = [f for f in found["findings"] if f["severity"] == "error"]
        self.holds(
            f"{len(errors)} faults of the text are known and accepted with a reason, none is hidden",
            true=bool(errors) and all(f["accepted"] for f in errors),
        )
        said = self.company.chikai("policy", "publish")
        print(f"    {said.strip()}")
        site = self.company.folder / "site"
        self.company.chikai("policy", "build", "--out", str(site))
        digest = said.split()[-1]
        self.holds(
            "the static site shows the digest of the published edition",
            true=digest in (site / "index.html").read_text("utf-8"),
        )

    def database_is_connected(self, service: str) -> None:
        """Connect, scan, decide, check and adopt the map of one database."""
        number = SERVICES.index(service) + 3
        print(
            f"\n{number}. The database of {service} is connected, and every column accounted for."
        )
        self.company.connect(service)
        lines = self.company.decide(service)
        if lines:
            print(f"    the engineer decides {lines} lines (examples/levii/maps/{service}.toml)")
            self.company.chikai("map", "scan", service)
        self.company.chikai("map", "check", service)
        said = self.company.chikai("map", "adopt", service).splitlines()[0]
        tables = len(databases.metadata(service).tables)
        self.holds(said, true=f"{tables} tables" in said)
        self.holds(
            "it has not drifted from its map",
            true="as its map says" in self.company.chikai("map", "drift", service),
        )

    def people_are_counted(self) -> None:
        """Read the identity tables; an officer confirms what a machine may not decide."""
        print("\n7. Who is who? Accounts become persons over verified addresses only.")
        synced = json.loads(self.company.chikai("people", "sync", "--format", "json"))
        rows = sum(t["rows"] for t in synced["tables"])
        self.holds(f"all {rows:,} accounts have a link", true=synced["links"] == rows)
        again = json.loads(self.company.chikai("people", "sync", "--format", "json"))
        self.holds("a second reading changes nothing", true=again["new"] == again["gone"] == 0)
        her = self.heroine_is()
        pairs = json.loads(self.company.chikai("people", "candidates", "--format", "json"))
        hers = [p for p in pairs if her in (p["one"], p["other"])]
        print(f"    {len(pairs)} pairs wait for an officer; {len(hers)} of them concern 山田 花子")
        for pair in hers:
            other = pair["other"] if pair["one"] == her else pair["one"]
            self.company.chikai("people", "merge", her, other)

    def heroine_is(self) -> str:
        """The id of the person whom Balus knows as 山田 花子."""
        found = self.company.chikai(
            "people", "find", f"balus:{self.heroine['balus']}", "--format", "json"
        )
        return str(json.loads(found)[0]["person"])

    def gate_answers(self) -> None:
        """What a service may use for a purpose, and a use that the policy does not give."""
        print("\n8. May Balus use this to send invoices? May the website?")
        said = self.company.chikai("gate", "why", "balus", "billing")
        self.holds("Balus may, and clause 2(3)-3 says so", true="2(3)-3" in said)
        said = self.company.chikai("gate", "why", "website", "billing", ends=4)
        print("    " + said.strip().splitlines()[0])
        self.holds("the website may not, and nobody was looked at", true="website" in said)

    def person_receives_everything(self) -> None:
        """One package from four databases, compared with SQL that the product has never seen."""
        print("\n9. 山田 花子 asks: what do you hold about me, and why?")
        out = self.company.folder / "yamada.zip"
        others = (
            self.company.folder / "others.txt"
        )  # what an officer who read the free text blacks out
        others.write_text("佐藤健\n", "utf-8")
        words = ("--out", str(out), "--words", str(others))
        self.company.chikai("rights", "disclose", self.heroine_is(), *words)
        with zipfile.ZipFile(out) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            names = archive.namelist()
        for source in manifest["sources"]:
            service = source["source"]
            engine = sa.create_engine(self.company.url(service))
            expected = databases.held_by(engine, service, self.heroine[service])
            engine.dispose()
            rows = {table: n for table, n in source["tables"].items() if n}
            self.holds(
                f"{service}: {source['rows']} rows in {len(rows)} tables, as hand-written SQL counts them",
                true=rows == {table: n for table, n in expected.items() if n},
            )
        mail = next(i for i in manifest["items"] if i["category"] == "email")
        purposes = "、".join(p["name"] for p in mail["purposes"])
        self.holds(
            f"her address is held by {mail['clause']} for {purposes}", true=bool(mail["purposes"])
        )
        self.holds(
            f"the package has a page, {sum(n.endswith('.csv') for n in names)} CSV files and a manifest",
            true="index.html" in names,
        )


def serve(people: int, port: int) -> int:
    """Make the company once, then run the server and the worker until Ctrl-C."""
    company = Company(HOUSE, people)
    if not (HOUSE / READY).exists():
        print(f"making the example company in {HOUSE.relative_to(ROOT)} (once)", flush=True)
        shutil.rmtree(HOUSE, ignore_errors=True)
        company.make_databases()
        company.found()
        company.chikai("policy", "publish")
        for service in SERVICES:
            print(f"  connecting {service}", flush=True)
            company.connect(service)
            if company.decide(service):
                company.chikai("map", "scan", service)
            company.chikai("map", "adopt", service)
        company.chikai("people", "sync")
        (HOUSE / READY).touch()
    company.chikai("migrate")
    environ = {**os.environ, "CHIKAI_HOME": str(company.home)}
    chikai = [sys.executable, "-m", "chikai.cli.main"]
    running = [
        services.started([*chikai, "work"], env=environ, stdout=subprocess.DEVNULL),
        services.started([*chikai, "serve", "--port", str(port)], env=environ),
    ]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ports = {**services.PORTS, "chikai": port}
    beside: list[subprocess.Popen[bytes]] = []
    try:
        _wait(f"http://localhost:{port}/healthz", running)
        beside = services.start(company.home, ports)
        services.wait(ports, beside)
        _say(port, services.addresses(ports))
        while all(process.poll() is None for process in (*running, *beside)):
            time.sleep(0.5)
        return 1
    finally:
        services.end(beside)
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def _wait(address: str, running: Sequence[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        if any(process.poll() is not None for process in running):
            raise Broken("the server or the worker ended; its words stand above")
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Broken("the server did not answer in 30 seconds")


def _say(port: int, live: Mapping[str, str]) -> None:
    print(
        f"\nThe example company is at http://localhost:{port}/\n"
        f"  policy, as everyone reads it   http://localhost:{port}/policy\n"
        f"  the staff's console            http://localhost:{port}/desk\n"
        f"  a person's own pages           http://localhost:{port}/me\n"
        f"  mails that would have left     http://localhost:{port}/example/mails\n"
        f"  Balus, a live sample service   {live['balus']}/\n"
        f"  the courses, another           {live['training']}/\n"
        f"  the website's contact form     {live['website']}/\n"
        f"  KATA, published templates      {live['kata']}/\n"
        "A person signs in at Balus by one press, and goes on to their pages from there. Staff:\n"
        "Sign in on the console's page by one press, as one of:"
    )
    for name, mail, roles in OFFICERS:
        print(f"  {name}  {mail}  ({roles.replace(',', ', ')})")
    print("Ctrl-C ends it; `./dev reset` removes it.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
