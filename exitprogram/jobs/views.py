from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from exitprogram.errors import Refused
from exitprogram.jobs import operations
from exitprogram.jobs.models import Job
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

MOST_ASKINGS = 150  # every other second
ASKERS = (Permission.EXPORT_PLAN, Permission.DISPOSE, Permission.REGION_OVERVIEW)


@require_GET
@allow(*ASKERS)
def jobs(request):
    """One's own long work. Asks for itself anew while something goes on, for five minutes: whoever has walked away must
    still be signed out. The link does the same without scripts."""
    mine = list(Job.objects.visible_to(request.acting).filter(expires_on__gte=timezone.localdate())[:100])
    context = {"going": [job for job in mine if job.is_going], "ended": [job for job in mine if not job.is_going]}
    times = request.GET.get("varv", "0")
    context["next"] = int(times) + 1 if times.isdecimal() and len(times) < 4 else MOST_ASKINGS
    context["follow"] = bool(context["going"]) and context["next"] < MOST_ASKINGS
    for job in mine:
        job.url = job.said.page(job)
    return render(request, "jobs/list.html" if request.htmx else "jobs/jobs.html", context)


@require_POST
@allow(*ASKERS)
@once
def job_cancel(request, job_id):
    job = get_object_or_404(Job.objects.visible_to(request.acting), pk=job_id)
    try:
        job = operations.cancel_job(by=request.acting, job=job)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        stopped = job.state == Job.State.CANCELLED
        messages.success(request, "Avbrutet." if stopped else "Det stannar före nästa del. Det som är gjort är gjort.")
    return redirect("jobs:jobs")
