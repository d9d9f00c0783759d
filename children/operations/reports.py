from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Case
from cases.operations import add_person, finish_about, open_case, start_clock
from cases.operations.clocks import extend_clock
from children.asking import require_childs, require_under_age
from children.clocks import ChildClock
from children.days import feedback_day, opening_day, protection_day
from children.models import ConcernReport, Investigation
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission
from teams.models import Decision

LONGEST_BACK = timedelta(days=366)
CONTACT_WAY = {ConcernReport.Source.CHILD: "self", ConcernReport.Source.POLICE: "police",
               ConcernReport.Source.BOARD: "social_services"}  # fmt: skip
ANSWERS = ("investigation_open", "investigation_not_open")


@transaction.atomic
def receive_report(*, by, case, received_at, source, text, way="phone", profession="", reporter="", reached_by="",
                   receiver=None, receiver_text="", wants_answer=False):  # fmt: skip
    """Write in a report about the child, also one that came yesterday: its clocks count from when it came. A closed
    case is taken up by a new one."""
    case = _open_again(by, case)
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    require_childs(case)
    require_under_age(case.individual.root.birth_date, timezone.localdate(received_at))
    _require_sound(received_at, source, text, profession, wants_answer)
    report = ConcernReport(
        authority_id=case.authority_id, case=case, source=source, text=text, way=way, profession=profession,
        reporter="" if source == ConcernReport.Source.ANONYMOUS else reporter,
        reached_by="" if source == ConcernReport.Source.ANONYMOUS else reached_by, received_at=received_at,
        receiver=receiver if receiver or receiver_text.strip() else by, receiver_text=receiver_text, written_by=by,
        feedback_asked_on=timezone.localdate() if wants_answer else None,
    )  # fmt: skip
    report.save(force_insert=True)
    record(by=by, action="report.received", obj=report, case=case, source=source)
    _start(by, case, report)
    return report


@transaction.atomic
def receive_report_of_new_child(*, by, after_search, name="", alias="", birth_date=None, **given):
    """A child nobody knows here yet: person, case and report in one act, or nothing."""
    require_under_age(birth_date, timezone.localdate(given["received_at"]))
    child = add_person(by=by, after_search=after_search, name=name, alias=alias, birth_date=birth_date)
    case = open_case(
        by=by, individual=child, programme=Case.Programme.CHILD, target_group="unknown",
        contact_way=CONTACT_WAY.get(given["source"], "unknown"),
    )  # fmt: skip
    record(by=by, action="report.child_added", obj=child, case=case)
    return receive_report(by=by, case=case, **given)


def _open_again(by, case):
    if case.closed_on is None:
        return case
    running = Case.objects.visible_to(by).active().filter(individual=case.individual, programme=Case.Programme.CHILD)
    return running.first() or open_case(
        by=by, individual=case.individual, programme=Case.Programme.CHILD, contact_way="unknown", target_group="unknown"
    )


def _require_sound(received_at, source, text, profession, wants_answer):
    now = timezone.now()
    if received_at > now:
        raise Refused("Anmälan kan inte ha kommit i framtiden.")
    if received_at < now - LONGEST_BACK:
        raise Refused("Anmälan kom för mer än ett år sedan. Kontrollera dagen.")
    if not text.strip():
        raise Refused("Skriv vad som anmäls.")
    if source == ConcernReport.Source.PROFESSIONAL and not profession.strip():
        raise Refused("Skriv vilket yrke eller uppdrag den som anmäler har.")
    if wants_answer:
        _require_may_ask(source)


def _require_may_ask(source):
    if source not in ConcernReport.MAY_ASK:
        law = rule("child.feedback", on=timezone.localdate()).citation
        raise Refused(f"Bara den som anmäler i sitt arbete har rätt till återkoppling ({law}).")


def _start(by, case, report):
    given = {"by": by, "case": case, "subject_id": report.pk, "owner": case.worker}
    start_clock(
        **given, kind=ChildClock.PROTECTION, rule_id="child.protection", due_on=protection_day(report.received_at)
    )
    if not Investigation.objects.running().filter(case=case).exists():  # then no decision is needed (SoL 20:2)
        start_clock(**given, kind=ChildClock.OPENING, rule_id="child.opening", due_on=opening_day(report.received_on))
    elif report.feedback_asked_on:
        _owe_answer(by, case, report, feedback_day(report.feedback_asked_on, report.feedback_asked_on))


def _owe_answer(by, case, report, due_on):
    if due_on is not None:
        start_clock(
            by=by, case=case, kind=ChildClock.FEEDBACK, rule_id="child.feedback", subject_id=report.pk,
            owner=case.worker, due_on=due_on,
        )  # fmt: skip


