from django.db import transaction
from django.utils import timezone

from children.access import of_child
from children.custody import custody_on
from children.falling import let_consents_fall
from children.models import Custody, Guardian, GuardianAnswer, GuardianMark, GuardianRelease, PartyLimit
from children.releases import marked_by_name, why_marked
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission, Role
from teams.operations import end_outside_member

LIMITS = ("guardian.limit.party", "guardian.limit.child")


@transaction.atomic
def add_guardian(*, by, case, name, relation, reached_by="", may_contact=False, may_be_sent=""):
    """Write down somebody beside the child. Opens nothing, sends nothing."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    guardian = Guardian(
        authority_id=case.authority_id, case=case, added_by=by, **_card(name, relation, reached_by, may_contact,
                                                                        may_be_sent),
    )  # fmt: skip
    guardian.save(force_insert=True)
    record(by=by, action="guardian.added", obj=guardian, case=case, relation=relation)
    return guardian


@transaction.atomic
def save_guardian(*, by, case, guardian, version, name, relation, reached_by, may_contact, may_be_sent):
    """Who it is and how to reach them. Raises Stale."""
    of_child(by, Permission.WRITE_NOTE, case)
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk, case=case)
    if guardian.version != version:
        raise Stale(guardian)
    if (may_contact or may_be_sent.strip()) and (refusal := why_marked(guardian)):
        raise Refused(refusal)
    for column, value in _card(name, relation, reached_by, may_contact, may_be_sent).items():
        setattr(guardian, column, value)
    guardian.version += 1
    guardian.save()
    record(by=by, action="guardian.changed", obj=guardian, case=case)
    return guardian


def _card(name, relation, reached_by, may_contact, may_be_sent):
    if not name.strip():
        raise Refused("Skriv vem det är.")
    if relation not in Guardian.Relation.values:
        raise Refused("Välj vem det är för barnet.")
    if may_be_sent.strip() and not may_contact:
        raise Refused("Det som får skickas kräver att personen får kontaktas.")
    return {
        "name": name.strip(), "relation": relation, "reached_by": reached_by.strip(), "may_contact": may_contact,
        "may_be_sent": may_be_sent.strip(),
    }  # fmt: skip


@transaction.atomic
def note_custody(*, by, case, guardian, kind, starts_on, source, ends_on=None):
    """That a guardian has custody from a day. Two have it jointly or one alone, never both at once."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    guardian = Guardian.objects.get(pk=guardian.pk, case=case)
    if kind not in Custody.Kind.values:
        raise Refused("Välj om vårdnaden är gemensam eller ensam.")
    if not source.strip():
        raise Refused("Skriv hur ni vet det: folkbokföringen, en dom, en uppgift från någon.")
    if ends_on and ends_on < starts_on:
        raise Refused("Sista dagen ligger före den första.")
    _fits(case, guardian, kind, starts_on, ends_on)
    row = Custody(
        authority_id=case.authority_id, case=case, guardian=guardian, kind=kind, starts_on=starts_on, ends_on=ends_on,
        source=source.strip(), noted_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="custody.noted", obj=row, case=case, kind=kind, starts_on=str(starts_on))
    let_consents_fall(by, case)
    return row


def _fits(case, guardian, kind, starts_on, ends_on):
    rows = Custody.objects.filter(case=case).select_related("guardian")
    at_once = [r for r in rows if (r.ends_on is None or r.ends_on >= starts_on) and
               (ends_on is None or r.starts_on <= ends_on)]  # fmt: skip
    if any(row.guardian_id == guardian.pk for row in at_once):
        raise Refused("Vårdnaden för den tiden är redan antecknad. Avsluta den först.")
    others = {row.guardian_id: row for row in at_once}
    if kind == Custody.Kind.SOLE and others:
        raise Refused("Någon annan har vårdnaden samma tid. Ensam vårdnad har bara en: avsluta den andra först.")
    if any(row.kind == Custody.Kind.SOLE for row in others.values()):
        raise Refused("Någon har ensam vårdnad samma tid. Avsluta den först.")
    if len(others) > 1:
        raise Refused("Två har redan gemensam vårdnad den tiden.")


