from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission
from teams.models import OutsideMember


@transaction.atomic
def add_outside_member(
    *, by, case, name, function, reason, organisation="", reached_by="", ends_on=None, kind=OutsideMember.Kind.OTHER,
    contributes="", attends=False,
):  # fmt: skip
    """Write down somebody in the team who has no account. It opens nothing."""
    require(by, Permission.BUILD_TEAM, case)
    beside.refuse_marked(case, name, organisation, function, reached_by)
    if kind not in OutsideMember.Kind.values:
        raise Refused("Välj vilken part det är.")
    if not (name.strip() and function.strip()):
        raise Refused("Skriv vem det är och med vilken funktion.")
    if not reason.strip():
        raise Refused("Skriv varför personen är med i teamet.")
    if ends_on and ends_on < timezone.localdate():
        raise Refused("Sista dagen ligger före första dagen.")
    row = OutsideMember(
        authority_id=case.authority_id, case=case, name=name.strip(), organisation=organisation.strip(),
        reached_by=reached_by.strip(), function=function.strip(), reason=reason.strip(), ends_on=ends_on, added_by=by,
        kind=kind, contributes=contributes.strip(), attends=attends,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="team.outside_added", obj=row, case=case)
    return row


@transaction.atomic
def end_outside_member(*, by, case, member, reason):
    """No longer in the team, with a reason."""
    require(by, Permission.BUILD_TEAM, case)
    row = OutsideMember.objects.select_for_update(of=("self",)).get(pk=member.pk, case=case)
    if row.ended_on:
        raise Refused("Personen är inte med i teamet.")
    if not reason.strip():
        raise Refused("Skriv varför personen slutar i teamet.")
    row.ended_on, row.end_reason = timezone.localdate(), reason.strip()
    row.save(update_fields=["ended_on", "end_reason"])
    record(by=by, action="team.outside_left", obj=row, case=case)
    return row
