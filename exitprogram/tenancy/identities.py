"""Whose account an identity opens, and the secrets that are kept for the providers."""

import hashlib
import hmac

from django.db import connection

from exitprogram.crypto import keys
from exitprogram.crypto.sealing import seal, unseal
from exitprogram.tenancy.models import IdentityLink, IdentityProvider

LINK_KEY = 1  # as fingerprints: it does not rotate with the data keys


def open_providers():
    return list(IdentityProvider.objects.filter(is_open=True).select_related("authority"))


def links_of(user):
    return list(IdentityLink.objects.filter(user=user, provider__is_open=True).select_related("provider"))


def _keyed(purpose, *parts):
    """The lengths stand between the parts, so that no two lists of parts give the same text."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(keys.derived(LINK_KEY, purpose, "installation"), text.encode(), hashlib.sha256).digest()


def digest_of(provider, subject):
    return _keyed("identity", provider.issuer, subject)


def proof_of(provider, subject, user_id):
    return _keyed("identity proof", provider.issuer, subject, str(user_id))


def user_of(provider, subject):
    """The id of the account that this subject opens, or None; also when the row was not made by the product."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, proof FROM wall.identity(%s, %s)", [provider.pk, digest_of(provider, subject)])
        user_id, proof = cursor.fetchone() or (None, b"")
    if user_id and hmac.compare_digest(bytes(proof), proof_of(provider, subject, user_id)):
        return user_id
    return None


def only_way_in(user):
    """The provider that this account must use, or None."""
    domain = user.email.rsplit("@", 1)[-1]
    return IdentityProvider.objects.filter(is_open=True, only_way_for__contains=[domain]).first()


def sealed_secret(provider_id, secret):
    """Two bytes say which key."""
    version = keys.newest()
    key = keys.derived(version, "provider", "installation")
    return version.to_bytes(2, "big") + seal(key, secret.encode(), bound_to=str(provider_id)) if secret else b""


def secret_of(provider):
    sealed = bytes(provider.secret)
    if not sealed:
        return None
    key = keys.derived(int.from_bytes(sealed[:2], "big"), "provider", "installation")
    return unseal(key, sealed[2:], bound_to=str(provider.pk)).decode()
