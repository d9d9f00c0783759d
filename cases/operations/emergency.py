from dataclasses import asdict, dataclass
from datetime import timedelta

from django.contrib.auth.models import Permission as DjangoPermission
from django.db import connection, transaction
from django.utils import timezone

from cases.access import can, may_review
from cases.clocks import CaseClock
from cases.days import review_day
from cases.escalation import steps_of
from cases.models import AccessGrant, Case, Clock, EmergencyAccess, Notice
from cases.names import case_number, identity_number
from cases.reminders import days_for
from exitprogram.audit.operations import record
from exitprogram.crypto.fingerprint import fingerprint
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission, require_role

NOT_FOUND = "Det går inte att öppna något ärende med det numret. Kontrollera siffrorna, eller ring den som har jour."


@dataclass(frozen=True)
class Attempt:
    """What came of it: the emergency, or a case that was open already, or why not. A refusal is an answer and no
    exception, so that the attempt stays in the log."""

    emergency: EmergencyAccess | None = None
    open_case_id: object = None
    why: str = ""


@transaction.atomic
def open_in_emergency(*, by, number, reason, reason_text):
    """Open a case of one's own authority for an hour. Only an exact case or identity number is taken. One that is
    wrong, another authority's or blocked gives the same answer. Raises Refused when no reason is written."""
    require_role(by, Permission.SEARCH_PERSON)
    if not reason_text.strip():
        raise Refused("Skriv varför det inte kan vänta.")
    used_up = _used_up(by)
    case_id, is_open = (None, False) if used_up else _found(by, number)
    outcome = "quota" if used_up else "open" if is_open else "found" if case_id else "not_found"
    record(by=by, action="emergency.tried", obj=None, outcome=outcome)
    if used_up or is_open or not case_id:
        return Attempt(open_case_id=case_id if is_open else None, why=used_up or NOT_FOUND)
    emergency = _begin(by, case_id, reason, reason_text)
    case = Case(pk=case_id, authority_id=by.authority_id)  # its ids; the row itself opens with the grant
    record(by=by, action="emergency.opened", obj=emergency, case=case, ground="emergency", reason=reason)
    _tell(by, case, emergency)
    return Attempt(emergency=emergency)


def _used_up(by):
    """Why no more today, or ''. Two at the same time are counted one after the other."""
    values = rule("access.emergency", on=timezone.localdate()).values
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"emergency {by.user_id}"])
        cursor.execute("SELECT * FROM wall.emergency_tries()")
        opened, missed = cursor.fetchone()
    if opened >= values["openings_a_day"]:
        return f"Du har använt nödåtkomst {opened} gånger i dag. Ring enhetschefen."
    if missed >= values["misses_a_day"]:
        return "Det har blivit för många försök i dag. Ring enhetschefen."
    return ""


def _found(by, number):
    """(id of the case, whether it is open to me), or (None, False)."""
    text, prints = case_number(number), []
    if not text:
        try:
            prints = [fingerprint(by.authority_id, identity_number(number)[0])]
        except Refused:
            return None, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.case_in_emergency(%s, %s::bytea[])", [text, prints])
        return cursor.fetchone() or (None, False)


