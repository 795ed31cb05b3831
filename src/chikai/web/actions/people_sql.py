"""The statements of a sync, each with a name and a sentence; `{s}` stands before the waiting tables' names.

They run on SQLite and on PostgreSQL. None of them holds a rule: who is the same person is `people.matching`'s to say.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import QuerySet

from chikai.web.models.people import Identifier, Link

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where the two databases have different words for one thing.
_WORDS: Final = {
    "sqlite": {
        "yes": "1",
        "no": "0",
        "now": "%(now)s",
        "unit": "char(31)",
        "mails": "",  # the index of digests alone answers, and no telephone number has the digest of an address
        "hex": "{}",
    },
    "postgresql": {
        "yes": "true",
        "no": "false",
        "now": "%(now)s::timestamptz",
        "unit": "chr(31)",
        "mails": " WHERE kind <> 'phone'",
        "hex": "replace({}::text, '-', '')",
    },
}

STATEMENTS: Final = {
    # Find the identity tables that showed one new key more than once.
    "find_repeated": """
        SELECT DISTINCT place FROM (SELECT place FROM {s}fresh GROUP BY place, key HAVING count(*) > 1) AS twice""",
    # Forget the new rows of tables that are left alone.
    "drop_fresh": """
        DELETE FROM {s}fresh WHERE place NOT IN (SELECT place FROM {s}place)""",
    # Forget the changed rows of tables that are left alone.
    "drop_change": """
        DELETE FROM {s}change WHERE place NOT IN (SELECT place FROM {s}place)""",
    # Mark links gone whose key the table no longer shows.
    "mark_gone": """
        UPDATE person_link SET gone_at = %(now)s, seen = NULL WHERE id IN (SELECT link FROM {s}lost)""",
    # Find keys that came back under another name: the service gave them to somebody else.
    "find_reused": """
        SELECT l.id FROM {s}change c JOIN person_link l ON l.id = c.link
        WHERE l.gone_at IS NOT NULL AND l.name IS NOT NULL AND c.name IS NOT NULL AND l.name <> c.name""",
    # Clear the mark of links whose key came back.
    "clear_gone": """
        UPDATE person_link SET gone_at = NULL
        WHERE gone_at IS NOT NULL AND id IN (SELECT link FROM {s}change)""",
    # Forget the identifiers of links that went.
    "forget_gone": """
        DELETE FROM person_identifier WHERE kind <> 'added' AND link_id IN (SELECT link FROM {s}lost)""",
    # Forget the identifiers of links that changed; what was read takes their place.
    "forget_changed": """
        DELETE FROM person_identifier
        WHERE kind <> 'added' AND link_id IN (SELECT link FROM {s}change)""",
    # Keep the identifiers of links that changed.
    "insert_changed": """
        INSERT INTO person_identifier (link_id, kind, digest, verified)
        SELECT link, 'mail', mail, verified FROM {s}change WHERE mail IS NOT NULL
        UNION ALL
        SELECT link, 'phone', phone, {no} FROM {s}change WHERE phone IS NOT NULL""",
    # Keep the name's digest and the proof on the links that changed; what an officer verified stays.
    "update_links": """
        UPDATE person_link SET name = c.name, seen = c.seen,
               verified = CASE WHEN person_link.verified NOT IN ('', 'mail') THEN person_link.verified
                               WHEN c.verified THEN 'mail' ELSE '' END
        FROM {s}change c WHERE c.link = person_link.id""",
    # Read after which number new links are counted.
    "read_base": """
        SELECT coalesce(max(id), 0) FROM person_link""",
    # Keep the identifiers of new links.
    "insert_identifiers": """
        INSERT INTO person_identifier (link_id, kind, digest, verified)
        SELECT {base} + n, 'mail', mail, verified FROM {s}fresh WHERE mail IS NOT NULL
        UNION ALL
        SELECT {base} + n, 'phone', phone, {no} FROM {s}fresh WHERE phone IS NOT NULL""",
    # Find the links that share an address with another.
    "find_carriers": """
        INSERT INTO {s}carrier (digest, link, verified)
        SELECT i.digest, i.link_id, i.verified
        FROM (SELECT digest FROM person_identifier{mails} GROUP BY digest HAVING count(*) > 1) AS shared
        JOIN person_identifier i ON i.digest = shared.digest
        WHERE i.kind <> 'phone'""",
    # Read them address by address: those that were there, and those that are still to be written.
    "read_shared": """
        SELECT c.digest, l.id, l.source, l."table", l.key, c.verified, l.name, {link_person}, s.id IS NULL
        FROM {s}carrier c CROSS JOIN person_link l LEFT JOIN person s ON s.id = l.person_id
        WHERE l.id = c.link AND l.gone_at IS NULL
        UNION ALL
        SELECT c.digest, c.link, p.source, p.name, f.key, c.verified, f.name, {fresh_person}, {yes}
        FROM {s}carrier c CROSS JOIN {s}fresh f CROSS JOIN {s}place p
        WHERE f.n = c.link - {base} AND p.place = f.place
        ORDER BY 1, 2""",
    # Read whom an officer found not to be one.
    "read_apart": """
        SELECT a.person_id, b.person_id FROM person_candidate c
        JOIN person_link a ON a.id = c.a_id JOIN person_link b ON b.id = c.b_id
        WHERE c.decided = 'denied' AND a.person_id <> b.person_id""",
    # Give new links to the person whose they are.
    "move_links": """
        UPDATE {s}fresh AS f SET person = m.person, joined = {yes} FROM {s}move m WHERE f.n = m.link - {base}""",
    # Give links that somebody new has to the person whose they are.
    "move_anew": """
        UPDATE person_link SET person_id = m.person FROM {s}move m
        WHERE m.link = person_link.id AND m.link <= {base}""",
    # Write the persons of new links.
    "insert_persons": """
        INSERT INTO person (id, since) SELECT f.person, {now} FROM {s}fresh f WHERE NOT f.joined ORDER BY f.n""",
    # Write the persons of links that somebody new has.
    "insert_anew": """
        INSERT INTO person (id, since)
        SELECT DISTINCT l.person_id, {now} FROM person_link l JOIN {s}change c ON c.link = l.id
        WHERE l.since = %(now)s AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = l.person_id)""",
    # Make a link for each new key.
    "insert_links": """
        INSERT INTO person_link (id, person_id, source, "table", key, verified, name, seen, since)
        SELECT {base} + f.n, f.person, p.source, p.name, f.key, CASE WHEN f.verified THEN 'mail' ELSE '' END,
               f.name, f.seen, {now}
        FROM {s}fresh f CROSS JOIN {s}place p WHERE p.place = f.place
        ORDER BY f.n""",
    # Drop doubts that no longer hold and that nobody decided.
    "drop_stale": """
        DELETE FROM person_candidate
        WHERE decided = '' AND NOT held AND NOT EXISTS (
            SELECT 1 FROM {s}doubt d WHERE d.reason = person_candidate.reason AND d.a = person_candidate.a_id
            AND d.b = person_candidate.b_id AND d.digest = person_candidate.digest)""",
    # Keep new doubts about pairs that nobody decided for this address.
    "insert_doubts": """
        INSERT INTO person_candidate (reason, a_id, b_id, digest, held, decided, at)
        SELECT d.reason, d.a, d.b, d.digest, {no}, '', {now} FROM {s}doubt d
        WHERE NOT EXISTS (
            SELECT 1 FROM person_candidate c WHERE c.a_id = d.a AND c.b_id = d.b AND c.digest = d.digest
            AND (c.decided <> '' OR c.reason = d.reason))""",
    # Read every link as a line, in the order of their numbers, for the digest of the whole set.
    "read_links": """
        SELECT source || {unit} || "table" || {unit} || key || {unit} || {own_person} FROM person_link
        WHERE gone_at IS NULL ORDER BY id""",
}


def text(name: str, prefix: str, *, base: int = 0) -> str:
    """A statement in the words of our own database."""
    words = _WORDS[connection.vendor]
    return STATEMENTS[name].format(
        s=prefix,
        base=base,
        link_person=words["hex"].format("l.person_id"),
        fresh_person=words["hex"].format("f.person"),
        own_person=words["hex"].format("person_id"),
        **words,
    )


def run(name: str, prefix: str, *, base: int = 0, **values: Any) -> int:
    """Run a statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(text(name, prefix, base=base), values or {"now": None})
        return int(cursor.rowcount)


