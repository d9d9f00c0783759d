"""Every write about authorities, people and agreements."""

from exitprogram.tenancy.operations.agreements import (
    accept_agreement,
    decline_agreement,
    give_notice,
    propose_agreement,
    release_report,
)
from exitprogram.tenancy.operations.mandates import end_mandate, give_mandate
from exitprogram.tenancy.operations.people import ROLES_OF, Upkeep, add_member, end_member, seat_administrator

__all__ = [
    "ROLES_OF", "Upkeep", "accept_agreement", "add_member", "decline_agreement", "end_mandate", "end_member",
    "give_mandate", "give_notice", "propose_agreement", "release_report", "seat_administrator",
]  # fmt: skip
