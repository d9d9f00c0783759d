"""Two boards that a third one's regional coordinator follows: what he has asked about a plan of each, and what each has
asked of him."""

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from reporting import operations as reporting
from reporting.flow import rows
from reporting.models import FlowQuestion, SupportRequest
from tests.agreements import agreed


def everything(world):
    world.roy = world._member(world.lo, "Roy Region", Role.REGIONAL_COORDINATOR)
    for admin, worker in ((world.adam, world.anna), (world.siv, world.cilla)):
        agreed(admin, world.lo, ground="other", oversight="flow", overseer=world.ljusdal)
        _asked_about(world, worker)
        with acting(worker):
            reporting.ask_for_support(by=worker, to_authority=world.ljusdal, subject="method", text="Kanariestödet")


def _asked_about(world, worker):
    """About each plan of the board, since he cannot know which is whose."""
    board = worker.authority
    with acting(world.roy):
        for row in rows(board):
            reporting.ask_about_plan(by=world.roy, board=board, ref=row.ref, text="Kanariefrågan")


def keys_of(world, worker, case):
    """What a URL may hold of it."""
    with acting(worker):
        found = {
            "asked_of_plan": FlowQuestion.objects.get(case=case).pk,
            "support": SupportRequest.objects.visible_to(worker).get().pk,
            "followed": worker.authority_id,
        }
    with acting(world.roy):
        return {**found, "flow_ref": rows(worker.authority)[0].ref}
