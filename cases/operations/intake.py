from django.db import transaction
from django.utils import timezone

from cases import prompts
from cases.access import require
from cases.models import Case, Intake, UrgentStep
from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.roles import Permission

TEXTS = ("contact_by", "wished_by", "done_at_once", "needs_text")


@transaction.atomic
def save_intake(*, by, case, version, screening, triage, needs, **texts):
    """Write on in *Första kontakten*; ``version`` is what the page showed (0: none yet), raises Stale. ``triage`` is
    {question: {"answer", "words"}}. An answer that has become alarming stands under *Nu* from this moment; one taken
    back says so itself. The log holds no answer and no need."""
    require(by, Permission.WRITE_NOTE, case)
    _require_known(screening, triage, needs, texts)
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    intake = Intake.objects.filter(case=case).first()
    if (intake.version if intake else 0) != version:
        raise Stale(intake)
    intake = intake or Intake(authority_id=case.authority_id, case=case, started_by=by, version=0)
    before = _alarms(intake)
    for name in TEXTS:
        setattr(intake, name, texts.get(name, ""))
    intake.screening = {key: words for key, words in screening.items() if words}
    intake.triage = {key: one for key, one in triage.items() if one.get("answer") or one.get("words")}
    intake.needs = dict.fromkeys(needs, True)
    intake.version += 1
    intake.save()
    record(by=by, action="intake.saved" if version else "intake.begun", obj=intake, case=case)
    _raise_and_settle(by, case, intake, before)
    return intake


def _require_known(screening, triage, needs, texts):
    on = timezone.localdate()
    known = [{one.id for one in kind(on=on)} for kind in (prompts.screening, prompts.triage, prompts.needs)]
    given = [set(screening), set(triage), set(needs)]
    answers = {one.get("answer", "") for one in triage.values()}
    if not all(a <= b for a, b in zip(given, known, strict=True)) or not answers <= {"", *prompts.ANSWERS}:
        raise Refused("Frågorna har ändrats sedan sidan öppnades. Ladda om sidan och försök igen.")
    if not set(texts) <= set(TEXTS):
        raise Refused("Det gick inte att spara.")


def _alarms(intake):
    answers = intake.triage
    return {
        question.id
        for question in prompts.triage(on=timezone.localdate())
        if answers.get(question.id, {}).get("answer") == question.alarm
    }


def _raise_and_settle(by, case, intake, before):
    """What is new is raised; what is no longer so is closed with that as its explanation, so that nothing vanishes."""
    now, waiting = _alarms(intake), UrgentStep.objects.select_for_update(of=("self",)).open().filter(case=case)
    for step in waiting:
        if step.question not in now:
            _close(by, case, step, "Svaret ändrades i Första kontakten.")
    for question in sorted(now - before):
        step = UrgentStep(authority_id=case.authority_id, case=case, intake=intake, question=question, raised_by=by)
        step.save(force_insert=True)
        record(by=by, action="urgent.raised", obj=step, case=case)


def _close(by, case, step, how):
    step.handled_at, step.handled_by, step.how = timezone.now(), by, how
    step.save(update_fields=["handled_at", "handled_by", "how"])
    record(by=by, action="urgent.handled", obj=step, case=case)


@transaction.atomic
def handle_urgent(*, by, case, step, how):
    """What was done, in words. From then on it no longer stands under *Nu*, and cannot be changed."""
    require(by, Permission.WRITE_NOTE, case)
    step = UrgentStep.objects.select_for_update(of=("self",)).get(pk=step.pk, case=case)
    if step.handled_at:
        raise Refused("Det är redan hanterat.")
    if not how.strip():
        raise Refused("Skriv vad som gjordes och av vem.")
    _close(by, case, step, how)
    return step
