from datetime import time

from cases import operations as cases
from cases.models import CalendarFeed, Clock
from tests.acts import Act


def late(world):
    return Clock.objects.get(case=world.case, kind="note_follow_up").pk


CHOSEN = {"channel": "urgent", "quiet_from": time(21), "quiet_to": time(6), "danger_any_hour": True}
ACTS = [
    Act(cases.acknowledge_clock, "anna", lambda w: {"clock_id": late(w)}),
    Act(cases.acknowledge_clock, "maud", lambda w: {"clock_id": late(w)}),
    Act(cases.save_delivery, "anna", lambda w: CHOSEN, ()),
    Act(cases.save_demand, "adam", lambda w: {"danger_any_hour": False}, ("anna", "maud", "leo", "sara", "mika")),
    Act(cases.make_calendar, "anna", lambda w: {}, ()),
    Act(cases.revoke_calendar, "anna", lambda w: {}, ("leo", "maud", "sara", "mika")),
    Act(cases.use_calendar, "anna", lambda w: {"feed": CalendarFeed.objects.filter(membership=w.anna).get()}, ()),
]
