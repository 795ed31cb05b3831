"""The grounds on which a request may be refused, each with its article and its wording.

A refusal without one of these is impossible: the verb asks for one. The wording is ours; the article, compared with the
official text, is cited beside it, and the route of complaint is always named. Where the Act allows another measure
instead (Art. 35), the explanation says which.

Clauses: 6.
Law: APPI Art. 21(4), APPI Art. 32(2), APPI Art. 33(2), APPI Art. 33(3), APPI Art. 33(4), APPI Art. 34(2), APPI Art. 35(2),
APPI Art. 35(4), APPI Art. 35(6), APPI Art. 36, APPI Art. 37(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chikai.errors import BadInput
from chikai.policy.document import Desk, Text

LONGEST: Final = 4000
_DISCLOSE: Final = ("disclose", "disclose_records")
_PURPOSE: Final = ("notify_purpose",)
_CORRECT: Final = ("correct", "add", "delete")
_USE: Final = ("suspend", "erase")
_PROVISION: Final = ("stop_provision",)
_SUSPEND: Final = (*_USE, *_PROVISION)


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
    # Art. 33(4): another law already discloses it to the person in a like way; not for records of provision
    Ground(
        "other_law",
        "APPI Art. 33(4)",
        Text(
            "ほかの法令が、同じような方法での開示を定めているため",
            "another law provides for disclosure in a like way",
        ),
        ("disclose",),
    ),
    # Art. 32(2)(i): the purpose is clear from what is made available by Art. 32(1)
    Ground(
        "purpose_clear",
        "APPI Art. 32(2)(i)",
        Text(
            "公表している内容から、利用目的が明らかなため",
            "the purpose is clear from what we have published",
        ),
        _PURPOSE,
    ),
    # Art. 32(2)(ii) names the cases of Art. 21(4)(i) to (iii), and not (iv)
    Ground(
        "purpose_harm",
        "APPI Art. 21(4)(i)",
        Text(
            "お知らせすると、ご本人やほかの方の生命、身体、財産その他の権利や利益を害するおそれがあるため",
            "telling it could harm the life, body, property or other rights or interests of you or somebody else",
        ),
        _PURPOSE,
    ),
    Ground(
        "purpose_ours",
        "APPI Art. 21(4)(ii)",
        Text(
            "お知らせすると、当社の権利や正当な利益を害するおそれがあるため",
            "telling it could harm our rights or legitimate interests",
        ),
        _PURPOSE,
    ),
    Ground(
        "purpose_public",
        "APPI Art. 21(4)(iii)",
        Text(
            "国や自治体の法令で定められた仕事への協力に、支障を及ぼすおそれがあるため",
            "telling it could hinder a public body in tasks set by law, with which we have to cooperate",
        ),
        _PURPOSE,
    ),
    # Art. 34(2): the investigation shows that the content is factual
    Ground(
        "not_wrong",
        "APPI Art. 34(2)",
        Text(
            "調べた結果、内容に誤りがなかったため",
            "we looked, and the content is not wrong",
        ),
        _CORRECT,
    ),
    # Art. 34(2): only within what the purpose needs
    Ground(
        "not_needed",
        "APPI Art. 34(2)",
        Text(
            "利用目的のために必要な訂正等ではないため",
            "the purpose does not need this change",
        ),
        _CORRECT,
    ),
    # Art. 34(2): another law has a procedure of its own for it
    Ground(
        "other_procedure",
        "APPI Art. 34(2)",
        Text(
            "ほかの法令が、訂正等の特別の手続を定めているため",
            "another law has a procedure of its own for this change",
        ),
        _CORRECT,
    ),
    # Art. 35(2), (4), (6): the request has no reason
    Ground(
        "no_reason",
        "APPI Art. 35(2)",
        Text(
            "目的外の利用、不適正な利用、不正な取得のいずれも認められなかったため",
            "we found no use beyond the purpose, no improper use and no improper acquisition",
        ),
        _USE,
    ),
    Ground(
        "provision_lawful",
        "APPI Art. 35(4)",
        Text(
            "第三者への提供に違反が認められなかったため",
            "we found no unlawful provision to a third party",
        ),
        _PROVISION,
    ),
    Ground(
        "no_wider_reason",
        "APPI Art. 35(6)",
        Text(
            "必要がなくなった、漏えい等が起きた、権利や利益が害されるおそれがある、のいずれにもあたらないため",
            "it is still needed, no incident concerned it, and no rights or interests may be harmed",
        ),
        _SUSPEND,
    ),
    # Art. 35(2), (4), (6), the proviso of each: too costly or hard, and another measure protects the person
    Ground(
        "instead_use",
        "APPI Art. 35(2)",
        Text(
            "利用停止や消去が難しく、代わりの措置をとるため",
            "a stop or an erasure is too hard, and we take another measure instead",
        ),
        _USE,
    ),
    Ground(
        "instead_provision",
        "APPI Art. 35(4)",
        Text(
            "提供の停止が難しく、代わりの措置をとるため",
            "a stop of the provision is too hard, and we take another measure instead",
        ),
        _PROVISION,
    ),
    Ground(
        "instead_wider",
        "APPI Art. 35(6)",
        Text(
            "ご請求の対応が難しく、権利や利益を守る代わりの措置をとるため",
            "what was asked is too hard, and we take another measure that protects your rights instead",
        ),
        _SUSPEND,
    ),
    # Art. 37(1): the person follows the procedure that was fixed and made known
    Ground(
        "not_identified",
        "APPI Art. 37(1)",
        Text(
            "ご本人であることを確かめられなかったため",
            "we could not confirm that it is you",
        ),
    ),
    Ground(
        "outside_procedure",
        "APPI Art. 37(1)",
        Text(
            "公表している受付の方法によらないご請求のため",
            "it was not asked in the way that we have made known",
        ),
    ),
)
BY_ID: Final = {ground.id: ground for ground in GROUNDS}
# Art. 36 asks for effort to explain the reason; where to complain belongs to it.
COMPLAINT: Final = Text(
    "ご不満があるときは、当社の窓口、または個人情報保護委員会に申し出ることができます。",
    "If you disagree, you may turn to our desk or to the Personal Information Protection Commission.",
)


def complaint(desk: Desk) -> Text:
    """How to complain, with where our desk is, for a page that does not say it elsewhere."""
    ja = "、".join(t for t in (desk.name.ja, desk.address.ja, desk.mail, desk.phone) if t)
    en = ", ".join(t for t in (desk.name.en, desk.address.en, desk.mail, desk.phone) if t)
    return Text(
        COMPLAINT.ja + (f"窓口：{ja}" if ja else ""),
        COMPLAINT.en + (f" Our desk: {en}" if en else ""),
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
