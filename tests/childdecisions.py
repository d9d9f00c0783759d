"""Decisions in a child's case, made the way everybody makes them."""

from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.models import DELEGABLE
from tests.guardianship import weighed
from tests.world import today

LEADERS = {"investigation_extend": {"max_days": 30}, "opening_extend": {}, "travel": {}}


def scheme(world):
    """Bollnäs' delegation scheme from today: the social workers decide, and Maud what is in ``LEADERS``."""
    rows = [
        {"number": str(place), "kind": kind, "law": "20 kap. SoL",
         "role": "unit_manager" if kind in LEADERS else "social_worker", **LEADERS.get(kind, {})}
        for place, kind in enumerate(DELEGABLE, 1)
    ]  # fmt: skip
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today(), rows=rows)


def decided(by, case, kind, outcome="granted", **more):
    with acting(by):
        proposal = teams.propose_decision(by=by, case=case, kind=kind, what="Se förhandsbedömningen.", **more)
        weighed(by, case, proposal)
        return teams.decide(
            by=by, decision=proposal, outcome=outcome, reasons="Uppgifterna är tydliga.", no_conflict=True
        )
