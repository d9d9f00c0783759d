from children import operations as children
from children.models import CaseLink, Consultation
from tests.acts import Act, without
from tests.chains import CARE
from tests.world import today

NOBODY = without(plus=("maud", "tove"))


def of(**more):
    return lambda world: {"case": world.child, **more}


def linked(world):
    return {"case": world.child, "link": CaseLink.objects.get(case=world.child)}


def waiting(world):
    return {"case": world.child, "result": "Gjort.",
            "consultation": Consultation.objects.get(case=world.child, done_on=None)}  # fmt: skip


def to_link(world):
    return {"case": world.turning, "other": world.child, "relation": "sibling", "shown_there": False}


ACTS = [
    Act(children.name_next, "anna", of(who="nobody", reason="Flyttade."), NOBODY),
    Act(children.begin_after_care, "anna",
        lambda w: {"case": w.turning, "after": "placement", "since_on": today(), "why": "oro"}, NOBODY),
    Act(children.end_after_care, "anna", of(result="Det går bra."), NOBODY),
    Act(children.link_cases, "anna", to_link, NOBODY),
    Act(children.end_link, "anna", linked, NOBODY),
    Act(children.place, "anna",
        lambda w: {"case": w.turning, "home": "residential", "starts_on": today(), "consent": "båda"}, NOBODY),
    Act(children.end_placement, "anna",
        of(ends_on=today(), reason="Hem igen.", who="network", name="mormor"), NOBODY),
    Act(children.consider_placement, "anna", of(still_needed=True, words="Ja."), NOBODY),
    Act(children.tell_region, "anna", of(), NOBODY),
    Act(children.record_health_offer, "anna", of(answer="done", day=today(), words="Hos skolläkaren."), NOBODY),
    Act(children.record_consultation, "anna",
        of(day=today(), kind="planning", named=False, parties=["police"], asked="oro", agreed="polisen utreder"),
        NOBODY),
    Act(children.finish_consultation_step, "anna", waiting, NOBODY),
    Act(children.sign_placement_plan, "anna", of(kind="care", content=CARE), NOBODY),
    Act(children.record_visit, "anna", of(day=today(), who="alone", words="Vi pratade."), NOBODY),
]  # fmt: skip
