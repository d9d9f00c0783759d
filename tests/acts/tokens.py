from datetime import timedelta

from exitprogram.tokens import operations as tokens
from exitprogram.tokens.models import ApiToken
from tests.acts import Act
from tests.world import today


def mine(world):
    return ApiToken.objects.filter(membership=world.anna, revoked_at=None).first()


GIVEN = {"name": "Systemet", "scopes": ["cases:read"], "networks": ["192.0.2.1"]}
ACTS = [
    Act(tokens.make_token, "anna", lambda w: {**GIVEN, "expires_on": today() + timedelta(days=1)},
        ("sara", "nils", "mika")),
    Act(tokens.use_token, "anna", lambda w: {"token": mine(w)}, ()),
    Act(tokens.renew_token, "anna", lambda w: {
        "token": mine(w), "expires_on": today() + timedelta(days=9), "overlap_until": today()},
        ("leo", "maud", "adam", "cilla", "siv", "sara", "mika")),
    Act(tokens.revoke_token, "anna", lambda w: {"token": mine(w)}, ("leo", "maud", "cilla", "siv", "sara", "mika")),
]  # fmt: skip
