"""Statements that PostgreSQL parses once in each connection, and after some times plans no more. Behind row-level
security that is half of what a statement costs: every policy of every table is written into it first.

Django sends values inside the text, so each statement is a new one to PostgreSQL. Those that go through here are sent
with their values apart."""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor


class PlannedCursor(ServerBindingCursor):
    def execute(self, query, params=None, **more):
        done = super().execute(query, params, prepare=True)
        if connection.queries_logged:  # what Django's own list of statements reads, and a prepared one leaves empty
            self._query = self._convert_query(query, params)
        return done


@contextmanager
def planned():
    """Around what runs one such statement by Django's connection. Behind a pooler, where the next statement may come to
    another backend, it is sent as ever."""
    connection.ensure_connection()
    raw = connection.connection
    if settings.DATABASE_POOLER:
        yield
        return
    before, raw.cursor_factory = raw.cursor_factory, PlannedCursor
    try:
        yield
    finally:
        raw.cursor_factory = before


def asked(sql, values):
    """The rows of a statement written by hand, planned once in a connection."""
    with planned(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
