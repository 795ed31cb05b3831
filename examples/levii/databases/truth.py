"""The truth about the four databases, for tests only: whose each row is, how it reaches a person, what each column holds.

The product never reads this module; it is what a perfect map would say. `whose` is person, shared (work of a team: the
author may go, the work stands), customer (held for the customer: referred to them) or none. A row is about a person
if any of its `reaches` leads, step by step, to the `key` of an identity table that holds the subject. "-" means: a
key, a date or a setting that says nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

Whose = Literal["person", "shared", "customer", "none"]

KINDS: Final = frozenset(
    {
        "-", "name", "kana", "email", "phone", "address", "postal_code", "company", "headcount",
        "card_token", "card_brand", "payment", "usage", "ip", "user_agent", "cookie_id", "free_text",
        "public_content", "created_content",
    }
)  # fmt: skip


class Reach(NamedTuple):
    """One step from a row towards a person: these columns are those columns of the parent."""

    columns: tuple[str, ...]
    table: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true about one table."""

    whose: Whose
    kinds: dict[str, str]
    reaches: tuple[Reach, ...] = ()
    key: str | None = None  # the column that holds the subject, in an identity table


def _to(table: str, column: str, parent_column: str = "id") -> Reach:
    return Reach((column,), table, (parent_column,))


def _kinds(text: str) -> dict[str, str]:
    """Read `column:kind` pairs; a column without a kind is technical."""
    pairs = (word.partition(":") for word in text.split())
    return {column: kind or "-" for column, _, kind in pairs}


_BALUS: Final = {
    "accounts": Truth(
        "person",
        _kinds(
            "id email:email email_verified_at name:name name_kana:kana phone:phone company:company "
            "locale created_at last_login_at:usage deleted_at"
        ),
        key="id",
    ),
    "workspaces": Truth(
        "shared",
        _kinds("id name:created_content owner_id created_at"),
        (_to("accounts", "owner_id"),),
    ),
    # The other column of the key, workspace_id, leads to a team and not to a person.
    "memberships": Truth(
        "person",
        _kinds("workspace_id account_id role group joined_at"),
        (_to("accounts", "account_id"),),
    ),
    "models": Truth(
        "shared",
        _kinds(
            "id workspace_id title:created_content description:created_content created_by updated_by "
            "created_at"
        ),
        (_to("accounts", "created_by"), _to("accounts", "updated_by")),
    ),
    "views": Truth(
        "shared",
        _kinds("id model_id title:created_content order"),
        (_to("models", "model_id"),),
    ),
    "elements": Truth(
        "shared",
        _kinds(
            "id model_id name:created_content body:created_content order group created_by updated_by"
        ),
        (_to("accounts", "created_by"), _to("accounts", "updated_by")),
    ),
    "relations": Truth(
        "shared",
        _kinds("id view_id source_id target_id label:created_content"),
        (_to("views", "view_id"),),
    ),
    "comments": Truth(
        "shared",
        _kinds("id element_id author_id body:free_text created_at"),
        (_to("accounts", "author_id"),),
    ),
    "public_links": Truth(
        "shared",
        _kinds("token model_id created_by caption:public_content expires_at"),
        (_to("accounts", "created_by"),),
    ),
    "usage_events": Truth(
        "person",
        _kinds("id account_id action:usage at:usage ip:ip user_agent:user_agent"),
        (_to("accounts", "account_id"),),
    ),
    "subscriptions": Truth(
        "person",
        _kinds("id workspace_id account_id plan:payment started_on ended_on"),
        (_to("accounts", "account_id"),),
    ),
    "invoices": Truth(
        "person",
        _kinds(
            "id number:payment subscription_id billing_name:name billing_company:company "
            "billing_postal_code:postal_code billing_address:address amount:payment issued_on "
            "paid_on:payment"
        ),
        (_to("subscriptions", "subscription_id"),),
    ),
    "card_tokens": Truth(
        "person",
        _kinds(
            "token:card_token account_id brand:card_brand last4:card_brand expiry:payment is_default"
        ),
        (_to("accounts", "account_id"),),
    ),
}

_KATA: Final = {
    "profiles": Truth(
        "person",
        _kinds(
            "id balus_account_id email:email display_name:name biography:public_content created_at"
        ),
        key="id",
    ),
    "templates": Truth(
        "shared",
        _kinds("id owner_id title:created_content summary:created_content group created_at"),
        (_to("profiles", "owner_id"),),
    ),
    "template_versions": Truth(
        "shared",
        _kinds("template_id version edited_by body:created_content created_at"),
        (_to("profiles", "edited_by"),),
    ),
    "publications": Truth(
        "shared",
        _kinds(
            "id template_id version slug:public_content headline:public_content published_at withdrawn_at"
        ),
        (Reach(("template_id", "version"), "template_versions", ("template_id", "version")),),
    ),
    "adoptions": Truth(
        "person",
        _kinds("id publication_id adopter_id balus_workspace_id adopted_at:usage"),
        (_to("profiles", "adopter_id"),),
    ),
    "reviews": Truth(
        "shared",
        _kinds("id publication_id reviewer_id stars:public_content body:public_content created_at"),
        (_to("profiles", "reviewer_id"),),
    ),
}

_TRAINING: Final = {
    "companies": Truth(
        "customer",
        _kinds(
            "id name:company contact_name:name contact_email:email contact_phone:phone "
            "postal_code:postal_code address:address"
        ),
    ),
    "applications": Truth(
        "customer",
        _kinds("id company_id course headcount:headcount remarks:free_text applied_at"),
    ),
    "attendees": Truth(
        "person",
        _kinds(
            "id application_id name:name name_kana:kana email:email phone:phone department:company group"
        ),
        key="id",
    ),
    "sessions": Truth("none", _kinds("id course held_on place order")),
    "attendance": Truth(
        "person",
        _kinds("session_id attendee_id came:usage note:free_text"),
        (_to("attendees", "attendee_id"),),
    ),
    "certificates": Truth(
        "person",
        _kinds("id attendee_id session_id name_on_certificate:name issued_on"),
        (_to("attendees", "attendee_id"),),
    ),
    "アンケート回答": Truth(
        "person",
        _kinds("回答番号 受講者番号 研修回番号 満足度:free_text 自由記述:free_text 回答日時"),
        (_to("attendees", "受講者番号"),),
    ),
    "invoices": Truth(
        "customer",
        _kinds("id application_id addressee:name amount:payment issued_on paid_on:payment"),
    ),
}

_WEBSITE: Final = {
    "inquiries": Truth(
        "person",
        _kinds(
            "id name:name email:email phone:phone company:company body:free_text cookie_id:cookie_id "
            "created_at answered_at"
        ),
        key="email",
    ),
    "newsletter": Truth(
        "person",
        _kinds("id email:email confirmed_at unsubscribed_at"),
        key="email",
    ),
    "access_log": Truth(
        "person",
        _kinds("id cookie_id:cookie_id ip:ip user_agent:user_agent path:usage at:usage"),
        (_to("inquiries", "cookie_id", "cookie_id"),),
    ),
}

TRUTH: Final[dict[str, dict[str, Truth]]] = {
    "balus": _BALUS,
    "kata": _KATA,
    "training": _TRAINING,
    "website": _WEBSITE,
}
