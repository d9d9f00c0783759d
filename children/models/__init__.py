"""The programme for children: what is told of a child, and of the way out of the programme."""

from children.models.bridge import Bridge, FileOpening

__all__ = ["Bridge", "FileOpening"]
"""What the programme for children keeps about a child, beside the case."""

from children.models.guardian import Custody, Guardian, GuardianAnswer, GuardianMark, PartyLimit
from children.models.release import GuardianRelease
from children.models.voice import BestInterest, ChildVoice

__all__ = [
    "BestInterest", "ChildVoice", "Custody", "Guardian", "GuardianAnswer", "GuardianMark", "GuardianRelease",
    "PartyLimit",
]  # fmt: skip