def read(name: str, prefix: str) -> list[Any]:
    """The first column of what a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(text(name, prefix))
        return [row[0] for row in cursor.fetchall()]


def count_on(base: int, last: int) -> None:
    """Let PostgreSQL number the next link after those that were numbered here; SQLite goes on by itself."""
    if last and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('person_link', 'id'), %s)", [base + last]
            )


def analyze(prefix: str, *tables: str) -> None:
    """Tell PostgreSQL's planner how large waiting or freshly filled tables are; SQLite needs no word."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {prefix}{table}")


@contextmanager
def in_bulk(model: type[Identifier | Link], new: int) -> Iterator[None]:
    """Where more rows come than are there, make indexes when the rows stand: each is sorted once then.

    Both databases do so inside the transaction, so a sync that is killed leaves the indexes as well. On SQLite only the
    index of digests gains by it: the others grow at one end, and unique keys cannot be taken away there.
    """
    shape = model._meta  # noqa: SLF001 - Django documents it
    parts: list[Any] = [*shape.indexes, *shape.constraints]
    if connection.vendor != "postgresql":
        parts = [one for one in parts if one.name == "identifier_digest"]
    if new <= QuerySet(model).count():
        parts = []
    editor = connection.schema_editor()
    with connection.cursor() as cursor:
        if parts and connection.vendor == "postgresql":
            # Readers wait from here on; asked for both at once, since whoever reads the two could stand in between.
            cursor.execute("LOCK TABLE person_link, person_identifier IN ACCESS EXCLUSIVE MODE")
            connection.check_constraints()  # what waits for its check may stand in no table that changes its shape
        for part in parts:
            name = editor.quote_name(part.name)
            if part in shape.constraints:
                cursor.execute(f"ALTER TABLE {shape.db_table} DROP CONSTRAINT {name}")
            else:
                cursor.execute(f"DROP INDEX {name}")
        yield
        for part in parts:
            cursor.execute(str(part.create_sql(model, editor)))
