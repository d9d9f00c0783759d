"""Guards over every way in: URLs and operations, found by walking, so that a new one cannot be forgotten."""

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

from exitprogram.tenancy.roles import Permission

ROOMS = [
    "exitprogram.tenancy.operations",
    "exitprogram.tokens.operations",
    "exitprogram.jobs.operations",
    "cases.operations",
    "teams.operations",
    "children.operations",
    "plans.operations",
    "reporting.operations",
]


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback
        else:
            yield from patterns(entry, prefix + str(entry.pattern))


EVERY = sorted(patterns(), key=lambda pair: pair[0])
API = [(route, view) for route, view in EVERY if route.startswith("api/")]  # tests/test_guards_api.py
URLS = [pair for pair in EVERY if pair not in API]


def rule_of(view):
    """The access rule, through whatever other decorators there are."""
    return getattr(view, "access", None)


def wrapped(view, mark):
    while view is not None:
        if getattr(view, mark, None):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


@pytest.mark.parametrize(("route", "view"), URLS, ids=[route or "/" for route, _view in URLS])
def test_every_url_has_a_rule(route, view):
    rule = rule_of(view)
    known = rule in ("public", "signed_in") or (isinstance(rule, frozenset) and rule <= set(Permission))
    assert known and rule


PUBLIC = {
    "logga-in/",
    "logga-in/steg-tva/",
    "logga-in/passnyckel/",
    "logga-in/passnyckel/fraga/",
    "glomt-losenord/",
    "logga-in/<slug:slug>/",
    "logga-in/<slug:slug>/svar/",
    "logga-in/<slug:slug>/ny/<uidb64>/",
    "valj-losenord/<uidb64>/<token>/",
    "halsa/",
    "kalender/<str:secret>.ics",
    "halsa/drift/",
    "matvarden/",
    "vila/",
    "demo/brev/",
}
OWN_SIGN_IN = (
    "", "passnyckel/", "passnyckel/fraga/", "passnyckel/<uuid:passkey_id>/ta-bort/", "app/", "app/ta-bort/",
    "reservkoder/", "vilar/",
)  # fmt: skip
SIGNED_IN = {"", "losenord-igen/", "logga-ut/", "uppdrag/", "uppdrag/byt/", "till/<uuid:notice_id>/"}
SIGNED_IN |= {"fragor-om-lasning/", "fragor-om-lasning/<uuid:question_id>/"}  # about oneself, whatever one's role
SIGNED_IN |= {"inloggad-har/", "inloggad-har/avsluta-alla/", "inloggad-har/<uuid:session_id>/avsluta/"}
SIGNED_IN |= {"logga-in/<slug:slug>/koppla/", "logga-in/<slug:slug>/koppla-bort/"}
SIGNED_IN |= {f"inloggning/{rest}" for rest in OWN_SIGN_IN}


def test_the_open_doors_are_named():
    assert {route for route, view in URLS if rule_of(view) == "public"} == PUBLIC
    assert {route for route, view in URLS if rule_of(view) == "signed_in"} == SIGNED_IN


def test_public_means_only_these_need_no_sign_in():
    open_ones = {route for route, view in URLS if getattr(view, "login_required", True) is False}
    assert open_ones == PUBLIC


