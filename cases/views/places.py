"""Where the person is: that a place exists for all who have the case, what it is for its readers, once and for a
reason."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.places import PlaceEndForm, PlaceForm, ReaderForm, RevealForm
from cases.models import Place, PlaceReader, PlaceReveal, PlaceText
from cases.operations.places import SHOWN_FOR, TooMany
from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission

SHOWINGS = 20  # the latest, on the page of one place


@require_GET
@allow(Permission.READ_CASE)
def place_list(request, case_id):
    """Kind, period and readers. Not a word of where."""
    case = case_or_404(request, case_id)
    by, today = request.acting, timezone.localdate()
    places = list(Place.objects.visible_to(by).filter(case=case))
    readers = PlaceReader.objects.visible_to(by).on_day(today).filter(case=case).select_related("membership__user")
    mine = set(PlaceText.objects.visible_to(by).filter(case=case).values_list("place_id", flat=True))
    for place in places:
        place.named = [r.membership.user.name for r in readers if r.place_id == place.pk]
        place.is_mine = place.pk in mine
        place.is_past = place.ends_on is not None and place.ends_on < today
    context = {"now": [p for p in places if not p.is_past], "past": [p for p in places if p.is_past]}
    return case_page(request, "cases/places.html", case, context, page="places")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def place_new(request, case_id):
    case = case_or_404(request, case_id)
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        place = tried(form, operations.add_place, by=request.acting, case=case, **form.cleaned_data)
        if place:
            messages.success(request, "Platsen är sparad. Bara du kan läsa den tills du utser någon mer.")
            return redirect("cases:place", case.pk, place.pk)
    return case_page(request, "cases/place_form.html", case, {"form": form}, page="place_form")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def place(request, case_id, place_id):
    """Who can read one place, who has been shown it and why; here a reader names the next."""
    case, row = _place_or_404(request, case_id, place_id)
    today = timezone.localdate()
    readers = PlaceReader.objects.visible_to(request.acting).on_day(today).filter(place=row)
    readers = list(readers.select_related("membership__user", "given_by__user"))
    form = ReaderForm(request.POST or None, case=case, readers=readers)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.name_reader, by=request.acting, case=case, place=row, **form.cleaned_data):
            messages.success(request, f"{form.cleaned_data['membership'].user.name} kan läsa platsen nu.")
            return redirect("cases:place", case.pk, row.pk)
    reveals = PlaceReveal.objects.visible_to(request.acting).filter(place=row).select_related("membership__user")
    context = {
        "place": row, "readers": readers, "form": form, "is_mine": _readable(request, row) is not None,
        "reveals": reveals[:SHOWINGS], "is_manager": request.acting.role == "unit_manager",
    }  # fmt: skip
    return case_page(request, "cases/place.html", case, context, page="place")


@require_POST
@allow(Permission.READ_CASE)
@once
def reader_end(request, case_id, reader_id):
    case = case_or_404(request, case_id)
    reader = get_object_or_404(PlaceReader.objects.visible_to(request.acting), pk=reader_id, case=case)
    try:
        operations.end_reader(by=request.acting, case=case, reader=reader)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Läsningen är stängd.")
    return redirect("cases:place", case.pk, reader.place_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def place_end(request, case_id, place_id):
    case, row = _place_or_404(request, case_id, place_id)
    form = PlaceEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_place, by=request.acting, case=case, place=row, **form.cleaned_data):
            messages.success(request, "Platsen har fått en sista dag.")
            return redirect("cases:places", case.pk)
    return case_page(request, "cases/place_end.html", case, {"form": form, "place": row}, page="place")


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@fresh
@once
def place_reveal(request, case_id, place_id):
    """The reason first. Nothing is shown by this page; it sends to the one that shows, once."""
    case, row = _place_or_404(request, case_id, place_id)
    get_object_or_404(PlaceText.objects.visible_to(request.acting), place=row)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reveal = operations.reveal_place(by=request.acting, case=case, place=row, **form.cleaned_data)
        except TooMany as why:
            operations.report_reveals(by=request.acting, case=case)
            form.add_error(None, str(why))
        except Refused as why:
            form.add_error(None, str(why))
        else:
            return redirect("cases:place_shown", case.pk, reveal.pk)
    return case_page(request, "cases/place_reveal.html", case, {"form": form, "place": row}, page="place_reveal")


@require_GET
@allow(Permission.READ_CASE)
@fresh
def place_shown(request, case_id, reveal_id):
    """Once, for a minute. A second look, «back» and «reload» find it hidden."""
    case = case_or_404(request, case_id)
    mine = PlaceReveal.objects.visible_to(request.acting).filter(membership=request.acting)
    reveal = get_object_or_404(mine, pk=reveal_id, case=case)
    try:
        text = operations.show_place(by=request.acting, case=case, reveal=reveal)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("cases:places", case.pk)
    context = {
        "text": text, "seconds": int(SHOWN_FOR.total_seconds()), "after": reverse("cases:places", args=[case.pk])
    }  # fmt: skip
    return case_page(request, "cases/place_shown.html", case, context, page="place_shown")


def _place_or_404(request, case_id, place_id):
    case = case_or_404(request, case_id)
    return case, get_object_or_404(Place.objects.visible_to(request.acting), pk=place_id, case=case)


def _readable(request, row):
    return PlaceText.objects.visible_to(request.acting).filter(place=row).only("pk").first()
