"""Maps of the example's four databases as a perfect engineer would finish them, made from the written truth."""

from chikai.sources import mapfile
from chikai.sources.map import ColumnMap, Edge, Hold, Identity, Map, TableMap
from examples.levii.databases.truth import TRUTH, Truth

KINDS = {"card_token": "card", "card_brand": "card", "created_content": "content"}
IDENTITIES = {
    "balus": {"accounts": Identity("id", "email", "email_verified_at", "name", "phone")},
    "kata": {"profiles": Identity("id", "email", "", "display_name")},
    "training": {"attendees": Identity("id", "email", "", "name", "phone")},
    # Our own database holds keys and no addresses, so the key is the row's number here.
    "website": {
        "inquiries": Identity("id", "email", "", "name", "phone"),
        "newsletter": Identity("id", "email", "confirmed_at"),
    },
}


HOLDS = {("balus", "invoices"): Hold("tax_books", "issued_on")}


def _columns(policy, truth: Truth):
    for name, kind in truth.kinds.items():
        kind = KINDS.get(kind, kind)
        category = policy.category_of_kind(kind) if kind != "-" else None
        erase = "" if category else "keep"
        yield ColumnMap(name, category.id if category else "-", erase, "" if kind == "-" else kind)


def true_map(policy, service: str) -> Map:
    """The map of one service's database, as its text is read: so its digest is the one that a plan names."""
    made = Map(
        service,
        service,
        tuple(
            TableMap(
                name,
                truth.whose,
                tuple(Edge(r.columns, r.table, r.parent_columns) for r in truth.reaches),
                IDENTITIES[service].get(name),
                tuple(_columns(policy, truth)),
                hold=HOLDS.get((service, name)),
            )
            for name, truth in TRUTH[service].items()
        ),
    )
    return mapfile.parse(mapfile.text(made), where=service)
