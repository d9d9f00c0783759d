"""What happens around a decision. Each act is a row that nobody changes; clocks follow what the law gives a time."""

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.operations import finish_about, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission
from teams.clocks import DecisionClock
from teams.course import OVER, Course
from teams.matters import COURT
from teams.models import Decision, DecisionStep
from teams.watching import end_watch, forward_day, watch

Kind, Way = DecisionStep.Kind, DecisionStep.Way
IN_HAND = (Way.MEETING, Way.HANDED, Way.PHONE)  # told so, the party has got it that day


@transaction.atomic
def hear_party(*, by, case, decision, day, until, way, words=""):
    """The party is shown what the decision will rest on and given until a day to answer (FL 25 §)."""
    course = _locked(by, case, decision, decided=False)
    if until < day:
        raise Refused("Sista dagen att yttra sig ligger före dagen då underlaget lämnades.")
    return _add(by, course, Kind.HEARD, day, until=until, way=_way(way), words=words)


@transaction.atomic
def record_answer(*, by, case, decision, day, words=""):
    """What the party said, or that nothing came."""
    course = _locked(by, case, decision, decided=False)
    if course.heard is None:
        raise Refused("Skriv först när den enskilde fick ta del av underlaget.")
    if day < course.heard.day:
        raise Refused("Yttrandet kan inte komma före underlaget.")
    if not words.strip() and day <= course.heard.until:
        raise Refused("Skriv vad den enskilde sade. Tiden att yttra sig har inte gått ut.")
    return _add(by, course, Kind.ANSWERED if words.strip() else Kind.SILENT, day, words=words)


@transaction.atomic
def tell_party(*, by, case, decision, day, way, words="", received_on=None):
    """The party is told of the whole decision and how to appeal it (FL 33 §). Told in person she has it that day."""
    course = _locked(by, case, decision)
    if course.told:
        raise Refused("Det är redan antecknat att den enskilde är underrättad.")
    _not_before_the_decision(course, day)
    step = _add(by, course, Kind.TOLD, day, way=_way(way), words=words)
    finish_about(by=by, case=case, kind=DecisionClock.TELL, subject=course.decision)
    received_on = received_on or (day if way in IN_HAND else None)
    if received_on:
        _require_received(course, received_on, told_on=day)
        _add(by, course, Kind.RECEIVED, received_on)
    return step


@transaction.atomic
def record_receipt(*, by, case, decision, day):
    """The day the party got the decision: the time to appeal is counted from it."""
    course = _locked(by, case, decision)
    if course.told is None:
        raise Refused("Skriv först hur den enskilde underrättades.")
    _require_received(course, day, told_on=course.told.day)
    return _add(by, course, Kind.RECEIVED, day)


def _require_received(course, day, told_on):
    if course.received:
        raise Refused("Det är redan antecknat när den enskilde fick del av beslutet.")
    if day < told_on:
        raise Refused("Den enskilde kan inte ha fått beslutet innan det lämnades.")


@transaction.atomic
def receive_appeal(*, by, case, decision, day, words="", excuse=""):
    """An appeal has come in. Whether it is in time is counted, not chosen: three weeks from the day the party got the
    decision; in time when that day is not known. What is late is rejected by a decision, the rest goes on in a week."""
    course = _locked(by, case, decision)
    if course.decision.matter.appeal != COURT:
        raise Refused("Det här beslutet överklagas inte till förvaltningsrätten.")
    if course.appealed:
        raise Refused("Ett överklagande är redan antecknat. Lägg det nya till handlingarna.")
    _not_before_the_decision(course, day)
    if excuse and excuse not in DecisionStep.Excuse.values:
        raise Refused("Välj ett av skälen.")
    days = course.last_appeal_days
    last = days and days[1]
    in_time = last is None or day <= last or bool(excuse)
    step = _add(by, course, Kind.APPEALED, day, until=last, in_time=in_time, excuse=excuse, words=words)
    start_clock(
        by=by, case=case, kind=DecisionClock.APPEAL, rule_id="decision.forward", subject_id=step.pk,
        owner=course.decision.proposed_by, due_on=forward_day(day),
    )  # fmt: skip
    return step


