"""A role that nobody has used for thirty days rests: what it could open is closed until the administrator opens it. Not
where everybody is invented. Days by the database's clock."""

from datetime import timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from exitprogram.audit.models import AuditEvent

UNUSED = 30  # days
OPENED = "session.opened"
RESTS = """
    SELECT wall.today() - greatest(%s::date, %s::date,
        (SELECT max(created_at)::date FROM audit_auditevent
         WHERE authority_id = %s AND membership_id = %s AND action = %s)) > %s
"""


def rests(membership):
    """Asked when a session opens, by the membership itself."""
    if membership.authority.demonstration or _is_recent(membership):
        return False
    given = [membership.starts_on, membership.reopened_on, membership.authority_id, membership.pk, OPENED, UNUSED]
    with connection.cursor() as cursor:
        cursor.execute(RESTS, given)
        return cursor.fetchone()[0]


def _is_recent(membership):
    since = max(membership.starts_on, membership.reopened_on or membership.starts_on)
    return since >= timezone.localdate() - timedelta(days=UNUSED)


def resting(by, members):
    """Ids of those of the administrator's own board that rest."""
    if by.authority.demonstration:
        return set()
    first = timezone.localdate() - timedelta(days=UNUSED)
    old = [member.pk for member in members if not _is_recent(member)]
    opened = AuditEvent.objects.filter(authority_id=by.authority_id, action=OPENED, membership_id__in=old)
    used = {row["membership_id"] for row in opened.values("membership_id").annotate(last=Max("created_at"))
            if timezone.localdate(row["last"]) >= first}  # fmt: skip
    return set(old) - used
