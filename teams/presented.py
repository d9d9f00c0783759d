"""What somebody from elsewhere is told about who the plan is for. Asked anew each time it is shown."""

from django.db import connection

from cases.areas import Area

NEUTRAL = "Personen i planen"


def presented_to(member):
    """``presented_as`` while she is invited or joined, a waiver or a ground in law towards her authority is in force
    and the person is not protected; otherwise words that name nobody. The database answers: a guest reads neither the
    person nor every consent."""
    return presented_to_all([member])[0]


def presented_to_all(members):
    """The same for several, in their order and one question."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM unnest(%s::uuid[]) id WHERE wall.presented(id)", [[m.pk for m in members]])
        shown = {row[0] for row in cursor.fetchall()}
    return [m.presented_as if m.pk in shown and m.presented_as else NEUTRAL for m in members]


def areas_offered(member):
    """The areas that a waiver or a ground in law covers today towards the one who is asked: what she would read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.offered(%s)", [member.pk])
        covered = set(cursor.fetchone()[0])
    return [area.label for area in Area if area.value in covered]
