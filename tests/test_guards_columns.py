"""Every column that can hold a text about somebody is declared here: sealed, or plain with why that harms nobody. A new
column fails until it has been thought about."""

from django.db import models

from exitprogram.crypto.fields import EncryptedText
from tests.oracle import WALLED

SEALED = {
    "cases.AccessGrant": "reason",
    "cases.Case": "closing_reason target_group target_text",
    "cases.CaseNote": "assessment fact source",
    "cases.Clock": "extension_ground",
    "cases.Consent": "not_covering",
    "cases.Disclosure": "recipient_text",
    "cases.Individual": "sealed_alias sealed_birth_date sealed_name",
    "cases.NoteAddition": "text",
    "cases.PersonIdentifier": "value",
    "cases.SafeContact": "channels code_word hours never_answer",
    "plans.CoordinatedPlan": "end_reason",
    "plans.Goal": "own_words wording",
    "plans.Measure": "other_name responsible_text title why_not",
    "plans.Meeting": "place purpose",
    "plans.PlanVersion": "current_situation frozen others_note own_part participation risk_plan strengths what_matters",
    "plans.Section": "question text",
    "teams.Decision": "hearing reasons what",
    "teams.TeamMember": "end_reason presented_as reason",
}
PLAIN = {
    "audit.AuditEvent.action": "a code word",
    "audit.AuditEvent.object_type": "a model's name",
    "audit.AuditEvent.ground": "a code word",
    "audit.AuditEvent.details": "ids, counts and code words; test_audit looks",
    "audit.AuditEvent.request_id": "random",
    "cases.Individual.name": "searched on; empty for the protected, says a database constraint",
    "cases.Individual.alias": "as name",
    "cases.Individual.search_key": "as name",
    "cases.Individual.language": "of an interpreter; says nothing without the name",
    "cases.PersonIdentifier.fingerprint": "keyed per authority",
    "cases.Case.number": "a serial number that names neither place nor programme",
    "cases.Disclosure.what": "a code word",
    "cases.Disclosure.recipient_kind": "a code word",
    "cases.Disclosure.ground": "a section of law",
    "cases.Disclosure.sha256": "of a file that nobody keeps in the clear",
    "cases.Clock.rule_id": "a code word",
    "plans.Measure.legal_anchor": "a section of law",
    "plans.PlanVersion.frozen_sha256": "of a long text; guards against change",
    "teams.Decision.number": "a serial number",
    "teams.DelegationRow.law": "a section of law",
    "teams.DelegationRow.number": "a serial number",
    "teams.DelegationScheme.minute": "a minute of the board's",
    "teams.TeamMember.function": "a function in a team, of somebody employed",
    "tenancy.CooperationAgreement.purpose": "between authorities; about nobody",
    "tenancy.Membership.title": "of somebody employed",
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
