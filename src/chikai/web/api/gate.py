"""`POST /api/v1/decide`: a decision for a service that is not written in Python and has no copy of its own.

It says what our rows say at this moment, and the ledger keeps each one. The service shows its token.

Clauses: 1.1, 5.
Law: APPI Art. 18(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chikai.choices import reading
from chikai.errors import ChikaiError, NotAllowed, http_status
from chikai.web import gate_token
from chikai.web.actions import gate
from chikai.web.errors import problem

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chikai.gate.meaning import Decision


@csrf_exempt  # a bearer token is sent by a programme, never by a browser on its own
@require_POST
def decide(request: HttpRequest) -> JsonResponse:
    """Answer `{"service", "purpose", "key", "recipient"}` with `{"allowed", "v", "reasons"}`."""
    try:
        said = reading.parsed(request.body, "the question")
        service = reading.text(said.get("service"), "`service`")
        gate_token.check(settings.HOME, service, request.headers.get("Authorization", ""))
        purpose = reading.text(said.get("purpose"), "`purpose`")
        recipient = reading.text(said.get("recipient", ""), "`recipient`")
        answer: list[Decision] = []
        key, by = gate.key_of(said.get("key")), gate.of_service(service)
        gate.decide_here(by, service, purpose, key, recipient=recipient, answer=answer)
    except ChikaiError as fault:
        return _problem(fault)
    [decision] = answer
    reasons = [gate.said(reason) for reason in decision.reasons]
    return JsonResponse({"allowed": decision.allowed, "v": decision.v, "reasons": reasons})


def _problem(fault: ChikaiError) -> JsonResponse:
    status = 401 if isinstance(fault, NotAllowed) else http_status(fault)
    return problem(status, fault.code, fault.what, fault.do)
