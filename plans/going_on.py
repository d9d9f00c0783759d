"""The plan goes on in the case, and ends on its own."""

from cases.ending import GoingOn, has
from plans.models import CoordinatedPlan


@has
def plan(case):
    for row in CoordinatedPlan.objects.filter(case=case, ended_on=None):
        yield GoingOn(row.pk, "Planen")
