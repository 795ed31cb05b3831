"""The reading of a policy for people and for programs: a tree of clauses, and one JSON value.

`clauses` of the JSON value holds the articles alone; what stands before them, a supplement (附則) and the lines that
only name a day stand beside, so that whoever counts clauses counts articles. Spans and lines are places in the file as it
was decoded, with its tags and its line ends.
"""

from __future__ import annotations

import itertools
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from chikai.policy.document import Text
from chikai.policy.importing import kind_words, whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chikai.policy.document import Language
    from chikai.policy.outline import FoundItem, FoundPurpose, Node, Outline, Span

_SURE: Final = 0.8
_DAY, _SOME_DAY = 0.9, 0.7
_NOTE: Final = Text("注意", "note")
_COLON: Final = Text("：", ": ")
_NO_TITLE: Final = Text("（題名なし）", "(no title)")
_ITEMS: Final = Text("情報の項目", "items")
_PURPOSES: Final = Text("利用目的", "purposes")
_TABLE: Final = Text("表", "table")
_RECIPIENT: Final = Text("提供先", "recipient")
_IN: Final = Text(" 条項 ", " in ")
_REFERENCE: Final = Text("参照", "reference")
_NOWHERE: Final = Text("見つかりません", "nowhere")


def as_value(outline: Outline) -> dict[str, object]:
    """The reading as one value for JSON."""
    before = [node for node in outline.nodes if node.id.startswith("pre")]
    return {
        "title": outline.title,
        "language": outline.language,
        "clauses": [_clause(outline, node) for node in outline.articles],
        "supplements": [
            _clause(outline, node) for node in outline.nodes if node.id.startswith("sup")
        ],
        "items": [_item(outline, at, item) for at, item in enumerate(outline.items, 1)],
        "purposes": [_purpose(outline, at, one) for at, one in enumerate(outline.purposes, 1)],
        "dates": _dates(outline),
        "contact": dict(asdict(outline.contact).items()),
        "preamble": {
            "id": "pre",
            "text": "\n".join(node.whole for node in before).strip(),
            **_place(outline, *whereabouts.preamble(outline)),
        },
        "places": {
            "title": _place(outline, *whereabouts.title(outline)),
            **{
                f"contact.{key}": _place(outline, sure, span)
                for key, sure, span in whereabouts.contact(outline)
            },
        },
        "recipients": [
            {
                "name": one.name,
                "kind": one.kind,
                "country": one.country,
                "clause": one.clause,
                "confidence": one.confidence,
                "span": _span(outline, one.span),
            }
            for one in outline.recipients
        ],
        "references": [
            {
                "from": one.inside,
                "written": one.written,
                "to": one.to,
                "span": _span(outline, one.span),
            }
            for one in outline.references
        ],
        "services": list(outline.services),
        "notes": list(outline.notes),
        **({"english": as_value(outline.other)} if outline.other else {}),
    }


def _clause(outline: Outline, node: Node) -> dict[str, object]:
    return {
        "id": node.id,
        "number": node.number,
        "kind": node.kind,
        "title": node.title,
        "text": node.text,
        "style": node.style,
        "confidence": node.confidence,
        "span": _span(outline, node.span),
        "children": [_clause(outline, child) for child in node.children if not _rules(child)],
    }


def _span(outline: Outline, span: Span) -> dict[str, object]:
    """A place in the file itself, whose signs a program can look up."""
    span = outline.origin(span)
    return {"start": span.start, "end": span.end, "line": span.line, "file": span.file}


def _place(outline: Outline, sure: float, span: Span | None) -> dict[str, object]:
    return {"confidence": sure, "span": _span(outline, span) if span else None}


def _item(outline: Outline, at: int, item: FoundItem) -> dict[str, object]:
    return {
        "id": f"item_{at}",
        "text": item.text,
        "name": item.name,
        "clause": item.clause,
        "examples": list(item.examples),
        "open_ended": item.open_ended,
        "source": item.source,
        "kinds": list(item.kinds),
        "confidence": item.confidence,
        "span": _span(outline, item.span),
    }


