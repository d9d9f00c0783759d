from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.operations import finish_about, start_clock
from cases.operations.clocks import extend_clock
from children.asking import require_qualified
from children.clocks import ChildClock
from children.course import endings_of, running_in
from children.days import investigation_day
from children.models import Investigation
from children.operations.chain import name_next
from children.operations.placement import investigation_closed
from children.operations.reports import answer_reports
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def open_investigation(*, by, case, decision):
    """What a decision to open sets going: four months, those concerned to be told, and the reports answered."""
    require(by, Permission.DECIDE, case)
    row = Investigation(authority_id=case.authority_id, case=case, opening=decision, opened_on=decision.decided_on)
    row.save(force_insert=True)
    record(by=by, action="investigation.opened", obj=row, case=case)
    given = {"by": by, "case": case, "subject_id": row.pk, "owner": case.worker}
    due_on = investigation_day(row.opened_on)
    start_clock(**given, kind=ChildClock.INVESTIGATION, rule_id="child.investigation", due_on=due_on)
    start_clock(**given, kind=ChildClock.TOLD, rule_id="child.told", due_on=row.opened_on)
    answer_reports(by=by, case=case, decision=decision)
    return row


@transaction.atomic
def extend_investigation(*, by, case, decision):
    """More time, for as many days as were decided."""
    require(by, Permission.DECIDE, case)
    row = running_in(case)
    clock = case.clocks.open().get(kind=ChildClock.INVESTIGATION, subject_id=row.pk)
    extend_clock(
        by=by, case=case, clock=clock, extended_to=clock.day + timedelta(days=decision.days), decided=True,
        ground=f"Beslut {decision.number}: {decision.reasons}",
    )  # fmt: skip
    record(by=by, action="investigation.extended", obj=row, case=case, days=decision.days)
    return row


@transaction.atomic
def tell_concerned(*, by, case, investigation, told="", not_told=""):
    """Who has been told that an investigation is opened, and who has not for which special reasons (SoL 20:4)."""
    require(by, Permission.WRITE_NOTE, case)
    row = Investigation.objects.visible_to(by).select_for_update(of=("self",)).get(pk=investigation.pk, case=case)
    if row.told_on:
        raise Refused("Det är redan antecknat.")
    if not told.strip() and not not_told.strip():
        raise Refused(
            "Skriv vilka som är underrättade, eller vilka som inte är det och vilka särskilda skäl som finns."
        )
    row.told_on, row.told_by, row.told, row.not_told = timezone.localdate(), by, told, not_told
    row.save(update_fields=["told_on", "told_by", "told", "not_told"])
    finish_about(by=by, case=case, kind=ChildClock.TOLD, subject=row)
    record(by=by, action="investigation.told", obj=row, case=case)
    return row


@transaction.atomic
def finish_investigation(*, by, case, investigation, ending, conclusion, who="", name="", next_reason=""):
    """Finished, with the decision it ended in: to close it, or to give the child something; and with who answers for
    what comes next. Signed by a qualified."""
    require(by, Permission.WRITE_NOTE, case)
    require_qualified(by)
    row = Investigation.objects.visible_to(by).select_for_update(of=("self",)).get(pk=investigation.pk, case=case)
    if row.finished_on:
        raise Refused("Utredningen är redan avslutad.")
    ending = endings_of(by, row).filter(pk=getattr(ending, "pk", None)).first()
    if ending is None:
        raise Refused("En utredning avslutas med ett beslut: om en insats, eller att den avslutas utan insats.")
    if not conclusion.strip():
        raise Refused("Skriv vad utredningen kom fram till.")
    if not who:
        raise Refused("Välj vem som tar vid, eller skriv varför ingen behövs.")
    name_next(by=by, case=case, about="investigation", subject=row, who=who, name=name, reason=next_reason)
    row.ending, row.finished_on, row.finished_by, row.conclusion = ending, timezone.localdate(), by, conclusion
    row.save(update_fields=["ending", "finished_on", "finished_by", "conclusion"])
    finish_about(by=by, case=case, kind=ChildClock.INVESTIGATION, subject=row)
    investigation_closed(by=by, case=case, closed_on=row.finished_on)
    record(by=by, action="investigation.finished", obj=row, case=case)
    return row
