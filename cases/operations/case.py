from django.db import transaction
from django.utils import timezone

from cases.access import ground_of, require, require_child_worker
from cases.majority import RULE, is_of_age
from cases.models import AccessGrant, Case, CaseSeries, Individual
from cases.models.case import open_cases
from cases.operations.access import grant_access
from cases.operations.majority import keep_age
from cases.operations.protection import keep_marks
from exitprogram.audit.operations import record, record_many
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.prepared import looking
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def open_case(*, by, individual, programme, contact_way, target_group, target_text="", opened_on=None):
    """Open a case in one programme and become its case worker. One open case per person and programme.
    Raises Refused when the programme does not fit the person's age that day."""
    require_role(by, Permission.CREATE_CASE)
    opened_on = opened_on or timezone.localdate()
    if opened_on > timezone.localdate():
        raise Refused("Ett ärende kan inte öppnas på en dag som inte har varit.")
    individual = Individual.objects.visible_to(by).select_for_update(of=("self",)).get(pk=individual.pk)
    _require_age(individual, programme, opened_on)
    if programme == Case.Programme.CHILD:
        require_child_worker(by, by=by)
    same = Individual.objects.visible_to(by).same_as(individual)
    if Case.objects.filter(individual__in=same, programme=programme, closed_on=None).exists():
        raise Refused("Personen har redan ett öppet ärende i programmet.")
    case = Case(
        authority_id=by.authority_id, number=_next_number(by, opened_on.year), individual=individual,
        programme=programme, contact_way=contact_way, target_group=target_group, target_text=target_text,
        worker=by, created_by=by, opened_on=opened_on,
    )  # fmt: skip
    case.save(force_insert=True)
    grant_access(by=by, case=case, membership=by, kind=AccessGrant.Kind.WORKER, reason="Öppnade ärendet.")
    keep_marks(by=by, person=individual, case=case)
    keep_age(by=by, case=case)
    record(by=by, action="case.opened", obj=case, case=case, programme=programme)
    return case


@transaction.atomic
def save_beginning(*, by, case, contact_way, target_group, target_text=""):
    """How the case began, as it becomes known: a call in immediate danger is opened without it."""
    require(by, Permission.CREATE_CASE, case)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    case.contact_way, case.target_group, case.target_text = contact_way, target_group, target_text
    case.version += 1
    case.save(update_fields=["contact_way", "target_group", "target_text", "version"])
    record(by=by, action="case.beginning_saved", obj=case, case=case)
    return case


def _require_age(individual, programme, on):
    born = individual.birth_date
    if born is None:
        return
    law, grown = rule(RULE, on=on).citation, is_of_age(born, on=on)
    if programme == Case.Programme.ADULT and not grown:
        raise Refused(f"Personen är under 18 år ({law}). Öppna ärendet i programmet för barn.")
    if programme == Case.Programme.CHILD and grown:
        raise Refused(f"Personen har fyllt 18 år ({law}). Öppna ärendet i programmet för vuxna.")


def _next_number(by, year):
    series, _new = CaseSeries.objects.get_or_create(
        authority_id=by.authority_id, year=year, defaults={"authority_id": by.authority_id}
    )
    series = CaseSeries.objects.select_for_update(of=("self",)).get(pk=series.pk)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}-{series.last:04d}"


@transaction.atomic
def view_case(*, by, case, page):
    """Write down that a page about the person is being read; called before any of it is shown."""
    require(by, Permission.READ_CASE, case, in_emergency=True)
    record(by=by, action=f"case.viewed.{page}", obj=case, case=case, ground=ground_of(by, case))


@transaction.atomic
def view_list(*, by, cases):
    """Write down, with each case, that its person's name was shown in the list."""
    require_role(by, Permission.READ_CASE)
    with looking():
        known = open_cases(by)
    shown = {case.pk: case for case in cases if known.holds(case.pk)}
    record_many(by=by, action="case.listed", about=[(case, case) for case in shown.values()])


@transaction.atomic
def view_person(*, by, individual):
    """Write down that somebody without a case yet, or in the other programme, was shown by name."""
    require_role(by, Permission.CREATE_CASE)
    individual = Individual.objects.visible_to(by).get(pk=individual.pk)
    cases = list(Case.objects.visible_to(by).filter(individual=individual))
    record_many(by=by, action="person.viewed", about=[(individual, case) for case in cases or [None]])


@transaction.atomic
def view_desk(*, by, page):
    """Write down that a page of numbers over many cases was read; it shows no person, so no case is named."""
    require_role(by, Permission.READ_CASE)
    record(by=by, action="desk.viewed", obj=None, page=page)
