"""Two boards that a third one's regional coordinator follows: what he has asked about a plan of each, and what each has
asked of him."""

from decimal import Decimal

from django.utils import timezone

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from reporting import operations as reporting
from reporting.flow import rows
from reporting.models import CostEstimate, FlowQuestion, SupportRequest
from tests.agreements import agreed


def everything(world):
    world.roy = world._member(world.lo, "Roy Region", Role.REGIONAL_COORDINATOR)
    for admin, worker in ((world.adam, world.anna), (world.siv, world.cilla)):
        agreed(admin, world.lo, ground="other", oversight="flow", overseer=world.ljusdal)
        _asked_about(world, worker)
        with acting(worker):
            reporting.ask_for_support(by=worker, to_authority=world.ljusdal, subject="method", text="Kanariestödet")
        _estimates(admin, world.ljusdal)


def _asked_about(world, worker):
    """About each plan of the board, since he cannot know which is whose."""
    board = worker.authority
    with acting(world.roy):
        for row in rows(board):
            reporting.ask_about_plan(by=world.roy, board=board, ref=row.ref, text="Kanariefrågan")


STATED = {
    "name": "Kanarieberäkningen", "first_year": timezone.localdate().year + 1,
    "people_low": 5, "people_likely": 8, "people_high": 12, "people_source": "Kanarietext",
    "stays_2": 70, "stays_3": 40, "stays_4": 20, "stays_5": 10, "stays_source": "Kanarietext",
    "introduction_low": 90_000, "introduction_likely": 120_000, "introduction_high": 180_000,
    "introduction_source": "Kanarietext",
    "running_low": 60_000, "running_likely": 100_000, "running_high": 150_000, "running_source": "Kanarietext",
    "increase": Decimal("2.5"), "increase_source": "Kanarietext",
    "fixed_coordination": 650_000, "fixed_training": 40_000, "fixed_interpreter": 60_000, "fixed_premises": 0,
    "fixed_source": "Kanarietext",
    "share_municipality": 60, "share_region": 25, "share_refund": 10, "share_grant": 5, "share_other": 0,
    "share_source": "Kanarietext",
}  # fmt: skip


def _estimates(by, receiver):
    """One kept, and a copy of it sent."""
    with acting(by):
        kept = reporting.add_estimate(by=by, programme="adult", **STATED)
        copy = reporting.copy_estimate(by=by, estimate=kept)
        reporting.send_estimate(by=by, estimate=copy, to_authority=receiver)


def keys_of(world, worker, case):
    """What a URL may hold of it."""
    with acting(worker):
        found = {
            "asked_of_plan": FlowQuestion.objects.get(case=case).pk,
            "support": SupportRequest.objects.visible_to(worker).get().pk,
            "followed": worker.authority_id,
        }
    boss = {world.bollnas.pk: world.adam, world.soderhamn.pk: world.siv}[worker.authority_id]
    with acting(boss):
        found["estimate"] = CostEstimate.objects.visible_to(boss).get(sent_at=None).pk
    with acting(world.roy):
        return {**found, "flow_ref": rows(worker.authority)[0].ref}
