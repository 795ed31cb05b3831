"""The answer to whoever asks for which purposes their information is used: item by item that we hold of them.

What is held is known from counts alone; no value is read for it. Beside each purpose stands how it is stopped.

Clauses: 2.1, 2.3, 5, 6.
Law: APPI Art. 32(2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chikai.rights import page
from chikai.rights.answers import Answer, Section
from chikai.rights.page import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chikai.policy.document import DataCategory, Document, Purpose

_COLUMNS: Final = (
    ("service", "保管場所"),
    ("item", "情報の項目"),
    ("purposes", "利用目的（条項）と止め方"),
    ("recipients", "渡すことがある先"),
    ("clause", "ポリシーの条項"),
)
_SWITCH: Final = "設定のページで止められます。すぐに止まります。"
_ENDS: Final = "設定のページで止められます。"
_LAW: Final = "法律が利用を求めているため、止められません。"


@dataclass(frozen=True, slots=True)
class Counted:
    """What one place holds: rows by data item. `standing` and `doubts` are those of the plan."""

    source: str
    service: str
    standing: str
    items: Mapping[str, int] = field(default_factory=dict)
    doubts: int = 0


def told(policy: Document, places: Sequence[Counted]) -> Answer:
    """The purposes of what these places hold of a person."""
    rows = tuple(
        (
            _service(policy, place.service or place.source),
            category.name.ja,
            _purposes(policy, category, place.service),
            _recipients(policy, category),
            _number(policy, category.clause),
        )
        for place in places
        for category in policy.categories
        if place.items.get(category.id)
    )
    doubts = sum(place.doubts for place in places)
    lead = (
        "お預かりしているあなたの情報を、項目ごとに、何のために使うかをお知らせします。"
        if rows
        else page.nothing_held(policy.controller.name.ja, doubts, "APPI Art. 32(3)")
    )
    items = Section(
        "purposes",
        "何を、何のために",
        _COLUMNS,
        rows,
        empty="お知らせする利用目的は、ありません。",
    )
    asked = Section(
        "places",
        "調べた保管場所",
        (("service", "保管場所"), ("standing", "結果")),
        tuple(
            (_service(policy, p.service or p.source), page.standing(p.standing, p.doubts))
            for p in places
        ),
        counts=False,
    )
    return Answer("notify_purpose", "利用目的のお知らせ", (lead,), (items, asked))


def _purposes(policy: Document, category: DataCategory, service: str) -> tuple[str, ...]:
    found = policy.purposes_of(category.id, service or None)
    said = tuple(
        f"{purpose.name.ja}（{_number(policy, purpose.clause)}）— {how_to_stop(purpose)}"
        for purpose in found
    )
    return said or ("ポリシーに目的の定めがありません",)


def how_to_stop(purpose: Purpose) -> str:
    """How a person stops a purpose, and what ends with it, in the policy's own words."""
    if purpose.stop == "law":
        return _LAW
    return f"{_ENDS}{purpose.stop_effect.ja}" if purpose.stop == "ends_service" else _SWITCH


def _recipients(policy: Document, category: DataCategory) -> tuple[str, ...]:
    return tuple(
        f"{row.name.ja}（{KINDS[row.kind]}・{row.country}）"
        for row in policy.recipients_of(category.id)
    ) or ("ありません",)


def _service(policy: Document, service: str) -> str:
    found = policy.service(service)
    return found.name.ja if found else service


def _number(policy: Document, clause: str) -> str:
    found = policy.clause(clause)
    return (found.number or clause) if found else clause
