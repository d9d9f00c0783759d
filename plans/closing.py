"""What must be done before a case can be closed, and what its closing ends."""

from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases.clocks import CaseClock
from cases.models import AccessGrant, Clock, TransferRequest, UrgentStep
from children.chain import lacks_next
from exitprogram.page.templatetags.page import sv_day
from plans.clocks import PlanClock
from plans.models import CoordinatedPlan, Meeting, MeetingMinutes, PlanVersion, Section
from teams.models import CoordinatorAppointment, Decision, TeamMember

# What is watched over for the sake of the work in the case. The rest is somebody's right or a duty, and is done first.
ENDED_BY_CLOSING = (
    PlanClock.FOLLOW_UP, CaseClock.CONSENT_ENDS, CaseClock.PROTECTION_REVIEW, CaseClock.NOTE_FOLLOW_UP,
    CaseClock.OUTCOME, CaseClock.COMING_OF_AGE, CaseClock.AGE_UNKNOWN,
)  # fmt: skip
SAID_ELSEWHERE = (CaseClock.NOTE_DRAFT, CaseClock.TRANSFER)
DRAFTS = {"note": "anteckning", "assessment": "bedömning", "identification": "identifiering"}


@dataclass(frozen=True)
class Remains:
    text: str
    url: str = ""


def remaining(by, case):
    """Everything that hinders the closing, in the order in which it is mended, with where."""
    parts = (_next, _urgent, _drafts, _minutes, _answers, _transfers, _clocks)
    return [left for part in parts for left in part(by, case)]


def _next(by, case):
    """A child's case does not end without somebody who takes over."""
    if lacks_next(case):
        yield Remains("Nästa ansvariga", reverse("children:next", args=[case.pk]))


def _urgent(by, case):
    for step in UrgentStep.objects.visible_to(by).open().filter(case=case):
        yield Remains("Något som behöver göras nu", reverse("cases:urgent_handled", args=[case.pk, step.pk]))


def _drafts(by, case):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.unsigned_drafts(%s)", [case.pk])
        rows = cursor.fetchall()
    for kind, author, name, count in rows:
        whose = "din" if author == by.pk else f"av {name}"
        words = f"Osignerad {DRAFTS[kind]} {whose}" if whose != "din" else f"Din osignerade {DRAFTS[kind]}"
        yield Remains(f"{words} ({count} st)" if count > 1 else words,
                      reverse("cases:notes", args=[case.pk]) if kind == "note" else "")  # fmt: skip


def _minutes(by, case):
    """Of a closed case they could not be signed any more."""
    for row in MeetingMinutes.objects.visible_to(by).filter(case=case, signed_at=None).select_related("meeting"):
        day = sv_day(row.meeting.starts_at)
        yield Remains(f"Osignerat från mötet {day}", reverse("plans:meeting_minutes", args=[row.meeting_id]))


def _answers(by, case):
    for decision in Decision.objects.visible_to(by).waiting().filter(case=case):
        what = decision.get_kind_display()
        yield Remains(f"Beslut som inte är fattat: {what}", reverse("teams:decide", args=[decision.pk]))
    open_ones = Section.objects.visible_to(by).filter(case=case, version__plan__ended_on=None)
    open_ones = open_ones.filter(version__state__in=[PlanVersion.State.DRAFT, PlanVersion.State.OUT])
    for section in open_ones.exclude(state=Section.State.SIGNED).select_related("principal"):
        yield Remains(
            f"Begärt avsnitt som inte är signerat: {section.principal.name}",
            reverse("plans:version", args=[section.version_id]),
        )


def _transfers(by, case):
    if TransferRequest.objects.visible_to(by).under_way().filter(case=case).exists():
        yield Remains("En överflyttning som inte är klar", reverse("cases:transfer", args=[case.pk]))


def _clocks(by, case):
    clocks = Clock.objects.visible_to(by).open().filter(case=case)
    for clock in clocks.exclude(kind__in=(*ENDED_BY_CLOSING, *SAID_ELSEWHERE)):
        yield Remains(f"Bevakning: {clock.label}", reverse("plans:person", args=[case.pk]))


def ends(by, case):
    """Sentences that say what the closing does, before it is done."""
    today, now = timezone.localdate(), timezone.now()
    team = TeamMember.objects.visible_to(by).filter(case=case, state__in=["invited", "joined"]).count()
    if CoordinatedPlan.objects.visible_to(by).filter(case=case, ended_on=None).exists():
        yield "Planen avslutas. Det som är överenskommet finns kvar i akten."
    if team:
        yield f"Teamet upplöses ({team} {'person' if team == 1 else 'personer'}). De från andra ser inget mer."
    if CoordinatorAppointment.objects.visible_to(by).on_day(today).filter(case=case).exists():
        yield "Uppdraget som samordnare avslutas."
    if Meeting.objects.visible_to(by).filter(case=case, starts_at__gte=now, held=False, cancelled_at=None).exists():
        yield "Bokade möten ställs in, och de som är kallade får besked."
    kept = AccessGrant.objects.visible_to(by).on_day(today).filter(content_object=case, kind=AccessGrant.Kind.WORKER)
    names = ", ".join(sorted({grant.membership.user.name for grant in kept.select_related("membership__user")}))
    yield f"Ärendet kan sedan läsas av {names or 'handläggaren'} och den enhetschef som har det i dag."
    yield "Anteckningar om sådant som kommer fram senare får skrivas, och kopior får lämnas ut."
