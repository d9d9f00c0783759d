from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.roles import Role
from tests.acts import Act
from tests.world import today

NOT_ADMINISTRATORS = ("anna", "maud", "cilla", "sara", "mika", "rut")


def newcomer(world):
    return {"email": "ny@exempel.invalid", "name": "Ny Kollega", "role": Role.SOCIAL_WORKER}


def proposal(world):
    return {"other": world.partner, "ground": "other", "purpose": "Stöd", "programmes": ["adult"], "starts_on": today()}


ACTS = [
    Act(tenancy.add_member, "adam", newcomer, NOT_ADMINISTRATORS),
    Act(tenancy.end_member, "adam", lambda w: {"membership": w.leo, "ends_on": today()},
        (*NOT_ADMINISTRATORS, "siv", "ragnar")),
    Act(tenancy.propose_agreement, "adam", proposal, NOT_ADMINISTRATORS),
    Act(tenancy.accept_agreement, "ragnar", lambda w: {"agreement": w.offer},
        ("adam", "siv", "pia", "anna", "nils")),
]  # fmt: skip
