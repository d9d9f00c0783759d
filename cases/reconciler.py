"""Is everything that should have been said, said? Asked anew from the clocks, in other words than the sender's: this
module imports nothing of ``cases.notices`` and shares no SQL with it (tests/test_reconciler.py).

Run as ``exit_worker``. It changes nothing but its own round. What may be seen for a moment in a healthy system (a clock
begun since the last sweep) is wrong only when it was wrong the time before as well.
"""

import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from exitprogram.law.workdays import is_workday
from exitprogram.pulse import rounds

LOG = logging.getLogger(__name__)
ROUND = "reconciliation"
# Each clock that still goes, by each day on which its owner is to be reminded; the latest that has come is the one that
# somebody must have been told of.
UNTOLD = """
    SELECT latest.id FROM (
        SELECT DISTINCT ON (c.id) c.id, c.owner_id, (coalesce(c.extended_to, c.due_on) - ahead.days::int) AS reminder
        FROM cases_clock c, unnest(c.warn_days) AS ahead(days)
        WHERE c.done_at IS NULL AND wall.today() - (coalesce(c.extended_to, c.due_on) - ahead.days::int) >= 0
        ORDER BY c.id, reminder DESC) latest
    LEFT JOIN cases_notice told
        ON told.subject_id = latest.id AND told.recipient_id = latest.owner_id AND told.about_on = latest.reminder
       AND told.about = 'clock'
    WHERE told.id IS NULL
"""
# Late, and not (or no longer) quiet after somebody's *Jag har sett det*: its owner must have been told since.
UNREPEATED = """
    SELECT c.id FROM cases_clock c
    CROSS JOIN LATERAL (
        SELECT max((seen.created_at AT TIME ZONE 'Europe/Stockholm')::date) FROM cases_acknowledgement seen
        WHERE seen.clock_id = c.id AND seen.of_day = coalesce(c.extended_to, c.due_on)) latest (seen)
    WHERE c.done_at IS NULL AND wall.today() - coalesce(c.extended_to, c.due_on) >= 1
      AND (latest.seen IS NULL OR wall.today() - latest.seen >= c.again_days)  -- NULL: seen was enough
      AND (SELECT count(*) FROM cases_notice told
           WHERE told.subject_id = c.id AND told.recipient_id = c.owner_id AND told.about = 'clock'
             AND told.about_on > coalesce(c.extended_to, c.due_on)
             AND (latest.seen IS NULL OR told.about_on - latest.seen >= c.again_days)) = 0
"""
# Late for longer than its rule allows, and nobody beside its owner has been told today: those who lead are, each day.
UNESCALATED = """
    SELECT c.id FROM cases_clock c
    WHERE c.done_at IS NULL AND wall.today() - coalesce(c.extended_to, c.due_on) >= c.escalate_days
      AND NOT EXISTS (SELECT 1 FROM cases_acknowledgement seen  -- by a person, and that may be enough
                      WHERE seen.clock_id = c.id AND seen.of_day = coalesce(c.extended_to, c.due_on)
                        AND (c.again_days IS NULL
                             OR wall.today() - (seen.created_at AT TIME ZONE 'Europe/Stockholm')::date < c.again_days))
      AND (SELECT count(*) FROM cases_notice told WHERE told.subject_id = c.id AND told.about = 'escalation'
             AND told.about_on = wall.today()) = 0
"""
# What should be in somebody's mailbox and is in nobody's: the urgent since a while, the rest since the morning's mail.
UNSENT = """
    SELECT n.id FROM cases_notice n
    WHERE n.sent_at IS NULL AND n.ready_at < CASE n.urgency WHEN '' THEN %(morning)s ELSE %(by_day)s END
"""
# Between these nobody has quiet hours, so nothing that has waited through them has an excuse.
BY_DAY = time(8, 0), time(17, 0)
QUESTIONS = {"untold": UNTOLD, "unrepeated": UNREPEATED, "unescalated": UNESCALATED}


def reconcile():
    """{what: how many} that is wrong for certain. Written as the latest round, and said in the log."""
    before = rounds.suspects_of(ROUND)
    found, suspects = {}, set()
    for what, question in QUESTIONS.items():
        seen = _ids(question)
        suspects |= seen
        found[what] = len(seen & before)
    found["unsent"] = len(_ids(UNSENT))
    faults = sum(found.values())
    for what, count in found.items():
        if count:
            LOG.error("reminders do not add up: %s", what, extra={"count": count})
    rounds.finished(ROUND, faults=faults, suspects=sorted(suspects, key=str)[:10_000])
    return found


def _ids(question):
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        by_day = _by_day(cursor.fetchone()[0] - timedelta(seconds=settings.LATE_SECONDS))
        cursor.execute(question, {"by_day": by_day, "morning": _morning(by_day)})
        return {pk for (pk,) in cursor.fetchall()}


def _by_day(moment):
    """The last moment of anybody's working day until then."""
    begins, ends = BY_DAY
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.time() < begins:
        return datetime.combine(local.date() - timedelta(days=1), ends, local.tzinfo)
    return datetime.combine(local.date(), min(local.time(), ends), local.tzinfo)


def _morning(by_day):
    """When the last mail of a morning was ready to go, and all quiet hours after it have ended."""
    if settings.MORNING_MAIL is None:
        return by_day
    day = by_day.date()
    while not is_workday(day):
        day -= timedelta(days=1)
    return datetime.combine(day, settings.MORNING_MAIL, by_day.tzinfo)
