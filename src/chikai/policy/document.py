"""A privacy policy as a value: what it says (prose, by clause) and what it means (structure).

`load.read` makes it from a folder; everything below only asks it. It is frozen, holds no time of day and no path, and
has one canonical byte form, whose digest names the edition.

Clauses: pre, 2.2, 2.3.
Law: APPI Art. 17(1), APPI Art. 21(1), APPI Art. 32(1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal, NewType

from chikai import canon

ServiceId = NewType("ServiceId", str)
CategoryId = NewType("CategoryId", str)
PurposeId = NewType("PurposeId", str)
RecipientId = NewType("RecipientId", str)
ClauseId = NewType("ClauseId", str)
Language = Literal["ja", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ja", "en")

# How a person may end a purpose (clause 5): at once by a switch; with the service that it carries; or not, because
# a law that is named asks for the use.
Stop = Literal["switch", "ends_service", "law"]
# By what a recipient receives data; the first four are the law's words, `cloud` handles no data by contract.
RecipientKind = Literal["entrusted", "consent", "joint", "succession", "law", "cloud"]
RightKind = Literal[
    "notify_purpose",
    "disclose",
    "disclose_records",
    "correct",
    "add",
    "delete",
    "suspend",
    "erase",
    "stop_provision",
]
# What a clause is about, where a rule or a page must know; empty for every other clause. `register` is the place
# where anonymised information that was made is published.
ClauseKind = Literal[
    "",
    "scope",
    "items",
    "purposes",
    "safeguards",
    "anonymised",
    "register",
    "third_party",
    "suspension",
    "requests",
    "desk",
    "change",
    "date",
]


# The country of somebody abroad where a text names none; no country has this code.
UNNAMED: Final = "ZZ"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Japanese and English; either may be empty while a policy is being written."""

    ja: str = ""
    en: str = ""

    def in_(self, language: Language) -> str:
        """The words in one language, or in the other where this one is empty."""
        return (self.ja or self.en) if language == "ja" else (self.en or self.ja)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where persons turn to with questions, complaints and requests."""

    name: Text = Text()
    address: Text = Text()
    mail: str = ""
    phone: str = ""
    hours: Text = Text()


@dataclass(frozen=True, slots=True)
class Controller:
    """The operator: who answers for the data."""

    name: Text
    kind: Literal["company", "association", "sole_trader", "unknown"] = "unknown"
    address: Text = Text()
    representative: Text = Text()
    desk: Desk = Desk()


@dataclass(frozen=True, slots=True)
class Service:
    """A service in scope of the policy."""

    id: ServiceId
    name: Text
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DataCategory:
    """A data item of the policy: what is acquired, in the policy's own words.

    `kinds` are ids of `kinds.KINDS` that this item covers in a database.
    """

    id: CategoryId
    name: Text
    clause: ClauseId
    kinds: tuple[str, ...] = ()
    personal: bool = True
    special_care: Literal["no", "possible", "yes"] = "no"
    open_ended: bool = False
    observed: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What one service uses for a purpose."""

    service: ServiceId
    categories: tuple[CategoryId, ...]


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose of use, with what each service uses for it and how a person stops it.

    `stop_effect` says in the policy's own words what ends when a person stops it; `law` is the citation where
    `stop == "law"`.
    """

    id: PurposeId
    name: Text
    clause: ClauseId
    uses: tuple[Use, ...]
    stop: Stop
    stop_effect: Text = Text()
    law: str = ""
    third_party: bool = False
    marketing: bool = False

    def categories_at(self, service: str) -> tuple[CategoryId, ...]:
        """What a service may use for this purpose; empty when it may use nothing."""
        return next((use.categories for use in self.uses if use.service == service), ())


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives data, for which purposes, the least categories, and on what basis.

    `country` is an ISO 3166 code. `sample` marks a recipient that was invented for an example.
    """

    id: RecipientId
    name: Text
    kind: RecipientKind
    clause: ClauseId
    purposes: tuple[PurposeId, ...]
    categories: tuple[CategoryId, ...]
    country: str = "JP"
    task: Text = Text()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """A right of persons as this operator handles it: how many approvals, how identity is checked, the fee in yen."""

    kind: RightKind
    clause: ClauseId
    approvals: int = 1
    fee_yen: int = 0
    identity: Text = Text()
    agents: bool = True
    target_days: int = 14


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its place, its prose in both languages, and the mechanisms that keep it.

    `id` is the dotted form (`4.1.2`), `number` what is printed beside it (`4.1(2)`). `heading` is empty for clauses
    without one. `by` names modules such as `gate.meaning`; empty means that there is no mechanism yet.
    """

    id: ClauseId
    number: str
    heading: Text
    body: Text
    by: tuple[str, ...] = ()
    kind: ClauseKind = ""

    @property
    def depth(self) -> int:
        """1 for a top-level clause."""
        return self.id.count(".") + 1

    @property
    def parent(self) -> str:
        """The id of the clause that holds this one, or an empty string."""
        return self.id.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that the policy itself names."""

    made_on: date | None = None
    updated_on: date | None = None
    effective_on: date | None = None


