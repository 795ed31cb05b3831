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
from chikai.policy import counterparts, diff
from chikai.policy.document import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chikai.policy.diff import Difference, Kind
    from chikai.policy.document import Document, Recipient
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


@dataclass(frozen=True, slots=True)
class Duty:
    """What is to be done because of a change, and the article that asks for it."""

    says: Text
    article: str


_EXPECTED: Final = Duty(
    Text(
        "もとの利用目的から予想できる範囲かを決めます。予想できないときは、前からの人の同意が要ります。",
        "Decide whether the old purposes let a person expect it; if not, older persons must agree first.",
    ),
    "APPI Art. 17(2)",
)
_AGREED: Final = Duty(
    Text(
        "前からの人の情報は、その人が同意したときだけ使います。",
        "What is held of older persons is used only once they agree.",
    ),
    "APPI Art. 18(1)",
)
_TOLD: Final = Duty(
    Text(
        "変更後の利用目的を、本人に知らせるか公表します。",
        "Tell persons the changed purposes, or publish them.",
    ),
    "APPI Art. 21(3)",
)
_SHOWN: Final = Duty(
    Text(
        "新しい入力画面では、送信の前に利用目的を示します。",
        "On a new form, show the purposes before anything is sent.",
    ),
    "APPI Art. 21(2)",
)
_PROMISED: Final = Duty(
    Text(
        "前の約束のもとで集めた情報です。前からの人の同意を得るか、同意が要らない理由を決めます。",
        "It was collected under the old promise: ask older persons, or decide why nobody need be asked.",
    ),
    "APPI Art. 18(1)",
)
_GROUND: Final = Duty(
    Text(
        "第三者への提供に当たるときは、本人の同意を得るか、法の認める場合かを決めます。",
        "Where it is a provision to a third party, obtain consent or decide which case the law allows.",
    ),
    "APPI Art. 27(1)",
)
_CARE: Final = Duty(
    Text(
        "要配慮個人情報は、先に同意を得て取得します。",
        "Special-care information is acquired with consent given before.",
    ),
    "APPI Art. 20(2)",
)
_THIRD: Final = Duty(
    Text(
        "第三者に渡す前に、本人の同意を得ます。",
        "Obtain the person's consent before anything is provided.",
    ),
    "APPI Art. 27(1)",
)
_ABROAD: Final = Duty(
    Text(
        "外国の受領者です。同意を得るか、法の認めるほかの方法があるかを決めます。",
        "A recipient abroad: obtain consent, or decide which other way the law allows.",
    ),
    "APPI Art. 28(1)",
)
_COUNTRY_TOLD: Final = Duty(
    Text(
        "同意を求めるときは、国の名前、その国の制度、受領者の講じる措置を先に知らせます。",
        "Where consent is asked, tell first the country, its system and the recipient's measures.",
    ),
    "APPI Art. 28(2)",
)
_SYSTEM_TOLD: Final = Duty(
    Text(
        "相当の措置を続ける体制によるときは、それを確かめ、本人の求めに応じて知らせます。",
        "Where the recipient keeps an equal system, see that it does, and tell persons who ask.",
    ),
    "APPI Art. 28(3)",
)
_ENTRUSTED: Final = Duty(
    Text("委託先を選び、契約し、監督します。", "Choose, bind by contract and supervise them."),
    "APPI Art. 25",
)
_PUBLIC: Final = Duty(
    Text(
        "本人の知り得る状態に置く事項が変わります。",
        "What persons must be able to learn has changed.",
    ),
    "APPI Art. 32(1)",
)
Answer = Literal["wording", "narrowed", "related", "unrelated", "standing", "lawful", "agreed"]
ANSWERS: Final[dict[Answer, Text]] = {
    "wording": Text("言い方だけを改めた（意味は同じ）", "only worded anew (same meaning)"),
    "narrowed": Text("範囲をせまくした", "narrowed"),
    "related": Text("前の利用目的から予想できる", "to be expected from the old purposes"),
    "unrelated": Text("予想できない（同意を求める）", "not to be expected (ask for consent)"),
    "standing": Text(
        "前と同じ約束が残っている（言い方か場所だけを改めた）",
        "the promise stands (worded anew or moved)",
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
ASKING: Final[frozenset[Answer]] = frozenset(
    {"unrelated", "agreed"}
)  # what makes it wait for consent
NOTHING: Final = frozenset({"numbering", "dates", "use_ended"})
DECIDED: Final = frozenset(
    {"purpose_added", "purpose_reworded", "purpose_widened", "use_added", "purpose_said"}
)
TURNED: Final = frozenset({"promise_turned", "provision_begun"})
ASKED: Final = DECIDED | TURNED | {"recipient_added", "recipient_widened"}
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
    needs, duties = _needed(one, old, new)
    asks = _asks(one) if needs == "decision" else ()
    return Change(one.kind, one.refs, one.name, needs, one.places, duties, asks)


def _asks(one: Difference) -> tuple[Answer, ...]:
    if one.kind in TURNED:
        return PROMISED
    return REWORDED if one.kind == "purpose_reworded" else NEW


def _needed(one: Difference, old: Document, new: Document) -> tuple[Needs, tuple[Duty, ...]]:
    if one.kind in DECIDED:
        return "decision", (_EXPECTED, _TOLD)
    if one.kind == "provision_asked":
        return "consent", (_THIRD,)
    if one.kind in TURNED:
        return "decision", (_PROMISED, _GROUND) if one.kind == "promise_turned" else (_GROUND,)
    if one.kind in {"recipient_added", "recipient_widened"}:
        return _of_recipient(next(r for r in new.recipients if r.id == one.refs[0]))
    if one.kind in {"category_added", "category_widened"}:
        item = new.category(one.refs[0])
        was = old.category(one.refs[0])
        if item is not None and item.special_care == "yes":
            # Art. 20(2): special-care information is acquired by consent.
            already = was is not None and was.special_care == "yes"
            return ("notice", (_SHOWN,)) if already else ("consent", (_CARE, _SHOWN))
        return "notice", (_SHOWN,)
    if one.kind == "service_added":
        return "notice", (_SHOWN,)
    if one.kind == "purpose_ended":
        return "notice", (_TOLD,)
    if one.kind in NOTHING:
        return "nothing", ()
    return "notice", ((_PUBLIC,) if one.kind in PUBLIC else ())


def _of_recipient(recipient: Recipient) -> tuple[Needs, tuple[Duty, ...]]:
    abroad = () if recipient.country == "JP" else (_ABROAD, _COUNTRY_TOLD, _SYSTEM_TOLD)
    if recipient.kind == "consent":  # Art. 27(1)
        return "consent", (_THIRD, *abroad)
    own = (_ENTRUSTED,) if recipient.kind == "entrusted" else ()
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
    if answer in ASKING:
        return replace(one, needs="consent", duties=(_AGREED,))
    return replace(one, needs="notice", duties=(_TOLD,) if one.kind in DECIDED else ())


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
