"""The portal's addresses; those of machines have no language in front."""

from __future__ import annotations

from typing import Final

from django.urls import path

from chikai.web.portal import agents, door, given, held, history, home, notices, requests, switches

PAGES: Final = [
    path("me", home.show, name="me"),
    path("me/sign-in", door.enter, name="me-sign-in"),
    path("me/link/<str:secret>", door.link, name="me-link"),
    path("me/enter", door.handed, name="me-enter"),
    path("me/which", door.which, name="me-which"),
    path("me/sign-out", door.leave, name="me-sign-out"),
    path("me/held", held.show, name="me-held"),
    path("me/settings", switches.show, name="me-settings"),
    path("me/settings/turn", switches.turn, name="me-turn"),
    path("me/settings/ends", switches.ends, name="me-ends"),
    path("me/settings/heard", switches.heard, name="me-heard"),
    path("me/requests", requests.show_all, name="me-requests"),
    path("me/requests/for", agents.new, name="me-request-for"),
    path("me/requests/new", requests.new, name="me-request-new"),
    path("me/requests/<str:number>", requests.show, name="me-request"),
    path("me/requests/<str:number>/withdraw", requests.withdraw, name="me-request-withdraw"),
    path("me/requests/<str:number>/write", requests.write, name="me-request-write"),
    path("me/requests/<str:number>/paper", requests.hand_in, name="me-request-paper"),
    path("me/requests/<str:number>/download", requests.download, name="me-request-download"),
    path("me/requests/<str:number>/age", requests.download_age, name="me-request-age"),
    path("me/given", given.show, name="me-given"),
    path("me/notices", notices.show, name="me-notices"),
    path("me/notices/<int:number>/<str:purpose>", notices.answer, name="me-notice-answer"),
    path("me/history", history.show, name="me-history"),
    path("me/history/receipt", history.receipt_file, name="me-receipt"),
]
