"""Who somebody with a raw connection may pretend to be. Every value here but the true ones is worth nothing."""

import os
import time
from datetime import timedelta

from exitprogram.tenancy.acting import EXPIRES_AFTER, Acting, signed
from tests.connections import connected
from tests.test_wall_context import identity, resigned, swapped
from tests.world import today

NOBODY = {
    "no context": lambda _true, _world: None,
    "an empty string": lambda _true, _world: "",
    "a guess": lambda _true, world: str(world.bollnas.pk),
    "a forged signature": lambda true, world: swapped(swapped(true(world.anna), 4, "system"), 7, "0" * 64),
    "expired": lambda true, world: true(world.anna, now=time.time() - EXPIRES_AFTER - 2),
    "another backend's": lambda true, world: swap_pid(world),
    "another's claims, own key": lambda true, world: resigned(true(world.anna).rsplit("|", 1)[0], os.urandom(32)),
    "another's claims, empty key": lambda true, world: resigned(true(world.anna).rsplit("|", 1)[0], b""),
    "own token, another's membership": lambda true, world: swapped(true(world.cilla), 2, world.anna.pk),
    "rightly signed, not her membership": lambda true, world: true(
        Acting(world.cilla.user_id, world.anna.pk, world.bollnas.pk)
    ),
    "an ended membership": lambda true, world: true(world.ended),
}
# True values of people, and of an upkeep, who have nothing to do with the rows of Bollnäs.
STRANGERS = {
    "a stranger's own": lambda true, world: true(world.cilla),
    "a stranger's, another authority claimed": lambda true, world: true(
        Acting(world.cilla.user_id, world.cilla.pk, world.bollnas.pk, "unit_manager")
    ),
    "another board's upkeep": lambda true, world: true(Acting(None, None, world.soderhamn.pk, "", system=True)),
    "signed in and no more": lambda true, world: true(Acting(world.cilla.user_id)),
}
CONTEXTS = {**NOBODY, **STRANGERS}


def swap_pid(world):
    """Signed by the server itself, for a connection that is not this one."""
    return signed(identity(world.anna), pid=1)


def value_of(name, link, world):
    def true(who, **more):
        who = who if isinstance(who, Acting) else identity(who)
        return signed(who, pid=link.info.backend_pid, **more)

    return CONTEXTS[name](true, world)


def somebody_has_left(world):
    """Leo's double at Bollnäs: a membership that ended yesterday, and was a manager's."""
    yesterday = today() - timedelta(days=1)
    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE tenancy_membership NO FORCE ROW LEVEL SECURITY")
        row = owner.execute(
            "INSERT INTO tenancy_membership SELECT (jsonb_populate_record(m, jsonb_build_object("
            "'id', gen_random_uuid(), 'starts_on', %s::date, 'ends_on', %s::date, 'role', 'unit_manager'))).*"
            " FROM tenancy_membership m WHERE id = %s RETURNING id, user_id, authority_id",
            [yesterday - timedelta(days=9), yesterday, world.leo.pk],
        ).fetchone()
        owner.execute("ALTER TABLE tenancy_membership FORCE ROW LEVEL SECURITY")
    return Acting(row[1], row[0], row[2], "unit_manager")
