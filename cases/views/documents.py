from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms.documents import DocumentForm, ReadersForm, StatementForm
from cases.models import Document, DocumentReader
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import tried, whole_number
from exitprogram.scan.content import ENDING_OF
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission


def _document_or_404(request, case, document_id):
    rows = Document.objects.visible_to(request.acting).select_related("uploaded_by__user", "case")
    return get_object_or_404(rows, pk=document_id, case=case)


@require_GET
@allow(Permission.READ_CASE)
def document_list(request, case_id):
    case = case_or_404(request, case_id)
    rows = Document.objects.visible_to(request.acting).filter(case=case).select_related("uploaded_by__user")
    rows = list(rows.prefetch_related("readers"))
    waiting = any(row.state == Document.State.QUARANTINED for row in rows)
    context = {"documents": rows, "waiting": waiting}
    return case_page(request, "cases/documents.html", case, context, page="documents")


@require_http_methods(["GET", "POST"])
@allow(Permission.KEEP_DOCUMENTS)
@once
def document_new(request, case_id):
    case = case_or_404(request, case_id)
    form = DocumentForm(request.POST or None, request.FILES or None, by=request.acting, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.add_document(by=request.acting, case=case, **form.paper)
        except Refused as why:
            form.add_error("file", str(why))
        else:
            _say_saved(request, row)
            return redirect("cases:document", case.pk, row.pk)
    return case_page(request, "cases/document_form.html", case, {"form": form}, page="document_new")


def _say_saved(request, row):
    if row.state == Document.State.QUARANTINED:
        messages.warning(request, "Sparad, men genomsökningen svarar inte. Ingen kan öppna filen förrän den gör det.")
    else:
        messages.success(request, "Handlingen är sparad i akten.")


@require_GET
@allow(Permission.READ_CASE)
def document(request, case_id, document_id):
    """What it is, and who may read it."""
    case = case_or_404(request, case_id)
    row = _document_or_404(request, case, document_id)
    readers = DocumentReader.objects.filter(document=row).select_related("membership__user", "party", "set_by__user")
    now = [r for r in readers if r.ended_at is None]
    by_kind = {kind: [r for r in now if r.kind == kind] for kind in DocumentReader.Kind.values}
    context = {"document": row, "readers": by_kind, "before": [r for r in readers if r.ended_at]}
    return case_page(request, "cases/document.html", case, context, page="document")


@require_GET
@allow(Permission.READ_CASE)
def document_file(request, case_id, document_id):
    """Always as an attachment under a name that says nothing; the browser shows none of it by itself."""
    case = case_or_404(request, case_id)
    row = _document_or_404(request, case, document_id)
    try:
        data = operations.open_document(by=request.acting, document=row, case=case)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("cases:document", case.pk, row.pk)
    return attachment(data, row.content_type)


def attachment(data, content_type):
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="dokument.{ENDING_OF[content_type]}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@allow(Permission.KEEP_DOCUMENTS)
@once
def document_rescan(request, case_id, document_id):
    case = case_or_404(request, case_id)
    row = _document_or_404(request, case, document_id)
    try:
        row = operations.rescan_document(by=request.acting, document=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        if row.state == Document.State.REFUSED:
            messages.error(request, "Skadlig kod hittades. Filen är bortkastad; raden står kvar i akten.")
        else:
            messages.success(request, "Filen är genomsökt och kan öppnas.")
    return redirect("cases:document", case.pk, row.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.KEEP_DOCUMENTS)
@once
def document_readers(request, case_id, document_id):
    case = case_or_404(request, case_id)
    row = _document_or_404(request, case, document_id)
    initial = {"open_to": row.open_to, **_chosen(row)}
    form = ReadersForm(request.POST or None, initial=initial, by=request.acting, case=case, area=row.area)
    version = whole_number(request.POST.get("version")) if form.is_bound else row.version
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_document_readers(by=request.acting, document=row, version=version, **form.readers)
        except Stale as stale:
            form.add_error(None, "Någon annan ändrade läsarna nyss. Så här står det nu; ditt val är kvar nedanför.")
            version = stale.current.version
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Vem som får läsa är sparat.")
            return redirect("cases:document", case.pk, row.pk)
    now = DocumentReader.objects.in_force().filter(document=row).select_related("membership__user", "party")
    context = {"form": form, "document": row, "version": version, "now": now}
    status = 409 if form.is_bound and version != whole_number(request.POST.get("version")) else 200
    return case_page(request, "cases/document_readers.html", case, context, page="document", status=status)


def _chosen(row):
    now = DocumentReader.objects.in_force().filter(document=row)
    return {
        "members": [r.membership_id for r in now if r.kind == DocumentReader.Kind.MEMBER],
        "parties": [r.party_id for r in now if r.kind == DocumentReader.Kind.PARTY],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow(Permission.KEEP_DOCUMENTS)
@once
def document_statement(request, case_id, document_id):
    """A guardian, or the individual: may this paper be given out to them?"""
    case = case_or_404(request, case_id)
    row = _document_or_404(request, case, document_id)
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.state_reader, by=request.acting, document=row, **form.statement):
            messages.success(request, "Ställningstagandet är sparat.")
            return redirect("cases:document", case.pk, row.pk)
    return case_page(request, "cases/document_statement.html", case, {"form": form, "document": row}, page="document")
