"""One id of each kind that a URL may hold, in the furnished world."""

from cases.models import (
    AccessBlock,
    Assessment,
    AvoidPlace,
    Case,
    CaseNote,
    ChildWorker,
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
from children.models import (
    Bridge,
    CaseLink,
    Consultation,
    CourtMatter,
    Custody,
    Guardian,
    GuardianMark,
    GuardianRelease,
    LawfulCoordination,
    PartyLimit,
)
from exitprogram.audit.models import AuditEvent
from exitprogram.jobs.models import Job
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import CooperationAgreement, FactorReset, Mandate, Unit
from exitprogram.tokens.models import ApiToken
from plans.models import CatalogueMeasure, Goal, Measure, Meeting, MeetingCall, PlanVersion, Section
from teams.models import (
    BoardMeeting,
    CoordinatorAppointment,
    Decision,
    DelegationRow,
    DelegationScheme,
    KeptReport,
    OutsideMember,
    TeamMember,
)
from tests import caseloads, childhood, oversight, reviewing

# Parts of a URL that are no row's id.
TEXTS = {
    "watched": "plan.follow_up",
    "recipient": "nobody", "uid": "nobody", "link": "nothing", "part": "laget", "instrument": "wellbeing",
    "contact_way": "outreach", "provider": "siths", "session": "6f1f9a5e-0000-4000-8000-000000000000",
    "ground": "kl_9_37", "year": "2026", "quarter": "1",
    "step_word": "yttrande", "plan_kind": "care", "passkey": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip


def _own(childs):
    return Case.objects.get(pk=Bridge.objects.get(case=childs).adult_case_id)


def keys_of(world, by, contributor):
    """One id of each kind in the case of ``by``, with ``contributor`` in its team, in a furnished world."""
    case = world.case if by == world.anna else world.elsewhere
    protected = world.protected if by == world.anna else world.protected_elsewhere
    _kept, twin, merge = world.twins if by == world.anna else world.twins_elsewhere
    with acting(by):
        draft = PlanVersion.objects.filter(case=case).order_by("-number").first()
        found = {
            "case": case,
            "letter": Disclosure.objects.get(case=case, what="decision.letter"),
            "asked": world.asked if by == world.anna else world.asked_elsewhere,
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
            "late": Clock.objects.get(case=case, kind="note_follow_up"),
            "protected": protected,
            "mark": ProtectionMark.objects.open().get(individual=protected.individual_id),
            "place": Place.objects.get(case=case),
            "reader": PlaceReader.objects.get(case=case),
            "reveal": PlaceReveal.objects.get(case=case),
            "version": draft,
            "kept_copy": Disclosure.objects.get(case=case, what="plan.version"),
            "disclosure": Disclosure.objects.filter(case=case).exclude(receiver=None).first(),
            "moving": world.moving if by == world.anna else world.moving_elsewhere,
            "transfer": world.transfer if by == world.anna else world.transfer_elsewhere,
            "document": Document.objects.filter(case=case, open_to="case").earliest("created_at"),
            "retention_mark": RetentionMark.objects.get(case=case),
            "export": world.export if by == world.anna else world.export_elsewhere,
            "closed": world.closed if by == world.anna else world.closed_elsewhere,
            "measure": Measure.objects.filter(version=draft).first(),
            "goal": Goal.objects.filter(version=draft).first(),
            "own_measure": Measure.objects.get(case=case, responsible__membership=contributor, version__state="agreed"),
            "member": TeamMember.objects.get(case=case, membership=contributor),
            "outside": OutsideMember.objects.get(case=case),
            "call": MeetingCall.objects.get(case=case, membership=contributor),
            "meeting": Meeting.objects.filter(case=case).get(held=False),
            "held": Meeting.objects.filter(case=case).get(held=True),
            "section": Section.objects.filter(case=case, writer=contributor).earliest("created_at"),
            "decision": Decision.objects.filter(case=case).waiting().get(),
            "sent": Decision.objects.waiting().exclude(sent_to=by).get(case=protected),
            "cover": CoordinatorAppointment.objects.filter(case=case).get(kind="cover"),
            "decided": Decision.objects.filter(case=case).decided().get(),
            "membership": world.leo if by == world.anna else world.per,
            "mandate": Mandate.objects.filter(authority_id=by.authority_id).earliest("created_at"),
            "consultation": Consultation.objects.get(
                case=world.child if by == world.anna else world.child_elsewhere, done_on=None
            ),
            "case_link": CaseLink.objects.get(case=world.child if by == world.anna else world.child_elsewhere),
            "turning": world.turning if by == world.anna else world.turning_elsewhere,
            "grown_own": _own(world.grown if by == world.anna else world.grown_elsewhere),
            "child_worker": ChildWorker.objects.get(membership=by),
            "job": Job.objects.visible_to(by).first(),
            "token": ApiToken.objects.filter(membership=by).first(),
            "agreement": CooperationAgreement.objects.filter(authority_id=by.authority_id).earliest("created_at"),
        }
        found |= {
            "identification": Identification.objects.filter(case=case, author=by).get(signed_at=None),
            "support_period": SupportPeriod.objects.get(case=case),
            "avoid_place": AvoidPlace.objects.get(case=case),
            "permit": Permit.objects.filter(case=case).get(decided_on=None),
            "return_consent": ReturnConsent.objects.get(case=case),
        }
        guarded = world.guarded if by == world.anna else world.guarded_elsewhere
        found |= {
            "guarded": guarded,
            "matter": CourtMatter.objects.get(case=guarded),
            "guardian": Guardian.objects.filter(case=guarded, marks=None).first(),
            "custody": Custody.objects.filter(case=guarded).first(),
            "suspicion": GuardianMark.objects.get(case=guarded),
            "limit": PartyLimit.objects.get(case=guarded),
            "release": GuardianRelease.objects.get(case=guarded, kind="document"),
            "coordination": LawfulCoordination.objects.get(case=guarded),
            "proposal": Decision.objects.get(case=guarded),
        }
        found |= childhood.keys_of(world.child if by == world.anna else world.child_elsewhere)
        with acting(contributor):
            found["notice"] = Notice.objects.visible_to(contributor).filter(about="section").first()
        with acting(world.adam if by == world.anna else world.siv):
            found["disposal"] = DisposalList.objects.first()
            found["unit"] = Unit.objects.get()
            found["reset"] = FactorReset.objects.get(user=by.user_id)
            found["kept_report"] = KeptReport.objects.get()
            found["catalogue"] = CatalogueMeasure.objects.get()
            found["board_meeting"] = BoardMeeting.objects.get(closed_at=None)
            found["board_closed"] = BoardMeeting.objects.exclude(closed_at=None).get()
            found["scheme"] = DelegationScheme.objects.adopted().get()
            found["row"] = DelegationRow.objects.get(scheme__state="draft", kind="travel")
        found = {kind: row.pk for kind, row in found.items()}
    leader = world.maud if by == world.anna else world.nora
    found |= {**oversight.keys_of(world, by, case), **caseloads.keys_of(leader), **reviewing.keys_of(leader)}
    return {**found, **TEXTS, "publication": world.published}
