"""The marks that protect a person: since when, and by which day each is looked at again."""

from types import SimpleNamespace
from uuid import uuid5

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.models import Clock, Individual, ProtectionMark, SafeContact
from cases.operations.clocks import finish_about, start_clock
from cases.protection import RULE, next_review
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def keep_marks(*, by, person, case=None):
    """After a person's card was saved or a case opened: a mark for each way in which she is protected, none else, and
    a clock on each in ``case``. Done in the same transaction, by whoever saved the card."""
    today, wanted = timezone.localdate(), set(person.protected_by)
    there = {mark.kind: mark for mark in ProtectionMark.objects.open().filter(individual=person)}
    for kind in sorted(there.keys() - wanted):
        _end(by, case, there[kind])
    for kind in sorted(wanted - there.keys()):
        _begin(by, case, person, kind, today, next_review(kind, on=today))
    if case is not None:
        _watch(by, case, person)


@transaction.atomic
def review_mark(*, by, case, mark, since_on, review_on):
    """Looked at again and found to stand: it goes on, until the next day of looking. Raises Refused or Stale."""
    require(by, Permission.READ_CASE, case)
    Individual.objects.select_for_update(of=("self",)).get(pk=case.individual_id)
    mark = ProtectionMark.objects.get(pk=mark.pk, individual_id=case.individual_id)
    if mark.ended_at:
        raise Stale(mark)
    if since_on > timezone.localdate():
        raise Refused("Skyddet kan inte ha börjat en dag som inte har varit.")
    if review_on <= timezone.localdate():
        raise Refused("Nästa kontroll måste ligga framåt i tiden.")
    _end(by, case, mark)
    renewed = _begin(by, case, case.individual, mark.kind, since_on, review_on)
    _watch(by, case, case.individual)
    return renewed


@transaction.atomic
def confirm_safe_contact(*, by, case, version):
    """The card has been asked about and still holds. ``version`` is what was on the screen; raises Stale."""
    require(by, Permission.READ_CASE, case)
    card = SafeContact.objects.select_for_update(of=("self",)).filter(individual_id=case.individual_id).first()
    if card is None:
        raise Refused("Det finns inget kort om säker kontakt än.")
    if card.version != version:
        raise Stale(card, "Kortet har ändrats sedan du öppnade sidan. Läs det en gång till.")
    card.verified_on = timezone.localdate()
    card.save(update_fields=["verified_on"])
    record(by=by, action="person.safe_contact_confirmed", obj=card, case=case)
    return card


def _begin(by, case, person, kind, since_on, review_on):
    mark = ProtectionMark(
        authority_id=by.authority_id, individual=person, kind=kind, since_on=since_on, review_on=review_on, noted_by=by
    )
    mark.save(force_insert=True)
    record(by=by, action="person.mark_noted", obj=mark, case=case, kind=kind, review_on=str(review_on))
    return mark


def _end(by, case, mark):
    mark.ended_at, mark.ended_by = timezone.now(), by
    mark.save(update_fields=["ended_at", "ended_by"])
    record(by=by, action="person.mark_ended", obj=mark, case=case, kind=mark.kind)


def _watch(by, case, person):
    """In this case one clock on each mark that stands, and none on another: also when a mark has been looked at in
    the person's other case, which its people here may not see."""
    marks = {uuid5(mark.pk, str(case.pk)): mark for mark in ProtectionMark.objects.open().filter(individual=person)}
    kind = CaseClock.PROTECTION_REVIEW
    clocks = Clock.objects.filter(case=case, kind=kind)
    for clock in clocks.open().exclude(subject_id__in=marks):
        finish_about(by=by, case=case, kind=kind, subject=SimpleNamespace(pk=clock.subject_id))
    there = set(clocks.values_list("subject_id", flat=True))
    for subject_id in marks.keys() - there:
        start_clock(
            by=by, case=case, kind=kind, rule_id=RULE, subject_id=subject_id, owner=case.worker,
            due_on=marks[subject_id].review_on,
        )  # fmt: skip
