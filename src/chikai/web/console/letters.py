"""Mails to staff. They carry a link and no personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from chikai.web.frame import installed, language, operator_name

if TYPE_CHECKING:
    from chikai.web.models import Staff


def send_link(staff: Staff, where: str) -> None:
    """The one-time link by which a member of staff signs in."""
    operator = operator_name(installed(), language())
    text = render_to_string("console/link_letter.txt", {"where": where, "operator": operator})
    subject = _("[%(operator)s] Your sign-in link for Chikai") % {"operator": operator}
    send_mail(subject, text, None, [staff.email])
