"""The shape of a SQL source, read once and known again by a fingerprint that costs one statement.

Shapes and the statements made for them are kept for the whole process: a request opens and closes its sources, and
neither reading a catalogue nor compiling a map belongs into the time of a request.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from chikai.sources.catalogue import Catalogue
from chikai.sources.erasure import anchors
from chikai.sources.graph import compile_map
from chikai.sources.map import Map
from chikai.sources.markers import OWN
from chikai.sources.sql_catalogue import read_catalogue
from chikai.sources.sql_queries import EachReach

_KEPT: Final = 64  # shapes, and statements of maps for each shape
_POSTGRESQL: Final = """
SELECT md5(coalesce(string_agg(x, '|' ORDER BY x), '')) FROM (
  SELECT concat_ws(' ', c.oid, n.nspname, c.relname, a.attname, a.atttypid, a.atttypmod, a.attnotnull) AS x
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'
  UNION ALL
  SELECT concat_ws(' ', k.conrelid, k.contype, k.conkey::text, k.confrelid, k.confkey::text, k.confdeltype)
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
  WHERE n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'
  UNION ALL
  SELECT concat_ws(' ', i.indrelid, i.indkey::text) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE i.indisunique AND n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_') AS shape
"""
_MARIADB: Final = """
SELECT CONCAT_WS('-',
  (SELECT CONCAT(COUNT(*), '.', COALESCE(SUM(CRC32(CONCAT_WS('|', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE,
     COLUMN_KEY))), 0)) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()),
  (SELECT COALESCE(SUM(CRC32(CONCAT_WS('|', TABLE_NAME, COLUMN_NAME, CONSTRAINT_NAME, ORDINAL_POSITION,
     REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME))), 0) FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = DATABASE()),
  (SELECT COALESCE(SUM(CRC32(CONCAT_WS('|', TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE))), 0)
     FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()))
"""
_SQLITE: Final = (
    "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)"
)
_QUERIES: Final = {"postgresql": _POSTGRESQL, "mariadb": _MARIADB, "sqlite": _SQLITE}


def fingerprint(connection: sa.Connection, dialect: str) -> str:
    """A short text that changes with the columns, types, keys and references of the source."""
    told = connection.exec_driver_sql(_QUERIES[dialect]).scalar()
    return hashlib.sha256(f"{dialect} {told}".encode()).hexdigest()[:32]


@dataclass
class Shape:
    """A catalogue without our own tables, which of these are there, and the statements made for it."""

    catalogue: Catalogue
    own: frozenset[str]
    print: str
    _reaches: OrderedDict[tuple[str, bool], EachReach] = field(default_factory=OrderedDict)

    def reach(self, map_: Map, *, anchored: bool = False) -> EachReach:
        """The statements of a map, compiled once; `anchored` also finds what hangs on rows that are gone."""
        known = (map_.digest, anchored)
        if known not in self._reaches:
            graph = compile_map(map_)
            ends = anchors(graph, self.catalogue) if anchored else frozenset()
            self._reaches[known] = EachReach(graph, self.catalogue, ends)
            while len(self._reaches) > _KEPT:
                self._reaches.popitem(last=False)
        return self._reaches[known]


_SHAPES: Final[OrderedDict[tuple[str, str], Shape]] = OrderedDict()


def shape_of(connection: sa.Connection, dialect: str, schema: str, where: str) -> Shape:
    """The shape of a source as it is now: one statement where it is known already."""
    seen = fingerprint(connection, dialect)
    known = (f"{where} {schema}", seen)
    if known not in _SHAPES:
        _SHAPES[known] = read_shape(connection, dialect, schema, seen)
        while len(_SHAPES) > _KEPT:
            _SHAPES.popitem(last=False)
    return _SHAPES[known]


def read_shape(connection: sa.Connection, dialect: str, schema: str, seen: str = "") -> Shape:
    """The shape of a source, asked afresh."""
    found = read_catalogue(connection, dialect, schema)
    tables = tuple(t for t in found.tables if t.name not in OWN)
    own = frozenset(t.name for t in found.tables) & OWN
    return Shape(Catalogue(found.dialect, tables), own, seen)
