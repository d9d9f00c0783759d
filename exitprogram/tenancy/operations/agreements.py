"""Cooperation between authorities, from draft to notice. Nothing here opens a case."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy import cooperation
from exitprogram.tenancy.models import AgreementParty, CooperationAgreement
from exitprogram.tenancy.operations.mandates import write_mandates
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def propose_agreement(
    *, by, others, ground, programmes, starts_on, ends_on=None, purpose="", purposes=(), does=None, host=None,
    oversight="none", overseer=None, notice_months=3, mandates=(),
):  # fmt: skip
    """Draft an agreement with other authorities; it means nothing until every one of them has accepted. ``does``:
    {authority's id: what that party may do}. ``mandates``: dicts with board, employer, kinds, and role or membership,
    and their own days when those are shorter than the agreement's."""
    require_role(by, Permission.ADMINISTER)
    parties = [by.authority, *others]
    cooperation.require_parties(by, parties, ground, on=starts_on)
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    cooperation.require_no_other(parties, ground, programmes, starts_on, ends_on, by=by)
    watched = oversight != CooperationAgreement.Oversight.NONE
    joint = ground == CooperationAgreement.Ground.KL_9_19
    agreement = CooperationAgreement(
        authority_id=by.authority_id, ground=ground, purpose=purpose, purposes=list(purposes),
        programmes=list(programmes), host=(host or by.authority) if joint else None, oversight=oversight,
        overseer=cooperation.overseer_of(by, overseer, parties) if watched else None, notice_months=notice_months,
        starts_on=starts_on, ends_on=ends_on, proposed_by=by,
    )  # fmt: skip
    if joint and agreement.host_id not in [party.pk for party in parties]:
        raise Refused("Värd för en gemensam nämnd är en av parterna (9 kap. 19 § kommunallagen).")
    agreement.save(force_insert=True)
    AgreementParty.objects.bulk_create(_party(by, agreement, party, does or {}) for party in parties)
    write_mandates(by, agreement, parties, mandates)
    record(by=by, action="agreement.proposed", obj=agreement, parties=len(parties), mandates=len(mandates))
    cooperation.tell_parties(agreement)
    return agreement


def _party(by, agreement, party, does):
    mine = party.pk == by.authority_id
    return AgreementParty(
        authority_id=by.authority_id, agreement=agreement, party_authority=party, does=does.get(party.pk, ""),
        accepted_at=timezone.now() if mine else None, accepted_by=by if mine else None,
    )  # fmt: skip


@transaction.atomic
def accept_agreement(*, by, agreement):
    """One of the other sides says yes, for itself. When all have, it holds from its first day: staff who may be called
    to a team become visible to each other; no case does."""
    require_role(by, Permission.ADMINISTER)
    agreement, own = _own_side(by, agreement)
    if agreement.authority_id == by.authority_id:
        raise NotAllowed("Den andra parten ska godkänna, inte den som föreslog.")
    if own.accepted_at:
        raise Refused("Överenskommelsen är redan godkänd.")
    _require_standing(agreement)
    if agreement.ends_on and agreement.ends_on < timezone.localdate():
        raise Refused("Tiden för förslaget har gått ut. Be om ett nytt.")
    parties = [party.party_authority for party in agreement.parties.select_related("party_authority")]
    cooperation.require_no_other(
        parties, agreement.ground, agreement.programmes, agreement.starts_on, agreement.ends_on, by=by, agreed=True
    )
    own.accepted_at, own.accepted_by = timezone.now(), by
    own.save(update_fields=["accepted_at", "accepted_by"])
    record(by=by, action="agreement.accepted", obj=agreement, authority_id=by.authority_id)
    cooperation.tell_parties(agreement)
    return agreement


@transaction.atomic
def decline_agreement(*, by, agreement):
    """One side says no, or the one that drafted it takes it back. Whoever wants something else makes a proposal."""
    require_role(by, Permission.ADMINISTER)
    agreement, own = _own_side(by, agreement)
    _require_standing(agreement)
    if CooperationAgreement.objects.agreed().filter(pk=agreement.pk).exists():
        raise Refused("Alla har godkänt. Säg upp överenskommelsen i stället.")
    own.declined_at, own.declined_by = timezone.now(), by
    own.save(update_fields=["declined_at", "declined_by"])
    record(by=by, action="agreement.declined", obj=agreement, authority_id=by.authority_id)
    cooperation.tell_parties(agreement)
    return agreement


@transaction.atomic
def give_notice(*, by, agreement, leaves_on):
    """One side leaves, with the notice that was agreed. Access ends the day after, in both walls, with no job running;
    the others go on between themselves, and each keeps its own documents."""
    require_role(by, Permission.ADMINISTER)
    agreement, own = _own_side(by, agreement)
    if not CooperationAgreement.objects.agreed().filter(pk=agreement.pk).exists():
        raise Refused("Det finns inget att säga upp: alla har inte godkänt.")
    if own.leaves_on:
        raise Refused(f"Överenskommelsen är redan uppsagd till {own.leaves_on:%Y-%m-%d}.")
    if agreement.ends_on and agreement.ends_on <= timezone.localdate():
        raise Refused("Överenskommelsen slutar redan.")
    earliest = cooperation.earliest_leave(agreement, on=timezone.localdate())
    if leaves_on < earliest:
        raise Refused(f"Uppsägningstiden är {agreement.notice_months} månader: tidigast {earliest:%Y-%m-%d}.")
    if agreement.ends_on and leaves_on >= agreement.ends_on:
        raise Refused(f"Överenskommelsen slutar ändå {agreement.ends_on:%Y-%m-%d}.")
    own.notice_at, own.notice_by, own.leaves_on = timezone.now(), by, leaves_on
    own.save(update_fields=["notice_at", "notice_by", "leaves_on"])
    record(by=by, action="agreement.notice_given", obj=agreement, authority_id=by.authority_id, last=str(leaves_on))
    cooperation.tell_parties(agreement)
    return agreement


@transaction.atomic
def release_report(*, by, year):
    """Write down that the year's report of cooperation (KL 9:38) has been taken out. It names no person."""
    require_role(by, Permission.ADMINISTER)
    record(by=by, action="agreement.reported", obj=None, year=year)


def _own_side(by, agreement):
    """The agreement and one's own party, locked. What an agreement says never changes; only parties do."""
    agreement = CooperationAgreement.objects.visible_to(by).get(pk=agreement.pk)
    parties = AgreementParty.objects.visible_to(by).select_for_update(of=("self",))
    return agreement, parties.get(agreement=agreement, party_authority_id=by.authority_id)


def _require_standing(agreement):
    if agreement.parties.filter(~Q(declined_at=None)).exists():
        raise Refused("Förslaget gäller inte längre: någon har tackat nej eller dragit tillbaka det.")
