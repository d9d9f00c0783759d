"""How people of the demonstration want to be told, and a key that soon goes out for an administrator to see."""

from datetime import time, timedelta
from functools import partial

from cases import operations as cases
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from exitprogram.tokens.operations import make_token

MADE, ENDS = 70, 20  # days ago, days to come


def steps(cast):
    for code in (row["code"] for row in texts.authorities() if row["kind"] == Authority.Kind.SOCIAL_BOARD):
        by = cast.administrator(code)
        yield cast.today - timedelta(days=MADE), partial(_key, by, cast.today + timedelta(days=ENDS))
        yield cast.today - timedelta(days=MADE - 1), partial(_choose, by)


def _key(by, expires_on):
    with acting(by):
        make_token(
            by=by, name="Verksamhetssystemet", scopes=["clocks:read"], networks=["192.0.2.0/24"], expires_on=expires_on
        )


def _choose(by):
    with acting(by):
        cases.save_delivery(by=by, channel="mail", quiet_from=time(20), quiet_to=time(7), danger_any_hour=True)
        cases.save_demand(by=by, danger_any_hour=True)
