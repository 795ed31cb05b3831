"""The public register of anonymised information: which items were made, from when, and how they are provided.

The method, the ladders and k never stand here. "None so far" is a register, too.

Clauses: 3.3, 3.4.
Law: APPI Art. 43(3), APPI Art. 43(4), APPI Art. 44.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING, Final

from chikai.errors import WrongState
from chikai.policy.document import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.document import Document, Language

MARK: Final = "匿名加工情報"
NOT_PROVIDED: Final = Text("第三者には提供していません。", "It is not provided to third parties.")
_ITEMS: Final = Text("含まれる項目：", "Items: ")
_MADE: Final = Text("に作成", "made on ")
_MANNER: Final = Text("提供の方法：", "Manner of provision: ")


NOWHERE: Final = Text()


@dataclass(frozen=True, slots=True)
class Published:
    """One line of the register. `manner` is how it is provided to third parties; empty where it is not."""

    number: int
    items: tuple[str, ...]
    made_on: date
    published_on: date
    manner: Text = NOWHERE


def earliest(published_on: date, lead_days: int) -> date:
    """The first day on which the table may be used or provided: the public knew of it before."""
    return published_on + timedelta(days=lead_days)


def check_release(published_on: date | None, lead_days: int, today: date) -> None:
    """WrongState while the items are not on the register, or not long enough."""
    if published_on is None:
        raise WrongState(
            "the items of this table are not on the public register", "publish them first"
        )
    if today < (first := earliest(published_on, lead_days)):
        raise WrongState(
            f"the public must know of it until {first.isoformat()}", "release it on that day"
        )


def filename(service: str, number: int) -> str:
    """The name of the file: whoever receives it sees what it is."""
    return f"{MARK}_{service}_{number}.csv"


def header(policy: Document, service: str, items: Sequence[str], number: int) -> str:
    """What stands beside the file for its recipient, in both languages. It names no method."""
    # Art. 43(4), 44: the recipient is told that it is anonymised information; Art. 45: what is not done with it.
    known = policy.service(service)
    named = [c.name for c in policy.categories if c.id in items]
    ja, en = "、".join(n.ja for n in named), ", ".join(n.en for n in named)
    return (
        f"このファイルは匿名加工情報です（第{number}号）。\n"
        f"作成者：{policy.controller.name.ja}\n"
        f"元のサービス：{known.name.ja if known else service}\n"
        f"含まれる個人に関する情報の項目：{ja}\n"
        "本人を識別するために、ほかの情報と照合しないでください。\n\n"
        f"This file is anonymously processed information (no. {number}).\n"
        f"Made by: {policy.controller.name.en}\n"
        f"Service: {known.name.en if known else service}\n"
        f"Items of information about individuals: {en}\n"
        "Do not compare it with other information to identify anybody.\n"
    )


def sentence(policy: Document, one: Published, language: Language) -> str:
    """One line of the register in words."""
    names = [c.name.in_(language) for c in policy.categories if c.id in one.items]
    manner = one.manner.in_(language)
    said = _MANNER.in_(language) + manner if manner else NOT_PROVIDED.in_(language)
    if language == "ja":
        return f"第{one.number}号（{one.made_on.isoformat()}{_MADE.ja}）{_ITEMS.ja}{'、'.join(names)}。{said}"
    return f"No. {one.number}, {_MADE.en}{one.made_on.isoformat()}. {_ITEMS.en}{', '.join(names)}. {said}"


def html(policy: Document, all_: Sequence[Published], language: Language) -> str:
    """The register as it stands under the clause that announces it; empty where nothing was made."""
    if not all_:
        return ""
    lines = "".join(f"<li>{escape(sentence(policy, one, language))}</li>" for one in all_)
    return f'<ul class="register">{lines}</ul>\n'
