"""Every write about whose account an identity at a provider opens."""

from django.db import IntegrityError, transaction

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.identities import digest_of, proof_of
from exitprogram.tenancy.models import IdentityLink, Membership


@transaction.atomic
def link_identity(*, by, provider, subject):
    """One's own account, after one has shown there who one is. Never by what the provider says of an e-mail."""
    if not provider.is_open:
        raise Refused(f"{provider.name} används inte längre.")
    own = Membership.objects.filter(user_id=by.user_id)
    if provider.authority_id and not own.filter(authority_id=provider.authority_id).exists():
        raise NotAllowed(f"{provider.name} är bara för dem som arbetar hos {provider.authority.name}.")
    link = IdentityLink(
        provider=provider, user_id=by.user_id, digest=digest_of(provider, subject),
        proof=proof_of(provider, subject, by.user_id),
    )  # fmt: skip
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError:
        raise Refused(f"{provider.name} är redan kopplad, till ditt eller ett annat konto.") from None
    record(by=by, action="identity.linked", obj=by, provider=provider.slug)
    return link


@transaction.atomic
def unlink_identity(*, by, link):
    """One's own link goes; the account has its other ways in."""
    link = IdentityLink.objects.select_related("provider").get(pk=link.pk, user_id=by.user_id)
    record(by=by, action="identity.unlinked", obj=by, provider=link.provider.slug)
    link.delete()
