from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Notice
from cases.operations import notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams.competence import competent, row_for
from teams.models import Decision


@transaction.atomic
def propose_decision(*, by, case, kind, what, sent_to=None):
    """Start a decision. ``sent_to`` is a competent colleague, when one is not competent oneself."""
    require(by, Permission.PROPOSE_DECISION, case)
    if not what.strip():
        raise Refused("Skriv vad beslutet ska gälla.")
    today = timezone.localdate()
    if sent_to is not None and not competent(by, kind, on=today).filter(pk=sent_to.pk).exists():
        raise Refused("Den valda personen får inte besluta i detta enligt delegationsordningen.")
    if sent_to is None and row_for(by, kind, on=today) is None:
        raise Refused("Du får inte besluta i detta själv. Välj vem det ska skickas till.")
    decision = Decision(
        authority_id=case.authority_id, case=case, kind=kind, what=what, proposed_by=by, sent_to=sent_to or by
    )
    decision.save(force_insert=True)
    if sent_to is not None and sent_to.pk != by.pk:
        notify(by=by, case=case, about=Notice.About.DECISION, subject_id=decision.pk, membership=sent_to)
    record(by=by, action="decision.proposed", obj=decision, case=case, kind=kind)
    return decision


@transaction.atomic
def view_decision(*, by, decision):
    """Write down that a proposal or a decision is being read."""
    require_role(by, Permission.READ_CASE)
    if not Decision.objects.visible_to(by).filter(pk=decision.pk).exists():
        raise NotAllowed("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    record(by=by, action="decision.viewed", obj=decision, case=decision.case_ref)


@transaction.atomic
def decide(*, by, decision, outcome, reasons, hearing, no_conflict):
    """Decide on delegation. Freezes the scheme's row; locked from then on (FL 31–32 §§). Raises NotAllowed when the
    scheme of the day does not make the decider competent, Refused when something the law requires is missing."""
    require_role(by, Permission.DECIDE)
    decision = Decision.objects.visible_to(by).select_for_update(of=("self",)).get(pk=decision.pk)
    today = timezone.localdate()
    row = row_for(by, decision.kind, on=today)
    if decision.state == Decision.State.DECIDED:
        raise Refused("Beslutet är redan fattat.")
    if row is None:
        others = ", ".join(m.user.name for m in competent(by, decision.kind, on=today)[:3])
        raise NotAllowed(f"Du kan inte besluta om detta. {others or 'Ingen annan'} kan.")
    if not no_conflict:
        raise NotAllowed("Den som har en privat koppling till saken får inte besluta (FL 16–18 §§, KL 7:4).")
    if not reasons.strip():
        raise Refused("Skriv skälen: vilka bestämmelser och vilka omständigheter som avgjort (FL 32 §).")
    if outcome != Decision.Outcome.GRANTED and not hearing.strip():
        raise Refused("Skriv hur den enskilde fått yttra sig, eller varför inte (FL 25 §).")
    decision.state, decision.outcome, decision.reasons, decision.hearing = "decided", outcome, reasons, hearing
    decision.no_conflict, decision.row = True, row
    decision.decided_by, decision.decided_on = by, today
    decision.number = _next_number(by, today.year)
    decision.save()
    record(by=by, action="decision.decided", obj=decision, case=decision.case_ref, outcome=outcome,
           scheme=row.scheme.version, row=row.number)  # fmt: skip
    return decision


def _next_number(by, year):
    from cases.models import CaseSeries

    series, _new = CaseSeries.objects.get_or_create(
        authority_id=by.authority_id, year=year, defaults={"authority_id": by.authority_id}
    )
    series = CaseSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)
    series.last_decision += 1
    series.save(update_fields=["last_decision"])
    return f"B{year}-{series.last_decision:04d}"
