from datetime import timedelta

from cases import operations as cases
from cases.models import AvoidPlace, Identification, Permit, ReturnConsent, ReturnPlan, SupportPeriod
from tests.acts import Act, without
from tests.world import today


def identification(world):
    return Identification.objects.filter(case=world.case, author=world.anna).get(signed_at=None)


def permit(world, *, decided):
    return Permit.objects.filter(case=world.case, decided_on__isnull=not decided).first()


def plan(world):
    return ReturnPlan.objects.get(case=world.case, stopped_on=None)


def consent(world):
    return ReturnConsent.objects.get(case=world.case)


def period(world):
    return SupportPeriod.objects.get(case=world.case)


SEEN = {"made_by": "police", "identified_on": today(), "signs": ["debt"], "standing": "presumed"}
WISHES = {"language": "thailändska", "needs_interpreter": True, "dialect": "", "voice": "any", "way": "any",
          "wanted": "", "never": "Kusinen"}  # fmt: skip
SHARE = {"recipient": "iom", "recipient_text": "Kontoret", "what": "Resdag", "ground": "consent",
         "reasons": "Samtycket säger det"}  # fmt: skip
ACTS = [
    Act(cases.save_identification, "anna", lambda w: {"case": w.case, **SEEN}),
    Act(cases.save_identification, "anna", lambda w: {"case": w.case, "identification": identification(w), **SEEN},
        without(plus=("maud",))),
    Act(cases.sign_identification, "anna", lambda w: {"case": w.case, "identification": identification(w)},
        without(plus=("maud",))),
    Act(cases.add_support_period, "anna", lambda w: {
        "case": w.case, "step": "integration", "starts_on": today(), "ends_on": today()}),
    Act(cases.end_support_period, "anna", lambda w: {"case": w.case, "period": period(w), "ended_on": today()}),
    Act(cases.add_avoid_place, "anna", lambda w: {"case": w.case, "place": "Torget", "why": "De är där."}),
    Act(cases.end_avoid_place, "maud", lambda w: {"case": w.case, "place": AvoidPlace.objects.get(case=w.case)}),
    Act(cases.record_permit, "anna", lambda w: {
        "case": w.case, "kind": "reflection", "applied_by": "social_board", "applied_on": today(),
        "extends": permit(w, decided=True)}),
    Act(cases.decide_permit, "anna", lambda w: {
        "case": w.case, "permit": permit(w, decided=False), "outcome": "granted", "decided_on": today(),
        "starts_on": today(), "ends_on": today() + timedelta(days=99)}),
    Act(cases.revoke_permit, "anna", lambda w: {
        "case": w.case, "permit": permit(w, decided=True), "revoked_on": today()}),
    Act(cases.record_residence, "anna", lambda w: {
        "case": w.case, "known_on": today(), "status": "asylum", "home": "none"}),
    Act(cases.save_interpreter_wishes, "maud", lambda w: {"case": w.case, "version": 1, **WISHES}),
    Act(cases.save_return_plan, "anna", lambda w: {"case": w.case, "version": 1, "destination": "Hem"}),
    Act(cases.record_return_consent, "anna", lambda w: {
        "case": w.protected, "plan": w.protected_return, "form": "oral", "language": "thai", "covers": "Resdag",
        "taken_on": today()}, without(plus=("maud",))),
    Act(cases.withdraw_return_consent, "anna", lambda w: {"case": w.case, "consent": consent(w)}),
    Act(cases.share_return, "anna", lambda w: {"case": w.case, "plan": plan(w), **SHARE}),
    Act(cases.record_travel, "anna", lambda w: {"case": w.case, "plan": plan(w), "travelled_on": today()}),
    Act(cases.stop_return, "anna", lambda w: {"case": w.case, "plan": plan(w), "reason": "Vill stanna."}),
]  # fmt: skip
