"""Loggkontroll in words: which months there are, how far they have come, and what each reading of a sample says."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from cases.models import AccessGrant
from cases.reading import words_of
from exitprogram.page.templatetags.page import sv_day, sv_time
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams.escalated import asked
from teams.models import LogReview, LogSample

MONTHS = 3
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WHOLE = ("lämnade", "granskade", "hämtade")  # words that have their verb with them
WHY = {
    "no_link": "Hen var inte med i ärendet.",
    "same_name": "Hen heter som någon i ärendet.",
    "guarded": "Personen har skydd.",
    "night": "Det var kväll, natt eller helg.",
    "many": "Hen läste i många ärenden samma timme.",
}


def months_to_review(on):
    """First days of the last months that are over, the latest first."""
    months, first = [], on.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months


@dataclass(frozen=True)
class Month:
    """One manager's. ``review`` is None before it has been begun."""

    month: object
    review: object = None
    drawn: int = 0
    judged: int = 0
    signed_at: object = None
    is_owed: bool = False  # she led already then

    @property
    def is_late(self):
        return (
            self.is_owed
            and self.signed_at is None
            and timezone.localdate() > (self.month + timedelta(days=45)).replace(day=15)
        )


def coverage(by, *, on):
    """[(manager, [Month, …])] for each of the board's managers: counts and days, nothing of what was read."""
    found = {(row["reviewer_id"], row["month"]): row for row in asked("SELECT * FROM wall.log_coverage()")}
    leads = Membership.objects.filter(authority_id=by.authority_id, role=Role.UNIT_MANAGER).in_force(on=on)
    return [
        (one, [_month(month, found.get((one.pk, month)), one) for month in months_to_review(on)])
        for one in leads.select_related("user").order_by("user__name", "pk")
    ]


def _month(month, row, manager, review=None):
    owed = manager.starts_on <= month
    if row is None:
        return Month(month, is_owed=owed)
    return Month(month, review, row["drawn"], row["judged"], row["signed_at"], owed)


def own_months(by, *, on):
    """One's own of these, with the review where there is one."""
    found = {row["month"]: row for row in asked("SELECT * FROM wall.log_coverage()") if row["reviewer_id"] == by.pk}
    reviews = {review.month: review for review in LogReview.objects.mine(by)}
    return [_month(month, found.get(month), by, reviews.get(month)) for month in months_to_review(on)]


def unsigned(by, *, on):
    """The months that are left, the oldest first."""
    return [one for one in reversed(own_months(by, on=on)) if one.signed_at is None and (one.is_owed or one.review)]


def told(samples):
    """The samples with ``sentence`` and ``reasons``: plain words, the case by number, no name but the staff's."""
    samples = list(samples)
    with connection.cursor() as cursor:
        ids = [sample.pk for sample in samples]
        cursor.execute("SELECT sample_id, at, action, ground, number FROM wall.log_samples(%s::uuid[])", [ids])
        said = {row[0]: row[1:] for row in cursor.fetchall()}
    for sample in samples:
        sample.sentence = _sentence(sample.actor.user.name, *said[sample.pk]) if sample.pk in said else "Borttaget."
        sample.reasons = [WHY[code] for code in sample.why.split() if code in WHY]
        if "no_link" not in sample.why.split():
            sample.reasons.insert(0, _link(said.get(sample.pk)))
    return samples


def _sentence(name, at, action, _ground, number):
    what = words_of(action).removesuffix(" i ärendet")
    did = what if what.startswith(WHOLE) else f"läste {what}"
    day = WEEKDAYS[timezone.localtime(at).weekday()]
    where = f"i ärende {number}" if number else "i ett ärende"
    return f"{name} {did} {where}, {day} {sv_day(timezone.localdate(at))} kl. {sv_time(at)}."


def _link(said):
    ground = said[2] if said else ""
    if ground in AccessGrant.Kind:
        return f"Hen var med i ärendet: {AccessGrant.Kind(ground).label.lower()}."
    return "Hen var med i ärendet."


def reported(by):
    """What managers have reported, for those who administer: the sentence, the words and by whom."""
    rows = LogSample.objects.visible_to(by).select_related("actor__user", "review__reviewer__user")
    return told(rows.order_by("-review__signed_at", "place")[:20])
