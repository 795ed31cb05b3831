"""`POST /api/v1/inquiries`: a service's own contact form hands an inquiry to the desk, with the service's token.

```json
{"service": "website", "kind": "question", "email": "a@b.example", "body": "...", "name": "", "company": "", "phone": ""}
```
The answer is `{"number": "Q-2026-0001", "due": "2026-11-26"}` with 201; the same `Idempotency-Key` again is answered
with the same number and 200. Only `kind`, `email` and `body` are needed.

Clauses: 7.
Law: APPI Art. 40(1).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chikai.errors import BadInput, NotAllowed, WrongState
from chikai.inquiry import desk
from chikai.web import gate_token, sign_in
from chikai.web.actions import Actor
from chikai.web.actions.inquiry import open_inquiry

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST: Final = 64 * 1024
BESIDE: Final = (("name", "氏名"), ("company", "会社名"), ("phone", "電話番号"))


@csrf_exempt  # no cookie is looked at: the token in the header shows who asks
@require_POST
def take(request: HttpRequest) -> JsonResponse:
    """Take one inquiry. Nothing of what was sent is repeated in an answer."""
    try:
        sent = _read(request)
        gate_token.check(settings.HOME, sent["service"], request.headers.get("Authorization", ""))
        if not sign_in.may_try("inquiries", sent["service"], times=600, seconds=900):
            return _said(429, "too many inquiries", "try again in a few minutes")
        message = desk.read(sent.get("kind", ""), _text(sent), sent.get("email", ""))
        once = request.headers.get("Idempotency-Key", "")[:200]
        by = Actor(f"service:{sent['service']}"[:40])
        event = open_inquiry(by, message, channel="service", once=once and sent["service"] + once)
    except NotAllowed as refusal:
        return _said(401, refusal.what, refusal.do)
    except BadInput as fault:
        return _said(422, fault.what, fault.do)
    except WrongState as known:
        return JsonResponse({"number": known.where})
    return JsonResponse({"number": event.facts["number"], "due": event.facts["due"]}, status=201)


def _read(request: HttpRequest) -> dict[str, str]:
    if len(request.body) > MOST:
        raise BadInput("the body is too large", f"send {MOST} bytes at most")
    try:
        sent = json.loads(request.body)
    except ValueError:
        sent = None
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        raise BadInput("the body is no JSON object of texts", "see docs/reference")
    if not sent.get("service"):
        raise BadInput("the service is missing", "name it as the policy does")
    return sent


def _text(sent: dict[str, str]) -> str:
    """What was written, and below it what else the form asked for."""
    beside = [
        f"{label}：{sent[name].strip()}" for name, label in BESIDE if sent.get(name, "").strip()
    ]
    body = sent.get("body", "").strip()
    return "\n\n".join(filter(None, (body, "\n".join(beside) if body else "")))


def _said(status: int, what: str, do: str) -> JsonResponse:
    return JsonResponse({"what": what, "do": do}, status=status)
