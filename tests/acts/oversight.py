from exitprogram.tenancy.acting import acting
from reporting import operations as reporting
from reporting.flow import rows
from reporting.models import FlowQuestion, SupportRequest
from tests.acts import STRANGERS, Act


def plan(world):
    return {"board": world.bollnas, "ref": rows(world.bollnas)[0].ref, "text": "Hur går det?"}


def question(world):
    return {"question": FlowQuestion.objects.select_related("case__individual").get(case=world.case), "text": "Bra."}


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
    Act(reporting.close_support, "anna", request, ("rut", "adam", "cilla", "sara", "nils", "mika")),
]  # fmt: skip
