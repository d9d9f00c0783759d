"""What is due, to whom and when: the rows that are to be told. In the app a notice exists once (unique key)."""

from django.db import connection, transaction

# On each of the days ahead that the clock's rule names, counted from the day it has now; of several that have passed,
# the nearest to the day. Whoever is handed a clock is reminded anew.
MAKE_DUE = """
    WITH due AS (
        SELECT k.id, k.authority_id, k.owner_id, coalesce(k.extended_to, k.due_on) - (
            SELECT min(ahead) FROM unnest(k.warn_days) ahead
            WHERE ahead >= coalesce(k.extended_to, k.due_on) - wall.today()) AS reminded_on
        FROM cases_clock k WHERE k.done_at IS NULL)
    INSERT INTO cases_notice
        (id, authority_id, created_at, about, subject_id, recipient_id, recipient_authority_id, about_on, tries)
    SELECT gen_random_uuid(), d.authority_id, now(), 'clock', d.id, d.owner_id, d.authority_id, d.reminded_on, 0
    FROM due d
    WHERE d.reminded_on IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM cases_notice n
                      WHERE n.authority_id = d.authority_id AND n.about = 'clock' AND n.subject_id = d.id
                        AND n.recipient_id = d.owner_id AND n.about_on = d.reminded_on)
    ON CONFLICT DO NOTHING
"""
# What has been late for longer than its rule allows is told to those whom the wall names, once for each day it lasts.
ESCALATE = """
    INSERT INTO cases_notice
        (id, authority_id, created_at, about, subject_id, recipient_id, recipient_authority_id, about_on, tries)
    SELECT gen_random_uuid(), e.authority_id, now(), 'escalation', e.clock_id, e.membership_id, e.authority_id,
           wall.today(), 0
    FROM wall.worker_escalations() e
    ON CONFLICT DO NOTHING
"""


def make_due():
    """Notices for every open clock whose day of reminding, or of telling somebody else, has come; how many are new."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MAKE_DUE)
        reminded = cursor.rowcount
        cursor.execute(ESCALATE)
        return reminded + cursor.rowcount
