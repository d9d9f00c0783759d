import hashlib

from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from cases.models import Case, DisclosedItem, Disclosure, ReturnConsent, ReturnPlan, ReturnShare
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission

NO_CONSENT = "Personen har inte sagt ja till återresan, eller har tagit tillbaka det. Ingenting får göras eller lämnas."


@transaction.atomic
def save_return_plan(*, by, case, version, **points):
    """Begin (``version`` 0) or save on in the plan for a safe return. Raises Stale or Refused."""
    require(by, Permission.WRITE_NOTE, case)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # two who begin at once: the second sees the first's
    row = ReturnPlan.objects.filter(case=case, stopped_on=None).select_for_update(of=("self",)).first()
    if (row.version if row else 0) != version:
        raise Stale(row)
    row = row or ReturnPlan(authority_id=case.authority_id, case=case, begun_by=by, version=0)
    for name in ("destination", *ReturnPlan.POINTS, "both_countries"):
        setattr(row, name, points.get(name, ""))
    row.version = version + 1
    row.save()
    record(by=by, action="return.saved", obj=row, case=case)
    return row


def _open_plan(case, plan):
    row = ReturnPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk, case=case)
    if row.stopped_on:
        raise Refused("Planeringen är avslutad.")
    return row


def _consent(plan):
    """The consent that the return stands on today, locked: a withdrawal waits for us, or we for it."""
    consents = ReturnConsent.objects.filter(return_plan=plan).in_force(on=timezone.localdate())
    row = consents.select_for_update(of=("self",)).first()
    if row is None:
        raise Refused(NO_CONSENT)
    return row


@transaction.atomic
def record_return_consent(*, by, case, plan, form, language, covers, taken_on, ends_on=None):
    """The person's own yes to returning and to what may be said abroad. Neither consent to the plan nor a waiver."""
    require(by, Permission.RECORD_CONSENT, case)
    plan = _open_plan(case, plan)
    if taken_on > timezone.localdate():
        raise Refused("Samtycket kan inte ha lämnats en dag som inte har varit.")
    if ends_on and ends_on < taken_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if not (language.strip() and covers.strip()):
        raise Refused("Skriv på vilket språk samtycket lämnades och vad som får sägas, till vem.")
    if ReturnConsent.objects.filter(return_plan=plan).in_force(on=timezone.localdate()).exists():
        raise Refused("Det finns redan ett samtycke till återresan som gäller.")
    row = ReturnConsent(
        authority_id=case.authority_id, case=case, return_plan=plan, form=form, language=language, covers=covers,
        taken_on=taken_on, ends_on=ends_on, taken_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="return.consented", obj=row, case=case)
    return row


@transaction.atomic
def withdraw_return_consent(*, by, case, consent):
    """She has changed her mind. From this moment nothing more is told abroad and nobody travels, in both walls."""
    require(by, Permission.RECORD_CONSENT, case, after_closing=True)
    row = ReturnConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk, case=case)
    if row.withdrawn_at:
        raise Refused("Samtycket är redan återkallat.")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(by=by, action="return.consent_withdrawn", obj=row, case=case)
    return row


@transaction.atomic
def share_return(*, by, case, plan, recipient, recipient_text, what, ground, reasons, shared_on=None):
    """Write down that something was told abroad or to IOM. The return must be wanted, and the telling must have a
    ground of its own in OSL 8:3, with the reasons in words. It is entered among what the case has disclosed."""
    require(by, Permission.EXPORT_PLAN, case)
    plan = _open_plan(case, plan)
    consent = _consent(plan)
    _require_both_countries(case, plan)
    shared_on = shared_on or timezone.localdate()
    if not consent.taken_on <= shared_on <= timezone.localdate():
        raise Refused("Dagen ska ligga efter samtycket och inte i framtiden.")
    if ground not in ReturnShare.Ground.values or not reasons.strip():
        raise Refused("Välj grund och skriv varför den håller: bestämmelsen, vad samtycket säger eller hur ni prövat.")
    if not (recipient_text.strip() and what.strip()):
        raise Refused("Skriv vad som lämnades och till vem.")
    beside.refuse_named(case, recipient_text)
    row = ReturnShare(
        authority_id=case.authority_id, case=case, return_plan=plan, consent=consent, recipient=recipient,
        recipient_text=recipient_text, what=what, ground=ground, reasons=reasons, shared_on=shared_on, shared_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="return.shared", obj=row, case=case, ground=ground)
    _disclose(by, case, row)
    return row


def _disclose(by, case, share):
    law = rule("return.abroad", on=share.shared_on)
    sent = Disclosure(
        authority_id=case.authority_id, case=case, what="return.share", object_id=share.pk, recipient_kind="abroad",
        recipient_text=share.recipient_text, sender_text=case.authority.name, ground=law.citation, ground_rule=law.id,
        reason=share.reasons, copy_number=1, sha256=hashlib.sha256(share.what.encode()).digest(), disclosed_by=by,
    )  # fmt: skip
    sent.save(force_insert=True)
    DisclosedItem(
        authority_id=case.authority_id, case=case, disclosure=sent, kind="return.share", object_id=share.pk,
        position=1, heading="Om återresan", text=share.what,
    ).save(force_insert=True)  # fmt: skip


def _require_both_countries(case, plan):
    if case.programme == Case.Programme.CHILD and not plan.both_countries.strip():
        raise Refused(
            "Ett barn reser bara när båda ländernas myndigheter är överens. Skriv först vad de kommit fram till."
        )


@transaction.atomic
def record_travel(*, by, case, plan, travelled_on):
    """The journey is made. Only with a consent that stands and every point of the checklist thought through."""
    require(by, Permission.WRITE_NOTE, case)
    plan = _open_plan(case, plan)
    _consent(plan)
    _require_both_countries(case, plan)
    if plan.lacking() or not plan.destination.strip():
        raise Refused("Allt på listan behöver vara genomtänkt och skrivet innan resan.")
    if plan.travelled_on:
        raise Refused("Resan är redan införd.")
    if travelled_on > timezone.localdate():
        raise Refused("Dagen ligger i framtiden. För in resan när den är gjord.")
    plan.travelled_on = travelled_on
    plan.version += 1
    plan.save(update_fields=["travelled_on", "version"])
    record(by=by, action="return.travelled", obj=plan, case=case)
    return plan


@transaction.atomic
def stop_return(*, by, case, plan, reason):
    """The planning ends, for whatever reason; what was written stays."""
    require(by, Permission.WRITE_NOTE, case)
    plan = _open_plan(case, plan)
    if not reason.strip():
        raise Refused("Skriv varför planeringen avslutas.")
    plan.stopped_on, plan.stop_reason = timezone.localdate(), reason
    plan.version += 1
    plan.save(update_fields=["stopped_on", "stop_reason", "version"])
    record(by=by, action="return.stopped", obj=plan, case=case)
    return plan
