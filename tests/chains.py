"""A child who is placed, visited, followed up and linked to another, in two boards."""

from datetime import timedelta

from children import operations as children
from exitprogram.tenancy.acting import acting
from tests.guardianship import custodians
from tests.world import today

AGREED = {"kind": "planning", "asked": "Kanariebarnahuset", "agreed": "Kanariesamrådet", "next_who": "Kanarienamn"}
CARE = dict.fromkeys(("measures", "contact", "aim", "views", "others"), "Kanarieplan")


def everything(world):
    _board(world.anna, world.child, world.turning)
    _board(world.cilla, world.child_elsewhere, world.turning_elsewhere)


def _board(by, child, other):
    with acting(by):
        children.place(
            by=by, case=child, home="foster", starts_on=today(), consent="Kanarieskäl",
            guardians=custodians(by, child),
        )  # fmt: skip
        children.sign_placement_plan(by=by, case=child, kind="care", content=CARE)
        children.record_health_offer(by=by, case=child, answer="not_offered", day=today(), words="Kanarieord")
        consultation(by, child)
        children.record_visit(by=by, case=child, day=today(), who="alone", words="Kanarieord")
        children.begin_after_care(by=by, case=child, after="investigation", since_on=today(), why="Kanarieskäl")
        children.link_cases(by=by, case=child, other=other, relation="sibling", shown_there=True)
        children.name_next(by=by, case=child, who="school", name="Kanarienamn")


def consultation(by, case):
    """One without identity, with a next step that is done; one with, whose next step waits."""
    given = {"by": by, "case": case, "day": today(), **AGREED, "next_step": "Kanariesteget"}
    done = children.record_consultation(**given, named=False, parties=["police", "prosecutor"])
    children.finish_consultation_step(by=by, case=case, consultation=done, result="Kanarieord")
    children.record_consultation(
        **given, named=True, parties=["social", "police", "psychiatry"], next_on=today() + timedelta(days=9),
        grounds=["secrecy.waiver"], ground_why="Kanarieskäl",
    )  # fmt: skip
