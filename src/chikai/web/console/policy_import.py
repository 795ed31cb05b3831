"""Reading a text that the company has: what was understood of it, how surely, and where in the text it stands.

A text is read, shown and forgotten, until the officer begins a draft with what was taken of it; the old draft is then kept beside the
folder. Several files are read in their order as one policy; where one cannot be read, each says so and none is read.
`chikai policy import` reads the same on the command line.

Clauses: 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chikai.errors import BadInput, ChikaiError
from chikai.policy import marks
from chikai.policy.document import Text as Both
from chikai.policy.importing import drafting, entries, kind_words, notes, outline_of
from chikai.policy.importing.decoding import decoded
from chikai.web import fault_words, going_on
from chikai.web.actions import of_staff, policy_draft
from chikai.web.console.access import StaffRequest, page, staff_page
from chikai.web.console.policy import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from chikai.policy.carried import Pair
    from chikai.policy.outline import Node, Outline, Span

LARGEST: Final = 1_000_000  # bytes that a page reads; the command reads more
MOST: Final = 20  # files
_LARGE: Final = "the file is too large for this page"
_BY_COMMAND: Final = "read it with `chikai policy import`"
SURE: Final = 0.8
DOUBTFUL: Final = 0.5


class Several(forms.ClearableFileInput):
    """A place for files, of which more than one can be chosen."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """The files that were chosen, in their order."""

    widget = Several

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Each of them; what it holds is judged when it is read."""
        given = data if isinstance(data, (list, tuple)) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in given]


@dataclass(frozen=True, slots=True)
class Handed:
    """One text that was handed in, or why its file cannot be read."""

    name: str
    text: str = ""
    fault: str = ""

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n") + 1


class Text(forms.Form):
    """A text, or the files that hold it."""

    words = forms.CharField(
        label=gettext_lazy("The text of the policy"),
        required=False,
        max_length=LARGEST // 3,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = Files(
        label=gettext_lazy("Or its files"),
        help_text=gettext_lazy(
            "Plain text, Markdown or HTML; Shift_JIS and EUC-JP are read too. Several files are read as one policy, in the order of their numbers."
        ),
        required=False,
        allow_empty_file=True,
    )

    def handed(self) -> list[Handed]:
        """What was handed in, in order: the texts that were read before, then the files; else the pasted words."""
        chosen = self.cleaned_data.get("file") or []
        found = [*_kept(self.data), *map(_read_file, chosen)]
        words = self.cleaned_data.get("words", "")
        if not found and words.strip():
            found = [Handed("text", words.replace("\r\n", "\n"))]
        return found


def _kept(data: Mapping[str, str]) -> list[Handed]:
    """The texts of files that the page has shown, by the numbers that they were given; an emptied one is left out."""
    if not isinstance(data, QueryDict):
        return []
    rows = zip(*(data.getlist(name) for name in ("place", "name", "text")), strict=False)
    placed = [
        (int(place) if place.isdecimal() else MOST, Handed(name, text.replace("\r\n", "\n")))
        for place, name, text in rows
        if text.strip()
    ]
    return [one for _place, one in sorted(placed, key=itemgetter(0))]


def _read_file(file: UploadedFile[bytes]) -> Handed:
    name = file.name or "text"
    try:
        if (file.size or 0) > LARGEST:
            raise BadInput(_LARGE, _BY_COMMAND)
        return Handed(name, decoded(file.read(), name))
    except BadInput as fault:
        return Handed(name, fault=fault_words.said(fault))


def _accept(handed: Sequence[Handed]) -> None:
    """BadInput where there is nothing to read, or more than a page reads."""
    if not handed:
        raise BadInput("there is no text", "paste it, or choose a file")
    if len(handed) > MOST:
        raise BadInput(f"this page reads {MOST} files at most", _BY_COMMAND)
    if sum(len(one.text) for one in handed) > LARGEST // 3:
        large = "the files are too large together for this page"
        raise BadInput(large if len(handed) > 1 else _LARGE, _BY_COMMAND)


