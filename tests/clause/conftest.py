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
