"""A policy folder becomes a Document, or every fault in it is told at once with its file and line.

The folder holds `policy.toml` (structure) and the prose in `ja.md` and `en.md`; docs/reference/policy.md is the format.
Nothing is guessed: an unknown key, id, kind or citation is a fault.

Clauses: 1.1, 2.2, 2.3.
Law: APPI Art. 17(1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

from chikai import law
from chikai.errors import PolicyError, PolicyErrors
from chikai.policy import kinds, prose, tables
from chikai.policy.document import (
    CategoryId,
    ClauseId,
    ClauseKind,
    Controller,
    DataCategory,
    Dates,
    Desk,
    Document,
    Language,
    Purpose,
    PurposeId,
    Recipient,
    RecipientId,
    RecipientKind,
    Right,
    RightKind,
    Service,
    ServiceId,
    Stop,
    Text,
    Use,
)
from chikai.policy.tables import Table

FORMAT: Final = 1
STRUCTURE: Final = "policy.toml"
PROSE: Final = ("ja.md", "en.md")

STOPS: Final[tuple[Stop, ...]] = get_args(Stop)
RECIPIENT_KINDS: Final[tuple[RecipientKind, ...]] = get_args(RecipientKind)
RIGHT_KINDS: Final[tuple[RightKind, ...]] = get_args(RightKind)
CLAUSE_KINDS: Final[tuple[ClauseKind, ...]] = get_args(ClauseKind)
CONTROLLERS: Final = ("company", "association", "sole_trader", "unknown")
SPECIAL: Final = ("no", "possible", "yes")

ID: Final = re.compile(r"^[a-z][a-z0-9_]*$")
MODULE: Final = re.compile(r"^[a-z_]+(\.[a-z_]+)*$")
MAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+$")
COUNTRY: Final = re.compile(r"^[A-Z]{2}$")
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding of the lint that the operator knows and publishes nevertheless, with the reason."""

    rule: str
    clause: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Half:
    """A clause that says in one language what it does not say in the other: all of it, its heading or its text."""

    clause: str
    said: Language
    lacks: Literal["clause", "heading", "text"]
    where: str

    @property
    def fault(self) -> PolicyError:
        """The same as a fault of the folder."""
        other = PROSE[self.said == "ja"]
        if self.lacks == "clause":
            what = f"clause `{self.clause}` is not in `{other}`"
            do = f"add `<!-- {self.clause} -->` and its text there"
        else:
            what = f"clause `{self.clause}` has no {self.lacks} in `{other}`"
            do = f"write its {self.lacks} there"
        return PolicyError(what, do, self.where)


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was read from files.

    `places` gives `file:line` of a clause by its id (of its English text by `en:ID`), and of the rest by
    `service:ID`, `category:ID`, `purpose:ID`, `recipient:ID`, `right:KIND`, `controller` and `desk`. `ja`, `en` and
    `structure` are the files as they stand. `halves` is what only one language says; only a lint reads a folder that has any.
    """

    document: Document
    places: Mapping[str, str]
    accepted: tuple[Accepted, ...] = ()
    ja: str = ""
    en: str = ""
    halves: tuple[Half, ...] = ()
    structure: str = ""


def read(folder: Path, *, halves: bool = False) -> Draft:
    """Read a policy folder; PolicyErrors holds every fault that was found, in the order of the files.

    What one language says alone is a fault, unless `halves` are asked for.
    """
    if not folder.is_dir():
        do = "name a folder that holds `policy.toml`, `ja.md` and `en.md`"
        raise PolicyErrors([PolicyError("this is no folder", do, str(folder))])
    faults: list[PolicyError] = []
    structure = _text(folder, STRUCTURE, faults)
    texts = {name: _text(folder, name, faults) for name in PROSE}
    read_prose = {n: prose.parse(text, n) for n, text in texts.items() if text is not None}
    root = None
    if structure is not None:
        try:
            root = tables.parse(structure, STRUCTURE)
        except PolicyError as fault:
            faults.append(fault)
    for one in read_prose.values():
        faults += one.faults
    if root is None or len(read_prose) < len(PROSE):
        raise PolicyErrors(faults)
    if (other := format_fault(root.values.get("format"), root.place("format"))) is not None:
        raise PolicyErrors([other])  # what another format means by a key is not ours to judge
    japanese, english = (read_prose[name] for name in PROSE)
    alone = tuple(_alone(japanese, english))
    if not halves:
        faults += [half.fault for half in alone]
    draft = _Reader(root, japanese, english).draft()
    ja, en = (texts[name] or "" for name in PROSE)
    draft = replace(draft, ja=ja, en=en, halves=alone, structure=structure or "")
    faults += root.book.faults
    if faults:
        raise PolicyErrors(sorted(faults, key=_order))
    return draft


def format_fault(found: object, where: str) -> PolicyError | None:
    """What is wrong with the number of a format: a newer one asks for a newer Chikai, an older one for its upgrade."""
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        what = "the file does not say its format by a number"
        return PolicyError(what, f"write `format = {FORMAT}`", where)
    if found > FORMAT:
        what = f"this policy is in format `{found}`, and this version reads up to `{FORMAT}`"
        return PolicyError(what, "install a newer Chikai; nothing was changed", where)
    if found < FORMAT:
        what = f"this policy is in format `{found}`, and this version reads `{FORMAT}`"
        return PolicyError(what, "run `chikai policy upgrade` on its folder", where)
    return None


def _order(fault: PolicyError) -> tuple[int, int]:
    file, _, line = fault.where.rpartition(":")
    return (STRUCTURE, *PROSE).index(file), int(line)


def _text(folder: Path, name: str, faults: list[PolicyError]) -> str | None:
    """The text of one file, or None and a fault."""
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        what = "the file is missing" if missing else "the file cannot be read"
        do = "a policy is `policy.toml`, `ja.md` and `en.md`" if missing else "check its rights"
        faults.append(PolicyError(what, do, f"{name}:1"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.append(PolicyError("this is not UTF-8", "save it as UTF-8", f"{name}:{line}"))
        return None
    if not text.strip():
        faults.append(PolicyError("the file is empty", "write the policy", f"{name}:1"))
        return None
    return text


def _alone(japanese: prose.Prose, english: prose.Prose) -> Iterable[Half]:
    """What one language has and the other lacks."""
    both: tuple[tuple[Language, prose.Prose, prose.Prose], ...] = (
        ("ja", japanese, english),
        ("en", english, japanese),
    )
    for said, one, other in both:
        for part in one.parts:
            twin = other.by_id.get(part.id)
            where = f"{one.file}:{part.line}"
            if twin is None:
                yield Half(part.id, said, "clause", where)
            elif part.heading and not twin.heading:
                yield Half(part.id, said, "heading", where)
            elif part.body and not twin.body:
                yield Half(part.id, said, "text", where)


class _Reader:
    """Reads the structure beside the prose it points to, keeping every fault in the book of the file."""

    def __init__(self, root: Table, japanese: prose.Prose, english: prose.Prose) -> None:
        self.root = root
        self.prose = (japanese, english)
        self.places: dict[str, str] = {p.id: f"{japanese.file}:{p.line}" for p in japanese.parts}
        self.places |= {f"en:{p.id}": f"{english.file}:{p.line}" for p in english.parts}
        ids = (part.id for one in self.prose for part in one.parts)
        # Only the keys of these count: the ids in their order.
        self.known: dict[str, dict[str, None]] = {"clause": dict.fromkeys(ids)}

    def draft(self) -> Draft:
        root = self.root
        root.number("format", FORMAT, FORMAT, FORMAT)
        title = root.text("title") if root.has("title") else Document.title
        self._check_titles(title)
        controller = self._controller(root.table("controller"))
        services = self._each("service", "id", self._service)
        categories = self._each("category", "id", self._category)
        purposes = self._each("purpose", "id", self._purpose)
        recipients = self._each("recipient", "id", self._recipient)
        rights = self._each("right", "kind", self._right)
        extra = dict(self._each("clause", "id", self._clause))
        accepted = self._each("accepted", "", self._accepted)
        dates = self._dates(root.table("dates", needed=False))
        edition, sample = root.string("edition"), root.flag("sample")
        root.done()
        document = Document(
            controller=controller,
            services=services,
            categories=categories,
            purposes=purposes,
            recipients=recipients,
            rights=rights,
            clauses=prose.joined(*self.prose, extra),
            title=title,
            dates=dates,
            edition=edition,
            format=FORMAT,
            sample=sample,
        )
        return Draft(document, self.places, accepted)

    def _check_titles(self, title: Text) -> None:
        for one, words in zip(self.prose, (title.ja, title.en), strict=True):
            if one.title and words and one.title != words:
                what = f"the text before the first clause is not the title `{words}`"
                do = "put a clause id before it, for example `<!-- pre -->`"
                self.root.book.faults.append(PolicyError(what, do, f"{one.file}:1"))

    def _each(self, key: str, named: str, make: Callable[[Table], Thing]) -> tuple[Thing, ...]:
        """Read each table of an array, with its place, refusing a second one of the same name."""
        made = []
        seen = self.known.get(key, {}) if key != "clause" else {}
        for table in self.root.tables(key):
            made.append(make(table))
            table.done()
            name = table.values.get(named)
            if not named or not isinstance(name, str):
                continue
            if name in seen:
                table.fault(named, f"`{name}` stands twice among `[[{key}]]`", "give each its own")
            seen[name] = None
            if key != "clause":
                self.places[f"{key}:{name}"] = table.where
        if key != "clause":
            self.known[key] = seen
        return tuple(made)

    def _known(self, table: Table, key: str, word: str, noun: str) -> None:
        """Fault a word that should be an id of this document and is none."""
        known = self.known.get(noun, {})
        if word and word not in known:
            do = suggest_id(word, known)
            table.fault(key, f"`{key}` of {table.name} names the unknown {noun} `{word}`", do)

    def _id(self, table: Table) -> str:
        value = table.string("id")
        if value and not ID.fullmatch(value):
            do = "use small letters, digits and `_`, a letter first"
            table.fault("id", f"`{value}` cannot be an id", do)
        return value

    def _clause_of(self, table: Table) -> ClauseId:
        value = table.string("clause")
        self._known(table, "clause", value, "clause")
        return ClauseId(value)

    def _names(self, table: Table, key: str, noun: str) -> tuple[str, ...]:
        found = table.strings(key, needed=True)
        for word in found:
            self._known(table, key, word, noun)
        return found

    def _controller(self, table: Table) -> Controller:
        desk = table.table("desk", needed=False)
        self.places |= {"controller": table.where, "desk": desk.where}
        mail = desk.string("mail", "")
        if mail and not MAIL.fullmatch(mail):
            desk.fault(
                "mail", "`mail` of the desk is no mail address", "write it as desk@company.jp"
            )
        made = Controller(
            name=table.text("name", "may be empty"),
            kind=table.choice("kind", CONTROLLERS, "unknown"),
            address=table.text("address", "optional"),
            representative=table.text("representative", "optional"),
            desk=Desk(
                name=desk.text("name", "optional"),
                address=desk.text("address", "optional"),
                mail=mail,
                phone=desk.string("phone", ""),
                hours=desk.text("hours", "optional"),
            ),
        )
        desk.done()
        table.done()
        return made

    def _service(self, table: Table) -> Service:
        id_ = ServiceId(self._id(table))
        return Service(id_, table.text("name"), table.string("kind", ""))

    def _category(self, table: Table) -> DataCategory:
        found = table.strings("kinds")
        for kind in found:
            if kind not in kinds.BY_ID:
                do = tables.suggest(
                    kind, kinds.BY_ID, "the kinds are listed in docs/reference/policy.md"
                )
                table.fault("kinds", f"{table.name} covers the unknown kind `{kind}`", do)
        return DataCategory(
            id=CategoryId(self._id(table)),
            name=table.text("name"),
            clause=self._clause_of(table),
            kinds=found,
            personal=table.flag("personal", default=True),
            special_care=table.choice("special_care", SPECIAL, "no"),
            open_ended=table.flag("open_ended"),
            observed=table.flag("observed"),
        )

    def _purpose(self, table: Table) -> Purpose:
        stop = table.choice("stop", STOPS)
        effect = table.text("stop_effect", "optional" if stop == "law" else "needed")
        return Purpose(
            id=PurposeId(self._id(table)),
            name=table.text("name"),
            clause=self._clause_of(table),
            uses=self._uses(table, table.table("uses")),
            stop=stop,
            stop_effect=effect,
            law=self._law(table, stop),
            third_party=table.flag("third_party"),
            marketing=table.flag("marketing"),
        )

    def _law(self, table: Table, stop: Stop) -> str:
        """The law that asks for a use; a citation of the Act must be in the table of articles."""
        if stop != "law":
            if table.has("law"):
                table.fault(
                    "law", f"{table.name} names a law and can be stopped", 'write `stop = "law"`'
                )
            return ""
        cited = table.string("law")
        if cited.startswith("APPI"):
            try:
                law.cite(cited)
            except law.UnknownArticle:
                do = "write it as `APPI Art. 27(1)`, with a paragraph that the article has"
                table.fault("law", f"the citation `{cited}` is not known", do)
        return cited

    def _uses(self, purpose: Table, table: Table) -> tuple[Use, ...]:
        """The uses in the order of the services, since the keys of a TOML table have no order."""
        for service in table.values:
            if service not in self.known["service"]:
                do = suggest_id(service, self.known["service"])
                table.fault(
                    service, f"{purpose.name} is used by the unknown service `{service}`", do
                )
        uses = []
        for service in self.known["service"]:
            if not table.has(service):
                continue
            found = self._names(table, service, "category")
            if not found:
                table.fault(
                    service, f"{purpose.name} uses nothing at `{service}`", "take the line out"
                )
            uses.append(Use(ServiceId(service), tuple(CategoryId(c) for c in found)))
        return tuple(uses)

    def _recipient(self, table: Table) -> Recipient:
        country = table.string("country", "JP")
        if not COUNTRY.fullmatch(country):
            table.fault(
                "country", f"`{country}` is no country code", "write ISO 3166, such as `US`"
            )
        return Recipient(
            id=RecipientId(self._id(table)),
            name=table.text("name"),
            kind=table.choice("kind", RECIPIENT_KINDS),
            clause=self._clause_of(table),
            purposes=tuple(PurposeId(p) for p in self._names(table, "purposes", "purpose")),
            categories=tuple(CategoryId(c) for c in self._names(table, "categories", "category")),
            country=country,
            task=table.text("task", "optional"),
            sample=table.flag("sample"),
        )

    def _right(self, table: Table) -> Right:
        return Right(
            kind=table.choice("kind", RIGHT_KINDS),
            clause=self._clause_of(table),
            approvals=table.number("approvals", 1, 0, 2),
            fee_yen=table.number("fee_yen", 0, 0, 1_000_000),
            identity=table.text("identity", "optional"),
            agents=table.flag("agents", default=True),
            target_days=table.number("target_days", 14, 1, 365),
        )

    def _clause(self, table: Table) -> tuple[str, tuple[tuple[str, ...], ClauseKind]]:
        id_ = table.string("id")
        self._known(table, "id", id_, "clause")
        by = table.strings("by")
        for module in by:
            if not MODULE.fullmatch(module):
                table.fault("by", f"`{module}` is no module", "write it as `gate.meaning`")
        return id_, (by, table.choice("kind", CLAUSE_KINDS, ""))

    def _accepted(self, table: Table) -> Accepted:
        clause = table.string("clause", "")
        self._known(table, "clause", clause, "clause")
        both = isinstance(table.values.get("reason"), dict)
        reason = table.text("reason", "may be empty") if both else Text(ja=table.string("reason"))
        if both and reason == Text():
            table.fault("reason", f"{table.name} gives no reason", "say why it is published so")
        return Accepted(table.string("rule"), clause, reason)

    def _dates(self, table: Table) -> Dates:
        made = Dates(table.day("made_on"), table.day("updated_on"), table.day("effective_on"))
        table.done()
        return made


def suggest_id(word: str, known: Iterable[str]) -> str:
    """What to do about an unknown id."""
    known = list(known)
    otherwise = f"declare it first, or use {tables.listed(known)}" if 0 < len(known) < 8 else ""
    return tables.suggest(word, known, otherwise or "declare it first")
