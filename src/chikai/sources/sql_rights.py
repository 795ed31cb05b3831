"""What our account at a SQL source may do, and whether that fits the mode of the source."""

from __future__ import annotations

import re
from typing import Final, Literal

import sqlalchemy as sa

from chikai.sources.config import SourceConfig

_WRITES: Final = {"INSERT", "UPDATE", "DELETE", "REPLACE"}
_READS: Final = {"SELECT", "SHOW VIEW", "USAGE", "SHOW DATABASES", "PROCESS", "LOCK TABLES"}
Privileges = Literal["none", "select", "write", "more"]


def server(connection: sa.Connection, dialect: str) -> str:
    """What answers, and its version."""
    words = {
        "postgresql": "SHOW server_version",
        "mariadb": "SELECT version()",
        "sqlite": "SELECT sqlite_version()",
    }
    version = str(connection.exec_driver_sql(words[dialect]).scalar())
    title = {"postgresql": "PostgreSQL", "mariadb": "MariaDB", "sqlite": "SQLite"}[dialect]
    if dialect == "mariadb" and "mariadb" not in version.lower():
        title = "MySQL"
    return f"{title} {re.split(r'[ -]', version, maxsplit=1)[0]}"


_PG_RIGHTS: Final = """
SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
       OR EXISTS (SELECT 1 FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                  AND has_schema_privilege(n.oid, 'CREATE'))
       OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relowner = r.oid),
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
               AND (has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')
                    OR has_any_column_privilege(c.oid, 'INSERT') OR has_any_column_privilege(c.oid, 'UPDATE'))),
       EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
               AND (:schema = '' OR n.nspname = :schema) AND has_schema_privilege(n.oid, 'USAGE')
               AND has_any_column_privilege(c.oid, 'SELECT'))
FROM pg_roles r WHERE r.rolname = current_user
"""


def of_postgresql(connection: sa.Connection, schema: str) -> Privileges:
    """What our account at PostgreSQL may do; our own tables do not count."""
    more, write, read = connection.execute(sa.text(_PG_RIGHTS), {"schema": schema}).one()
    if more:
        return "more"
    if write:
        return "write"
    return "select" if read else "none"


def of_mariadb(connection: sa.Connection) -> Privileges:
    """What our account at MariaDB may do."""
    held: set[str] = set()
    for (line,) in connection.exec_driver_sql("SHOW GRANTS"):
        found = re.match(r"GRANT (.+?) ON ", line)
        words = re.sub(r"\([^)]*\)", "", found[1]) if found else ""
        held.update(word.strip() for word in words.split(",") if word.strip())
        if "WITH GRANT OPTION" in line:
            held.add("GRANT OPTION")
    if held - _WRITES - _READS:
        return "more"
    if held & _WRITES:
        return "write"
    return "select" if "SELECT" in held else "none"


def judged(privileges: Privileges, config: SourceConfig, tables: int) -> tuple[str, str]:
    """What is wrong with these rights for this mode, and what to do."""
    name, advice = (
        config.name,
        f"Run `chikai source grants {config.name}` for the role that is needed.",
    )
    if config.dialect == "sqlite":
        if privileges == "write" and config.mode == "observe":
            return (
                "",
                f"The file is opened read-only; for certainty take our account's right to write `{config.where}`.",
            )
        return "", ""
    if privileges == "none" or not tables:
        return f"our account may not read any table of `{name}`", advice
    if privileges == "more":
        return (
            f"our account at `{name}` may do more than read and write rows: create, own or administer",
            advice,
        )
    if privileges == "write" and config.mode == "observe":
        return f"source `{name}` is only observed, and our account may write to it", advice
    if privileges == "select" and config.mode == "enforce":
        return f"source `{name}` is enforced, and our account may not write to it", advice
    return "", ""


_PG_LACKING: Final = """
SELECT verb, name, col FROM unnest(CAST(:verbs AS text[]), CAST(:names AS text[]), CAST(:quoted AS text[]),
  CAST(:cols AS text[])) AS n(verb, name, quoted, col)
WHERE NOT coalesce(CASE WHEN col = '' THEN has_table_privilege(quoted, verb)
  ELSE has_column_privilege(quoted, col, verb) END, true)
"""
_MY_HELD: Final = """
SELECT privilege_type, table_name, column_name FROM information_schema.column_privileges
  WHERE table_schema = DATABASE() AND grantee = :me
UNION ALL SELECT privilege_type, table_name, '' FROM information_schema.table_privileges
  WHERE table_schema = DATABASE() AND grantee = :me
UNION ALL SELECT privilege_type, '', '' FROM information_schema.schema_privileges
  WHERE DATABASE() LIKE table_schema AND grantee = :me
UNION ALL SELECT privilege_type, '', '' FROM information_schema.user_privileges WHERE grantee = :me
"""


def lacking(
    connection: sa.Connection, dialect: str, needed: tuple[tuple[str, str, str], ...]
) -> tuple[tuple[str, str, str], ...]:
    """Of the rights that are needed (verb, table, column), those that our account does not have."""
    if dialect == "postgresql":
        quoted = [".".join(_quoted(part) for part in t.split(".", 1)) for _, t, _ in needed]
        verbs, names, columns = ([n[k] for n in needed] for k in range(3))
        values = {"verbs": verbs, "names": names, "quoted": quoted, "cols": columns}
        return tuple((v, t, c) for v, t, c in connection.execute(sa.text(_PG_LACKING), values))
    if dialect == "mariadb":
        user, _, host = str(
            connection.exec_driver_sql("SELECT CURRENT_USER()").scalar()
        ).rpartition("@")
        held = {
            tuple(row)
            for row in connection.execute(sa.text(_MY_HELD), {"me": f"'{user}'@'{host}'"})
        }
        return tuple(
            n for n in needed if not {n, (n[0], n[1], ""), (n[0], "", "")} & held
        )  # fmt: skip
    return ()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
