"""What a person may stop, what that ends, and the turn that does it.

Everything, a data item, a purpose, or one cell of it; all or part, and no ground is asked. A purpose that a law asks for is shown
with its article and cannot be stopped; nothing else is locked.

Clauses: 5.
Law: APPI Art. 35(1), APPI Art. 35(5).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.choices.registry import HELD, categories_of
from chikai.choices.standing import Turn
from chikai.errors import BadInput, RequestRefused
from chikai.policy.document import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chikai.choices.registry import Registry, Toggle
    from chikai.policy.document import Document, Purpose, Stop

EVERYTHING: Final = Turn(sets=(HELD.bit,))  # no edition of the policy changes what it means
_SILENT: Final = Text()
_EVERYTHING: Final = Text("すべての情報の利用", "every use of your information")


@dataclass(frozen=True, slots=True)
class Switch:
    """One line of the page on which a person stops uses.

    `toggle` is None where a law asks for the use; `law` then names it. `effect` is what ends, in the policy's own words.
    """

    toggle: Toggle | None
    name: Text
    stop: Stop
    effect: Text = _SILENT
    law: str = ""
    cells: tuple[Switch, ...] = ()


def switches(policy: Document, registry: Registry) -> tuple[Switch, ...]:
    """Every line: everything, each purpose with its cells, each data item."""
    items = (
        Switch(registry.find("item", category.id), category.name, "switch")
        for category in policy.categories
        if registry.offers("item", category.id)
    )
    purposes = (_of_purpose(policy, registry, purpose) for purpose in policy.purposes)
    return (Switch(HELD, _EVERYTHING, "ends_service"), *purposes, *items)


def _of_purpose(policy: Document, registry: Registry, purpose: Purpose) -> Switch:
    if purpose.stop == "law":
        return Switch(None, purpose.name, "law", law=purpose.law)
    cells = tuple(
        Switch(registry.find("cell", purpose.id, category.id), category.name, purpose.stop)
        for category in policy.categories
        if category.id in categories_of(policy, purpose)
    )
    toggle = registry.find("purpose", purpose.id)
    return Switch(toggle, purpose.name, purpose.stop, purpose.stop_effect, cells=cells)


def toggle_for(policy: Document, registry: Registry, purpose: str, category: str) -> Toggle:
    """The toggle that stops a purpose (no category), a data item (no purpose), a cell (both) or everything (neither)."""
    if not purpose and not category:
        return HELD
    known = policy.purpose(purpose)
    if purpose and known is None:
        raise BadInput(f"no purpose `{purpose}`", _near(purpose, (p.id for p in policy.purposes)))
    if known is not None and known.stop == "law":
        raise RequestRefused(
            f"a law asks for the use for `{purpose}`", "it ends with the law's period", known.law
        )
    if category and policy.category(category) is None:
        near = _near(category, (c.id for c in policy.categories))
        raise BadInput(f"no data item `{category}`", near)
    unit = ("cell", "purpose", "item")[0 if purpose and category else 1 if purpose else 2]
    refs = tuple(filter(None, (purpose, category)))
    for toggle in registry.in_force():
        if toggle.unit == unit and toggle.refs == refs:
            return toggle
    raise BadInput(
        f"nothing is used as `{' x '.join(refs)}` that could be stopped",
        "name a purpose and an item that it uses",
    )


def stop(policy: Document, registry: Registry, *, purpose: str = "", category: str = "") -> Turn:
    """The turn that stops it, now."""
    return Turn(sets=(toggle_for(policy, registry, purpose, category).bit,))


def resume(policy: Document, registry: Registry, *, purpose: str = "", category: str = "") -> Turn:
    """The turn that lets it go on; as easy as the stop."""
    return Turn(clears=(toggle_for(policy, registry, purpose, category).bit,))


def _near(word: str, known: Iterable[str]) -> str:
    there = list(known)
    near = difflib.get_close_matches(word, there, 3) or there
    return "known are " + ", ".join(f"`{name}`" for name in near)
