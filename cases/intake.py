"""What *Första kontakten* says to the person's page and the plan's: what to do now, and what the plan must fit."""

from django.utils import timezone

from cases import prompts
from cases.models import Case, Intake, UrgentStep
from exitprogram.tenancy.prepared import prepared_rows


@prepared_rows
def _urgent(by, case):
    return UrgentStep.objects.visible_to(by).open().filter(case_id=case)


@prepared_rows
def _intake(by, case):
    return Intake.objects.visible_to(by).filter(case_id=case)[:1]


def urgent_steps(by, case):
    """Open steps with the question's words and what to do at once, by the law of the day it was raised."""
    found = []
    for step in _urgent(by, case.pk):
        question = prompts.triage_question(step.question)
        rule = question.at_once(timezone.localdate(step.created_at))
        found.append({"step": step, "short": question.short, "text": rule.text, "citation": rule.citation})
    return found


def urgent_cases(by):
    """Cases where something waits to be done now, by number: which answer it was stands on the person's own page."""
    waiting = UrgentStep.objects.visible_to(by).open().values("case_id")
    return Case.objects.visible_to(by).filter(pk__in=waiting).order_by("number", "pk")


def plan_needs(by, case):
    """What more the person lives with, as advice to the plan. On the case's own pages only: never a list or a copy."""
    found = _intake(by, case.pk)
    if not found:
        return {"needs": [], "words": ""}
    [intake] = found
    chosen = intake.needs
    return {
        "needs": [need for need in prompts.needs(on=timezone.localdate()) if need.id in chosen],
        "words": intake.needs_text,
    }
