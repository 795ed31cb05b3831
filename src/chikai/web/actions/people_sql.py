"""The statements of a sync, each with a name and a sentence; `{s}` stands before the waiting tables' names.

They run on SQLite and on PostgreSQL. None of them holds a rule: who is the same person is `people.matching`'s to say.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

# A UUIDv7 whose middle counts the rows of the run (RFC 9562, 6.2, method 1), so that the indexes grow at one end.
_NEW_ID: Final = {
    "sqlite": "printf('%%012x7%%03x', {ms} + f.n / 4096, f.n %% 4096)"
    " || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(8))), 1, 15)",
    "postgresql": "(lpad(to_hex({ms} + f.n / 4096), 12, '0') || '7' || lpad(to_hex(f.n %% 4096), 3, '0')"
    " || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid",
}
_DIFFERS: Final = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
_BYTES: Final = {"sqlite": "", "postgresql": ' COLLATE "C"'}

STATEMENTS: Final = {
    # Remember the rows whose key no link has yet, in the order of their keys.
    "find_fresh": """
        INSERT INTO {s}fresh (place, key, mail, phone, name, verified, seen)
        SELECT r.place, r.key, r.mail, r.phone, r.name, r.verified, r.seen
        FROM {s}place p JOIN {s}row r ON r.place = p.place
        LEFT JOIN person_link l ON l.source = p.source AND l."table" = p.name AND l.key = r.key
        WHERE l.id IS NULL
        ORDER BY r.place, r.key""",
    # Remember the links whose key was read again, and whether anything about the row is new.
    "find_at": """
        INSERT INTO {s}at (link, place, key, changed)
        SELECT l.id, r.place, r.key, l.seen {differs} r.seen
        FROM {s}place p JOIN {s}row r ON r.place = p.place
        JOIN person_link l ON l.source = p.source AND l."table" = p.name AND l.key = r.key""",
    # Put what was read beside the links that changed.
    "find_changes": """
        INSERT INTO {s}change (link, mail, phone, name, verified, seen)
        SELECT a.link, r.mail, r.phone, r.name, r.verified, r.seen
        FROM {s}at a JOIN {s}row r ON r.place = a.place AND r.key = a.key WHERE a.changed""",
    # Mark links gone whose key the table no longer shows.
    "mark_gone": """
        UPDATE person_link SET gone_at = %(now)s, seen = NULL
        WHERE gone_at IS NULL
          AND EXISTS (SELECT 1 FROM {s}place p WHERE p.source = person_link.source AND p.name = person_link."table")
          AND NOT EXISTS (SELECT 1 FROM {s}at a WHERE a.link = person_link.id)""",
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
        DELETE FROM person_identifier
        WHERE kind <> 'added' AND link_id IN (SELECT id FROM person_link WHERE gone_at = %(now)s)""",
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
    # Make a link for each new key, with the id of a person who is written at the end.
    "insert_links": """
        INSERT INTO person_link (id, person_id, source, "table", key, verified, name, seen, since)
        SELECT {base} + f.n, {new_id}, p.source, p.name, f.key, CASE WHEN f.verified THEN 'mail' ELSE '' END,
               f.name, f.seen, %(now)s
        FROM {s}fresh f JOIN {s}place p ON p.place = f.place
        ORDER BY f.n""",
    # Keep the identifiers of new links, in the order of their digests.
    "insert_identifiers": """
        INSERT INTO person_identifier (link_id, kind, digest, verified)
        SELECT {base} + n, 'mail', mail, verified FROM {s}fresh WHERE mail IS NOT NULL
        UNION ALL
        SELECT {base} + n, 'phone', phone, {no} FROM {s}fresh WHERE phone IS NOT NULL
        ORDER BY 3""",
    # Read after which number new links are counted.
    "read_base": """
        SELECT coalesce(max(id), 0) FROM person_link""",
    # Read the links that share an address with another, address by address.
    "read_shared": """
        SELECT i.digest, l.id, l.source, l."table", l.key, i.verified, l.name, l.person_id, s.id IS NULL
        FROM (SELECT digest FROM person_identifier GROUP BY digest HAVING count(*) > 1) AS shared
        JOIN person_identifier i ON i.digest = shared.digest
        JOIN person_link l ON l.id = i.link_id
        LEFT JOIN person s ON s.id = l.person_id
        WHERE i.kind <> 'phone' AND l.gone_at IS NULL
        ORDER BY i.digest, l.id""",
    # Read whom an officer found not to be one.
    "read_apart": """
        SELECT a.person_id, b.person_id FROM person_candidate c
        JOIN person_link a ON a.id = c.a_id JOIN person_link b ON b.id = c.b_id
        WHERE c.decided = 'denied' AND a.person_id <> b.person_id""",
    # Give links to the person whose they are.
    "move_links": """
        UPDATE person_link SET person_id = m.person FROM {s}move m WHERE m.link = person_link.id""",
    # Write the persons of new links.
    "insert_persons": """
        INSERT INTO person (id, since)
        SELECT DISTINCT l.person_id, {now_column} FROM person_link l
        WHERE l.since = %(now)s AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = l.person_id)
        ORDER BY l.person_id""",
    # Drop doubts that no longer hold and that nobody decided.
    "drop_stale": """
        DELETE FROM person_candidate
        WHERE decided = '' AND NOT EXISTS (
            SELECT 1 FROM {s}doubt d WHERE d.reason = person_candidate.reason AND d.a = person_candidate.a_id
            AND d.b = person_candidate.b_id AND d.digest = person_candidate.digest)""",
    # Keep new doubts about pairs that nobody decided for this address.
    "insert_doubts": """
        INSERT INTO person_candidate (reason, a_id, b_id, digest, decided, at)
        SELECT d.reason, d.a, d.b, d.digest, '', {now_column} FROM {s}doubt d
        WHERE NOT EXISTS (
            SELECT 1 FROM person_candidate c WHERE c.a_id = d.a AND c.b_id = d.b AND c.digest = d.digest
            AND (c.decided <> '' OR c.reason = d.reason))""",
    # Read every link in one order, for the digest of the whole set.
    "read_links": """
        SELECT source, "table", key, person_id FROM person_link WHERE gone_at IS NULL
        ORDER BY source{bytes}, "table"{bytes}, key{bytes}""",
}


def text(name: str, prefix: str, *, ms: int = 0, base: int = 0) -> str:
    """A statement in the words of our own database."""
    vendor = connection.vendor
    return STATEMENTS[name].format(
        s=prefix,
        new_id=_NEW_ID[vendor].format(ms=f"{ms}::bigint" if vendor == "postgresql" else ms),
        base=base,
        differs=_DIFFERS[vendor],
        bytes=_BYTES[vendor],
        no="false" if vendor == "postgresql" else "0",
        now_column="%(now)s::timestamptz" if vendor == "postgresql" else "%(now)s",
    )


def run(name: str, prefix: str, *, ms: int = 0, base: int = 0, **values: Any) -> int:
    """Run a statement; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(text(name, prefix, ms=ms, base=base), values or {"now": None})
        return int(cursor.rowcount)


def count_on(base: int, new: int) -> None:
    """Let PostgreSQL number the next link after those that were numbered here; SQLite goes on by itself."""
    if new and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('person_link', 'id'), %s)", [base + new]
            )


def analyze(prefix: str, *tables: str) -> None:
    """Tell PostgreSQL's planner how large waiting or freshly filled tables are; SQLite needs no word."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {prefix}{table}")
