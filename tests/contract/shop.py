"""A schema as real ones are: reserved words, Japanese names, keys of every kind, edges with and without foreign keys."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import sqlalchemy as sa

from chikai.sources import config, http, notation
from chikai.sources.folder import FolderSource
from chikai.sources.http import HttpSource
from chikai.sources.map import ColumnMap, Edge, Identity, Map, TableMap
from chikai.sources.protocol import Row, Source
from chikai.sources.sql import SqlSource, connect
from tests.contract import services

SECRET = b"a secret of the tests"
AT = datetime(2026, 4, 1, 9, 30)  # noqa: DTZ001  the column has no zone


class Uuid(sa.types.UserDefinedType[Any]):
    """A type that all three databases know by this name."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "UUID"


META = sa.MetaData()
T, C, FK = sa.Table, sa.Column, sa.ForeignKey
T(
    "accounts",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("email", sa.String(200), nullable=False, unique=True),
    C("name", sa.String(100)),
    C("verified_at", sa.DateTime),
    C("born", sa.Date),
    C("active", sa.Boolean, nullable=False),
)
T(
    "newsletter",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("email", sa.String(200), nullable=False),
)
T(
    "order",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    C("ship to", sa.String(100)),
    C("total", sa.Numeric(12, 2), nullable=False),
)
T(
    "order items",
    META,
    C("order_id", sa.ForeignKey("order.id"), primary_key=True, autoincrement=False),
    C("line", sa.Integer, primary_key=True, autoincrement=False),
    C("gift", sa.Text),
)
T(
    "shipments",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("order_id", sa.Integer),
    C("line", sa.Integer),
    C("address", sa.String(30), nullable=False),
    sa.ForeignKeyConstraint(["order_id", "line"], ["order items.order_id", "order items.line"]),
)
T(
    "会員メモ",
    META,
    C("番号", sa.Integer, primary_key=True, autoincrement=False),
    C("会員番号", sa.Integer, index=True),
    C("本文", sa.Text),
)
T(
    "messages",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("sender_id", sa.ForeignKey("accounts.id")),
    C("receiver_id", sa.ForeignKey("accounts.id")),
    C("body", sa.Text),
)
T(
    "notes",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("owner_type", sa.String(20), nullable=False),
    C("owner_id", sa.String(40), nullable=False),
    C("body", sa.String(200)),
)
T(
    "devices",
    META,
    C("token", sa.String(40), primary_key=True),
    C("account_id", sa.ForeignKey("accounts.id")),
    C("label", sa.String(4), nullable=False),
)
T(
    "pings",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("device", sa.String(40)),
    C("ip", sa.String(45)),
)
T(
    "wallets",
    META,
    C("id", Uuid, primary_key=True),
    C("account_id", sa.Integer),
    C("holder", sa.String(80)),
)
T(
    "transfers",
    META,
    C("id", Uuid, primary_key=True),
    C("wallet", sa.ForeignKey("wallets.id")),
    C("memo", sa.Text),
)
T("log", META, C("account_id", sa.Integer), C("ip", sa.String(45)), C("note", sa.String(100)))
T(
    'we"ird `%s` a:b',
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C('x"y%z`:q', sa.Integer),
    C("text", sa.Text),
)
T(
    "pages",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("author_id", sa.ForeignKey("accounts.id")),
    C("author name", sa.String(80)),
    C("body", sa.Text),
)
T(
    "uploads",
    META,
    C("id", sa.Integer, primary_key=True, autoincrement=False),
    C("account_id", sa.Integer),
    C("file", sa.String(80)),
)
T("countries", META, C("code", sa.String(2), primary_key=True), C("name", sa.String(80)))
del T, C, FK

WEIRD, WEIRD_COLUMN = 'we"ird `%s` a:b', 'x"y%z`:q'


def _table(name: str, whose: str, edges: list[Edge], columns: str, **more: Any) -> TableMap:
    """`columns` names each column with its category, its kind and what erasing does: `body:content/note:delete`."""
    mapped = []
    for word in filter(None, columns.split(",")):
        column, category, erase = (*word.split(":"), "")[:3]
        category, _, kind = category.partition("/")
        mapped.append(ColumnMap(column, category, erase, kind))
    return TableMap(name, whose, tuple(edges), columns=tuple(mapped), **more)


