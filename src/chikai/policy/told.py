"""The changes from one edition to the next as people read them in a terminal, and as other programs read them.

Clauses: 8.
Law: APPI Art. 17(2), APPI Art. 21(3).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from chikai import law
from chikai.policy import change, pairing
from chikai.policy.document import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chikai.policy.change import Change
    from chikai.policy.document import Clause, Document, Language
    from chikai.policy.pairing import Pair, Place

SIGNS: Final = {"added": "+", "ended": "-"}
NOTHING: Final = Text("この二つの版に違いはありません。", "The two editions say the same.")
CLAUSE: Final = Text("条項", "clause")


def as_text(
    changes: Sequence[Change], old: Document, new: Document, language: Language = "ja"
) -> str:
    """One block for each change: what it is, what it needs, the words of both editions; then how many need what."""
    if not changes:
        return NOTHING.in_(language) + "\n"
    pairs = {pair.place: pair for pair in pairing.pairs(old, new)}
    blocks = ["\n".join(_block(one, pairs, language)) for one in changes]
    counts = (
        f"{change.NEEDED[needs].in_(language)} {number}"
        for needs in change.NEEDS
        if (number := sum(c.needs == needs for c in changes))
    )
    return "\n\n".join(blocks) + "\n\n" + " / ".join(counts) + "\n"


def _block(one: Change, pairs: Mapping[Place, Pair], language: Language) -> Iterator[str]:
    sign = SIGNS.get(one.kind.rpartition("_")[2], "~")
    name = one.name.in_(language)
    yield f"{sign} {change.WORDS[one.kind].in_(language)}{f': {name}' if name else ''}"
    if one.refs:
        yield f"    {' '.join(one.refs)}"
    yield f"    => {change.NEEDED[one.needs].in_(language)}"
    for duty in one.duties:
        yield f"       {duty.says.in_(language)} ({law.in_words(duty.article, language)})"
    if one.kind == "numbering":
        yield f"    {numbers(one, pairs, language)}"
        return
    for place in one.places:
        pair = pairs[place]
        yield f"    {CLAUSE.in_(language)} {numbered(pair, language)}"
        for mark, clause in (("-", pair.old), ("+", pair.new)):
            said = pairing.whole(clause, language)
            yield from (f"    {mark} {line}" for line in said.splitlines() if line)


def numbered(pair: Pair, language: Language) -> str:
    """The printed number of a clause in both editions: `2(1)`, or `3 -> 4` where it moved."""
    shown = [pairing.called(c).in_(language) for c in (pair.old, pair.new) if c is not None]
    return " → ".join(dict.fromkeys(shown))


def numbers(one: Change, pairs: Mapping[Place, Pair], language: Language) -> str:
    """The first numbers that changed, and how many more."""
    shown = ", ".join(numbered(pairs[place], language) for place in one.places[:5])
    more = len(one.places) - 5
    return f"{shown} (+{more})" if more > 0 else shown


def as_json(changes: Sequence[Change], old: Document, new: Document) -> str:
    """An object with `old`, `new` and `changes`, for other programs."""
    pairs = {pair.place: pair for pair in pairing.pairs(old, new)}
    return (
        json.dumps(
            {
                "old": old.digest,
                "new": new.digest,
                "changes": [_row(one, pairs) for one in changes],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _row(one: Change, pairs: Mapping[Place, Pair]) -> dict[str, object]:
    return {
        "kind": one.kind,
        "refs": list(one.refs),
        "name": _both(one.name),
        "says": _both(change.WORDS[one.kind]),
        "needs": one.needs,
        "duties": [{"article": d.article, "says": _both(d.says)} for d in one.duties],
        "clauses": [_clause(pairs[place]) for place in one.places],
    }


def _clause(pair: Pair) -> dict[str, object]:
    return {"old": _side(pair.old), "new": _side(pair.new)}


def _side(clause: Clause | None) -> dict[str, str] | None:
    if clause is None:
        return None
    words: dict[str, str] = {lang: pairing.whole(clause, lang) for lang in LANGUAGES}
    return {"id": clause.id, "number": clause.number, **words}


def _both(text: Text) -> dict[str, str]:
    return {"ja": text.ja, "en": text.en}
