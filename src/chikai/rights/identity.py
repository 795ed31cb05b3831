"""Who asks, and whether that is sure enough for what is asked.

A session is enough for one's own data, so nobody who is signed in is asked for a paper. A mailbox that several persons
hold proves none of them; who acts for somebody else shows that they may. What was seen is kept as a result, never as a
copy: a document is erased when the request is decided.

Clauses: 6.
Law: APPI Art. 37(1), APPI Art. 37(3), APPI Art. 37(4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from chikai.errors import BadInput
from chikai.policy.document import Text

# The Cabinet Order names two: a statutory agent of a minor or an adult ward, or somebody whom the person mandated.
Agency = Literal["statutory", "mandated"]
AGENCIES: Final[dict[str, Text]] = {
    "statutory": Text("親権者・後見人など（法定代理人）", "parent, guardian (statutory agent)"),
    "mandated": Text(
        "本人から頼まれた方（任意代理人）", "someone whom the person asked (mandated agent)"
    ),
}
PAPERS: Final[dict[str, Text]] = {
    "statutory": Text(
        "戸籍や登記など、代理人であることが分かる書類ひとつ",
        "one paper that shows it, such as a family register or a certificate of guardianship",
    ),
    "mandated": Text("本人の委任状ひとつ", "one mandate that the person signed"),
}
OWN: Final = ("mail_link", "sign_in")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `shared` says that several persons hold the mailbox, `agency` for whom they act if not for themselves.

    `paper_seen` says that staff looked at the agent's document and it was right.
    """

    evidence: str = ""
    shared: bool = False
    agency: str = ""
    paper_seen: bool = False


def is_sure(asker: Asker) -> bool:
    """Whether gathering may begin: the evidence fits, and an agent's document was found right."""
    if asker.agency and not asker.paper_seen:
        return False
    if asker.evidence == "officer":
        return True
    return asker.evidence in OWN and not asker.shared and not asker.agency


def check_agency(agency: str) -> str:
    """The kind of agency, or empty for somebody who asks for themselves; BadInput for another word."""
    if agency and agency not in AGENCIES:
        names = ", ".join(f"`{name}`" for name in AGENCIES)
        raise BadInput("this is no way to act for somebody", f"name one of {names}")
    return agency
