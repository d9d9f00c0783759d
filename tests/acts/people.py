from cases import operations as cases
from cases.models import PersonIdentifier
from tests.acts import Act, without
from tests.acts.cases import NO_SEARCH, a_search
from tests.world import today


def pair(world):
    return {"kept": world.case.individual, "merged": world.ready_case.individual, "reason": "Samma nummer."}


def undone(world):
    return {"merge": world.twins[2], "reason": "Två systrar."}


ACTS = [
    Act(cases.start_search, "anna", lambda w: {"query": "Maria"}, NO_SEARCH),
    Act(cases.show_search, "anna", lambda w: {"search": a_search(w), "query": "Maria"}, (*NO_SEARCH, "leo", "cilla")),
    Act(cases.add_number, "anna", lambda w: {"case": w.case, "number": "AB-1234", "kind": "foreign", "country": "RO"}),
    Act(cases.end_number, "anna", lambda w: {
        "case": w.case, "number": PersonIdentifier.objects.get(individual=w.case.individual), "valid_to": today()}),
    Act(cases.find_duplicates, "anna", lambda w: {"case": w.case}),
    Act(cases.merge_people, "anna", pair, without(plus=("maud", "per"))),
    Act(cases.undo_merge, "anna", undone, without("leo", plus=("maud",))),
    Act(cases.undo_merge, "leo", undone, ("adam", "cilla", "maud", "per")),
]  # fmt: skip
