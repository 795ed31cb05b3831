"""What an officer decides about a gathered disclosure: which words are blacked out, and which tables or columns stay back.

Whoever gathered free text releases nothing before an officer has looked through it, however few approvals the policy asks.
Blacking out touches free text only, where other people stand by chance. Leaving out a whole table or column is a refusal
in part: it needs a ground of Art. 33(2) and an explanation, and the package says what is missing and where to complain.

Clauses: 6.
Law: APPI Art. 33(2), APPI Art. 33(3), APPI Art. 36.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chikai.errors import BadInput
from chikai.rights import redaction, refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chikai.sources.map import TableMap
    from chikai.sources.protocol import Row

FREE: Final = frozenset({"free_text", "message", "note", "content", "public_content", "file"})
GROUNDS: Final = ("harm", "hindrance", "law")
MOST_WORDS: Final = 2000
LONGEST_WORD: Final = 200
SHORTEST_WORD: Final = 2  # one sign would black out half of every text
Left = tuple[str, str, str]  # source, table, and a column or nothing


@dataclass(frozen=True, slots=True)
class Review:
    """What is blacked out and what is left out; `ground` and `text` say why something is left out."""

    words: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    ground: str = ""
    text: str = ""

    def leaves_table(self, source: str, table: str) -> bool:
        """Whether a whole table stays back."""
        return (source, table, "") in self.left

    def rows(self, source: str, table: TableMap, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are handed out: without the columns that stay back, free text with its words blacked out."""
        if not self.words and not self.left:
            yield from rows
            return
        gone = {column for s, t, column in self.left if (s, t) == (source, table.name)}
        free = free_columns(table)
        for row in rows:
            yield {
                name: blacked(value, self.words) if name in free and self.words else value
                for name, value in row.items()
                if name not in gone
            }


def checked(review: Review, known: Collection[Left]) -> Review:
    """A review in order: each word once, nothing left out that is not there, nothing without a ground and a text."""
    words = tuple(dict.fromkeys(w.strip() for w in review.words if w.strip()))
    if len(words) > MOST_WORDS or any(
        not SHORTEST_WORD <= len(word) <= LONGEST_WORD for word in words
    ):
        raise BadInput(
            f"a word has between {SHORTEST_WORD} and {LONGEST_WORD} signs",
            "write the name as it stands in the text, one on a line",
        )
    if any(word in redaction.BLACK for word in words):
        raise BadInput("a word is part of what stands where it was", "write a longer one")
    left = tuple(dict.fromkeys(review.left))
    if strange := next((one for one in left if one not in known), None):
        raise BadInput(f"`{strange[1]}` is nothing that was gathered", "look at the page again")
    if not left:
        return Review(words)
    if review.ground not in GROUNDS:
        raise BadInput(
            "what is left out needs a ground of Art. 33(2)",
            f"name one of {', '.join(f'`{g}`' for g in GROUNDS)}",
        )
    refusal.check("disclose", review.ground, review.text)
    return Review(words, left, review.ground, review.text.strip())


def free_columns(table: TableMap) -> frozenset[str]:
    """The columns of a table in which anybody may have written anything."""
    return frozenset(c.name for c in table.columns if c.kind in FREE)


def says_something(free: Collection[str], row: Row) -> bool:
    """Whether anything stands in the free text of a row, so that somebody has to read it."""
    return any(row.get(name) for name in free)


def texts(value: object) -> Iterator[str]:
    """Every text inside a value: a column of JSON holds many."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def blacked(value: object, words: Collection[str]) -> object:
    """A value with the words blacked out in every text inside it."""
    if isinstance(value, str):
        return redaction.redacted(value, words)[0]
    if isinstance(value, dict):
        return {key: blacked(inner, words) for key, inner in value.items()}
    return [blacked(inner, words) for inner in value] if isinstance(value, list) else value


def own_words(table: TableMap, row: Row) -> Iterator[str]:
    """What an identity row says of the person themself: names, addresses and numbers, which are nobody else's."""
    if table.identity is None:
        return
    named = {table.identity.name, table.identity.email, table.identity.phone}
    for column in table.columns:
        if column.name in named or column.kind in ("name", "kana", "nickname", "email", "phone"):
            value = row.get(column.name)
            if isinstance(value, str) and value.strip():
                yield value
                yield from value.split()


def other_names(table: TableMap, row: Row) -> Iterator[str]:
    """Names that stand in a table which is not the person's own: colleagues, addressees."""
    if table.identity is None:
        for column in table.columns:
            if column.kind == "name" and isinstance(value := row.get(column.name), str):
                yield value


def left_in_words(left: Iterable[Left], services: Mapping[str, str]) -> tuple[str, ...]:
    """What stays back, as the package and the letter name it: the place, the table, and the column if it is one."""
    return tuple(
        "・".join(filter(None, (services.get(source, source), table, column)))
        for source, table, column in left
    )
