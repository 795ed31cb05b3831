"""One person's year: she signs up, stops a use, asks for everything; an officer approves; anyone verifies the record.

It runs on the company that moved in, with its pages, its worker, its feed and its services as processes of their own, and
uses them as people do: over HTTP, and by the commands of officers. Each line names the entry that the ledger has of it.
With `reap`, every process and every command is killed at random moments meanwhile, and what is left at the end is the same.
"""

from __future__ import annotations

import email
import email.policy
import io
import json
import random
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from examples.levii import databases, services
from tools import canary
from tools.alive import alive, until
from tools.browser import Browser
from tools.company import EXAMPLE, OFFICERS, ROOT, SERVICES, Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.alive import Running
    from tools.company import Company

HER: Final = {"name": "試験 栞", "email": "shiori@kanaria.example", "company": "見本商会"}
ATTENDEE: Final = {"name": "受講 葵", "email": "aoi.juko@kanaria.example"}
FIRM: Final = {
    "company": "見本商会",
    "contact": "係 薫",
    "email": "kaoru@kanaria.example",
    "headcount": "2",
    "course": "KATA で学ぶ型",
}
QUESTION: Final = "どこに保存されますか。きのう伺った件です。"
ANSWER: Final = "国内のデータセンターに保存しています。"
WRITER: Final = "toikake@kanaria.example"
GUIDE: Final = "purpose:guidance"
# Kinds of which the year leaves a certain number of entries, whatever was killed meanwhile.
ONCE: Final = (
    *("rights.opened", "rights.approved", "rights.disclosed", "rights.answered"),
    *("inquiry.opened", "inquiry.answered", "inquiry.sent"),
    *("provision.contract_registered", "provision.made"),
    *("anonymise.standard_fixed", "anonymise.made", "anonymise.published", "anonymise.released"),
    *("policy.published", "policy.announced"),
)


