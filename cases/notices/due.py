"""What is due, to whom and when: the rows that are to be told. In the app a notice exists once (unique key).

The truth is in the database (``cases/sql/telling.sql``); here is only the pace. The clock is a parameter: without
one it is the database's own."""

from django.db import connection, transaction

AT_A_TIME = 500
KEEP = "SELECT wall.worker_keep(coalesce(%s, now()))"
TELL = "SELECT * FROM wall.worker_tell(coalesce(%s, now()), %s)"


def make_due(at=None):
    """Notices for every open clock whose time of reminding, or of telling somebody else, has come; how many are new.
    Before that, what is watched by itself gets its clocks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(KEEP, [at])
    new = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TELL, [at, AT_A_TIME])
            clocks, notices = cursor.fetchone()
        new += notices
        if clocks < AT_A_TIME:
            return new
