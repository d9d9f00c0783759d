"""When a notice may be mailed, and by which way.

One mail in the morning of each working day with everything in it; at once only what is dangerous, or what a law says is
to be done that very day. Nobody is mailed in her quiet hours: about danger alone, when she wants to be or her employer
demands it. Nothing is lost by waiting: the row stays until it has been told.
"""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from exitprogram.law.workdays import is_workday

# Of a row of cases_notice. Parameters: ``digest``, the last morning that has come; ``hour``, in Sweden.
READY = """
    (urgency <> '' OR ready_at <= %(digest)s)
    AND NOT EXISTS (
        SELECT 1 FROM cases_deliverychoice c
        WHERE c.membership_id = recipient_id AND c.authority_id = recipient_authority_id
          AND CASE WHEN c.quiet_from <= c.quiet_to THEN %(hour)s >= c.quiet_from AND %(hour)s < c.quiet_to
                   ELSE %(hour)s >= c.quiet_from OR %(hour)s < c.quiet_to END
          AND NOT (urgency = 'danger' AND (c.danger_any_hour OR EXISTS (
              SELECT 1 FROM cases_deliverydemand d
              WHERE d.authority_id = c.authority_id AND d.danger_any_hour))))
"""


def last_digest(at):
    """The latest 07:30 in Sweden on a working day that is not after ``at``; ``at`` itself where each thing is mailed as
    it comes (``EXIT_MORNING_MAIL=at_once``)."""
    local, morning = at.astimezone(ZoneInfo(settings.TIME_ZONE)), settings.MORNING_MAIL
    if morning is None:
        return local
    day = local.date() if local.time() >= morning else local.date() - timedelta(days=1)
    while not is_workday(day):
        day -= timedelta(days=1)
    return datetime.combine(day, morning, local.tzinfo)


def readiness(at):
    """The parameters of ``READY``."""
    return {"digest": last_digest(at), "hour": at.astimezone(ZoneInfo(settings.TIME_ZONE)).time()}


def digest_key(recipient, at):
    """Gives one person's mail of one morning the same Message-ID, however often and in how many parts it is sent."""
    return str(uuid.uuid5(recipient, last_digest(at).date().isoformat())) if settings.MORNING_MAIL else ""
