"""What those in the team have said to the ones who hold a case: cannot contribute, stands still, has left; and
that a colleague's cases have come to one."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from cases.models import Case, ConflictAnswer, Notice
from exitprogram.tenancy.prepared import prepared_rows
from plans.models import Measure, PlanVersion, Section
from teams.conflicts import questions
from teams.log_review import is_asked
from teams.models import CoordinatorAppointment, TeamMember

NEWS = timedelta(days=14)


def from_team(by):
    """{kind: rows} in the cases that ``by`` coordinates, or handles: until it has been seen to. Shown on a list of
    many cases, so with numbers and colleagues; what was said is read where it belongs."""
    return {
        "questions": questions(by), "asked_of_me": is_asked(by), "known": known(by), "handed": handed(by),
        "stuck": stuck(by), "declined": declined(by), "left": left(by),
    }  # fmt: skip


def _told(by, about):
    on = timezone.localdate()
    return Notice.objects.visible_to(by).filter(about=about, about_on__gte=on - NEWS)


def _hers(by):
    held = CoordinatorAppointment.objects.visible_to(by).on_day(timezone.localdate()).filter(membership_id=by.pk)
    cases = Case.objects.visible_to(by).filter(Q(worker_id=by.pk) | Q(pk__in=held.values("case_id"))).active()
    return {"case__in": cases}


@prepared_rows
def known(by):
    told = ConflictAnswer.objects.visible_to(by).filter(pk__in=_told(by, Notice.About.CONFLICT).values("subject_id"))
    return told.select_related("membership__user", "successor__user")


@prepared_rows
def handed(by):
    return _told(by, Notice.About.HANDOVER).order_by("-about_on", "pk")


@prepared_rows
def stuck(by):
    rows = Measure.objects.held_by(by).filter(
        **_hers(by), version__plan__ended_on=None, stuck_on__isnull=False, version__state=PlanVersion.State.AGREED
    )
    return rows.select_related("case", "responsible__membership__user").order_by("stuck_until", "pk")


@prepared_rows
def declined(by):
    rows = Section.objects.held_by(by).filter(
        **_hers(by), version__plan__ended_on=None, state=Section.State.DECLINED,
        version__state__in=[PlanVersion.State.DRAFT, PlanVersion.State.OUT],
    )  # fmt: skip
    return rows.select_related("case", "writer__user")


@prepared_rows
def left(by):
    told = _told(by, Notice.About.LEFT).values("subject_id")
    rows = TeamMember.objects.visible_to(by).filter(**_hers(by), pk__in=told)
    return rows.select_related("case", "membership__user")
