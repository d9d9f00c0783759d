from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import require_not_closed
from cases.models import AccessGrant, Case
from cases.operations import end_access, grant_access
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams.coordinators import employed, require_appointer
from teams.models import CoordinatorAppointment

LONGEST = 366  # days; whoever is away for longer hands her cases over


@transaction.atomic
def cover_absence(*, by, membership, starts_on, ends_on):
    """A colleague covers for ``by`` from–to in every case that she coordinates: the days are closed on both sides. The
    cover may open them those days only; the coordinator stays the coordinator. Returns the appointments."""
    require_role(by, Permission.APPOINT_COORDINATOR)
    today = timezone.localdate()
    if ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if ends_on < today or starts_on < today:
        raise Refused("Frånvaron kan börja tidigast i dag.")
    if (ends_on - starts_on).days > LONGEST:
        raise Refused("Är du borta längre än ett år lämnar du över ärendena i stället. Be chefen.")
    if membership.pk == by.pk:
        raise Refused("Välj en kollega.")
    held = CoordinatorAppointment.objects.coordinators().held_by(by, on=today).values("case_id")
    mine = list(Case.objects.held_by(by).filter(pk__in=held, closed_on=None).select_for_update(of=("self",)))
    if not mine:
        raise Refused("Du är inte samordnare i något öppet ärende.")
    return [_cover(by, case, membership, starts_on, ends_on) for case in mine]


def _cover(by, case, membership, starts_on, ends_on):
    kind = CoordinatorAppointment.Kind.COVER
    membership = employed(by, case, membership, on=starts_on)
    if membership.ends_on and membership.ends_on < ends_on:
        raise Refused(f"{membership.user.name} slutar före den sista dagen.")
    others = CoordinatorAppointment.objects.filter(case=case, kind=kind, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if others.exists():
        raise Refused(f"Någon vikarierar redan de dagarna i ärende {case.number}.")
    row = CoordinatorAppointment(
        authority_id=case.authority_id, case=case, membership=membership, kind=kind, starts_on=starts_on,
        ends_on=ends_on, appointed_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    grant_access(
        by=by, case=case, membership=membership, kind=AccessGrant.Kind.DEPUTY, reason="Vikarierar för samordnaren.",
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    record(by=by, action="coordinator.covered", obj=row, case=case, who=str(membership.pk), to=str(ends_on))
    return row


@transaction.atomic
def end_cover(*, by, appointment):
    """Back earlier: the cover's last day is yesterday (today, if it began today), and the way in is closed at once.
    Days that have not come are taken back whole."""
    require_role(by, Permission.APPOINT_COORDINATOR)
    row = CoordinatorAppointment.objects.visible_to(by).select_for_update(of=("self",)).get(pk=appointment.pk)
    case = Case.objects.held_by(by).filter(pk=row.case_id).first()
    if case is None:
        raise NotAllowed("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    require_appointer(by, case)
    require_not_closed(case)
    today = timezone.localdate()
    if row.kind != CoordinatorAppointment.Kind.COVER or row.ends_on < today:
        raise Refused("Vikariatet är redan slut.")
    end_access(by=by, case=case, membership=row.membership, kind=AccessGrant.Kind.DEPUTY, last_on=row.ends_on)
    record(by=by, action="coordinator.cover_ended", obj=row, case=case, who=str(row.membership_id))
    if row.starts_on > today:
        row.delete()
        return
    row.ends_on = max(row.starts_on, today - timedelta(days=1))
    row.save(update_fields=["ends_on"])
