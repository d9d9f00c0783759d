"""Every view falls with a canary in every input: what our logs write of it, and what the page says."""

import io
import json
import logging
from contextlib import contextmanager, suppress
from importlib import import_module
from unittest.mock import patch

from django import forms
from django.conf import settings
from django.test import override_settings

from cases.notices import delivery
from exitprogram.tenancy.logs import formatter
from tests.canaries.sink import Control, Piece, sink
from tests.connections import logged_in_as
from tests.doors import DOORS
from tests.visits import Visit

FORM = "application/x-www-form-urlencoded"
CRASHES = "tests.canaries.logs.Crashing"
EVERY_FORM = ("cases", "teams", "children", "plans", "reporting", "exitprogram.tenancy", "exitprogram.tokens")


class Crashing:
    """Lets the view do its work, and falls after it with all that it was given in the fault's own words."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        given = f"{request.POST} {request.GET} {dict(request.headers)} {request.COOKIES} {request.path}"
        with suppress(Exception):
            view(request, *args, **kwargs)
        raise ValueError(given)


@contextmanager
def written():
    """Whatever anybody writes to a log, down to the smallest, as our formatter writes it; and as it would come out of a
    handler of the library's own."""
    kept, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(kept), root.level
    handler.setFormatter(formatter())
    names = ("django.request", "django.security", "django.db.backends", "celery", "weasyprint", "pikepdf")
    levels = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)


def inputs(stage):
    """One canary in every field that any form of the product has."""
    words = iter(stage.register.words)
    for room in EVERY_FORM:
        import_module(f"{room}.forms")
    fields = {name for form in _forms(forms.BaseForm) for name in getattr(form, "base_fields", {})}
    assert len(fields) > 100
    return {name: f"{next(words).title()}\r\nERROR falsk rad" for name in sorted(fields | {"q", "next"})}


def _forms(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from _forms(sub)


@sink("logs")
def logs(stage):
    """Each view (in the suite's share some), by both methods, in the hands of one who may."""
    given, person = inputs(stage), stage.foreign[0]
    headers = {"X-Forwarded-For": person.name, "User-Agent": person.name, "Referer": f"http://x/{person.alias}",
               "Accept-Language": person.name, "X-Request-Id": person.number}  # fmt: skip
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, CRASHES]), written() as log:
        falls, doors = 0, list(DOORS.items())[:: stage.every if stage.full else 4 * stage.every]
        for name, door in doors:
            visit = Visit(getattr(stage.world, (door.may or "anna").split()[0]))
            ids = [stage.keys[kind] for kind in door.ids.split()]
            for answer in (
                visit.get(name, *ids, data={"q": person.name, "next": f"/{person.alias}"}, headers=headers),
                visit.post(name, *ids, headers=headers, **given),
            ):
                falls += answer.status_code == 500
                yield Piece(f"page of {name}", answer.getvalue() if answer.status_code == 500 else b"")
    assert falls >= 2 * len(doors) - 10, falls
    lines = log.getvalue().splitlines()
    assert len(lines) > len(doors)
    for line in lines:
        yield Piece("log", line)
        json.loads(line)
    yield Control(*_through(stage, lambda log: log.error(f"Zqv: {person.name}".removeprefix("Zqv: "))))


def _through(stage, write):
    """One of our own sentences is written as it stands: a name in it would be seen."""
    with written() as log:
        write(logging.getLogger("cases.prov"))
    return log.getvalue(), stage.told(stage.foreign[0].name).pop()


@sink("worker's log")
def worker(stage):
    """A mail server that answers with the name of whom it refuses, and a database that quotes a key."""
    person = stage.foreign[0]
    for fault in (OSError(f"550 {person.name} <{person.alias}@exempel.invalid>"), ValueError(person.number)):
        with written() as log, logged_in_as("worker"), patch.object(delivery, "send_neutral", side_effect=fault):
            with suppress(Exception):
                delivery.send_some()
            logging.getLogger("celery.app.trace").error("Task %s raised: %s", "x", fault, exc_info=fault)
        yield Piece("log", log.getvalue())
    yield Control(*_through(stage, lambda log: log.warning(person.name)))


@sink("wrong calls")
def wrong(stage):
    """Addresses, hosts, methods and bodies that no view is asked about."""
    person = stage.foreign[0]
    visit = Visit(stage.world.anna)
    with written() as log:
        for answer in (
            visit.client.get(f"/finns-inte/{person.name}/?q={person.number}"),
            visit.client.get("/", headers={"Host": f"{person.alias}.invalid"}),
            visit.client.post("/sok/", data=f"q={person.name}&" + "x" * 3_000_000, content_type=FORM),
            visit.client.generic(person.alias.upper(), "/"),
            Visit().client.post("/logga-in/", {"username": "nagon@exempel.invalid", "password": person.name}),
            Visit(enforce_csrf_checks=True).client.post("/logga-in/", {"username": person.name}),
            visit.client.get("/api/cases/", headers={"Authorization": f"Bearer {person.name}"}),
        ):
            mirrored = {*stage.told(person.name, person.alias, person.number)}
            yield Piece(f"answer {answer.status_code}", answer.getvalue(), frozenset(mirrored))
    yield Piece("log", log.getvalue())
    yield Control(*_through(stage, lambda log: log.info(person.name)))
