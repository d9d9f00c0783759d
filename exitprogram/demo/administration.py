"""What the demonstration's administrators have set: units with their managers, letterheads, own days of reminding."""

from datetime import timedelta
from functools import partial

from cases.operations import save_reminder_days
from exitprogram.audit.operations import record
from exitprogram.demo import texts
from exitprogram.demo.clock import workday
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.operations import add_unit, place_member, save_letterhead
from exitprogram.tenancy.roles import Role

APART = {"2183": "jonas_hedman"}  # works in a unit that nobody leads yet
AWAY = "helena_strom"
HOURS = "Vardagar 8–16"
LETTERHEADS = {
    "2183": ("821 80 Bollnäs", "Stadshustorget 2, Bollnäs", "0278-55 01 00", "social@bollnas.example"),
    "2182": ("826 80 Söderhamn", "Oxtorgsgatan 13, Söderhamn", "0270-55 01 00", "social@soderhamn.example"),
    "2184": ("824 80 Hudiksvall", "Trädgårdsgatan 4, Hudiksvall", "0650-55 01 00", "social@hudiksvall.example"),
}
APPEAL = "Behöver du hjälp att skriva, ring eller kom till oss. Det kostar inget."


def steps(cast):
    """``(day, act)`` for the clock, as the authorities came to be."""
    for row in texts.authorities():
        if row["kind"] == Authority.Kind.SOCIAL_BOARD:
            yield cast.start, partial(_letterhead, cast, row["code"], row["name"])
            yield cast.start, partial(_units, cast, row["code"])
    yield cast.start, partial(_reminders, cast)
    yield workday(cast.today - timedelta(days=4)), partial(_signed_in, cast)


def _signed_in(cast):
    """Everybody was at work last week; but one has not been for long, as the administrator's page says."""
    for (key, _role), member in cast.held.items():
        if key != AWAY:
            with acting(member):
                record(by=member, action="session.opened", obj=member)


def _letterhead(cast, code, name):
    by = cast.administrator(code)
    postal, visiting, telephone, email = LETTERHEADS[code]
    with acting(by):
        save_letterhead(
            by=by, name=name, postal=postal, visiting=visiting, telephone=telephone, email=email, hours=HOURS,
            appeal=APPEAL,
        )  # fmt: skip


def _units(cast, code):
    """The adults' unit with everybody in it, led by the board's manager."""
    by = cast.administrator(code)
    with acting(by):
        placed = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)
        staff = list(Membership.objects.filter(authority_id=by.authority_id, role__in=placed).order_by("pk"))
        apart = cast.social(APART[code]).pk if code in APART else None
        managers = [one for one in staff if one.role == Role.UNIT_MANAGER]
        adults = add_unit(by=by, name="Vuxenenheten", managers=managers)
        for one in staff:
            if one.pk != apart:
                place_member(by=by, membership=one, unit=adults)
        if apart:
            reception = add_unit(by=by, name="Mottagningen")
            place_member(by=by, membership=cast.social(APART[code]), unit=reception)


def _reminders(cast):
    by = cast.administrator("2183")
    with acting(by):
        save_reminder_days(by=by, rule_id="plan.follow_up", warn_days=[21, 7, 1], escalate_days=5)
