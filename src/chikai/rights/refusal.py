"""The grounds on which a request may be refused, each with its article and its wording.

A refusal without one of these is impossible: the verb asks for one. The wording is ours; the article is cited beside
it, and the route of complaint is always named.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 33(3), APPI Art. 34(2), APPI Art. 35(2), APPI Art. 36, APPI Art. 37(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chikai.errors import BadInput
from chikai.policy.document import Text

LONGEST: Final = 4000
_DISCLOSE: Final = ("disclose", "disclose_records")
_CORRECT: Final = ("correct", "add", "delete")
_SUSPEND: Final = ("suspend", "erase", "stop_provision")


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: its name, the article that gives it, and its wording. `kinds` is empty where it serves every kind."""

    id: str
    cite: str
    says: Text
    kinds: tuple[str, ...] = ()


GROUNDS: Final = (
    # Art. 33(2)(i): harm to life, body, property or other rights of the person or a third party
    Ground(
        "harm",
        "APPI Art. 33(2)(i)",
        Text(
            "ご本人またはほかの方の生命、身体、財産その他の権利や利益を害するおそれがあるため",
            "it could harm the life, body, property or other rights or interests of you or somebody else",
        ),
        _DISCLOSE,
    ),
    # Art. 33(2)(ii): a serious hindrance to the proper conduct of the operator's business
    Ground(
        "hindrance",
        "APPI Art. 33(2)(ii)",
        Text(
            "当社の業務の適正な実施に著しい支障を及ぼすおそれがあるため",
            "it could seriously hinder the proper conduct of our business",
        ),
        _DISCLOSE,
    ),
    # Art. 33(2)(iii): another law or regulation would be violated
    Ground(
        "law",
        "APPI Art. 33(2)(iii)",
        Text("ほかの法令に違反することとなるため", "it would violate another law or regulation"),
        _DISCLOSE,
    ),
    # Art. 33(3): that the data does not exist is told to the person
    Ground(
        "not_held",
        "APPI Art. 33(3)",
        Text("ご請求の情報をお預かりしていないため", "we do not hold what was asked for"),
        _DISCLOSE,
    ),
    Ground(
        "not_wrong",
        "APPI Art. 34(2)",
        Text("調べた結果、内容に誤りがなかったため", "we looked, and the content is not wrong"),
        _CORRECT,
    ),
    Ground(
        "no_reason",
        "APPI Art. 35(2)",
        Text(
            "法令に定める利用停止等の理由にあたらないため",
            "none of the reasons that the Act names applies",
        ),
        _SUSPEND,
    ),
    Ground(
        "not_identified",
        "APPI Art. 37(1)",
        Text("ご本人であることを確かめられなかったため", "we could not confirm that it is you"),
    ),
)
BY_ID: Final = {ground.id: ground for ground in GROUNDS}
# Art. 36 asks for effort to explain the reason; where to complain belongs to it.
COMPLAINT: Final = Text(
    "ご不満があるときは、当社の窓口、または個人情報保護委員会に申し出ることができます。",
    "If you disagree, you may turn to our desk or to the Personal Information Protection Commission.",
)


def grounds_of(kind: str) -> tuple[Ground, ...]:
    """The grounds on which a request of this kind may be refused."""
    return tuple(g for g in GROUNDS if not g.kinds or kind in g.kinds)


def check(kind: str, ground: str, text: str) -> Ground:
    """The ground, when it is one of this kind and an explanation stands beside it; BadInput otherwise."""
    found = BY_ID.get(ground)
    if found is None or found not in grounds_of(kind):
        names = ", ".join(f"`{g.id}`" for g in grounds_of(kind))
        raise BadInput("a refusal needs a ground of the Act", f"name one of {names}")
    if not text.strip():
        raise BadInput("a refusal needs an explanation", "write why, in words for the person")
    if len(text) > LONGEST:
        raise BadInput(
            f"the explanation is longer than {LONGEST} signs", "say it more briefly, or by letter"
        )
    return found
