from datetime import timedelta

from plans import operations as plans
from plans.contributions import own_measures
from plans.models import Section
from teams import operations as teams
from teams.models import TeamMember
from tests.acts import Act, without
from tests.world import today

NOT_WRITERS = ("nils", "mika", "cilla", "leo", "adam", "anna", "maud")


def own(world):
    return own_measures(world.sara).get(case=world.case)


def member(world):
    return TeamMember.objects.get(case=world.case, membership=world.sara)


def declined(world):
    section = Section.objects.get(pk=world.section.pk)
    return plans.decline_section(by=world.sara, section=section, kind="cannot", because="Fullt")


ACTS = [
    Act(plans.view_own_measures, "sara", lambda w: {"measures": [own(w)]}, NOT_WRITERS),
    Act(plans.report_measure, "sara", lambda w: {"measure": own(w), "status": "done"}, NOT_WRITERS),
    Act(plans.report_stuck, "sara", lambda w: {
        "measure": own(w), "until": today() + timedelta(days=7), "why": "Väntar på tid"}, NOT_WRITERS),
    Act(plans.report_moving, "sara", lambda w: {"measure": own(w)}, NOT_WRITERS),
    Act(plans.decline_section, "sara", lambda w: {
        "section": w.section, "kind": "cannot", "because": "Fullt"}, NOT_WRITERS),
    Act(plans.take_up_section, "sara", lambda w: {"section": declined(w)}, NOT_WRITERS),
    Act(plans.drop_section, "anna", lambda w: {"section": w.section}, without(plus=("maud",))),
    Act(plans.leave_as_contributor, "sara", lambda w: {"member": member(w), "reason": "Nytt arbete"}, NOT_WRITERS),
    Act(teams.leave_own_team, "sara", lambda w: {"member": member(w), "reason": "Nytt arbete"}, NOT_WRITERS),
]  # fmt: skip
