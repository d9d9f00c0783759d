from cases import operations as cases
from cases.models import Document, RetentionMark
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.acts import Act, without
from tests.papers import due_case, paper

BOARD = ("anna", "leo", "cilla", "sara", "nils", "mika", "siv")  # none of them prepares Bollnäs's destruction
NOT_MAUD = without(plus=("maud",))


def document(world, **which):
    return Document.objects.get(case=world.case, **{"open_to": "case", **which})


def secret(world):
    return document(world, open_to="named")


def disposal(world, *signers):
    """A list of one due case, prepared by Maud and signed by these."""
    case = due_case(world)
    row = cases.prepare_disposal(by=world.maud, case_ids=[case.pk])
    return signed(world, row, *signers)


def signed(world, row, *signers):
    for who in signers:
        with acting(who):
            row = cases.sign_disposal(by=who, disposal=row)
    return row


def mark(world):
    return RetentionMark.objects.get(case=world.case)


def given(world, **more):
    return {name: value for name, value in paper(world.case, world.anna, **more).items() if name != "by"}


ACTS = [
    Act(cases.add_document, "anna", given),
    Act(cases.add_document, "maud", given),
    Act(cases.open_document, "anna", lambda w: {"document": document(w)}),
    Act(cases.open_document, "anna", lambda w: {"document": secret(w)}, NOT_MAUD),
    Act(cases.rescan_document, "anna", lambda w: {"document": document(w)}),
    Act(cases.set_document_readers, "anna", lambda w: {"document": document(w), "version": 1, "open_to": "named"}),
    Act(cases.set_document_readers, "anna", lambda w: {
        "document": secret(w), "version": 1, "open_to": "case"}, NOT_MAUD),
    Act(cases.state_reader, "anna", lambda w: {
        "document": document(w), "kind": "individual", "may_read": True, "ground": "ja"}),
    Act(plans.open_shared_document, "sara", lambda w: {
        "document": document(w)},
        ("nils", "mika", "adam", "siv")),
    Act(cases.mark_retention, "anna", lambda w: {"case": w.case, "kind": "placed", "reason": "ja"}),
    Act(cases.mark_retention, "adam", lambda w: {"case": w.case, "kind": "hold", "reason": "tvist"},
        ("leo", "cilla", "siv", "sara", "nils", "mika")),
    Act(cases.end_retention_mark, "anna", lambda w: {"mark": mark(w), "reason": "fel"}),
    Act(cases.view_retention, "adam", lambda w: {"page": "retention"}, ("anna", "leo", "cilla", "sara", "mika")),
    Act(cases.prepare_disposal, "maud", lambda w: {"case_ids": [due_case(w).pk]}, BOARD),
    Act(cases.sign_disposal, "maud", lambda w: {"disposal": disposal(w)}, BOARD),
    Act(cases.begin_disposal, "maud", lambda w: {"disposal": disposal(w, w.maud, w.adam)}, BOARD),
    Act(cases.drop_disposal, "maud", lambda w: {"disposal": disposal(w)}, BOARD),
    Act(cases.carry_out_disposal, "maud", lambda w: {"disposal": disposal(w, w.maud, w.adam)}, BOARD),
]  # fmt: skip
