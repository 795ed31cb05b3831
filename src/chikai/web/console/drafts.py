"""The policy as its files say it now, and what the lint finds in it.

Clauses: 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chikai.errors import PolicyError, PolicyErrors
from chikai.policy import findings as findings_
from chikai.policy import load
from chikai.web import registers
from chikai.web.frame import installed

if TYPE_CHECKING:
    from chikai.policy.document import Document
    from chikai.policy.findings import Finding
    from chikai.policy.load import Draft


@dataclass(frozen=True, slots=True)
class Read:
    """A draft with its findings; or, where the files cannot be read, the faults."""

    draft: Draft | None = None
    findings: tuple[Finding, ...] = ()
    faults: tuple[PolicyError, ...] = ()

    @property
    def document(self) -> Document | None:
        """The document of the draft."""
        return self.draft.document if self.draft else None

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop a publication."""
        return findings_.blocking(self.findings)

    @property
    def waiting(self) -> tuple[Finding, ...]:
        """Findings that nobody has accepted."""
        return tuple(f for f in self.findings if not f.is_accepted)


def read() -> Read:
    """Read the policy folder of the installation."""
    try:
        draft = load.read(installed().policy)
    except PolicyErrors as errors:
        return Read(faults=errors.faults)
    except PolicyError as error:
        return Read(faults=(error,))
    return Read(draft, registers.findings(draft))
