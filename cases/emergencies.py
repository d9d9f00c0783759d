"""What is shown of emergency access: to the one who is in, to those who have the case, to the one who reviews."""

from django.db import connection
from django.utils import timezone

from cases.access import kinds_of, may_review
from cases.clocks import CaseClock
from cases.models import AccessGrant, Clock, EmergencyAccess
from cases.reading import words_of


def running(by, case):
    """The emergency by which the case is open to this membership now, or None when it is open on another ground too."""
    if set(kinds_of(by, case)) != {AccessGrant.Kind.EMERGENCY}:
        return None
    return EmergencyAccess.objects.visible_to(by).running().filter(case=case, membership=by).first()


def banner(by, case):
    """Why, and how many minutes are left."""
    row = running(by, case)
    if row is None:
        return None
    left = max(1, round((row.until - timezone.now()).total_seconds() / 60))
    return {"row": row, "minutes": left}


def waiting(by):
    """Not reviewed yet: to review for those who may, to know of for the others. Newest first; a number where the reader
    may see one."""
    rows = list(EmergencyAccess.objects.visible_to(by).waiting().select_related("membership__user"))
    numbers, due = numbers_of(rows), _due(rows)
    return [
        {
            "row": row, "number": numbers.get(row.pk, ""), "due": due.get(row.pk), "mine": row.user_id == by.user_id,
            "late": due.get(row.pk) is not None and due[row.pk] < timezone.localdate(),
            "to_review": may_review(by, row), "goes_on": row.over_at > timezone.now(),
        }
        for row in rows
    ]  # fmt: skip


def _due(rows):
    clocks = Clock.objects.filter(kind=CaseClock.EMERGENCY_REVIEW, subject_id__in=[row.pk for row in rows])
    return {clock.subject_id: clock.day for clock in clocks}


def numbers_of(rows):
    """{id of an emergency: its case's number}, as far as the reader may know it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.emergency_numbers(%s::uuid[])", [[row.pk for row in rows]])
        return dict(cursor.fetchall())


def traces_of(row):
    """[(time, what in plain words)] of what was read and done during the hour."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.emergency_traces(%s)", [row.pk])
        return [(at, words_of(action)) for at, action in cursor.fetchall()]
