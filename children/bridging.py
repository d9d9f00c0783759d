"""What the page of the bridge tells: the steps, what is done of them, and what is known of the day."""

from django.db import connection
from django.utils import timezone

from cases.majority import known_of, may_be_of_age
from cases.models import Consent
from children.models import Bridge
from exitprogram.page.templatetags.page import sv_day


def bridge_of(case):
    return Bridge.objects.filter(case=case).select_related(
        "receiver__user", "asked_by__user", "handed_by__user", "confirmed_by__user"
    ).first()  # fmt: skip


def days_left(case, *, on):
    """To the first day on which the person may be grown up; None when nothing is known of it."""
    known = known_of(case)
    return (known.earliest_on - on).days if known and known.earliest_on else None


def steps(case, bridge, *, on):
    """[{label, state, when}] of the five, the first one that is not done is now."""
    done = [
        ("Åldern", bool((known := known_of(case)) and known.earliest_on), ""),
        ("Personen frågas själv", bool(bridge and bridge.answer and bridge.answer != Bridge.Answer.LATER),
         sv_day(bridge.asked_on) if bridge and bridge.asked_on else ""),
        ("Eget ärende som vuxen", bool(bridge and bridge.adult_case_id), ""),
        ("Överlämning på ett möte", bool(bridge and bridge.handed_at),
         sv_day(bridge.met_on) if bridge and bridge.handed_at else ""),
        ("Bekräftad", bool(bridge and bridge.confirmed_at), ""),
    ]  # fmt: skip
    first = next((place for place, (_label, ready, _when) in enumerate(done) if not ready), len(done))
    return [
        {"label": label, "state": "done" if ready else "now" if place == first else "todo", "when": when}
        for place, (label, ready, when) in enumerate(done)
    ]


def ended_at_eighteen(case):
    """What a guardian had consented to and that has ended by itself, since the person may be of age."""
    if not may_be_of_age(case):
        return Consent.objects.none()
    return Consent.objects.filter(case=case, given_by=Consent.Giver.GUARDIAN, withdrawn_at=None)


def own_consent(adult_case):
    """The grown-up's own consent to her own plan."""
    return Consent.objects.to_plan().in_force(on=timezone.localdate()).filter(case=adult_case).first()


def childs_files(adult_case):
    """[{id, ask, is_open}]: that there is a child's file, and whom to ask; to one who holds the grown-up's case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, ask, is_open FROM wall.childs_file(%s)", [adult_case.pk])
        return [{"id": row[0], "ask": row[1], "is_open": row[2]} for row in cursor.fetchall()]
