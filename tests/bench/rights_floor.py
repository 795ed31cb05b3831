"""The floor of the rights bench, written by hand, and the count of what a database was asked.

The floor reads or changes the rows of persons with one statement a table in one transaction, and looks at nothing again.
"""

import json
import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import rights_schema as schema


def access(db: Any, numbers: Sequence[int], out: Path) -> int:
    """By hand: twelve statements in one picture, each person's rows as JSON in a ZIP."""
    count = 0
    db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in schema.ORDER:
            cursor = db.execute(
                f"SELECT * FROM {table} WHERE {schema.WHERE[table]}", [list(numbers)]
            )
            names = [c.name for c in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor]
            count += len(rows)
            archive.writestr(f"{table}.json", json.dumps(rows, ensure_ascii=False, default=str))
    db.execute("COMMIT")
    return count


def erase(db: Any, numbers: Sequence[int]) -> int:
    """By hand: every personal column of every table replaced in one transaction, and nothing looked at again."""
    count = 0
    db.execute("BEGIN")
    for table in reversed(schema.ORDER):
        column = "'erased-'||id||'@erased.invalid'" if table in {"customer", "newsletter"} else ""
        values = ", ".join(
            f"{name} = {column if column and name == 'email' else chr(39) + 'erased' + chr(39)}"
            for name in schema.PERSONAL[table]
        )
        where = schema.WHERE[table]
        count += db.execute(f"UPDATE {table} SET {values} WHERE {where}", [list(numbers)]).rowcount
    db.execute("COMMIT")
    return count


def delete(db: Any, numbers: Sequence[int]) -> int:
    """By hand: rows taken away where nobody else's hang on them, the others replaced."""
    count = 0
    db.execute("BEGIN")
    for table in reversed(schema.ORDER):
        if table in schema.REPLACED:
            continue
        where = schema.WHERE[table]
        count += db.execute(f"DELETE FROM {table} WHERE {where}", [list(numbers)]).rowcount
    db.execute("COMMIT")
    return count + erase(db, numbers)


class Counted:
    """How many statements a database was asked between two moments, as PostgreSQL itself counts them."""

    def __init__(self, db: Any, name: str) -> None:
        self._db, self._name = db, name

    def reset(self) -> None:
        """Begin to count."""
        self._db.execute("SELECT pg_stat_statements_reset()")

    def read(self) -> int:
        """Statements that read or write: no beginnings and ends of transactions, and not what connections are told."""
        rows = self._db.execute(
            """SELECT s.query, s.calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
            WHERE d.datname = %s""",
            [self._name],
        ).fetchall()
        rows = [
            (q, n) for q, n in rows if not q.startswith(("SELECT 1 FROM ONLY", "SELECT pg_stat"))
        ]
        plain = ("BEGIN", "COMMIT", "ROLLBACK", "SET ", "SAVEPOINT", "RELEASE", "START", "DISCARD")
        if os.environ.get("BENCH_SHOW"):
            for query, calls in rows:
                print(calls, " ".join(query.split())[:150], file=sys.stderr)
        return sum(n for q, n in rows if not q.upper().startswith(plain))
