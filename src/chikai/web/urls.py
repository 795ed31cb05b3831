"""Every address. Japanese has nothing in front, English has `/en`; machines' addresses have no language.

Addresses of published editions are lasting: they are never renamed.
"""

from __future__ import annotations

from typing import Final

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from chikai.policy.document import LANGUAGES
from chikai.policy.schema import NAME as POLICY_SCHEMA
from chikai.web.api import choices as api_choices
from chikai.web.api import gate as api_gate
from chikai.web.api import inquiries as api_inquiries
from chikai.web.console import (
    account,
    by_hand,
    inquiries,
    jobs,
    ledger,
    map_,
    overview,
    partners,
    people,
    policy,
    policy_announce,
    policy_import,
    policy_publish,
    policy_rights,
    policy_structure,
    policy_uses,
    request_care,
    request_changes,
    request_handing,
    request_noting,
    request_register,
    request_several,
    requests,
    setup,
    sign_in,
    source_mode,
    sources,
    staff,
)
from chikai.web.portal import routes as portal
from chikai.web.public import anonymised, contact, example, status
from chikai.web.public import policy as public_policy

handler400 = "chikai.web.errors.bad_request"
handler403 = "chikai.web.errors.denied"
handler404 = "chikai.web.errors.not_found"
handler500 = "chikai.web.errors.failed"

