"""Every URL of the product, and who may come through it. A URL that is missing here fails a test.

``may`` are those who get a page or an effect; ``blind`` have a role that could, and get the same 404 as for an id that
does not exist; everybody else in ``PEOPLE`` gets 403 before any row is looked for.
"""

from dataclasses import dataclass

from cases.models import CaseNote, Clock, Consent
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import CooperationAgreement
from plans.models import Goal, Measure, MeetingCall, PlanVersion, Section
from teams.models import Decision, TeamMember

PEOPLE = ["anna", "maud", "leo", "adam", "sara", "mika", "cilla", "siv"]


@dataclass(frozen=True)
class Door:
    methods: str
    may: str
    blind: str = ""
    ids: str = ""
    public: bool = False
    signed_in: bool = False

    def status(self, who):
        """The status this person gets; None when it is any that lets her in."""
        return None if who in self.may.split() else 404 if who in self.blind.split() else 403


ALL, NOBODY = " ".join(PEOPLE), ""
READERS, BOARD, BLIND = "anna maud leo cilla", "anna maud", "leo cilla"
SARA, NOT_SARA = "sara", "anna leo mika cilla"
DOORS = {
    "tenancy:start": Door("GET", ALL, signed_in=True),
    "tenancy:sign_in": Door("GET POST", ALL, public=True),
    "tenancy:forgotten": Door("GET POST", ALL, public=True),
    "tenancy:choose_password": Door("GET POST", ALL, ids="uid token", public=True),
    "tenancy:again": Door("GET POST", ALL, signed_in=True),
    "tenancy:sign_out": Door("POST", ALL, signed_in=True),
    "tenancy:choose": Door("GET", ALL, signed_in=True),
    "tenancy:switch": Door("POST", ALL, signed_in=True),
    "tenancy:health": Door("GET", ALL, public=True),
    "tenancy:people": Door("GET", "adam siv"),
    "tenancy:member_add": Door("GET POST", "adam siv"),
    "tenancy:member_end": Door("GET POST", "adam", "siv", ids="membership"),
    "tenancy:agreements": Door("GET", "adam siv"),
    "tenancy:agreement_propose": Door("GET POST", "adam siv"),
    "tenancy:agreement_accept": Door("POST", "adam", "siv", ids="agreement"),
    "cases:list": Door("GET", READERS),
    "cases:search": Door("POST", READERS),
    "cases:person_add": Door("POST", READERS),
    "cases:case_open": Door("GET POST", "anna", "maud leo cilla", ids="individual"),
    "cases:person_edit": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:safe_contact": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:notes": Door("GET", BOARD, BLIND, ids="case"),
    "cases:note_new": Door("GET", BOARD, BLIND, ids="case"),
    "cases:note": Door("GET POST", BOARD, BLIND, ids="case note"),
    "cases:note_add": Door("GET POST", BOARD, BLIND, ids="case signed"),
    "cases:consents": Door("GET", BOARD, BLIND, ids="case"),
    "cases:consent_plan": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:consent_waiver": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:consent_withdraw": Door("GET POST", BOARD, BLIND, ids="case consent"),
    "cases:clock_done": Door("POST", BOARD, BLIND, ids="case clock"),
    "cases:clock_move": Door("GET POST", BOARD, BLIND, ids="case clock"),
    "teams:team": Door("GET POST", BOARD, BLIND, ids="case"),
    "teams:leave": Door("GET POST", BOARD, BLIND, ids="case member"),
    "teams:coordinator": Door("GET POST", BOARD, BLIND, ids="case"),
    "teams:invitation": Door("GET POST", SARA, NOT_SARA, ids="member"),
    "teams:decisions": Door("GET", READERS),
    "teams:decision_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "teams:decide": Door("GET POST", BOARD, BLIND, ids="decision"),
    "teams:unit": Door("GET", "maud"),
    "plans:my_day": Door("GET", READERS),
    "plans:person": Door("GET", BOARD, BLIND, ids="case"),
    "plans:plan": Door("GET POST", BOARD, BLIND, ids="case"),
    "plans:revise": Door("POST", "anna", BLIND, ids="case"),
    "plans:measure_new": Door("GET", "anna", BLIND, ids="case"),
    "plans:meeting_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "plans:insight": Door("GET", BOARD, BLIND, ids="case"),
    "plans:copies": Door("GET", BOARD, BLIND, ids="case"),
    "plans:version": Door("GET POST", BOARD, BLIND, ids="version"),
    "plans:goal_new": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:measure_add": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:section_request": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:agree": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:copy": Door("POST", BOARD, BLIND, ids="version recipient"),
    "plans:measure_status": Door("GET POST", "anna", BLIND, ids="measure"),
    "plans:measure_drop": Door("POST", "anna", BLIND, ids="measure"),
    "plans:goal_drop": Door("POST", "anna", BLIND, ids="goal"),
    "plans:meetings": Door("GET", READERS),
    "plans:call_answer": Door("POST", SARA, NOT_SARA, ids="call"),
    "plans:contributions": Door("GET", "anna leo sara mika cilla"),
    "plans:section": Door("GET POST", SARA, NOT_SARA, ids="section"),
    "demo:mailbox": Door("GET", NOBODY, ALL, public=True),  # outside the demo there is no such page
}


TEXTS = {"recipient": "nobody", "uid": "nobody", "token": "nothing"}  # parts of a URL that are no row's id


def keys_of(world, by, contributor):
    """One id of each kind in the case of ``by``, with ``contributor`` in its team, in a furnished world."""
    case = world.case if by == world.anna else world.elsewhere
    with acting(by):
        draft = PlanVersion.objects.filter(case=case).order_by("-number").first()
        found = {
            "case": case,
            "individual": world.just_added if by == world.anna else case.individual,
            "note": CaseNote.objects.filter(case=case, author=by).get(signed_at=None),
            "signed": CaseNote.objects.filter(case=case).exclude(signed_at=None).first(),
            "consent": Consent.objects.filter(case=case).order_by("-kind").first(),
            "clock": Clock.objects.get(case=case),
            "version": draft,
            "measure": Measure.objects.filter(version=draft).first(),
            "goal": Goal.objects.filter(version=draft).first(),
            "member": TeamMember.objects.get(case=case, membership=contributor),
            "call": MeetingCall.objects.get(case=case, membership=contributor),
            "section": Section.objects.get(case=case, writer=contributor),
            "decision": Decision.objects.filter(case=case).waiting().get(),
            "membership": world.leo if by == world.anna else world.per,
            "agreement": CooperationAgreement.objects.visible_to(by).order_by("other__kind").first(),
        }
        found = {kind: row.pk for kind, row in found.items()}
    return {**found, **TEXTS}
