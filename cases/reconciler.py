"""Is everything that should have been said, said? Asked anew from the clocks, in other words than the sender's: this
module imports nothing of ``cases.notices`` and shares no SQL with it (tests/test_reconciler.py).

Run as ``exit_worker``. It changes nothing but its own round. What may be seen for a moment in a healthy system (a clock
begun since the last sweep) is wrong only when it was wrong the time before as well.
"""

import logging

from django.conf import settings
from django.db import connection

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
# Late for longer than its rule allows, and nobody beside its owner has been told since it became so.
UNESCALATED = """
    SELECT c.id FROM cases_clock c
    WHERE c.done_at IS NULL AND wall.today() - coalesce(c.extended_to, c.due_on) >= c.escalate_days
      AND (SELECT count(*) FROM cases_notice told WHERE told.subject_id = c.id AND told.about = 'escalation'
             AND told.about_on >= coalesce(c.extended_to, c.due_on) + c.escalate_days) = 0
"""
# Made long ago and still in nobody's mailbox.
UNSENT = """
    SELECT n.id FROM cases_notice n
    WHERE n.sent_at IS NULL AND n.created_at + make_interval(secs => %(late)s) < statement_timestamp()
"""
QUESTIONS = {"untold": UNTOLD, "unescalated": UNESCALATED}


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
        cursor.execute(question, {"late": settings.LATE_SECONDS})
        return {pk for (pk,) in cursor.fetchall()}
