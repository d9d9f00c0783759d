from exitprogram.tenancy.acting import acting
from reporting import operations as reporting
from reporting.flow import rows
from reporting.models import CostEstimate, FlowQuestion, SupportRequest
from tests.acts import STRANGERS, Act
from tests.oversight import STATED


def plan(world):
    return {"board": world.bollnas, "ref": rows(world.bollnas)[0].ref, "text": "Hur går det?"}


def question(world):
    return {"question": FlowQuestion.objects.select_related("case__individual").get(case=world.case), "text": "Bra."}


def estimate(world, sent=False):
    with acting(world.maud):
        return {"estimate": CostEstimate.objects.visible_to(world.maud).get(sent_at__isnull=not sent)}


def of_children(world):
    """None of this programme has been sent."""
    with acting(world.maud):
        return {"estimate": reporting.add_estimate(by=world.maud, programme="child", **STATED)}


NOT_LEADERS = ("anna", "leo", "cilla", "sara", "mika", "roy")


def request(world):
    with acting(world.anna):
        return {"request": SupportRequest.objects.visible_to(world.anna).get()}


ACTS = [
    Act(reporting.view_region, "roy", lambda w: {"page": "region"}, ("anna", "maud", *STRANGERS)),
    Act(reporting.ask_about_plan, "roy", plan, ("rut", "anna", *STRANGERS)),
    Act(reporting.answer_question, "anna", question, (*STRANGERS, "roy")),
    Act(
        reporting.ask_for_support, "anna",
        lambda w: {"to_authority": w.ljusdal, "subject": "method", "text": "Handledning."},
        ("adam", "sara", "nils", "mika", "roy"),
    ),
    Act(reporting.answer_support, "roy", lambda w: {**request(w), "text": "Ja."}, ("rut", "anna", "maud", *STRANGERS)),
    Act(reporting.view_load, "maud", lambda w: {}, STRANGERS),
    Act(
        reporting.view_unexecuted, "maud", lambda w: {"year": 2026, "quarter": 1, "form": "page"},
        ("anna", "leo", "cilla", "sara", "mika"),
    ),
    Act(reporting.view_costs, "maud", lambda w: {"page": "costs"}, NOT_LEADERS),
    Act(reporting.add_estimate, "maud", lambda w: {"programme": "adult", **STATED}, NOT_LEADERS),
    Act(reporting.save_estimate, "adam", lambda w: {**estimate(w), "expected": 1, **STATED}, (*NOT_LEADERS, "siv")),
    Act(reporting.copy_estimate, "maud", estimate, (*NOT_LEADERS, "siv")),
    Act(
        reporting.send_estimate, "maud", lambda w: {**of_children(w), "to_authority": w.ljusdal},
        (*NOT_LEADERS, "siv"),
    ),
    Act(reporting.take_back_estimate, "maud", lambda w: estimate(w, sent=True), (*NOT_LEADERS, "siv")),
    Act(reporting.close_support, "anna", request, ("rut", "adam", "cilla", "sara", "nils", "mika")),
]  # fmt: skip
