"""The coordinated individual plan (samordnad individuell plan, SoL 10:8–9) and what is done with it."""

from plans.models.plan import (
    CoordinatedPlan,
    Goal,
    Measure,
    Meeting,
    MeetingCall,
    PlanVersion,
    Section,
    shared_with,
)

__all__ = [
    "CoordinatedPlan", "Goal", "Measure", "Meeting", "MeetingCall", "PlanVersion", "Section", "shared_with",
]  # fmt: skip
