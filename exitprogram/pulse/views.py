"""For those who watch the machinery: how it stands, and figures. Counts and ages only; asked for with a key of their
own (``EXIT_WATCH_KEY``), and without one there is no such page."""

import functools

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from exitprogram.pulse import counted
from exitprogram.pulse.rounds import standings
from exitprogram.tenancy.access import public


def watched(view):
    """``Authorization: Bearer <the key>``; anybody else is told that the page does not exist."""

    @functools.wraps(view)
    def inner(request):
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not settings.WATCH_KEY or not constant_time_compare(given, settings.WATCH_KEY):
            raise Http404
        return view(request)

    return inner


@require_GET
@public
@watched
def operation(request):
    """Do reminders go out? 503 when a round is late or has found faults. The web's own health is another page: what
    stands still elsewhere is no reason to take the web away from people."""
    lines = [f"{round.name}: {_said(round)}" for round in standings()]
    well = all(round.is_well for round in standings())
    return _text("\n".join([*lines, "ok" if well else "fel", ""]), status=200 if well else 503)


def _said(round):
    if round.age is None:
        return "har aldrig gjorts"
    said = f"för {round.age:.0f} s sedan"
    return f"{said}, {round.faults} fel" if round.faults else said


@require_GET
@public
@watched
def figures(request):
    """Prometheus' text format."""
    lines = []
    for round in standings():
        label = f'{{round="{round.name}"}}'
        age = "NaN" if round.age is None else f"{round.age:.3f}"
        lines += [f"exit_round_age_seconds{label} {age}", f"exit_round_faults{label} {round.faults}"]
        lines.append(f"exit_round_well{label} {int(round.is_well)}")
    lines += [f"exit_{name}_total {number}" for name, number in counted.totals()]
    for question in settings.GAUGES:
        with connection.cursor() as cursor:
            cursor.execute(question)
            lines += [f"exit_{name} {value:.15g}" for name, value in cursor.fetchall()]
    return _text("\n".join([*lines, ""]))


def _text(body, status=200):
    return HttpResponse(body, status=status, content_type="text/plain; version=0.0.4; charset=utf-8")
