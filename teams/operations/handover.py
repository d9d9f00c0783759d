from types import SimpleNamespace

from django.db import transaction
from django.utils import timezone

from cases.models import Notice
from exitprogram.audit.operations import record, record_many
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, Role, require_role
from teams.caseload import caseload
from teams.coordinators import require_lasting
from teams.models import Handover

LONGEST_READING = 31  # days


@transaction.atomic
def hand_over(*, by, from_member, to_member, reason, reads_until=None):
    """Move everything that one person holds of open cases to a colleague, today: the work, the coordination, what must
    be done by a day. What cannot move (somebody is kept out, appointed this very day) stays. The returned row's
    ``moved`` are the cases. The one who leaves may read, and sign her drafts, to ``reads_until``."""
    require_role(by, Permission.HAND_OVER)
    today, reason = timezone.localdate(), reason.strip()
    leaving = Membership.objects.filter(authority_id=by.authority_id, pk=from_member.pk).first()
    successor = Membership.objects.filter(authority_id=by.authority_id, pk=to_member.pk).in_force(on=today)
    successor = successor.select_related("user").first()
    _require_sound(by, leaving, successor, reason, reads_until, today)
    if not any(row["hinder"] == "" for row in caseload(leaving, successor)):
        raise Refused("Det finns inga ärenden att lämna över till den personen i dag.")
    row = Handover(
        authority_id=by.authority_id, from_member=leaving, to_member=successor, reason=reason, reads_until=reads_until,
        decided_by=by, day=today,
    )  # fmt: skip
    row.save(force_insert=True)
    row.refresh_from_db(fields=["moved"])  # by the database, which alone may touch cases that are not open to ``by``
    record(by=by, action="caseload.handed_over", obj=row, cases=len(row.moved), to=str(successor.pk))
    record_many(
        by=by, action="coordinator.handed_over", about=[(row, SimpleNamespace(pk=pk)) for pk in row.moved],
        of=str(leaving.pk), to=str(successor.pk),
    )  # fmt: skip
    notice = Notice(
        authority_id=by.authority_id, about=Notice.About.HANDOVER, subject_id=row.pk, recipient=successor,
        recipient_authority_id=by.authority_id, about_on=today,
    )  # fmt: skip
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    return row


def _require_sound(by, leaving, successor, reason, reads_until, today):
    if leaving is None:
        raise NotAllowed("Personen arbetar inte hos den egna nämnden.")
    if successor is None or successor.role != Role.SOCIAL_WORKER:
        raise Refused("Den som tar över ska vara anställd i socialtjänsten hos den egna nämnden.")
    require_lasting(successor)
    if successor.pk == leaving.pk:
        raise Refused("Välj en annan person att lämna över till.")
    if successor.user_id == by.user_id:
        raise NotAllowed("Du kan inte lämna över ärenden till dig själv. Be en annan chef eller administratör.")
    if not reason:
        raise Refused("Skriv varför ärendena lämnas över.")
    if reads_until and not 0 <= (reads_until - today).days <= LONGEST_READING:
        raise Refused(f"Läsning efteråt kan vara i högst {LONGEST_READING} dagar.")
