"""What somebody from elsewhere is told about who the plan is for. Asked anew each time it is shown."""

from django.db import connection

NEUTRAL = "Personen i planen"


def presented_to(member):
    """``presented_as`` while she is invited or joined, a waiver towards her authority is in force and the person is not
    protected; otherwise words that name nobody. The database answers: a guest reads neither person nor consents."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.presented(%s)", [member.pk])
        may_be_shown = cursor.fetchone()[0]
    return member.presented_as if may_be_shown and member.presented_as else NEUTRAL
