"""A child in each board about whom the board and the courts decide."""

from datetime import datetime, timedelta

from django.utils import timezone

from children import operations as children
from exitprogram.tenancy.acting import acting
from tests.world import today

COMMITTEE = {"body": "committee", "who": "Sociala utskottet"}


def on(day, hour=10, minute=0):
    return timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=hour, minute=minute)))


def matter(by, case, kind="custody", at=None, **more):
    given = {"happened_at": at or on(today() - timedelta(days=1)), "about": "Kanariebeslutet"}
    if kind in ("custody", "care", "contact", "shelter"):
        given |= COMMITTEE
    if kind in ("custody", "care"):
        given["ground"] = "home"
    with acting(by):
        return children.open_court_matter(by=by, case=case, kind=kind, **{**given, **more})


def step(by, matter, kind, at=None, **more):
    with acting(by):
        given = {"happened_at": at or on(today() - timedelta(days=1), 11), **more}
        return children.add_court_step(by=by, case=matter.case, matter=matter, kind=kind, **given)


def everything(world):
    for by, case in ((world.anna, world.guarded), (world.cilla, world.guarded_elsewhere)):
        going = matter(by, case)
        step(by, going, "submitted", who="Kanarierätten", reference="Kanariemålet", words="Kanariestegen")
