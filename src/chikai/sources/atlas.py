"""A catalogue with its names read once: what each table is about, its prefixes, and which tables bear which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from chikai.sources import columns, names
from chikai.sources.catalogue import Catalogue, Table
from chikai.sources.themes import GENERIC, Subject, subject


@dataclass(frozen=True)
class Atlas:
    """A catalogue with its names read: subjects of tables, prefixes of columns, tables by their words."""

    catalogue: Catalogue
    prefixes: frozenset[str]
    subjects: Mapping[str, Subject]
    columns: Mapping[str, str]
    by_words: Mapping[tuple[str, ...], tuple[str, ...]]
    by_key: Mapping[str, tuple[str, ...]]
    cache: dict[tuple[str, tuple[str, ...]], tuple[str, float]] = field(default_factory=dict)


def read(catalogue: Catalogue) -> Atlas:
    """Read every name of a catalogue once."""
    prefixes = names.table_prefix(table.name for table in catalogue.tables)
    subjects = {table.name: _subject(table, prefixes) for table in catalogue.tables}
    by_words: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_key: dict[str, list[str]] = defaultdict(list)
    columns = {}
    for table in catalogue.tables:
        found = subjects[table.name].words
        columns[table.name] = names.column_prefix((c.name for c in table.columns), found)
        for at in range(len(found)):
            by_words[found[at:]].append(table.name)
        if len(found) > 1 and found[-1] in (
            "entity",
            "master",
            "main",
            "table",
            "info",
            "data",
            "base",
        ):
            by_words[found[:-1]].append(table.name)
        whole = key_of(table)
        if len(whole) == 1:
            key = whole[0].lower()
            if key not in (
                "id",
                "uuid",
                "name",
                "code",
                "key",
                "token",
                "hash",
                "email",
                "username",
                "pk",
                "guid",
                "oid",
                "no",
                "コード",
            ):
                by_key[key].append(table.name)
    by_key = {key: named for key, named in by_key.items() if _tells(key, named, subjects)}
    frozen = {found: tuple(dict.fromkeys(tables)) for found, tables in by_words.items()}
    return Atlas(
        catalogue, prefixes, subjects, columns, frozen, {k: tuple(v) for k, v in by_key.items()}
    )


def key_of(table: Table) -> tuple[str, ...]:
    """The columns of the primary key that tell which row, without the language in which it is written."""
    key = tuple(
        c
        for c in table.primary_key
        if names.words(c) not in (("langcode",), ("language", "code"), ("language",))
    )
    return key or table.primary_key


def _tells(key: str, tables: list[str], subjects: Mapping[str, Subject]) -> bool:
    """Whether a key's name says whose it is; `entity_id` in three tables says nothing."""
    named = names.stem(names.words(key)[:-1])
    return (
        len(tables) < 3
        or any(stripped(subjects[t].words) == named for t in tables)
        or names.words(key) == ("uid",)
    )


def _subject(table: Table, prefixes: frozenset[str]) -> Subject:
    """What a table is about; one with columns for SMTP or IMAP is a mailbox of the system, whatever its name."""
    about = subject(table.name, prefixes)
    held = {w for c in table.columns for w in names.words(c.name)}
    if held & {"smtp", "imap", "pop"}:
        return Subject(about.words, about.head, frozenset({"template"}))
    if (
        about.about("shared", "maybe shared") and "ip" in held
    ):  # an event with an address is a trace, not a party
        return Subject(about.words, about.head, frozenset({"log"}))
    if (
        about.themes == {"log"}
        and about.head in ("view", "version", "track", "click", "statistic", "stat")
        and not any(
            c.type in ("timestamp", "date", "integer") and columns.sense(c.name).head == "time"
            for c in table.columns
        )
    ):
        return Subject(
            about.words, about.head, frozenset()
        )  # a log has times; this is a thing of that name
    if about.head in ("version", "revision") and held & {"body", "content", "text", "html"}:
        return Subject(about.words, about.head, frozenset({"content"}))  # a state of a work
    if about.head == "event" and held & {"action", "target"} and "maybe shared" in about.themes:
        return Subject(
            about.words, about.head, frozenset({"log"})
        )  # what somebody did, not a party
    return about


def stripped(found: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a table without last words that say only that it is a table."""
    while len(found) > 1 and found[-1] in GENERIC:
        found = found[:-1]
    return found
