"""The programme for children: who stands beside a child and what may be given to them, what the child has said, and the
way out of the programme."""

from children.models.bridge import Bridge, FileOpening
from children.models.guardian import Custody, Guardian, GuardianAnswer, GuardianMark, PartyLimit
from children.models.release import GuardianRelease
from children.models.voice import BestInterest, ChildVoice

__all__ = [
    "BestInterest", "Bridge", "ChildVoice", "Custody", "FileOpening", "Guardian", "GuardianAnswer", "GuardianMark",
    "GuardianRelease", "PartyLimit",
]  # fmt: skip
