from django.db import transaction
from django.utils import timezone

from cases.access import require, require_not_blocked
from cases.cover import towards
from cases.models import AccessGrant, Notice
from cases.operations import end_access, grant_access, notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import CALLABLE, Permission, Role, require_role
from teams.models import TeamMember
from teams.presented import NEUTRAL

OWN_ROLES = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)
SEALED = "Skyddade uppgifter"


@transaction.atomic
def invite_member(*, by, case, membership, function, reason, presented_as="", starts_on=None, ends_on=None):
    """Call somebody to the team. A colleague of one's own board joins at once and may open the case; a person from
    elsewhere is invited, sees purpose, period and ``presented_as``, and answers. The case stays closed to them."""
    require(by, Permission.BUILD_TEAM, case)
    starts_on = starts_on or timezone.localdate()
    membership = _callable(by, membership, starts_on)
    require_not_blocked(case, membership)
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if case.team.filter(membership=membership, state__in=["invited", "joined"]).exists():
        raise Refused(f"{membership.user.name} är redan med eller inbjuden.")
    outside = membership.authority_id != case.authority_id
    member = TeamMember(
        authority_id=case.authority_id, case=case, membership=membership, member_authority_id=membership.authority_id,
        function=function, reason=reason, presented_as=presented_as or _presented(case, membership),
        starts_on=starts_on, ends_on=ends_on, invited_by=by,
        state=TeamMember.State.INVITED if outside else TeamMember.State.JOINED,
        answered_at=None if outside else timezone.now(),
    )  # fmt: skip
    member.save(force_insert=True)
    record(by=by, action="team.invited" if outside else "team.joined", obj=member, case=case, who=str(membership.pk))
    if outside:
        notify(by=by, case=case, about=Notice.About.INVITATION, subject_id=member.pk, membership=membership)
    else:
        grant_access(
            by=by, case=case, membership=membership, kind=AccessGrant.Kind.TEAM, reason=reason,
            starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip
    return member


def _presented(case, membership):
    """What an outsider is told when nothing was written: a name only if a waiver, or a ground in law, towards her
    authority is in force, and of a protected person never."""
    if case.individual.is_protected:
        return SEALED
    covered = towards(case, membership.authority_id, on=timezone.localdate())
    return case.individual.short_name if covered else NEUTRAL


def _callable(by, membership, on):
    """The membership, read through the caller's own eyes, when the law's ways allow it in a team."""
    found = Membership.objects.visible_to(by).in_force(on=on).select_related("user", "authority")
    found = found.filter(pk=membership.pk).first()
    own = found is not None and found.authority_id == by.authority_id and found.role in OWN_ROLES
    if not own and (found is None or found.role not in CALLABLE):
        raise Refused("Personen kan inte kallas: det saknas en överenskommelse som gäller, eller rollen är en annan.")
    return found


@transaction.atomic
def view_invitation(*, by, member):
    """Write down, in the log of the board that owns the case, that an invited person has read the invitation."""
    require_role(by, Permission.CONTRIBUTE)
    if member.membership_id != by.pk:
        raise NotAllowed("Inbjudan är ställd till någon annan.")
    record(by=by, action="team.invitation_viewed", obj=member, case=member.case_ref, ground="team")


@transaction.atomic
def answer_invitation(*, by, member, accept, no_conflict=False):
    """The invited person answers for herself. Joining needs the answer that there is no conflict of interest (jäv)."""
    require_role(by, Permission.CONTRIBUTE)
    member = TeamMember.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if member.membership_id != by.pk:
        raise NotAllowed("Inbjudan är ställd till någon annan.")
    if member.state != TeamMember.State.INVITED:
        raise Refused("Inbjudan är redan besvarad.")
    if accept and not no_conflict:
        raise Refused("Svara först att du inte har någon privat koppling till personen.")
    member.state = TeamMember.State.JOINED if accept else TeamMember.State.DECLINED
    member.answered_at = timezone.now()
    member.save(update_fields=["state", "answered_at"])
    record(by=by, action="team.joined" if accept else "team.declined", obj=member, case=member.case_ref)
    return member


@transaction.atomic
def leave_team(*, by, case, member, reason):
    """End somebody's part in the team, with a reason. What it opened is closed when this commits, in both walls."""
    require(by, Permission.BUILD_TEAM, case)
    member = TeamMember.objects.select_for_update(of=("self",)).get(pk=member.pk, case=case)
    if member.state not in (TeamMember.State.INVITED, TeamMember.State.JOINED):
        raise Refused("Personen är inte med i teamet.")
    if not reason.strip():
        raise Refused("Skriv varför personen slutar i teamet.")
    member.state, member.end_reason = TeamMember.State.ENDED, reason
    member.ends_on = max(member.starts_on, timezone.localdate())
    member.save(update_fields=["state", "end_reason", "ends_on"])
    if not member.is_outside:
        end_access(by=by, case=case, membership=member.membership, kind=AccessGrant.Kind.TEAM)
    record(by=by, action="team.left", obj=member, case=case, who=str(member.membership_id))
    return member


@transaction.atomic
def leave_own_team(*, by, member, reason, successor=""):
    """A guest ends her own part, having changed jobs say, and may name somebody in her place. It is a proposal to those
    who hold the case; what her part opened is closed when this commits."""
    require_role(by, Permission.CONTRIBUTE)
    member = TeamMember.objects.visible_to(by).select_for_update(of=("self",)).get(pk=member.pk)
    if member.membership_id != by.pk:
        raise NotAllowed("Bara den det gäller lämnar teamet själv.")
    if not member.is_outside:
        raise Refused("Du hör till nämnden själv. Avsluta din del på teamets sida.")
    today = timezone.localdate()
    if member.state != TeamMember.State.JOINED or (member.ends_on and member.ends_on < today):
        raise Refused("Du är inte med i teamet längre.")
    if not reason.strip():
        raise Refused("Skriv varför du lämnar teamet.")
    member.state, member.end_reason, member.successor = TeamMember.State.ENDED, reason, successor
    member.ends_on = max(member.starts_on, today)
    member.save(update_fields=["state", "end_reason", "successor", "ends_on"])
    record(by=by, action="team.left", obj=member, case=member.case_ref, who=str(member.membership_id))
    return member
