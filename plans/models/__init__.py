"""The coordinated individual plan (samordnad individuell plan, SoL 10:8–9) and what is done with it."""

from plans.models.catalogue import CatalogueMeasure
from plans.models.follow_up import FollowUp, GoalAnswer
from plans.models.meeting import Meeting, MeetingCall, MeetingChange, MeetingMinutes, MeetingPreparation
from plans.models.plan import CoordinatedPlan, Goal, Measure, PlanVersion, Section, shared_with

__all__ = [
    "CatalogueMeasure", "CoordinatedPlan", "FollowUp", "Goal", "GoalAnswer", "Measure", "Meeting", "MeetingCall",
    "MeetingChange", "MeetingMinutes", "MeetingPreparation", "PlanVersion", "Section", "shared_with",
]  # fmt: skip
