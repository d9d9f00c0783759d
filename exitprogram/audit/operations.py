"""The one way to write down who did or read what. Called inside the act's own transaction: no trace, no act."""

from contextvars import ContextVar

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import is_watched

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
    return events if is_watched() else AuditEvent.objects.bulk_create(events)


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
