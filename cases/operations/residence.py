from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.models import Individual, InterpreterWishes, Permit, Residence
from cases.operations.clocks import finish_about, start_clock
from cases.residence import last_day, may_apply
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import NoRule
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def record_permit(*, by, case, kind, applied_by, applied_on, ground="", extends=None):
    """An application, by whom the law of that day lets apply. An extension is an application of its own."""
    require(by, Permission.WRITE_NOTE, case)
    if applied_on > timezone.localdate():
        raise Refused("Ansökan kan inte ha lämnats en dag som inte har varit.")
    try:
        allowed = may_apply(kind, on=applied_on)
    except NoRule:
        raise Refused("Reglerna för den dagen är inte inlagda.")
    if applied_by not in allowed:
        who = ", ".join(Permit.AppliedBy(code).label for code in allowed)
        raise Refused(f"Den dagen kunde ansökan lämnas av {who}.")
    if extends is not None:
        extends = _extendable(case, kind, extends)
    row = Permit(
        authority_id=case.authority_id, case=case, kind=kind, applied_by=applied_by, applied_on=applied_on,
        ground=ground, extends=extends, recorded_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="permit.recorded", obj=row, case=case)
    return row


def _extendable(case, kind, permit):
    before = Permit.objects.get(pk=permit.pk, case=case)
    if before.kind != kind or before.starts_on is None:
        raise Refused("Bara ett beviljat tillstånd av samma slag kan förlängas.")
    return before


@transaction.atomic
def decide_permit(*, by, case, permit, outcome, decided_on, starts_on=None, ends_on=None, reasons=""):
    """Write down what was decided; once. Granted, it gets a clock that warns before its last day, and the clock of the
    one it extends is done with."""
    require(by, Permission.WRITE_NOTE, case)
    row = _locked(case, permit)
    if row.decided_on:
        raise Refused("Beslutet är redan infört. En förlängning är en ny ansökan.")
    if not row.applied_on <= decided_on <= timezone.localdate():
        raise Refused("Beslutsdagen ska ligga efter ansökan och inte i framtiden.")
    granted = outcome == Permit.Outcome.GRANTED
    if granted:
        _require_days(row, starts_on, ends_on)
    row.outcome, row.decided_on, row.reasons, row.decision_recorded_by = outcome, decided_on, reasons, by
    row.starts_on, row.ends_on = (starts_on, ends_on) if granted else (None, None)
    row.save(update_fields=["outcome", "decided_on", "starts_on", "ends_on", "reasons", "decision_recorded_by"])
    record(by=by, action="permit.decided", obj=row, case=case)
    if granted:
        _watch(by, case, row)
    return row


def _locked(case, permit):
    return Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk, case=case)


def _require_days(row, starts_on, ends_on):
    if not (starts_on and ends_on):
        raise Refused("Skriv från och med vilken dag och till och med vilken dag tillståndet gäller.")
    if ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    bound = last_day(row.kind, starts_on, applied_on=row.applied_on)
    if row.kind == Permit.Kind.REFLECTION and row.extends_id is None and ends_on > bound:
        raise Refused(f"Betänketiden räcker till och med {bound:%Y-%m-%d}. En förlängning läggs upp som en ny ansökan.")
    if row.kind == Permit.Kind.PROCEEDINGS and ends_on < bound:
        raise Refused(f"Tillståndet gäller minst till och med {bound:%Y-%m-%d}. Kontrollera dagarna i beslutet.")


def _watch(by, case, row):
    """The new one is watched; those that it takes over from, without a day between, are done with."""
    before = Permit.objects.filter(case=case, ends_on__lte=row.ends_on, ends_on__gte=row.starts_on - timedelta(days=1))
    for permit in {*before.exclude(pk=row.pk), *([row.extends] if row.extends_id else [])}:
        finish_about(by=by, case=case, kind=CaseClock.PERMIT_ENDS, subject=permit)
    if row.ends_on >= timezone.localdate():
        start_clock(
            by=by, case=case, kind=CaseClock.PERMIT_ENDS, rule_id=f"permit.{row.kind}", subject_id=row.pk,
            owner=case.worker, due_on=row.ends_on,
        )  # fmt: skip


@transaction.atomic
def revoke_permit(*, by, case, permit, revoked_on):
    """The Migration Agency has taken it back."""
    require(by, Permission.WRITE_NOTE, case)
    row = _locked(case, permit)
    if row.starts_on is None or row.revoked_on:
        raise Refused("Bara ett tillstånd som gäller kan vara återkallat.")
    if not row.decided_on <= revoked_on <= timezone.localdate():
        raise Refused("Dagen ska ligga efter beslutet och inte i framtiden.")
    row.revoked_on = revoked_on
    row.save(update_fields=["revoked_on"])
    record(by=by, action="permit.revoked", obj=row, case=case)
    finish_about(by=by, case=case, kind=CaseClock.PERMIT_ENDS, subject=row)
    return row


@transaction.atomic
def record_residence(
    *, by, case, known_on, status, home, home_text="", stay_text="", acting="unknown", acting_text="",
    paying="unknown", paying_text="", source="",
):  # fmt: skip
    """What right to be here, and which municipality is home, where the person stays, who acts and who pays. What
    becomes known later is a new row."""
    require(by, Permission.WRITE_NOTE, case)
    if known_on > timezone.localdate():
        raise Refused("Dagen ligger i framtiden.")
    for side, text in ((acting, acting_text), (paying, paying_text)):
        if side in (Residence.Side.OTHER, Residence.Side.SHARED) and not text.strip():
            raise Refused("Skriv vilken eller vilka kommuner som handlägger eller betalar när det inte bara är er.")
    row = Residence(
        authority_id=case.authority_id, case=case, known_on=known_on, status=status, home=home, home_text=home_text,
        stay_text=stay_text, acting=acting, acting_text=acting_text, paying=paying, paying_text=paying_text,
        source=source, recorded_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="residence.recorded", obj=row, case=case)
    return row


@transaction.atomic
def save_interpreter_wishes(*, by, case, version, language, needs_interpreter, dialect, voice, way, wanted, never):
    """Through whom the person can speak, and through whom never. ``version`` is what the form showed (0: none yet);
    raises Stale. The language itself stays with the person's other particulars."""
    require(by, Permission.WRITE_NOTE, case)
    if not language.strip():
        raise Refused("Skriv vilket språk personen talar.")
    person = Individual.objects.select_for_update(of=("self",)).get(pk=case.individual_id)
    row = InterpreterWishes.objects.filter(individual=person).first()
    if (row.version if row else 0) != version:
        raise Stale(row)
    row = row or InterpreterWishes(authority_id=case.authority_id, individual=person, version=0)
    row.dialect, row.voice, row.way, row.wanted, row.never = dialect, voice, way, wanted, never
    row.version = version + 1
    row.save()
    person.language, person.needs_interpreter = language, needs_interpreter
    person.version += 1
    person.save(update_fields=["language", "needs_interpreter", "version"])
    record(by=by, action="interpreter.saved", obj=row, case=case)
    return row
