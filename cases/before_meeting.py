"""What must be in mind before a place and an interpreter are chosen. For those who have the case."""

from cases.models import AssessedThreat, AvoidPlace, InterpreterWishes, PlaceText


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


def is_known_place(by, case, text):
    """Do these words give away where the person is, as far as the reader herself may know it? One who may not read the
    places gets no answer from them: to her every place is unknown."""
    typed = _plain(text)
    for known in PlaceText.objects.visible_to(by).filter(case=case):
        whole = _plain(known.text)
        street = _plain(known.text.split(",")[0].split("\n")[0])
        if typed in (whole, street) or (len(whole) > 5 and whole in typed):
            return True
    return False


def _plain(text):
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
