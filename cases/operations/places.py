"""Addresses and whereabouts: written down, ended, read by those named, and shown once for a reason."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cases.access import require
from cases.models import Case, Notice, Place, PlaceReader, PlaceReveal, PlaceText
from cases.operations.notices import notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Membership, is_resting
from exitprogram.tenancy.roles import Permission, Role

SHOWN_FOR = timedelta(seconds=60)
IN_AN_HOUR = 10  # showings by one person; more than that is somebody going through addresses
RESTING = "Adresser är stängda för dig i ett dygn efter att din inloggning gjordes om. Be en annan läsare."
NOT_A_READER = "Du är inte läsare av uppgiften. Fråga någon av dem som är det."


class TooMany(Refused):
    """So many showings in an hour that somebody else should know."""


@transaction.atomic
def add_place(*, by, case, kind, text, note="", starts_on=None, ends_on=None):
    """Write down a place. Whoever writes is its first reader, and names the others."""
    require(by, Permission.READ_CASE, case)
    if not text.strip():
        raise Refused("Skriv vad platsen är.")
    starts_on = starts_on or timezone.localdate()
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    own = {"authority_id": case.authority_id, "case": case}
    place = Place(**own, kind=kind, starts_on=starts_on, ends_on=ends_on, added_by=by)
    place.save(force_insert=True)
    PlaceReader(**own, place=place, membership=by, given_by=by, reason="Skrev in uppgiften.").save(force_insert=True)
    PlaceText(**own, place=place, text=text, note=note).save(force_insert=True)
    record(by=by, action="place.added", obj=place, case=case, kind=kind)
    return place


@transaction.atomic
def end_place(*, by, case, place, ends_on):
    """The person is not there after this day. The text stays with its readers."""
    require(by, Permission.READ_CASE, case)
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk, case=case)
    if ends_on < place.starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if place.ends_on and ends_on >= place.ends_on:
        raise Refused("Platsen har redan en sista dag. Den kan bara bli tidigare.")
    place.ends_on = ends_on
    place.save(update_fields=["ends_on"])
    record(by=by, action="place.ended", obj=place, case=case)
    return place


@transaction.atomic
def name_reader(*, by, case, place, membership, reason, ends_on=None):
    """Let one more read the place. By a reader, of somebody at the same authority who has the case already; by a unit
    manager who has it, when nobody who can read it is left; of somebody else than herself."""
    require(by, Permission.READ_CASE, case)
    place = Place.objects.select_for_update(of=("self",)).select_related("case").get(pk=place.pk, case=case)
    today = timezone.localdate()
    if not (_reads(by, place, today) or (by.role == Role.UNIT_MANAGER and not _readers_left(place, today))):
        raise NotAllowed(NOT_A_READER)
    if membership.user_id == by.user_id and not _reads(by, place, today):
        raise NotAllowed("Du kan inte utse dig själv. Utse en kollega som har ärendet.")
    if membership.authority_id != case.authority_id or not _has_case(membership, case, today):
        raise Refused("Bara den som har ärendet öppet kan bli läsare.")
    if not reason.strip():
        raise Refused("Skriv varför.")
    if ends_on and ends_on < today:
        raise Refused("Sista dagen har redan varit.")
    if PlaceReader.objects.on_day(today).filter(place=place, membership=membership).exists():
        raise Refused("Personen är redan läsare.")
    reader = PlaceReader(
        authority_id=case.authority_id, case=case, place=place, membership=membership, reason=reason, ends_on=ends_on,
        given_by=by,
    )  # fmt: skip
    reader.save(force_insert=True)
    record(by=by, action="place.reader_named", obj=place, case=case, who=str(membership.pk))
    return reader


@transaction.atomic
def end_reader(*, by, case, reader):
    """At once. By the reader, by another reader of the place, or by a unit manager who has the case."""
    require(by, Permission.READ_CASE, case)
    reader = PlaceReader.objects.select_for_update(of=("self",)).select_related("place").get(pk=reader.pk, case=case)
    own = reader.membership_id == by.pk or by.role == Role.UNIT_MANAGER
    if not (own or _reads(by, reader.place, timezone.localdate())):
        raise NotAllowed(NOT_A_READER)
    if reader.ended_at:
        raise Refused("Personen är inte längre läsare.")
    reader.ended_at, reader.ended_by = timezone.now(), by
    reader.save(update_fields=["ended_at", "ended_by"])
    record(by=by, action="place.reader_ended", obj=reader.place, case=case, who=str(reader.membership_id))
    return reader


@transaction.atomic
def reveal_place(*, by, case, place, reason, words):
    """Write down that the place is to be shown, and why; ``show_place`` then shows it once. Raises TooMany when this
    person has been shown too many in the last hour."""
    require(by, Permission.READ_CASE, case)
    if is_resting(by):
        raise NotAllowed(RESTING)
    place = Place.objects.get(pk=place.pk, case=case)
    if not _reads(by, place, timezone.localdate()):
        raise NotAllowed(NOT_A_READER)
    if not words.strip():
        raise Refused("Skriv med egna ord varför du behöver se uppgiften.")
    with connection.cursor() as cursor:  # two at the same time: the second counts the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reveals {by.pk}"])
    lately = PlaceReveal.objects.filter(membership=by, created_at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= IN_AN_HOUR:
        raise TooMany("Du har visat många platser den senaste timmen. Vänta en stund; din chef får veta att det hände.")
    reveal = PlaceReveal(
        authority_id=case.authority_id, case=case, place=place, membership=by, reason=reason, words=words
    )
    reveal.save(force_insert=True)
    record(by=by, action="place.revealed", obj=place, case=case, reason=reason)
    return reveal


@transaction.atomic
def show_place(*, by, case, reveal):
    """The text that a reveal was for: once, and within a minute of it."""
    require(by, Permission.READ_CASE, case)
    mine = PlaceReveal.objects.filter(membership=by, case=case)
    reveal = mine.select_for_update(of=("self",)).get(pk=reveal.pk)
    if reveal.shown_at or reveal.created_at < timezone.now() - SHOWN_FOR:
        raise Refused("Uppgiften är dold igen. Behöver du se den en gång till anger du skälet på nytt.")
    text = PlaceText.objects.visible_to(by).select_related("place").filter(place=reveal.place_id).first()
    if text is None:
        raise NotAllowed(NOT_A_READER)
    reveal.shown_at = timezone.now()
    reveal.save(update_fields=["shown_at"])
    record(by=by, action="place.shown", obj=text.place, case=case)
    return text


@transaction.atomic
def report_reveals(*, by, case):
    """So many showings in an hour that the unit's managers are told: who, not whose address. Also in the log that is
    about no case, which they read."""
    require(by, Permission.READ_CASE, case)
    managers = Membership.objects.in_force(on=timezone.localdate()).filter(
        authority_id=by.authority_id, role=Role.UNIT_MANAGER
    )
    for manager in managers.exclude(pk=by.pk):
        notify(by=by, case=case, about=Notice.About.REVEALS, subject_id=by.pk, membership=manager)
    record(by=by, action="place.reveals_stopped", obj=None, at_most=IN_AN_HOUR)


def _reads(by, place, on):
    return PlaceReader.objects.of(by, on=on).filter(place=place).exists()


def _readers_left(place, on):
    """Is there anybody who can still read it: named, working here, with the case open?"""
    named = PlaceReader.objects.on_day(on).filter(place=place).select_related("membership")
    return any(_has_case(reader.membership, place.case, on) for reader in named)


def _has_case(membership, case, on):
    """By more than an emergency, and at work today."""
    return membership.in_force(on=on) and Case.objects.held_by(membership).filter(pk=case.pk).exists()
