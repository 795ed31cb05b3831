"""What acceptance tests of clauses share: the example's policy."""

from pathlib import Path

import pytest

from chikai.policy import load
from chikai.policy.document import Document

LEVII = Path(__file__).resolve().parents[2] / "examples" / "levii"


@pytest.fixture(scope="session")
def policy() -> Document:
    """The policy of the example, in the edition that its folder holds."""
    return load.read(LEVII).document


@pytest.fixture(scope="session")
def balus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Balus' own database with 120 people, read by the tests and never written."""
    from tests.clause import care

    return Path(care.filled(tmp_path_factory.mktemp("balus")))


@pytest.fixture
def balus(db: None, balus_file: Path) -> object:
    """An installation with Balus connected; the officer who began it."""
    from tests.clause import care

    return care.install(balus_file)
