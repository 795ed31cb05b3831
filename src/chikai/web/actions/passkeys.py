"""Passkeys of staff: the browser's answer is checked here, and each change leaves its event.

The challenge of a ceremony waits in the session; it is taken out when it is used, so an answer counts once.

Clauses: 1.2.
Law: APPI Art. 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from chikai import clock
from chikai.errors import BadInput, WrongState
from chikai.ledger.events import Event
from chikai.web.actions import Actor, action
from chikai.web.models import Passkey, Staff

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST: Final = 10
WAITING: Final = "passkey-ceremony"


def server(request: HttpRequest) -> Fido2Server:
    """The relying party: our own host, and only the very origin that people open."""
    origin = settings.ADDRESS if settings.SECURE else f"{request.scheme}://{request.get_host()}"
    host = urlsplit(origin).hostname or "localhost"
    rp = PublicKeyCredentialRpEntity(name="Chikai", id=host)
    return Fido2Server(rp, verify_origin=lambda said: said == origin)


def begin_adding(request: HttpRequest, staff: Staff) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    known = [AttestedCredentialData(bytes(key.credential)) for key in staff.passkeys.all()]
    options, state = server(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=str(staff.pk).encode(), name=staff.email, display_name=staff.name
        ),
        known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[WAITING] = state
    return dict(options)


def begin_signing_in(request: HttpRequest) -> dict[str, Any]:
    """What the browser needs to prove a passkey; it names nobody, so it tells nobody who works here."""
    options, state = server(request).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[WAITING] = state
    return dict(options)


@action()
def add_passkey(
    by: Actor, request: HttpRequest, staff: Staff, *, name: str, credential: dict[str, Any]
) -> Event:
    """Keep the public key that the browser made. A member of staff adds only to their own account."""
    if by.name != f"staff:{staff.pk}" or staff.passkeys.count() >= MOST:
        raise WrongState("no further passkey can be added", "remove one that is not used any more")
    state = request.session.pop(WAITING, None)
    try:
        made = server(request).register_complete(state, RegistrationResponse.from_dict(credential))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput("the passkey could not be checked", "try once more") from None
    data = made.credential_data
    if data is None:
        raise BadInput("the passkey could not be checked", "try once more")
    Passkey.objects.create(
        staff=staff,
        name=name[:60] or f"{clock.written(clock.day_in_japan(clock.now()))}",
        credential_id=data.credential_id,
        credential=bytes(data),
        counter=made.counter,
        added_at=clock.now(),
    )
    return Event("staff.passkey_added", {"staff": staff.pk, "passkeys": staff.passkeys.count()})


@action()
def remove_passkey(by: Actor, passkey: Passkey) -> Event:
    """Forget a passkey of one's own."""
    if by.name != f"staff:{passkey.staff_id}":
        raise WrongState("this passkey is somebody else's", "ask them to remove it")
    staff = passkey.staff
    passkey.delete()
    return Event("staff.passkey_removed", {"staff": staff.pk, "passkeys": staff.passkeys.count()})


def holder(request: HttpRequest, credential: dict[str, Any]) -> tuple[Passkey, int]:
    """Whose passkey answered, and its counter; BadInput when the answer does not hold."""
    state = request.session.pop(WAITING, None)
    try:
        answer = AuthenticationResponse.from_dict(credential)
        passkey = Passkey.objects.select_related("staff").get(
            credential_id=answer.raw_id, staff__is_active=True
        )
        server(request).authenticate_complete(
            state, [AttestedCredentialData(bytes(passkey.credential))], answer
        )
    except (ValueError, KeyError, TypeError, AttributeError, Passkey.DoesNotExist):
        raise BadInput("this passkey does not open an account here", "use a link by mail") from None
    counter = answer.response.authenticator_data.counter
    if counter and counter <= passkey.counter:  # WebAuthn 7.2, step 22: a copy may be at work
        raise BadInput("this passkey was used by a copy", "remove it and add a new one")
    return passkey, counter


@action()
def sign_in_by_passkey(by: Actor, passkey: Passkey, counter: int) -> Event:
    """Record that a passkey opened a session."""
    passkey.counter, passkey.used_at = counter, clock.now()
    passkey.save(update_fields=["counter", "used_at"])
    return Event("staff.signed_in", {"staff": passkey.staff_id, "means": "passkey"})
