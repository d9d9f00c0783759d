from cases import operations as cases
from cases.models import Place, PlaceReader, ProtectionMark
from tests.acts import Act, without
from tests.world import today

NOT_MAUD = without(plus=("maud",))  # she has the case, and is not a reader of the place


def place(world):
    return Place.objects.get(case=world.case)


def just_now(world):
    """What has been revealed is shown within a minute, and the world has stood for longer."""
    return cases.reveal_place(by=world.anna, case=world.case, place=place(world), reason="meet", words="Hembesök.")


def mark(world):
    return ProtectionMark.objects.open().get(individual=world.protected.individual_id)


NEXT_YEAR = {"review_on": today().replace(year=today().year + 1, day=1)}
ACTS = [
    Act(cases.add_place, "anna", lambda w: {"case": w.case, "kind": "whereabouts", "text": "Hos en vän"}),
    Act(cases.add_place, "maud", lambda w: {"case": w.case, "kind": "whereabouts", "text": "Hos en vän"}),
    Act(cases.end_place, "anna", lambda w: {"case": w.case, "place": place(w), "ends_on": today()}),
    Act(cases.name_reader, "anna", lambda w: {
        "case": w.case, "place": place(w), "membership": w.maud, "reason": "Följer med."}, NOT_MAUD),
    Act(cases.end_reader, "anna", lambda w: {"case": w.case, "reader": PlaceReader.objects.get(case=w.case)}),
    Act(cases.reveal_place, "anna", lambda w: {
        "case": w.case, "place": place(w), "reason": "meet", "words": "Hembesök i dag."}, NOT_MAUD),
    Act(cases.show_place, "anna", lambda w: {"case": w.case, "reveal": just_now(w)}, NOT_MAUD),
    Act(cases.report_reveals, "anna", lambda w: {"case": w.case}),
    Act(cases.confirm_safe_contact, "anna", lambda w: {"case": w.case, "version": 1}),
    Act(cases.review_mark, "anna", lambda w: {
        "case": w.protected, "mark": mark(w), "since_on": today(), **NEXT_YEAR}, NOT_MAUD),
]  # fmt: skip
