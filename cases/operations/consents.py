from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Consent
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def record_consent(*, by, case, form, taken_on, starts_on=None, ends_on=None, not_covering=""):
    """Consent to the plan being made (SoL 10:8). One at a time. Raises Refused."""
    require(by, Permission.RECORD_CONSENT, case)
    _require_days(taken_on, starts_on or taken_on, ends_on)
    if Consent.objects.to_plan().in_force(on=timezone.localdate()).filter(case=case).exists():
        raise Refused("Det finns redan ett samtycke till planen som gäller.")
    return _saved(
        by, case, Consent(kind=Consent.Kind.PLAN, form=form, taken_on=taken_on, starts_on=starts_on or taken_on,
                          ends_on=ends_on, not_covering=not_covering)
    )  # fmt: skip


@transaction.atomic
def record_waiver(*, by, case, recipient, areas, form, taken_on, starts_on=None, ends_on=None, not_covering=""):
    """The individual waives secrecy towards one recipient, for some areas and a time (OSL 10:1, 12:2)."""
    require(by, Permission.RECORD_CONSENT, case)
    _require_days(taken_on, starts_on or taken_on, ends_on)
    if recipient.pk == case.authority_id:
        raise Refused("Den egna nämnden behöver inget samtycke för att läsa sitt eget ärende.")
    if not areas:
        raise Refused("Välj minst ett område som samtycket gäller.")
    return _saved(
        by, case, Consent(kind=Consent.Kind.WAIVER, recipient=recipient, areas=sorted(areas), form=form,
                          taken_on=taken_on, starts_on=starts_on or taken_on, ends_on=ends_on,
                          not_covering=not_covering)
    )  # fmt: skip


def _require_days(taken_on, starts_on, ends_on):
    if taken_on > timezone.localdate():
        raise Refused("Samtycket kan inte ha lämnats en dag som inte har varit.")
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")


def _saved(by, case, consent):
    consent.authority_id, consent.case, consent.taken_by = case.authority_id, case, by
    consent.save(force_insert=True)
    record(by=by, action=f"consent.recorded.{consent.kind}", obj=consent, case=case)
    return consent


@transaction.atomic
def withdraw_consent(*, by, case, consent):
    """Withdrawn by the individual, recorded by us. What it opened is closed when this transaction commits, in both
    walls: they ask the consent itself. What has already been released stays listed on the case."""
    require(by, Permission.RECORD_CONSENT, case)
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk, case=case)
    if consent.withdrawn_at:
        raise Refused("Samtycket är redan återkallat.")
    consent.withdrawn_at, consent.withdrawn_by = timezone.now(), by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(by=by, action=f"consent.withdrawn.{consent.kind}", obj=consent, case=case)
    return consent