def _purpose(outline: Outline, at: int, purpose: FoundPurpose) -> dict[str, object]:
    return {
        "id": f"purpose_{at}",
        "text": purpose.text,
        "name": purpose.name,
        "clause": purpose.clause,
        "whose": purpose.whose,
        "confidence": purpose.confidence,
        "span": _span(outline, purpose.span),
    }


def _dates(outline: Outline) -> dict[str, object]:
    made: dict[str, object] = {
        kind: day.isoformat() if (day := outline.day(kind)) else outline.month(kind) or None
        for kind in ("made", "updated", "effective")
    }
    made["all"] = [
        {
            "kind": day.kind,
            "on": day.on.isoformat() if day.on else None,
            "text": day.written,
            # A day whose kind nothing names is the weaker reading.
            "confidence": _DAY if day.kind != "other" and day.on else _SOME_DAY,
            "span": _span(outline, day.span),
        }
        for day in outline.days
    ]
    return made


def as_text(
    outline: Outline, language: Language = "en", say: Callable[[str], str] = lambda note: note
) -> str:
    """The tree of clauses with what was read in it, and how sure the reading is; `?` marks what to look at first.

    In English kinds are named as the JSON form names them; `say` puts a note into the language.
    """
    lines = [outline.title or _NO_TITLE.in_(language), ""]
    for node in outline.nodes:
        lines += _tree(node, 0, language)
    for name, found in ((_ITEMS, outline.items), (_PURPOSES, outline.purposes)):
        lines += ["", f"{name.in_(language)}{_COLON.in_(language)}{len(found)}"]
        lines += [f"  {_mark(one.confidence)} {one.clause:<8} {_short(one.text)}" for one in found]
    lines += ["", *_facts(outline, language)]
    lines += [f"{_NOTE.in_(language)}{_COLON.in_(language)}{say(note)}" for note in outline.notes]
    return "\n".join(lines) + "\n"


def _tree(node: Node, depth: int, language: Language) -> Iterator[str]:
    words = " ".join(filter(None, (node.number, node.title or _short(node.text))))
    kind = f"  [{_called(kind_words.CLAUSE, node.kind, language)}]" if node.kind else ""
    yield f"{_mark(node.confidence)} {'  ' * depth}{node.id:<6} {words}{kind}"
    table = _TABLE.in_(language)
    for child, below in itertools.zip_longest(node.children, node.children[1:]):
        if below is not None and _rules(below):
            yield f"{_mark(child.confidence)} {'  ' * (depth + 1)}{table:<6} {_short(child.text)}"
        elif not _rules(child):
            yield from _tree(child, depth + 1, language)


def _called(words: Mapping[str, Text], id_: str, language: Language) -> str:
    """A kind in Japanese words; in English its id, which programs read too."""
    return words[id_].ja if language == "ja" and id_ in words else id_


def _rules(node: Node) -> bool:
    """Whether a line is the rule below the head of a table."""
    return "-" in node.text and set(node.text) <= set("|-: ")


def _facts(outline: Outline, language: Language) -> Iterator[str]:
    colon = _COLON.in_(language)
    for key, said in asdict(outline.contact).items():
        if said and key != "clause":
            yield f"{_called(kind_words.FACT, key, language)}{colon}{said}"
    for day in outline.days:
        kind = _called(kind_words.DAY, day.kind, language)
        yield f"{kind}{colon}{day.on or day.month or '?'} ({day.written})"
    for one in outline.recipients:
        kind = _called(kind_words.RECIPIENT, one.kind, language)
        where = f"{', ' if one.country else ''}{one.country}"
        yield f"{_RECIPIENT.in_(language)}{colon}{one.name} ({kind}{where}){_IN.in_(language)}{one.clause}"
    for ref in outline.references:
        to = ref.to or _NOWHERE.in_(language)
        yield f"{_REFERENCE.in_(language)}{colon}{ref.inside} -> {to} ({ref.written})"


def _mark(sure: float) -> str:
    return f"{sure:.2f}{' ' if sure >= _SURE else '?'}"


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= 60 else f"{one[:59]}…"
