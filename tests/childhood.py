"""Rows of the programme for children in two boards. Leo and Per may have children's cases and have none; the managers
were let into one and have then lost the permission."""

from cases import operations as cases
from cases.models import ChildWorker
from children import operations as children
from exitprogram.tenancy.acting import acting


def everything(world):
    world.child_worker("anna", "cilla")
    world.child_worker("leo", "per", "maud", "nora", qualified=False)
    world.child = world.child_case(name="Kanariebarnet Ek")
    world.child_elsewhere = world.child_case(world.cilla, name="Kanariebarnet Norr")
    _shut_out(world.anna, world.adam, world.child, world.maud)
    _shut_out(world.cilla, world.siv, world.child_elsewhere, world.nora)


def _shut_out(by, admin, case, manager):
    with acting(by):
        cases.grant_access(by=by, case=case, membership=manager, kind="named", reason="Kanarieskäl")
    with acting(admin):
        children.end_child_worker(by=admin, worker=ChildWorker.objects.get(membership=manager))
