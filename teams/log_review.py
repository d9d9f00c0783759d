"""Loggkontroll in words: which months there are, how far they have come, and what each reading of a sample says."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from cases.models import AccessGrant
from cases.reading import words_of
from exitprogram.page.templatetags.page import sv_day, sv_time
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams.escalated import asked
from teams.models import LogQuestion, LogReport, LogReview

MONTHS = 3
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WHOLE = ("lämnade", "granskade", "hämtade")  # words that have their verb with them
OWN = (("sitt eget", "ditt eget"), ("sina egna", "dina egna"), ("sin kalender", "din kalender"))
WHY = {
    "no_link": "Hen var inte med i ärendet.",
    "knows": "Hen har sagt att hen känner personen, eller är spärrad i ärendet.",
    "same_name": "Hen heter som någon i ärendet.",
    "guarded": "Personen har skydd.",
    "night": "Det var kväll, natt, helg eller helgdag.",
    "many": "Hen läste i många ärenden samma timme.",
    "often": "Hen läste i ärendet flera dagar utan att vara med i det.",
    "sought": "Hen sökte fram personen flera gånger.",
    "guest": "Hen arbetar hos en annan myndighet.",
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
        cursor.execute("SELECT sample_id, at, action, ground, number, name FROM wall.log_samples(%s::uuid[])", [ids])
        said = {row[0]: row[1:] for row in cursor.fetchall()}
    for sample in samples:
        sample.sentence = _sentence(*said[sample.pk]) if sample.pk in said else "Borttaget."
        sample.reasons = [WHY[code] for code in sample.why.split() if code in WHY]
        if "no_link" not in sample.why.split():
            sample.reasons.insert(0, _link(said.get(sample.pk)))
    return samples


def _sentence(at, action, _ground, number, name):
    return f"{name} {_did(action, number)}, {_day(at)} kl. {sv_time(at)}."


def _did(action, number):
    what = words_of(action).removesuffix(" i ärendet")
    did = what if what.startswith(WHOLE) else f"läste {what}"
    return f"{did} i ärende {number}" if number else f"{did} i ett ärende"


def _day(at):
    return f"{WEEKDAYS[timezone.localtime(at).weekday()]} {sv_day(timezone.localdate(at))}"


def _link(said):
    ground = said[2] if said else ""
    if ground in AccessGrant.Kind:
        return f"Hen var med i ärendet: {AccessGrant.Kind(ground).label.lower()}."
    return "Hen var med i ärendet."


def asked_of(by):
    """The questions about one's own readings, each with ``sentence``: what one read and on which day, nothing else."""
    rows = list(LogQuestion.objects.asked_of(by).select_related("authority").order_by("-created_at", "pk")[:50])
    with connection.cursor() as cursor:
        cursor.execute("SELECT question_id, at, action, number FROM wall.my_asked_readings()")
        said = {row[0]: row[1:] for row in cursor.fetchall()}
    for row in rows:
        row.sentence = _own_sentence(*said[row.pk]) if row.pk in said else "Du läste i ett ärende."
    return rows


def _own_sentence(at, action, number):
    did = _did(action, number)
    for hers, yours in OWN:
        did = did.replace(hers, yours)
    return f"Du {did}, {_day(at)}."


def is_asked(by):
    """How many questions about one's own readings wait for an answer."""
    return LogQuestion.objects.asked_of(by).filter(answered_at=None, settled_at=None).count()


def follow_ups(by):
    """(questions, reports) of those whom ``by`` reviews: the open ones first, each with its sample's sentence."""
    questions = list(LogQuestion.objects.reviewed_by(by).select_related("sample").order_by(
        F("settled_at").desc(nulls_first=True), "-created_at", "pk")[:50])  # fmt: skip
    reports = list(LogReport.objects.visible_to(by).select_related("sample", "closed_by__user").order_by(
        F("closed_at").desc(nulls_first=True), "-created_at", "pk")[:50])  # fmt: skip
    told([row.sample for row in (*questions, *reports)])
    return questions, reports


def to_see_to(by):
    """(answers to judge, questions unanswered, reports to close): for those who lead."""
    asked_by_her = LogQuestion.objects.reviewed_by(by).filter(settled_at=None)
    return {
        "answers": asked_by_her.exclude(answered_at=None).count(),
        "unanswered": asked_by_her.filter(answered_at=None).count(),
        "reports": LogReport.objects.visible_to(by).filter(closed_at=None).count(),
    }  # fmt: skip


def report_counts():
    """For those who administer: how many reports wait and since when. Not of whom, and not what of."""
    return next(iter(asked("SELECT * FROM wall.log_report_counts()")), None)


def unreviewed(by):
    """Names of those whose readings nobody would go through."""
    return [row["name"] for row in asked("SELECT * FROM wall.unreviewed_staff()")]
