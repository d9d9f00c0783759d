from cases import operations as cases
from cases.models import Case
from children import operations as children
from children.models import Bridge
from tests.acts import Act, without
from tests.world import today


def handed(world):
    """As its receiver sees it."""
    return Bridge.objects.get(case_id=world.passed_on.pk)


def to_read(world):
    own = Case.objects.get(pk=handed(world).adult_case_id)
    return {"adult_case": own, "case_id": world.passed_on.pk, "reason": "Läkaren frågar."}


def met(world):
    return {"case": world.grown, "met_on": today(), "person_was_there": True, "words": "Det viktiga."}


NOBODY = without(plus=("maud", "tove"))
ACTS = [
    Act(cases.keep_age, "anna", lambda w: {"case": w.turning}, NOBODY),
    Act(cases.state_age, "anna", lambda w: {"case": w.turning, "known": "unknown", "ground": "oklart"}, NOBODY),
    Act(children.ask_person, "anna", lambda w: {"case": w.turning, "asked_on": today(), "answer": "yes"}, NOBODY),
    Act(children.open_adult_case, "anna", lambda w: {"case": w.turning, "receiver": w.leo}, NOBODY),
    Act(children.hand_over_person, "anna", met, NOBODY),
    Act(children.confirm_hand_over, "tove", lambda w: {"bridge": handed(w)},
        ("anna", "leo", "adam", "cilla", "sara", "nils", "mika", "tea")),
    Act(children.open_childs_file, "tove", to_read, ("anna", "leo", "adam", "cilla", "sara", "nils", "mika", "maud")),
]  # fmt: skip
