from datetime import timedelta

from django.utils import timezone

from cases import operations as cases
from children import operations as children
from children.models import Investigation
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from tests.acts import Act, without
from tests.guardianship import weighed
from tests.world import today

# Maud was let into the case and has lost the permission for children: she is as strange to it as Leo, who never was.
STRANGERS = without(plus=("maud",))
SAID = {"source": "private", "text": "Ny oro"}


def of(world):
    return {"case": world.child}


def report(world, **more):
    return {**of(world), "report": world.child.concern_reports.earliest("created_at"), **more}


def investigation(world, **more):
    return {**of(world), "investigation": Investigation.objects.get(case=world.child), **more}


def new_child(world):
    with acting(world.anna):
        _hits, search = cases.search_people(by=world.anna, query="Ett nytt barn")
    return {"after_search": search, "name": "Ett nytt barn", "received_at": timezone.now(), **SAID}


def asked_for(world):
    with acting(world.anna):
        return report(world, report=children.ask_feedback(by=world.anna, **report(world)), text="Utredning inledd")


def ended(world):
    with acting(world.anna):
        proposal = teams.propose_decision(by=world.anna, case=world.child, kind="contact_person", what="x")
        weighed(world.anna, world.child, proposal)
        ending = teams.decide(by=world.anna, decision=proposal, outcome="granted", reasons="x", no_conflict=True)
    return investigation(world, ending=ending, conclusion="Klart", who="network", name="Mormor")


ACTS = [
    Act(children.receive_report, "anna", lambda w: {**of(w), "received_at": timezone.now(), **SAID}, STRANGERS),
    Act(children.receive_report_of_new_child, "anna", new_child, ("adam", "sara", "mika", "maud")),
    Act(children.assess_protection, "anna",
        lambda w: report(w, need="none", tonight="Hemma", reasons="Samtal"), STRANGERS),
    Act(children.ask_feedback, "anna", report, STRANGERS),
    Act(children.give_feedback, "anna", asked_for, STRANGERS),
    Act(children.finish_investigation, "anna", ended, STRANGERS),
    Act(children.record_meeting, "anna", lambda w: report(w, meeting="declined"), STRANGERS),
    Act(children.add_step, "anna",
        lambda w: {**of(w), "what": "x", "done_by": "y", "done_at": timezone.now() - timedelta(minutes=1)}, STRANGERS),
    Act(children.add_exploiter, "anna", lambda w: {**of(w), "kind": "person", "who": "Någon"}, STRANGERS),
    Act(children.strike_exploiter, "anna",
        lambda w: {**of(w), "exploiter": w.child.exploiters.get(), "why": "fel"}, STRANGERS),
    Act(children.save_spread, "anna",
        lambda w: {**of(w), "kind": "film", "place": "x", "seen_on": today(), "police_on": today()}, STRANGERS),
    Act(children.tell_concerned, "anna", lambda w: investigation(w, told="Mamma"), STRANGERS),
]  # fmt: skip
