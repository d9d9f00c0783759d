from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import desk_page
from cases.forms.outreach import OpenContactForm
from cases.models import Case, OpenAccessContact
from cases.outreach import monthly
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

AT_MOST = 50
# Whoever rings, writes or comes has made the contact herself.
CONTACT_WAYS = {"street": Case.ContactWay.OUTREACH, "online": Case.ContactWay.OUTREACH}


@require_GET
@allow(Permission.CREATE_CASE)
def open_contacts(request):
    """The newest, to go on from. Nobody's name: neither whose contact it was nor who met them."""
    contacts = OpenAccessContact.objects.visible_to(request.acting)[:AT_MOST]
    context = {"contacts": contacts, "law": rule("open_access", on=timezone.localdate())}
    return desk_page(request, "cases/open_contacts.html", context, page="open_access")


@require_GET
@allow(Permission.CREATE_CASE)
def open_figures(request):
    months = monthly(request.acting, on=timezone.localdate())
    return desk_page(request, "cases/open_figures.html", {"months": months}, page="open_access_figures")


@require_http_methods(["GET", "POST"])
@allow(Permission.CREATE_CASE)
@once
def open_contact_new(request):
    form = OpenContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.record_open_contact, by=request.acting, **form.cleaned_data):
            messages.success(request, "Kontakten är räknad. Ingen person är antecknad.")
            return redirect("cases:open_contacts")
    return render(request, "cases/open_contact_form.html", {"form": form})


@require_POST
@allow(Permission.CREATE_CASE)
@once
def open_contact_case(request, contact_id):
    """The person wants a case. On to the forced search, and all that goes with it is in what way the contact came."""
    contact = _contact_or_404(request, contact_id)
    try:
        operations.convert_open_contact(by=request.acting, contact=contact)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("cases:open_contacts")
    messages.success(request, "Kontakten räknas som ett ärende. Sök nu på personen innan du lägger till hen.")
    return redirect("cases:open_contact_search", CONTACT_WAYS.get(contact.way, Case.ContactWay.SELF))


@require_GET
@allow(Permission.CREATE_CASE)
def open_contact_search(request, contact_way):
    """A search like any other, which remembers how the contact came."""
    if contact_way not in Case.ContactWay:
        raise Http404
    return render(request, "cases/open_contact_search.html", {"contact_way": contact_way})


@require_POST
@allow(Permission.CREATE_CASE)
@once
def open_contact_blank(request, contact_id):
    operations.blank_open_contact(by=request.acting, contact=_contact_or_404(request, contact_id))
    messages.success(request, "Texten är borta.")
    return redirect("cases:open_contacts")


def _contact_or_404(request, contact_id):
    return get_object_or_404(OpenAccessContact.objects.visible_to(request.acting), pk=contact_id)