def _edge(column: str, table: str, to: str = "id", when: tuple[str, str] | None = None) -> Edge:
    return Edge(tuple(column.split("+")), table, tuple(to.split("+")), when)


MAP = Map(
    "shop",
    "shop",
    (
        _table("accounts", "person", [], "id:-,email:contact,name:name,verified_at:-,born:age:null,active:-",
               identity=Identity("id", email="email", verified="verified_at", name="name")),
        _table("newsletter", "person", [], "id:-,email:contact:delete", identity=Identity("id", email="email")),
        _table("order", "person", [_edge("account_id", "accounts")], "id:-,ship to:contact:null,total:-"),
        _table("order items", "person", [_edge("order_id", "order")], "gift:content:null"),
        _table("shipments", "person", [_edge("order_id+line", "order items", "order_id+line")], "address:contact:null"),
        _table("会員メモ", "person", [_edge("会員番号", "accounts")], "本文:content:delete"),
        _table("messages", "person", [_edge("sender_id", "accounts"), _edge("receiver_id", "accounts")], "body:content"),
        _table("notes", "person", [_edge("owner_id", "accounts", when=("owner_type", "Account")),
                                   _edge("owner_id", "order", when=("owner_type", "Order"))], "body:content:delete"),
        _table("devices", "person", [_edge("account_id", "accounts")], "label:device:null"),
        _table("pings", "person", [_edge("device", "devices", "token")], "ip:device:delete"),
        _table("wallets", "person", [_edge("account_id", "accounts")], "holder:name"),
        _table("transfers", "person", [_edge("wallet", "wallets")], "memo:content:null"),
        _table("log", "person", [_edge("account_id", "accounts")], "ip:device:delete,note:content:delete"),
        _table(WEIRD, "person", [_edge(WEIRD_COLUMN, "accounts")], "text:content:null"),
        _table("pages", "shared", [_edge("author_id", "accounts")], "author name:name:delete,body:content/content"),
        _table("uploads", "customer", [_edge("account_id", "accounts")], "file:content"),
        _table("countries", "none", [], ""),
    ),
)  # fmt: skip

# What an engineer would write by hand for person 2 (and 502 in the newsletter): the keys of the rows, in order.
BY_HAND = {
    "accounts": 'SELECT id FROM "accounts" WHERE id = 2',
    "newsletter": 'SELECT id FROM "newsletter" WHERE id = 502',
    "order": 'SELECT id FROM "order" WHERE account_id = 2 ORDER BY id',
    "order items": 'SELECT i.order_id, i.line FROM "order items" i, "order" o WHERE o.id = i.order_id '
    "AND o.account_id = 2 ORDER BY 1, 2",
    "shipments": 'SELECT s.id FROM "shipments" s JOIN "order" o ON o.id = s.order_id WHERE o.account_id = 2 ORDER BY 1',
    "会員メモ": 'SELECT "番号" FROM "会員メモ" WHERE "会員番号" = 2 ORDER BY 1',
    "messages": 'SELECT id FROM "messages" WHERE sender_id = 2 OR receiver_id = 2 ORDER BY id',
    "notes": "SELECT id FROM \"notes\" WHERE owner_type = 'Account' AND owner_id = '2' OR owner_type = 'Order' "
    "AND owner_id IN ('21', '22') ORDER BY id",
    "devices": 'SELECT token FROM "devices" WHERE account_id = 2 ORDER BY token',
    "pings": 'SELECT p.id FROM "pings" p JOIN "devices" d ON d.token = p.device WHERE d.account_id = 2 ORDER BY p.id',
    "pages": 'SELECT id FROM "pages" WHERE author_id = 2 ORDER BY id',
}