def _begin(by, case_id, reason, reason_text):
    """The hour is the database's; a web server whose clock is ahead or behind can only make it shorter."""
    minutes = timedelta(minutes=rule("access.emergency", on=timezone.localdate()).values["minutes"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT least(%s, statement_timestamp())", [timezone.now()])
        started_at = cursor.fetchone()[0]
    emergency = EmergencyAccess(
        authority_id=by.authority_id, case_id=case_id, membership=by, user_id=by.user_id, reason=reason,
        reason_text=reason_text, started_at=started_at, until=started_at + minutes,
    )  # fmt: skip
    emergency.save(force_insert=True)
    AccessGrant(
        authority_id=by.authority_id, content_object=emergency.case_ref, membership=by, user_id=by.user_id,
        permission=DjangoPermission.objects.get(codename="open_case", content_type__app_label="cases"),
        kind=AccessGrant.Kind.EMERGENCY, reason=emergency.get_reason_display(), until=emergency.until,
        starts_on=timezone.localdate(started_at), ends_on=timezone.localdate(emergency.until), granted_by=by,
    ).save(force_insert=True)  # fmt: skip
    return emergency


def _tell(by, case, emergency):
    """At once those who lead, handle and coordinate; and the first of them is to have it reviewed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.told_of_emergency(%s)", [emergency.pk])
        told = [row[0] for row in cursor.fetchall()]
    today = timezone.localdate()
    Notice.objects.bulk_create(
        [
            Notice(
                authority_id=by.authority_id, about=Notice.About.EMERGENCY, subject_id=emergency.pk, recipient_id=who,
                recipient_authority_id=by.authority_id, about_on=today,
                urgency=Notice.Urgency.DANGER,
            )
            for who in told
        ]
    )  # fmt: skip
    days = days_for("access.emergency", authority_id=by.authority_id, on=today)
    Clock(
        authority_id=by.authority_id, case_id=case.pk, kind=CaseClock.EMERGENCY_REVIEW, rule_id="access.emergency",
        subject_id=emergency.pk, owner_id=told[0] if told else by.pk, warn_days=list(days.warn),
        due_on=review_day(today),
        **asdict(steps_of("access.emergency", on=today, escalate_days=days.escalate)),
    ).save(force_insert=True)  # fmt: skip
    record(by=by, action="emergency.told", obj=emergency, case=case, told=len(told))


@transaction.atomic
def end_emergency(*, by, emergency):
    """Before the hour is over: by the one who is in, or by somebody who holds the case."""
    emergency = EmergencyAccess.objects.visible_to(by).select_for_update(of=("self",)).get(pk=emergency.pk)
    case = emergency.case_ref
    if emergency.membership_id != by.pk and not can(by, Permission.READ_CASE, case):
        raise NotAllowed("Bara den som har nödåtkomsten, eller den som har ärendet, kan avsluta den.")
    emergency.ended_at = emergency.ended_at or max(timezone.now(), emergency.started_at)
    emergency.save(update_fields=["ended_at"])
    grants = AccessGrant.objects.filter(
        content_object_id=case.pk, membership_id=emergency.membership_id, kind=AccessGrant.Kind.EMERGENCY, ended_at=None
    )
    ended = grants.update(ended_at=emergency.ended_at)
    record(by=by, action="emergency.ended", obj=emergency, case=case, ended=ended)
    return emergency


@transaction.atomic
def view_emergency(*, by, emergency):
    """Write down that an emergency's reason and traces are read by the one who is to review it."""
    _require_reviewer(by, emergency)
    record(by=by, action="emergency.viewed", obj=emergency, case=emergency.case_ref, ground="review")


@transaction.atomic
def review_emergency(*, by, emergency, judgement, review_note):
    """Somebody else says what is to be thought of it, and signs. It ends the watch over it."""
    emergency = EmergencyAccess.objects.visible_to(by).select_for_update(of=("self",)).get(pk=emergency.pk)
    _require_reviewer(by, emergency)
    if emergency.reviewed_at:
        raise Stale(emergency, "Den är redan granskad.")
    if not review_note.strip():
        raise Refused("Skriv vad du har kommit fram till, och varför.")
    if emergency.over_at > timezone.now():
        raise Refused("Nödåtkomsten pågår. Granska när den är slut, eller avsluta den först.")
    emergency.reviewed_at, emergency.reviewed_by = timezone.now(), by
    emergency.judgement, emergency.review_note = judgement, review_note
    emergency.save(update_fields=["reviewed_at", "reviewed_by", "judgement", "review_note"])
    watch = Clock.objects.filter(kind=CaseClock.EMERGENCY_REVIEW, subject_id=emergency.pk, done_at=None)
    watch.update(done_at=emergency.reviewed_at, done_by=by)
    record(by=by, action="emergency.reviewed", obj=emergency, case=emergency.case_ref, judgement=judgement)
    return emergency


def _require_reviewer(by, emergency):
    require_role(by, Permission.SEARCH_PERSON)
    if not may_review(by, emergency):
        raise NotAllowed("Granskas av enhetschefen, och aldrig av den som själv använde nödåtkomsten.")
