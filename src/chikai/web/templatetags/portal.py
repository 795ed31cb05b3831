"""How the portal's pages print days of a calendar, units of a switch, and what a notice said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from chikai import clock
from chikai.web import notice_words as words
from chikai.web.frame import language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.utils.safestring import SafeString

    from chikai.web.models import Outbox
    from chikai.web.models.switches import Place

register = template.Library()


@register.simple_tag
def icon_address(name: str) -> str:
    """The address of a drawing, where the drawing carries classes of its own."""
    return f"{static('chikai/icons.svg')}#{name}"


@register.filter
def unit_id(unit: str) -> str:
    """A unit of a switch as part of an element's id."""
    return "".join(sign if sign.isalnum() else "-" for sign in unit)


@register.filter
def joined(places: Iterable[Place]) -> str:
    """The names of services in one line."""
    joint = "、" if language() == "ja" else ", "
    return joint.join(place.name.in_(language()) for place in places)


@register.filter
def on(day: date) -> SafeString:
    """A day of the calendar in Japan."""
    return format_html(
        '<time datetime="{}">{}</time>', day.isoformat(), clock.written(day, language())
    )


@register.filter
def short_day(moment: datetime) -> SafeString:
    """A day of this year without its year: `11月18日（火）`; another year's in full."""
    return short_on(clock.day_in_japan(moment))


@register.filter
def short_on(day: date) -> SafeString:
    """A day of the calendar without its year, where it is this year's."""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), _short(day))


@register.filter
def short_moment(moment: datetime) -> SafeString:
    """A day without its year, and the time of day in Japan."""
    local = moment.astimezone(clock.TOKYO)
    written = f"{_short(local.date())} {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat("T", "seconds"), written)


def _short(day: date) -> str:
    written = clock.written(day, language())
    if day.year != clock.day_in_japan(clock.now()).year:
        return written
    return written.removeprefix(f"{day.year}年").removesuffix(f" {day.year}")


@register.filter
def notice_words(notice: Outbox) -> str:
    """What a notice said, in one sentence."""
    return words.short(notice)
