"""The person, the case and what an authority itself keeps about them."""

from cases.models.case import AccessGrant, Case, CaseSeries, OfCaseQuerySet
from cases.models.clock import Clock, Notice
from cases.models.consent import Consent
from cases.models.note import CaseNote, Disclosure, NoteAddition
from cases.models.person import Individual, PersonIdentifier, SafeContact

__all__ = [
    "AccessGrant", "Case", "CaseNote", "CaseSeries", "Clock", "Consent", "Disclosure", "Individual", "NoteAddition",
    "Notice", "OfCaseQuerySet", "PersonIdentifier", "SafeContact",
]  # fmt: skip