@transaction.atomic
def forward_appeal(*, by, case, decision, day):
    """Sent on to the court with the file (FL 46 §). A late one is not: it is rejected by a decision of its own."""
    course = _locked(by, case, decision)
    if not course.appeal_waits:
        raise Refused("Det finns inget överklagande att lämna vidare.")
    if not course.appealed.in_time:
        raise Refused("Överklagandet kom in för sent. Det avvisas genom ett beslut (FL 45 §).")
    if day < course.appealed.day:
        raise Refused("Överklagandet kan inte lämnas vidare innan det kom in.")
    step = _add(by, course, Kind.FORWARDED, day)
    finish_about(by=by, case=case, kind=DecisionClock.APPEAL, subject=course.appealed)
    return step


@transaction.atomic
def record_judgment(*, by, case, decision, day, result, final_on=None, words=""):
    """What the court said, and from which day it is final."""
    course = _locked(by, case, decision)
    if course.forwarded is None or course.court:
        raise Refused("Beslutet ligger inte hos domstolen.")
    if result not in DecisionStep.Result.values:
        raise Refused("Välj vad domstolen kom fram till.")
    if day < course.forwarded.day or (final_on and final_on < day):
        raise Refused("Dagarna kommer i fel ordning. Kontrollera dem.")
    return _add(by, course, Kind.COURT, day, until=final_on, result=result, words=words)


@transaction.atomic
def record_carrying_out(*, by, case, decision, kind, day, words=""):
    """What was granted is carried out, interrupted, reported as not carried out, or no longer wanted. The watch ends,
    or goes on for another three months (SoL 34:1–3)."""
    course = _locked(by, case, decision)
    if kind not in (*OVER, Kind.INTERRUPTED, Kind.REPORTED):
        raise Refused("Välj vad som har hänt.")
    if not (course.decision.is_grant and course.decision.matter.carried_out):
        raise Refused("Det här beslutet har inget att verkställa.")
    if course.changed or course.last(Kind.NOT_WANTED):
        raise Refused("Beslutet verkställs inte längre.")
    if not course.is_watched and kind != Kind.INTERRUPTED:
        raise Refused("Det är redan antecknat att beslutet är verkställt.")
    if course.is_watched and kind == Kind.INTERRUPTED:
        raise Refused("Verkställigheten har inte börjat.")
    if kind != Kind.CARRIED_OUT and not words.strip():
        raise Refused("Skriv varför.")
    _not_before_the_decision(course, day)
    step = _add(by, course, kind, day, words=words)
    end_watch(by, case, course)
    if kind in (Kind.INTERRUPTED, Kind.REPORTED):
        watch(by, course.decision, step, day)
    return step


def _locked(by, case, decision, decided=True):
    """The decision's course, and nobody else's to add to meanwhile. What goes on after a closing goes on here too."""
    require(by, Permission.PROPOSE_DECISION, case, after_closing=decided)
    rows = Decision.objects.visible_to(by).select_for_update(of=("self",)).filter(case=case)
    decision = rows.select_related("proposed_by").get(pk=decision.pk)
    if decision.is_decided != decided:
        raise Refused(
            "Beslutet är inte fattat än." if decided else "Beslutet är redan fattat, eller förslaget återtaget."
        )
    return Course.of(decision)


def _not_before_the_decision(course, day):
    if day < course.decision.decided_on:
        raise Refused("Det kan inte ha hänt innan beslutet fattades.")


def _way(way):
    if way not in Way.values:
        raise Refused("Välj på vilket sätt.")
    return way


def _add(by, course, kind, day, **more):
    if day > timezone.localdate():
        raise Refused("Dagen har inte varit än.")
    decision = course.decision
    step = DecisionStep(
        authority_id=decision.authority_id,
        case_id=decision.case_id,
        decision=decision,
        kind=kind,
        day=day,
        by=by,
        **more,
    )
    step.save(force_insert=True)
    record(by=by, action=f"decision.{kind}", obj=decision, case=decision.case_ref, day=str(day))
    return step
