"""Time in the demonstration: what happened weeks ago is told as if it were then, one step after the other."""

import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from exitprogram.tenancy.owner import as_owner
from exitprogram.tenancy.rows import TenantModel

BEGIN_AT = timedelta(hours=8, minutes=10)
BETWEEN = timedelta(minutes=4)
NOT_TOLD = (
    "CREATE OR REPLACE FUNCTION wall.told_as_then() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER"
    " SET search_path = pg_catalog AS $$ SELECT false $$"
)
TOLD = NOT_TOLD.replace("false", "true")


@contextmanager
def at(moment):
    """Let Python's clock start from ``moment``. PostgreSQL's own clock stays real: rows that began in the past and are
    open-ended mean the same in both. ``created_at`` holds on to the real clock, so its default is replaced too."""
    began = time.monotonic()

    def now():
        return moment + timedelta(seconds=time.monotonic() - began)

    with ExitStack() as stack:
        stack.enter_context(patch("django.utils.timezone.now", now))
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                stack.enter_context(patch.object(model._meta.get_field("created_at"), "_get_default", now))
        yield


@contextmanager
def long_ago():
    """While the stories are told, PostgreSQL lets a decision have the day it is told of: by the owner's hand, and only
    here. What a run that was killed has left open, the next ``migrate`` closes."""
    _let_be_told(True)
    try:
        yield
    finally:
        _let_be_told(False)


def _let_be_told(yes):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(TOLD if yes else NOT_TOLD)


def moment_of(day, after=timedelta()):
    """Morning of a Swedish day, as Django's ``timezone.now`` would say it."""
    local = datetime.combine(day, datetime.min.time(), ZoneInfo(settings.TIME_ZONE)) + BEGIN_AT + after
    return local.astimezone(UTC)


def workday(day):
    """The day itself, or the Friday before a weekend: nobody works on Sundays in a demonstration."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def next_workday(day):
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def tell(steps):
    """Run ``(day, act)`` pairs in the order of their days, each at its own time of that day; today's not later than it
    is now, also for somebody who looks at night."""
    ordered = sorted(steps, key=lambda step: step[0])
    for day, of_the_day in groupby(ordered, key=lambda step: step[0]):
        for number, (_day, act) in enumerate(of_the_day):
            with at(min(moment_of(day, after=number * BETWEEN), timezone.now())):
                act()
