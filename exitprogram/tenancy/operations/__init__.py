"""Every write about authorities, people and agreements."""

from exitprogram.tenancy.operations.agreements import (
    accept_agreement,
    decline_agreement,
    give_notice,
    propose_agreement,
    release_report,
)
from exitprogram.tenancy.operations.imports import read_in
from exitprogram.tenancy.operations.letterhead import save_letterhead
from exitprogram.tenancy.operations.mandates import end_mandate, give_mandate
from exitprogram.tenancy.operations.people import ROLES_OF, Upkeep, add_member, end_member, seat_administrator
from exitprogram.tenancy.operations.seen import see_as, stop_seeing
from exitprogram.tenancy.operations.units import add_unit, place_member, save_unit

__all__ = [
    "ROLES_OF", "Upkeep", "accept_agreement", "add_member", "add_unit", "decline_agreement", "end_mandate",
    "end_member", "give_mandate", "give_notice", "place_member", "propose_agreement", "read_in", "release_report",
    "save_letterhead", "save_unit", "seat_administrator", "see_as", "stop_seeing",
]  # fmt: skip
