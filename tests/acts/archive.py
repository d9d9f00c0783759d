from cases import operations as cases
from cases.models import ArchiveExport
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests import archiving, leaving
from tests.acts import Act, without

NOT_ASKER = without(plus=("maud", "siv"))
NOT_APPROVER = ("anna", "leo", "cilla", "sara", "nils", "mika", "siv")


def closed(world):
    return leaving.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))


def approved(world):
    return {"export": archiving.approved(world.maud, archiving.asked(world.anna, closed(world)))}


def package(world):
    return {**approved(world), "package": b"sealed", "persons": 1, "files": 1}


def made(world):
    """Kept as the worker keeps it; what is in it has its own tests."""
    given = package(world)
    with acting(world.anna):
        return {"export": cases.keep_package(by=world.anna, **given)}


def fetched(world):
    given = made(world)
    archiving.fetched(world.anna, given["export"])
    return given


def waiting(world):
    return ArchiveExport.objects.get(pk=world.export.pk)


ACTS = [
    Act(cases.ask_export, "anna", lambda w: {
        "case": closed(w), "recipient": "Arkivet", "purpose": "forskning", "certificate": archiving.pem()}, NOT_ASKER),
    Act(cases.approve_export, "maud", lambda w: {"export": waiting(w)}, NOT_APPROVER),
    Act(cases.refuse_export, "adam", lambda w: {"export": waiting(w), "reason": "vänta"}, NOT_APPROVER),
    Act(cases.begin_export, "anna", approved, NOT_ASKER),
    Act(cases.keep_package, "anna", package, NOT_ASKER),
    Act(cases.fetch_export, "anna", lambda w: {**made(w), "persons": 1}, NOT_ASKER),
    Act(cases.confirm_received, "anna", fetched, NOT_ASKER),
    Act(cases.withdraw_export, "anna", approved, NOT_ASKER),
    Act(plans.make_export, "anna", approved, NOT_ASKER),
]  # fmt: skip
