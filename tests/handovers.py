"""A caseload that has gone from one to another in each board, and a colleague who will cover."""

from datetime import timedelta

from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from tests.world import today


def everything(world):
    for admin, names, by in (
        (world.adam, ("Lars Flytt", "Lena Tar"), world.anna),
        (world.siv, ("Lisa Flytt", "Lova Tar"), world.cilla),
    ):
        leaving, successor = [world._member(admin, name, Role.SOCIAL_WORKER) for name in names]
        world.lars, world.lena = (leaving, successor) if admin == world.adam else (world.lars, world.lena)
        case = world.open_case(leaving, world.person(leaving, f"{names[0]} Klient"))
        with acting(leaving):
            teams.appoint_coordinator(by=leaving, case=case, membership=leaving)
        age(case)
        with acting(admin):
            teams.hand_over(by=admin, from_member=leaving, to_member=successor, reason="Kanariebytet")
        world.answers(successor, case)
        _asked(world, by, admin)
        later = today() + timedelta(days=20)
        with acting(by):
            teams.cover_absence(by=by, membership=successor, starts_on=later, ends_on=later + timedelta(days=5))


def _asked(world, by, admin):
    """A case opened to a colleague who has not answered whether she knows the person."""
    colleague = world.leo if admin == world.adam else world.per
    case = world.open_case(by, world.person(by, "Frida Frågad"))
    with acting(by):
        teams.appoint_coordinator(by=by, case=case, membership=by)
        teams.invite_member(by=by, case=case, membership=colleague, function="stöd", reason="Kanarieskäl")
    world.asked, world.asked_elsewhere = (case, None) if admin == world.adam else (world.asked, case)


def age(case, days=30):
    """Nobody designated today can be replaced today: as if it had been a month ago."""
    from tests.connections import connected

    with connected("owner", autocommit=True) as owner:
        owner.execute("ALTER TABLE teams_coordinatorappointment NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE teams_coordinatorappointment SET starts_on = starts_on - %s WHERE case_id = %s", [days, case.pk]
        )
        owner.execute("ALTER TABLE teams_coordinatorappointment FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")
