from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.outreach import clue_in
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from reporting.flow import rows
from reporting.models import FlowQuestion
from reporting.naming import why_named


@transaction.atomic
def ask_about_plan(*, by, board, ref, text):
    """To those who have the case, in words that point at nobody. Which case it is only the database knows."""
    require_role(by, Permission.REGION_OVERVIEW)
    if not any(row.ref == ref for row in rows(board)):
        raise NotAllowed("Planen går inte att följa.")
    if not text.strip():
        raise Refused("Skriv vad du vill fråga.")
    if clue := clue_in(text):
        raise Refused(clue)
    question = FlowQuestion(
        authority_id=board.pk, ref=ref, asked_by=by, asker_authority_id=by.authority_id, text=text.strip()
    )
    question.save(force_insert=True)
    record(by=by, action="region.asked", obj=question, authority_id=by.authority_id)
    return question


@transaction.atomic
def answer_question(*, by, question, text):
    """Back to whoever asked, who does not know whom it is about and is not told."""
    require(by, Permission.WRITE_NOTE, question.case)
    question = FlowQuestion.objects.visible_to(by).select_for_update(of=("self",)).get(pk=question.pk)
    if question.answered_at:
        raise Refused("Frågan är redan besvarad.")
    if not text.strip():
        raise Refused("Skriv ett svar.")
    if why := why_named(text, question.case, by):
        raise Refused(why)
    question.answer, question.answered_at, question.answered_by = text.strip(), timezone.now(), by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    record(by=by, action="region.answered", obj=question, case=question.case)
    return question
