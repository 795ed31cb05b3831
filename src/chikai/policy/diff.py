"""What differs between two editions, in words; what each difference asks for is said in `change`.

A clause whose words changed is told once: with the service, item, purpose or recipient that it names where that
differs, and as a change of wording elsewhere. Modules, and what the lint accepts, are no difference.

Clauses: 8.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeVar, get_args

from chikai.policy import counterparts, turned, widened
from chikai.policy.document import (
    LANGUAGES,
    DataCategory,
    Document,
    Purpose,
    Recipient,
    Service,
    Text,
)
from chikai.policy.pairing import Pair, Place, called, pairs, whole
from chikai.policy.passages import is_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chikai.policy.document import Clause, ClauseId

Kind = Literal[
    "promise_turned",
    "provision_begun",
    "provision_asked",
    "purpose_said",
    "purpose_added",
    "purpose_reworded",
    "purpose_widened",
    "purpose_ended",
    "use_added",
    "use_ended",
    "stop_changed",
    "recipient_added",
    "recipient_widened",
    "recipient_reworded",
    "recipient_ended",
    "category_added",
    "category_widened",
    "category_reworded",
    "category_ended",
    "service_added",
    "service_reworded",
    "service_ended",
    "right_added",
    "right_changed",
    "right_ended",
    "operator",
    "desk",
    "clause_added",
    "clause_ended",
    "wording",
    "numbering",
    "dates",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
WORDS: Final[dict[Kind, Text]] = {
    "promise_turned": Text("約束を裏返したか、なくしました", "A promise was turned or taken out"),
    "provision_begun": Text(
        "第三者への提供を新しく述べています", "A provision to others is said that was not"
    ),
    "provision_asked": Text(
        "同意を得て第三者に提供することを新しく述べています",
        "A provision with consent is said that was not",
    ),
    "purpose_said": Text("利用目的を新しく述べています", "A purpose is said that was not"),
    "purpose_added": Text("利用目的を加えました", "A purpose was added"),
    "purpose_reworded": Text("利用目的の言葉を改めました", "A purpose was worded anew"),
    "purpose_widened": Text("利用目的を広げました", "A purpose was widened"),
    "purpose_ended": Text("利用目的をなくしました", "A purpose has ended"),
    "use_added": Text("利用目的で使う情報を加えました", "A purpose uses more data items"),
    "use_ended": Text("利用目的で使う情報を減らしました", "A purpose uses fewer data items"),
    "stop_changed": Text("利用目的の止め方を変えました", "A purpose is stopped in another way"),
    "recipient_added": Text("提供先を加えました", "A recipient was added"),
    "recipient_widened": Text("提供先に渡す情報を加えました", "A recipient receives more"),
    "recipient_reworded": Text("提供先の説明を改めました", "A recipient is described anew"),
    "recipient_ended": Text("提供先をなくしました", "A recipient has ended"),
    "category_added": Text("情報の項目を加えました", "A data item was added"),
    "category_widened": Text("情報の項目を広げました", "A data item was widened"),
    "category_reworded": Text("情報の項目の言葉を改めました", "A data item was worded anew"),
    "category_ended": Text("情報の項目をなくしました", "A data item has ended"),
    "service_added": Text("サービスを加えました", "A service was added"),
    "service_reworded": Text("サービスの名前を改めました", "A service was renamed"),
    "service_ended": Text("サービスをなくしました", "A service has ended"),
    "right_added": Text("できる手続きを加えました", "A right can be used here"),
    "right_changed": Text("手続きのしかたを変えました", "A right is handled in another way"),
    "right_ended": Text("手続きをなくしました", "A right is no longer offered here"),
    "operator": Text(
        "事業者の名前・住所・代表者を改めました", "The operator's particulars changed"
    ),
    "desk": Text("窓口を改めました", "The desk changed"),
    "clause_added": Text("条項を加えました", "A clause was added"),
    "clause_ended": Text("条項をなくしました", "A clause was taken out"),
    "wording": Text("文章を改めました", "The wording was revised"),
    "numbering": Text("番号の付け方を改めました", "The numbering changed"),
    "dates": Text("日付を改めました", "The dates changed"),
}
WHOLE: Final = Text("全体", "the whole policy")
Thing = TypeVar("Thing", "DataCategory", "Purpose", "Recipient", "Service")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `refs` are ids, such as (purpose, service, category); `name` is what it is about.

    `places` are the clauses whose words changed with it.
    """

    kind: Kind
    refs: tuple[str, ...]
    name: Text
    places: tuple[Place, ...] = ()


