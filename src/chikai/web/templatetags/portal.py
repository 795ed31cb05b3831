"""How the portal's pages print days of a calendar, units of a switch, and what a notice said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from chikai import clock
from chikai.web.frame import language

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

register = template.Library()

NOTICES: Final[dict[str, _StrPromise]] = {
    "received": gettext_lazy("We have received your request"),
    "answered": gettext_lazy("Your copy is ready"),
    "refused": gettext_lazy("We refused your request, and said why"),
    "withdrawn": gettext_lazy("Your request was taken back"),
    "asked_back": gettext_lazy("The desk has a question for you"),
    "extended": gettext_lazy("We need longer, and said why"),
}


@register.simple_tag
def icon_address(name: str) -> str:
    """The address of a drawing, where the drawing carries classes of its own."""
    return f"{static('chikai/icons.svg')}#{name}"


@register.filter
def unit_id(unit: str) -> str:
    """A unit of a switch as part of an element's id."""
    return "".join(sign if sign.isalnum() else "-" for sign in unit)


@register.filter
def on(day: date) -> SafeString:
    """A day of the calendar in Japan."""
    return format_html(
        '<time datetime="{}">{}</time>', day.isoformat(), clock.written(day, language())
    )


@register.filter
def notice_words(kind: str) -> str:
    """What a notice said, in one sentence."""
    return str(NOTICES.get(kind, kind))
