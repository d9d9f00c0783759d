from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.operations import finish_about
from children.asking import require_childs, require_qualified
from children.clocks import ChildClock
from children.models import ConcernReport, Exploiter, OnlineSpread, ProtectionAssessment, ProtectionStep
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def assess_protection(*, by, case, report, need, tonight, reasons, child_said="", done="", done_by="", done_at=None):
    """The immediate assessment, signed: the child's situation tonight, and what was done at once and by whom. Ends the
    watch over the report's protection."""
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    require_qualified(by)
    report = ConcernReport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=report.pk, case=case)
    if need not in ProtectionAssessment.Need.values:
        raise Refused("Svara på om barnet behöver skydd nu.")
    if not tonight.strip():
        raise Refused("Skriv hur barnet har det i kväll: var, hos vem och om det är tryggt.")
    if not reasons.strip():
        raise Refused("Skriv vad bedömningen bygger på.")
    if need == ProtectionAssessment.Need.NOW and not done.strip():
        raise Refused("Skriv vad som har gjorts för att skydda barnet nu, och av vem.")
    row = ProtectionAssessment(
        authority_id=case.authority_id, case=case, report=report, need=need, tonight=tonight, reasons=reasons,
        child_said=child_said, signed_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="protection.assessed", obj=row, case=case, need=need)
    if done.strip():
        add_step(by=by, case=case, what=done, done_by=done_by or by.user.name, done_at=done_at or timezone.now())
    finish_about(by=by, case=case, kind=ChildClock.PROTECTION, subject=report)
    return row


@transaction.atomic
def add_step(*, by, case, what, done_by, done_at):
    """One thing that was done to protect the child, when and by whom."""
    require(by, Permission.WRITE_NOTE, case, in_emergency=True)
    require_childs(case)
    if not what.strip() or not done_by.strip():
        raise Refused("Skriv vad som gjordes och vem som gjorde det.")
    if done_at > timezone.now():
        raise Refused("Det kan inte ha gjorts i framtiden.")
    row = ProtectionStep(
        authority_id=case.authority_id, case=case, what=what, done_by=done_by, done_at=done_at, written_by=by
    )
    row.save(force_insert=True)
    record(by=by, action="protection.step_added", obj=row, case=case)
    return row


@transaction.atomic
def add_exploiter(*, by, case, kind, who, relation="", online=False, knows_where="unknown", near_guardian="unknown"):
    """One of those who exploit the child."""
    require(by, Permission.WRITE_NOTE, case)
    require_childs(case)
    if not who.strip():
        raise Refused("Skriv vem det är, eller hur hen kan kännas igen.")
    row = Exploiter(
        authority_id=case.authority_id, case=case, kind=kind, who=who, relation=relation, online=online,
        knows_where=knows_where, near_guardian=near_guardian, written_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="exploiter.added", obj=row, case=case)
    return row


@transaction.atomic
def strike_exploiter(*, by, case, exploiter, why):
    """It was wrong, or is known under another row. It stays readable."""
    require(by, Permission.WRITE_NOTE, case)
    row = Exploiter.objects.visible_to(by).select_for_update(of=("self",)).get(pk=exploiter.pk, case=case)
    if row.struck_on:
        raise Refused("Den är redan struken.")
    if not why.strip():
        raise Refused("Skriv varför uppgiften stryks.")
    row.struck_on, row.struck_by, row.struck_why = timezone.localdate(), by, why
    row.save(update_fields=["struck_on", "struck_by", "struck_why"])
    record(by=by, action="exploiter.struck", obj=row, case=case)
    return row


@transaction.atomic
def save_spread(*, by, case, spread=None, version=None, kind, place, seen_on, asked_on=None, asked_whom="", answer="",
                police_on=None, police_number="", why_not_police=""):  # fmt: skip
    """Where something has been spread, who has been asked to take it down and when the police were told. In words:
    there is no way to put the picture itself here."""
    require(by, Permission.WRITE_NOTE, case)
    require_childs(case)
    _require_order(seen_on, asked_on, asked_whom, police_on, place, why_not_police)
    if spread is not None:
        spread = OnlineSpread.objects.visible_to(by).select_for_update(of=("self",)).get(pk=spread.pk, case=case)
        if spread.version != version:
            raise Stale(spread)
    row = spread or OnlineSpread(authority_id=case.authority_id, case=case, written_by=by, version=0)
    row.kind, row.place, row.seen_on = kind, place, seen_on
    row.asked_on, row.asked_whom = asked_on, asked_whom
    row.answer = (answer or OnlineSpread.Answer.WAITING) if asked_on else ""
    row.police_on, row.police_number, row.why_not_police = police_on, police_number, why_not_police
    row.version += 1
    row.save(force_insert=spread is None)
    record(by=by, action="spread.saved", obj=row, case=case, new=spread is None)
    return row


def _require_order(seen_on, asked_on, asked_whom, police_on, place, why_not_police):
    today = timezone.localdate()
    if not place.strip():
        raise Refused("Skriv var det finns: tjänst, konto eller grupp. Klistra aldrig in en bild.")
    if max(day for day in (seen_on, asked_on, police_on) if day) > today:
        raise Refused("En dag ligger i framtiden.")
    if asked_on and (asked_on < seen_on or not asked_whom.strip()):
        raise Refused("Skriv vem som har ombetts ta bort det, och en dag efter att det sågs.")
    if not police_on and not why_not_police.strip():
        raise Refused("Skriv dagen för polisanmälan, eller varför den inte är gjord.")
