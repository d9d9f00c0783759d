"""What the person's own page reads of the plan and the people around it: each one statement, written by the ORM once
(``prepared_rows``). ``case`` and ``version`` are ids."""

from django.utils import timezone

from cases.models import CaseNote, Clock, Consent
from exitprogram.tenancy.prepared import prepared_rows
from plans.models import Goal, Measure, Meeting, PlanVersion, Section
from teams.models import CoordinatorAppointment, TeamMember


@prepared_rows
def versions(by, case):
    return PlanVersion.objects.visible_to(by).filter(case_id=case, plan__ended_on=None).order_by("-number")


@prepared_rows
def consents(by, case):
    rows = Consent.objects.visible_to(by).in_force(on=timezone.localdate()).filter(case_id=case)
    return rows.select_related("recipient")


@prepared_rows
def clocks(by, case):
    return Clock.objects.visible_to(by).open().filter(case_id=case)


@prepared_rows
def unsigned(by, version):
    rows = Section.objects.visible_to(by).filter(version_id=version).exclude(state__in=["signed", "declined"])
    return rows.select_related("principal")


@prepared_rows
def goals(by, version):
    return Goal.objects.visible_to(by).filter(version_id=version)


@prepared_rows
def measures(by, version):
    return Measure.objects.visible_to(by).filter(version_id=version)


@prepared_rows
def team(by, case):
    rows = TeamMember.objects.visible_to(by).filter(case_id=case, state__in=["invited", "joined"])
    return rows.select_related("membership__user", "member_authority")


@prepared_rows
def appointments(by, case):
    rows = CoordinatorAppointment.objects.visible_to(by).on_day(timezone.localdate()).filter(case_id=case)
    return rows.select_related("membership__user")


@prepared_rows
def last_note(by, case):
    return CaseNote.objects.visible_to(by).filter(case_id=case).exclude(signed_at=None)[:1]


@prepared_rows
def meetings(by, case):
    return Meeting.objects.visible_to(by).ahead(at=timezone.now()).filter(case_id=case)[:3]
