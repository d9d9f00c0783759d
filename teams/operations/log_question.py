from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams.models import LogQuestion, LogReport

SETTLED = "Frågan är redan avgjord."


def ask_and_report(by, review):
    """When a month is signed: its questions are asked, and its reports begin to be followed up."""
    for sample in review.samples.filter(judgement="ask"):
        question = LogQuestion(
            authority_id=by.authority_id, sample=sample, asked_by=by, asked_of_id=sample.actor_id,
            asked_authority_id=sample.actor_authority_id,
        )  # fmt: skip
        question.save(force_insert=True)
        record(by=by, action="log_question.asked", obj=question)
    for sample in review.samples.filter(judgement="report"):
        _report(by, sample, sample.note)


def _report(by, sample, words):
    report = LogReport(
        authority_id=by.authority_id, sample=sample, about_id=sample.actor_id,
        about_authority_id=sample.actor_authority_id, reported_by=by, words=words,
    )  # fmt: skip
    report.save(force_insert=True)
    record(by=by, action="log_report.begun", obj=report)
    return report


@transaction.atomic
def view_reading_questions(*, by):
    """Write down that she saw which of her readings somebody asks about. Whatever her role: it is about herself."""
    record(by=by, action="log_question.own_viewed", obj=None, questions=LogQuestion.objects.asked_of(by).count())


@transaction.atomic
def answer_reading(*, by, question, text):
    """A sentence of one's own, once."""
    question = LogQuestion.objects.asked_of(by).select_for_update(of=("self",)).get(pk=question.pk)
    if question.settled_at:
        raise Refused(SETTLED)
    if question.answered_at:
        raise Refused("Du har redan svarat.")
    if not text.strip():
        raise Refused("Skriv ett svar.")
    question.answer, question.answered_at = text.strip(), timezone.now()
    question.save(update_fields=["answer", "answered_at"])
    record(by=by, action="log_question.answered", obj=question, authority_id=by.authority_id)  # her own chain
    return question


@transaction.atomic
def view_log_question(*, by, question):
    require_role(by, Permission.UNIT_OVERVIEW)
    record(by=by, action="log_question.viewed", obj=LogQuestion.objects.reviewed_by(by).get(pk=question.pk))


@transaction.atomic
def settle_question(*, by, question, judgement, words=""):
    """Ok, or reported. Also without an answer, from somebody who has left. What it was stands in no row of the one
    who was asked, nor in the log beside her question."""
    require_role(by, Permission.UNIT_OVERVIEW)
    question = LogQuestion.objects.reviewed_by(by).select_for_update(of=("self",)).get(pk=question.pk)
    if question.settled_at:
        raise Refused(SETTLED)
    if judgement not in ("ok", "report"):
        raise Refused("Välj Ok eller Anmäl.")
    if judgement == "report" and not words.strip():
        raise Refused("Skriv vad du anmäler, i fältet. Skriv inget om personen i ärendet.")
    question.settled_at = timezone.now()
    question.save(update_fields=["settled_at"])
    record(by=by, action="log_question.settled", obj=question)
    if judgement == "report":
        _report(by, question.sample, words.strip())
    return question


@transaction.atomic
def view_log_report(*, by, report):
    require_role(by, Permission.UNIT_OVERVIEW)
    record(by=by, action="log_report.viewed", obj=LogReport.objects.visible_to(by).get(pk=report.pk))


@transaction.atomic
def close_report(*, by, report, outcome, done):
    """What was done, in words; then it is locked. Never by the one it is about: she does not find it."""
    require_role(by, Permission.UNIT_OVERVIEW)
    report = LogReport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=report.pk)
    if report.closed_at:
        raise Refused("Anmälan är redan avslutad.")
    if outcome not in LogReport.Outcome.values:
        raise Refused("Välj hur det gick.")
    if not done.strip():
        raise Refused("Skriv vad som har gjorts.")
    report.outcome, report.done, report.closed_at, report.closed_by = outcome, done.strip(), timezone.now(), by
    report.save(update_fields=["outcome", "done", "closed_at", "closed_by"])
    record(by=by, action="log_report.closed", obj=report)
    return report
