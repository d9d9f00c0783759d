"""A child who is placed, visited, followed up and linked to another, in two boards."""

from children import operations as children
from exitprogram.tenancy.acting import acting
from tests.world import today

CARE = dict.fromkeys(("measures", "contact", "aim", "views", "others"), "Kanarieplan")


def everything(world):
    _board(world.anna, world.child, world.turning)
    _board(world.cilla, world.child_elsewhere, world.turning_elsewhere)


def _board(by, child, other):
    with acting(by):
        children.place(by=by, case=child, home="foster", starts_on=today(), consent="Kanarieskäl")
        children.sign_placement_plan(by=by, case=child, kind="care", content=CARE)
        children.record_visit(by=by, case=child, day=today(), who="alone", words="Kanarieord")
        children.begin_after_care(by=by, case=child, after="investigation", since_on=today(), why="Kanarieskäl")
        children.link_cases(by=by, case=child, other=other, relation="sibling", shown_there=True)
        children.name_next(by=by, case=child, who="school", name="Kanarienamn")
