"""Questions to the log."""

from exitprogram.audit.models import AuditEvent


def last_touch(obj):
    """(name, time) of whoever wrote to this row last; for the page that shows two versions side by side."""
    events = AuditEvent.objects.filter(object_id=obj.pk).exclude(action__contains="view")
    event = events.select_related("membership__user").order_by("-created_at").first()
    return (event.membership.user.name, event.created_at) if event and event.membership else ("Någon", obj.created_at)
