from django.utils import timezone

from cases import operations as cases
from cases.models import Disclosure
from plans import operations as plans
from tests import leaving
from tests.acts import Act, without


def to_mika(world):
    return {"case": world.case, "pieces": leaving.keys_in(world.anna, world.case), "reason": "behövs",
            "ground": "secrecy.disclosure.no_harm", "receiver": world.mika.pk}  # fmt: skip


def outside(world):
    """Sent to somebody outside, and not yet said to have come."""
    return leaving.sent_outside(world.anna, world.case)


def of_mika(world):
    return Disclosure.objects.filter(case=world.case, receiver=world.mika).first()


def handed(world):
    return {"transfer": world.handed, "case": world.taking}


NOT_MIKA = ("anna", "leo", "adam", "cilla", "sara", "nils", "maud")
NOT_ASKED = ("anna", "maud", "leo", "adam", "sara", "nils", "mika", "per")
ALSO_MAUD = without(plus=("maud",))  # she has no part in that case
ACTS = [
    Act(cases.disclose, "anna", to_mika),
    Act(cases.print_copy, "anna", lambda w: {"case": w.case, "disclosure": outside(w)}),
    Act(cases.register_receipt, "anna", lambda w: {
        "case": w.case, "disclosure": outside(w), "said_by": "brevbäraren", "received_at": timezone.now()}),
    Act(cases.open_received, "mika", lambda w: {"disclosure": of_mika(w)}, NOT_MIKA),
    Act(cases.file_received, "cilla", lambda w: {"disclosure": w.handed.disclosure, "case": w.taking},
        ("anna", "leo", "adam", "sara", "mika", "per", "nora")),
    Act(cases.request_transfer, "anna", lambda w: {
        "case": w.case, "recipient": w.soderhamn, "reason": "har flyttat", "needed": "bor där"}),
    Act(cases.withdraw_transfer, "anna", lambda w: {"case": w.moving, "transfer": w.transfer}, ALSO_MAUD),
    Act(cases.read_answer, "anna", lambda w: {"case": w.moving, "transfer": w.transfer}, ALSO_MAUD),
    Act(cases.view_transfer, "cilla", lambda w: {"transfer": w.transfer}, NOT_ASKED),
    Act(cases.give_transfer, "nora", lambda w: {"transfer": w.transfer, "membership": w.per}, (*NOT_ASKED, "cilla")),
    Act(cases.answer_transfer, "cilla", lambda w: {"transfer": w.transfer, "accept": True}, NOT_ASKED),
    Act(cases.hand_over, "anna", lambda w: {
        "case": w.accepted_case, "transfer": w.accepted, "receiver": w.cilla.pk,
        "pieces": leaving.keys_in(w.anna, w.accepted_case, "person")}, ALSO_MAUD),
    Act(cases.take_over, "cilla", handed, (*NOT_ASKED, "nora")),
    Act(plans.end_plan, "anna", lambda w: {"plan": w.ready_case.plans.get(), "reason": "klar"}, ALSO_MAUD),
    Act(plans.close_case, "anna", lambda w: {
        "case": w.lone_case, "kind": "enough", "reason": "klart"}, ALSO_MAUD),
    Act(plans.reopen_case, "anna", lambda w: {"case": w.closed, "reason": "kom tillbaka"}, ALSO_MAUD),
]  # fmt: skip


def more(world):
    """A request that has got a yes, one that has been handed over, and a case with nothing left to do."""
    world.accepted_case = world.open_case(individual=world.person(name="Bejakad Person"))
    world.accepted = leaving.asked(world.anna, world.accepted_case, world.soderhamn, world.nora, world.cilla)
    world.accepted = leaving.answered(world.cilla, world.accepted)
    case = world.open_case(individual=world.person(name="Lämnad Person"))
    world.handed = leaving.answered(
        world.cilla, leaving.asked(world.anna, case, world.soderhamn, world.nora, world.cilla)
    )
    disclosure = leaving.handed(world.anna, case, world.handed, world.cilla)
    world.handed.disclosure = disclosure
    world.taking = world.open_case(world.cilla, world.person(world.cilla, "Mottagen Person"))
    world.lone_case = world.open_case(individual=world.person(name="Klar Ensam"))
