"""Whoever has a case for a time opens it for nobody beyond that time."""

from datetime import timedelta

import pytest

from cases.models import AccessGrant
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from teams.operations import invite_member
from tests.world import today

SOON, LATER = today() + timedelta(days=3), today() + timedelta(days=4)


@pytest.mark.parametrize("ends_on, allowed", [(SOON, True), (LATER, False), (None, False)])
def test_a_colleague_for_three_days_invites_for_three_days(world, ends_on, allowed):
    world.join(world.leo, ends_on=SOON)
    with acting(world.leo):
        if allowed:
            invite(world, ends_on)
        else:
            with pytest.raises(Refused, match="till och med"):
                invite(world, ends_on)

    with acting(world.anna):
        given = AccessGrant.objects.filter(content_object=world.case, membership=world.maud)
        assert list(given.values_list("ends_on", flat=True)) == ([SOON] if allowed else [])


def test_the_case_worker_invites_for_as_long_as_she_likes(world):
    assert world.join(world.maud).ends_on is None


def invite(world, ends_on):
    return invite_member(
        by=world.leo, case=world.case, membership=world.maud, function="chef", reason="behövs", ends_on=ends_on
    )
