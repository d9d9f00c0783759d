from reporting.models.published import CellQuerySet, Publication, PublicationQuerySet, PublishedCell, boards_of
from reporting.models.question import FlowQuestion
from reporting.models.support import SupportRequest

__all__ = [
    "CellQuerySet", "FlowQuestion", "Publication", "PublicationQuerySet", "PublishedCell", "SupportRequest",
    "boards_of",
]  # fmt: skip
