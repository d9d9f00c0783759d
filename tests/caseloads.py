"""Two managers who have begun to carry in a caseload from another system; nothing of it is carried out yet."""

from uuid import uuid4

from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import CaseloadImport
from tests.world import today


def line(number=2, **more):
    """A line as ``read_caseload`` gives it."""
    given = {
        "number": number, "identity": "", "name": "Kanariefilen", "programme": "adult", "opened_on": str(today()),
        "worker": "", "coordinator": "", "agreed_on": "", "follow_up_on": "", "earlier": "", "protected": "",
    }  # fmt: skip
    return {**given, **more}


def begun(leader, worker, *lines):
    lines = lines or (line(worker=worker.user.email),)
    with acting(leader):
        return teams.begin_import(by=leader, key=uuid4(), rows=list(lines))


def everything(world):
    for leader, worker in ((world.maud, world.anna), (world.nora, world.cilla)):
        begun(leader, worker)


def keys_of(leader):
    with acting(leader):
        return {"caseload": CaseloadImport.objects.visible_to(leader).get().pk}
