"""The programme for children: who stands beside a child and what may be given to them, what the child has said, and the
way out of the programme."""

from children.models.bridge import Bridge, FileOpening
from children.models.chain import AfterCare, CaseLink, NextResponsible
from children.models.consultation import Consultation
from children.models.coordination import LawfulCoordination
from children.models.court import CourtMatter, CourtStep
from children.models.exploitation import Exploiter, OnlineSpread
from children.models.guardian import Custody, Guardian, GuardianAnswer, GuardianMark, PartyLimit
from children.models.investigation import Investigation
from children.models.placement import ChildVisit, HealthOffer, Placement, PlacementPlan, PlacementReview
from children.models.release import GuardianRelease
from children.models.report import ConcernReport, ProtectionAssessment, ProtectionStep
from children.models.voice import BestInterest, ChildVoice

__all__ = [
    "AfterCare", "BestInterest", "Bridge", "CaseLink", "ChildVisit", "ChildVoice", "ConcernReport",
    "Consultation", "CourtMatter", "CourtStep", "Custody", "Exploiter", "FileOpening", "Guardian",
    "GuardianAnswer", "GuardianMark", "GuardianRelease", "HealthOffer", "Investigation", "LawfulCoordination",
    "NextResponsible", "OnlineSpread", "PartyLimit", "Placement", "PlacementPlan", "PlacementReview",
    "ProtectionAssessment", "ProtectionStep",
]  # fmt: skip
