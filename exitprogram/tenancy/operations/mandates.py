"""Who decides on whose behalf (KL 9:37): part of an agreement, or given by the board within one."""

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy import cooperation
from exitprogram.tenancy.models import AgreementParty, CooperationAgreement, Mandate, Membership
from exitprogram.tenancy.models.mandate import DECIDING_ROLES
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def give_mandate(*, by, agreement, employer, kinds, starts_on, ends_on=None, role="", membership=None):
    """One's own board lets somebody employed by another party decide. Within an agreement that all have signed."""
    require_role(by, Permission.ADMINISTER)
    agreement = CooperationAgreement.objects.visible_to(by).get(pk=agreement.pk)
    if not CooperationAgreement.objects.agreed().filter(pk=agreement.pk).exists():
        raise Refused("Alla parter har inte godkänt överenskommelsen än. Innan dess gäller inget mandat.")
    sides = AgreementParty.objects.visible_to(by).filter(agreement=agreement).select_related("party_authority")
    if any(side.leaves_on and side.party_authority_id in (by.authority_id, employer.pk) for side in sides):
        raise Refused("Överenskommelsen är uppsagd. Inga nya mandat kan ges.")
    given = {"board": by.authority, "employer": employer, "kinds": kinds, "role": role, "membership": membership,
             "starts_on": starts_on, "ends_on": ends_on}  # fmt: skip
    mandate = _checked(by, agreement, [side.party_authority for side in sides], given)
    mandate.given_by = by
    mandate.save(force_insert=True)
    record(by=by, action="mandate.given", obj=mandate, kinds=list(kinds))
    return mandate


@transaction.atomic
def end_mandate(*, by, mandate, ends_on):
    """The last day of a mandate, set by the board that gave it or by the employer. Only ever earlier."""
    require_role(by, Permission.ADMINISTER)
    mandate = Mandate.objects.visible_to(by).select_for_update(of=("self",)).get(pk=mandate.pk)
    if by.authority_id not in (mandate.authority_id, mandate.employer_authority_id):
        raise NotAllowed("Bara nämnden som gav mandatet eller arbetsgivaren kan avsluta det.")
    if ends_on < max(mandate.starts_on, timezone.localdate()):
        raise Refused("Sista dagen kan inte ligga före i dag eller före mandatets första dag.")
    if mandate.ends_on and ends_on > mandate.ends_on:
        raise Refused(f"Mandatet slutar redan {mandate.ends_on:%Y-%m-%d}.")
    mandate.ends_on = ends_on
    mandate.save(update_fields=["ends_on"])
    record(by=by, action="mandate.ended", obj=mandate, authority_id=by.authority_id, ends_on=str(ends_on))
    return mandate


def write_mandates(by, agreement, parties, mandates):
    """Those that stand in a proposal, for every party to sign."""
    for given in mandates:
        _checked(by, agreement, parties, given).save(force_insert=True)


def _checked(by, agreement, parties, given):
    board, employer, membership = given["board"], given["employer"], given.get("membership")
    starts_on, ends_on = given.get("starts_on") or agreement.starts_on, given.get("ends_on") or agreement.ends_on
    cooperation.require_mandates(agreement.ground, on=starts_on)
    if not {board.pk, employer.pk} <= {party.pk for party in parties}:
        raise Refused("Mandat ges mellan parterna i överenskommelsen, inte till någon annan.")
    if board.pk == employer.pk:
        raise Refused("Den som är anställd hos nämnden behöver inget mandat: då gäller delegationsordningen.")
    if starts_on < agreement.starts_on or (agreement.ends_on and (ends_on is None or ends_on > agreement.ends_on)):
        raise Refused("Mandatets dagar ska ligga inom överenskommelsens.")
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if not given["kinds"]:
        raise Refused("Välj vad mandatet gäller.")
    role = given.get("role") or ""
    _require_holder(by, employer, membership, role, on=starts_on)
    return Mandate(
        authority=board, agreement=agreement, drafter_authority_id=agreement.authority_id, employer_authority=employer,
        membership=membership, role=role, kinds=[str(kind) for kind in given["kinds"]], starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip


def _require_holder(by, employer, membership, role, *, on):
    """A role in which one may decide, or a person employed by that party in such a role; never oneself."""
    if bool(membership) == bool(role):
        raise Refused("Välj en person eller en roll.")
    if membership is None:
        if role not in DECIDING_ROLES:
            raise Refused("Den rollen får inte fatta beslut.")
        return
    known = Membership.objects.visible_to(by).filter(pk=membership.pk, authority_id=employer.pk).in_force(on=on)
    if not known.exists():
        raise Refused(f"{membership.user.name} är inte anställd hos {employer.name} den dagen (9 kap. 37 § KL).")
    if membership.user_id == by.user_id:
        raise NotAllowed("Du kan inte ge dig själv ett mandat. Be en annan administratör.")
    if membership.role not in DECIDING_ROLES:
        raise Refused(f"{membership.user.name} har ingen roll som får fatta beslut.")
