"""`python -m tools.shots [NAME ...]`: pictures of every page at 390 and 1280 pixels, into var/shots/.

It makes an installation of its own in a temporary folder, fills it with what the tests use, and serves it on this
machine only.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "var" / "shots"
WIDTHS = ((390, 844), (1280, 900))


class Quiet(WSGIRequestHandler):
    """A server that does not print each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the parent's name
        """Print nothing."""


def main(names: list[str]) -> int:
    """Take the pictures, of all pages or of those whose name begins with a word; the number of files."""
    with tempfile.TemporaryDirectory(prefix="chikai-shots-") as folder:
        os.environ |= {
            "CHIKAI_HOME": folder,
            "DJANGO_SETTINGS_MODULE": "chikai.web.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application

        call_command("migrate", verbosity=0, run_syncdb=True)
        call_command("createcachetable", verbosity=0)
        server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            return _all(f"http://localhost:{server.server_port}", names)
        finally:
            server.shutdown()


def _all(site: str, names: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    from chikai.web.models import Installation, Staff
    from tests.browser import pages
    from tests.web import world

    program = os.environ.get("CHIKAI_CHROMIUM") or shutil.which("chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    taken = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        world.no_home()
        taken += _shoot(browser, site, (pages.Looked("setup-code", "/setup"),), names)
        world.begin()
        taken += _shoot(browser, site, (pages.Looked("policy-empty", "/policy"),), names)
        Staff.objects.all().delete()
        Installation.objects.all().delete()
        world.full(example="--example" in names)
        taken += _shoot(browser, site, pages.every(), [n for n in names if n[0] != "-"])
        browser.close()
    print(f"{taken} pictures in {OUT.relative_to(ROOT)}")
    return 0


def _shoot(browser: Any, site: str, looked: Any, names: list[str]) -> int:
    taken = 0
    for page_ in looked:
        if names and not any(page_.name.startswith(name) for name in names):
            continue
        for width, height in WIDTHS:
            for tongue in ("ja", "en"):
                if tongue == "en" and page_.name not in {"policy", "overview", "map-source"}:
                    continue
                context = browser.new_context(
                    viewport={"width": width, "height": height}, locale="ja-JP"
                )
                if page_.role:
                    context.add_cookies([_cookie(site, page_.role)])
                page = context.new_page()
                page.goto(site + ("/en" if tongue == "en" else "") + page_.path)
                page.screenshot(path=OUT / f"{page_.name}-{tongue}-{width}.png", full_page=True)
                context.close()
                taken += 1
    return taken


def _cookie(site: str, role: str) -> dict[str, str]:
    from django.test import Client

    from chikai.web.models import Staff
    from tests.web import world

    client = Client()
    world.sign_in(client, Staff.objects.get(email=f"{role}@levii.example"))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
