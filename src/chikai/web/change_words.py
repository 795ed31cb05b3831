"""The mail about a change of the policy: the same words for everybody, in Japanese and then in English.

Clauses: 8.
Law: APPI Art. 21(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from chikai.policy.document import LANGUAGES
from chikai.web.frame import installed, operator_name

if TYPE_CHECKING:
    from chikai.policy.document import Language
    from chikai.web.models import Announcement

BETWEEN = "\n----\n\n"


def letter(row: Announcement) -> tuple[str, str]:
    """Subject and text of the mail: nobody has told us which language they read."""
    return " / ".join(subject(tongue) for tongue in LANGUAGES), BETWEEN.join(
        text(row, tongue) for tongue in LANGUAGES
    )


def subject(tongue: Language) -> str:
    """The subject in one language."""
    with translation.override(tongue):
        operator = operator_name(installed(), tongue)
        return _("[%(operator)s] The privacy policy has changed") % {"operator": operator}


def text(row: Announcement, tongue: Language) -> str:
    """The text in one language: what changed, what is asked, and where it is read in full."""
    with translation.override(tongue):
        operator = operator_name(installed(), tongue)
        where = f"{settings.ADDRESS}{'/en' if tongue == 'en' else ''}/me/notices"
        context = {"row": row, "operator": operator, "where": where, "tongue": tongue}
        return render_to_string("portal/notice_letter.txt", context).strip() + "\n"