NO_KIND: Final = Both()


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was read: what it is, its words, how sure, and its first line in the text."""

    id: str
    depth: int
    number: str
    what: str
    kind: Both
    says: str
    sure: str
    percent: int
    line: int
    file: int
    name: str = ""  # the name of the file where there are several


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("officer")
def read(request: StaffRequest) -> HttpResponse:
    """The form, and under it what was read in the text that was handed in."""
    form = Text(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        handed = form.handed()
        try:
            _accept(handed)
            if wrong := [one for one in handed if one.fault]:
                for one in wrong:
                    form.add_error("file", f"{one.name}: {one.fault}")
            else:
                outline = outline_of([(one.name, one.text) for one in handed])
                notes.accept(outline)
                if request.POST.get("says") == "save":
                    return _begun(request, outline)
                context |= {**_shown(outline), "pairs": _pairs(outline)}
                if len(handed) == 1:
                    context["form"] = Text(initial={"words": handed[0].text})
        except ChikaiError as fault:
            form.add_error(None, said(fault))
        context["handed"] = handed if len(handed) > 1 else ()
    return page(request, "console/policy_import.html", "desk-policy", context)


def _begun(request: StaffRequest, outline: Outline) -> HttpResponse:
    files = dict(_draft(request, outline).files)
    policy_draft.begin_draft(of_staff(request.user), files=files)
    messages.success(
        request, _("The draft begins with this text. The old draft is kept beside it.")
    )
    return redirect("policy-structure")


def _draft(request: StaffRequest, outline: Outline) -> drafting.Drafted:
    """The draft of what was taken, under the ids of the edition in force for what goes on."""
    apart = set(request.POST.getlist("doubt")) - set(request.POST.getlist("same"))
    return drafting.draft(
        _taken(request, outline), lambda one: going_on.under_known_ids(one, apart=apart)[0]
    )


@dataclass(frozen=True, slots=True)
class Paired:
    """A thing of the edition in force beside that of the text: how many persons have chosen about it."""

    pair: Pair
    persons: int

    @property
    def is_doubtful(self) -> bool:
        """Whether only a person can say that the two are one thing."""
        return not self.pair.is_sure

    @property
    def is_ticked(self) -> bool:
        """Whether the page offers them as one thing: no words differ but those of politeness."""
        return self.pair.is_same_bare

    @property
    def marks(self) -> tuple[marks.Mark, ...]:
        """What differs between their names."""
        names = (one.ja or one.en if one else "" for one in (self.pair.old, self.pair.new))
        return marks.between(*names)

    @property
    def percent(self) -> int:
        """How alike their names are."""
        return int(self.pair.likeness * 100)


def _pairs(outline: Outline) -> list[Paired]:
    """What is not simply the same as in the edition in force, the doubtful first; nothing before the first edition."""
    _document, found = going_on.under_known_ids(drafting.draft(outline).document)
    differ = [one for one in found if one.likeness < 1.0 and one.kind != "service"]
    made = [Paired(one, going_on.chosen(one.kind, one.id) if one.old else 0) for one in differ]
    return sorted(made, key=lambda one: (not one.is_doubtful, -one.persons))


def _taken(request: StaffRequest, outline: Outline) -> Outline:
    """The reading with what the officer took of it; the whole of it where the page did not ask."""
    if "asked" not in request.POST:
        return outline
    taken = set(request.POST.getlist("take"))
    return replace(
        outline,
        items=tuple(o for n, o in enumerate(outline.items) if f"item-{n}" in taken),
        purposes=tuple(o for n, o in enumerate(outline.purposes) if f"purpose-{n}" in taken),
        recipients=tuple(
            replace(o, confidence=1.0)  # a person has looked at it
            for n, o in enumerate(outline.recipients)
            if f"recipient-{n}" in taken
        ),
    )


def _shown(outline: Outline) -> dict[str, Any]:
    places = {name: number for number, (name, _text) in enumerate(outline.sources)}
    clauses = list(_clauses(outline, places))
    things = list(_things(outline, places))
    return {
        "outline": outline,
        "notes": [fault_words.sentence(note) for note in outline.notes],
        "clauses": clauses,
        "items": [one for one in things if one.what == "item"],
        "purposes": [one for one in things if one.what == "purpose"],
        "recipients": [one for one in things if one.what == "recipient"],
        "doubtful": sum(one.sure != "sure" for one in (*clauses, *things)),
        "facts": _facts(outline),
        "sources": [
            (number, name, text.split("\n")) for number, (name, text) in enumerate(outline.sources)
        ],
    }


def _clauses(outline: Outline, places: dict[str, int]) -> Iterator[Read]:
    def below(node: Node, depth: int) -> Iterator[Read]:
        says = node.title or node.text
        yield _read(
            node.id, depth, node.number, node.kind, says, node.confidence, node.span, places
        )
        for child in node.children:
            yield from below(child, depth + 1)

    for node in outline.nodes:
        yield from below(node, 0)


def _things(outline: Outline, places: dict[str, int]) -> Iterator[Read]:
    """What a draft can take, under the name by which the form says that it is taken."""
    for n, item in enumerate(outline.items):
        id_ = f"item-{n}"
        yield _read(id_, 0, item.clause, "item", item.name, item.confidence, item.span, places)
    for n, one in enumerate(outline.purposes):
        id_ = f"purpose-{n}"
        yield _read(id_, 0, one.clause, "purpose", one.name, one.confidence, one.span, places)
    for n, who in enumerate(outline.recipients):
        if who.kind in entries.DRAFTED:
            id_ = f"recipient-{n}"
            yield _read(id_, 0, who.clause, "recipient", who.name, who.confidence, who.span, places)


def _read(
    id_: str, depth: int, number: str, what: str, says: str, confidence: float, span: Span,
    places: dict[str, int],
) -> Read:  # fmt: skip
    sure = "sure" if confidence >= SURE else "likely" if confidence >= DOUBTFUL else "doubtful"
    percent = round(confidence * 100)
    kind = kind_words.CLAUSE.get(what, NO_KIND)
    at, name = places.get(span.file, 0), span.file if len(places) > 1 else ""
    return Read(id_, depth, number, what, kind, says, sure, percent, span.line, at, name)


def _facts(outline: Outline) -> list[tuple[str, str]]:
    contact = outline.contact
    rows = (
        (_("Name"), contact.name),
        (_("Representative"), contact.representative),
        (_("Address"), contact.address),
        (_("Desk"), contact.desk),
        (_("Telephone"), contact.phone),
        (_("Mail address"), contact.mail),
        *((_("Date"), day.written) for day in outline.days),
    )
    return [(name, said) for name, said in rows if said]
