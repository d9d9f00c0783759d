from cases.models import ChildWorker
from children import operations as children
from tests.acts import Act

# A colleague gives nobody anything, nor do those of the next board or a guest.
OTHERS = ("anna", "leo", "cilla", "sara", "mika", "rut", "siv")


def of_anna(world):
    return {"worker": ChildWorker.objects.get(membership=world.anna)}


ACTS = [
    Act(children.give_child_worker, "adam", lambda w: {"membership": w.maud, "qualified": False}, OTHERS),
    Act(children.end_child_worker, "adam", of_anna, OTHERS),
]
