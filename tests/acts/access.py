from cases import operations as cases
from cases.models import AccessBlock, EmergencyAccess
from tests.acts import Act

NO_SEARCH = ("adam", "sara", "nils", "mika", "rut", "siv")


def emergency(world):
    return EmergencyAccess.objects.get(case_id=world.urgent.pk, membership=world.leo)


def opening(world, case):
    return {"number": case.number, "reason": "life", "reason_text": "Fara nu."}


def block(world):
    return AccessBlock.objects.standing().get(case=world.case)


def judged(world):
    return {"emergency": emergency(world), "judgement": "justified", "review_note": "Det var fara."}


ACTS = [
    Act(cases.open_in_emergency, "leo", lambda w: opening(w, w.case), NO_SEARCH),
    Act(cases.end_emergency, "leo", lambda w: {"emergency": emergency(w)}, (*NO_SEARCH, "maud", "cilla")),
    Act(cases.end_emergency, "anna", lambda w: {"emergency": emergency(w)}, (*NO_SEARCH, "cilla", "per")),
    Act(cases.view_emergency, "maud", lambda w: {"emergency": emergency(w)}, (*NO_SEARCH, "leo", "anna", "cilla")),
    Act(cases.review_emergency, "maud", judged, (*NO_SEARCH, "leo", "anna", "cilla")),
    Act(cases.block_access, "anna", lambda w: {
        "case": w.case, "user": w.leo.user, "kind": "kin", "reason": "Bror."}),
    Act(cases.lift_block, "anna", lambda w: {"case": w.case, "block": block(w), "reason": "Fel person."}),
]  # fmt: skip
