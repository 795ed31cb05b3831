"""The services beside a real installation: its feed, its pages and its doors, each a process of its own."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from examples.levii import services
from examples.levii.services.place import ROOT
from tools.company import Company

HER = {"name": "試験 栞", "email": "shiori@kanaria.example", "company": "見本商会"}


def free_ports():
    held = [socket.socket() for _ in services.PORTS]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return dict(zip(services.PORTS, (one.getsockname()[1] for one in held), strict=True))
    finally:
        for one in held:
            one.close()


@pytest.fixture(scope="module")
def company():
    """An installation that knows Balus, and nobody running yet."""
    folder = Path(tempfile.mkdtemp(prefix="chikai-services-"))
    made = Company(folder, people=60)
    made.make_databases()
    made.found()
    made.chikai("policy", "publish")
    made.connect("balus")
    made.chikai("map", "adopt", "balus")
    made.chikai("people", "sync")
    yield made
    shutil.rmtree(folder)


@contextmanager
def alive(company):
    """The pages of Chikai, the feed and the services; the address of Balus and where its place stands."""
    ports = free_ports()
    pages = [sys.executable, "-m", "chikai.cli.main", "serve", "--port", str(ports["chikai"])]
    environ = {**company.environ, "CHIKAI_HOME": str(company.home)}
    said = (company.folder / "said").open("ab")
    server = subprocess.Popen(pages, env=environ, cwd=ROOT, stdout=said, stderr=said)
    try:
        wait_for(f"http://127.0.0.1:{ports['chikai']}/healthz")
        with services.running(company, ports) as addresses:
            yield addresses
    finally:
        server.terminate()
        server.wait(timeout=30)
        said.close()


def wait_for(address):
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


class Person:
    """A browser without a screen, over HTTP."""

    def __init__(self, address):
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(self.address + path, data, timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.read().decode()

    def press(self, page, path, **fields):
        for form in re.findall(r"<form.*?</form>", self.get(page), re.DOTALL):
            if f'action="{path}"' in form and all(
                f'value="{v}"' in form for v in fields.pop("of", ())
            ):
                hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
                return self.get(path, {k: unescape(v) for k, v in hidden} | fields)
        raise AssertionError(f"no form of {page} goes to {path}")


def mailed(company):
    words = [sys.executable, "-m", "examples.levii.services.mailer", "--purpose", "guidance"]
    place = ["--place", str(services.place_of(company.home)), "--day", "2026-11-22"]
    done = subprocess.run([*words, *place], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.clause("5")
def test_who_signs_up_and_stops_guidance_in_the_settings_gets_no_guidance(company):
    with alive(company) as at:
        her = Person(at["balus"])
        assert "モデル" in her.press("/signup", "/signup", **HER)
        her.press("/", "/confirm")
        key = 61
        for _ in range(50):  # the outbox is handed over each second
            if "gate.registered" in company.chikai("ledger", "show"):
                break
            time.sleep(0.2)
        company.chikai("people", "sync")
        page = her.press("/settings", "/settings/choices", of=["purpose:guidance", "stop"])
        assert "止めました。台帳" in page
        assert "chikai-choices" in her.get("/component.css")
        said = mailed(company)
        assert f"[{key}]" in said
        assert (
            "（2(3)-2）」への利用を、ご本人が止めています。根拠: プライバシーポリシー 5「" in said
        )
        page = her.press("/settings", "/settings/choices", of=["purpose:guidance", "resume"])
        assert "使えるように戻しました" in page
        assert "1 mails written, 0 persons left out" in mailed(company)
        assert "/me/sign-out" in her.get("/you")  # handed over, and signed in at the portal
    for value in HER.values():
        assert value not in company.chikai("ledger", "show")
        assert value not in (company.folder / "said").read_text("utf-8", "replace")


def test_a_run_that_is_killed_takes_its_processes_along():
    words = (
        "import sys, time; from examples.levii import services; "
        "print(services.started([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True); "
        "time.sleep(60)"
    )
    run = subprocess.Popen([sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE)
    child = Path(f"/proc/{int(run.stdout.readline())}/stat")
    run.kill()
    run.wait()
    end = time.monotonic() + 5
    # Until its new parent has taken notice, a dead process stands as a zombie.
    while child.exists() and child.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < end, "it lives on"
        time.sleep(0.05)
