"""Every column that can hold a text about somebody is declared here: sealed, or plain with why that harms nobody. A new
column fails until it has been thought about."""

from django.db import models

from exitprogram.crypto.fields import EncryptedText
from tests.oracle import WALLED

SEALED = {
    "jobs.Job": "why",
    "cases.Document": "received_from title",
    "cases.DocumentReader": "ground name",
    "cases.PersonKey": "sealed_key",
    "cases.RetentionMark": "end_reason reason",
    "cases.AccessBlock": "end_reason reason",
    "cases.AccessGrant": "reason",
    "cases.AssessedThreat": "ability knows last_contact relation who",
    "cases.Assessment": "own_words sealed_answers",
    "cases.Case": "target_group target_text",
    "cases.CaseNote": "assessment fact source",
    "cases.Clock": "extension_ground",
    "cases.Consent": "not_covering",
    "cases.Closure": "reason reopen_reason",
    "cases.ComingOfAge": "ground",
    "children.Bridge": "answer_words met_words why_absent",
    "children.FileOpening": "reason",
    "children.AfterCare": "result why",
    "children.ChildVisit": "why_not_alone words",
    "children.NextResponsible": "name reason",
    "children.Consultation": "agreed asked ground_why next_step next_who present result",
    "children.HealthOffer": "words",
    "children.Placement": "consent consulted end_reason",
    "children.PlacementPlan": "content",
    "children.PlacementReview": "words",
    "cases.DisclosedItem": "heading text",
    "cases.Disclosure": "handed_over reason recipient_text sender_text",
    "cases.Receipt": "said_by",
    "cases.TransferRequest": "answer_reason answer_text needed reason sender_text",
    "cases.AvoidPlace": "place why",
    "cases.Identification": "made_by made_by_text own_words signs standing told_language",
    "cases.InterpreterWishes": "dialect never voice wanted way",
    "cases.Permit": "applied_by ground kind outcome reasons",
    "cases.Residence": "acting acting_text home home_text paying paying_text source status stay_text",
    "cases.ReturnConsent": "covers language",
    "cases.ReturnPlan": "both_countries children contact_after destination meets money must_not_know risk stop_reason",
    "cases.ReturnShare": "reasons recipient recipient_text what",
    "cases.SupportPeriod": "contact paid step why_longer",
    "cases.EmergencyAccess": "reason_text review_note",
    "cases.Individual": "sealed_alias sealed_birth_date sealed_name",
    "cases.Intake": "contact_by done_at_once needs_text sealed_needs sealed_screening sealed_triage wished_by",
    "cases.NoteAddition": "text",
    "cases.OpenAccessContact": "text",
    "cases.PersonIdentifier": "value",
    "cases.PersonMerge": "reason undone_reason",
    "cases.PlaceReader": "reason",
    "cases.PlaceReveal": "words",
    "cases.PlaceText": "note text",
    "cases.SafeContact": "channels code_word hours never_answer",
    "cases.SecrecyException": "reason",
    "cases.UrgentStep": "how question",
    "children.BestInterest": "best others weight_why what",
    "children.ChildVoice": "about asked_by own_words present rule_why unheard_why",
    "children.CourtMatter": "about",
    "children.CourtStep": "reference who words",
    "children.Custody": "source",
    "children.Guardian": "may_be_sent name reached_by",
    "children.GuardianAnswer": "about words",
    "children.GuardianMark": "end_reason words",
    "children.GuardianRelease": "heading reason withdrawn_reason",
    "children.PartyLimit": "covers end_reason reason",
    "children.ConcernReport": "feedback_text meeting_text profession reached_by receiver_text reporter text",
    "children.Exploiter": "relation struck_why who",
    "children.Investigation": "conclusion not_told told",
    "children.OnlineSpread": "asked_whom place police_number why_not_police",
    "children.ProtectionAssessment": "child_said reasons tonight",
    "children.ProtectionStep": "done_by what",
    "plans.CoordinatedPlan": "end_reason",
    "plans.Goal": "own_words wording",
    "plans.FollowUp": "end_reason own_words sealed_experience summary",
    "plans.GoalAnswer": "person_words worker_words",
    "plans.Measure": "moved_why need other_name payer responsible_text stuck_why title why_not",
    "plans.Meeting": "place purpose",
    "plans.MeetingChange": "reason",
    "plans.MeetingMinutes": "text",
    "plans.MeetingPreparation": "comes leads must_not_come questions what_matters",
    "plans.PlanVersion": "current_situation frozen others_note own_part participation risk_plan strengths what_matters",
    "plans.Section": "declined_because question text",
    "teams.Decision": "hearing reasons sent_back took_part what",
    "teams.DecisionStep": "words",
    "teams.Handover": "reason",
    "teams.OutsideMember": "end_reason name organisation reached_by reason",
    "teams.TeamMember": "end_reason presented_as reason successor",
}
PLAIN = {
    "cases.CalendarFeed.digest": "of 256 random bits",
    "cases.DisposalCertificate.list_hash": "keyed, over ids and days that are gone",
    "cases.DisposalCertificate.record_class": "of which class the destroyed was; the same words every time",
    "cases.DisposalItem.rule_id": "a code word",
    "cases.DisposalList.list_hash": "keyed, over ids and days",
    "cases.Document.content_type": "of a fixed list",
    "cases.Document.fingerprint": "keyed per authority",
    "cases.Document.quarantine_key": "a file's key, sealed, while the file waits for the scanner",
    "cases.Document.stored_name": "random",
    "cases.KeptCopy.stored_name": "random",
    "cases.KeptCopy.wrapped_key": "a file's key, sealed under its person's",
    "cases.Document.wrapped_key": "a file's key, sealed under its person's",
    "audit.AuditEvent.action": "a code word",
    "audit.AuditEvent.object_type": "a model's name",
    "audit.AuditEvent.ground": "a code word",
    "audit.AuditEvent.details": "ids, counts and code words; test_audit looks",
    "audit.AuditEvent.request_id": "random",
    "cases.Individual.name": "searched on; empty for the protected, says a database constraint",
    "cases.Individual.alias": "as name",
    "cases.Individual.search_key": "as name",
    "cases.Individual.sound_key": "as name",
    "cases.Individual.language": "of an interpreter; says nothing without the name",
    "cases.PersonIdentifier.fingerprint": "keyed per authority",
    "cases.Case.number": "a serial number that names neither place nor programme",
    "cases.Assessment.instrument": "a code word",
    "cases.Assessment.instrument_version": "a number",
    "cases.Disclosure.what": "a code word",
    "jobs.Job.kind": "a code word",
    "cases.Disclosure.recipient_kind": "a code word",
    "cases.Disclosure.ground": "a section of law",
    "cases.Disclosure.ground_rule": "a code word",
    "cases.DisclosedItem.part": "a code word",
    "children.ChildVoice.rule_id": "a code word",
    "children.GuardianRelease.digest": "of words that are sealed; guards against change",
    "children.GuardianRelease.ground_rule": "a code word",
    "children.GuardianRelease.kind": "a code word",
    "children.GuardianRelease.part": "a code word",
    "children.PartyLimit.rule_id": "a code word",
    "cases.DisclosedItem.kind": "a code word",
    "cases.Disclosure.sha256": "of a file that nobody keeps in the clear",
    "cases.Clock.rule_id": "a code word",
    "cases.ReminderDays.rule_id": "a code word",
    "cases.SecrecyException.rule_id": "a code word",
    "plans.CatalogueMeasure.legal_anchor": "a section of law",
    "plans.CatalogueMeasure.title": "of a measure that is offered to everybody",
    "plans.Measure.catalogue_id": "a code word",
    "plans.Measure.legal_anchor": "a section of law",
    "plans.PlanVersion.frozen_sha256": "of a long text; guards against change",
    "teams.Decision.law": "a section of law",
    "teams.Decision.number": "a serial number",
    "teams.BoardLine.decided_by": "of somebody employed",
    "teams.BoardLine.law": "a section of law",
    "teams.BoardLine.number": "a serial number",
    "teams.BoardLine.row": "a serial number",
    "teams.BoardMeeting.minute": "a minute of the board's",
    "teams.DelegationRow.conditions": "of a kind of matter, from the board's own minutes",
    "teams.DelegationRow.law": "a section of law",
    "teams.DelegationRow.number": "a serial number",
    "teams.DelegationScheme.minute": "a minute of the board's",
    "teams.OutsideMember.function": "a function in a team",
    "teams.TeamMember.function": "a function in a team, of somebody employed",
    "tenancy.AgreementParty.does": "between authorities; about nobody",
    "tenancy.Letterhead.appeal": "of the board's own, to everybody",
    "tenancy.Letterhead.email": "of the board's own",
    "tenancy.Letterhead.hours": "of the board's own",
    "tenancy.Letterhead.name": "the board's",
    "tenancy.Letterhead.postal": "of the board's own",
    "tenancy.Letterhead.telephone": "of the board's own",
    "tenancy.Letterhead.visiting": "of the board's own",
    "tenancy.Unit.name": "of a unit of the board's",
    "teams.UrgentDecision.decided_by": "a member of the board, elected",
    "teams.UrgentDecision.law": "a section of law",
    "teams.UrgentDecision.reference": "a serial number",
    "tenancy.CooperationAgreement.purpose": "between authorities; about nobody",
    "tenancy.Membership.title": "of somebody employed",
    "tokens.ApiRequest.call_digest": "keyed; of a call and its key",
    "tokens.ApiRequest.key_digest": "keyed; of a call and its key",
    "tokens.ApiToken.digest": "of 256 random bits",
    "tokens.ApiToken.name": "what a connected system is called; about nobody",
    "tenancy.Submission.went_to": "an address with opaque ids",
}


def found(wanted):
    """{model: names of its columns for which ``wanted`` says yes}"""
    pairs = {label: [f.name for f in model._meta.concrete_fields if wanted(f)] for label, model in WALLED.items()}
    return {label: " ".join(sorted(names)) for label, names in pairs.items() if names}


def can_hold_a_text(field):
    """Words in a fixed list are codes; ids, days and numbers are not texts."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(field, kinds) and not field.choices and not isinstance(field, EncryptedText)


def test_what_is_sealed():
    assert found(lambda field: isinstance(field, EncryptedText)) == SEALED


def test_what_is_plain():
    plain = found(can_hold_a_text)
    assert {f"{label}.{name}" for label, names in plain.items() for name in names.split()} == set(PLAIN)
    assert all(len(why) > 5 for why in PLAIN.values())


def test_a_new_text_would_be_asked_about():
    assert can_hold_a_text(models.TextField()) and can_hold_a_text(models.CharField(max_length=5))
    assert not can_hold_a_text(models.CharField(max_length=5, choices=[("a", "b")]))
    assert not can_hold_a_text(models.UUIDField()) and not can_hold_a_text(EncryptedText())
