"""The delegation scheme: the version in force, earlier ones, and the tester. Writing in it: ``scheme_draft``."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from exitprogram.sheets.book import XLSX
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission, may
from teams.board import late, untold
from teams.delegation import difference, draft_of, holder_of, rows_of_scheme, sample
from teams.forms.scheme import WhoForm
from teams.matters import committee_only
from teams.models import DecisionKind, DelegationScheme
from teams.sheets import sheet_of
from teams.who_decides import answers, why_nobody

READERS = (Permission.ADMINISTER, Permission.PROPOSE_DECISION)


def told(rows):
    """Rows as dicts with the words a page shows."""
    labels = dict(DecisionKind.choices)
    return [{**row, "label": labels[row["kind"]], "holder": holder_of(row)} for row in rows]


def told_difference(before, after):
    added, gone, changed = difference(before, after)
    rows = told(row for row, _what in changed)
    changed = [{**row, "what": what} for row, (_row, what) in zip(rows, changed, strict=True)]
    return {"added": told(added), "gone": told(gone), "changed": changed, "any": bool(added or gone or changed)}


def excel(data, name):
    """A file answer. The name says nothing about anybody."""
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@allow(*READERS)
def scheme(request):
    """What holds today, by row; the other versions; and for the administrator the draft."""
    today = timezone.localdate()
    now = DelegationScheme.objects.in_force(on=today).first()
    others = DelegationScheme.objects.adopted().exclude(pk=now.pk if now else None)
    context = {
        "scheme": now, "rows": told(rows_of_scheme(now)), "others": others, "today": today,
        "may_write": may(request.acting, Permission.ADMINISTER), "draft": draft_of(), "reserved": committee_only(),
        "untold": len(late(untold(), on=today)),
    }  # fmt: skip
    return render(request, "teams/scheme.html", context)


def _adopted_or_404(request, scheme_id):
    return get_object_or_404(DelegationScheme.objects.visible_to(request.acting).adopted(), pk=scheme_id)


@require_GET
@allow(*READERS)
def scheme_version(request, scheme_id):
    """One version, and what it changed."""
    version = _adopted_or_404(request, scheme_id)
    before = DelegationScheme.objects.adopted().filter(version__lt=version.version).first()
    rows = rows_of_scheme(version)
    context = {
        "scheme": version, "rows": told(rows), "before": before,
        "difference": told_difference(rows_of_scheme(before), rows) if before else None,
    }  # fmt: skip
    return render(request, "teams/scheme_version.html", context)


@require_GET
@allow(*READERS)
def scheme_sheet(request, scheme_id):
    version = _adopted_or_404(request, scheme_id)
    data = sheet_of(rows_of_scheme(version), f"Delegationsordning {version.version}")
    return excel(data, f"delegationsordning-{version.version}")


@require_GET
@allow(*READERS)
def scheme_sample(request):
    return excel(sheet_of(sample(), "Exempel"), "delegationsordning-exempel")


@require_GET
@allow(*READERS)
def who_decides(request):
    """«Vem får besluta om …?»"""
    form = WhoForm(request.GET or None)
    context = {"form": form, "asked": False}
    if form.is_valid():
        asked = {**form.cleaned_data, "on": form.cleaned_data["on"] or timezone.localdate()}
        kind = asked.pop("kind")
        found = answers(request.acting, kind, **asked)
        context |= {
            "asked": True, "on": asked["on"], "label": DecisionKind(kind).label,
            "why": why_nobody(kind, on=asked["on"]),
            "yes": [a for a in found if a.is_yes], "no": [a for a in found if not a.is_yes],
        }  # fmt: skip
    return render(request, "teams/who_decides.html", context)
