from datetime import timedelta

from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models import FactorReset, Membership, Passkey
from exitprogram.tenancy.roles import Role
from tests import agreements
from tests.acts import Act
from tests.signins import set_app
from tests.world import today

NOT_ANOTHER = ("adam", "anna", "leo", "cilla", "sara", "mika", "siv", "nora")
NOT_ADMINISTRATORS = ("anna", "maud", "cilla", "sara", "mika", "rut")


def newcomer(world):
    return {"email": "ny@exempel.invalid", "name": "Ny Kollega", "role": Role.SOCIAL_WORKER}


def mandate(world):
    return {"employer": world.ljusdal, "kinds": ["travel"], "role": "unit_manager", "starts_on": today()}


def waiting(world):
    """Adam has asked, about Anna."""
    return {"reset": FactorReset.objects.get(user=world.anna.user_id)}


def two_factors(world):
    """Anna's passkey, and an app beside it: one of them may go."""
    set_app(world.anna.user, b"tjugo byte hemligt h")
    with acting_as_user(world.anna.user):
        return Passkey.objects.create(user=world.anna.user, name="a", credential_id=b"akt", credential=b"a")


def leaver(world):
    """Leo, who was to be a manager soon."""
    Membership.objects.create(
        authority=world.bollnas, user=world.leo.user, role=Role.UNIT_MANAGER, starts_on=today() + timedelta(days=2)
    )
    return {"membership": world.leo}


def proposal(world):
    more = {"purpose": "Stöd", "programmes": ["child"], "starts_on": today()}
    return {"others": [world.partner], "ground": "other", **more}


ACTS = [
    Act(tenancy.add_member, "adam", newcomer, NOT_ADMINISTRATORS),
    Act(tenancy.end_member, "adam", lambda w: {"membership": w.leo, "ends_on": today()},
        (*NOT_ADMINISTRATORS, "siv", "ragnar")),
    Act(tenancy.end_all_roles, "adam", leaver, (*NOT_ADMINISTRATORS, "siv", "ragnar")),
    Act(tenancy.propose_agreement, "adam", proposal, NOT_ADMINISTRATORS),
    Act(tenancy.accept_agreement, "ragnar", lambda w: {"agreement": w.offer},
        ("adam", "siv", "pia", "anna", "nils")),
    Act(tenancy.decline_agreement, "ragnar", lambda w: {"agreement": w.offer}, ("siv", "pia", "anna", "nils")),
    Act(tenancy.decline_agreement, "adam", lambda w: {"agreement": w.offer}, ("siv", "pia", "anna", "nils")),
    Act(tenancy.give_notice, "adam", lambda w: {"agreement": w.agreement, "leaves_on": today() + timedelta(days=100)},
        (*NOT_ADMINISTRATORS, "siv", "pia")),
    Act(tenancy.give_mandate, "siv", lambda w: {**mandate(w), "agreement": w.together},
        (*NOT_ADMINISTRATORS, "pia", "adam")),
    Act(tenancy.end_mandate, "siv", lambda w: {"mandate": w.mandate, "ends_on": today()},
        (*NOT_ADMINISTRATORS, "pia", "ragnar")),
    Act(tenancy.end_session, "anna", lambda w: {"session_id": w.case.pk}, ()),
    Act(tenancy.end_own_sessions, "sara", lambda w: {}, ()),
    Act(tenancy.end_sessions_of, "adam", lambda w: {"membership": w.leo}, (*NOT_ADMINISTRATORS, "siv", "ragnar")),
    Act(tenancy.reopen_member, "adam", lambda w: {"membership": w.leo}, (*NOT_ADMINISTRATORS, "siv", "ragnar")),
    Act(tenancy.add_passkey, "anna", lambda w: {"name": "Min", "credential_id": b"ny", "credential": b"ny"}, ()),
    Act(tenancy.set_app, "anna", lambda w: {"secret": b"tjugo byte hemligt h"}, ()),
    Act(tenancy.make_recovery_codes, "sara", lambda w: {}, ()),
    Act(tenancy.remove_passkey, "anna", lambda w: {"passkey_id": two_factors(w).pk}, ()),
    Act(tenancy.remove_app, "anna", lambda w: {} if two_factors(w) else {}, ()),
    Act(tenancy.refuse_copied_passkey, "anna", lambda w: {}, ()),
    Act(tenancy.ask_factor_reset, "adam", lambda w: {"membership": w.leo, "how": "met"}, (*NOT_ADMINISTRATORS, "siv")),
    Act(tenancy.approve_factor_reset, "maud", waiting, NOT_ANOTHER),
    Act(tenancy.decline_factor_reset, "maud", waiting, NOT_ANOTHER),
    Act(tenancy.release_report, "adam", lambda w: {"year": today().year}, NOT_ADMINISTRATORS),
]  # fmt: skip


def more(world):
    """A mandate that Söderhamn has given beside those that stand in the agreement."""
    world.mandate = agreements.given(world.siv, world.together, world.ljusdal, role=Role.SOCIAL_WORKER)
