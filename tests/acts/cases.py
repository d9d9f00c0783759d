from cases import operations as cases
from cases.models import CaseNote, Clock, Consent, Individual
from exitprogram.audit.models import AuditEvent
from tests.acts import Act, without
from tests.world import today

NOBODYS_NUMBER = "19910124-2386"


def note(world, *, signed):
    return CaseNote.objects.filter(case=world.case, author=world.anna, signed_at__isnull=not signed).first()


def clock(world):
    return Clock.objects.open().get(case=world.case, kind="follow_up")


def note_given(world):
    return {"case": world.case, "kind": "call", "event_on": today(), "source": "egen", "fact": "Ringde."}


def a_search(world):
    return AuditEvent.objects.filter(membership=world.anna, action="person.searched").latest("created_at").pk


def contact(world):
    return {"case": world.case, "version": 1, "channels": "", "hours": "", "code_word": "", "never_answer": "",
            "may_leave_message": False}  # fmt: skip


def filled_in(world):
    version = Individual.objects.get(pk=world.case.individual_id).version
    return {"case": world.case, "version": version, "name": "Maria Karlsson", "alias": "Mia", "birth_date": None,
            "protection": "none", "language": "svenska", "needs_interpreter": False}  # fmt: skip


NO_SEARCH = ("adam", "sara", "nils", "mika", "rut", "siv")  # leo and cilla search too, in their own board
ACTS = [
    Act(cases.search_people, "anna", lambda w: {"query": "Maria"}, NO_SEARCH),
    Act(cases.add_person, "anna", lambda w: {"after_search": a_search(w), "name": "Ny"}, (*NO_SEARCH, "leo", "cilla")),
    Act(cases.open_case, "anna", lambda w: {
        "individual": w.just_added, "programme": "adult", "contact_way": "self", "target_group": "prostitution"}),
    Act(cases.save_beginning, "anna", lambda w: {"case": w.case, "contact_way": "police", "target_group": "unknown"}),
    Act(cases.view_case, "anna", lambda w: {"case": w.case, "page": "person"}),
    Act(cases.view_list, "anna", lambda w: {"cases": [w.case]}, NO_SEARCH),
    Act(cases.view_person, "anna", lambda w: {"individual": w.just_added}, without(plus=("maud",))),
    Act(cases.view_desk, "anna", lambda w: {"page": "my_day"}, ("adam", "sara", "nils", "mika", "siv")),
    Act(cases.grant_access, "anna", lambda w: {
        "case": w.case, "membership": w.leo, "kind": "named", "reason": "ersätter"}),
    Act(cases.grant_access, "maud", lambda w: {
        "case": w.ready_case, "membership": w.leo, "kind": "named", "reason": "ersätter"}),
    Act(cases.end_access, "anna", lambda w: {"case": w.case, "membership": w.maud, "kind": "team"}),
    Act(cases.record_consent, "anna", lambda w: {"case": w.protected, "form": "oral", "taken_on": today()},
        without(plus=("maud",))),
    Act(cases.record_waiver, "anna", lambda w: {
        "case": w.case, "recipient": w.partner, "areas": ["network"], "form": "oral", "taken_on": today()}),
    Act(cases.withdraw_consent, "anna", lambda w: {
        "case": w.case, "consent": Consent.objects.waivers().get(case=w.case)}),
    Act(cases.save_note, "anna", note_given),
    Act(cases.save_note, "anna", lambda w: {**note_given(w), "note": note(w, signed=False)}, without(plus=("maud",))),
    Act(cases.sign_note, "anna", lambda w: {"case": w.case, "note": note(w, signed=False)}, without(plus=("maud",))),
    Act(cases.add_to_note, "anna", lambda w: {
        "case": w.case, "note": note(w, signed=True), "kind": "objection", "text": "Håller inte med."}),
    Act(cases.add_to_note, "maud", lambda w: {
        "case": w.case, "note": note(w, signed=True), "kind": "objection", "text": "Håller inte med."}),
    Act(cases.start_clock, "anna", lambda w: {
        "case": w.case, "kind": "follow_up", "rule_id": "plan.follow_up", "subject_id": w.case.pk, "owner": w.anna,
        "due_on": today()}),
    Act(cases.finish_clock, "anna", lambda w: {"case": w.case, "clock": clock(w)}),
    Act(cases.reopen_clock, "anna", lambda w: {"case": w.case, "clock": cases.finish_clock(
        by=w.anna, case=w.case, clock=clock(w))}, without(plus=("maud",))),
    Act(cases.extend_clock, "anna", lambda w: {
        "case": w.case, "clock": clock(w), "extended_to": today().replace(year=today().year + 1), "ground": "väntar"}),
    Act(cases.save_safe_contact, "anna", contact),
    Act(cases.save_person, "anna", filled_in),
    Act(cases.notify, "anna", lambda w: {
        "case": w.case, "about": "invitation", "subject_id": w.case.pk, "membership": w.sara}),
    Act(cases.notify_back, "leo", lambda w: {
        "case": w.case, "about": "decision", "subject_id": w.case.pk, "membership": w.anna}, without("leo")),
]  # fmt: skip