class Year:
    """The lines of the year; `holds` checks and prints one."""

    def __init__(
        self,
        company: Company,
        heroine: Mapping[str, int | str],
        holds: Callable[..., None],
        *,
        reap: int | None = None,
    ) -> None:
        self.company = company
        self.heroine = heroine
        self._holds = holds
        self.reap = reap
        self.running: Running

    def tell(self) -> None:
        """All of it, then the proof."""
        if self.reap is not None:
            self.company.reaper = random.Random(self.reap)  # noqa: S311 - moments, no secrets
        with alive(self.company, reap=self.reap) as self.running:
            self.person_signs_up()
            self.person_stops_a_use()
            self.services_do_their_work()
            self.person_asks_for_everything()
            self.clauses_three_and_four()
            self.somebody_writes_to_the_desk()
            self.policy_changes()
            self.pages_tell_it()
        self.company.reaper = None
        self.record_is_verified()

    def holds(self, sentence: str, kind: str = "", *, true: bool = True) -> None:
        """Check and print a sentence, with the newest entry of its kind."""
        entry = self.entry(kind) if kind else ""
        self._holds(f"{sentence}{entry}", true=true)

    def entry(self, kind: str) -> str:
        """The newest entry of a kind as a line names it; Broken when none comes."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            words = ("ledger", "show", "--kind", kind, "--last", "1", "--format", "json")
            found[:] = json.loads(self.company.chikai(*words, told=False))
            return bool(found) and found[0]["entry"] != "waiting"

        until(f"the ledger has `{kind}`", there)
        return f"  [ledger #{found[0]['entry']} {kind}]"

    def pressed(
        self,
        who: Browser,
        page: str,
        goal: str = "",
        /,
        *,
        good: Callable[[], object],
        **fields: str,
    ) -> None:
        """Press until it is seen to have been done: whoever was cut off opens the page and presses again."""

        def once() -> object:
            with suppress(LookupError):
                who.press(page, goal, **fields)
            return good()

        until(f"{page} was pressed", once)

    def person_signs_up(self) -> None:
        """The purposes stand before the button; the service registers her with the edition she saw."""
        print("\n10. A person signs up at Balus, and sees before the button what her data is for.")
        her = self.her = Browser(self.running.at["balus"])
        until("the form opens", lambda: "登録の受付" in her.get("/signup"))
        before = her.page.index("登録の受付") < her.page.rindex("<button")
        self.holds("the purposes stand before the button", true=before)

        def inside() -> bool:
            if "もう登録されています" in her.page:  # the answer to her first press was lost
                with suppress(LookupError):
                    her.press("/signin", "/signin", email=HER["email"])
            return "/signout" in her.get("/")

        self.pressed(her, "/signup", "/signup", good=inside, **HER)
        self.pressed(her, "/", "/confirm", good=lambda: "/confirm" not in her.get("/"))
        self.holds("she is registered with the edition that she saw", "gate.registered")
        self.company.chikai("people", "sync")

    def mailed(self) -> str:
        """The guidance mailer's words."""
        return self.service("mailer", "--purpose", "guidance")

    def service(self, module: str, *words: str) -> str:
        """What a command of a service printed; begun again when it was killed."""
        place = ("--place", str(services.place_of(self.company.home)))
        command = [sys.executable, "-m", f"examples.levii.services.{module}", *words, *place]
        done: list[subprocess.CompletedProcess[str]] = []

        def ran() -> bool:
            done[:] = [self.company.ran(command, cwd=ROOT)]
            return done[0].returncode == 0

        with suppress(Broken):
            until(f"`{module}` ended well", ran, 60 if self.reap is not None else 1)
        if done[0].returncode:
            raise Broken(f"{module} ended with {done[0].returncode}: {done[0].stderr[-1500:]}")
        return done[0].stdout

    def person_stops_a_use(self) -> None:
        """One press in the service's own settings; the mailer leaves her out and says why."""
        print("\n11. She stops guidance by one press in Balus' settings. No reason is asked.")
        her = self.her

        def turn(verb: str, said: str) -> None:
            self.pressed(
                *(her, "/settings", "/settings/choices"),
                good=lambda: said in her.page,
                says=verb,
                unit=GUIDE,
            )

        turn("stop", "止めました")
        self.holds("it is stopped, and the page gives the entry", "choices.stopped")
        said = self.mailed()
        print("    " + "\n    ".join(said.strip().splitlines()[-3:]))
        self.holds(
            "the mailer left her out, and names clause 5", true="プライバシーポリシー 5" in said
        )
        turn("resume", "戻しました")
        self.holds("to resume costs the same press", "choices.resumed")
        self.holds("the mailer writes to her again", true="0 persons left out" in self.mailed())

    def services_do_their_work(self) -> None:
        """A model is shared and taken back, a company applies for a course, a month is billed."""
        print(
            "\n12. The services work, each use through the gate: a model, a course, a month's bill."
        )
        her = self.her
        made = lambda: "/models/" in her.here  # noqa: E731 - a sentence of the story
        self.pressed(her, "/", "/models", good=made, title="湖の観測", description="見本")
        where = her.here.rpartition("?")[0] or her.here
        self.pressed(her, where, "/publish", good=lambda: "公開中" in her.page)
        link = re.findall(r"/m/[\w-]+", her.page)[0]
        visitor = Browser(self.running.at["balus"])
        self.holds("whoever has the link sees the model", true="湖の観測" in visitor.get(link))
        self.pressed(her, where, "/unpublish", good=lambda: "公開中" not in her.page)
        visitor.get(link)
        self.holds("after one press nobody does", true=visitor.status == 404)
        self._course()
        balus = sa.create_engine(self.company.url("balus"))
        said = self.service("balus.billing", "--month", "2026-10", "--on", "2026-11-01")
        with balus.connect() as db:
            total = db.scalar(
                sa.text("SELECT sum(amount) FROM invoices WHERE issued_on = '2026-11-01'")
            )
        balus.dispose()
        print(f"    {said.splitlines()[0]}")
        again = self.service("balus.billing", "--month", "2026-10", "--on", "2026-11-01")
        self.holds(
            f"a second run bills nobody twice; the invoices come to {int(total or 0):,} yen",
            "gate.used",
            true=" 0 invoices written" in again,
        )

    def _course(self) -> None:
        firm = Browser(self.running.at["training"])
        inside = lambda: "/applications/" in firm.here  # noqa: E731 - a sentence of the story
        self.pressed(firm, "/apply", "/apply", good=inside, **FIRM)
        here = firm.here
        self.holds("the course's invoice is 88,000 yen for two", true="88,000" in firm.page)
        enrolled = lambda: ATTENDEE["name"] in firm.get(here)  # noqa: E731 - as above
        self.pressed(firm, here, "/attendees", good=enrolled, **ATTENDEE)
        self.holds("an attendee is enrolled, and registered as told by mail", "gate.registered")

    def person_asks_for_everything(self) -> None:
        """Mail link, request, gathering, approval, package: and the package equals hand-written SQL."""
        print("\n13. 山田 花子 signs in by mail, stops a use everywhere, and asks for everything.")
        her = Browser(self.running.at["chikai"])
        until("a link signs her in", lambda: self._signs_in(her))
        self.holds("a link and one confirming press sign her in", "portal.signed_in")
        self._stops_everywhere(her)

        def numbered() -> list[str]:
            return re.findall(r"20\d\d-\d{4}", her.here + her.page)

        self.pressed(her, "/me/requests/new?kind=disclose", good=numbered, says="disclose")
        number = numbered()[0]
        self.holds(f"her request has the number {number}", "rights.opened")
        where, page = f"/desk/requests/{number}", f"/me/requests/{number}"
        officer = self.officer()
        until("the request waits for approval", lambda: "/approve" in officer.get(where))
        self.holds("four places are read in one picture each", "rights.submitted")
        self.pressed(
            officer, f"{where}/approve", good=lambda: f"{where}/approve" not in officer.get(where)
        )
        self.holds("an officer approves it", "rights.approved")
        until("the package can be fetched", lambda: "/download" in her.get(page))
        self.holds("the package is sealed, and she is told by mail", "rights.answered")
        package: list[zipfile.ZipFile] = []

        def fetched() -> bool:
            her.get(f"{page}/download")
            with suppress(zipfile.BadZipFile):
                package[:] = [zipfile.ZipFile(io.BytesIO(her.raw))]
            return bool(package)

        until("the package is whole", fetched)
        for source in json.loads(package[0].read("manifest.json"))["sources"]:
            self._equals_sql(source)
        names = package[0].namelist()
        self.holds("it has a letter in PDF", true=any(name.endswith(".pdf") for name in names))

    def officer(self) -> Browser:
        """An officer who is signed in."""
        found = Browser(self.running.at["chikai"])
        inside = lambda: "/sign-out" in found.get("/desk")  # noqa: E731 - a sentence of the story
        self.pressed(found, "/sign-in", "/sign-in/example/2", good=inside)
        return found

    def _signs_in(self, her: Browser) -> bool:
        with suppress(LookupError):
            her.press("/me/sign-in", email=str(self.heroine["website"]))
            for link in reversed(re.findall(r"/me/link/[\w-]+", self._newest_mail("/me/link/"))):
                her.press(link)
                break
        return "/me/sign-out" in her.get("/me")

    def _newest_mail(self, holds: str) -> str:
        """The text of the newest mail that holds some words."""
        for file in sorted((self.company.home / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            if body is not None and holds in (text := body.get_content()):
                return str(text)
        return ""

    def _stops_everywhere(self, her: Browser) -> None:
        """A press in the portal, and the four services that have heard of it."""
        unit = {"unit": "purpose:improvement", "to": "stop"}
        at = "/me/settings"
        self.pressed(
            her, at, "/me/settings/turn", good=lambda: "v=" in her.here, says="improvement", **unit
        )
        number = re.findall(r"v=(\d+)", her.here)[0]
        heard = "4か所のうち、4か所に届きました"
        until("all have heard", lambda: heard in her.get(f"{at}?v={number}"))
        self.holds("it is stopped in 4 of 4 places", "choices.stopped")

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
            "\n14. Clauses 3 and 4: an anonymised table is made, a payment partner gets the least."
        )
        chikai = self.company.chikai
        public = Browser(self.running.at["chikai"])
        self.holds(
            "the register says that there is none so far", true=self._registered(public) == 0
        )
        chikai("anonymise", "standard", str(EXAMPLE / "anonymise.toml"))
        chikai("anonymise", "make", "balus-usage")
        self.holds("a table is made by a standard that was fixed before", "anonymise.made")
        chikai("anonymise", "publish", "1")
        self.holds("its items stand on the register", "anonymise.published")
        self.holds("clause 3(4) renders it, and no method", true=self._registered(public) == 1)
        chikai("anonymise", "release", "1")
        contract = ("--since", "2025-04-01", "--until", "2030-03-31", "--secrecy")
        chikai("provision", "contract", "aoba_payment", *contract)
        found = chikai("people", "find", f"balus:{self.heroine['balus']}", "--format", "json")
        person = str(json.loads(found)[0]["person"])
        to = ("--purpose", "billing", "--to", "aoba_payment", "--person", person)
        chikai("provision", "make", "balus", *to)
        self.holds("the least items went to the payment partner", "provision.made")

    def _registered(self, public: Browser) -> int:
        until("the policy opens", lambda: "匿名加工情報" in public.get("/policy") or None)
        return 0 if "まだ作っていません" in public.page else 1

    def somebody_writes_to_the_desk(self) -> None:
        """The public form opens an inquiry, an officer answers it, and the answer goes out by mail."""
        print("\n15. Clause 7: somebody writes to the desk, and an officer answers by mail.")
        visitor = Browser(self.running.at["chikai"])

        def numbered() -> list[str]:
            return re.findall(r"Q-20\d\d-\d{4}", visitor.page)

        said = {"kind": "question", "text": QUESTION, "mail": WRITER}
        self.pressed(visitor, "/contact", good=numbered, **said)
        number = numbered()[0]
        self.holds(f"the inquiry is {number}", "inquiry.opened")
        officer, where = self.officer(), f"/desk/inquiries/{number}"
        self.pressed(officer, where, good=lambda: ANSWER in officer.get(where), text=ANSWER)
        self.holds("an officer answers it", "inquiry.answered")
        until("the answer leaves", lambda: self._newest_mail(ANSWER))
        self.holds("the answer went out by mail", "inquiry.sent")

    def policy_changes(self) -> None:
        """A second edition is published and announced, and asks only where the change needs it."""
        print("\n16. Clause 8: a second edition is announced, and asks only where it must.")
        # What the edition words more concretely, and an officer found to be expected.
        anew = ("registration", "course", "guidance", "improvement", "anonymised_information")
        found = [("research_invitation=unrelated", "前の利用目的からは予想できない。")]
        found += [(f"{purpose}=related", "同じことを具体的に書いた。") for purpose in anew]
        said = [w for about, why in found for w in ("--decide", about, "--reason", why)]
        self.company.chikai("policy", "publish", str(EXAMPLE / "next"), ends=2)
        self.company.chikai("policy", "publish", str(EXAMPLE / "next"), *said)
        self.holds("both editions stand at lasting addresses", "policy.published")
        self.company.chikai("policy", "announce")
        self.holds("the change is announced in the portal and by mail", "policy.announced")
        her = Browser(self.running.at["chikai"])
        until("she is signed in", lambda: self._signs_in(her))
        until("the portal asks", lambda: "同意する" in her.get("/me/notices"))
        agreed = lambda: "同意しました" in her.get("/me/notices")  # noqa: E731 - a sentence
        self.pressed(her, "/me/notices", "/research_invitation", good=agreed, answer="yes")
        self.holds("she agrees to the one new purpose", "policy.answered")

    def pages_tell_it(self) -> None:
        """Each clause of the public page says how it is kept, in which state it is, and its newest entry."""
        public = Browser(self.running.at["chikai"])
        until("the policy opens", lambda: "動いています" in public.get("/policy"))
        shown = public.page.count("いちばん新しい証拠")
        self.holds(f"{shown} clauses show their mechanism and newest evidence", true=shown > 20)
        for wrong in (f"/nothing/{HER['email']}", f"/policy/editions/{HER['email']}"):
            public.get(wrong)
            self.holds(
                f"a page of a fault ({public.status}) repeats no value",
                true=public.status >= 400 and not canary.found_in(public.raw, self.values()),
            )

    def values(self) -> list[str]:
        """Values of the persons of the year, none of which may stand where no value belongs."""
        said = [*HER.values(), *ATTENDEE.values(), WRITER, QUESTION, ANSWER]
        said += [FIRM["contact"], FIRM["email"], str(self.heroine["name"])]
        engine = sa.create_engine(self.company.url("balus"))
        with engine.connect() as db:
            rows = db.execute(sa.text("SELECT name, email, phone FROM accounts")).all()
        engine.dispose()
        staff = {mail for _, mail, _ in OFFICERS}
        found = {str(value) for row in rows for value in row if value}
        return sorted({*said, *found} - staff - {"見本商会"})

    def state(self) -> dict[str, object]:
        """What the year has left: the same, whatever was killed on the way."""
        home = self.company.home
        with closing(sqlite3.connect(home / "own.sqlite3")) as db:
            count = "SELECT count(*) FROM ledger_entry WHERE kind = ?"
            entries = {kind: db.execute(count, [kind]).fetchone()[0] for kind in ONCE}
        mails = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Message-ID"]
            for file in (home / "mail").glob("*.eml")
        ]
        balus = sa.create_engine(self.company.url("balus"))
        with balus.connect() as db:
            accounts = "SELECT count(*), count(DISTINCT email) FROM accounts"
            billed = "SELECT count(*), sum(amount) FROM invoices"
            rows = [tuple(db.execute(sa.text(text)).one()) for text in (accounts, billed)]
        balus.dispose()
        return {
            "entries": entries,
            "answers": len({m for m in mails if "inquiry-" in str(m)}),
            "provided": len([*(home / "outgoing").rglob("*.jsonl")]),
            "balus": rows,
        }

    def record_is_verified(self) -> None:
        """The export, verified by the command that needs nothing of ours; and no value stands where none may."""
        print("\n17. Anyone verifies the record, offline.")
        out = self.company.folder / "ledger"
        self.company.chikai("ledger", "export", str(out))
        print("    " + self.company.chikai("verify", str(out)).strip().replace("\n", "\n    "))
        logs = [self.company.folder / "said", *(f for f in out.rglob("*") if f.is_file())]
        values = self.values()
        print(f"    {len(values):,} values are looked for, in every form; a minute", flush=True)
        found = canary.everywhere(self.company.home, logs, values)
        for place, hits in found.items():
            print(f"    {place}: {len(hits)} values")
        self.holds(
            f"none of {len(values):,} values stands in ledger, logs, task rows or mails' headers",
            true=not found,
        )
