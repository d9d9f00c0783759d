from reporting.models.estimate import CostEstimate
from reporting.models.kept_costs import KeptCosts
from reporting.models.published import CellQuerySet, Publication, PublicationQuerySet, PublishedCell, boards_of
from reporting.models.question import FlowQuestion
from reporting.models.support import SupportRequest
from reporting.models.threshold import Threshold

__all__ = [
    "CellQuerySet", "CostEstimate", "FlowQuestion", "KeptCosts", "Publication", "PublicationQuerySet", "PublishedCell",
    "SupportRequest", "Threshold", "boards_of",
]  # fmt: skip
