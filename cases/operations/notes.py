from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.access import require, require_not_closed
from cases.clocks import CaseClock
from cases.days import signing_day
from cases.models import CaseNote, NoteAddition
from cases.operations.clocks import finish_about, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tenancy.prepared import prepared_rows
from exitprogram.tenancy.roles import Permission

WRITTEN = ("kind", "event_on", "source", "fact", "assessment", "follow_up_on")


@transaction.atomic
def save_note(
    *, by, case, kind, event_on, source, fact, assessment="", follow_up_on=None, note=None, note_id=None, version=None
):
    """Begin a draft (``note_id`` chosen by the page) or save on in one's own. Drafts are seen by their author only, and
    a clock says how long one has been unsigned; raises Stale on an old version."""
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    if event_on > timezone.localdate():
        raise Refused("Händelsedagen ligger i framtiden.")
    _require_day_ahead(by, case, follow_up_on)
    if note is None:
        note = CaseNote(authority_id=case.authority_id, case=case, author=by, version=0)
        note.pk = note_id or note.pk
        action = "note.begun"
    else:
        note, action = _own_draft(by, case, note, version), "note.saved"
    note.kind, note.event_on, note.source, note.fact, note.assessment = kind, event_on, source, fact, assessment
    note.follow_up_on = follow_up_on
    note.version += 1
    if action == "note.begun":
        _begin(note)
        _watch(by, case, note)
    else:
        note.save(update_fields=[*WRITTEN, "version"])
    record(by=by, action=action, obj=note, case=case)
    return note


def _begin(note):
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:  # the id is taken by a note that is not this author's to see
        raise Refused("Anteckningen kunde inte sparas. Kopiera det du skrivit och börja en ny.")


def _require_day_ahead(by, case, follow_up_on):
    """A day to come, set by somebody who will still have the case then."""
    if follow_up_on is not None:
        require(by, Permission.READ_CASE, case)
        require_not_closed(case)
        if follow_up_on < timezone.localdate():
            raise Refused("Dagen för att följa upp har redan varit. Välj en ny, eller ta bort den.")


def _watch(by, case, note):
    start_clock(
        by=by, case=case, kind=CaseClock.NOTE_DRAFT, rule_id="note.unsigned", subject_id=note.pk, owner=by,
        due_on=signing_day(timezone.localdate()),
    )  # fmt: skip


@prepared_rows
def _held_note(by, case, note):
    return CaseNote.objects.select_for_update(of=("self",)).filter(pk=note, case=case)


def _own_draft(by, case, note, version):
    found = _held_note(by, case.pk, note.pk)
    if not found:
        raise CaseNote.DoesNotExist
    note = found[0]
    if note.author_id != by.pk:
        raise NotAllowed("Bara den som skriver anteckningen kan ändra den.")
    if note.signed_at:
        raise Refused("Anteckningen är signerad och låst. Skriv en ny som rättar den.")
    if version is not None and note.version != version:
        raise Stale(note)
    return note


@transaction.atomic
def sign_note(*, by, case, note, version=None):
    """Lock the note for ever, here and in the database. A day to follow it up is watched from now."""
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    note = _own_draft(by, case, note, version)
    if not note.fact.strip():
        raise Refused("Skriv vad som hänt innan du signerar.")
    _require_day_ahead(by, case, note.follow_up_on)
    note.signed_at = timezone.now()
    note.version += 1
    note.save()
    finish_about(by=by, case=case, kind=CaseClock.NOTE_DRAFT, subject=note)
    if note.follow_up_on:
        start_clock(
            by=by, case=case, kind=CaseClock.NOTE_FOLLOW_UP, rule_id="note.follow_up", subject_id=note.pk, owner=by,
            due_on=note.follow_up_on,
        )  # fmt: skip
    record(by=by, action="note.signed", obj=note, case=case)
    return note


@transaction.atomic
def discard_note(*, by, case, note):
    """Throw away one's own draft while it is empty: begun by a slip of the hand, with nothing to keep. What has words
    is signed instead; the database says the same."""
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    note = _own_draft(by, case, note, None)
    if note.fact.strip() or note.assessment.strip():
        raise Refused("Utkastet har text och kan inte kastas. Signera det, eller töm det först om det var ett misstag.")
    note.fact = note.assessment = ""
    note.save(update_fields=["fact", "assessment"])
    gone = CaseNote(pk=note.pk, authority_id=note.authority_id)
    note.delete()
    finish_about(by=by, case=case, kind=CaseClock.NOTE_DRAFT, subject=gone)
    record(by=by, action="note.discarded", obj=gone, case=case)


@transaction.atomic
def add_to_note(*, by, case, note, kind, text):
    """A correction of a signed note, or the individual's objection to it (SoL 14:6). The note itself stays as it was;
    the addition is locked from the start."""
    require(by, Permission.WRITE_NOTE, case)
    note = CaseNote.objects.visible_to(by).get(pk=note.pk, case=case)  # not locked: only its author may lock it
    if note.signed_at is None:
        raise Refused("Anteckningen är ett utkast. Ändra i den i stället.")
    if not text.strip():
        raise Refused("Skriv vad som ska läggas till.")
    addition = NoteAddition(authority_id=case.authority_id, case=case, note=note, kind=kind, text=text, author=by)
    addition.save(force_insert=True)
    record(by=by, action=f"note.added.{kind}", obj=addition, case=case)
    return addition
