from django.db import transaction
from django.utils import timezone

from children.access import of_child
from children.consenting import plan_standing
from children.coordination import grounds, why_not_now
from children.models import LawfulCoordination
from children.releases import GROWN, grown, marked_by_name, why_marked
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def coordinate_by_law(*, by, case, rule_id, reasons, decided, takes_part, shared, ends_on, starts_on=None):
    """Where consent to the child's plan cannot be had or may not be asked for: coordinate on a ground in law, for a
    time. It is no SIP, and opens nothing by itself. Raises Refused."""
    case = of_child(by, Permission.RECORD_CONSENT, case)
    today = timezone.localdate()
    starts_on = starts_on or today
    if grown(case, today):
        raise Refused(GROWN)
    standing = plan_standing(case, today)
    if refusal := why_not_now(standing):
        raise Refused(refusal)
    ground = next((one for one in grounds(case, starts_on, standing) if one.law.id == rule_id), None)
    if ground is None:
        raise Refused("Välj grunden i lag. Generalklausulen räcker inte (10 kap. 27 § OSL).")
    if ground.lacking:
        raise Refused(f"{ground.lacking} ({ground.law.citation})")
    _require_words(case, reasons, decided, takes_part, shared)
    if starts_on < today:
        raise Refused("Grunden prövas nu och kan inte börja gälla en dag som har varit.")
    if ends_on < starts_on:
        raise Refused("Sista dagen ligger före första dagen.")
    if grown(case, ends_on):
        raise Refused(f"Sätt en sista dag före 18-årsdagen. {GROWN}")
    row = LawfulCoordination(
        authority_id=case.authority_id, case=case, rule_id=rule_id, reasons=reasons.strip(), decided=decided.strip(),
        takes_part=takes_part.strip(), shared=shared.strip(), starts_on=starts_on, ends_on=ends_on, noted_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="coordination.begun", obj=row, case=case, rule=rule_id)
    return row


def _require_words(case, reasons, decided, takes_part, shared):
    for said, sentence in (
        (reasons, "Skriv varför samtycke inte kan eller får inhämtas, och varför samordningen behövs."),
        (decided, "Skriv vem som har beslutat."),
        (takes_part, "Skriv vilka som är med."),
        (shared, "Skriv vad som får delas."),
    ):
        if not said.strip():
            raise Refused(sentence)
    if one := marked_by_name(case, takes_part):
        raise Refused(why_marked(one))


@transaction.atomic
def end_coordination(*, by, case, coordination, reason):
    """The ground is leant on no longer."""
    of_child(by, Permission.RECORD_CONSENT, case)
    row = LawfulCoordination.objects.select_for_update(of=("self",)).get(pk=coordination.pk, case=case)
    if row.ended_at:
        raise Refused("Den är redan avslutad.")
    if not reason.strip():
        raise Refused("Skriv varför.")
    row.ended_at, row.ended_by, row.end_reason = timezone.now(), by, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(by=by, action="coordination.ended", obj=row, case=case)
    return row