@transaction.atomic
def end_custody(*, by, case, custody, ends_on):
    """The last day of custody. What was released to the guardian as such stops with it, in both walls."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    custody = Custody.objects.select_for_update(of=("self",)).get(pk=custody.pk, case=case)
    if ends_on < custody.starts_on:
        raise Refused("Sista dagen ligger före den första.")
    if custody.ends_on and ends_on > custody.ends_on:
        raise Refused("Vårdnaden är redan avslutad en tidigare dag.")
    custody.ends_on = ends_on
    custody.save(update_fields=["ends_on"])
    record(by=by, action="custody.ended", obj=custody, case=case, ends_on=str(ends_on))
    let_consents_fall(by, case)
    return custody


@transaction.atomic
def mark_guardian(*, by, case, guardian, kind, words, since_on=None):
    """Suspected, or close to somebody who is. Everything that was released to that guardian is taken back at once."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk, case=case)
    since_on = since_on or timezone.localdate()
    if kind not in GuardianMark.Kind.values:
        raise Refused("Välj om personen själv är misstänkt eller står nära någon som är det.")
    if not words.strip():
        raise Refused("Skriv vad ni vet och från vem.")
    if since_on > timezone.localdate():
        raise Refused("Dagen har inte varit än.")
    if guardian.marks.standing().exists():
        raise Refused("Det är redan antecknat. Ingenting lämnas till personen.")
    mark = GuardianMark(
        authority_id=case.authority_id, case=case, guardian=guardian, kind=kind, since_on=since_on,
        words=words.strip(), noted_by=by,
    )  # fmt: skip
    mark.save(force_insert=True)
    guardian.may_contact, guardian.may_be_sent, guardian.version = False, "", guardian.version + 1
    guardian.save(update_fields=["may_contact", "may_be_sent", "version"])
    taken = list(GuardianRelease.objects.select_for_update(of=("self",)).filter(guardian=guardian, withdrawn_at=None))
    for release in taken:
        _take_back(by, release, "Personen är misstänkt eller står nära någon som är misstänkt.")
    record(by=by, action="guardian.marked", obj=mark, case=case, kind=kind, taken_back=len(taken))
    let_consents_fall(by, case)
    for member in case.outside_members.filter(ended_on=None):
        if marked_by_name(case, member.name):
            end_outside_member(by=by, case=case, member=member, reason="Är misstänkt eller nära någon som är det.")
    return mark


def _take_back(by, release, reason):
    release.withdrawn_at, release.withdrawn_by, release.withdrawn_reason = timezone.now(), by, reason
    release.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])


@transaction.atomic
def end_guardian_mark(*, by, case, mark, reason):
    """No longer suspected: by a manager, with a reason. What was taken back stays so until it is released anew."""
    of_child(by, Permission.DISCLOSE, case)
    if by.role != Role.UNIT_MANAGER:
        raise NotAllowed("Bara enhetschefen kan avsluta misstanken. Fråga henne eller honom.")
    mark = GuardianMark.objects.select_for_update(of=("self",)).get(pk=mark.pk, case=case)
    if mark.ended_at:
        raise Refused("Det är redan avslutat.")
    if not reason.strip():
        raise Refused("Skriv varför.")
    mark.ended_at, mark.ended_by, mark.end_reason = timezone.now(), by, reason.strip()
    mark.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(by=by, action="guardian.mark_ended", obj=mark, case=case)
    return mark


@transaction.atomic
def limit_party(*, by, case, guardian, rule_id, covers, reason):
    """Not give a guardian who is a party what a party else has a right to: on a ground in law, what, and why."""
    case = of_child(by, Permission.DISCLOSE, case)
    today = timezone.localdate()
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk, case=case)
    if rule_id not in LIMITS:
        raise Refused("Välj grunden i lag.")
    if not custody_on(case, today).has(guardian):
        raise Refused("Personen har inte vårdnaden och är därför inte part. Inget lämnas om det inte släpps.")
    if not (covers.strip() and reason.strip()):
        raise Refused("Skriv vad som inte lämnas och varför.")
    if guardian.limits.standing().exists():
        raise Refused("Det finns redan en begränsning. Avsluta den först.")
    limit = PartyLimit(
        authority_id=case.authority_id, case=case, guardian=guardian, rule_id=rule(rule_id, on=today).id,
        covers=covers.strip(), reason=reason.strip(), starts_on=today, decided_by=by,
    )  # fmt: skip
    limit.save(force_insert=True)
    record(by=by, action="guardian.limited", obj=limit, case=case, rule=rule_id)
    return limit


@transaction.atomic
def end_party_limit(*, by, case, limit, reason):
    """The ground no longer holds."""
    of_child(by, Permission.DISCLOSE, case)
    limit = PartyLimit.objects.select_for_update(of=("self",)).get(pk=limit.pk, case=case)
    if limit.ended_at:
        raise Refused("Begränsningen är redan avslutad.")
    if not reason.strip():
        raise Refused("Skriv varför.")
    limit.ended_at, limit.ended_by, limit.end_reason = timezone.now(), by, reason.strip()
    limit.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(by=by, action="guardian.limit_ended", obj=limit, case=case)
    return limit


@transaction.atomic
def note_answer(*, by, case, guardian, about, answer, words="", day=None, subject_id=None):
    """What one guardian says to something that needs the consent of whoever has custody."""
    case = of_child(by, Permission.RECORD_CONSENT, case)
    guardian = Guardian.objects.get(pk=guardian.pk, case=case)
    day = day or timezone.localdate()
    if not about.strip():
        raise Refused("Skriv vad frågan gäller.")
    if answer not in GuardianAnswer.Answer.values:
        raise Refused("Välj vad personen har svarat.")
    if answer == GuardianAnswer.Answer.NO and not words.strip():
        raise Refused("Skriv varför personen säger nej, med dennes ord.")
    if day > timezone.localdate():
        raise Refused("Dagen har inte varit än.")
    if refusal := why_marked(guardian):
        raise Refused(f"Fråga inte. {refusal}")
    if not custody_on(case, day).has(guardian):
        raise Refused("Personen hade inte vårdnaden den dagen, och kan varken samtycka eller säga nej.")
    row = GuardianAnswer(
        authority_id=case.authority_id, case=case, guardian=guardian, about=about.strip(), subject_id=subject_id,
        answer=answer, day=day, words=words.strip(), noted_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="guardian.answered", obj=row, case=case, answer=answer)
    return row
