"""Mails to those who look after a place that people work by hand: which request waits there, how, and until when.

`owner` of the place says to whom: a mail address, the name or address of a member of staff, or a role. Where it says
nobody who can be reached, and where no place says anything, who has the request in charge is told, or else the desk.
A mail names the request and the place. Whose it is stands at the desk, behind the sign-in, and in no mail.

Clauses: 6.
Law: APPI Art. 33(2).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from chikai import canon, clock, spelling
from chikai.rights.handing import ACTION as HAND_OVER
from chikai.web import request_words as words
from chikai.web.actions import by_hand as actions
from chikai.web.frame import installed, language, operator_name
from chikai.web.models import Staff, Step
from chikai.web.work import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chikai.policy.document import Language
    from chikai.web.work.engine import Work

Reader = tuple[str, str]  # a mail address, and the language of who reads there


def by_hand(work: Work) -> dict[str, object]:
    """The verb `by_hand`: one mail to each who has something to do by hand for these requests."""
    numbers = str(work.about["numbers"]).split()
    rows = Step.objects.by_hand().filter(request__number__in=numbers)
    tasks: dict[Reader, list[Step]] = defaultdict(list)
    for step in rows.select_related("request__assigned").order_by("request__number", "ord"):
        for reader in _readers(step):
            tasks[reader].append(step)
    for (address, tongue), steps in sorted(tasks.items()):
        subject, text = letter(steps, tongue)
        letters.send(subject, text, address, letters.message_id(f"{work.id}.{_mark(address)}"))
    return {"sent": len(tasks)}


def _mark(address: str) -> str:
    """What tells the mails of one job apart, without an address."""
    return canon.digest_bytes(address.encode())[7:19]


def _readers(step: Step) -> list[Reader]:
    """To whom a task is written."""
    place = actions.place_of(step)
    owner = place.owner.strip() if place is not None else ""
    if address := spelling.mail(owner):
        return [(address, "ja")]
    active = list(Staff.objects.filter(is_active=True).order_by("pk")) if owner else []
    found = [s for s in active if s.name == owner] or [s for s in active if s.has_role(owner)]
    return [(s.email, s.language) for s in found or letters.in_charge(step.request)]


def letter(steps: Sequence[Step], tongue: str) -> tuple[str, str]:
    """Subject and text of a mail about these tasks: numbers, kinds, places and days; no word of anybody."""
    with translation.override(tongue):
        operator = operator_name(installed(), language())
        title = _("Something is to be done by hand")
        spoken = language()
        lines = [_("This waits for you. Please do it, then note it at the desk.")]
        for step in steps:
            lines += ["", *_task(step, spoken)]
        closing = _("Whose it is stands at the desk. Without an account, please turn to the desk.")
        subject = _("[%(operator)s] %(title)s") % {"operator": operator, "title": title}
        return subject, "\n".join([*lines, "", closing, operator]) + "\n"


def _task(step: Step, tongue: Language) -> list[str]:
    request, place = step.request, actions.place_of(step)
    kind = words.kind(request.kind).in_(tongue)
    due = clock.written(actions.due_of(step), tongue)
    where = str(words.MADE[HAND_OVER]) if step.action == HAND_OVER else step.source
    said = [f"{request.number}  {kind}", f"{where}  {_('by %(day)s') % {'day': due}}"]
    if place is not None:
        said.append(place.instruction)
    return [*said, f"{settings.ADDRESS}/desk/requests/{request.number}"]
