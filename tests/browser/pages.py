"""Every page that the browser looks at: its name, its address, and who opens it."""

from dataclasses import dataclass

from chikai.web.models import Inquiry, Job


@dataclass(frozen=True)
class Looked:
    name: str
    path: str
    role: str = ""


PUBLIC = (
    Looked("policy", "/policy"),
    Looked("editions", "/policy/editions"),
    Looked("edition", "/policy/editions/1"),
    Looked("edition-print", "/policy/editions/2/print"),
    Looked("edition-diff", "/policy/diff/1..2"),
    Looked("edition-diff-same", "/policy/diff/2..2"),
    Looked("contact", "/contact"),
    Looked("anonymised", "/anonymised"),
    Looked("sign-in", "/sign-in"),
    Looked("link-over", "/sign-in/link/nothing"),
    Looked("not-found", "/no-such-page"),
)
DESK = (
    Looked("overview", "/desk", "officer"),
    Looked("desk-policy", "/desk/policy", "officer"),
    Looked("policy-import", "/desk/policy/import", "officer"),
    Looked("policy-changes", "/desk/policy/changes", "officer"),
    Looked("policy-reword", "/desk/policy/clause/2.3.2", "officer"),
    Looked("policy-accept", "/desk/policy/accept/L-DIS-03/-", "officer"),
    Looked("publish", "/desk/policy/publish", "officer"),
    Looked("policy-structure", "/desk/policy/structure", "officer"),
    Looked("policy-operator", "/desk/policy/structure/operator", "officer"),
    Looked("policy-uses", "/desk/policy/structure/uses/balus", "officer"),
    Looked("policy-item", "/desk/policy/structure/category/of/name", "officer"),
    Looked("policy-purpose-new", "/desk/policy/structure/purpose/new", "officer"),
    Looked("policy-right", "/desk/policy/structure/right/of/disclose", "officer"),
    Looked("policy-right-new", "/desk/policy/structure/right/new", "officer"),
    Looked("policy-meaning", "/desk/policy/structure/clause/of/1.2", "officer"),
    Looked("policy-announce", "/desk/policy/announce", "officer"),
    Looked("map", "/desk/map", "officer"),
    Looked("map-source", "/desk/map/balus", "engineer"),
    Looked("map-open", "/desk/map/balus?open=1", "engineer"),
    Looked("map-nothing", "/desk/map/balus?q=zzz", "engineer"),
    Looked("map-table", "/desk/map/balus/table/accounts", "engineer"),
    Looked("sources", "/desk/sources", "engineer"),
    Looked("source", "/desk/sources/balus", "engineer"),
    Looked("connect", "/desk/sources/connect", "engineer"),
    Looked("people", "/desk/people", "officer"),
    Looked("inquiries", "/desk/inquiries", "officer"),
    Looked("by-hand", "/desk/by-hand", "desk"),
    Looked("partners", "/desk/partners", "officer"),
    Looked("partner-sign", "/desk/partners/contract", "officer"),
    Looked("ledger", "/desk/ledger", "officer"),
    Looked("staff", "/desk/staff", "officer"),
    Looked("account", "/desk/account", "officer"),
    Looked("denied", "/desk/ledger", "engineer"),
)


def jobs() -> tuple[Looked, ...]:
    """One page for each state of work."""
    found = {job.state: job.pk for job in Job.objects.order_by("asked_at")}
    return tuple(
        Looked(f"job-{state}", f"/desk/work/{pk}", "engineer") for state, pk in found.items()
    )


def asked() -> tuple[Looked, ...]:
    """One page for an inquiry."""
    found = Inquiry.objects.order_by("number").first()
    return (Looked("inquiry", f"/desk/inquiries/{found.number}", "desk"),) if found else ()


def every() -> tuple[Looked, ...]:
    return (*PUBLIC, *DESK, *jobs(), *asked())
