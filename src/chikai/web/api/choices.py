"""`/api/v1/choices/SERVICE/KEY`: the switches of a person, for a service's own settings page, in the portal's own state.

GET gives them as data and as a ready fragment of HTML, whose forms go to `action` (a path of the service) with the fields
`unit` and `verb`; `?lang=en` is English. POST of `{"unit": ..., "verb": "stop"}` or `"resume"` takes effect at once. The
service shows its token, and speaks of its own key.

Clauses: 5.
Law: APPI Art. 35(5).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chikai import clock
from chikai.errors import BadInput, NotAllowed, RequestRefused
from chikai.policy import stored
from chikai.web import gate_token
from chikai.web.actions import Actor, choices, portal, receipts
from chikai.web.models import Edition
from chikai.web.models.people import own_id
from chikai.web.models.switches import acknowledged, choices_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chikai.web.models import Link, Person
    from chikai.web.models.switches import Line

MOST: Final = 4096
VERBS: Final = {"stop": choices.stop, "resume": choices.resume}


@csrf_exempt  # no cookie is looked at: the token in the header shows who asks
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, service: str, key: str) -> JsonResponse:
    """Show a person's switches, or turn one."""
    try:
        gate_token.check(settings.HOME, service, request.headers.get("Authorization", ""))
        link = _link(service, key)
        person = link.person if link else None
        if request.method == "POST":
            return _turned(request, service, link)
    except NotAllowed as refusal:
        return _said(401, refusal)
    except RequestRefused as refusal:
        return _said(409, refusal)
    except BadInput as fault:
        return _said(422, fault)
    with translation.override("en" if request.GET.get("lang") == "en" else "ja"):
        return _shown(request, service, person)


def _link(service: str, key: str) -> Link | None:
    found = portal.links_at(service, key)
    return found[0] if len(found) == 1 else None


def _shown(request: HttpRequest, service: str, person: Person | None) -> JsonResponse:
    """The switches of the purposes that this service has."""
    lines = _lines(service, person) if person is not None else []
    context = {
        "lines": [x for x in lines if x.kind == "switch"],
        "ending": [x for x in lines if x.kind == "ends_service"],
        "is_known": person is not None,
        "action": _path(request.GET.get("action", "")),
    }
    said = {
        "switches": [_plain(line) for line in lines],
        "html": render_to_string("api/choices.html", context),
        "style": request.build_absolute_uri(static("chikai/component.css")),
    }
    # A key that was registered a moment ago is linked by the next sync.
    return _uncached(JsonResponse(said, status=200 if person is not None else 202))


def _lines(service: str, person: Person) -> list[Line]:
    edition = Edition.objects.current()
    policy = stored.document(bytes(edition.canonical)) if edition else None
    own = {
        f"purpose:{p.id}" for p in (policy.purposes if policy else ()) if p.categories_at(service)
    }
    return [line for line in choices_of(person.pk) if line.unit in own]


def _turned(request: HttpRequest, service: str, link: Link | None) -> JsonResponse:
    sent = _read(request)
    verb = VERBS.get(sent.get("verb", ""))
    if verb is None:
        raise BadInput("this is no verb", "send `stop` or `resume`")
    if link is None:
        raise BadInput("this registration is not known here yet", "try again in a minute")
    by = Actor(f"service:{service}"[:40], frozenset({"person"}))
    own = own_id(link.person, [link.pk]) or link.person.pk
    event = verb(by, own, sent.get("unit", ""))
    v = int(str(event.facts.get("v", 0)))
    heard = acknowledged(v, clock.now())
    said: dict[str, Any] = {
        "unit": sent["unit"],
        "is_stopped": sent["verb"] == "stop",
        "v": v,
        "entry": receipts.last_number(own),
        "heard": {"k": heard.k, "n": heard.n},
    }
    return _uncached(JsonResponse(said))


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        sent = json.loads(request.body) if len(request.body) <= MOST else None
    except ValueError:
        sent = None
    if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
        raise BadInput("the body is no JSON object of texts", 'send `{"unit": ..., "verb": ...}`')
    return sent


def _path(action: str) -> str:
    """A path of the service's own site: a form of ours never leads to a third place."""
    fine = action.startswith("/") and not action.startswith("//") and action.isprintable()
    return action if fine and "\\" not in action else "/"


def _plain(line: Line) -> dict[str, object]:
    since = line.since.isoformat() if line.since else None
    return {
        "unit": line.unit,
        "name": {"ja": line.name.ja, "en": line.name.en},
        "kind": line.kind,
        "effect": {"ja": line.effect.ja, "en": line.effect.en},
        "is_stopped": line.is_stopped,
        "since": since,
        "held_by": line.held_by,
    }


def _uncached(response: JsonResponse) -> JsonResponse:
    response["Cache-Control"] = "no-store"
    return response


def _said(status: int, fault: BadInput | NotAllowed | RequestRefused) -> JsonResponse:
    """What went wrong, as a service reads it."""
    return JsonResponse({"what": fault.what, "do": fault.do}, status=status)
