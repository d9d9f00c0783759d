from django.utils import timezone

from children import operations as children
from children.models import CourtMatter
from tests.acts import Act, without


def needed(world):
    return {"case": world.guarded, "kind": "victims_counsel", "happened_at": timezone.now(), "about": "Förhör."}


def confirmed(world):
    found = CourtMatter.objects.get(case=world.guarded)
    return {"case": world.guarded, "matter": found, "kind": "confirmed", "happened_at": timezone.now()}


NOBODY = without(plus=("maud", "tove"))
ACTS = [
    Act(children.open_court_matter, "anna", needed, NOBODY),
    Act(children.add_court_step, "anna", confirmed, NOBODY),
]
