"""What one person holds of open cases: shown before it goes to somebody else. Counts; never who it is about."""

from django.db import connection


def caseload(member, successor=None):
    """Rows of ``wall.caseload``: number (to those who lead, of unprotected people), worker, coordinator, deputy,
    clocks, drafts, and hinder ("", "blocked", "child" or "today") towards that successor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.caseload(%s, %s)", [member.pk, successor.pk if successor else None])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def in_short(rows):
    """The sums of a preview."""
    moves = [row for row in rows if not row["hinder"]]
    return {
        "cases": len(moves),
        "coordinated": sum(row["coordinator"] for row in moves),
        "clocks": sum(row["clocks"] for row in moves),
        "drafts": sum(row["drafts"] for row in rows),
        "stays": [row for row in rows if row["hinder"]],
    }
