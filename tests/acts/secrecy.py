from cases import operations as cases
from cases.clocks import CaseClock
from cases.models import Clock, SecrecyException
from tests.acts import Act, without
from tests.world import today


def exception(world):
    return SecrecyException.objects.get(case=world.case)


def empty_draft(world):
    return cases.save_note(by=world.anna, case=world.case, kind="call", event_on=today(), source="", fact="")


ACTS = [
    Act(cases.record_exception, "anna", lambda w: {
        "case": w.case, "recipient": w.region, "areas": ["network"], "rule_id": "secrecy.exception.social_misuse",
        "reason": "Behöver vård i dag.", "ends_on": today()}),
    Act(cases.end_exception, "anna", lambda w: {"case": w.case, "exception": exception(w)}),
    Act(cases.finish_about, "anna", lambda w: {
        "case": w.case, "kind": CaseClock.CONSENT_ENDS, "subject": exception(w)}),
    Act(cases.hand_clock, "anna", lambda w: {
        "case": w.case, "clock": Clock.objects.open().get(case=w.case, kind="follow_up"), "owner": w.maud}),
    Act(cases.discard_note, "anna", lambda w: {"case": w.case, "note": empty_draft(w)}, without(plus=("maud",))),
]  # fmt: skip