def between(old: Document, new: Document) -> tuple[Difference, ...]:
    """Every difference, what is structure first; none when nothing but modules changed."""
    return tuple(_Compared(counterparts.by_new_ids(old, new), new).all())


@dataclass
class _Compared:
    """Two editions, and which changed clauses have been told already."""

    old: Document
    new: Document
    told: set[Place] = field(default_factory=set)
    kinds: dict[Place, set[Kind]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pairs = pairs(self.old, self.new)
        self.changed = {pair.place: pair for pair in self.pairs if pair.is_changed}
        self.turns = turned.of_pairs(self.pairs)

    def all(self) -> Iterator[Difference]:
        yield from self._purposes()
        yield from self._recipients()
        yield from self._turned()
        yield from self._categories()
        yield from self._services()
        yield from self._rights()
        yield from self._operator()
        yield from self._wording()
        yield from self._form()

    # -- what the structure says

    def _purposes(self) -> Iterator[Difference]:
        kept, come, gone = _sorted(self.old.purposes, self.new.purposes)
        for purpose in come:
            yield self._at("purpose_added", (purpose.id,), purpose.name, new=purpose.clause)
        for purpose in gone:
            yield self._ended("purpose_ended", purpose)
        told: set[str] = set()
        for one in self._worded(kept, gone):
            told.update(one.refs)
            yield one
        yield from self._reworded(kept, {p.clause for p in come}, told)
        for was, now in kept:
            yield from self._purpose(was, now, told)

    def _worded(
        self, kept: Sequence[tuple[Purpose, Purpose]], gone: Sequence[Purpose]
    ) -> Iterator[Difference]:
        """Purposes whose words say more than before: those of the name, or those of a clause of their own."""
        alone = Counter(now.clause for _, now in kept)
        before = [one.name for one in gone]
        for was, now in kept:
            place = self._place(was.clause, now.clause)
            longer = alone[now.clause] == 1 and self._more(place)
            if widened.wider(was.name, now.name, beside=before) or longer:
                yield self._at("purpose_widened", (now.id,), now.name, *place)

    def _reworded(
        self, kept: Sequence[tuple[Purpose, Purpose]], added: set[ClauseId], told: Collection[str]
    ) -> Iterator[Difference]:
        """Purposes with another name, and those of a clause with other words: one difference a clause."""
        added |= {now.clause for _, now in kept if now.id in told}
        by_clause: dict[Place, list[tuple[Purpose, Purpose]]] = {}
        for was, now in kept:
            by_clause.setdefault(self._place(was.clause, now.clause), []).append((was, now))
        for place, both in by_clause.items():
            pair = self.changed.get(place)
            anew = pair is not None and not pair.is_only_layout and place[1] not in added
            # Where a promise turns beside a purpose, the purpose is not what was worded anew.
            anew = anew and (place not in self.turns or _lists_purposes(pair))
            found = [
                now
                for was, now in both
                if now.id not in told
                and (was.name != now.name or (anew and not _same_rows(now.name, pair)))
            ]
            if found:
                ja, en = ([p.name.in_(lang) for p in found] for lang in LANGUAGES)
                name = Text("、".join(ja), ", ".join(en))
                refs = tuple(p.id for p in found)
                yield self._at("purpose_reworded", refs, name, *place)

    def _purpose(self, was: Purpose, now: Purpose, told: Collection[str]) -> Iterator[Difference]:
        wider = (now.third_party and not was.third_party) or (now.marketing and not was.marketing)
        if wider and now.id not in told:
            yield Difference("purpose_widened", (now.id,), now.name)
        if (was.stop, was.stop_effect, was.law) != (now.stop, now.stop_effect, now.law):
            yield Difference("stop_changed", (now.id,), now.name)
        known = {s.id for s in self.old.services} & {s.id for s in self.new.services}
        for service in (s.id for s in self.new.services if s.id in known):
            had, has = was.categories_at(service), now.categories_at(service)
            more = (c for c in has if c not in had)
            less = (c for c in had if c not in has and self.new.category(c) is not None)
            yield from (Difference("use_added", (now.id, service, c), now.name) for c in more)
            yield from (Difference("use_ended", (now.id, service, c), now.name) for c in less)

    def _recipients(self) -> Iterator[Difference]:
        kept, come, gone = _sorted(self.old.recipients, self.new.recipients)
        for one in come:
            yield self._at("recipient_added", (one.id,), one.name, new=one.clause)
        for was, now in kept:
            if not (
                set(now.categories) <= set(was.categories)
                and set(now.purposes) <= set(was.purposes)
                and (now.kind, now.country) == (was.kind, was.country)
            ):
                yield self._at("recipient_widened", (now.id,), now.name, was.clause, now.clause)
            elif (was.name, was.task) != (now.name, now.task):
                yield Difference("recipient_reworded", (now.id,), now.name)
        for one in gone:
            yield self._ended("recipient_ended", one)

    def _turned(self) -> Iterator[Difference]:
        """Clauses that turn a promise, or begin to say what no purpose or recipient of the structure tells already."""
        for place, turn in self.turns.items():
            kinds = self.kinds.get(place, set())
            if turn.startswith("provision_") and kinds & {"recipient_added", "recipient_widened"}:
                continue
            if turn == "purpose_said" and any(kind.startswith("purpose_") for kind in kinds):
                continue
            clause = self.changed[place].new or self.changed[place].old
            if clause is not None:
                yield Difference(turn, (clause.id,), called(clause), (place,))
                self.kinds.setdefault(place, set()).add(turn)

    def _categories(self) -> Iterator[Difference]:
        kept, come, gone = _sorted(self.old.categories, self.new.categories)
        freed = {kind for item in gone for kind in item.kinds}  # covered before, by another item
        before = [item.name for item in gone]
        for item in come:
            yield self._at("category_added", (item.id,), item.name, new=item.clause)
        for was, now in kept:
            if (now.special_care == "yes" and was.special_care != "yes") or (
                set(now.kinds) - set(was.kinds) - freed
                or widened.wider(was.name, now.name, beside=before)
            ):
                yield self._at("category_widened", (now.id,), now.name, was.clause, now.clause)
            elif was.name != now.name:
                yield self._at("category_reworded", (now.id,), now.name, was.clause, now.clause)
        yield from self._named_more(kept)
        for item in gone:
            yield self._ended("category_ended", item)

    def _named_more(
        self, kept: Sequence[tuple[DataCategory, DataCategory]]
    ) -> Iterator[Difference]:
        """Items whose name stayed while their clause names more; nothing else told of this clause."""
        by_place: dict[Place, list[DataCategory]] = {}
        for was, now in kept:
            by_place.setdefault(self._place(was.clause, now.clause), []).append(now)
        for place, items in by_place.items():
            if place not in self.told and self._more(place):
                ja, en = ([item.name.in_(lang) for item in items] for lang in LANGUAGES)
                name = Text("、".join(ja), ", ".join(en))
                yield self._at("category_widened", tuple(i.id for i in items), name, *place)

    def _more(self, place: Place) -> bool:
        """Whether a changed clause says all that it said, and names something besides."""
        pair = self.changed.get(place)
        if pair is None or pair.old is None or pair.new is None:
            return False
        return any(widened.more(whole(pair.old, lang), whole(pair.new, lang)) for lang in LANGUAGES)

    def _services(self) -> Iterator[Difference]:
        kept, come, gone = _sorted(self.old.services, self.new.services)
        yield from (self._in_scope("service_added", one) for one in come)
        for was, now in kept:
            if was.name != now.name:
                yield self._in_scope("service_reworded", now)
        yield from (self._in_scope("service_ended", one) for one in gone)

    def _in_scope(self, kind: Kind, service: Service) -> Difference:
        """A change of a service, with the changed clauses that say the scope."""
        places = tuple(
            pair.place
            for pair in self.changed.values()
            if any(clause is not None and clause.kind == "scope" for clause in (pair.old, pair.new))
        )
        self.told.update(places)
        return Difference(kind, (counterparts.own_id(service.id),), service.name, places)

    def _rights(self) -> Iterator[Difference]:
        before = {right.kind: right for right in self.old.rights}
        for right in self.new.rights:
            was = before.pop(right.kind, None)
            name = _numbered(self.new, right.clause)
            if was is None:
                yield Difference("right_added", (right.kind,), name)
            elif (was.fee_yen, was.identity, was.agents, was.target_days) != (
                *(right.fee_yen, right.identity, right.agents, right.target_days),
            ):
                yield Difference("right_changed", (right.kind,), name)
        for right in before.values():
            yield Difference("right_ended", (right.kind,), _numbered(self.old, right.clause))

    def _operator(self) -> Iterator[Difference]:
        old, new = self.old.controller, self.new.controller
        parts = ("name", "kind", "address", "representative")
        if any(getattr(old, part) != getattr(new, part) for part in parts):
            yield Difference("operator", ("controller",), new.name)
        if old.desk != new.desk:
            yield Difference("desk", ("desk",), new.desk.name)

    # -- what the prose says

    def _wording(self) -> Iterator[Difference]:
        for place, pair in self.changed.items():
            kind: Kind = "wording"
            if pair.old is None or pair.new is None:
                kind = "clause_added" if pair.old is None else "clause_ended"
            clause = pair.new or pair.old
            if place in self.told or self.kinds.get(place) or clause is None:
                continue
            if clause.kind == "date":
                kind = "dates"
            name = Text() if kind == "dates" else called(clause)
            yield Difference(kind, (clause.id,), name, (place,))

    def _form(self) -> Iterator[Difference]:
        moved = tuple(
            pair.place
            for pair in self.pairs
            if pair.old is not None and pair.new is not None and pair.old.number != pair.new.number
        )
        if moved:
            yield Difference("numbering", (), WHOLE, moved)
        dated = any(clause.kind == "date" for pair in self.changed.values() for clause in _of(pair))
        if self.old.dates != self.new.dates and not dated:
            yield Difference("dates", (), Text())
        if self.old.title != self.new.title:
            yield Difference("wording", ("title",), self.new.title)

    def _place(self, old: str, new: str) -> Place:
        """The place of the pair that holds a clause of either edition."""
        for pair in self.pairs:
            if (new and pair.place[1] == new) or (not new and pair.place[0] == old):
                return pair.place
        return (old, new)

    def _at(
        self, kind: Kind, refs: tuple[str, ...], name: Text, old: str = "", new: str = ""
    ) -> Difference:
        """A difference with its clause, where the words of the clause changed."""
        place = self._place(old, new)
        if place not in self.changed:
            return Difference(kind, refs, name)
        self.told.add(place)
        self.kinds.setdefault(place, set()).add(kind)
        return Difference(kind, refs, name, (place,))

    def _ended(self, kind: Kind, one: DataCategory | Purpose | Recipient) -> Difference:
        return self._at(kind, (counterparts.own_id(one.id),), one.name, old=one.clause)


def _of(pair: Pair) -> Iterator[Clause]:
    yield from (clause for clause in (pair.old, pair.new) if clause is not None)


def _lists_purposes(pair: Pair | None) -> bool:
    """Whether a clause is there to say purposes."""
    return pair is not None and any(clause.kind == "purposes" for clause in _of(pair))


def _same_rows(name: Text, pair: Pair | None) -> bool:
    """Whether a purpose stands in a table, in rows that did not change with it."""
    if pair is None:
        return False
    old, new = (
        [row for row in whole(clause, "ja").split("\n") if is_row(row) and name.ja in row]
        for clause in (pair.old, pair.new)
    )
    return bool(old) and old == new


def _numbered(document: Document, id_: str) -> Text:
    return called(document.clause(id_))


def _sorted(
    old: Sequence[Thing], new: Sequence[Thing]
) -> tuple[list[tuple[Thing, Thing]], list[Thing], list[Thing]]:
    """What both have, what came and what went, once the same things have the same ids."""
    by_id = {one.id: one for one in old}
    kept = [(by_id[one.id], one) for one in new if one.id in by_id]
    ids = {one.id for one in new}
    return kept, [one for one in new if one.id not in by_id], [o for o in old if o.id not in ids]
