from django.db import transaction
from django.utils import timezone

from cases import answering
from cases.access import require
from cases.clocks import CaseClock
from cases.majority import is_childs, may_be_of_age
from cases.models import Consent
from cases.operations.clocks import finish_about, start_clock
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def record_consent(
    *, by, case, form, taken_on, starts_on=None, ends_on=None, not_covering="", renews=None, given_by="self"
):
    """Consent to the plan being made (SoL 10:8). One at a time; ``renews`` is the one that this takes the place of.
    Raises Refused."""
    require(by, Permission.RECORD_CONSENT, case)
    _require_days(taken_on, starts_on or taken_on, ends_on)
    others = Consent.objects.to_plan().in_force(on=timezone.localdate()).filter(case=case)
    if others.exclude(pk=renews and renews.pk).exists():
        raise Refused("Det finns redan ett samtycke till planen som gäller.")
    return _saved(
        by, case, Consent(kind=Consent.Kind.PLAN, form=form, taken_on=taken_on, starts_on=starts_on or taken_on,
                          ends_on=ends_on, not_covering=not_covering, given_by=given_by), renews
    )  # fmt: skip


@transaction.atomic
def record_waiver(
    *, by, case, recipient, areas, form, taken_on, starts_on=None, ends_on=None, not_covering="", renews=None,
    given_by="self",
):  # fmt: skip
    """The individual waives secrecy towards one recipient, for some areas and a time (OSL 10:1, 12:2). ``renews`` is
    the waiver that this one takes the place of, at once. Raises Refused."""
    require(by, Permission.RECORD_CONSENT, case)
    _require_days(taken_on, starts_on or taken_on, ends_on)
    if recipient.pk == case.authority_id:
        raise Refused("Den egna nämnden behöver inget samtycke för att läsa sitt eget ärende.")
    if not areas:
        raise Refused("Välj minst ett område som samtycket gäller.")
    return _saved(
        by, case, Consent(kind=Consent.Kind.WAIVER, recipient=recipient, areas=sorted(areas), form=form,
                          taken_on=taken_on, starts_on=starts_on or taken_on, ends_on=ends_on,
                          not_covering=not_covering, given_by=given_by), renews
    )  # fmt: skip


def _require_days(taken_on, starts_on, ends_on):
    if taken_on > timezone.localdate():
        raise Refused("Samtycket kan inte ha lämnats en dag som inte har varit.")
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")


def _saved(by, case, consent, renews):
    if consent.given_by == Consent.Giver.GUARDIAN and (not is_childs(case) or may_be_of_age(case)):
        raise Refused("Den som har fyllt 18 år samtycker själv. En vårdnadshavare kan inte göra det.")
    consent.authority_id, consent.case, consent.taken_by = case.authority_id, case, by
    consent.given_by = answering.giver(case, consent) or consent.given_by
    consent.save(force_insert=True)
    record(by=by, action=f"consent.recorded.{consent.kind}", obj=consent, case=case)
    if consent.ends_on:
        start_clock(
            by=by, case=case, kind=CaseClock.CONSENT_ENDS, rule_id="consent.ends", subject_id=consent.pk,
            owner=case.worker, due_on=consent.ends_on,
        )  # fmt: skip
    if renews is not None:
        if renews.kind != consent.kind or renews.recipient_id != consent.recipient_id:
            raise Refused("Det som förnyas gäller något annat. Registrera ett nytt samtycke i stället.")
        _closed(by, case, renews, replaced_by=consent)
    return consent


@transaction.atomic
def withdraw_consent(*, by, case, consent):
    """Withdrawn by the individual, recorded by us. What it opened is closed when this transaction commits, in both
    walls: they ask the consent itself. What has already been released stays listed on the case."""
    require(by, Permission.RECORD_CONSENT, case, after_closing=True)
    return _closed(by, case, consent)


def _closed(by, case, consent, replaced_by=None):
    consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk, case=case)
    if consent.withdrawn_at:
        raise Refused("Samtycket är redan återkallat.")
    consent.withdrawn_at, consent.withdrawn_by, consent.replaced_by = timezone.now(), by, replaced_by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by", "replaced_by"])
    verb = "renewed" if replaced_by else "withdrawn"
    record(by=by, action=f"consent.{verb}.{consent.kind}", obj=consent, case=case)
    finish_about(by=by, case=case, kind=CaseClock.CONSENT_ENDS, subject=consent)
    return consent
