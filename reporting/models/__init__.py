from reporting.models.question import FlowQuestion
from reporting.models.support import SupportRequest

__all__ = ["FlowQuestion", "SupportRequest"]