PUBLIC: Final = [
    path("", public_policy.show, name="home"),
    path("policy", public_policy.show, name="policy"),
    path("policy/editions", public_policy.edition_list, name="editions"),
    path("policy/editions/<int:number>", public_policy.edition_show, name="edition"),
    path("policy/editions/<int:number>/print", public_policy.edition_print, name="edition-print"),
    path("policy/diff", public_policy.diff_choose, name="edition-diff-choose"),
    path("policy/diff/<int:old>..<int:new>", public_policy.diff_show, name="edition-diff"),
    path("anonymised", anonymised.show, name="anonymised"),
    path("contact", contact.show, name="contact"),
    path("example/mails", example.mails, name="example-mails"),
]
ENTRY: Final = [
    path("setup", setup.begin, name="setup"),
    path("setup/policy", setup.policy, name="setup-policy"),
    path("sign-in", sign_in.enter, name="sign-in"),
    path("sign-in/link/<str:secret>", sign_in.link, name="sign-in-link"),
    path("sign-in/passkey/begin", sign_in.passkey_begin, name="passkey-begin"),
    path("sign-in/passkey", sign_in.passkey, name="passkey"),
    path("sign-in/example/<int:number>", sign_in.demo, name="sign-in-demo"),
    path("sign-out", sign_in.leave, name="sign-out"),
]
DESK: Final = [
    path("desk", overview.show, name="desk"),
    path("desk/policy", policy.show, name="desk-policy"),
    path("desk/policy/import", policy_import.read, name="policy-import"),
    path("desk/policy/changes", policy.changes, name="policy-changes"),
    path("desk/policy/accept/<str:rule>/<str:clause>", policy.accept, name="policy-accept"),
    path("desk/policy/clause/<str:clause>", policy.reword, name="policy-reword"),
    path("desk/policy/publish", policy_publish.publish, name="publish"),
    path("desk/policy/structure", policy_structure.show, name="policy-structure"),
    path("desk/policy/structure/operator", policy_structure.operator, name="policy-operator"),
    path("desk/policy/structure/uses/<str:service>", policy_uses.uses, name="policy-uses"),
    path("desk/policy/structure/right/new", policy_rights.right, name="policy-right-new"),
    path("desk/policy/structure/right/of/<str:kind>", policy_rights.right, name="policy-right"),
    path(
        "desk/policy/structure/clause/of/<str:clause>", policy_rights.meaning, name="policy-meaning"
    ),
    path("desk/policy/structure/<str:noun>/new", policy_structure.thing, name="policy-new"),
    path(
        "desk/policy/structure/<str:noun>/of/<str:id_>", policy_structure.thing, name="policy-thing"
    ),
    path("desk/policy/announce", policy_announce.announce, name="policy-announce"),
    path("desk/map", map_.show_all, name="map"),
    path("desk/map/<str:name>", map_.show_source, name="map-source"),
    path("desk/map/<str:name>/adopt", map_.adopt, name="map-adopt"),
    path("desk/map/<str:name>/table/<path:table>", map_.show_table, name="map-table"),
    path("desk/sources", sources.show_all, name="sources"),
    path("desk/sources/connect", sources.connect, name="source-connect"),
    path("desk/sources/<str:name>", sources.show, name="source"),
    path("desk/sources/<str:name>/mode", source_mode.show, name="source-mode"),
    path("desk/sources/<str:name>/mode/<str:to>", source_mode.move, name="source-move"),
    path("desk/sources/<str:name>/ask/<str:verb>", sources.ask, name="source-ask"),
    path("desk/work/<uuid:number>", jobs.show, name="job"),
    path("desk/work/<uuid:number>/again", jobs.again, name="job-again"),
    path("desk/people", people.show, name="people"),
    path("desk/people/<int:number>/<str:finding>", people.decide, name="people-decide"),
    path("desk/inquiries", inquiries.show_all, name="inquiries"),
    path("desk/inquiries/<str:number>", inquiries.show, name="inquiry"),
    path("desk/partners", partners.show, name="partners"),
    path("desk/partners/contract", partners.sign, name="partner-sign"),
    path("desk/requests", requests.inbox, name="requests"),
    path("desk/requests/new", request_register.register, name="desk-request-new"),
    path("desk/requests/several", request_several.act, name="desk-requests-several"),
    path("desk/requests/<str:number>", requests.show, name="desk-request"),
    path("desk/requests/<str:number>/approve", requests.approve, name="desk-request-approve"),
    path(
        "desk/requests/<str:number>/changes/<int:ord_>",
        request_changes.write,
        name="desk-request-changes",
    ),
    path("desk/requests/<str:number>/refuse", requests.refuse, name="desk-request-refuse"),
    path("desk/requests/<str:number>/extend", request_care.extend, name="desk-request-extend"),
    path("desk/requests/<str:number>/whom", request_care.whom, name="desk-request-whom"),
    path("desk/requests/<str:number>/asker", request_care.asker, name="desk-request-asker"),
    path("desk/requests/<str:number>/join", request_care.join, name="desk-request-join"),
    path("desk/requests/<str:number>/write", request_care.write, name="desk-request-write"),
    path("desk/requests/<str:number>/paper", request_care.hand_in, name="desk-request-paper"),
    path(
        "desk/requests/<str:number>/paper/<uuid:id_>",
        request_care.read,
        name="desk-request-paper-read",
    ),
    path(
        "desk/requests/<str:number>/agent/<str:finding>",
        request_care.judge,
        name="desk-request-agent",
    ),
    path(
        "desk/requests/<str:number>/print/<str:part>",
        request_handing.print_,
        name="desk-request-print",
    ),
    path(
        "desk/requests/<str:number>/handed", request_handing.hand_over, name="desk-request-handed"
    ),
    path(
        "desk/requests/<str:number>/on-paper",
        request_handing.choose,
        name="desk-request-choose-paper",
    ),
    path("desk/requests/<str:number>/do/<str:verb>", requests.act, name="desk-request-act"),
    path(
        "desk/requests/<str:number>/notice/<int:id_>", request_noting.told, name="desk-notice-told"
    ),
    path("desk/requests/<str:number>/fee", request_noting.fee, name="desk-request-fee"),
    path(
        "desk/requests/<str:number>/withdraw", request_noting.withdraw, name="desk-request-withdraw"
    ),
    path("desk/requests/<str:number>/told/<int:id_>", request_care.told, name="desk-request-told"),
    path("desk/by-hand", by_hand.tasks, name="by-hand"),
    path("desk/requests/<str:number>/place/<int:ord_>", by_hand.step, name="desk-request-step"),
    path(
        "desk/requests/<str:number>/place/<int:ord_>/proof",
        by_hand.proof,
        name="desk-request-proof",
    ),
    path(
        "desk/requests/<str:number>/place/<int:ord_>/second/<str:finding>",
        by_hand.second,
        name="desk-request-second",
    ),
    path("desk/ledger", ledger.show, name="ledger"),
    path("desk/staff", staff.show, name="staff"),
    path("desk/account", account.show, name="account"),
    path("desk/account/passkey/begin", account.passkey_begin, name="passkey-add-begin"),
    path("desk/account/passkey", account.passkey_add, name="passkey-add"),
    path("desk/account/passkey/<int:number>/remove", account.passkey_remove, name="passkey-remove"),
]

urlpatterns = [
    path("healthz", status.health, name="health"),
    path("api/v1/choices/<str:service>/<str:key>", api_choices.take, name="api-choices"),
    path("api/v1/inquiries", api_inquiries.take, name="api-inquiries"),
    path("api/v1/decide", api_gate.decide, name="api-decide"),
    path(".well-known/chikai.json", status.well_known, name="well-known"),
    path(f"schemas/{POLICY_SCHEMA}", public_policy.schema, name="policy-schema"),
    path(
        "policy/editions/<int:number>/policy.json",
        public_policy.edition_bytes,
        name="edition-bytes",
    ),
    *(
        path(
            f"policy/editions/<int:number>/policy.{tongue}.pdf",
            public_policy.edition_sheets,
            {"tongue": tongue},
            name=f"edition-sheets-{tongue}",
        )
        for tongue in LANGUAGES
    ),
    *i18n_patterns(*PUBLIC, *ENTRY, *portal.PAGES, *DESK, prefix_default_language=False),
]
