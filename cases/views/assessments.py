import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases import instruments, operations
from cases.assessments import answers_in_words, newest_threats, repeated, used_in
from cases.door import case_or_404, case_page
from cases.forms.assessment import AssessmentForm, ThreatRows, answered
from cases.models import Assessment
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_sign
from exitprogram.tenancy.roles import Permission, may

THREAT = ("kind", "who", "relation", "knows", "last_contact", "ability")


@require_GET
@allow(Permission.READ_CASE)
def assessment_list(request, case_id):
    """What has been done, the repeated measures as charts beside their table, and what may be begun."""
    case = case_or_404(request, case_id)
    rows = list(Assessment.objects.visible_to(request.acting).filter(case=case).select_related("author__user"))
    for row in rows:
        row.used = used_in(row)
        row.name = row.answers.get("name", "") if row.used.id == "external" else ""
    context = {
        "assessments": rows, "series": repeated(request.acting, case),
        "may_begin": instruments.in_force(on=timezone.localdate())
        if may(request.acting, Permission.WRITE_NOTE) else [],
    }  # fmt: skip
    return case_page(request, "cases/assessments.html", case, context, page="assessments")


@require_GET
@allow(Permission.WRITE_NOTE)
def assessment_new(request, case_id, instrument):
    """An empty page with its id chosen: the first answer makes the draft. One's own draft is gone on with."""
    case = case_or_404(request, case_id)
    used = instruments.newest(instrument, on=timezone.localdate())
    if used is None:
        raise Http404
    drafts = Assessment.objects.visible_to(request.acting).filter(case=case, author=request.acting, signed_at=None)
    draft = drafts.filter(instrument=used.id).order_by("-created_at").first()
    if draft is not None:
        return redirect("cases:assessment", case.pk, draft.pk)
    before = newest_threats(request.acting, case)
    threats = ThreatRows(initial=_as_rows(before)) if used.threats else None
    return _page(request, case, AssessmentForm(used=used), threats, uuid.uuid4(), 0)


def _as_rows(assessment):
    """The persons and networks of a draft, or those seen the last time, to begin a new assessment from."""
    rows = assessment.threats.all() if assessment else ()
    return [{name: getattr(one, name) for name in THREAT} for one in rows]


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@fresh_to_sign
@once
def assessment(request, case_id, assessment_id):
    """One's own draft is written on; a signed one is read."""
    case = case_or_404(request, case_id)
    row = Assessment.objects.visible_to(request.acting).filter(pk=assessment_id, case=case).first()
    if request.method == "POST":
        return _save(request, case, row, assessment_id)
    row = row or get_object_or_404(Assessment.objects.none())
    if row.signed_at:
        context = {"assessment": row, "used": used_in(row), "domains": answers_in_words(row)}
        return case_page(request, "cases/assessment.html", case, context, page="assessment")
    form = AssessmentForm(initial=answered(row), used=used_in(row))
    threats = ThreatRows(initial=_as_rows(row)) if form.used.threats else None
    return _page(request, case, form, threats, row.pk, row.version)


def _save(request, case, row, assessment_id):
    autosave = is_autosave(request)
    if request.POST.get("keep") == "theirs":
        return redirect("cases:assessment", case.pk, assessment_id)
    used = used_in(row) if row else _chosen(request)
    form, threats = AssessmentForm(request.POST, used=used), ThreatRows(request.POST) if used.threats else None
    version = whole_number(request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version"))
    if not form.is_valid() or not (threats is None or threats.is_valid()):
        return not_saved("Något behöver rättas.") if autosave else _page(
            request, case, form, threats, assessment_id, version
        )  # fmt: skip
    try:
        row = operations.save_assessment(
            by=request.acting, case=case, instrument=used.id, instrument_version=used.version, assessment=row,
            assessment_id=assessment_id, version=version, threats=threats.given if threats else (), **form.given,
        )  # fmt: skip
        if "sign" in request.POST and not autosave:
            operations.sign_assessment(by=request.acting, case=case, assessment=row)
    except Stale as stale:
        both = _both(form, threats, stale.current)
        if autosave:
            return both_versions(request, **both)
        return _page(request, case, form, threats, assessment_id, stale.current.version, both, status=409)
    except Refused as why:
        form.add_error(None, str(why))
        version = row.version if row else version
        return not_saved(str(why)) if autosave else _page(request, case, form, threats, assessment_id, version)
    return saved(row.version) if autosave else _done(request, case, row)


def _chosen(request):
    """The page says which version it showed; anything else is not a page of ours."""
    used = instruments.instrument(request.POST.get("instrument"), request.POST.get("instrument_version"))
    if used is None:
        raise Http404
    return used


def _done(request, case, row):
    if "more" in request.POST:
        return redirect("cases:assessment", case.pk, row.pk)
    signed = "sign" in request.POST
    messages.success(request, "Bedömningen är signerad och låst." if signed else "Utkastet är sparat.")
    return redirect("cases:assessments", case.pk)


def _both(form, threats, theirs):
    """All of both: whole rows of threats differ too easily to be compared field by field."""
    there = AssessmentForm(answered(theirs), used=form.used)
    there.is_valid()
    return {
        "mine": _told(form, threats.given if threats else []),
        "theirs": _told(there, _as_rows(theirs)),
        "saved_by": "Du själv i en annan flik", "saved_at": timezone.now(), "seen_version": theirs.version,
    }  # fmt: skip


def _told(form, threats):
    lines = [f"{field.label}: {form.cleaned_data.get(name) or '–'}" for name, field in form.fields.items()]
    rows = [", ".join(one[name] for name in THREAT[1:] if one.get(name)) for one in threats]
    return "\n".join([*lines, *[f"Hot: {row}" for row in rows if row]])


def _page(request, case, form, threats, assessment_id, version, conflict=None, status=200):
    context = {
        "form": form, "threats": threats, "used": form.used, "assessment_id": assessment_id, "version": version,
        "conflict": conflict,
    }  # fmt: skip
    return case_page(request, "cases/assessment_form.html", case, context, page="assessment", status=status)
