"""A lost factor. Nobody resets alone: an administrator asks when she has met the person, another one or a manager
approves. After that the person signs in with her password and chooses anew; nobody else ever holds what she uses.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.factors import tell_of_change
from exitprogram.tenancy.models import FactorReset
from exitprogram.tenancy.roles import Permission, Role, require_role
from exitprogram.tenancy.sessions import end_all

WAITS = timedelta(days=3)  # what nobody has approved by then is asked anew: somebody has been met lately


@transaction.atomic
def ask_factor_reset(*, by, membership, how):
    require_role(by, Permission.ADMINISTER)
    if membership.authority_id != by.authority_id or not membership.in_force(on=timezone.localdate()):
        raise NotAllowed("Bara för den som arbetar hos er i dag.")
    if membership.user_id == by.user_id:
        raise NotAllowed("Du kan inte be om det för dig själv. Be en annan administratör.")
    if how not in FactorReset.How.values:
        raise Refused("Välj hur du vet att det är rätt person.")
    about = FactorReset.objects.visible_to(by).filter(authority_id=by.authority_id, user_id=membership.user_id)
    if earlier := about.waiting().first():
        raise Refused(f"{membership.user.name} väntar redan på att någon godkänner, sedan {earlier.created_at:%d/%m}.")
    reset = FactorReset.objects.create(authority_id=by.authority_id, user_id=membership.user_id, how=how, asked_by=by)
    record(by=by, action="sign_in.reset_asked", obj=reset, about=str(membership.pk), how=how)
    return reset


def _locked(by, reset):
    """Asked before the lock is taken: the database hides from the wrong ones that there is anything to change."""
    if by.role not in (Role.ADMINISTRATOR, Role.UNIT_MANAGER):
        raise NotAllowed("Bara en administratör eller enhetschef kan godkänna.")
    own = FactorReset.objects.visible_to(by).filter(authority_id=by.authority_id)
    seen = own.select_related("asked_by").get(pk=reset.pk)
    if by.user_id in (seen.asked_by.user_id, seen.user_id):
        raise NotAllowed("Någon annan än den som bad, och än den det gäller, ska avgöra det.")
    reset = own.select_for_update(of=("self",)).select_related("user").get(pk=reset.pk)
    if reset.approved_at or reset.declined_at:
        raise Refused("Det är redan avgjort.")
    return reset


@transaction.atomic
def approve_factor_reset(*, by, reset):
    """From this moment nothing she had is good, whoever is signed in as her is not, and she hears of it."""
    reset = _locked(by, reset)
    if timezone.now() - reset.created_at > WAITS:
        raise Refused("Det är för länge sedan någon träffade personen. Säg nej, och be om det på nytt.")
    reset.approved_by, reset.approved_at = by, timezone.now()
    reset.save(update_fields=["approved_by", "approved_at"])
    ended = end_all(reset.user_id)
    record(by=by, action="sign_in.reset_approved", obj=reset, ended=ended)
    tell_of_change(reset.user)
    return reset


@transaction.atomic
def decline_factor_reset(*, by, reset):
    reset = _locked(by, reset)
    reset.declined_by, reset.declined_at = by, timezone.now()
    reset.save(update_fields=["declined_by", "declined_at"])
    record(by=by, action="sign_in.reset_declined", obj=reset)
    return reset
