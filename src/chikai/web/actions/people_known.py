"""What of the rows that are read is known already: a link's number and `seen`, looked up chunk by chunk.

A link whose row is as it was costs one bit, so that a sync of a million unchanged rows writes nothing and holds little.
What is looked up here is right until another sync is applied; `people_sync` refuses the table in that case.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FIND: Final = {
    # Read the links of these keys, one by one: asked for all at once PostgreSQL would walk the whole table instead.
    "postgresql": """
        SELECT asked.key, l.id, l.seen FROM unnest(%(keys)s::text[]) AS asked(key), LATERAL (
            SELECT id, seen FROM person_link
            WHERE source = %(source)s AND "table" = %(table)s AND key = asked.key LIMIT 1) AS l""",
    # Read the links of these keys.
    "sqlite": """
        SELECT key, id, seen FROM person_link WHERE source = %(source)s AND "table" = %(table)s
        AND key IN (SELECT value FROM json_each(%(keys)s))""",
}
# Read the links of one identity table whose key was there when it was last read.
_PRESENT: Final = (
    'SELECT id FROM person_link WHERE source = %s AND "table" = %s AND gone_at IS NULL'
)


class Known:
    """The links that were read again: one bit each."""

    def __init__(self) -> None:
        self.bits = bytearray()

    def mark(self, link: int) -> bool:
        """Note that a link was read; whether it was the first time."""
        byte, bit = link >> 3, 1 << (link & 7)
        if byte >= len(self.bits):
            self.bits.extend(bytes(byte + 65536 - len(self.bits)))
        if self.bits[byte] & bit:
            return False
        self.bits[byte] |= bit
        return True

    def is_marked(self, link: int) -> bool:
        """Whether a link was read."""
        byte = link >> 3
        return byte < len(self.bits) and bool(self.bits[byte] & 1 << (link & 7))

    def lost(self, source: str, table: str) -> Iterator[int]:
        """The links of an identity table that stood there before and were not read now."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(_PRESENT, [source, table])
            while rows := cursor.fetchmany(10_000):
                yield from (link for (link,) in rows if not self.is_marked(link))


def find(source: str, table: str, keys: Sequence[str]) -> dict[str, tuple[int, bytes | None]]:
    """The links of these keys: number and `seen`."""
    vendor = connection.vendor
    asked: Any = list(keys) if vendor == "postgresql" else json.dumps(keys)
    with connection.cursor() as cursor:
        cursor.execute(_FIND[vendor], {"source": source, "table": table, "keys": asked})
        return {
            key: (link, None if seen is None else bytes(seen))
            for key, link, seen in cursor.fetchall()
        }
