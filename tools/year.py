"""One person's year: she signs up, stops a use, asks for everything; an officer approves; anyone verifies the record.

It runs on the company that moved in, with its pages, its worker, its feed and its services as processes of their own, and
uses them as people do: over HTTP, and by the commands of officers.
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from examples.levii import databases, services
from tools.browser import Browser
from tools.company import EXAMPLE, ROOT, SERVICES, Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tools.company import Company

HER = {"name": "試験 栞", "email": "shiori@kanaria.example", "company": "見本商会"}
PATIENCE = 90.0


def until(what: str, true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for something to become true; Broken, with its name, when it does not."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise Broken(f"in {seconds:.0f} seconds it did not happen: {what}")
        time.sleep(0.3)


def free_ports() -> dict[str, int]:
    """A free port for each process."""
    held = [socket.socket() for _ in services.PORTS]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return dict(zip(services.PORTS, (one.getsockname()[1] for one in held), strict=True))
    finally:
        for one in held:
            one.close()


@contextmanager
def alive(company: Company) -> Iterator[Mapping[str, str]]:
    """Pages, worker, feed and services; their addresses."""
    ports = free_ports()
    chikai = [sys.executable, "-m", "chikai.cli.main"]
    environ = {**os.environ, **company.environ, "CHIKAI_HOME": str(company.home)}
    with (company.folder / "said").open("ab") as said:
        words = (["serve", "--port", str(ports["chikai"])], ["work"])
        running = [
            services.started([*chikai, *w], env=environ, cwd=ROOT, stdout=said, stderr=said)
            for w in words
        ]
        try:
            at = f"http://localhost:{ports['chikai']}"
            until("the pages answer", lambda: _ok(at))
            with services.running(company, ports) as addresses:
                yield {**addresses, "chikai": at}
        finally:
            for process in running:
                process.terminate()
            for process in running:
                _ended(process)


def _ended(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Wait for an end that was asked for; a worker amid a long piece is killed, which loses nothing."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _ok(at: str) -> bool:
    browser = Browser(at)
    try:
        browser.get("/healthz")
    except OSError:
        return False
    return browser.status == 200


class Year:
    """The lines of the year; `holds` checks and prints one."""

    def __init__(
        self, company: Company, heroine: Mapping[str, int | str], holds: Callable[..., None]
    ) -> None:
        self.company = company
        self.heroine = heroine
        self.holds = holds

    def tell(self) -> None:
        """All of it, then the proof."""
        with alive(self.company) as at:
            self.person_signs_up(at)
            self.person_stops_a_use()
            self.person_asks_for_everything(at)
            self.clauses_three_and_four()
            self.somebody_writes_to_the_desk(at)
            self.policy_changes(at)
        self.record_is_verified()

    def entries(self, kind: str) -> int:
        """How many entries of a kind the ledger has."""
        shown = self.company.chikai("ledger", "show", "--format", "json")
        return shown.count(f'"{kind}"')

    def person_signs_up(self, at: Mapping[str, str]) -> None:
        """The purposes stand before the button; the service registers her with the edition she saw."""
        print("\n10. A person signs up at Balus, and sees before the button what her data is for.")
        her = self.her = Browser(at["balus"])
        page = her.get("/signup")
        self.holds(
            "the purposes stand before the button",
            true="登録の受付" in page and page.index("登録の受付") < page.rindex("<button"),
        )
        her.press("/signup", "/signup", **HER)
        her.press("/", "/confirm")
        until("the registration reaches the ledger", lambda: self.entries("gate.registered"))
        self.holds("the ledger has `gate.registered`, with the edition that she saw", true=True)
        self.company.chikai("people", "sync")

    def mailed(self) -> str:
        """The guidance mailer's words."""
        words = [sys.executable, "-m", "examples.levii.services.mailer", "--purpose", "guidance"]
        place = ["--place", str(services.place_of(self.company.home))]
        environ = {**os.environ, **self.company.environ}
        done = subprocess.run(
            [*words, *place], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Broken(f"the mailer ended with {done.returncode}: {done.stderr[-1500:]}")
        return done.stdout

    def person_stops_a_use(self) -> None:
        """One press in the service's own settings; the mailer leaves her out and says why."""
        print("\n11. She stops guidance by one press in Balus' settings. No reason is asked.")
        page = self.her.press(
            "/settings", "/settings/choices", says="stop", unit="purpose:guidance"
        )
        self.holds("the page gives the number of the entry", true="止めました" in page)
        said = self.mailed()
        print("    " + "\n    ".join(said.strip().splitlines()[-3:]))
        self.holds(
            "the mailer left her out, and names clause 5", true="プライバシーポリシー 5" in said
        )
        self.her.press("/settings", "/settings/choices", says="resume", unit="purpose:guidance")
        self.holds("to resume costs the same press", true="0 persons left out" in self.mailed())

    def person_asks_for_everything(self, at: Mapping[str, str]) -> None:
        """Mail link, request, gathering, approval, package: and the package equals hand-written SQL."""
        print("\n12. 山田 花子 asks at the portal for everything. An officer approves it.")
        her = Browser(at["chikai"])
        her.press("/me/sign-in", email=str(self.heroine["website"]))
        letters = self.company.home / "mail"
        until("the link arrives", lambda: letters.exists() and any(letters.glob("*.eml")))
        link = re.findall(r"/me/link/[\w-]+", self._newest_mail())[-1]
        her.press(link)
        self.holds("a link and one confirming press sign her in", true="/me" in her.here)
        her.press("/me/requests/new?kind=disclose", says="disclose")
        number = re.findall(r"20\d\d-\d{4}", her.here + her.page)[0]
        print(f"    request {number}")
        officer = Browser(at["chikai"])
        officer.press("/sign-in", "/sign-in/example/2")
        where = f"/desk/requests/{number}"
        until("the request waits for approval", lambda: "/approve" in officer.get(where))
        officer.press(f"{where}/approve")
        page = f"/me/requests/{number}"
        until("the package can be fetched", lambda: "/download" in her.get(page))
        her.get(f"{page}/download")
        with zipfile.ZipFile(io.BytesIO(her.raw)) as archive:
            names = archive.namelist()
            manifest = json.loads(archive.read("manifest.json"))
        for source in manifest["sources"]:
            self._equals_sql(source)
        self.holds("it has a letter in PDF", true=any(name.endswith(".pdf") for name in names))

    def _newest_mail(self) -> str:
        import email
        import email.policy

        newest = max((self.company.home / "mail").glob("*.eml"), key=lambda f: f.name)
        message = email.message_from_bytes(newest.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        return body.get_content() if body is not None else ""

    def _equals_sql(self, source: Mapping[str, object]) -> None:
        service = str(source["source"])
        if service not in SERVICES:
            return
        engine = sa.create_engine(self.company.url(service))
        expected = databases.held_by(engine, service, self.heroine[service])
        engine.dispose()
        tables = {t: n for t, n in dict(source["tables"]).items() if n}  # type: ignore[call-overload]
        self.holds(
            f"{service}: {source['rows']} rows, as hand-written SQL counts them",
            true=tables == {t: n for t, n in expected.items() if n},
        )

    def clauses_three_and_four(self) -> None:
        """An anonymised table on the public register; the least items to a processor under a contract."""
        print(
            "\n13. Clauses 3 and 4: an anonymised table is made, a payment partner gets the least."
        )
        chikai = self.company.chikai
        chikai("anonymise", "standard", str(EXAMPLE / "anonymise.toml"))
        made = chikai("anonymise", "make", "balus-usage")
        chikai("anonymise", "publish", "1")
        chikai("anonymise", "release", "1")
        self.holds(made.strip().splitlines()[-1], true="table 1" in made)
        contract = ("--since", "2025-04-01", "--until", "2030-03-31", "--secrecy")
        chikai("provision", "contract", "aoba_payment", *contract)
        found = chikai("people", "find", f"balus:{self.heroine['balus']}", "--format", "json")
        person = str(json.loads(found)[0]["person"])
        to = ("--purpose", "billing", "--to", "aoba_payment", "--person", person)
        said = chikai("provision", "make", "balus", *to)
        self.holds(
            f"provided: {said.strip().splitlines()[0]}", true=bool(self.entries("provision.made"))
        )

    def somebody_writes_to_the_desk(self, at: Mapping[str, str]) -> None:
        """The public form opens an inquiry."""
        print("\n14. Clause 7: somebody writes to the desk.")
        visitor = Browser(at["chikai"])
        visitor.press(
            "/contact", kind="question", text="どこに保存されますか。", mail="q@mihon.example"
        )
        number = re.findall(r"Q-20\d\d-\d{4}", visitor.page)
        self.holds(f"the inquiry is {number[0] if number else '-'}", true=bool(number))

    def policy_changes(self, at: Mapping[str, str]) -> None:
        """A second edition is published and announced, and asks only where the change needs it."""
        print("\n15. Clause 8: a second edition is published and announced.")
        new = ("--unrelated", "research_invitation")
        self.company.chikai("policy", "publish", str(EXAMPLE / "next"), *new)
        # What the edition words more concretely, and an officer found to be expected.
        anew = ("registration", "course", "guidance", "improvement", "anonymised_information")
        related = [word for purpose in anew for word in ("--related", purpose)]
        said = self.company.chikai("policy", "announce", *related)
        print("    " + said.strip().replace("\n", "\n    "))
        public = Browser(at["chikai"])
        self.holds(
            "both editions stand at lasting addresses", true="第2版" in public.get("/policy")
        )
        self.holds(
            "clause 3(4) shows the register, no method",
            true="balus-usage" not in public.page and public.get("/anonymised") != "",
        )

    def record_is_verified(self) -> None:
        """The export, verified by the command that needs nothing of ours."""
        print("\n16. Anyone verifies the record, offline.")
        out = self.company.folder / "ledger"
        self.company.chikai("ledger", "export", str(out))
        print("    " + self.company.chikai("verify", str(out)).strip().replace("\n", "\n    "))
        said = b"".join(f.read_bytes() for f in out.rglob("*") if f.is_file())
        self.holds("no name and no address is in it", true=b"hanako" not in said)
