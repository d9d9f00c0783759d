"""Reminders that are due: rows in PostgreSQL, made in ``due``, claimed and sent in ``delivery`` by whichever worker
comes first. Run as ``exit_worker``, which can read ids, days and staff mail addresses, and no name, note or address of
a person."""
