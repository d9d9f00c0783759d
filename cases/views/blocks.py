from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.blocks import BlockForm, LiftForm
from cases.models import AccessBlock
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def blocks(request, case_id):
    """Who may never open the case, with the form for one more."""
    case = case_or_404(request, case_id)
    form = BlockForm(request.POST or None, by=request.acting)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data.pop("membership").user
        if tried(form, operations.block_access, by=request.acting, case=case, user=user, **form.cleaned_data):
            messages.success(
                request, f"{user.name} är spärrad. Det som var öppet är stängt, och ingenting sägs till hen."
            )
            return redirect("cases:blocks", case.pk)
    found = AccessBlock.objects.visible_to(request.acting).of_case(case)
    found = found.select_related("user", "set_by__user", "ended_by__user")
    context = {"form": form, "standing": [b for b in found if not b.ended_at], "past": [b for b in found if b.ended_at]}
    return case_page(request, "cases/blocks.html", case, context, page="blocks")


@require_http_methods(["GET", "POST"])
@allow(Permission.BUILD_TEAM)
@once
def block_lift(request, case_id, block_id):
    case = case_or_404(request, case_id)
    found = AccessBlock.objects.visible_to(request.acting).of_case(case).select_related("user")
    block = get_object_or_404(found, pk=block_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.lift_block, by=request.acting, case=case, block=block, **form.cleaned_data):
            messages.success(request, "Spärren är hävd. Ge åtkomst på nytt om hen behöver den.")
            return redirect("cases:blocks", case.pk)
    return case_page(request, "cases/block_lift.html", case, {"form": form, "row": block}, page="blocks")
