"""Authorities (the tenants), the people who work for them, and the agreements between them."""

from exitprogram.tenancy.models.agreement import AgreementParty, CooperationAgreement
from exitprogram.tenancy.models.authority import Authority, DateRange, Municipality, PoliceRegion, Region
from exitprogram.tenancy.models.letterhead import Letterhead
from exitprogram.tenancy.models.mandate import Mandate
from exitprogram.tenancy.models.people import Membership, User, UserManager
from exitprogram.tenancy.models.submission import Submission
from exitprogram.tenancy.models.unit import Unit, UnitManager

__all__ = [
    "AgreementParty", "Authority", "CooperationAgreement", "DateRange", "Letterhead", "Mandate", "Membership",
    "Municipality", "PoliceRegion", "Region", "Submission", "Unit", "UnitManager", "User", "UserManager",
]  # fmt: skip
