"""The one way to write down who did or read what. Called inside the act's own transaction: no trace, no act."""

import json
from contextvars import ContextVar

from django.db import connection

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import is_watched
from exitprogram.tenancy.planned import planned

request_id: ContextVar[str] = ContextVar("request_id", default="")


def record(*, by, action, obj, case=None, authority_id=None, ground="", **details):
    """``action`` is a short stable string ("plan.measure_added"); ``details`` hold ids, counts and code words only,
    never a name, a number or free text. The chain is that of the rows' authority, not of the actor's."""
    event = _event(by, action, obj, case, authority_id, ground, details)
    if not is_watched():
        event.save(force_insert=True)
    return event


def record_many(*, by, action, about, ground="", **details):
    """One event for each (object, case or None) in ``about``, in one question to the database: a page that shows
    many people leaves a trace with each of them."""
    events = [_event(by, action, obj, case, None, ground, details) for obj, case in about]
    if events and not is_watched():
        _write(events)
    return events


# What differs from line to line of one page; everything else is the same in all of them.
VARIED = ("id", "authority_id", "object_type", "object_id", "case_id")
SAME = ("created_at", "user_id", "membership_id", "membership_authority_id", "action", "ground", "request_id")
WRITE_DOWN = """
    INSERT INTO audit_auditevent (id, authority_id, object_type, object_id, case_id, created_at, user_id, membership_id,
                                  membership_authority_id, action, ground, request_id, details)
    SELECT line.*, %s, %s, %s, %s, %s, %s, %s, %s::jsonb
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[]) AS line
"""


def _write(events):
    """Fifty rows are one short text to PostgreSQL, and not six hundred values."""
    first = events[0]
    same = [getattr(first, name) for name in SAME]
    varied = [[getattr(event, name) for event in events] for name in VARIED]
    with planned(), connection.cursor() as cursor:
        cursor.execute(WRITE_DOWN, [*same, json.dumps(first.details), *varied])


def _event(by, action, obj, case, authority_id, ground, details):
    return AuditEvent(
        authority_id=authority_id or getattr(obj, "authority_id", None) or by.authority_id,
        user_id=by.user_id,
        membership_id=by.pk,
        membership_authority_id=by.authority_id,
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=getattr(obj, "pk", None),
        case_id=case.pk if case is not None else None,
        ground=ground,
        details=details,
        request_id=request_id.get(),
    )
