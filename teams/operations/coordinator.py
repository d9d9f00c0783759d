from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import AccessGrant, Case
from cases.operations import end_access, grant_access
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.roles import Permission
from teams.coordinators import employed, require_appointer, require_lasting
from teams.models import CoordinatorAppointment

KIND_OF_ACCESS = {
    CoordinatorAppointment.Kind.COORDINATOR: AccessGrant.Kind.COORDINATOR,
    CoordinatorAppointment.Kind.DEPUTY: AccessGrant.Kind.DEPUTY,
    CoordinatorAppointment.Kind.COVER: AccessGrant.Kind.DEPUTY,
}


@transaction.atomic
def appoint_coordinator(*, by, case, membership, kind=CoordinatorAppointment.Kind.COORDINATOR):
    """Appoint from today. One coordinator at a time and never a gap: the former one's last day is yesterday, or the
    appointment is replaced when it began today. Employed in social services by the case's own board."""
    require(by, Permission.APPOINT_COORDINATOR, case)
    require_appointer(by, case)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    today = timezone.localdate()
    if kind == CoordinatorAppointment.Kind.COVER:
        raise Refused("En vikarie har en första och en sista dag. Lägg in den under Frånvaro.")
    membership = employed(by, case, membership, on=today)
    if kind == CoordinatorAppointment.Kind.COORDINATOR:
        require_lasting(membership)
    starts_on = _made_room(by, case, membership, kind, today)
    appointment = CoordinatorAppointment(
        authority_id=case.authority_id, case=case, membership=membership, kind=kind, starts_on=starts_on,
        appointed_by=by,
    )  # fmt: skip
    appointment.save(force_insert=True)
    grant_access(
        by=by, case=case, membership=membership, kind=KIND_OF_ACCESS[kind],
        reason=f"Utsedd till {CoordinatorAppointment.Kind(kind).label}.",
    )  # fmt: skip
    record(by=by, action=f"coordinator.appointed.{kind}", obj=appointment, case=case, who=str(membership.pk))
    return appointment


def _made_room(by, case, membership, kind, today):
    """The new one's first day: today, or the day after one whose last day is already written down. Somebody whose
    first day is ahead begins before she can be replaced."""
    ahead = CoordinatorAppointment.objects.filter(case=case, kind=kind, starts_on__gt=today)
    if next_one := ahead.select_related("membership__user").first():
        who = next_one.membership.user.name
        raise Refused(f"{who} är redan utsedd från {sv_day(next_one.starts_on)}. Byt tidigast dagen efter.")
    now = CoordinatorAppointment.objects.on_day(today).filter(case=case, kind=kind)
    for former in now.select_for_update(of=("self",)):
        if former.ends_on:
            return former.ends_on + timedelta(days=1)
        if former.membership_id == membership.pk:
            raise Refused(f"{membership.user.name} är redan {CoordinatorAppointment.Kind(kind).label}.")
        _end_yesterday(by, case, former, today)
    return today


def _end_yesterday(by, case, former, today):
    if former.starts_on == today:
        raise Refused("Samordnaren utsågs i dag. Byt tidigast i morgon.")
    former.ends_on = today - timedelta(days=1)
    former.save(update_fields=["ends_on"])
    end_access(by=by, case=case, membership=former.membership, kind=KIND_OF_ACCESS[former.kind], last_on=None)
