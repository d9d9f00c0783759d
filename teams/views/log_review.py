from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission
from teams import operations
from teams.log_review import follow_ups, own_months, told
from teams.models import LogReview, LogSample


@require_http_methods(["GET", "POST"])
@allow(Permission.UNIT_OVERVIEW)
@once
def log_reviews(request):
    """One's own months, and the way to begin one."""
    by, today = request.acting, timezone.localdate()
    if request.method == "POST":
        try:
            review = operations.begin_log_review(by=by, month=_day(request.POST.get("month", "")))
            return redirect("teams:log_review", review.pk)
        except Refused as why:
            messages.warning(request, str(why))
    questions, reports = follow_ups(by)
    context = {"months": own_months(by, on=today), "questions": questions, "reports": reports}
    return render(request, "teams/log_reviews.html", context)


def _day(text):
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
@allow(Permission.UNIT_OVERVIEW)
def log_review(request, review_id):
    """One reading at a time, the first that is not judged; ``rad`` is the place of another."""
    review = get_object_or_404(LogReview.objects.mine(request.acting), pk=review_id)
    operations.view_log_review(by=request.acting, review=review)
    samples = told(LogSample.objects.visible_to(request.acting).filter(review=review))
    return _shown(request, review, samples, whole_number(request.GET.get("rad", "")))


def _shown(request, review, samples, place, fault="", note=None):
    left = [sample for sample in samples if not sample.judgement]
    now = next((one for one in samples if one.place == place), left[0] if left and not review.signed_at else None)
    if now and note is not None:
        now.note = note
    places = [one.place for one in samples]
    context = {
        "review": review, "samples": samples, "now": now, "fault": fault, "judged": len(samples) - len(left),
        "before": now.place - 1 if now and now.place - 1 in places else None,
        "after": now.place + 1 if now and now.place + 1 in places else None,
    }  # fmt: skip
    return render(request, "teams/log_review.html", context)


@require_POST
@allow(Permission.UNIT_OVERVIEW)
@once
def log_judge(request, sample_id):
    by = request.acting
    rows = LogSample.objects.visible_to(by).filter(review__reviewer_id=by.pk).select_related("review")
    sample = get_object_or_404(rows, pk=sample_id)
    note = request.POST.get("note", "")
    try:
        operations.judge_sample(by=by, sample=sample, judgement=request.POST.get("judgement", ""), note=note)
    except Refused as why:
        samples = told(rows.filter(review_id=sample.review_id))
        return _shown(request, sample.review, samples, sample.place, fault=str(why), note=note)
    return redirect(reverse("teams:log_review", args=[sample.review_id]))


@require_http_methods(["GET", "POST"])
@allow(Permission.UNIT_OVERVIEW)
@fresh
@once
def log_review_sign(request, review_id):
    """The password is asked for again; whoever comes back from it has the same button on the month's own page."""
    review = LogReview.objects.mine(request.acting).filter(pk=review_id).first()
    if review is None:
        raise Http404
    if request.method == "POST":
        try:
            operations.sign_log_review(by=request.acting, review=review)
        except Refused as why:
            messages.warning(request, str(why))
        else:
            messages.success(request, "Loggkontrollen är signerad.")
            return redirect("teams:log_reviews")
    return redirect("teams:log_review", review.pk)
