from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import BoardMeeting
from tests.acts import Act
from tests.world import today

# Nobody but the unit's managers and the administrators makes lists; and those of the next board have their own.
OTHERS = ("anna", "leo", "cilla", "sara", "mika", "rut")


def ahead(world):
    return {"meeting": BoardMeeting.objects.get(closed_at=None)}


def closed(world):
    return {"meeting": BoardMeeting.objects.exclude(closed_at=None).get()}


def reported(world):
    with acting(world.maud):
        meeting = teams.report_list(by=world.maud, meeting=closed(world)["meeting"], minute="SN § 3")
    return {"meeting": meeting, "announced_on": today()}


URGENT = {
    "decided_on": today(), "kind": "immediate_custody", "law": "6 § LVU", "decided_by": "Ordföranden",
    "reference": "O2", "outcome": "granted",
}  # fmt: skip
ACTS = [
    Act(teams.register_meeting, "maud", lambda w: {"held_on": today().replace(year=2030, day=1)}, OTHERS),
    Act(teams.drop_meeting, "maud", ahead, (*OTHERS, "siv")),
    Act(teams.record_urgent, "maud", lambda w: URGENT, OTHERS),
    Act(teams.report_urgent, "anna", lambda w: {**URGENT, "reference": "O3", "case": w.case}),
    Act(teams.close_list, "adam", ahead, (*OTHERS, "siv")),
    Act(teams.report_list, "maud", lambda w: {**closed(w), "minute": "SN § 3"}, (*OTHERS, "siv")),
    Act(teams.announce_minutes, "maud", reported, (*OTHERS, "siv")),
    Act(teams.view_lists, "maud", lambda w: {"form": "page"}, OTHERS),
]
