"""What the administrator sets for the whole authority."""

from cases import operations as cases
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.imports import plain, tried_out
from exitprogram.tenancy.models import Unit
from reporting import operations as reporting
from teams import operations as teams
from teams.models import KeptReport
from tests.acts import Act

OTHERS = ("anna", "maud", "leo", "cilla", "sara", "mika", "rut")
WARN = {"rule_id": "note.follow_up", "warn_days": [3, 0], "escalate_days": 5}


def unit(world):
    return {"unit": Unit.objects.get()}


def new_unit(world):
    rows = [{"number": 2, "name": "Inläst", "leaders": [], "starts_on": "", "ends_on": ""}]
    return {"what": "units", "rows": rows, "shown": plain(tried_out(world.adam, "units", rows))}


ACTS = [
    Act(tenancy.add_unit, "adam", lambda w: {"name": "Mottagningen", "managers": [w.maud]}, OTHERS),
    Act(tenancy.save_unit, "adam", lambda w: {**unit(w), "name": "Vuxna"}, (*OTHERS, "siv")),
    Act(tenancy.place_member, "adam", lambda w: {**unit(w), "membership": w.leo}, (*OTHERS, "siv")),
    Act(tenancy.read_in, "adam", new_unit, OTHERS),
    Act(tenancy.stop_seeing, "adam", lambda w: {}, OTHERS),
    Act(tenancy.save_letterhead, "adam", lambda w: {"name": "Nämnden", "postal": "Box 2"}, OTHERS),
    Act(cases.save_reminder_days, "adam", lambda w: WARN, OTHERS),
    Act(
        teams.keep_report,
        "adam",
        lambda w: {"kind": "cooperation", "year": 2024, "paper": b"x"},
        ("anna", "leo", "cilla", "sara", "mika", "rut"),
    ),
    Act(
        teams.fetch_report,
        "adam",
        lambda w: {"report": KeptReport.objects.get()},
        ("anna", "leo", "cilla", "sara", "mika", "rut", "siv"),
    ),
    Act(reporting.set_threshold, "adam", lambda w: {"least": 8}, OTHERS),
    Act(cases.restore_reminder_days, "adam", lambda w: {"rule_id": "outcome.points"}, OTHERS),
]
