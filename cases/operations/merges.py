from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.duplicates import possible_duplicates
from cases.models import Case, Individual, PersonMerge
from cases.operations.majority import keep_ages
from cases.operations.protection import keep_marks
from exitprogram.audit.operations import record, record_many
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def find_duplicates(*, by, case):
    """Others whom the membership may see and who may be the same person, with the reasons. Written down with each:
    their names are about to be shown."""
    require(by, Permission.READ_CASE, case)
    found = possible_duplicates(by, case)
    about = [(candidate.individual, of) for candidate in found for of in candidate.cases or [None]]
    record(by=by, action="person.duplicates_sought", obj=case.individual, case=case, found=len(found))
    record_many(by=by, action="person.compared", about=about)
    return found


@transaction.atomic
def merge_people(*, by, kept, merged, reason):
    """Two rows turn out to be one person. Nothing is moved and no case opens; whoever has the one sees the numbers and
    the safe contact of both, under the kept one's name. Only by somebody who has both. Raises Refused."""
    require_role(by, Permission.CREATE_CASE)
    if kept.pk == merged.pk:
        raise Refused("Välj två olika personer.")
    pair = Individual.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    pair = {person.pk: person for person in pair}
    if Individual.objects.held_by(by).filter(pk__in=pair).count() != 2:
        raise Refused("Båda måste vara öppna för dig. Be den som har den andra personen att öppna ärendet för dig.")
    kept, merged = pair[kept.pk], pair[merged.pk]
    _require_fit(kept, merged)
    if not reason.strip():
        raise Refused("Skriv hur ni vet att det är samma person.")
    merge = PersonMerge.objects.create(
        authority_id=by.authority_id, kept=kept, merged=merged, reason=reason, merged_by=by
    )
    _record(by, "person.merged", merge)
    keep_ages(by, [kept, merged])
    return merge


def _require_fit(kept, merged):
    if kept.guarded != merged.guarded:
        raise Refused(
            "Den ena har skyddade uppgifter och den andra inte. Sätt samma skydd på båda under Uppgifter först; annars"
            " kan den skyddade hittas genom den andra."
        )
    standing = PersonMerge.objects.standing()
    if standing.filter(merged=merged).exists() or standing.filter(kept=merged).exists():
        raise Refused("Personen är redan sammanförd med någon. Ta isär dem först.")
    if standing.filter(merged=kept).exists():
        raise Refused("Den som ska behållas är själv sammanförd med en annan. För ihop med den i stället.")


@transaction.atomic
def undo_merge(*, by, merge, reason):
    """They were two after all: all is as before, for everybody and at once."""
    require_role(by, Permission.CREATE_CASE)
    merge = PersonMerge.objects.visible_to(by).select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at:
        raise Refused("De är redan tagna isär.")
    if not Individual.objects.held_by(by).filter(pk__in=[merge.kept_id, merge.merged_id]).exists():
        raise Refused("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    if not reason.strip():
        raise Refused("Skriv varför de inte är samma person.")
    merge.undone_at, merge.undone_by, merge.undone_reason = timezone.now(), by, reason
    _record(by, "person.merge_undone", merge)
    merge.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    keep_ages(by, [merge.kept_id, merge.merged_id])
    return merge


def _record(by, action, merge):
    """In the log of each of the two's cases that the one who acts has."""
    people = [merge.kept_id, merge.merged_id]
    cases = list(Case.objects.visible_to(by).filter(individual__in=people))
    record_many(by=by, action=action, about=[(merge, case) for case in cases or [None]])


def protect_alike(by, person):
    """With ``save_person``: whoever she is merged with is protected as she is, or she could be found through them."""
    for twin in Individual.objects.visible_to(by).same_as(person).exclude(pk=person.pk).select_for_update(of=("self",)):
        if (twin.protection, twin.local_threat) != (person.protection, person.local_threat):
            name, alias = twin.called
            twin.be_called(name=name, alias=alias, protection=person.protection, local_threat=person.local_threat)
            twin.version += 1
            twin.save()
            keep_marks(by=by, person=twin)
