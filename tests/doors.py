"""Every URL of the product, and who may come through it. A URL that is missing here fails a test.

``may`` are those who get a page or an effect; ``blind`` have a role that could, and get the same 404 as for an id that
does not exist; everybody else in ``PEOPLE`` gets 403 before any row is looked for.
"""

from dataclasses import dataclass

from cases.models import (
    AccessBlock,
    Assessment,
    AvoidPlace,
    CaseNote,
    Clock,
    Consent,
    Disclosure,
    DisposalList,
    Document,
    EmergencyAccess,
    Identification,
    Notice,
    OpenAccessContact,
    Permit,
    PersonIdentifier,
    Place,
    PlaceReader,
    PlaceReveal,
    ProtectionMark,
    RetentionMark,
    ReturnConsent,
    SecrecyException,
    SupportPeriod,
    UrgentStep,
)
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import CooperationAgreement
from plans.models import CatalogueMeasure, Goal, Measure, Meeting, MeetingCall, PlanVersion, Section
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
    "cases:emergency": Door("GET POST", READERS),
    "cases:emergency_hit": Door("GET POST", "anna maud leo", "cilla", ids="case"),
    "cases:emergency_end": Door("POST", "anna maud leo", "cilla", ids="emergency"),
    "cases:emergency_review": Door("GET POST", "maud", "anna leo cilla", ids="emergency"),
    "cases:blocks": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:block_lift": Door("GET POST", BOARD, BLIND, ids="case block"),
    "cases:search_results": Door("GET", READERS, ids="search"),
    "cases:person_add": Door("GET POST", READERS, ids="search"),
    "cases:person_urgent": Door("GET POST", READERS, ids="search"),
    "cases:case_open": Door("GET POST", "anna", "maud leo cilla", ids="individual"),
    "cases:person_edit": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:number_add": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:number_end": Door("GET POST", BOARD, BLIND, ids="case number"),
    "cases:duplicates": Door("GET", BOARD, BLIND, ids="case"),
    "cases:merge": Door("GET POST", "anna", "maud leo cilla", ids="case individual"),
    "cases:merge_undo": Door("GET POST", "anna leo", "maud cilla", ids="twin merge"),
    "cases:safe_contact": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:contact_confirm": Door("POST", BOARD, BLIND, ids="case"),
    "cases:protection": Door("GET", BOARD, BLIND, ids="case"),
    "cases:mark_review": Door("GET POST", "anna", "maud leo cilla", ids="protected mark"),
    "cases:places": Door("GET", BOARD, BLIND, ids="case"),
    "cases:place_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:place": Door("GET POST", BOARD, BLIND, ids="case place"),
    "cases:place_end": Door("GET POST", BOARD, BLIND, ids="case place"),
    "cases:place_reveal": Door("GET POST", "anna", "maud leo cilla", ids="case place"),
    "cases:place_shown": Door("GET", "anna", "maud leo cilla", ids="case reveal"),
    "cases:reader_end": Door("POST", BOARD, BLIND, ids="case reader"),
    "cases:intake": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:urgent_handled": Door("GET POST", BOARD, BLIND, ids="case step"),
    "cases:assessments": Door("GET", BOARD, BLIND, ids="case"),
    "cases:assessment_new": Door("GET", BOARD, BLIND, ids="case instrument"),
    "cases:assessment": Door("GET POST", BOARD, BLIND, ids="case assessment"),
    "cases:open_contacts": Door("GET", READERS),
    "cases:open_contact_new": Door("GET POST", READERS),
    "cases:open_figures": Door("GET", READERS),
    "cases:open_contact_search": Door("GET", READERS, ids="contact_way"),
    "cases:open_contact_case": Door("POST", "anna maud leo", "cilla", ids="contact"),
    "cases:open_contact_blank": Door("POST", "anna maud leo", "cilla", ids="contact"),
    "cases:beginning": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:notes": Door("GET", BOARD, BLIND, ids="case"),
    "cases:note_new": Door("GET", BOARD, BLIND, ids="case"),
    "cases:note": Door("GET POST", BOARD, BLIND, ids="case note"),
    "cases:note_discard": Door("POST", "anna", "maud leo cilla", ids="case note"),
    "cases:note_add": Door("GET POST", BOARD, BLIND, ids="case signed"),
    "cases:consents": Door("GET", BOARD, BLIND, ids="case"),
    "cases:consent_plan": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:consent_waiver": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:consent_withdraw": Door("GET POST", BOARD, BLIND, ids="case consent"),
    "cases:consent_renew": Door("GET POST", BOARD, BLIND, ids="case consent"),
    "cases:exception_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:exception_renew": Door("GET POST", BOARD, BLIND, ids="case exception"),
    "cases:exception_end": Door("GET POST", BOARD, BLIND, ids="case exception"),
    "cases:clock_done": Door("POST", BOARD, BLIND, ids="case clock"),
    "cases:clock_row": Door("GET", BOARD, BLIND, ids="case clock"),
    "cases:clock_undo": Door("POST", BOARD, BLIND, ids="case clock"),
    "cases:clock_move": Door("GET POST", BOARD, BLIND, ids="case clock"),
    "cases:clock_hand": Door("GET POST", BOARD, BLIND, ids="case clock"),
    "cases:identifications": Door("GET", BOARD, BLIND, ids="case"),
    "cases:identification_new": Door("GET", BOARD, BLIND, ids="case"),
    "cases:identification": Door("GET POST", BOARD, BLIND, ids="case identification"),
    "cases:support_periods": Door("GET", BOARD, BLIND, ids="case"),
    "cases:support_period_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:support_period_end": Door("GET POST", BOARD, BLIND, ids="case support_period"),
    "cases:avoid": Door("GET", BOARD, BLIND, ids="case"),
    "cases:avoid_place_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:avoid_place_end": Door("POST", BOARD, BLIND, ids="case avoid_place"),
    "cases:permits": Door("GET", BOARD, BLIND, ids="case"),
    "cases:permit_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:permit_decide": Door("GET POST", BOARD, BLIND, ids="case permit"),
    "cases:permit_revoke": Door("GET POST", BOARD, BLIND, ids="case permit"),
    "cases:interpreter": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:residence": Door("GET", BOARD, BLIND, ids="case"),
    "cases:residence_edit": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:return": Door("GET", BOARD, BLIND, ids="case"),
    "cases:return_edit": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:return_consent": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:return_withdraw": Door("GET POST", BOARD, BLIND, ids="case return_consent"),
    "cases:return_share": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:return_travel": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:return_stop": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:register": Door("GET", BOARD, BLIND, ids="case"),
    "cases:disclose": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:disclosure": Door("GET", BOARD, BLIND, ids="case disclosure"),
    "cases:disclosure_copy": Door("POST", BOARD, BLIND, ids="case disclosure"),
    "cases:disclosure_receipt": Door("GET POST", BOARD, BLIND, ids="case disclosure"),
    "cases:received": Door("GET", "anna maud leo sara mika cilla"),
    "cases:received_one": Door("GET POST", "mika", "anna maud leo sara cilla", ids="disclosure"),
    "cases:transfer": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:transfer_withdraw": Door("POST", "anna", "maud leo cilla", ids="moving transfer"),
    "cases:transfers": Door("GET", READERS),
    "cases:transfer_in": Door("GET POST", "cilla", "anna maud leo", ids="transfer"),
    "cases:transfer_give": Door("POST", "cilla", "anna maud leo", ids="transfer"),
    "cases:documents": Door("GET", BOARD, BLIND, ids="case"),
    "cases:document_new": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:document": Door("GET", BOARD, BLIND, ids="case document"),
    "cases:document_file": Door("GET", BOARD, BLIND, ids="case document"),
    "cases:document_rescan": Door("POST", BOARD, BLIND, ids="case document"),
    "cases:document_readers": Door("GET POST", BOARD, BLIND, ids="case document"),
    "cases:document_statement": Door("GET POST", BOARD, BLIND, ids="case document"),
    "cases:case_retention": Door("GET POST", BOARD, BLIND, ids="case"),
    "cases:mark_end": Door("GET POST", BOARD, BLIND, ids="case retention_mark"),
    "cases:retention": Door("GET", "maud adam siv"),
    "cases:disposal_prepare": Door("POST", "maud adam siv"),
    "cases:retention_hold": Door("GET POST", "maud adam", "siv", ids="closed"),
    "cases:disposal": Door("GET", "maud adam", "siv", ids="disposal"),
    "cases:disposal_sign": Door("POST", "maud adam", "siv", ids="disposal"),
    "cases:disposal_drop": Door("POST", "maud adam", "siv", ids="disposal"),
    "cases:disposal_carry_out": Door("POST", "maud adam", "siv", ids="disposal"),
    "plans:shared_document": Door("GET", SARA, NOT_SARA, ids="document"),
    "plans:close": Door("GET POST", BOARD, BLIND, ids="case"),
    "plans:end": Door("GET POST", "anna", BLIND, ids="case"),
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
    "plans:readings": Door("GET POST", BOARD, BLIND, ids="case"),
    "plans:copies": Door("GET", BOARD, BLIND, ids="case"),
    "plans:version": Door("GET POST", BOARD, BLIND, ids="version"),
    "plans:changes": Door("GET", BOARD, BLIND, ids="version"),
    "plans:follow_up": Door("GET POST", BOARD, BLIND, ids="case"),
    "plans:catalogue": Door("GET POST", "adam siv"),
    "plans:catalogue_withdraw": Door("POST", "adam", "siv", ids="catalogue"),
    "plans:goal_edit": Door("GET POST", "anna", BLIND, ids="goal"),
    "plans:measure_edit": Door("GET POST", "anna", BLIND, ids="measure"),
    "plans:goal_new": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:measure_add": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:section_request": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:agree": Door("GET POST", "anna", BLIND, ids="version"),
    "plans:copy": Door("POST", BOARD, BLIND, ids="version recipient"),
    "plans:bundle": Door("POST", BOARD, BLIND, ids="version recipient"),
    "plans:measure_status": Door("GET POST", "anna", BLIND, ids="measure"),
    "plans:measure_row": Door("GET", "anna", BLIND, ids="measure"),
    "plans:measure_tick": Door("POST", "anna", BLIND, ids="measure"),
    "plans:measure_untick": Door("POST", "anna", BLIND, ids="measure"),
    "plans:measure_move": Door("GET POST", "anna", BLIND, ids="measure"),
    "plans:measure_drop": Door("POST", "anna", BLIND, ids="measure"),
    "plans:goal_drop": Door("POST", "anna", BLIND, ids="goal"),
    "plans:meetings": Door("GET", READERS),
    "plans:meeting": Door("GET", BOARD, BLIND, ids="meeting"),
    "plans:meeting_prepare": Door("GET POST", BOARD, BLIND, ids="meeting"),
    "plans:meeting_minutes": Door("GET POST", BOARD, BLIND, ids="held"),
    "plans:meeting_measure": Door("POST", "anna", BLIND, ids="held"),
    "plans:meeting_move": Door("GET POST", BOARD, BLIND, ids="meeting"),
    "plans:meeting_cancel": Door("GET POST", BOARD, BLIND, ids="meeting"),
    "plans:meeting_calendar": Door("GET", "anna maud sara", "leo mika cilla", ids="meeting"),
    "plans:together": Door("GET", BOARD, BLIND, ids="case"),
    "plans:rest": Door("GET", ALL, public=True),
    "plans:call_answer": Door("GET POST", SARA, NOT_SARA, ids="call"),
    "plans:contributions": Door("GET", "anna leo sara mika cilla"),
    "plans:section": Door("GET POST", SARA, NOT_SARA, ids="section"),
    "plans:section_sign": Door("GET POST", SARA, NOT_SARA, ids="section"),
    "plans:section_decline": Door("GET POST", SARA, NOT_SARA, ids="section"),
    "plans:section_take_up": Door("POST", SARA, NOT_SARA, ids="section"),
    "plans:section_drop": Door("POST", "anna", BLIND, ids="section"),
    "plans:own_done": Door("POST", SARA, NOT_SARA, ids="own_measure"),
    "plans:own_ongoing": Door("POST", SARA, NOT_SARA, ids="own_measure"),
    "plans:own_moving": Door("POST", SARA, NOT_SARA, ids="own_measure"),
    "plans:own_stuck": Door("GET POST", SARA, NOT_SARA, ids="own_measure"),
    "plans:leave_own": Door("GET POST", SARA, NOT_SARA, ids="member"),
    "plans:onward": Door("GET", SARA, "anna maud leo adam mika cilla siv", ids="notice", signed_in=True),
    "demo:mailbox": Door("GET", NOBODY, ALL, public=True),  # outside the demo there is no such page
}


