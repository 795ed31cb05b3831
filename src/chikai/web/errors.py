"""The pages for what goes wrong: same look, both languages, never a value and never a traceback."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from chikai.errors import ChikaiError, http_status
from chikai.web import fault_words
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
MACHINES: Final = "/api/"


def page(request: HttpRequest | None, status: int, what: str, do: str) -> HttpResponse:
    """One page that says what happened and what to do. Without a request no database is asked."""
    part = bool(request and request.headers.get("HX-Request"))
    template = "errors/fragment.html" if part else "errors/page.html"
    context = {"status": status, "what": what, "do": do, "tongue": language()}
    return HttpResponse(render_to_string(template, context, request), status=status)


def problem(status: int, code: str, what: str, do: str = "") -> JsonResponse:
    """What a programme is told: `application/problem+json` (RFC 9457), in English."""
    body = {"status": status, "code": code, "title": what, "detail": do}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def in_its_language(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Answer in the language of the address, even when the fault came before the language was chosen."""

    @wraps(view)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = args[0]
        english = isinstance(request, HttpRequest) and request.path.startswith("/en/")
        with translation.override("en" if english else "ja"):
            return view(*args, **kwargs)

    return spoken


@in_its_language
def said(request: HttpRequest, error: ChikaiError) -> HttpResponse:
    """What a rule says: its own sentence, which carries no personal value."""
    status = http_status(error)
    if status == 403:
        return denied(request)
    return page(request, status, _("This cannot be done now."), fault_words.said(error))


@in_its_language
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return page(
        request,
        400,
        _("The page could not read what was sent."),
        _("Go back, open the page again and send it once more."),
    )


@in_its_language
def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return page(
        request,
        403,
        _("Your role does not open this page."),
        _("Ask a colleague who holds the role, or an officer to give it to you."),
    )


@in_its_language
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return page(
        request,
        404,
        _("This page was not found."),
        _("The address may be mistyped, or the page may have moved."),
    )


@in_its_language
def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405, with the methods that are allowed; a machine door says it as a problem."""
    if request.path.startswith(MACHINES):
        what = "this address does not answer that kind of request"
        response: HttpResponse = problem(405, "method-not-allowed", what, f"use {allowed}")
    else:
        response = _wrong_method(request)
    response["Allow"] = allowed
    return response


def _wrong_method(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        405,
        _("This address does not answer that kind of request."),
        _("Go back and use the buttons of the page."),
    )


@in_its_language
def failed(request: HttpRequest) -> HttpResponse:
    """500; it asks no database, since that may be what failed."""
    return page(
        None,
        500,
        _("Something went wrong on our side."),
        _("Nothing was changed by this request. Please try again in a few minutes."),
    )


@in_its_language
def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that does not come from our own page."""
    return page(
        request,
        403,
        _("We could not tell that this form came from our own page."),
        _("Open the page again and send the form once more. Cookies must be allowed."),
    )
