from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import ending
from cases.access import require
from cases.clocks import CaseClock
from cases.models import AvoidPlace, Identification, SupportPeriod
from cases.operations.clocks import finish_about, start_clock
from cases.residence import longest
from cases.signs import all_signs
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.law.rules import NoRule
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def save_identification(
    *, by, case, made_by, identified_on, signs, standing, own_words="", made_by_text="", told_on=None,
    told_language="", identification=None, identification_id=None, version=None,
):  # fmt: skip
    """Begin a draft (``identification_id`` chosen by the page) or save on in one's own; raises Stale or Refused."""
    require(by, Permission.WRITE_NOTE, case)
    if identified_on > timezone.localdate() or (told_on and told_on > timezone.localdate()):
        raise Refused("Dagen ligger i framtiden.")
    if identification is None:
        row = Identification(authority_id=case.authority_id, case=case, author=by, version=0)
        row.pk = identification_id or row.pk
    else:
        row = _own_draft(by, case, identification, version)
    row.made_by, row.made_by_text, row.identified_on = made_by, made_by_text, identified_on
    row.signs = "\n".join(sign for sign in all_signs() if sign in signs)
    row.own_words, row.standing, row.told_on, row.told_language = own_words, standing, told_on, told_language
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # the id is taken by a draft that is not this author's to see
        raise Refused("Det kunde inte sparas. Kopiera det du skrivit och börja om.")
    record(by=by, action="identification.saved", obj=row, case=case)
    return row


def _own_draft(by, case, row, version):
    row = Identification.objects.select_for_update(of=("self",)).get(pk=row.pk, case=case)
    if row.author_id != by.pk:
        raise NotAllowed("Bara den som skriver kan ändra i utkastet.")
    if row.signed_at:
        raise Refused("Den är signerad och låst. Skriv en ny.")
    if version is not None and row.version != version:
        raise Stale(row)
    return row


@transaction.atomic
def sign_identification(*, by, case, identification, version=None):
    """Lock it for ever. Told or not told, the signs or own words say on what it rests."""
    require(by, Permission.WRITE_NOTE, case)
    row = _own_draft(by, case, identification, version)
    if not (row.signs or row.own_words.strip()):
        raise Refused("Välj minst ett tecken eller skriv med egna ord vad det bygger på.")
    if row.told_on and not row.told_language.strip():
        raise Refused("Skriv på vilket språk personen fick veta.")
    row.signed_at = timezone.now()
    row.version += 1
    row.save(update_fields=["signed_at", "version"])
    record(by=by, action="identification.signed", obj=row, case=case)
    return row


@transaction.atomic
def add_support_period(*, by, case, step, starts_on, ends_on, contact="", paid="", why_longer=""):
    """A step in the national support programme. Longer than the terms of that day only with a reason."""
    require(by, Permission.WRITE_NOTE, case)
    if ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    try:
        last = longest(step, starts_on)
    except NoRule:
        raise Refused("Programmets villkor är inte inlagda för den dagen.")
    if last and ends_on > last and not why_longer.strip():
        raise Refused(
            f"Villkoren räcker till och med {last:%Y-%m-%d}. Skriv vem som har medgett längre tid, och varför."
        )
    row = SupportPeriod(
        authority_id=case.authority_id, case=case, step=step, starts_on=starts_on, ends_on=ends_on, contact=contact,
        paid=paid, why_longer=why_longer, recorded_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="support_period.added", obj=row, case=case)
    if ends_on >= timezone.localdate():
        start_clock(
            by=by, case=case, kind=CaseClock.SUPPORT_ENDS, rule_id=f"programme.{step}", subject_id=row.pk,
            owner=case.worker, due_on=ends_on,
        )  # fmt: skip
    return row


@transaction.atomic
def end_support_period(*, by, case, period, ended_on):
    """It ended earlier than planned."""
    require(by, Permission.WRITE_NOTE, case)
    row = SupportPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk, case=case)
    if row.ended_on:
        raise Refused("Perioden är redan avslutad.")
    if not row.starts_on <= ended_on <= min(row.ends_on, timezone.localdate()):
        raise Refused("Dagen ska ligga i perioden och får inte ligga i framtiden.")
    ending.require(case, row)
    row.ended_on = ended_on
    row.save(update_fields=["ended_on"])
    record(by=by, action="support_period.ended", obj=row, case=case)
    finish_about(by=by, case=case, kind=CaseClock.SUPPORT_ENDS, subject=row)
    return row


@transaction.atomic
def add_avoid_place(*, by, case, place, why):
    """A place where the person must not be met or sent."""
    require(by, Permission.WRITE_NOTE, case)
    if not (place.strip() and why.strip()):
        raise Refused("Skriv både platsen och varför den ska undvikas.")
    row = AvoidPlace(authority_id=case.authority_id, case=case, place=place, why=why, recorded_by=by)
    row.save(force_insert=True)
    record(by=by, action="avoid_place.added", obj=row, case=case)
    return row


@transaction.atomic
def end_avoid_place(*, by, case, place):
    """No longer to be minded. The row stays."""
    require(by, Permission.WRITE_NOTE, case)
    row = AvoidPlace.objects.select_for_update(of=("self",)).get(pk=place.pk, case=case)
    if row.ended_on:
        raise Refused("Platsen är redan struken.")
    row.ended_on = timezone.localdate()
    row.save(update_fields=["ended_on"])
    record(by=by, action="avoid_place.ended", obj=row, case=case)
    return row
