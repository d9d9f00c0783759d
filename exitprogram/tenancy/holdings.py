"""What a role holds, in numbers, told to those who end roles. The rooms above answer in the database: the ground knows
of no case."""

from django.db import connection


def held_by_role(membership):
    """``worked``, ``coordinated``, ``teams`` and ``drafts``: how many cases would lose somebody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.role_holds(%s)", [membership.pk])
        return dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))


def left_without_coordinator(membership, ends_on):
    """In how many open cases nobody would coordinate after that day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.left_without(%s, %s)", [membership.pk, ends_on])
        return cursor.fetchone()[0]
