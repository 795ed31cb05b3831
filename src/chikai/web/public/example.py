"""The mails of an example installation, which go to a folder instead of the post.

Without the mark in the database these addresses do not exist.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chikai.web import mail
from chikai.web.frame import installation
from chikai.web.sign_in import from_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def only_in_an_example(
    view: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """404 unless the database is marked as an example and the request comes from this machine."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        mark = installation()
        if mark is None or not mark.example or not from_loopback(request):
            raise Http404
        return view(request)

    return guarded


@require_safe
@only_in_an_example
def mails(request: HttpRequest) -> HttpResponse:
    """The mails that were sent, newest first, with their links made pressable."""
    return render(request, "public/mail_list.html", {"mails": mail.kept()[:50]})
