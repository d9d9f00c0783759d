import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases.door import case_or_404, case_page
from cases.forms import AdditionForm, NoteForm
from cases.models import CaseNote
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh_to_send, fresh_to_sign
from exitprogram.tenancy.prepared import looking, prepared_rows
from exitprogram.tenancy.roles import Permission


@require_GET
@allow(Permission.READ_CASE)
def note_list(request, case_id):
    case = case_or_404(request, case_id)
    notes = CaseNote.objects.visible_to(request.acting).filter(case=case).select_related("author__user")
    notes = notes.prefetch_related("additions__author__user")
    mine = [n for n in notes if n.signed_at or n.author_id == request.acting.pk]
    return case_page(request, "cases/notes.html", case, {"notes": mine}, page="notes")


@require_GET
@allow(Permission.WRITE_NOTE)
def note_new(request, case_id):
    """An empty page with its id chosen: the first letters typed make the draft, a page only looked at makes nothing."""
    case = case_or_404(request, case_id)
    draft = CaseNote.objects.filter(case=case, author=request.acting, signed_at=None).order_by("-created_at").first()
    if draft is not None:
        return redirect("cases:note", case.pk, draft.pk)
    return _page(request, case, NoteForm(initial={"event_on": timezone.localdate()}), uuid.uuid4(), 0)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@fresh_to_sign
@once
def note(request, case_id, note_id):
    """Write, save as one types, sign. One's own draft only; a signed note is read in the list."""
    with looking():
        case = case_or_404(request, case_id)
        mine = next(iter(_note(request.acting, case.pk, note_id)), None)
    if mine is None and request.method == "GET":
        return redirect("cases:note_new", case.pk)
    if mine is not None and mine.author_id != request.acting.pk:
        get_object_or_404(CaseNote.objects.none())
    if request.method == "POST":
        return _save(request, case, mine, note_id)
    form = NoteForm(initial={name: getattr(mine, name) for name in NoteForm.base_fields})
    return _page(request, case, form, mine.pk, mine.version, is_empty=not (mine.fact + mine.assessment).strip())


@prepared_rows
def _note(by, case, note):
    return CaseNote.objects.visible_to(by).filter(pk=note, case=case)


def _save(request, case, mine, note_id):
    if request.POST.get("keep") == "theirs":
        return redirect("cases:note", case.pk, note_id)
    form = NoteForm(request.POST)
    autosave = is_autosave(request)
    if autosave:
        form.fields["fact"].required = form.fields["source"].required = False
    if not form.is_valid():
        return (
            not_saved("Något behöver rättas.") if autosave else _page(request, case, form, note_id, _version(request))
        )
    try:
        mine = operations.save_note(
            by=request.acting, case=case, note=mine, note_id=note_id, version=_version(request), **form.cleaned_data
        )
        if "sign" in request.POST:
            operations.sign_note(by=request.acting, case=case, note=mine)
    except Stale as stale:
        both = _both(form, stale.current)
        if autosave:
            return both_versions(request, **both)
        return _page(request, case, form, note_id, stale.current.version, both, status=409)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, case, form, note_id, _version(request))
    if autosave:
        return saved(mine.version)
    messages.success(request, "Anteckningen är signerad." if "sign" in request.POST else "Utkastet är sparat.")
    return redirect("plans:person", case.pk)


def _both(form, theirs):
    """Only what differs, mine beside theirs."""
    fields = {name: field.label for name, field in form.fields.items()}
    differs = [name for name in fields if (form.cleaned_data[name] or "") != (getattr(theirs, name) or "")]
    return {
        "mine": "\n".join(f"{fields[name]}: {form.cleaned_data[name] or '–'}" for name in differs),
        "theirs": "\n".join(f"{fields[name]}: {getattr(theirs, name) or '–'}" for name in differs),
        "saved_by": "Du själv i en annan flik", "saved_at": timezone.now(), "seen_version": theirs.version,
    }  # fmt: skip


def _version(request):
    text = request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version", "")
    return whole_number(text)


def _page(request, case, form, note_id, version, conflict=None, status=200, is_empty=False):
    context = {"form": form, "note_id": note_id, "version": version, "conflict": conflict, "is_empty": is_empty}
    return case_page(request, "cases/note_form.html", case, context, page="note", status=status)


@require_POST
@allow(Permission.WRITE_NOTE)
@once
def note_discard(request, case_id, note_id):
    """A draft begun by a slip of the hand goes away while it is empty."""
    case = case_or_404(request, case_id)
    mine = CaseNote.objects.visible_to(request.acting).filter(author=request.acting, case=case)
    row = get_object_or_404(mine, pk=note_id)
    try:
        operations.discard_note(by=request.acting, case=case, note=row)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("cases:notes", case.pk)
    messages.success(request, "Det tomma utkastet är borta.")
    return redirect("plans:person", case.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@fresh_to_send
@once
def note_add(request, case_id, note_id):
    """A correction or the individual's objection, beside the signed note."""
    case = case_or_404(request, case_id)
    signed = CaseNote.objects.visible_to(request.acting).exclude(signed_at=None)
    row = get_object_or_404(signed.select_related("author__user"), pk=note_id, case=case)
    form = AdditionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.add_to_note, by=request.acting, case=case, note=row, **form.cleaned_data):
            messages.success(request, "Tillägget är sparat och låst.")
            return redirect("cases:notes", case.pk)
    return case_page(request, "cases/note_add.html", case, {"form": form, "note": row}, page="note")
