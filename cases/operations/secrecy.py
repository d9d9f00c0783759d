from datetime import date

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.cover import GROUNDS
from cases.models import Case, SecrecyException
from cases.operations.clocks import finish_about, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import NoRule, rule
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def record_exception(*, by, case, recipient, areas, rule_id, reason, ends_on, starts_on=None, renews=None):
    """Open areas of the plan to another authority on a ground in law instead of consent, for a time and with the reason
    in writing. The law of the first day decides; never backwards, and always to a last day. Raises Refused."""
    require(by, Permission.RECORD_CONSENT, case)
    today = timezone.localdate()
    starts_on = starts_on or today
    ground = _ground(rule_id, starts_on)
    _require_use(ground, by.authority, recipient, case)
    _require_age(ground, case, starts_on, ends_on)
    if not areas:
        raise Refused("Välj minst ett område som uppgifterna gäller.")
    if not reason.strip():
        raise Refused(
            "Skriv varför det behövs: vad mottagaren ska göra, och varför det inte kan vänta på ett samtycke."
        )
    if starts_on < today:
        raise Refused("Grunden prövas nu och kan inte börja gälla en dag som har varit.")
    if ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    exception = SecrecyException(
        authority_id=case.authority_id, case=case, recipient=recipient, areas=sorted(areas), rule_id=rule_id,
        reason=reason, starts_on=starts_on, ends_on=ends_on, decided_by=by,
    )  # fmt: skip
    exception.save(force_insert=True)
    record(by=by, action="secrecy.exception_recorded", obj=exception, case=case, rule=rule_id)
    start_clock(
        by=by, case=case, kind=CaseClock.CONSENT_ENDS, rule_id="consent.ends", subject_id=exception.pk,
        owner=case.worker, due_on=ends_on,
    )  # fmt: skip
    if renews is not None:
        end_exception(by=by, case=case, exception=renews, replaced_by=exception)
    return exception


def _ground(rule_id, on):
    """The law of that day."""
    if not rule_id.startswith(GROUNDS):
        raise Refused("Det är inte en grund som bryter sekretess.")
    try:
        return rule(rule_id, on=on)
    except NoRule:
        raise Refused(f"Grunden gäller inte {on}. Välj en som gällde den dagen.")


def _require_use(ground, own, recipient, case):
    """The right kind of authority at both ends, and a ground that can be leant on for more than one disclosure."""
    if recipient.pk == case.authority_id:
        raise Refused("Den egna nämnden behöver ingen grund för att läsa sitt eget ärende.")
    if own.kind not in ground.values["from"]:
        raise Refused(f"{ground.citation} kan inte användas av er: den gäller {_kinds(ground.values['from'])}.")
    if not ground.values["standing"]:
        raise Refused("Den grunden gäller enstaka uppgifter. Lämna ut dem var för sig i stället för att öppna planen.")
    if recipient.kind not in ground.values["to"]:
        raise Refused(f"{ground.citation} räcker inte till mottagaren: den gäller {_kinds(ground.values['to'])}.")


def _kinds(codes):
    known = dict(Authority.Kind.choices)
    return ", ".join(known.get(code, "polis") for code in codes)


def _require_age(ground, case, starts_on, ends_on):
    """Where the law says «under», the person is so on every day that the ground is used."""
    under = ground.values.get("under")
    if under is None:
        return
    born = case.individual.birth_date
    if born is None:
        if case.programme != Case.Programme.CHILD:
            raise Refused(f"Grunden kräver att personen är under {under} år. Skriv in födelsedagen först.")
        return
    birthday = _birthday(born, under)
    if starts_on >= birthday:
        raise Refused(f"Personen har fyllt {under} år. Grunden gäller bara den som är yngre.")
    if ends_on >= birthday:
        raise Refused(f"Personen fyller {under} år {birthday}. Sätt en sista dag före den dagen.")


def _birthday(born, years):
    """Somebody born on 29 February has it on 1 March in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@transaction.atomic
def end_exception(*, by, case, exception, replaced_by=None):
    """The ground is leant on no longer. What it opened is closed when this transaction commits, in both walls."""
    require(by, Permission.RECORD_CONSENT, case, after_closing=True)
    exception = SecrecyException.objects.select_for_update(of=("self",)).get(pk=exception.pk, case=case)
    if exception.ended_at:
        raise Refused("Grunden är redan avslutad.")
    exception.ended_at, exception.ended_by, exception.replaced_by = timezone.now(), by, replaced_by
    exception.save(update_fields=["ended_at", "ended_by", "replaced_by"])
    record(by=by, action="secrecy.exception_ended", obj=exception, case=case, renewed=replaced_by is not None)
    finish_about(by=by, case=case, kind=CaseClock.CONSENT_ENDS, subject=exception)
    return exception
