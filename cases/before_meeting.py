"""What must be in mind before a place and an interpreter are chosen. For those who have the case."""

from cases.models import AssessedThreat, AvoidPlace, InterpreterWishes


def before_meeting(by, case):
    return {
        "person": case.individual,
        "wishes": InterpreterWishes.objects.visible_to(by).filter(individual=case.individual).first(),
        "places": list(AvoidPlace.objects.visible_to(by).filter(case=case, ended_on=None)),
        "threats": threats(by, case),
    }


def threats(by, case):
    """Exploiters and networks as they were seen the last time with each instrument, signed."""
    rows = AssessedThreat.objects.visible_to(by).filter(case=case).exclude(assessment__signed_at=None)
    rows = list(rows.select_related("assessment").order_by("-assessment__day", "-assessment__created_at", "place"))
    latest = {}
    for row in rows:
        latest.setdefault(row.assessment.instrument, row.assessment_id)
    return [row for row in rows if row.assessment_id == latest[row.assessment.instrument]]
