"""Fill an empty installation with the demonstration, once and as a whole: one transaction, so that a broken run leaves
nothing behind. Inside it time runs forward, through everybody's stories together: case numbers, decision numbers and
the audit chains come in the order of the days."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from exitprogram.demo import board, choices, log_reviews, oversight, texts
from exitprogram.demo.cast import Cast, make_partners, mark_invented
from exitprogram.demo.clock import long_ago, tell
from exitprogram.demo.story import Story
from exitprogram.tenancy.models import User

ALLOWED_IN = ("demo", "test")


class NotHere(Exception):
    """The demonstration is not for this installation."""


def is_loaded():
    return User.objects.filter(email=texts.staff()[0]["email"]).exists()


def load():
    """True when the demonstration was made, False when it is there already. Raises NotHere."""
    if settings.EXIT_ENV not in ALLOWED_IN:
        raise NotHere("Demodata läggs bara upp när EXIT_ENV är demo eller test.")
    if is_loaded():
        return False
    make_partners()
    mark_invented()
    with long_ago(), transaction.atomic():
        cast = Cast(timezone.localdate())
        tell(cast.steps())
        stories = [Story(cast, programme, person) for programme, person in texts.people()]
        tell([*(step for story in stories for step in story.steps()), *board.steps(cast),
              *choices.steps(cast), *oversight.steps(cast), *log_reviews.steps(cast)])  # fmt: skip
    return True