@dataclass(frozen=True)
class Document:
    """A whole policy. Equal documents have equal canonical bytes, whatever the layout of their files."""

    controller: Controller
    services: tuple[Service, ...]
    categories: tuple[DataCategory, ...]
    purposes: tuple[Purpose, ...]
    recipients: tuple[Recipient, ...]
    rights: tuple[Right, ...]
    clauses: tuple[Clause, ...]
    title: Text = Text("プライバシーポリシー", "Privacy Policy")
    dates: Dates = Dates()
    edition: str = ""
    format: int = 1
    sample: bool = False

    @cached_property
    def bytes(self) -> bytes:
        """The one canonical byte form."""
        return canon.encode(self)

    @cached_property
    def digest(self) -> str:
        """`sha256:...` of the canonical bytes: the name of this edition that cannot be given to another."""
        return canon.digest_bytes(self.bytes)

    def service(self, id_: str) -> Service | None:
        """The service with this id, if the policy has it."""
        return next((s for s in self.services if s.id == id_), None)

    def category(self, id_: str) -> DataCategory | None:
        """The data category with this id, if the policy has it."""
        return next((c for c in self.categories if c.id == id_), None)

    def purpose(self, id_: str) -> Purpose | None:
        """The purpose with this id, if the policy has it."""
        return next((p for p in self.purposes if p.id == id_), None)

    def clause(self, id_: str) -> Clause | None:
        """The clause with this dotted id or this printed number, if the policy has it."""
        return self._named.get(id_)

    @cached_property
    def _named(self) -> Mapping[str, Clause]:
        """The clauses by id and by printed number; the first one counts where two have the same."""
        made: dict[str, Clause] = {}
        for clause in self.clauses:
            for name in filter(None, (clause.id, clause.number)):
                made.setdefault(name, clause)
        return made

    def below(self, clause: str) -> tuple[Clause, ...]:
        """The clauses directly below this one, in their order."""
        return self._below.get(clause, ())

    @cached_property
    def _below(self) -> Mapping[str, tuple[Clause, ...]]:
        made: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            made.setdefault(clause.parent, []).append(clause)
        return {parent: tuple(found) for parent, found in made.items()}

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """The printed number of each clause by its id."""
        return {clause.id: clause.number for clause in self.clauses}

    def kept_by(self, clause: Clause) -> tuple[str, ...]:
        """The modules that keep a clause: its own, or else those of the nearest clause above that has any."""
        above = self.clause(clause.parent)
        return clause.by or (self.kept_by(above) if above else ())

    def category_of_kind(self, kind: str) -> DataCategory | None:
        """The first data category that covers this kind of content, if any does."""
        return next((c for c in self.categories if kind in c.kinds), None)

    def purposes_of(self, category: str, service: str | None = None) -> tuple[Purpose, ...]:
        """The purposes for which a category is used, by one service or by any."""
        return tuple(
            purpose
            for purpose in self.purposes
            if any(
                category in use.categories and service in (None, use.service)
                for use in purpose.uses
            )
        )

    def recipients_of(self, category: str) -> tuple[Recipient, ...]:
        """The recipients that may receive a category."""
        return tuple(r for r in self.recipients if category in r.categories)
