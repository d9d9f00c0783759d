"""Every write about keys for other systems."""

import secrets

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import may
from exitprogram.tokens.keys import PREFIX, digest_of, networks_of
from exitprogram.tokens.models import CONNECTS, LONGEST, OVERLAP, ApiToken, Scope


@transaction.atomic
def make_token(*, by, name, scopes, networks, expires_on, id=None):
    """(token, secret) in one's own name. The secret is nowhere afterwards. Nobody makes one for somebody else, since
    whoever holds it acts as her. ``id``: of the form, so that one press is one token. Raises Refused."""
    if not any(may(by, permission) for permission in CONNECTS):
        raise NotAllowed("Din roll ger inte rätt att ansluta andra system.")
    if id and ApiToken.objects.visible_to(by).filter(pk=id).exists():
        raise Refused("Anslutningen är redan gjord. Hann du inte kopiera nyckeln: återkalla den och gör en ny.")
    today = timezone.localdate()
    if not today < expires_on <= today + LONGEST:
        raise Refused("Sista dagen ska ligga framåt i tiden, högst ett år.")
    if not scopes or set(scopes) - set(Scope.values):
        raise Refused("Välj vad det andra systemet ska få göra.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        authority_id=by.authority_id, membership=by, name=name, digest=digest_of(secret), scopes=sorted(set(scopes)),
        networks=[str(network) for network in networks_of(networks)], expires_on=expires_on, made_on=today,
        **({"id": id} if id else {}),
    )  # fmt: skip
    token.save(force_insert=True)
    record(by=by, action="token.made", obj=token, scopes=token.scopes)
    return token, secret


@transaction.atomic
def revoke_token(*, by, token):
    """By her whose it is or by an administrator. It opens nothing from this moment, in both walls."""
    if not any(may(by, permission) for permission in CONNECTS):
        raise NotAllowed("Din roll ger inte rätt att återkalla anslutningar.")
    token = ApiToken.objects.visible_to(by).select_for_update(of=("self",)).get(pk=token.pk)
    if token.revoked_at:
        raise Refused("Anslutningen är redan återkallad.")
    token.revoked_at, token.revoked_by = timezone.now(), by
    token.save(update_fields=["revoked_at", "revoked_by"])
    record(by=by, action="token.revoked", obj=token)
    return token


@transaction.atomic
def renew_token(*, by, token, expires_on, overlap_until, id=None):
    """(token, secret): a new key with the same name, scopes and networks beside one's own, which ends with the last day
    of the overlap, so that the other system has time to change. It is never the other way: the old one gets no longer.
    """
    if not any(may(by, permission) for permission in CONNECTS):
        raise NotAllowed("Din roll ger inte rätt att ansluta andra system.")
    old = ApiToken.objects.visible_to(by).select_for_update(of=("self",)).get(pk=token.pk)
    if old.membership_id != by.pk:
        raise NotAllowed("Bara den som anslutningen är gjord för kan byta nyckel.")
    if not old.is_standing:
        raise Refused("Anslutningen gäller inte längre. Gör en ny.")
    today = timezone.localdate()
    if not today <= overlap_until <= today + OVERLAP:
        raise Refused(f"Den gamla nyckeln kan gälla från i dag till högst {OVERLAP.days} dagar framåt.")
    new, secret = make_token(
        by=by, name=old.name, scopes=old.scopes, networks=old.networks, expires_on=expires_on, id=id
    )
    if overlap_until < old.expires_on:
        old.expires_on = overlap_until
        old.save(update_fields=["expires_on"])
    record(by=by, action="token.renewed", obj=old, new=str(new.pk))
    return new, secret


@transaction.atomic
def use_token(*, by, token):
    """The first call of a day leaves a trace of its own; each reading leaves one beside it."""
    today = timezone.localdate()
    unused = ApiToken.objects.visible_to(by).filter(pk=token.pk).exclude(last_used_on=today)
    if unused.update(last_used_on=today):
        record(by=by, action="token.used", obj=token)
