"""Balus, the modelling service in the cloud: its tables, and rows for any number of accounts.

Account n is person n. Accounts 4w-3 to 4w share workspace w, which account 4w owns. `order` and `group` are column
names on purpose: they are reserved words in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
)

from examples.levii.databases import names
from examples.levii.databases.names import TEAM_SIZE, World, pick
from examples.levii.databases.shape import BIG_KEY, Row, Rows, table

METADATA: Final = MetaData()

table(
    METADATA,
    "accounts",
    Column("id", BIG_KEY, primary_key=True),
    # Not unique: some teams share one info@ mailbox.
    Column("email", String(254), nullable=False, index=True),
    Column("email_verified_at", DateTime(timezone=True)),
    Column("name", String(100)),
    Column("name_kana", String(100)),
    Column("phone", String(40)),
    Column("company", String(120), comment="勤務先"),
    Column("locale", String(10), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_login_at", DateTime(timezone=True)),
    Column("deleted_at", DateTime(timezone=True)),
)
table(
    METADATA,
    "workspaces",
    Column("id", BIG_KEY, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("owner_id", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "memberships",
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id"), primary_key=True),
    Column("account_id", BigInteger, ForeignKey("accounts.id"), primary_key=True, index=True),
    Column("role", String(20), nullable=False),
    Column("group", String(40)),
    Column("joined_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "models",
    Column("id", BIG_KEY, primary_key=True),
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("description", Text),
    Column("created_by", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("updated_by", BigInteger, ForeignKey("accounts.id"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "views",
    Column("id", BIG_KEY, primary_key=True),
    Column("model_id", BigInteger, ForeignKey("models.id"), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("order", Integer, nullable=False),
)
table(
    METADATA,
    "elements",
    Column("id", BIG_KEY, primary_key=True),
    Column("model_id", BigInteger, ForeignKey("models.id"), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("body", Text),
    Column("order", Integer, nullable=False),
    Column("group", String(40)),
    Column("created_by", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("updated_by", BigInteger, ForeignKey("accounts.id"), index=True),
)
table(
    METADATA,
    "relations",
    Column("id", BIG_KEY, primary_key=True),
    Column("view_id", BigInteger, ForeignKey("views.id"), nullable=False, index=True),
    Column("source_id", BigInteger, ForeignKey("elements.id"), nullable=False, index=True),
    Column("target_id", BigInteger, ForeignKey("elements.id"), nullable=False, index=True),
    Column("label", String(100)),
)
table(
    METADATA,
    "comments",
    Column("id", BIG_KEY, primary_key=True),
    Column("element_id", BigInteger, ForeignKey("elements.id"), nullable=False, index=True),
    Column("author_id", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
table(
    METADATA,
    "public_links",
    Column("token", String(40), primary_key=True),
    Column("model_id", BigInteger, ForeignKey("models.id"), nullable=False, index=True),
    Column("created_by", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("caption", String(200), comment="公開ページの見出し"),
    Column("expires_at", DateTime(timezone=True)),
)
table(
    METADATA,
    "usage_events",
    Column("id", BIG_KEY, primary_key=True),
    Column("account_id", BigInteger, ForeignKey("accounts.id"), nullable=False),
    Column("action", String(40), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("ip", String(45)),
    Column("user_agent", String(300)),
    Index("usage_events_of_account", "account_id", "at"),
)
table(
    METADATA,
    "subscriptions",
    Column("id", BIG_KEY, primary_key=True),
    Column("workspace_id", BigInteger, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("account_id", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("plan", String(20), nullable=False),
    Column("started_on", Date, nullable=False),
    Column("ended_on", Date),
)
table(
    METADATA,
    "invoices",
    Column("id", BIG_KEY, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),
    Column("subscription_id", BigInteger, nullable=False, index=True),
    Column("billing_name", String(100)),
    Column("billing_company", String(120)),
    Column("billing_postal_code", String(20)),
    Column("billing_address", String(200)),
    Column("amount", Integer, nullable=False, comment="税込、円"),
    Column("issued_on", Date, nullable=False),
    Column("paid_on", Date),
    ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"]),
)
table(
    METADATA,
    "card_tokens",
    Column("token", String(40), primary_key=True, comment="決済代行の控え。番号は持たない"),
    Column("account_id", BigInteger, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("brand", String(20), nullable=False),
    Column("last4", String(4), nullable=False),
    Column("expiry", String(7), nullable=False),
    Column("is_default", Boolean, nullable=False),
)

THINGS: Final = (
    "探査機",
    "配車計画",
    "受注システム",
    "充電設備",
    "議事の流れ",
    "品質保証",
    "無人搬送車",
    "予約台帳",
)
PARTS: Final = ("電源", "通信", "利用者", "制御", "記録", "保守員", "外部装置", "要求")
LABELS: Final = ("使う", "含む", "満たす", "知らせる", None)
ACTIONS: Final = ("sign_in", "open_model", "edit_element", "export_image", "share_link")
COMMENTS: Final = (
    "この要素の範囲をもう一度確認したいです。",
    "前回の議論を反映しました。",
    "単位がそろっていません。",
    "これは誰が担当しますか。",
    "関連する要求への線が足りないと思います。",
)
# What the cast wrote, by author; the first of the two comments of an account.
CAST_COMMENTS: Final = {
    9: "山田花子さんの図をもとに、電源系を分けました。",
    10: "髙橋さんと𠮷田で読み合わせ済みです。",
    names.HEROINE: "佐藤健さん(ken.sato@hoshinari-kuso-denki.example)に境界の定義を確認しました。",
    names.DELETED: "退会前のメモです。引き継ぎは小川真理さんにお願いしました。",
}


def home_of(account: int, people: int) -> int:
    """Give the workspace of an account's team."""
    return min((account + TEAM_SIZE - 1) // TEAM_SIZE, people // TEAM_SIZE)


def member_of(workspace: int, place: int) -> int:
    """Give the account in one of the four places of a team; the last is the owner."""
    return TEAM_SIZE * (workspace - 1) + 1 + place % TEAM_SIZE


def model_place(world: World, model: int) -> tuple[int, int]:
    """Give the workspace of a model and the place of its maker in the team."""
    workspaces = world.people // TEAM_SIZE
    lap, workspace = divmod(model - 1, workspaces)
    return workspace + 1, TEAM_SIZE - 1 + lap


def comments_of(account: int, people: int) -> tuple[int, int]:
    """Give the keys of the two comments of an account."""
    return account, account + people


def is_paying(workspace: int) -> bool:
    """Whether a workspace has a plan that is invoiced."""
    return workspace % 2 == 1


def invoices_of(workspace: int) -> tuple[int, ...]:
    """Give the keys of the four invoices of a paying workspace."""
    first = (workspace - 1) // 2 * 4 + 1
    return tuple(range(first, first + 4)) if is_paying(workspace) else ()


def _accounts(world: World) -> Iterator[Row]:
    draw = world.draw("accounts")
    for number in range(1, world.people + 1):
        bits, person = draw(number), world.person(number)
        plain = (
            number > names.LAST_OF_CAST
        )  # the cast is complete, so that the story can rely on it
        created = names.moment(bits)
        yield {
            "id": number,
            "email": person.email,
            "email_verified_at": None
            if plain and bits % 7 == 0
            else created + timedelta(minutes=bits % 50),
            "name": None if plain and bits % 31 == 0 else person.name,
            "name_kana": None if plain and bits % 5 == 0 else person.kana,
            "phone": person.phone,
            "company": person.company.name if person.company else None,
            "locale": "en" if bits % 23 == 0 else "ja",
            "created_at": created,
            "last_login_at": None if plain and bits % 11 == 0 else names.later(created, bits >> 20),
            "deleted_at": names.later(created, bits >> 9) if names.is_deleted(number) else None,
        }


def _workspaces(world: World) -> Iterator[Row]:
    draw = world.draw("workspaces")
    for number in range(1, world.people // TEAM_SIZE + 1):
        bits = draw(number)
        yield {
            "id": number,
            "name": f"{pick(THINGS, bits)}チーム",
            "owner_id": member_of(number, TEAM_SIZE - 1),
            "created_at": names.moment(bits),
        }


def _memberships(world: World) -> Iterator[Row]:
    draw = world.draw("memberships")
    workspaces = world.people // TEAM_SIZE
    for account in range(1, world.people + 1):
        bits, home = draw(account), home_of(account, world.people)
        is_owner = account == member_of(home, TEAM_SIZE - 1)
        guest = account * 7 % workspaces + 1
        places = [(home, "owner" if is_owner else "editor")]
        if account % 3 == 0 and guest != home:
            places.append((guest, "viewer"))
        for workspace, role in places:
            yield {
                "workspace_id": workspace,
                "account_id": account,
                "role": role,
                "group": pick(("設計", "検証", None), bits >> 4),
                "joined_at": names.moment(bits >> 8),
            }


def _models(world: World) -> Iterator[Row]:
    draw = world.draw("models")
    for number in range(1, world.people + 1):
        bits = draw(number)
        workspace, place = model_place(world, number)
        title = pick(THINGS, bits)
        yield {
            "id": number,
            "workspace_id": workspace,
            "title": f"{title}の構造",
            "description": None
            if bits % 3 == 0
            else f"{title}を{pick(PARTS, bits >> 8)}から見たもの。",
            "created_by": member_of(workspace, place),
            "updated_by": None if number % 3 == 1 else member_of(workspace, place + 2),
            "created_at": names.moment(bits),
        }


def _views(world: World) -> Iterator[Row]:
    for number in range(1, 2 * world.people + 1):
        model, order = divmod(number - 1, 2)
        yield {
            "id": number,
            "model_id": model + 1,
            "title": ("全体", "詳細")[order],
            "order": order + 1,
        }


def _elements(world: World) -> Iterator[Row]:
    draw = world.draw("elements")
    for number in range(1, TEAM_SIZE * world.people + 1):
        bits = draw(number)
        model, order = divmod(number - 1, TEAM_SIZE)
        workspace, _ = model_place(world, model + 1)
        part = pick(PARTS, bits)
        yield {
            "id": number,
            "model_id": model + 1,
            "name": part,
            "body": f"{part}の役割と境界。" if bits % 2 else None,
            "order": order + 1,
            "group": pick(("機能", "物理", None), bits >> 5),
            # Each of the four members made one element of every model of the team.
            "created_by": member_of(workspace, order),
            "updated_by": member_of(workspace, order + 1) if bits % 4 == 0 else None,
        }


def _relations(world: World) -> Iterator[Row]:
    draw = world.draw("relations")
    for number in range(1, TEAM_SIZE * world.people + 1):
        bits = draw(number)
        view = (number - 1) // 2
        first_element = view // 2 * TEAM_SIZE + 1
        yield {
            "id": number,
            "view_id": view + 1,
            "source_id": first_element + bits % 2,
            "target_id": first_element + 2 + bits // 2 % 2,
            "label": pick(LABELS, bits >> 8),
        }


def _comments(world: World) -> Iterator[Row]:
    draw = world.draw("comments")
    for number in range(1, 2 * world.people + 1):
        bits = draw(number)
        author = (number - 1) % world.people + 1
        first_element = (home_of(author, world.people) - 1) * TEAM_SIZE + 1
        body = CAST_COMMENTS.get(number)
        if body is None:
            body = pick(COMMENTS, bits)
            if bits % 8 == 0:  # other people's names, inside running text
                body = f"{world.person(bits % world.people + 1).plain}さんへ。{body}"
        yield {
            "id": number,
            "element_id": first_element + bits % TEAM_SIZE,
            "author_id": author,
            "body": body,
            "created_at": names.moment(bits >> 3),
        }


def _public_links(world: World) -> Iterator[Row]:
    draw = world.draw("public_links")
    for model in range(3, world.people + 1, 8):
        bits = draw(model)
        workspace, place = model_place(world, model)
        yield {
            "token": names.text_key("pl_", model),
            "model_id": model,
            "created_by": member_of(workspace, place),
            "caption": None if bits % 3 == 0 else f"{pick(THINGS, bits)}の公開版",
            "expires_at": names.moment(bits) if bits % 2 else None,
        }


def _usage_events(world: World) -> Iterator[Row]:
    draw = world.draw("usage_events")
    number = 0
    for account in range(1, world.people + 1):
        count = 400 if account == names.HEAVY else 1 + draw(account) % 9
        for _ in range(count):
            number += 1
            bits = draw(-number)  # negative, so that these draws and the counts above differ
            yield {
                "id": number,
                "account_id": account,
                "action": pick(ACTIONS, bits),
                "at": names.moment(bits >> 3),
                "ip": None if bits % 17 == 0 else names.ip(bits),
                "user_agent": None if bits % 19 == 0 else pick(names.USER_AGENTS, bits >> 11),
            }


def _subscriptions(world: World) -> Iterator[Row]:
    draw = world.draw("subscriptions")
    for workspace in range(1, world.people // TEAM_SIZE + 1):
        bits = draw(workspace)
        started = names.day(bits)
        yield {
            "id": workspace,
            "workspace_id": workspace,
            "account_id": member_of(workspace, TEAM_SIZE - 1),
            "plan": pick(("team", "business"), bits) if is_paying(workspace) else "free",
            "started_on": started,
            "ended_on": started + timedelta(days=90) if bits % 6 == 0 else None,
        }


def _invoices(world: World) -> Iterator[Row]:
    draw = world.draw("invoices")
    for workspace in range(1, world.people // TEAM_SIZE + 1):
        owner = member_of(workspace, TEAM_SIZE - 1)
        for number in invoices_of(workspace):
            bits, person = draw(number), world.person(owner)
            issued = names.day(bits)
            yield {
                "id": number,
                "number": f"B-{issued.year}-{number:07d}",
                "subscription_id": workspace,
                # Some invoices are made out to the company alone.
                "billing_name": None
                if person.company and owner > names.LAST_OF_CAST and bits % 4 == 0
                else person.name,
                "billing_company": person.company.name if person.company else None,
                "billing_postal_code": names.postal_code(draw(-owner)) if owner % 3 == 0 else None,
                "billing_address": names.address(draw(-owner)) if owner % 3 == 0 else None,
                "amount": (5_500, 11_000, 33_000)[bits % 3],
                "issued_on": issued,
                "paid_on": None if bits % 5 == 0 else issued + timedelta(days=20),
            }


def _card_tokens(world: World) -> Iterator[Row]:
    draw = world.draw("card_tokens")
    for workspace in range(3, world.people // TEAM_SIZE + 1, 4):
        bits = draw(workspace)
        yield {
            "token": names.text_key("tok_", workspace),
            "account_id": member_of(workspace, TEAM_SIZE - 1),
            "brand": pick(("VISA", "Mastercard", "JCB"), bits),
            "last4": f"{bits >> 8 & 0xFFF:04d}",
            "expiry": f"{2026 + bits % 4}-{bits // 4 % 12 + 1:02d}",
            "is_default": True,
        }


ROWS: Final[dict[str, Rows]] = {
    "accounts": _accounts,
    "workspaces": _workspaces,
    "memberships": _memberships,
    "models": _models,
    "views": _views,
    "elements": _elements,
    "relations": _relations,
    "comments": _comments,
    "public_links": _public_links,
    "usage_events": _usage_events,
    "subscriptions": _subscriptions,
    "invoices": _invoices,
    "card_tokens": _card_tokens,
}

# How many rows are about the account `:subject`, written by hand and on purpose without `truth`.
HELD_BY: Final[dict[str, str]] = {
    "accounts": "SELECT count(*) FROM accounts WHERE id = :subject",
    "workspaces": "SELECT count(*) FROM workspaces WHERE owner_id = :subject",
    "memberships": "SELECT count(*) FROM memberships WHERE account_id = :subject",
    "models": "SELECT count(*) FROM models WHERE created_by = :subject OR updated_by = :subject",
    "views": (
        "SELECT count(*) FROM views JOIN models ON models.id = views.model_id "
        "WHERE models.created_by = :subject OR models.updated_by = :subject"
    ),
    "elements": "SELECT count(*) FROM elements WHERE created_by = :subject OR updated_by = :subject",
    "relations": (
        "SELECT count(*) FROM relations JOIN views ON views.id = relations.view_id "
        "JOIN models ON models.id = views.model_id "
        "WHERE models.created_by = :subject OR models.updated_by = :subject"
    ),
    "comments": "SELECT count(*) FROM comments WHERE author_id = :subject",
    "public_links": "SELECT count(*) FROM public_links WHERE created_by = :subject",
    "usage_events": "SELECT count(*) FROM usage_events WHERE account_id = :subject",
    "subscriptions": "SELECT count(*) FROM subscriptions WHERE account_id = :subject",
    "invoices": (
        "SELECT count(*) FROM invoices JOIN subscriptions "
        "ON subscriptions.id = invoices.subscription_id WHERE subscriptions.account_id = :subject"
    ),
    "card_tokens": "SELECT count(*) FROM card_tokens WHERE account_id = :subject",
}


def cast_facts(world: World) -> dict[str, Any]:
    """Give the keys of the awkward facts that live in this service."""
    people = world.people
    deleted = [n for n in range(1, people + 1) if names.is_deleted(n)]
    team = home_of(names.HEROINE, people)
    return {
        "namesakes": {"name": "佐藤 健", "accounts": list(names.NAMESAKES)},
        "two_addresses": {
            "accounts": list(names.TWO_ADDRESSES),
            "emails": [world.person(n).email for n in names.TWO_ADDRESSES],
        },
        "shared_mailbox": {
            "email": world.person(names.SHARED[0]).email,
            "accounts": list(names.SHARED),
        },
        "deleted_account": {
            "account": names.DELETED,
            "comments": list(comments_of(names.DELETED, people)),
            "all_accounts": deleted,
        },
        "heavy_account": {"account": names.HEAVY, "usage_events": 400},
        "team_model": {
            "model": team,
            "workspace": team,
            "owner": member_of(team, TEAM_SIZE - 1),
            "members": [member_of(team, place) for place in range(TEAM_SIZE)],
            "created_by": member_of(team, 3),
            "updated_by": member_of(team, 5),
        },
        "three_hops": {
            "account": names.HEROINE,
            "model": team,
            "views": [2 * team - 1, 2 * team],
            "relations": list(range(4 * team - 3, 4 * team + 1)),
        },
        "tax_invoices": {
            "account": names.HEROINE,
            "subscription": team,
            "invoices": list(invoices_of(team)),
        },
        "rare_characters": {"accounts": [9, 10, 11], "characters": ["﨑", "𠮷", "髙"]},
        "phone_spellings": {
            "accounts": {n: world.person(n).phone for n in (names.HEROINE, *names.PHONE_STYLES)}
        },
        "half_width_kana": {"account": names.HALF_WIDTH, "name_kana": "ｻｸﾗｲ ﾕｳｺ"},
    }
