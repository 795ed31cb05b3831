"""How pages print icons, days, numbers, digests and texts in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _

from chikai import clock, law
from chikai.policy import change
from chikai.policy.pairing import anchor as compared_anchor
from chikai.web import event_words, fault_words, places, request_words
from chikai.web.frame import language

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.safestring import SafeString

    from chikai.policy.change import Change

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing from the sprite; it says nothing that the text beside it does not say."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("chikai/icons.svg"),
        name,
    )


@register.filter
def fault(text: str) -> SafeString | str:
    """What a worker met, or what to do about it, in the language of the page; one that nobody translated is marked English."""
    if not text:
        return ""
    said = fault_words.sentence(text)
    if language() == "ja" and said.isascii():
        return format_html('<span lang="en">{}</span>', said)
    return said


@register.filter
def day(moment: datetime) -> SafeString:
    """The day in Japan: `2025年11月26日（水）`."""
    on = clock.day_in_japan(moment)
    return format_html(
        '<time datetime="{}">{}</time>', on.isoformat(), clock.written(on, language())
    )


@register.filter
def moment(moment: datetime) -> SafeString:
    """The day and the time of day in Japan, in 24 hours."""
    local = moment.astimezone(clock.TOKYO)
    written = f"{clock.written(local.date(), language())} {local:%H:%M}"
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), written
    )


@register.filter
def written(on: date) -> str:
    """A day in Japan as people read it."""
    return clock.written(on, language())


@register.filter
def right(kind: str) -> str:
    """What a right is called."""
    return request_words.kind(kind).in_(language())


@register.filter
def number(value: int | str | None) -> str:
    """An integer with separators."""
    return f"{int(value or 0):,}"


@register.filter
def short(digest: str) -> str:
    """The head of a digest: enough to compare by eye."""
    return digest.removeprefix("sha256:")[:12]


@register.filter
def words(text: Any) -> str:
    """A text that exists in Japanese and English, in the language of the page."""
    if isinstance(text, dict):
        return str(text.get(language()) or text.get("ja") or text.get("en") or "")
    said = getattr(text, "in_", None)
    return str(said(language())) if said else str(text or "")


@register.filter
def place(source: str) -> SafeString:
    """A place by its source, in the words of the policy; the source stands beside where its service has several."""
    name = places.named(source).in_(language())
    if places.is_one_of_several(source):
        return format_html('{} <span class="mono small">{}</span>', name, source)
    return format_html("{}", name)


@register.filter
def sentence(kind: str) -> str:
    """What a kind of event says, in words."""
    return event_words.sentence(kind)


@register.filter
def actor(name: str) -> str:
    """Who acted: a number of staff, the command line, or our own worker."""
    kind, _colon, number = name.partition(":")
    if kind == "staff":
        return _("Staff no. %(number)s") % {"number": number}
    named = {
        "command": _("command line"),
        "work": _("worker"),
        "sign-in": _("sign-in page"),
        "link": _("sign-in link"),
        "setup": _("first run"),
        "person": _("the person"),
        "agent": _("who acts for the person"),
        "door": _("portal's door"),
    }
    return named.get(kind, name)


@register.filter
def change_words(one: Change) -> str:
    """What kind of change it is, in a short sentence."""
    return change.WORDS[one.kind].in_(language())


@register.filter
def place_anchor(place: tuple[str, str]) -> str:
    """The anchor of a changed clause."""
    return compared_anchor(place)


@register.filter
def cited(article: str) -> str:
    """A citation as people read it."""
    return law.in_words(article, language())


@register.filter
def is_checked(article: str) -> bool:
    """Whether a citation was compared with the official text."""
    return law.is_checked(article)
