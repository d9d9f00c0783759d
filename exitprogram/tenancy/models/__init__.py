"""Authorities (the tenants), the people who work for them, and the agreements between them."""

from exitprogram.tenancy.models.agreement import AgreementParty, CooperationAgreement
from exitprogram.tenancy.models.authority import Authority, DateRange, Municipality, PoliceRegion, Region
from exitprogram.tenancy.models.factors import CodeApp, Passkey, RecoveryCode
from exitprogram.tenancy.models.identity import IdentityLink, IdentityProvider
from exitprogram.tenancy.models.knocking import LinkRequest, WrongGuess
from exitprogram.tenancy.models.letterhead import Letterhead
from exitprogram.tenancy.models.mandate import Mandate
from exitprogram.tenancy.models.people import Membership, User, UserManager
from exitprogram.tenancy.models.resets import REST, FactorReset, is_resting
from exitprogram.tenancy.models.session import BrowserSession
from exitprogram.tenancy.models.submission import Submission
from exitprogram.tenancy.models.unit import Unit, UnitManager

__all__ = [
    "AgreementParty", "Authority", "BrowserSession", "CodeApp", "CooperationAgreement", "DateRange", "FactorReset",
    "IdentityLink", "IdentityProvider", "Letterhead", "LinkRequest", "Mandate", "Membership", "Municipality", "Passkey",
    "PoliceRegion", "REST", "RecoveryCode", "Region", "Submission", "Unit", "UnitManager", "User", "UserManager",
    "WrongGuess", "is_resting",
]  # fmt: skip
