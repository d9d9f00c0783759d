from cases import operations as cases
from cases.models import Assessment, OpenAccessContact, UrgentStep
from tests.acts import Act, without
from tests.world import today

NO_OUTREACH = ("adam", "sara", "nils", "mika", "rut", "siv")  # leo and cilla may too, in their own board


def intake(world):
    return {"case": world.case, "version": 2, "screening": {}, "triage": {"tonight": {"answer": "no", "words": ""}},
            "needs": ["disability"]}  # fmt: skip


def measured(world):
    return {"case": world.case, "instrument": "wellbeing", "instrument_version": "1", "day": today(),
            "answers": {"safe": "3"}}  # fmt: skip


def draft(world):
    return Assessment.objects.get(case=world.case, author=world.anna, signed_at=None)


def on_with_draft(world):
    return {**measured(world), "instrument": "safety", "answers": {}, "assessment": draft(world)}


def contact(world):
    return {"contact": OpenAccessContact.objects.filter(became_case=False).first()}


OWN = without(plus=("maud",))  # a draft is its author's, also when the colleague has the case
ACTS = [
    Act(cases.save_intake, "anna", intake),
    Act(cases.handle_urgent, "anna", lambda w: {
        "case": w.case, "step": UrgentStep.objects.open().get(case=w.case), "how": "Ringde jouren."}),
    Act(cases.save_assessment, "anna", measured),
    Act(cases.save_assessment, "anna", on_with_draft, OWN),
    Act(cases.sign_assessment, "anna", lambda w: {"case": w.case, "assessment": draft(w)}, OWN),
    Act(cases.record_open_contact, "leo", lambda w: {
        "day": today(), "way": "phone", "hours": 1, "support": ["talk"], "language": "sv"}, NO_OUTREACH),
    Act(cases.convert_open_contact, "leo", contact, (*NO_OUTREACH, "cilla")),
    Act(cases.blank_open_contact, "maud", contact, (*NO_OUTREACH, "cilla")),
]  # fmt: skip