# Views that take a POST and may do it twice, with why that harms nothing.
TWICE = {
    "arende/<uuid:case_id>/arkiv/<uuid:export_id>/hamta/": "each press is a fetch, counted and written down",
    "arende/<uuid:case_id>/vardnadshavare/slappt/<uuid:release_id>/lamna/": "a second copy is a second disclosure",
    "beslut/<uuid:decision_id>/brev/": "a second copy is a second disclosure, with its own number",
    "inloggad-har/avsluta-alla/": "ended is ended",
    "inloggad-har/<uuid:session_id>/avsluta/": "ended is ended",
    "logga-in/<slug:slug>/koppla/": "a question to the provider, which writes nothing",
    "logga-in/<slug:slug>/koppla-bort/": "gone is gone",
    "inloggning/passnyckel/": "an answer of a passkey is good once",
    "inloggning/passnyckel/fraga/": "asks, writes nothing",
    "inloggning/passnyckel/<uuid:passkey_id>/ta-bort/": "the second time it is gone",
    "inloggning/app/": "a code is good once",
    "inloggning/app/ta-bort/": "the second time it is gone",
    "inloggning/reservkoder/": "the last ten that were shown are those that count",
    "losenord-igen/": "a code is good once",
    "logga-ut/": "signing out twice is signing out",
    "uppdrag/byt/": "chooses, writes nothing",
    "sok/": "a search is logged each time it is made",
    "arende/<uuid:case_id>/utlamnat/<uuid:disclosure_id>/kopia/": "the same file of the same copy, and a trace",
    "arende/<uuid:case_id>/lasningar/": "a second list is a second disclosure, with its own number",
    "samverkan/redovisning/<int:year>/": "a second file is a second trace",
    "plan/<uuid:version_id>/kopia/<str:recipient_key>/": "a second copy is a second disclosure, with its own number",
    "plan/<uuid:version_id>/fil/<str:recipient_key>/": "as the copy on paper",
}


def closure_names(view):
    """Names of the functions a chain of decorators wraps, and what they close over."""
    seen = []
    while view is not None:
        seen.append(view)
        view = getattr(view, "__wrapped__", None)
    return seen


def takes_post(view):
    """Asked of Django's own decorators: which methods they let through."""
    for layer in closure_names(view):
        for cell in layer.__closure__ or ():
            methods = cell.cell_contents
            if isinstance(methods, list | tuple) and methods and all(isinstance(m, str) for m in methods):
                return "POST" in methods
    return True


@pytest.mark.parametrize(("route", "view"), URLS, ids=[route or "/" for route, _view in URLS])
def test_a_double_click_is_one_press(route, view):
    if rule_of(view) != "public" and takes_post(view):
        assert wrapped(view, "once") or route in TWICE or autosaves(view), route


def autosaves(view):
    """Saves itself with a version and answers 409 when somebody else saved: twice is the same text twice."""
    return any("is_autosave" in inspect.getsource(layer) for layer in closure_names(view)[-1:])


def test_methods_are_read_right():
    by_route = dict(URLS)
    assert takes_post(by_route["logga-ut/"]) and not takes_post(by_route["halsa/"])
    assert takes_post(by_route["personal/ny/"]) and not takes_post(by_route["personal/"])
    assert wrapped(by_route["personal/ny/"], "once") and not wrapped(by_route["personal/"], "once")


# What shows an address, signs, decides, hands out, destroys or changes one's sign-in.
ASKS_AGAIN = {
    "logga-in/<slug:slug>/koppla-bort/",
    "logga-in/<slug:slug>/koppla/",
    "anslutningar/<uuid:token_id>/byt/",
    "anslutningar/ny/",
    "arende/<uuid:case_id>/anteckning/<uuid:note_id>/",
    "arende/<uuid:case_id>/anteckning/<uuid:note_id>/tillagg/",
    "arende/<uuid:case_id>/arkiv/<uuid:export_id>/hamta/",
    "arende/<uuid:case_id>/bedomning/<uuid:assessment_id>/",
    "arende/<uuid:case_id>/identifiering/<uuid:identification_id>/",
    "arende/<uuid:case_id>/kopior/<uuid:disclosure_id>/",
    "arende/<uuid:case_id>/lamna-ut/",
    "arende/<uuid:case_id>/lasningar/",
    "arende/<uuid:case_id>/platser/<uuid:place_id>/visa/",
    "arende/<uuid:case_id>/utlamnat/<uuid:disclosure_id>/kopia/",
    "arende/<uuid:case_id>/vad-som-galler/andra/",
    "arende/<uuid:case_id>/vardnadshavare/slappt/<uuid:release_id>/lamna/",
    "arende/<uuid:case_id>/visad-plats/<uuid:reveal_id>/",
    "beslut/<uuid:decision_id>/",
    "beslut/<uuid:decision_id>/brev/",
    "beslut/<uuid:decision_id>/brev/<uuid:disclosure_id>/",
    "bidrag/<uuid:section_id>/signera/",
    "gallring/lista/<uuid:list_id>/gallra/",
    "gallring/lista/<uuid:list_id>/signera/",
    "inloggning/app/",
    "inloggning/app/ta-bort/",
    "inloggning/passnyckel/",
    "inloggning/passnyckel/<uuid:passkey_id>/ta-bort/",
    "inloggning/passnyckel/fraga/",
    "inloggning/reservkoder/",
    "loggkontroll/<uuid:review_id>/signera/",
    "mina-installningar/kalender/",
    "mote/<uuid:meeting_id>/anteckningar/",
    "nodatkomst/",
    "nodatkomst/arende/<uuid:case_id>/",
    "personal/<uuid:membership_id>/inloggning/",
    "personal/inloggning/<uuid:reset_id>/",
    "plan/<uuid:version_id>/faststall/",
    "plan/<uuid:version_id>/fil/<str:recipient_key>/",
    "plan/<uuid:version_id>/kopia/<str:recipient_key>/",
    "plan/<uuid:version_id>/kopior-till-alla/",
    "till-arkivet/<uuid:export_id>/godkann/",
    "uppfoljning/<uuid:publication_id>/fil/",
}


