"""Who made a change between two versions, and when: asked of the log, whose lines hold ids and never a word."""

from dataclasses import replace

from django.db.models import Q
from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from plans.changes import changes
from plans.content import content_of
from plans.models import Goal, Measure, PlanVersion
from plans.threads import version_before

BEGUN = ("plan.goal_added", "plan.measure_added")
REPORTED = ("plan.measure_status", "plan.measure_reported")
DROPPED = ("plan.goal_dropped", "plan.measure_dropped")
STATUS = ("status", "why_not", "decision")
# What a reader calls a thing, and what the column is called that was written to.
COLUMNS = {
    "principal": {"principal", "other_name", "principal_kind"},
    "responsible": {"responsible", "responsible_text"},
}


def changed(before, after):
    """[Change] with who and when, for somebody who may read both versions whole."""
    today = timezone.localdate()
    return told(changes(content_of(before, on=today), content_of(after, on=today)), before, after)


def changed_since(version):
    """What a page says of a version beside the one before it."""
    before = version_before(version)
    return {"compared": before, "changed": changed(before, version) if before else []}


def told(found, before, after):
    """The same changes, each with who and when. ``before`` and ``after`` are versions, of one plan or of two after each
    other; what is not in the log, as a signature, already says it itself."""
    rows = _rows(before, after)
    events = list(_events(rows, before, after))
    return [change if change.who else _with(change, rows, events) for change in found]


def _rows(before, after):
    """{row id: its thread} of every goal and measure from the one version to the other; of a version: ""."""
    versions = PlanVersion.objects.filter(case=after.case_id, created_at__lte=after.created_at)
    versions = list(versions.filter(created_at__gte=before.created_at).values_list("pk", flat=True))
    found = dict.fromkeys(versions, "")
    for model in (Goal, Measure):
        threads = model.objects.filter(version__in=versions).values_list("pk", "thread")
        found |= {pk: str(thread) for pk, thread in threads}
    return found


def _events(rows, before, after):
    since, until = before.agreed_at or before.created_at, after.agreed_at or timezone.now()
    events = AuditEvent.objects.about_case(after.case).filter(
        Q(object_id__in=list(rows), action__startswith="plan.") | Q(action__in=DROPPED),
        created_at__gte=since, created_at__lte=until,
    )  # fmt: skip
    return events.select_related("membership__user").order_by("-created_at", "-pk")


def _with(change, rows, events):
    event = next((event for event in events if _is_about(event, change.about, rows)), None)
    if event is None:
        return change
    return replace(change, who=event.membership.user.name if event.membership else "", when=event.created_at)


def _is_about(event, about, rows):
    kind, thread, field = about
    if kind == "gone":
        return event.action in DROPPED and event.details.get("thread") == thread
    if not kind or rows.get(event.object_id) != thread or event.action in DROPPED:
        return False
    if kind == "goal":
        return event.action in ("plan.goal_added", "plan.goal_saved")
    wrote = COLUMNS.get(field, {field}) & set(event.details.get("fields", ()))
    if kind == "plan":
        return event.action == "plan.saved" and bool(wrote)
    return (
        event.action in BEGUN
        or (event.action == "plan.measure_saved" and bool(wrote))
        or (event.action in REPORTED and field in STATUS)
    )
