from django.db import connection, transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams.log_review import months_to_review
from teams.models import LogReview, LogSample
from teams.operations.log_question import ask_and_report

NO_NOTE = "Skriv vad du anmäler, i fältet. Skriv inget om personen i ärendet."


@transaction.atomic
def begin_log_review(*, by, month):
    """One's own sample of a month that has been, drawn by the database; asked for again, the same one."""
    require_role(by, Permission.UNIT_OVERVIEW)
    if month not in months_to_review(timezone.localdate()):
        raise Refused("Den månaden går inte att granska. Välj en av de senaste.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.draw_log_review(%s)", [month])
        review = LogReview.objects.mine(by).get(pk=cursor.fetchone()[0])
    record(by=by, action="log_review.begun", obj=review, samples=review.samples.count())
    return review


@transaction.atomic
def view_log_review(*, by, review):
    """Write down that the sample was read: it tells what colleagues have done."""
    require_role(by, Permission.UNIT_OVERVIEW)
    record(by=by, action="log_review.viewed", obj=LogReview.objects.mine(by).get(pk=review.pk))


@transaction.atomic
def judge_sample(*, by, sample, judgement, note=""):
    """Ok, to be asked about, or reported. May be changed until the month is signed."""
    require_role(by, Permission.UNIT_OVERVIEW)
    mine = LogSample.objects.visible_to(by).filter(review__reviewer_id=by.pk)
    sample = mine.select_for_update(of=("self",)).get(pk=sample.pk)
    _not_signed(LogReview.objects.mine(by).select_for_update(of=("self",)).get(pk=sample.review_id))
    if judgement not in LogSample.Judgement.values:
        raise Refused("Välj Ok, Fråga eller Anmäl.")
    if judgement == LogSample.Judgement.REPORT and not note.strip():
        raise Refused(NO_NOTE)
    sample.judgement, sample.note, sample.judged_at = judgement, note.strip(), timezone.now()
    sample.save(update_fields=["judgement", "note", "judged_at"])
    record(by=by, action="log_review.judged", obj=sample, judgement=judgement)
    return sample


@transaction.atomic
def sign_log_review(*, by, review):
    """The month is done: nothing in it changes any more. Now those who are asked are told, and what was reported is
    there to follow up."""
    require_role(by, Permission.UNIT_OVERVIEW)
    review = LogReview.objects.mine(by).select_for_update(of=("self",)).get(pk=review.pk)
    _not_signed(review)
    left = review.samples.filter(judgement="").count()
    if left:
        raise Refused(f"{left} av raderna är inte bedömda än." if left > 1 else "En av raderna är inte bedömd än.")
    review.signed_at = timezone.now()
    review.save(update_fields=["signed_at"])
    record(by=by, action="log_review.signed", obj=review)
    ask_and_report(by, review)
    return review


def _not_signed(review):
    if review.signed_at:
        raise Refused("Månaden är signerad och går inte att ändra.")
