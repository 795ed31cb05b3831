"""Loaded with `-p`, before pytest-django reads the settings: where state goes and which database is used.

`CHIKAI_TEST_DB=postgres` puts Chikai's own state on a PostgreSQL that is started here, one for each worker.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests import servers

_own: servers.Postgres | None = None


def _home() -> str:
    """Give each process a home of its own, even when the caller has one."""
    return tempfile.mkdtemp(prefix="chikai-home-")


os.environ["CHIKAI_HOME"] = _home()
if (Path(__file__).parents[1] / "src" / "chikai" / "web" / "settings.py").exists():
    os.environ["DJANGO_SETTINGS_MODULE"] = "chikai.web.settings"
# Playwright's sync API keeps a loop running in our thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

if os.environ.get("CHIKAI_TEST_DB", "sqlite") == "postgres":
    _where = servers.find_postgres()
    if _where is None:
        raise pytest.UsageError("CHIKAI_TEST_DB=postgres, and no PostgreSQL programs were found")
    # With -n the first process only hands out tests; the workers (and a run without -n) need the database,
    # and each starts its own. The first one starts one too, since it reads the same settings.
    _own = servers.Postgres(_where)
    _own.__enter__()
    os.environ["CHIKAI_DATABASE_URL"] = _own.django_url()
else:
    os.environ.pop("CHIKAI_DATABASE_URL", None)


def pytest_unconfigure() -> None:
    """End in order; a worker of xdist leaves without running what atexit holds."""
    global _own  # noqa: PLW0603 - one per process, started before any fixture exists
    if _own is not None:
        _own.__exit__()
        _own = None
    shutil.rmtree(os.environ["CHIKAI_HOME"], ignore_errors=True)
