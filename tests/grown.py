"""Children who come of age today, in two boards: one who has been asked, one with a case of his own, one handed over to
somebody who has not the child's, and a colleague of hers who reads the child's file."""

from dateutil.relativedelta import relativedelta

from cases import operations as cases
from cases.models import Case
from children import operations as children
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from tests.world import today


def everything(world):
    world.tove = world._member(world.adam, "Tove Lind", Role.SOCIAL_WORKER)
    world.tea = world._member(world.adam, "Tea Alm", Role.SOCIAL_WORKER)
    world.ulla = world._member(world.siv, "Ulla Lund", Role.SOCIAL_WORKER)
    world.ulf = world._member(world.siv, "Ulf Hed", Role.SOCIAL_WORKER)
    world.turning, world.grown, world.passed_on = _board(world, world.anna, world.tove, world.tea, "Ek")
    world.turning_elsewhere, world.grown_elsewhere, world.passed_on_elsewhere = _board(
        world, world.cilla, world.ulla, world.ulf, "Norr"
    )


def _board(world, by, receiver, reader, name):
    asked, own, handed = (child(world, by, f"{first} {name}") for first in ("Asta", "Olle", "Hilma"))
    ask(by, asked)
    ask(by, own)
    open_own(by, own, by)
    ask(by, handed)
    adult = open_own(by, handed, receiver)
    with acting(by):
        children.hand_over_person(by=by, case=handed, met_on=today(), person_was_there=True, words="Kanariebron")
    world.answers(receiver, adult)
    with acting(receiver):
        cases.grant_access(by=receiver, case=adult, membership=reader, kind="named", reason="Kanarieskäl")
    with acting(reader):
        children.open_childs_file(by=reader, adult_case=adult, case_id=handed.pk, reason="Kanarieskäl")
    return asked, own, handed


def child(world, by, name, day=None):
    """Comes of age that day, today when it is not said: as it turns out once the case is there."""
    case = world.child_case(by, name, birth_date=today() - relativedelta(years=17))
    with acting(by):
        born = (day or today()) - relativedelta(years=18)
        cases.state_age(by=by, case=case, known="exact", birth_date=born, ground="pass")
    return case


def ask(by, case, answer="yes"):
    with acting(by):
        return children.ask_person(by=by, case=case, asked_on=today(), answer=answer, words="Kanariebron")


def open_own(by, case, receiver):
    with acting(by):
        return Case.objects.get(pk=children.open_adult_case(by=by, case=case, receiver=receiver).adult_case_id)
