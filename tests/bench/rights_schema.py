"""The twelve tables of a small company's database, the same rows at each making: what the rights bench works on.

At 100,000 people it holds 2,160,000 rows. The heavy person has 185 of them, everybody else about 21. `MAP` is the map
that an engineer writes by hand for it, one line a table. A comment is its author's, not the document's owner's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HEAVY = 4242
ORDER = (
    *("customer", "newsletter", "address", "login_session", "project", "document"),
    *("comment", "orders", "order_item", "payment", "support_ticket", "ticket_message"),
)
MAP = """\
source = "bench"
service = "balus"
[table]
customer = { whose = "person", identity = { key = "id", email = "email", name = "full_name" }, columns = { email = "email/email", full_name = "name/name", full_name_kana = "name/kana", phone = "phone/phone", company = "company_name/company", birth_date = { is = "unique_other", erase = "null" }, memo = "voluntary/free_text" }, nothing = ["id", "plan", "created_at"] }
newsletter = { whose = "person", identity = { key = "id", email = "email" }, columns = { email = "email/email", display_name = "name/name" }, nothing = ["id", "subscribed", "created_at"] }
address = { whose = "person", through = "customer_id -> customer.id", columns = { postal_code = "address/postal_code", prefecture = "address/address", city = "address/address", street = "address/address", recipient = "name/name" }, nothing = ["id", "customer_id"] }
login_session = { whose = "person", through = "customer_id -> customer.id", columns = { ip = "usage_history/ip", user_agent = "usage_history/user_agent" }, nothing = ["id", "customer_id", "at"] }
project = { whose = "person", through = "owner_id -> customer.id", columns = { title = "unique_other/content" }, nothing = ["id", "owner_id", "created_at"] }
document = { whose = "person", through = "project_id -> project.id", columns = { title = "unique_other/content", body = "unique_other/content" }, nothing = ["id", "project_id", "updated_at"] }
comment = { whose = "person", through = "author_id -> customer.id", columns = { body = "voluntary/free_text" }, nothing = ["id", "document_id", "author_id", "at"] }
orders = { whose = "person", through = "customer_id -> customer.id", columns = { ship_name = "name/name", ship_phone = "phone/phone" }, nothing = ["id", "customer_id", "total_yen", "at"] }
order_item = { whose = "person", through = "order_id -> orders.id", columns = { gift_message = "voluntary/message" }, nothing = ["id", "order_id", "sku", "qty", "price_yen"] }
payment = { whose = "person", through = "order_id -> orders.id", columns = { card_last4 = "card/card", card_holder = "name/name" }, nothing = ["id", "order_id", "amount_yen", "at"] }
support_ticket = { whose = "person", through = "customer_id -> customer.id", columns = { subject = "voluntary/message", contact_email = "email/email" }, nothing = ["id", "customer_id", "at"] }
ticket_message = { whose = "person", through = "ticket_id -> support_ticket.id", columns = { body = "voluntary/message" }, nothing = ["id", "ticket_id", "at"] }
"""
# Tables on which other people's rows hang, so that their own rows are replaced where the others are deleted.
REPLACED = ("customer", "project", "document")
_LINE = "id bigint primary key"
_OF = "customer_id bigint not null references customer(id)"
DDL = {
    "customer": f"{_LINE}, email varchar(200) not null unique, full_name varchar(100), full_name_kana varchar(100), "
    "phone varchar(40), company varchar(100), birth_date date, plan varchar(20) not null, memo text, "
    "created_at timestamptz not null",
    "newsletter": f"{_LINE}, email varchar(200) not null, display_name varchar(100), subscribed boolean not null, "
    "created_at timestamptz not null",
    "address": f"{_LINE}, {_OF}, postal_code varchar(20), prefecture varchar(40), city varchar(60), "
    "street varchar(120), recipient varchar(100)",
    "login_session": f"{_LINE}, {_OF}, ip varchar(45), user_agent varchar(200), at timestamptz not null",
    "project": f"{_LINE}, owner_id bigint not null references customer(id), title varchar(200), "
    "created_at timestamptz not null",
    "document": f"{_LINE}, project_id bigint not null references project(id), title varchar(200), body text, "
    "updated_at timestamptz not null",
    "comment": f"{_LINE}, document_id bigint not null references document(id), "
    "author_id bigint not null references customer(id), body text, at timestamptz not null",
    "orders": f"{_LINE}, {_OF}, ship_name varchar(100), ship_phone varchar(40), total_yen integer not null, "
    "at timestamptz not null",
    "order_item": f"{_LINE}, order_id bigint not null references orders(id), sku varchar(40) not null, "
    "qty integer not null, price_yen integer not null, gift_message text",
    "payment": f"{_LINE}, order_id bigint not null references orders(id), card_last4 varchar(20), "
    "card_holder varchar(100), amount_yen integer not null, at timestamptz not null",
    "support_ticket": f"{_LINE}, {_OF}, subject varchar(200), contact_email varchar(200), at timestamptz not null",
    "ticket_message": f"{_LINE}, ticket_id bigint not null references support_ticket(id), body text, "
    "at timestamptz not null",
}
INDEXES = (
    *(("address", "customer_id"), ("login_session", "customer_id"), ("project", "owner_id")),
    *(("document", "project_id"), ("comment", "author_id"), ("comment", "document_id")),
    *(("orders", "customer_id"), ("order_item", "order_id"), ("payment", "order_id")),
    *(("support_ticket", "customer_id"), ("ticket_message", "ticket_id"), ("newsletter", "email")),
)
# By hand: what an engineer writes to find one person's rows, `%s` being the person's number.
_PROJECTS = "project_id in (select id from project where owner_id = any(%s))"
_ORDERS = "order_id in (select id from orders where customer_id = any(%s))"
_TICKETS = "ticket_id in (select id from support_ticket where customer_id = any(%s))"
WHERE = {
    "customer": "id = any(%s)",
    "newsletter": "id = any(%s)",
    "address": "customer_id = any(%s)",
    "login_session": "customer_id = any(%s)",
    "project": "owner_id = any(%s)",
    "document": _PROJECTS,
    "comment": "author_id = any(%s)",
    "orders": "customer_id = any(%s)",
    "order_item": _ORDERS,
    "payment": _ORDERS,
    "support_ticket": "customer_id = any(%s)",
    "ticket_message": _TICKETS,
}
PERSONAL = {
    "customer": ("email", "full_name", "full_name_kana", "phone", "company", "memo"),
    "newsletter": ("email", "display_name"),
    "address": ("postal_code", "prefecture", "city", "street", "recipient"),
    "login_session": ("ip", "user_agent"),
    "project": ("title",),
    "document": ("title", "body"),
    "comment": ("body",),
    "orders": ("ship_name", "ship_phone"),
    "order_item": ("gift_message",),
    "payment": ("card_last4", "card_holder"),
    "support_ticket": ("subject", "contact_email"),
    "ticket_message": ("body",),
}


def _spread(salt: int, space: int) -> str:
    return f"1 + (hashint8extended(g, {salt}) & 2147483647) % {space}"


@dataclass(frozen=True)
class _Company:
    """The queries that fill its tables; the first rows of a table go to the heavy person."""

    n: int
    heavy: int

    def owner(self, first: int, salt: int) -> str:
        return f"case when g <= {first} then {self.heavy} else {_spread(salt, self.n)} end"

    @staticmethod
    def child(parents: int, space: int, first: int, salt: int) -> str:
        return (
            f"case when g <= {first} then 1 + (g - 1) % {parents} else {_spread(salt, space)} end"
        )

    @staticmethod
    def when(salt: int) -> str:
        seconds = f"(hashint8extended(g, {salt}) & 2147483647) % 150000000"
        return f"timestamptz '2021-01-01 00:00:00+09' + ({seconds}) * interval '1 second'"

    def rows(self, share: float) -> str:
        return f"from generate_series(1, {int(self.n * share)}) g"


_MAIL, _MD5 = "'person'||g||'@example.jp'", "md5(g::text)||' '"


def _fill(n: int, heavy: int) -> Iterator[tuple[str, str]]:
    """Each table with the query that fills it."""
    company = _Company(n, heavy)
    yield from _accounts(company)
    yield from _doings(company)


def _accounts(company: _Company) -> Iterator[tuple[str, str]]:
    n, heavy, owner, child = company.n, company.heavy, company.owner, company.child
    when, rows, mail, md5 = company.when, company.rows, _MAIL, _MD5
    yield (
        "customer",
        f"""select g, {mail}, '山田 太郎'||g, 'ヤマダ タロウ'||g, '090-'||lpad((g % 10000)::text, 4, '0')||'-'
        ||lpad((g * 7 % 10000)::text, 4, '0'), '株式会社'||(g % 5000), date '1960-01-01' + (g * 31 % 16000)::int,
        (array['free', 'team', 'pro'])[1 + g % 3], 'memo '||md5(g::text), {when(1)} {rows(1)}""",
    )
    yield (
        "newsletter",
        f"select g, {mail}, '太郎'||g, g % 5 <> 0, {when(2)} {rows(1)} where g % 5 <> 0 or g = {heavy}",
    )
    yield (
        "address",
        f"""select g, {owner(2, 3)}, lpad((g % 1000)::text, 3, '0')||'-0033', '東京都', '文京区', '本郷 '||g,
        '山田 太郎'||g {rows(1.1)}""",
    )
    yield (
        "login_session",
        f"""select g, {owner(28, 4)}, '10.'||g % 250||'.'||g % 240||'.'||g % 230,
        'Mozilla/5.0 (X11; Linux x86_64) '||md5(g::text), {when(5)} {rows(3.5)}""",
    )
    yield "project", f"select g, {owner(7, 6)}, 'プロジェクト '||g, {when(7)} {rows(1)}"
    yield (
        "document",
        f"select g, {child(7, n, 8, 8)}, '文書 '||g, repeat({md5}, 6), {when(9)} {rows(2)}",
    )


def _doings(company: _Company) -> Iterator[tuple[str, str]]:
    n, owner, child = company.n, company.owner, company.child
    when, rows, mail, md5 = company.when, company.rows, _MAIL, _MD5
    yield (
        "comment",
        f"select g, {_spread(10, 2 * n)}, {owner(18, 11)}, repeat({md5}, 3), {when(12)} {rows(2.5)}",
    )
    yield (
        "orders",
        f"""select g, {owner(9, 13)}, '山田 太郎'||g, '03-'||g % 10000||'-0000', (g % 90000)::int, {when(14)}
        {rows(2)}""",
    )
    yield (
        "order_item",
        f"""select g, {child(9, 2 * n, 8, 15)}, 'SKU-'||g % 300, (1 + g % 5)::int, (g % 30000)::int,
        case when g % 4 = 0 then 'おめでとう '||g end {rows(4)}""",
    )
    yield (
        "payment",
        f"""select g, {child(9, 2 * n, 2, 16)}, lpad((g % 10000)::text, 4, '0'), 'TARO YAMADA '||g,
        (g % 90000)::int, {when(17)} {rows(2)}""",
    )
    yield (
        "support_ticket",
        f"select g, {owner(4, 18)}, '問い合わせ '||g, {mail}, {when(19)} {rows(0.5)}",
    )
    yield (
        "ticket_message",
        f"select g, {child(4, n // 2, 5, 20)}, repeat({md5}, 4), {when(21)} {rows(1.2)}",
    )


def deleting() -> str:
    """The map of a company that deletes rows instead of replacing what stands in them."""
    lines = MAP.splitlines(keepends=True)
    return "".join(
        line
        if line.split(" ")[0] in ("source", "service", *REPLACED)
        else re.sub(r'(\w+) = "(\w+/\w+)"', r'\1 = { is = "\2", erase = "delete" }', line)
        for line in lines
    )


def heavy(n: int) -> int:
    """The heavy person's number."""
    return min(HEAVY, n)


def people(n: int, count: int = 1000) -> list[int]:
    """Numbers of people for a batch, the heavy person not among them."""
    step = max(1, n // count)
    return [i for i in range(1, n + 1, step) if i != heavy(n)][:count]


def build(db: Any, n: int) -> int:
    """Make the tables and fill them; how many rows there are."""
    total = 0
    for table in ORDER:
        db.execute(f"create table {table} ({DDL[table]})")
    for table, query in _fill(n, heavy(n)):
        total += db.execute(f"insert into {table} {query}").rowcount
    for table, column in INDEXES:
        db.execute(f"create index on {table} ({column})")
    db.commit()
    db.execute("analyze")
    db.commit()
    return total
