"""What a difference between two editions asks for: nothing, notice, an officer's decision, or the person's consent.

A use that an older person could not expect needs consent; whether it could be expected is a question of fact, which an
officer answers before publication, with a reason. Use of a service after the notice is never taken for consent.

Clauses: 8.
Law: APPI Art. 17(2), APPI Art. 18(1), APPI Art. 20(2), APPI Art. 21(2), APPI Art. 21(3), APPI Art. 25, APPI Art. 27(1), APPI Art. 28(1), APPI Art. 28(2), APPI Art. 28(3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from chikai.errors import BadInput
from chikai.policy import counterparts, diff, duties, kept, kinds
from chikai.policy.document import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chikai.policy.diff import Difference, Kind
    from chikai.policy.document import DataCategory, Document, Recipient
    from chikai.policy.duties import Duty
    from chikai.policy.pairing import Place

Needs = Literal["nothing", "notice", "decision", "consent"]
NEEDS: Final[tuple[Needs, ...]] = get_args(Needs)
NEEDED: Final[dict[Needs, Text]] = {
    "nothing": Text("手続きは要りません", "nothing is asked"),
    "notice": Text("お知らせします", "notice"),
    "decision": Text("担当者が理由を付けて決めます", "an officer decides, with a reason"),
    "consent": Text("同意したときだけ", "only with consent"),
}
WORDS: Final = diff.WORDS


Answer = Literal[
    "wording",
    "narrowed",
    "related",
    "unrelated",
    "standing",
    "system",
    "equal",
    "lawful",
    "agreed",
]
ANSWERS: Final[dict[Answer, Text]] = {
    "wording": Text("言い方だけを改めた（意味は同じ）", "only worded anew (same meaning)"),
    "narrowed": Text("範囲をせまくした", "narrowed"),
    "related": Text("前の利用目的から予想できる", "to be expected from the old purposes"),
    "unrelated": Text("予想できない（同意を求める）", "not to be expected (ask for consent)"),
    "standing": Text(
        "前と同じ約束が残っている（言い方か場所だけを改めた）",
        "the promise stands (worded anew or moved)",
    ),
    "system": Text(
        "相当の措置を続ける体制がある（確かめ、求めに応じて知らせる。28条1項・3項）",
        "it keeps an equal system (seen to, and told to who asks; Art. 28(1), (3))",
    ),
    "equal": Text(
        "同等の水準と定められた国である（28条1項）",
        "the country is designated as protecting equally (Art. 28(1))",
    ),
    "lawful": Text(
        "法により同意は要らない（どの定めによるかを理由に書く）",
        "no consent is needed by law (the reason says which provision)",
    ),
    "agreed": Text("本人に同意を求める", "ask persons for consent"),
}
REWORDED: Final[tuple[Answer, ...]] = ("wording", "narrowed", "related", "unrelated")
NEW: Final[tuple[Answer, ...]] = ("related", "unrelated")
PROMISED: Final[tuple[Answer, ...]] = ("standing", "lawful", "agreed")
ABROAD: Final[tuple[Answer, ...]] = ("system", "agreed")
# Countries that are designated as protecting at an equal level: those of the EEA, and the United Kingdom.
DESIGNATED: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
CATEGORY: Final = frozenset({"category_added", "category_widened"})
NUMBERED: Final = frozenset({"mynumber"})  # what may be asked for only where a law names the use
RECIPIENT: Final = frozenset({"recipient_added", "recipient_widened"})
ASKING: Final[frozenset[Answer]] = frozenset(
    {"unrelated", "agreed"}
)  # what makes it wait for consent
NOTHING: Final = frozenset({"numbering", "dates", "use_ended"})
_ABROAD_BY: Final[dict[Answer, tuple[Duty, ...]]] = {
    "agreed": (duties.BY_CONSENT, duties.COUNTRY_TOLD),
    "system": (duties.SYSTEM_TOLD,),
    "equal": (duties.EQUAL,),
    "lawful": (),
}
DECIDED: Final = frozenset(
    {"purpose_added", "purpose_reworded", "purpose_widened", "use_added", "purpose_said"}
)
TURNED: Final = frozenset({"promise_turned", "provision_begun"})
ASKED: Final = DECIDED | TURNED | RECIPIENT
FOLDED: Final = frozenset({"wording", "clause_added", "clause_ended"})
PUBLIC: Final = frozenset({"operator", "desk", "right_added", "right_changed", "right_ended"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference with what it needs. `refs` are ids, such as (purpose, service, category).

    `name` is what it is about, in words; `places` the clauses whose words changed with it; `asks` the answers that an officer
    may give where a decision is needed.
    """

    kind: Kind
    refs: tuple[str, ...]
    name: Text
    needs: Needs
    places: tuple[Place, ...] = ()
    duties: tuple[Duty, ...] = ()
    asks: tuple[Answer, ...] = ()

    @property
    def key(self) -> str:
        """The name of what is decided: the id of the purpose or recipient."""
        return self.refs[0] if self.refs else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer found about a purpose or recipient, and why; a reason is always given."""

    about: str
    answer: Answer
    reason: str


def between(old: Document, new: Document) -> tuple[Change, ...]:
    """Every change from one edition to the next, before anybody decided; none when nothing but modules changed."""
    old = counterparts.by_new_ids(old, new)
    return tuple(_asked(one, old, new) for one in diff.between(old, new))


def _asked(one: Difference, old: Document, new: Document) -> Change:
    needs, owed = _needed(one, old, new)
    asks = _asks(one, new) if needs == "decision" else ()
    name = _with_country(one, new) if one.kind in RECIPIENT else one.name
    return Change(one.kind, one.refs, name, needs, one.places, owed, asks)


def _asks(one: Difference, new: Document) -> tuple[Answer, ...]:
    if one.kind in TURNED:
        return PROMISED
    if one.kind in RECIPIENT:
        recipient = _recipient(one, new)
        equal: tuple[Answer, ...] = ("equal",) if recipient.country in DESIGNATED else ()
        # Whom a law names, and whom a cloud serves without receiving, need no consent where the law says so.
        lawful: tuple[Answer, ...] = ("lawful",) if recipient.kind in {"law", "cloud"} else ()
        return (*ABROAD, *equal, *lawful)
    if one.kind in CATEGORY:
        return ("lawful",)
    return REWORDED if one.kind == "purpose_reworded" else NEW


def _with_country(one: Difference, new: Document) -> Text:
    """The name of a recipient, and the country it is in where that is not Japan."""
    code = _recipient(one, new).country
    where = kept.country(code)
    if code == "JP":
        return one.name
    ja, en = (one.name.ja or one.name.en), (one.name.en or one.name.ja)
    return Text(f"{ja}（{where.ja}）", f"{en} ({where.en})")


def _recipient(one: Difference, new: Document) -> Recipient:
    return next(r for r in new.recipients if r.id == one.refs[0])


def _needed(one: Difference, old: Document, new: Document) -> tuple[Needs, tuple[Duty, ...]]:
    if one.kind in DECIDED:
        return "decision", (duties.EXPECTED, duties.TOLD)
    if one.kind == "provision_asked":
        return "consent", (duties.THIRD,)
    if one.kind in TURNED:
        return "decision", (duties.PROMISED, duties.GROUND) if one.kind == "promise_turned" else (
            duties.GROUND,
        )
    if one.kind in RECIPIENT:
        return _of_recipient(_recipient(one, new))
    if one.kind in CATEGORY:
        return _of_category(new.category(one.refs[0]), old.category(one.refs[0]))
    if one.kind == "service_added":
        return "notice", (duties.SHOWN,)
    if one.kind == "purpose_ended":
        return "notice", (duties.TOLD,)
    if one.kind in NOTHING:
        return "nothing", ()
    return "notice", ((duties.PUBLIC,) if one.kind in PUBLIC else ())


def _of_category(
    item: DataCategory | None, was: DataCategory | None
) -> tuple[Needs, tuple[Duty, ...]]:
    """What an item asks that has come, or covers more than before."""
    if item is None:
        return "notice", (duties.SHOWN,)
    had = set(was.kinds) if was else set()
    come = set(item.kinds) - had
    special = item.special_care == "yes" and (was is None or was.special_care != "yes")
    if special or any(kinds.BY_ID[kind].special_care for kind in come if kind in kinds.BY_ID):
        # Art. 20(2): special-care information is acquired by consent, whatever the item calls itself.
        return "consent", (duties.CARE, duties.SHOWN)
    if NUMBERED & come:
        return "decision", (duties.NUMBERED, duties.SHOWN)
    return "notice", (duties.SHOWN,)


def _of_recipient(recipient: Recipient) -> tuple[Needs, tuple[Duty, ...]]:
    abroad = (
        ()
        if recipient.country == "JP"
        else (duties.ABROAD, duties.COUNTRY_TOLD, duties.SYSTEM_TOLD)
    )
    if recipient.kind == "consent":  # Art. 27(1)
        return "consent", (duties.THIRD, *abroad)
    own = (duties.ENTRUSTED,) if recipient.kind == "entrusted" else ()
    # Art. 28(1): abroad, entrustment asks for consent unless a way that the law allows is there.
    return ("decision" if abroad else "notice"), (*own, *abroad)


def answers_to(changes: Iterable[Change], about: str) -> tuple[Answer, ...]:
    """What an officer may find about a purpose or recipient whose changes need a decision."""
    asked = [one.asks for one in changes if one.needs == "decision" and one.key == about]
    return tuple(a for a in ANSWERS if asked and all(a in some for some in asked))


def decided(
    changes: tuple[Change, ...],
    *,
    related: Collection[str] = (),
    unrelated: Collection[str] = (),
    answers: Mapping[str, Answer] | None = None,
) -> tuple[Change, ...]:
    """The changes after an officer's decision: what is named `related` needs notice, what is `unrelated` needs consent.

    Names are those of `Change.key`; `answers` are what was decided about each. What is not named still needs the decision.
    """
    known: dict[str, Answer] = {
        **dict.fromkeys(related, "related"),
        **(answers or {}),
        **dict.fromkeys(unrelated, "unrelated"),
    }
    return tuple(
        _after(one, known[one.key]) if one.needs == "decision" and one.key in known else one
        for one in changes
    )


def _after(one: Change, answer: Answer) -> Change:
    """A change once an answer was given: what it needs then, and the duties that are left."""
    needs: Needs = "consent" if answer in ASKING else "notice"
    if one.kind in RECIPIENT:
        if answer not in _ABROAD_BY:
            return replace(one, needs=needs)
        own = tuple(
            d
            for d in one.duties
            if d not in (duties.ABROAD, duties.COUNTRY_TOLD, duties.SYSTEM_TOLD)
        )
        return replace(one, needs=needs, duties=(*own, *_ABROAD_BY[answer]))
    if needs == "consent":
        return replace(one, needs=needs, duties=(duties.AGREED,))
    return replace(one, needs=needs, duties=(duties.TOLD,) if one.kind in DECIDED else ())


def by_decisions(changes: tuple[Change, ...], decisions: Iterable[Decision]) -> tuple[Change, ...]:
    """The changes after recorded decisions; BadInput where one gives no reason or an answer that is not asked."""
    found: Mapping[str, Decision] = {one.about: one for one in decisions}
    for change in open_decisions(changes):
        one = found.get(change.key)
        if one is not None and one.answer not in answers_to(changes, one.about):
            raise BadInput(f"`{one.answer}` is no answer about `{one.about}`", "choose another")
        if one is not None and not one.reason.strip():
            raise BadInput(f"the decision on `{one.about}` gives no reason", "write why")
    return decided(changes, answers={about: one.answer for about, one in found.items()})


def folded(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes as people read them: what only words a clause anew, adds one or takes one out is one line each kind."""
    made: list[Change] = []
    at: dict[tuple[Kind, Needs], int] = {}
    for one in changes:
        place = at.get((one.kind, one.needs))
        if one.kind not in FOLDED or place is None:
            if one.kind in FOLDED:
                at[one.kind, one.needs] = len(made)
            made.append(one)
            continue
        before = made[place]
        name = Text(f"{before.name.ja}、{one.name.ja}", f"{before.name.en}, {one.name.en}")
        refs, places = (*before.refs, *one.refs), (*before.places, *one.places)
        made[place] = replace(before, refs=refs, name=name, places=places)
    return tuple(made)


def open_decisions(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes that an officer must decide first."""
    return tuple(change for change in changes if change.needs == "decision")


def uses_for_consent(
    new: Document, changes: tuple[Change, ...]
) -> tuple[tuple[str, str, str], ...]:
    """Each (service, purpose, category) that older persons must agree to; an empty category is the whole purpose."""
    found: list[tuple[str, str, str]] = []
    for change in changes:
        if change.needs != "consent":
            continue
        if change.kind in {"purpose_added", "purpose_reworded", "purpose_widened"}:
            purposes = [p for p in new.purposes if p.id in change.refs]
            found += [(use.service, p.id, "") for p in purposes for use in p.uses]
        elif change.kind == "use_added":
            purpose_id, service, category = change.refs
            found.append((service, purpose_id, category))
    return tuple(found)