def rows() -> dict[str, list[Row]]:
    """Three people whose rows lie beside each other; person 2 is the one the tests ask about."""
    made: dict[str, list[Row]] = {name: [] for name in META.tables}
    for n in (1, 2, 3):
        uid = UUID(int=n << 64 | 1)
        made["accounts"].append(
            {"id": n, "email": f"person{n}@mail.example", "name": f"山田{n}", "verified_at": AT if n != 3 else None,
             "born": date(1980 + n, 2, 3), "active": n == 2}
        )  # fmt: skip
        made["newsletter"].append({"id": 500 + n, "email": f"person{n}@mail.example"})
        for k in (1, 2):
            order = n * 10 + k
            made["order"].append(
                {"id": order, "account_id": n, "ship to": f"文京区{order}", "total": order}
            )
            for line in (1, 2):
                made["order items"].append(
                    {"order_id": order, "line": line, "gift": f"gift {order}-{line}"}
                )
                made["shipments"].append(
                    {
                        "id": order * 10 + line,
                        "order_id": order,
                        "line": line,
                        "address": f"本郷 {order}-{line}",
                    }
                )
            made["会員メモ"].append({"番号": order, "会員番号": n, "本文": f"電話 {order}"})
            made["notes"].append(
                {"id": order, "owner_type": "Order", "owner_id": str(order), "body": f"o{order}"}
            )
            made["log"].append({"account_id": n, "ip": f"10.0.0.{order}", "note": "seen"})
        # Order 2 and account 2 share a number: only the type tells them apart.
        made["notes"].append(
            {"id": n, "owner_type": "Account", "owner_id": str(n), "body": f"a{n}"}
        )
        made["notes"].append(
            {"id": 100 + n, "owner_type": "Page", "owner_id": str(n), "body": f"p{n}"}
        )
        made["devices"].append({"token": f"tok-{n}", "account_id": n, "label": f"機{n}"})
        made["pings"].append({"id": n, "device": f"tok-{n}", "ip": f"192.168.0.{n}"})
        made["pings"].append({"id": 10 + n, "device": None, "ip": "192.168.1.1"})
        made["wallets"].append({"id": uid, "account_id": n, "holder": f"YAMADA {n}"})
        made["transfers"].append({"id": UUID(int=n), "wallet": uid, "memo": f"memo {n}"})
        made[WEIRD].append({"id": n, WEIRD_COLUMN: n, "text": f"odd {n}"})
        made["pages"].append(
            {"id": n, "author_id": n, "author name": f"山田{n}", "body": f"a shared page {n}"}
        )
        made["uploads"].append({"id": n, "account_id": n, "file": f"file{n}.pdf"})
    for n, (sender, receiver) in enumerate(
        [(1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (None, 2), (None, None)]
    ):
        made["messages"].append(
            {"id": n, "sender_id": sender, "receiver_id": receiver, "body": f"message {n}"}
        )
    made["countries"].append({"code": "JP", "name": "日本"})
    return made


KEYS = {"accounts": (2,), "newsletter": (502,)}


@dataclass
class Shop:
    """One shop on one kind of source. `ask` runs plain SQL as its owner; a source in memory has none."""

    kind: str
    source: Source
    url: str = ""
    engine: sa.Engine | None = None
    closers: list[Callable[[], None]] = field(default_factory=list)
    changed: bool = False
    service: services.Shop | None = None

    def ask(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        assert self.engine is not None
        if self.kind == "mariadb":
            query = query.replace('"', "`")
        with self.engine.begin() as connection:
            result = connection.execute(sa.text(query), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, to see that nothing has changed."""
        tables = META.tables
        with self.source.reading() as reading:
            return {
                name: sorted(reading.sample(name, [c.name for c in table.columns], 1000), key=repr)
                for name, table in tables.items()
            }

    def close(self) -> None:
        for close in self.closers:
            close()


def configured(url: str, **more: str) -> config.SourceConfig:
    return config.parse("shop", {"service": "shop", "url": url, **more})


def opened(url: str, mode: str = "enforce", **more: str) -> SqlSource:
    return connect(configured(url, mode=mode, **more), environ={}, secret=SECRET)


def filled(url: str) -> sa.Engine:
    """Create the schema in an empty database and put the people in."""
    engine = sa.create_engine(url)
    META.create_all(engine)
    fill(engine)
    return engine


def fill(engine: sa.Engine) -> None:
    """Put the people in, and nobody else."""
    made = rows()
    with engine.begin() as connection:
        for table in reversed(META.sorted_tables):
            connection.execute(sa.delete(table))
        for table in META.sorted_tables:
            held = [
                {k: str(v) if isinstance(v, UUID) else v for k, v in r.items()}
                for r in made[table.name]
            ]
            # Names such as `a:b` cannot be parameters, so that the columns are bound by number.
            names = list(held[0])
            statement = sa.insert(table).values(
                {c: sa.bindparam(f"p{n}") for n, c in enumerate(names)}
            )
            connection.execute(
                statement, [{f"p{n}": r[c] for n, c in enumerate(names)} for r in held]
            )
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("ANALYZE"))


def foldered(folder: Path) -> FolderSource:
    """The same people in files: most as CSV in UTF-8, some as Excel writes them, and one as a book."""
    for old in folder.iterdir():
        old.unlink()
    for name, held in rows().items():
        grid = [list(held[0]), *(list(row.values()) for row in held)]
        if name == "messages":
            book = openpyxl.Workbook()
            for line in grid:
                book.worksheets[0].append(line)
            book.save(folder / f"{name}.xlsx")
            continue
        encoding = {"会員メモ": "cp932", "order": "utf-8-sig"}.get(name, "utf-8")
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(grid)
    config_ = config.parse(
        "shop", {"kind": "folder", "service": "shop", "path": str(folder), "mode": "enforce"}
    )
    return FolderSource(config_, SECRET)


_NAMED = {sa.Integer: "integer", sa.DateTime: "timestamp", sa.Date: "date", sa.Boolean: "boolean",
          sa.Numeric: "decimal", Uuid: "uuid"}  # fmt: skip


def described() -> str:
    """How the shop is asked where it is a service behind HTTP."""
    lines = ["[limits]", "per_second = 0", "[page]", 'kind = "cursor"', 'send = "after"']
    lines += ['from = "paging.next.after"']
    for number, (name, table) in enumerate(META.tables.items()):
        head, key = f"table.{json.dumps(name)}", service_key(name)
        path = "".join(f"/{{{c}}}" for c in key)
        lines += [f"[{head}]", f"key = {json.dumps(key)}"]
        targets = [
            (list(c.column_keys), [e.column for e in c.elements])
            for c in table.foreign_key_constraints
        ]
        written = [
            Edge(tuple(own), to[0].table.name, tuple(c.name for c in to)) for own, to in targets
        ]
        lines += [f"references = {json.dumps([notation.written(edge) for edge in written])}"]
        lines += [f'read = {{ get = "/t/{number}", rows = "results" }}']
        lines += [f'write = {{ patch = {json.dumps(f"/t/{number}{path}")}, body = "{{changes}}" }}']
        lines += [f"erase = {{ delete = {json.dumps(f'/t/{number}{path}')} }}"]
        lines += [f"[{head}.columns]"]
        for column in table.columns:
            said = _NAMED.get(type(column.type), "text")
            length = getattr(column.type, "length", None)
            said += f"({length})" if length else ""
            said += "" if column.nullable else " required"
            said += " unique" if column.unique else ""
            lines.append(f"{json.dumps(column.name, ensure_ascii=False)} = {json.dumps(said)}")
        for column in table.columns:
            query = json.dumps({column.name: f"{{{column.name}}}"}, ensure_ascii=False)
            query = query.replace(": ", " = ", 1) if ":" not in column.name else None
            if query:
                name_ = json.dumps(column.name, ensure_ascii=False)
                lines += [f"[{head}.find.{name_}]", f'get = "/t/{number}"', 'rows = "results"']
                lines += [f"query = {query}"]
    return "\n".join(lines)


def service_key(name: str) -> list[str]:
    """The key of a table; over HTTP every row needs one."""
    return [c.name for c in META.tables[name].primary_key] or ["ip"]


def behind_http(folder: Path) -> tuple[HttpSource, services.Shop, Callable[[], None]]:
    """The same people behind a service."""
    service = services.Shop(http_rows(), {name: service_key(name) for name in META.tables})
    opened_ = services.served(service)
    address = opened_.__enter__()
    (folder / "shop.api.toml").write_text(described())
    source = over_http(folder / "shop.api.toml", address)
    return source, service, lambda: opened_.__exit__(None, None, None)


def over_http(api: Path, address: str, mode: str = "enforce") -> HttpSource:
    table = {
        "kind": "http",
        "service": "shop",
        "url": f"{address}/v1",
        "api": str(api),
        "mode": mode,
    }
    table["password_env"] = "SHOP_KEY"
    made = config.parse("shop", table)
    return http.connect(made, environ={"SHOP_KEY": services.KEY}, secret=SECRET)


def http_rows() -> dict[str, list[dict[str, Any]]]:
    """The rows as JSON has them."""
    plain = json.dumps(rows(), default=str)
    return json.loads(plain)


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'shop.db'}"