def test_what_asks_who_she_is_is_named():
    assert {route for route, view in URLS if wrapped(view, "fresh")} == ASKS_AGAIN


# Operations: one function per act, keyword-only, by whom, atomic, audited.


def operations():
    for name in ROOMS:
        module = import_module(name)
        inside = [name, *(f"{name}.{m.name}" for m in pkgutil.iter_modules(getattr(module, "__path__", [])))]
        for inner in inside:
            for act, function in vars(import_module(inner)).items():
                if inspect.isfunction(function) and not act.startswith("_") and function.__module__ == inner:
                    yield f"{inner}.{act}", function


OPERATIONS = dict(operations())
# In the module beside the operations, without being one: what it locks or reads for them.
PARTS = {
    "children.operations.placement.investigation_closed",  # by whoever finishes the investigation

    "plans.operations.content.locked_version", "plans.operations.meetings.locked_meeting",
    "plans.operations.sections.decline_unsigned", "plans.operations.telling.tell_holders",
    "plans.operations.content.carry_goals", "plans.operations.content.carry_texts",
    "teams.operations.telling.tell_proposer", "teams.operations.log_question.ask_and_report",
    "cases.operations.protection.keep_marks",
    # What follows of a decision, in its own transaction: ``children.consequences``.
    "children.operations.investigation.open_investigation", "children.operations.investigation.extend_investigation",
    "children.operations.reports.answer_reports", "children.operations.reports.extend_opening",
    "exitprogram.tenancy.operations.mandates.write_mandates",
    "cases.operations.majority.keep_ages", "cases.operations.majority.require_still_a_child",
    "cases.operations.merges.protect_alike", "cases.operations.numbers.put_number",
}  # fmt: skip


def faults_of(function, source_of_module):
    parameters = inspect.signature(function).parameters.values()
    source = inspect.getsource(function)
    helpers = [line.split("(")[0][4:] for line in source_of_module.splitlines() if line.startswith("def _")]
    bodies = source_of_module.split("\ndef ")
    recording = {
        helper for helper in helpers
        for body in bodies if body.startswith(f"{helper}(") and ("record(" in body or "record_many(" in body)
    }  # fmt: skip
    faults = []
    if any(p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters):
        faults.append("positional")
    if "by" not in inspect.signature(function).parameters:
        faults.append("no by")
    if not hasattr(function, "__wrapped__"):
        faults.append("not atomic")
    if (
        "record(" not in source
        and "record_many(" not in source
        and not any(f"{helper}(" in source for helper in recording)
    ):
        faults.append("not audited")
    return faults


def test_there_are_operations():
    assert len(OPERATIONS) >= 45


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - PARTS))
def test_every_operation_is_whole(name):
    function = OPERATIONS[name]
    assert faults_of(function, Path(inspect.getfile(inspect.unwrap(function))).read_text()) == []


def test_parts_are_still_there():
    assert set(OPERATIONS) >= PARTS


def naked(case, *, reason):
    """An operation with every fault there is."""
    return case, reason


def test_a_faulty_operation_is_found():
    assert faults_of(naked, "") == ["positional", "no by", "not atomic", "not audited"]
