"""The team around one person, its coordinator, and decisions by delegation."""

from cases.models import CaseRef
from teams.models.board import BoardLine, BoardMeeting, UrgentDecision
from teams.models.caseload import CaseloadImport
from teams.models.coordinator import CoordinatorAppointment, Handover
from teams.models.decision import Decision
from teams.models.log_question import LogQuestion, LogReport
from teams.models.log_review import LogReview, LogSample
from teams.models.outside import OutsideMember
from teams.models.report import KeptReport
from teams.models.scheme import DELEGABLE, DecisionKind, DelegationRow, DelegationScheme
from teams.models.step import DecisionStep
from teams.models.team import TeamMember

__all__ = [
    "BoardLine", "BoardMeeting", "CaseRef", "CaseloadImport", "CoordinatorAppointment", "DELEGABLE", "Decision",
    "DecisionKind", "DecisionStep", "DelegationRow", "DelegationScheme", "Handover", "KeptReport",
    "LogQuestion", "LogReport", "LogReview", "LogSample", "OutsideMember", "TeamMember",
    "UrgentDecision",
]  # fmt: skip
