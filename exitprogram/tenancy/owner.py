"""Becoming exit_owner for a moment: migrations, new partner organisations, the audit's verifier. Commands only."""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection


def become_owner():
    """Only this process, and only for a command: the roles that answer requests own nothing."""
    _log_in(settings.OWNER_DATABASE)


@contextmanager
def as_owner():
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    become_owner()
    try:
        yield
    finally:
        _log_in(before)


def _log_in(as_whom):
    if as_whom and connection.settings_dict["USER"] != as_whom["USER"]:
        connection.close()
        connection.settings_dict.update(USER=as_whom["USER"], PASSWORD=as_whom["PASSWORD"])
