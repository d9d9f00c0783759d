"""Whom a board can turn to, and who works with whom around it."""

from django.db import connection

from exitprogram.tenancy.models import Authority


def supporters():
    """Authorities whose regional coordinator the acting board can ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.supporters()")
        return Authority.objects.filter(pk__in=cursor.fetchone()[0]).order_by("name")
