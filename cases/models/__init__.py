"""The person, the case and what an authority itself keeps about them."""

from cases.models.archive import ArchiveExport
from cases.models.assessment import AssessedThreat, Assessment
from cases.models.block import AccessBlock, closed_cases
from cases.models.case import AccessGrant, Case, CaseRef, CaseSeries, OfCaseQuerySet
from cases.models.child_worker import ChildWorker
from cases.models.choice import DeliveryChoice, DeliveryDemand
from cases.models.clock import Clock
from cases.models.closure import Closure
from cases.models.conflict import ConflictAnswer
from cases.models.consent import Consent
from cases.models.disclosure import DisclosedItem, Disclosure, KeptCopy, Receipt
from cases.models.document import Document, DocumentReader, PersonKey
from cases.models.emergency import EmergencyAccess
from cases.models.feed import CalendarFeed
from cases.models.intake import Intake, UrgentStep
from cases.models.majority import ComingOfAge
from cases.models.merge import PersonMerge
from cases.models.note import CaseNote, NoteAddition
from cases.models.notice import Notice
from cases.models.outreach import OpenAccessContact
from cases.models.person import Individual, PersonIdentifier, SafeContact
from cases.models.place import Place, PlaceReader, PlaceReveal, PlaceText
from cases.models.protection import ProtectionMark
from cases.models.reminder import ReminderDays
from cases.models.residence import InterpreterWishes, Permit, Residence
from cases.models.retention import DisposalCertificate, DisposalItem, DisposalList, RetentionMark
from cases.models.returning import ReturnConsent, ReturnPlan, ReturnShare
from cases.models.secrecy import SecrecyException
from cases.models.seen import Acknowledgement
from cases.models.trafficking import AvoidPlace, Identification, SupportPeriod
from cases.models.transfer import TransferRequest

__all__ = [
    "AccessBlock", "AccessGrant", "Acknowledgement", "ArchiveExport", "AssessedThreat", "Assessment", "AvoidPlace",
    "CalendarFeed", "Case", "CaseNote", "CaseRef", "CaseSeries", "ChildWorker", "Clock", "Closure", "ComingOfAge",
    "ConflictAnswer", "Consent", "DeliveryChoice", "DeliveryDemand", "DisclosedItem", "Disclosure",
    "DisposalCertificate", "DisposalItem", "DisposalList", "Document", "DocumentReader", "EmergencyAccess",
    "Identification", "Individual", "Intake", "InterpreterWishes", "KeptCopy", "NoteAddition", "Notice",
    "OfCaseQuerySet", "OpenAccessContact", "Permit", "PersonIdentifier", "PersonKey", "PersonMerge", "Place",
    "PlaceReader", "PlaceReveal", "PlaceText", "ProtectionMark", "Receipt", "ReminderDays", "Residence",
    "RetentionMark", "ReturnConsent", "ReturnPlan", "ReturnShare", "SafeContact", "SecrecyException", "SupportPeriod",
    "TransferRequest", "UrgentStep", "closed_cases",
]  # fmt: skip
