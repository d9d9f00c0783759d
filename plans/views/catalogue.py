"""The measures that are offered where a plan is written, and those that the authority adds itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.catalogue import national
from plans.forms.catalogue import CatalogueForm
from plans.models import CatalogueMeasure


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def catalogue(request):
    form = CatalogueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_catalogue_measure, by=request.acting, **form.cleaned_data):
            messages.success(request, "Insatsen finns i katalogen.")
            return redirect("plans:catalogue")
    own = CatalogueMeasure.objects.visible_to(request.acting).in_use(timezone.localdate())
    return render(request, "plans/catalogue.html", {"form": form, "own": own, "national": national()})


@require_POST
@allow(Permission.ADMINISTER)
@once
def catalogue_withdraw(request, row_id):
    row = get_object_or_404(CatalogueMeasure.objects.visible_to(request.acting), pk=row_id)
    try:
        operations.withdraw_catalogue_measure(by=request.acting, row=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Insatsen är borttagen ur katalogen. Planer som har den behåller den.")
    return redirect("plans:catalogue")
