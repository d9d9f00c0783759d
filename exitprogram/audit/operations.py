"""The one way to write down who did or read what. Called inside the act's own transaction: no trace, no act."""

import json
import uuid
from contextvars import ContextVar

from django.db import connection
from django.utils import timezone

from exitprogram.tenancy.acting import is_watched
from exitprogram.tenancy.planned import planned

request_id: ContextVar[str] = ContextVar("request_id", default="")


def record(*, by, action, obj, case=None, authority_id=None, ground="", **details):
    """The id of the event. ``action`` is a short stable string ("plan.measure_added"); ``details`` hold ids, counts and
    code words only, never a name, a number or free text. The chain is that of the rows' authority, not the actor's."""
    return _write(by, action, [(obj, case)], authority_id, ground, details)[0]


def record_many(*, by, action, about, ground="", **details):
    """One event for each (object, case or None) in ``about``, in one question to the database: a page that shows
    many people leaves a trace with each of them."""
    if about:
        _write(by, action, about, None, ground, details)


# What differs from line to line of one page comes as arrays: fifty rows are one short text to PostgreSQL, and not six
# hundred values.
WRITE_DOWN = """
    INSERT INTO audit_auditevent (id, authority_id, object_type, object_id, case_id, created_at, user_id, membership_id,
                                  membership_authority_id, action, ground, request_id, details)
    SELECT line.*, %s, %s, %s, %s, %s, %s, %s, %s::jsonb
    FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[]) AS line
"""


def _write(by, action, about, authority_id, ground, details):
    lines = [
        (
            uuid.uuid4(),
            authority_id or getattr(obj, "authority_id", None) or by.authority_id,
            obj._meta.label_lower if obj is not None else "",
            getattr(obj, "pk", None),
            case.pk if case is not None else None,
        )
        for obj, case in about
    ]
    same = [timezone.now(), by.user_id, by.pk, by.authority_id, action, ground, request_id.get(), json.dumps(details)]
    if not is_watched():
        with planned(), connection.cursor() as cursor:
            cursor.execute(WRITE_DOWN, [*same, *map(list, zip(*lines, strict=True))])
    return [line[0] for line in lines]