@transaction.atomic
def answer_reports(*, by, case, decision):
    """A decision to open or not: the reports that were in when it was proposed have got their answer, and those who
    asked are to be told within the week. When one opens, nothing that waits needs a decision any more."""
    require(by, Permission.DECIDE, case)
    waiting = ConcernReport.objects.visible_to(by).filter(case=case)
    if decision.kind == "investigation_not_open":
        waiting = waiting.filter(created_at__lte=decision.created_at)
    answered = 0
    for report in waiting:
        if finish_about(by=by, case=case, kind=ChildClock.OPENING, subject=report):
            answered += 1
            if report.feedback_asked_on and not report.feedback_given_on:
                _owe_answer(by, case, report, feedback_day(decision.decided_on))
    record(by=by, action="report.answered", obj=decision, case=case, kind=decision.kind, reports=answered)


@transaction.atomic
def extend_opening(*, by, case, decision):
    """More time to decide, by a decision on exceptional grounds (synnerliga skäl), for every report that waits."""
    require(by, Permission.DECIDE, case)
    clocks = case.clocks.open().filter(kind=ChildClock.OPENING)
    for clock in clocks:
        extend_clock(
            by=by, case=case, clock=clock, extended_to=clock.day + timedelta(days=decision.days), decided=True,
            ground=f"Beslut {decision.number}: {decision.reasons}",
        )  # fmt: skip
    record(by=by, action="report.time_extended", obj=decision, case=case, days=decision.days)


@transaction.atomic
def ask_feedback(*, by, case, report):
    """The reporter asks afterwards. After the decision the answer is owed at once."""
    require(by, Permission.WRITE_NOTE, case)
    report = ConcernReport.objects.select_for_update(of=("self",)).get(pk=report.pk, case=case)
    _require_may_ask(report.source)
    if report.feedback_asked_on:
        raise Refused("Det är redan antecknat att den som anmälde vill ha återkoppling.")
    report.feedback_asked_on = timezone.localdate()
    report.save(update_fields=["feedback_asked_on"])
    record(by=by, action="report.feedback_asked", obj=report, case=case)
    decided = _answer_to(report)
    if decided:
        _owe_answer(by, case, report, feedback_day(decided, report.feedback_asked_on))
    return report


def _answer_to(report):
    """The day of the decision that answered it, or that an investigation was opened that runs; None while it waits."""
    decided = Decision.objects.filter(
        case_id=report.case_id, kind__in=ANSWERS, state="decided", outcome__in=["granted", "partly"]
    )
    after = decided.filter(created_at__gte=report.created_at).order_by("decided_on").first()
    if after:
        return after.decided_on
    runs = Investigation.objects.filter(case_id=report.case_id, created_at__lte=report.created_at).first()
    return report.feedback_asked_on if runs else None


@transaction.atomic
def give_feedback(*, by, case, report, text, meeting="", meeting_text=""):
    """What the reporter was told, and whether a meeting has been offered. Once."""
    require(by, Permission.WRITE_NOTE, case)
    report = ConcernReport.objects.select_for_update(of=("self",)).get(pk=report.pk, case=case)
    if report.feedback_asked_on is None:
        raise Refused("Den som anmälde har inte bett om återkoppling. Anteckna det först.")
    if report.feedback_given_on:
        raise Refused("Återkopplingen är redan antecknad.")
    if _answer_to(report) is None:
        raise Refused("Det är inte beslutat än om utredning ska inledas. Återkopplingen säger vad som är beslutat.")
    if not text.strip():
        raise Refused("Skriv vad den som anmälde fick veta.")
    report.feedback_given_on, report.feedback_by, report.feedback_text = timezone.localdate(), by, text
    report.meeting, report.meeting_text = meeting, meeting_text
    report.save(update_fields=["feedback_given_on", "feedback_by", "feedback_text", "meeting", "meeting_text"])
    finish_about(by=by, case=case, kind=ChildClock.FEEDBACK, subject=report)
    record(by=by, action="report.feedback_given", obj=report, case=case)
    return report


@transaction.atomic
def record_meeting(*, by, case, report, meeting, meeting_text=""):
    """Whether child, guardians and reporter have been offered a meeting (SoL 19:5)."""
    require(by, Permission.WRITE_NOTE, case)
    report = ConcernReport.objects.select_for_update(of=("self",)).get(pk=report.pk, case=case)
    if meeting not in ConcernReport.Meeting.values:
        raise Refused("Välj hur det blev med mötet.")
    if meeting == ConcernReport.Meeting.NOT_OFFERED and not meeting_text.strip():
        raise Refused("Skriv varför ett möte inte har erbjudits.")
    report.meeting, report.meeting_text = meeting, meeting_text
    report.save(update_fields=["meeting", "meeting_text"])
    record(by=by, action="report.meeting_recorded", obj=report, case=case, meeting=meeting)
    return report
