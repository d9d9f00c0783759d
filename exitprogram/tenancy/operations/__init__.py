"""Every write about authorities, people and agreements."""

from exitprogram.tenancy.operations.agreements import (
    accept_agreement,
    decline_agreement,
    give_notice,
    propose_agreement,
    release_report,
)
from exitprogram.tenancy.operations.factors import (
    Herself,
    add_passkey,
    make_recovery_codes,
    refuse_copied_passkey,
    remove_app,
    remove_passkey,
    set_app,
)
from exitprogram.tenancy.operations.identity import link_identity, unlink_identity
from exitprogram.tenancy.operations.imports import read_in
from exitprogram.tenancy.operations.letterhead import save_letterhead
from exitprogram.tenancy.operations.mandates import end_mandate, give_mandate
from exitprogram.tenancy.operations.people import (
    ROLES_OF,
    Upkeep,
    add_member,
    end_all_roles,
    end_member,
    reopen_member,
    seat_administrator,
)
from exitprogram.tenancy.operations.resets import approve_factor_reset, ask_factor_reset, decline_factor_reset
from exitprogram.tenancy.operations.seen import see_as, stop_seeing
from exitprogram.tenancy.operations.sessions import end_own_sessions, end_session, end_sessions_of
from exitprogram.tenancy.operations.units import add_unit, place_member, save_unit

__all__ = [
    "ROLES_OF", "Herself", "Upkeep", "accept_agreement", "add_member", "add_passkey", "add_unit",
    "approve_factor_reset", "ask_factor_reset", "decline_agreement", "decline_factor_reset", "end_all_roles",
    "end_mandate", "end_member", "end_own_sessions", "end_session", "end_sessions_of", "give_mandate", "give_notice",
    "link_identity", "make_recovery_codes", "place_member", "propose_agreement", "read_in", "refuse_copied_passkey",
    "release_report", "remove_app", "remove_passkey", "reopen_member", "save_letterhead", "save_unit",
    "seat_administrator", "see_as", "set_app", "stop_seeing", "unlink_identity",
]  # fmt: skip
