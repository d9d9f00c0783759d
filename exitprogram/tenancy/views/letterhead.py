"""What stands at the top of the authority's letters, seen as it will look before and after it is saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.forms import LetterheadForm
from exitprogram.tenancy.letterheads import letterhead_of
from exitprogram.tenancy.models import Letterhead
from exitprogram.tenancy.roles import Permission

FIELDS = ("name", "postal", "visiting", "telephone", "email", "hours", "appeal", "version")


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def letterhead(request):
    saved = letterhead_of(request.acting.authority)
    form = LetterheadForm(request.POST or None, initial={name: getattr(saved, name) for name in FIELDS})
    shown = saved
    if request.method == "POST" and form.is_valid():
        shown = Letterhead(**{name: form.cleaned_data[name] for name in FIELDS})
        if "show" not in request.POST and tried(
            form, operations.save_letterhead, by=request.acting, **form.cleaned_data
        ):
            messages.success(request, "Brevhuvudet är sparat. Det står på breven från och med nu.")
            return redirect("tenancy:letterhead")
    return render(request, "tenancy/letterhead.html", {"form": form, "letterhead": shown, "saved": saved})


@require_GET
@allow(Permission.ADMINISTER)
def letterhead_sample(request):
    """A page of paper with nothing on it but what is saved."""
    html = render_to_string("tenancy/letterhead_sample.html", {"letterhead": letterhead_of(request.acting.authority)})
    try:
        data = pdf_of(html, identifier=request.acting.authority_id.bytes)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("tenancy:letterhead")
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="brevhuvud.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
