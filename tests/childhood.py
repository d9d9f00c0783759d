"""Rows of the programme for children in two boards. Leo and Per may have children's cases and have none; the managers
were let into one and have then lost the permission."""

from datetime import timedelta

from django.utils import timezone

from cases import operations as cases
from cases.models import ChildWorker
from children import operations as children
from children.models import Investigation
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from tests.guardianship import weighed
from tests.world import today


def everything(world):
    world.child_worker("anna", "cilla")
    world.child_worker("leo", "per", "maud", "nora", qualified=False)
    world.child = world.child_case(name="Kanariebarnet Ek")
    world.child_elsewhere = world.child_case(world.cilla, name="Kanariebarnet Norr")
    reports(world.anna, world.child)
    reports(world.cilla, world.child_elsewhere)
    _shut_out(world.anna, world.adam, world.child, world.maud)
    _shut_out(world.cilla, world.siv, world.child_elsewhere, world.nora)


def reports(by, case):
    """One answered, with an investigation that runs and nobody told; the newest has nothing done about it."""
    given = {"by": by, "case": case}
    said = {**given, "source": "police", "text": "Kanarietext", "reporter": "Kanarienamn",
            "received_at": timezone.now() - timedelta(hours=1)}  # fmt: skip
    with acting(by):
        report = children.receive_report(**said)
        children.assess_protection(
            **given, report=report, need="now", tonight="Kanarieplats", reasons="Kanarieskäl", done="Kanarietext",
        )  # fmt: skip
        proposal = teams.propose_decision(**given, kind="investigation_open", what="Kanarietext")
        weighed(by, case, proposal)
        teams.decide(by=by, decision=proposal, outcome="granted", reasons="Kanarieskäl", no_conflict=True)
        children.add_exploiter(**given, kind="person", who="Kanariehotet")
        children.save_spread(
            **given, kind="pictures", place="Kanarienätet", seen_on=today(), why_not_police="Kanarieskäl"
        )
        children.receive_report(**said)


def _shut_out(by, admin, case, manager):
    with acting(by):
        cases.grant_access(by=by, case=case, membership=manager, kind="named", reason="Kanarieskäl")
    with acting(admin):
        children.end_child_worker(by=admin, worker=ChildWorker.objects.get(membership=manager))


def keys_of(case):
    """One id of each kind in a child's case."""
    return {
        "child": case, "report": case.concern_reports.earliest("created_at"), "exploiter": case.exploiters.get(),
        "spread": case.online_spread.get(), "investigation": Investigation.objects.get(case=case),
    }  # fmt: skip
