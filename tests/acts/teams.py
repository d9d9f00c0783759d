from cases.models import Disclosure
from exitprogram.tenancy.acting import acting
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


def decided(world, **more):
    return {"case": world.case, "decision": Decision.objects.decided().filter(case=world.case).last(), **more}


def proposed(world, **more):
    return {"case": world.case, "decision": open_decision(world), **more}


def fresh_decision(world, told=False, **more):
    """One more, just decided, by Anna's own hand whoever is asked about now."""
    with acting(world.anna):
        decision = teams.propose_decision(by=world.anna, case=world.case, kind="travel", what="En resa till")
        teams.decide(by=world.anna, decision=decision, **DECIDED)
        if told:
            teams.tell_party(by=world.anna, case=world.case, decision=decision, day=today(), way="letter")
    return {"case": world.case, "decision": decision, **more}


def sent_to_leo(world):
    with acting(world.anna):
        given = {"by": world.anna, "case": world.case, "kind": "travel", "what": "En resa till"}
        return {"decision": teams.propose_decision(**given, sent_to=world.leo), "words": "Skriv hur många resor."}


def at_court(world, **more):
    given = fresh_decision(world)
    with acting(world.anna):
        teams.receive_appeal(by=world.anna, **given, day=today())
        teams.forward_appeal(by=world.anna, **given, day=today())
    return {**given, **more}


def letter_of(case):
    return Disclosure.objects.get(case=case, what="decision.letter")


DECIDED = {"outcome": "granted", "reasons": "Behov finns.", "hearing": "", "no_conflict": True}
ACTS = [
    Act(teams.propose_decision, "anna", lambda w: {"case": w.case, "kind": "travel", "what": "Resa till mötet"}),
    Act(teams.view_decision, "anna", lambda w: {"decision": open_decision(w)}),
    Act(teams.decide, "anna", lambda w: {"decision": open_decision(w), **DECIDED}, without(plus=("maud",))),
    Act(teams.send_decision, "anna", lambda w: proposed(w, sent_to=w.leo)),
    Act(teams.send_back, "leo", sent_to_leo, without("leo", plus=("anna", "maud"))),
    Act(teams.withdraw_proposal, "anna", proposed),
    Act(teams.hear_party, "anna", lambda w: proposed(w, day=today(), until=today(), way="letter")),
    Act(teams.record_answer, "anna", lambda w: proposed(w, day=today(), words="Vill resa")),
    Act(teams.tell_party, "anna", lambda w: fresh_decision(w, day=today(), way="letter")),
    Act(teams.record_receipt, "anna", lambda w: fresh_decision(w, told=True, day=today())),
    Act(teams.receive_appeal, "anna", lambda w: fresh_decision(w, day=today())),
    Act(teams.forward_appeal, "anna", lambda w: decided(w, day=today())),
    Act(teams.release_letter, "anna", decided),
    Act(teams.fetch_letter, "anna", lambda w: {"case": w.case, "disclosure": letter_of(w.case)}),
    Act(teams.record_judgment, "anna", lambda w: at_court(w, day=today(), result="upheld")),
    Act(teams.record_carrying_out, "anna", lambda w: decided(w, kind="carried_out", day=today())),
    Act(teams.appoint_coordinator, "anna", lambda w: {"case": w.protected, "membership": w.leo},
        without(plus=("maud",))),
    Act(teams.add_outside_member, "anna", lambda w: {"case": w.case, "name": "Siv", "function": "värd", "reason": "x"}),
    Act(teams.end_outside_member, "anna",
        lambda w: {"case": w.case, "member": w.case.outside_members.get(ended_on=None), "reason": "klart"}),
    Act(teams.hand_over, "adam", lambda w: {"from_member": w.anna, "to_member": w.lena, "reason": "Slutar"},
        ("anna", "leo", "cilla", "sara", "mika", "siv")),
    Act(teams.cover_absence, "anna", lambda w: {"membership": w.leo, "starts_on": today(), "ends_on": today()},
        ("adam", "sara", "mika", "leo", "cilla")),
    Act(teams.end_cover, "anna", lambda w: {"appointment": cover_of(w)}),
    Act(teams.invite_member, "anna", lambda w: invited(w, w.leo)),
    Act(teams.invite_member, "anna", lambda w: invited(w, w.nils)),
    Act(teams.view_invitation, "sara", lambda w: {"member": of(w, w.sara)}, ("nils", "mika", "cilla", "leo", "adam")),
    Act(teams.answer_invitation, "mika", lambda w: {"member": w.invitation, "accept": True, "no_conflict": True},
        ("nils", "sara", "cilla", "leo", "adam", "anna")),
    Act(teams.view_question, "leo", lambda w: {"case_id": w.asked.pk},
        ("anna", "maud", "lena", "adam", "cilla", "sara")),
    Act(teams.answer_conflict, "leo", lambda w: {"case_id": w.asked.pk, "knows": False},
        ("anna", "maud", "lena", "adam", "cilla", "sara")),
    Act(teams.answer_conflict, "leo", lambda w: {"case_id": w.asked.pk, "knows": True},
        ("anna", "maud", "lena", "adam", "cilla", "sara")),
    Act(teams.leave_team, "anna", lambda w: {"case": w.case, "member": of(w, w.sara), "reason": "klar"}, STRANGERS),
]  # fmt: skip
