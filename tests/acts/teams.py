from exitprogram.tenancy.models import Membership
from teams import operations as teams
from teams.models import CoordinatorAppointment, Decision, TeamMember
from tests.acts import STRANGERS, Act, without
from tests.world import today


def of(world, membership):
    return TeamMember.objects.get(case=world.case, membership=membership)


def cover_of(world):
    return CoordinatorAppointment.objects.get(case=world.case, kind="cover")


def open_decision(world):
    return Decision.objects.waiting().get(case=world.case)


def invited(world, membership):
    return {"case": world.case, "membership": Membership.objects.select_related("user").get(pk=membership.pk),
            "function": "stöd", "reason": "behövs"}  # fmt: skip


DECIDED = {"outcome": "granted", "reasons": "Behov finns.", "hearing": "", "no_conflict": True}
ACTS = [
    Act(teams.propose_decision, "anna", lambda w: {"case": w.case, "kind": "travel", "what": "Resa till mötet"}),
    Act(teams.view_decision, "anna", lambda w: {"decision": open_decision(w)}),
    Act(teams.decide, "anna", lambda w: {"decision": open_decision(w), **DECIDED}, without(plus=("maud",))),
    Act(teams.appoint_coordinator, "anna", lambda w: {"case": w.protected, "membership": w.leo},
        without(plus=("maud",))),
    Act(teams.add_outside_member, "anna", lambda w: {"case": w.case, "name": "Siv", "function": "värd", "reason": "x"}),
    Act(teams.end_outside_member, "anna",
        lambda w: {"case": w.case, "member": w.case.outside_members.get(ended_on=None), "reason": "klart"}),
    Act(teams.hand_over, "adam", lambda w: {"from_member": w.anna, "to_member": w.lena, "reason": "Slutar"},
        ("anna", "leo", "cilla", "sara", "mika", "siv")),
    Act(teams.cover_absence, "anna", lambda w: {"membership": w.leo, "starts_on": today(), "ends_on": today()},
        ("adam", "sara", "mika", "leo", "cilla")),
    Act(teams.end_cover, "anna", lambda w: {"appointment": cover_of(w)}, without(plus=("maud",))),
    Act(teams.invite_member, "anna", lambda w: invited(w, w.leo)),
    Act(teams.invite_member, "anna", lambda w: invited(w, w.nils)),
    Act(teams.view_invitation, "sara", lambda w: {"member": of(w, w.sara)}, ("nils", "mika", "cilla", "leo", "adam")),
    Act(teams.answer_invitation, "mika", lambda w: {"member": w.invitation, "accept": True, "no_conflict": True},
        ("nils", "sara", "cilla", "leo", "adam", "anna")),
    Act(teams.leave_team, "anna", lambda w: {"case": w.case, "member": of(w, w.sara), "reason": "klar"}, STRANGERS),
]  # fmt: skip
