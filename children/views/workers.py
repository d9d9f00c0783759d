"""Who may have children's cases: given, shown and ended by those who lead or administer. Nothing of a case is here."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import ChildWorker
from children import operations
from children.forms.workers import ChildWorkerForm
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.GIVE_CHILD_WORK)
@once
def workers(request):
    form = ChildWorkerForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        row = tried(form, operations.give_child_worker, by=request.acting, **form.cleaned_data)
        if row:
            messages.success(request, f"{row.membership.user.name} har fått behörigheten. Ärenden öppnas var för sig.")
            return redirect("children:workers")
    standing = ChildWorker.objects.visible_to(request.acting).in_force(on=timezone.localdate())
    standing = standing.select_related("membership__user", "given_by__user").order_by("membership__user__name", "pk")
    return render(request, "children/workers.html", {"form": form, "standing": standing})


@require_POST
@allow(Permission.GIVE_CHILD_WORK)
@once
def worker_end(request, worker_id):
    rows = ChildWorker.objects.visible_to(request.acting).select_related("membership__user")
    row = get_object_or_404(rows, pk=worker_id)
    try:
        operations.end_child_worker(by=request.acting, worker=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, f"Barns ärenden är stängda för {row.membership.user.name}.")
    return redirect("children:workers")
