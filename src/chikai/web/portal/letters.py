"""Mails to persons. They carry a link, and nothing about the person."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from chikai.web import mail
from chikai.web.frame import installation, installed, language, operator_name

_log: Final = logging.getLogger("chikai.portal")


def send_link(address: str, where: str) -> None:
    """The one-time link by which a person signs in."""
    operator = operator_name(installed(), language())
    text = render_to_string(
        "portal/link_letter.txt",
        {"where": where, "operator": operator, "installation": installation()},
    )
    subject = _("[%(operator)s] Your link to the privacy desk") % {"operator": operator}
    message = EmailMessage(subject, text, None, [address])
    if mail.leaves():
        # A mail server takes its time; waiting for it would tell a known address from an unknown one.
        threading.Thread(target=_send, args=[message], daemon=True).start()
    else:
        _send(message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError as fault:  # smtplib's faults are of this kind; their text may quote the address
        _log.error("a link could not be sent: %s", type(fault).__name__)