# Parts of a URL that are no row's id.
TEXTS = {
    "recipient": "nobody", "uid": "nobody", "token": "nothing", "instrument": "wellbeing", "contact_way": "outreach",
}  # fmt: skip


def keys_of(world, by, contributor):
    """One id of each kind in the case of ``by``, with ``contributor`` in its team, in a furnished world."""
    case = world.case if by == world.anna else world.elsewhere
    protected = world.protected if by == world.anna else world.protected_elsewhere
    _kept, twin, merge = world.twins if by == world.anna else world.twins_elsewhere
    with acting(by):
        draft = PlanVersion.objects.filter(case=case).order_by("-number").first()
        found = {
            "case": case,
            "emergency": EmergencyAccess.objects.visible_to(by).first(),
            "block": AccessBlock.objects.standing().get(case=case),
            "individual": world.just_added if by == world.anna else case.individual,
            "search": AuditEvent.objects.filter(membership=by, action="person.searched").first(),
            "number": PersonIdentifier.objects.get(individual=case.individual),
            "twin": twin,
            "merge": merge,
            "note": CaseNote.objects.filter(case=case, author=by).get(signed_at=None),
            "step": UrgentStep.objects.open().get(case=case),
            "assessment": Assessment.objects.filter(case=case).signed().get(),
            "contact": OpenAccessContact.objects.get(),
            "signed": CaseNote.objects.filter(case=case).exclude(signed_at=None).first(),
            "consent": Consent.objects.filter(case=case).order_by("-kind").first(),
            "exception": SecrecyException.objects.get(case=case),
            "clock": Clock.objects.filter(case=case).order_by("created_at").first(),
            "protected": protected,
            "mark": ProtectionMark.objects.open().get(individual=protected.individual_id),
            "place": Place.objects.get(case=case),
            "reader": PlaceReader.objects.get(case=case),
            "reveal": PlaceReveal.objects.get(case=case),
            "version": draft,
            "disclosure": Disclosure.objects.filter(case=case).exclude(receiver=None).first(),
            "moving": world.moving if by == world.anna else world.moving_elsewhere,
            "transfer": world.transfer if by == world.anna else world.transfer_elsewhere,
            "document": Document.objects.filter(case=case, open_to="case").get(),
            "retention_mark": RetentionMark.objects.get(case=case),
            "closed": world.closed if by == world.anna else world.closed_elsewhere,
            "measure": Measure.objects.filter(version=draft).first(),
            "goal": Goal.objects.filter(version=draft).first(),
            "own_measure": Measure.objects.get(case=case, responsible__membership=contributor, version__state="agreed"),
            "member": TeamMember.objects.get(case=case, membership=contributor),
            "call": MeetingCall.objects.get(case=case, membership=contributor),
            "meeting": Meeting.objects.filter(case=case).get(held=False),
            "held": Meeting.objects.filter(case=case).get(held=True),
            "section": Section.objects.get(case=case, writer=contributor),
            "decision": Decision.objects.filter(case=case).waiting().get(),
            "membership": world.leo if by == world.anna else world.per,
            "agreement": CooperationAgreement.objects.filter(authority_id=by.authority_id).earliest("created_at"),
        }
        found |= {
            "identification": Identification.objects.filter(case=case, author=by).get(signed_at=None),
            "support_period": SupportPeriod.objects.get(case=case),
            "avoid_place": AvoidPlace.objects.get(case=case),
            "permit": Permit.objects.filter(case=case).get(decided_on=None),
            "return_consent": ReturnConsent.objects.get(case=case),
        }
        with acting(contributor):
            found["notice"] = Notice.objects.visible_to(contributor).filter(about="section").first()
        with acting(world.adam if by == world.anna else world.siv):
            found["disposal"] = DisposalList.objects.first()
            found["catalogue"] = CatalogueMeasure.objects.get()
        found = {kind: row.pk for kind, row in found.items()}
    return {**found, **TEXTS}
