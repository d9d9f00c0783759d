from uuid import uuid4

from exitprogram.jobs import operations as jobs
from exitprogram.jobs.models import Job
from teams import operations as teams
from teams.models import CaseloadImport
from tests.acts import STRANGERS, Act
from tests.caseloads import line

NOT_LEADERS = (*STRANGERS, "anna")
OTHER_LEADERS = (*NOT_LEADERS, "nora")


def rows(world):
    return {"rows": [line(worker=world.anna.user.email, name="Vera Inläst")]}


def own(world):
    return CaseloadImport.objects.visible_to(world.maud).get()


def stopped(world):
    row = own(world)
    jobs.cancel_job(by=world.maud, job=Job.objects.get(subject_id=row.pk))
    return {"caseload": row}


def opened(world):
    return {"case": world.open_case(world.maud, world.person(world.maud, "Vera Chefs")), "membership": world.leo}


ACTS = [
    Act(teams.examine_caseload, "maud", rows, NOT_LEADERS),
    Act(teams.begin_import, "maud", lambda w: {**rows(w), "key": uuid4()}, NOT_LEADERS),
    Act(teams.continue_import, "maud", stopped, OTHER_LEADERS),
    Act(teams.import_line, "maud", lambda w: {"caseload": own(w).pk, "number": 2}, OTHER_LEADERS),
    Act(teams.forget_import, "maud", lambda w: {"caseload": own(w)}, OTHER_LEADERS),
    Act(teams.pass_case, "maud", opened, OTHER_LEADERS),
]
