"""The one hierarchy of errors.

ChikaiError
 +- PolicyError          the policy's files are wrong
 +- Refused              the rules say no
 |   +- UseRefused       a use of personal data
 |   +- ProvisionRefused a provision to a third party
 |   +- RequestRefused   a person's request
 |   +- NotAllowed       a member of staff lacks the role
 +- SourceError          a source of personal data
 |   +- Unreachable      it does not answer, or does not let us in
 |   +- Disagrees        it answers otherwise than the map or the plan says
 |   +- Restored         an old backup was put back there
 +- MailAway             the mail server does not take a mail
 +- MapError             the map of a source is unfinished or wrong
 +- LedgerError
 |   +- Tampered         a stored entry does not match its proof
 |   +- Forked           two histories claim the same place
 +- StandardNotMet       anonymisation misses its standard
 +- WrongState           the thing asked for is not possible in this state
 +- ConfigError          the installation is set up wrongly
 +- BadInput             a file or an argument that was handed in cannot be read

Each error says `what` happened, what to `do` about it and `where`, in sentences that begin in lower case, with
names in backticks. It never carries a personal value: messages are shown, logged and printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from collections.abc import Iterable


class ChikaiError(Exception):
    """Anything that Chikai itself says went wrong."""

    code: ClassVar[str] = "error"

    def __init__(self, what: str, do: str = "", where: str = "") -> None:
        super().__init__(what)
        self.what: Final = what
        self.do: Final = do
        self.where: Final = where

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  {self.do}" if self.do else head


class PolicyError(ChikaiError):
    """The policy's files are wrong."""

    code = "policy"


class PolicyErrors(PolicyError):
    """Several faults of one policy folder, found in one reading."""

    def __init__(self, faults: Iterable[PolicyError]) -> None:
        self.faults: Final = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Refused(ChikaiError):
    """The rules say no. `evidence` is the event that the ledger keeps of it, where there is one."""

    code = "refused"

    def __init__(
        self, what: str, do: str = "", where: str = "", *, evidence: object = None
    ) -> None:
        super().__init__(what, do, where)
        self.evidence: Final = evidence


class UseRefused(Refused):
    """A use of personal data that the policy or the person's choice does not allow."""

    code = "use-refused"


class ProvisionRefused(Refused):
    """A provision to a third party without basis, contract or record."""

    code = "provision-refused"


class RequestRefused(Refused):
    """A person's request that is refused on a legal ground."""

    code = "request-refused"


class NotAllowed(Refused):
    """A member of staff asked for something that their role does not hold."""

    code = "not-allowed"


class SourceError(ChikaiError):
    """A source of personal data."""

    code = "source"


class Unreachable(SourceError):
    """A source that does not answer or does not let us in."""

    code = "source-unreachable"


class Disagrees(SourceError):
    """A source that answers otherwise than the map or the plan says."""

    code = "source-disagrees"


class MoreThanPlanned(Disagrees):
    """A change that would touch more rows than were counted and approved: people count and approve anew."""

    code = "more-than-planned"


class Restored(SourceError):
    """A source that stands behind what we wrote there: an old backup was put back."""

    code = "source-restored"


class MailAway(ChikaiError):
    """The mail server does not take a mail."""

    code = "mail-away"


class MapError(ChikaiError):
    """The map of a source is unfinished or wrong."""

    code = "map"


class LedgerError(ChikaiError):
    """The ledger does not hold together."""

    code = "ledger"


class Tampered(LedgerError):
    """A stored entry does not match its proof."""

    code = "ledger-tampered"


class Forked(LedgerError):
    """Two histories claim the same place."""

    code = "ledger-forked"


class StandardNotMet(ChikaiError):
    """An anonymised table misses the standard that was fixed for it."""

    code = "standard-not-met"


class WrongState(ChikaiError):
    """The thing asked for is not possible in this state."""

    code = "wrong-state"


class ConfigError(ChikaiError):
    """The installation is set up wrongly."""

    code = "config"


class BadInput(ChikaiError):
    """A file or an argument that was handed in cannot be read."""

    code = "bad-input"


# One table for both faces: HTTP status and the exit code of the command line.
# Exit codes: 2 the caller's words, 3 the installation, 4 refused, 5 a source, 6 evidence does not hold.
OUTCOMES: Final[dict[str, tuple[int, int]]] = {
    "error": (500, 1),
    "policy": (422, 2),
    "bad-input": (422, 2),
    "map": (422, 2),
    "config": (500, 3),
    "refused": (403, 4),
    "use-refused": (403, 4),
    "provision-refused": (403, 4),
    "request-refused": (403, 4),
    "not-allowed": (403, 4),
    "wrong-state": (409, 4),
    "standard-not-met": (409, 4),
    "source": (502, 5),
    "source-unreachable": (503, 5),
    "source-disagrees": (409, 5),
    "more-than-planned": (409, 5),
    "source-restored": (409, 5),
    "mail-away": (503, 5),
    "ledger": (500, 6),
    "ledger-tampered": (500, 6),
    "ledger-forked": (500, 6),
}


def http_status(error: ChikaiError) -> int:
    """The HTTP status that a page or the API answers with."""
    return OUTCOMES[error.code][0]


def exit_code(error: ChikaiError) -> int:
    """The exit code of the command line."""
    return OUTCOMES[error.code][1]
