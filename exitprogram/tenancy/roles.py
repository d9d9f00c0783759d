"""Roles are code: what each may do, readable by a manager, reviewed in a diff. Rows say who holds which, and when."""

from django.db import models

from exitprogram.errors import NotAllowed


class Permission(models.TextChoices):
    SEARCH_PERSON = "search_person", "söka person"
    CREATE_CASE = "create_case", "öppna ärende"
    READ_CASE = "read_case", "läsa ärenden man är med i"
    WRITE_NOTE = "write_note", "skriva anteckning"
    RECORD_CONSENT = "record_consent", "registrera samtycke"
    BUILD_TEAM = "build_team", "sätta samman team"
    APPOINT_COORDINATOR = "appoint_coordinator", "utse samordnare"
    HAND_OVER = "hand_over", "lämna över någons alla ärenden"
    EDIT_PLAN = "edit_plan", "skriva plan"
    AGREE_PLAN = "agree_plan", "fastställa plan"
    EXPORT_PLAN = "export_plan", "lämna ut plan"
    DISCLOSE = "disclose", "lämna ut ur akten"
    RECEIVE = "receive", "ta emot det som lämnas ut"
    TRANSFER_CASE = "transfer_case", "begära eller ta emot en överflyttning"
    CLOSE_CASE = "close_case", "avsluta ärende"
    PROPOSE_DECISION = "propose_decision", "starta beslut"
    DECIDE = "decide", "fatta beslut"
    CONTRIBUTE = "contribute", "skriva eget avsnitt"
    UNIT_OVERVIEW = "unit_overview", "se enhetens läge"
    REGION_OVERVIEW = "region_overview", "se regionens läge"
    ADMINISTER = "administer", "administrera"
    DISPOSE = "dispose", "gallra"
    KEEP_DOCUMENTS = "keep_documents", "lägga in handlingar"
    BOARD_LISTS = "board_lists", "göra nämndens listor"
    APPROVE_EXPORT = "approve_export", "godkänna en utlämning till arkiv"
    GIVE_CHILD_WORK = "give_child_work", "ge behörighet till barns ärenden"


class Role(models.TextChoices):
    SOCIAL_WORKER = "social_worker", "Socialsekreterare"
    UNIT_MANAGER = "unit_manager", "Enhetschef"
    REGIONAL_COORDINATOR = "regional_coordinator", "Regionkoordinator"
    HEALTHCARE = "healthcare", "Hälso- och sjukvården"
    PARTNER = "partner", "Samverkanspart"
    ADMINISTRATOR = "administrator", "Administratör"


P = Permission
GIVES = {
    Role.SOCIAL_WORKER: frozenset({
        P.SEARCH_PERSON, P.CREATE_CASE, P.READ_CASE, P.WRITE_NOTE, P.RECORD_CONSENT, P.BUILD_TEAM,
        P.APPOINT_COORDINATOR, P.EDIT_PLAN, P.AGREE_PLAN, P.EXPORT_PLAN, P.PROPOSE_DECISION, P.DECIDE, P.CONTRIBUTE,
        P.DISCLOSE, P.RECEIVE, P.TRANSFER_CASE, P.CLOSE_CASE, P.KEEP_DOCUMENTS,
    }),
    Role.UNIT_MANAGER: frozenset({
        P.SEARCH_PERSON, P.CREATE_CASE, P.READ_CASE, P.WRITE_NOTE, P.RECORD_CONSENT, P.BUILD_TEAM,
        P.APPOINT_COORDINATOR, P.EXPORT_PLAN, P.PROPOSE_DECISION, P.DECIDE, P.UNIT_OVERVIEW, P.DISPOSE, P.HAND_OVER,
        P.DISCLOSE, P.RECEIVE, P.TRANSFER_CASE, P.CLOSE_CASE, P.KEEP_DOCUMENTS, P.BOARD_LISTS, P.GIVE_CHILD_WORK,
        P.APPROVE_EXPORT,
    }),
    Role.REGIONAL_COORDINATOR: frozenset({P.REGION_OVERVIEW, P.CONTRIBUTE, P.RECEIVE}),
    Role.HEALTHCARE: frozenset({P.CONTRIBUTE, P.RECEIVE}),
    Role.PARTNER: frozenset({P.CONTRIBUTE, P.RECEIVE}),
    Role.ADMINISTRATOR: frozenset({
        P.ADMINISTER, P.DISPOSE, P.HAND_OVER, P.BOARD_LISTS, P.GIVE_CHILD_WORK, P.APPROVE_EXPORT,
    }),
}  # fmt: skip

# Roles whose holders another authority may call to a team (design.md §2: contributors, not case workers).
CALLABLE = (Role.HEALTHCARE, Role.PARTNER, Role.REGIONAL_COORDINATOR)


def may(by, permission):
    """Does the role give this at all? The case's own question is ``cases.access.can``."""
    return permission in GIVES.get(by.role, ())


def require_role(by, permission):
    if not may(by, permission):
        raise NotAllowed(f"Din roll ger inte rätt att {Permission(permission).label}.")
