"""Passkeys (WebAuthn), with Yubico's fido2. The authenticator knows whose it is (discoverable) and asks for its own PIN
or finger each time: one press is two factors, and no other address can ask for it."""

import ipaddress
import json
import time
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
)

from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models import Passkey, User
from exitprogram.tenancy.operations import Herself, refuse_copied_passkey

ASKED = "passkey_asked"
ANSWER_WITHIN = 5 * 60  # seconds
NAME = "Planering"


def origin_of(request):
    """Of the installation, never what the request says; a demonstration is reached by more than one name."""
    if settings.EXIT_ENV == "demo":
        return f"{request.scheme}://{request.get_host()}"
    parts = urlsplit(settings.BASE_URL)
    return f"{parts.scheme}://{parts.netloc}"


def possible(request):
    """Browsers make no passkey for a bare network address."""
    host = urlsplit(origin_of(request)).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False


def _server(request):
    origin = origin_of(request)
    entity = PublicKeyCredentialRpEntity(name=NAME, id=urlsplit(origin).hostname)
    return Fido2Server(entity, attestation="none", verify_origin=lambda told: told == origin)


def ask_for_new(request):
    """The browser's question when a passkey is made; the session remembers it."""
    user = request.user
    with acting_as_user(user):
        have = [bytes(key.credential_id) for key in Passkey.objects.filter(user=user)]
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.email, display_name=user.name),
        [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=one) for one in have],
        resident_key_requirement="required", user_verification="required",
    )  # fmt: skip
    return _remembered(request, options, state)


def ask(request):
    """The browser's question when somebody proves herself. It names nobody: the passkey itself says whose it is."""
    options, state = _server(request).authenticate_begin(user_verification="required")
    return _remembered(request, options, state)


def _remembered(request, options, state):
    request.session[ASKED] = {**state, "at": int(time.time())}
    return dict(options)


def _asked(request):
    """What this session was asked, which is thereby answered: no answer is good twice."""
    state = request.session.pop(ASKED, None)
    if state is None or not 0 <= time.time() - state["at"] <= ANSWER_WITHIN:
        raise ValueError("nothing was asked, or long ago")
    return state


def _answer(text):
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no answer of a passkey")
    return found


def made_by(request, text):
    """What ``add_passkey`` wants to know of the key that the answer is about, or None when the answer does not hold."""
    try:
        made = _server(request).register_complete(_asked(request), _answer(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    data = made.credential_data
    return {"credential_id": data.credential_id, "credential": bytes(data), "counter": made.counter}


def whose(request, text):
    """The user whose passkey has answered this session's question, or None."""
    try:
        state, answer = _asked(request), AuthenticationResponse.from_dict(_answer(text))
        user = User.objects.get(pk=uuid.UUID(bytes=answer.response.user_handle), is_active=True)
        with acting_as_user(user):
            counted = _checked(_server(request), state, user, answer)
    except (ValueError, KeyError, TypeError, AttributeError, User.DoesNotExist):
        return None
    if not counted:
        refuse_copied_passkey(by=Herself(user))
    return user if counted else None


def _checked(server, state, user, answer):
    """Raises ValueError when the signature does not hold. False when the authenticator counts and has gone back: then
    there are two of it."""
    key = Passkey.objects.standing(user).select_for_update().filter(credential_id=bytes(answer.raw_id)).first()
    known = [AttestedCredentialData(bytes(key.credential))] if key else []
    server.authenticate_complete(state, known, answer)
    counter = answer.response.authenticator_data.counter
    if (counter or key.counter) and counter <= key.counter:
        return False
    key.counter, key.used_at = counter, timezone.now()
    key.save(update_fields=["counter", "used_at"])
    return True
