"""One policy from one or several texts, read from end to end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Final, TypeVar

from chikai.policy.importing import (
    columns,
    companies,
    contact,
    days,
    english,
    growing,
    headed,
    items,
    kinds,
    ladder,
    lines,
    markup,
    notes,
    pages,
    parts,
    purposes,
    recipients,
    references,
    repair,
    sentences,
    sides,
    tree,
)
from chikai.policy.importing.lines import shadow
from chikai.policy.outline import FoundItem, FoundPurpose, Outline, Span
from chikai.policy.placed import Origin, of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chikai.policy.importing.growing import Growing
    from chikai.policy.importing.lines import Line
    from chikai.policy.outline import Language, Node

_CONTENTS: Final = re.compile(r"目\s?次|もくじ|(?:table of )?contents|index", re.IGNORECASE)
Found = TypeVar("Found", FoundItem, FoundPurpose)
_FAR: Final = 50_000  # so far from what was found last in a clause the next is looked for


@dataclass(frozen=True, slots=True)
class _Text:
    """One text as it is read: its lines, whence they come, and what its pages repeat."""

    name: str
    source: str
    lines: list[Line]
    origin: Origin
    furniture: tuple[Span, ...]
    scripts: bool
    hidden: str


@dataclass(frozen=True, slots=True)
class _Side:
    """The reading of the texts in one language, with its documents and the lines apart that only name a day."""

    outline: Outline
    documents: list[list[Line]]
    dated: list[Line]


def outline_of(files: Sequence[tuple[str, str]]) -> Outline:
    """The reading of a policy that stands in these texts, each given with its name.

    English texts beside Japanese ones are the other side of the policy, and are read apart.
    """
    names = _names(files)
    texts = [
        _text(name, said, at) for at, (name, (_, said)) in enumerate(zip(names, files, strict=True))
    ]
    sources = [(one.name, one.source) for one in texts]
    read = [one.lines for one in texts]
    english = {at for at, part in enumerate(read) if sides.is_english(part)}
    if not any(sides.is_japanese(part) for part in read):
        english = set()
    own = _side(sources, read, names, [at for at in range(len(read)) if at not in english])
    other = _side(sources, read, names, sorted(english)) if english else None
    every = [own, *([other] if other else [])]
    documents = [one for side in every for one in side.documents]
    both = sides.compared(documents, [line for side in every for line in side.dated])
    origins = tuple((one.name, one.origin) for one in texts)
    furniture = tuple(span for one in texts for span in one.furniture)
    placed = [replace(one.outline, origins=origins, furniture=furniture) for one in every]
    made = replace(
        placed[0],
        other=placed[1] if other else None,
        refused=notes.two(companies.named(documents), both),
    )
    told = notes.of(made, len(documents) - len(files) + 1, both)
    apart = notes.of_page([one.hidden for one in texts], scripts=any(one.scripts for one in texts))
    return replace(made, notes=(*apart, *told))


def _text(name: str, written: str, at: int) -> _Text:
    """One text with the lines that are read of it."""
    given = of_file(written)
    html = markup.is_html(given.words)
    bare = markup.without_comments
    said, scripts, hidden = markup.read(given) if html else (bare(given), False, "")
    every = lines.read(said.words, at, hard=html)
    found = pages.without_furniture(every)
    kept = {line.start for line in found}
    dropped = [line for line in every if line.start not in kept]
    dropped += lines.page_numbers(said.words, at, every)
    found = lines.without_margin(found)
    found = found if html else columns.as_rows(lines.single_spaced(found))
    found = repair.repaired(lines.evened(found) if html else found)
    furniture = tuple(Span(line.start, line.end, line.number, name) for line in dropped)
    return _Text(name, said.words, found, Origin.of(said, written), furniture, scripts, hidden)


def _side(
    sources: Sequence[tuple[str, str]],
    read: Sequence[list[Line]],
    names: Sequence[str],
    these: Sequence[int],
) -> _Side:
    """What some of the texts say together."""
    mine = [read[at] for at in these]
    dated = [one for part in mine for one in days.of(part, names)]
    apart = {(one.line.file, one.line.start) for one in dated}
    kept = [[line for line in part if (line.file, line.start) not in apart] for part in mine]
    documents = parts.joined(one for part in kept for one in parts.documents(part))
    title, grown = _grown(documents)
    nodes = tuple(_nodes(grown, names)) + tuple(days.nodes(dated, names))
    every = [line for part in mine for line in part]
    made = _found(title, nodes, [sources[at] for at in these], every, names)
    return _Side(made, documents, [one.line for one in dated])


def _names(files: Sequence[tuple[str, str]]) -> list[str]:
    """The names of the texts; a name that is given twice gets a number."""
    made: list[str] = []
    for name, _ in files:
        made.append(name if name not in made else f"{name}#{len(made) + 1}")
    return made


def _found(
    title: str,
    nodes: tuple[Node, ...],
    sources: list[tuple[str, str]],
    every: list[Line],
    names: Sequence[str],
) -> Outline:
    """All that the clauses say."""
    texts = dict(sources)
    language = _language("".join(line.shadow for line in every[:200]))
    operator = contact.of(every, nodes, title)
    found_items, found_purposes = items.of(nodes), purposes.of(nodes)
    if language == "en":
        operator = english.contact(operator, every)
        found_items, found_purposes = english.items(nodes), english.purposes(nodes)
    return Outline(
        title=title,
        nodes=nodes,
        sources=tuple(sources),
        language=language,
        items=tuple(_in_order(in_place(found_items, texts), sources)),
        purposes=tuple(_in_order(in_place(found_purposes, texts), sources)),
        recipients=recipients.of(nodes, operator.name),
        references=references.of(nodes),
        services=recipients.services(nodes),
        contact=operator,
        days=tuple(days.named(every, names)),
    )


def _grown(documents: Sequence[list[Line]]) -> tuple[str, list[Growing]]:
    """The title, the preamble and the articles of all documents in order."""
    title = ""
    found: list[Growing] = []
    before: list[Growing] = []
    for document in documents:
        said, rest = _title(document)
        title = title or said
        preamble, *articles = tree.grown(rest)
        if preamble.lines or preamble.children:
            (found if before else before).append(preamble)
        found += [one for one in articles if not _CONTENTS.fullmatch(shadow(one.title))]
    return title, [*before, *found]


def _title(part: list[Line]) -> tuple[str, list[Line]]:
    """The name of the document among its first lines, and the lines without it."""
    for at, line in enumerate(part[:6]):
        named = headed.TITLE.search(line.shadow) and len(line.shadow) <= 50
        if named and not sentences.stops(line.shadow) and not line.shadow[0].isdigit():
            return line.text, part[:at] + part[at + 1 :]
    return "", part


def _nodes(grown: Sequence[Growing], names: Sequence[str]) -> Iterator[Node]:
    """The finished clauses: `pre`, `ch1`, the articles by their printed numbers where those are free, and `sup`."""
    apart = _chapters(grown)
    articles = [one for one in grown if not (_before(one) or _supplement(one) or id(one) in apart)]
    ids = iter(growing.numbered(articles))
    before = after = 0
    for one in grown:
        if _supplement(one):
            after += 1
            yield growing.node(one, "sup" if after == 1 else f"sup{after}", names)
        elif id(one) in apart:
            yield growing.node(one, apart[id(one)], names)
        elif not _before(one):
            yield growing.node(one, str(next(ids)), names)
        elif one.lines or one.children:
            yield replace(growing.node(_placed(one), f"pre{before or ''}", names), kind="scope")
            before += 1


def _before(one: Growing) -> bool:
    """Whether these are the words before the first article of a document."""
    return one.style == "prose" and one.marker is None


def _chapters(grown: Sequence[Growing]) -> dict[int, str]:
    """The ids of the chapters that articles stand in; a policy whose articles are chapters has none."""
    keys = [one.marker.key if one.marker else "" for one in grown]
    if ladder.ARTICLE not in keys:
        return {}
    found = [one for one, key in zip(grown, keys, strict=True) if key == ladder.CHAPTER]
    return {id(one): f"ch{n}" for n, one in enumerate(found, 1)}


def _supplement(one: Growing) -> bool:
    """Whether this is the supplement (附則) or an annex (別表), which stands behind the articles without a number."""
    title = shadow(one.title)
    return one.marker is None and (
        kinds.by_title(title) == "dates" or bool(ladder.ANNEX.match(title))
    )


def _placed(article: Growing) -> Growing:
    """A preamble that holds only lists still has a place."""
    if not article.lines:
        article.lines = article.children[0].lines[:1]
    return article


def in_place(found: Iterable[Found], sources: Mapping[str, str]) -> Iterator[Found]:
    """What was found, each with the place of its own words where they stand unbroken in the source."""
    reached: dict[Span, tuple[int, int]] = {}  # what a clause names is mostly named in order
    for one in found:
        text, span = sources[one.span.file], one.span
        first = span.start, span.line
        begin, line = reached.get(span, first)
        at = text.find(one.text, begin, min(span.end, begin + _FAR))
        if at < 0 and span in reached:
            begin, line = first
            at = text.find(one.text, begin, min(span.end, begin + _FAR))
        if at < 0:
            yield one
            continue
        line += text.count("\n", begin, at)
        reached[span] = at, line
        yield replace(one, span=Span(at, at + len(one.text), line, span.file))


def _in_order(found: Iterable[Found], sources: Sequence[tuple[str, str]]) -> list[Found]:
    """What was found in the order of the text, whichever rule found it."""
    order = {name: at for at, (name, _) in enumerate(sources)}
    reached: dict[str, int] = {}
    keyed = []
    for one in found:
        at = one.span.start
        if one.span.end - at != len(
            one.text
        ):  # cut in the source: it stands behind the one before it
            at = max(at, reached.get(one.clause, at))
        reached[one.clause] = at
        keyed.append(((order[one.span.file], at), one))
    return [one for _, one in sorted(keyed, key=itemgetter(0))]


def _language(text: str) -> Language:
    kana = sum("\u3040" <= sign <= "\u30ff" for sign in text)
    letters = sum(sign.isascii() and sign.isalpha() for sign in text)
    if kana * 20 > len(text):
        return "ja"
    return "en" if letters * 2 > len(text) else "other"
