"""The two tables of our own in a source, as statements: what `chikai source grants` prints needs no driver.

Clauses: 5.
Law: APPI Art. 35(2).
"""

from __future__ import annotations

from typing import Final

APPLIED: Final = "chikai_applied"
EPOCH: Final = "chikai_epoch"
OWN: Final = frozenset({APPLIED, EPOCH})
# What our role may do with them.
RIGHTS: Final = (("SELECT, INSERT", APPLIED), ("SELECT, UPDATE", EPOCH))
_TYPES: Final = {"mariadb": "DATETIME", "postgresql": "TIMESTAMP", "sqlite": "TIMESTAMP"}


def tables(dialect: str, schema: str = "") -> tuple[str, ...]:
    """The statements that make both tables, in a schema whose name is quoted; running them twice does no harm."""
    sign = "`" if dialect == "mariadb" else '"'
    applied, kept = (f"{schema}.{name}" if schema else name for name in (APPLIED, EPOCH))
    once = (
        f"CREATE TABLE IF NOT EXISTS {applied} (step_id VARCHAR(64) NOT NULL, subject VARCHAR(64) NOT NULL, "
        f"fence BIGINT NOT NULL, subject_seq BIGINT NOT NULL, {sign}rows{sign} TEXT NOT NULL, "
        f"at {_TYPES[dialect]} DEFAULT CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (step_id, subject))"
    )
    return (
        once,
        f"CREATE INDEX IF NOT EXISTS chikai_applied_subject ON {applied} (subject)",
        f"CREATE TABLE IF NOT EXISTS {kept} (id INTEGER NOT NULL PRIMARY KEY, epoch BIGINT NOT NULL)",
        f"INSERT INTO {kept} (id, epoch) SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM {kept} WHERE id = 1)",
    )
