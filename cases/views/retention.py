"""Gallring: what the rules say of every closed case, by number; and the list that two people sign."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations, retention
from cases.door import case_or_404, case_page
from cases.forms.retention import ChosenForm, EndForm, HoldForm, MarkForm
from cases.models import ArchiveExport, Case, DisposalCertificate, DisposalList, RetentionMark
from exitprogram.errors import Refused
from exitprogram.jobs.models import Job
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tenancy.roles import Permission

PEOPLE = ("prepared_by__user", "signed_first_by__user", "signed_second_by__user", "carried_out_by__user")


@require_GET
@allow(Permission.DISPOSE)
def desk(request):
    """The dry run: every closed case, destroy from which day or keep, and why. Reading it changes nothing."""
    return _desk(request)


def _desk(request, form=None, status=200):
    operations.view_retention(by=request.acting, page="retention")
    today = timezone.localdate()
    verdicts = retention.verdicts(request.acting)
    lists = DisposalList.objects.visible_to(request.acting).select_related(*PEOPLE)
    chosen = form.data.getlist("case") if form is not None else None
    context = {
        "due": [v for v in verdicts if v.is_due(today)],
        "later": [v for v in verdicts if v.destroy_from and not v.is_due(today)],
        "kept": [v for v in verdicts if v.destroy_from is None], "today": today, "form": form, "chosen": chosen,
        "open_list": lists.filter(carried_out_at=None, dropped_at=None).first(),
        "base": rule("retention.base", on=today),
        "to_archive": ArchiveExport.objects.visible_to(request.acting).waiting().count(),
        "certificates": DisposalCertificate.objects.visible_to(request.acting).select_related(*PEOPLE),
    }  # fmt: skip
    return render(request, "cases/retention.html", context, status=status)


@require_POST
@allow(Permission.DISPOSE)
@once
def list_prepare(request):
    today = timezone.localdate()
    form = ChosenForm(request.POST, due=[v for v in retention.verdicts(request.acting) if v.is_due(today)])
    if form.is_valid():
        ids = [UUID(pk) for pk in form.cleaned_data["case"]]
        made = tried(form, operations.prepare_disposal, by=request.acting, case_ids=ids)
        if made:
            messages.success(request, "Listan är gjord. Två personer signerar den innan något gallras.")
            return redirect("cases:disposal", made.pk)
    return _desk(request, form)


def _list_or_404(request, list_id):
    return get_object_or_404(DisposalList.objects.visible_to(request.acting).select_related(*PEOPLE), pk=list_id)


@require_GET
@allow(Permission.DISPOSE)
def disposal(request, list_id):
    row = _list_or_404(request, list_id)
    operations.view_retention(by=request.acting, page="disposal")
    numbers = {v.facts.case_id: v.facts.number for v in retention.verdicts(request.acting)}
    items = list(row.items.all())
    for item in items:
        item.number, item.rule = numbers.get(item.target_id, "–"), rule(item.rule_id, on=item.last_on)
    mine = request.acting.user_id in {m.user_id for m in (row.signed_first_by, row.signed_second_by) if m}
    context = {
        "list": row, "items": items, "signed_by_me": mine, "signed": row.signed_second_by_id is not None,
        "job": Job.objects.filter(kind="disposal", subject_id=row.pk).first(),
        "certificate": DisposalCertificate.objects.visible_to(request.acting).filter(list=row).first(),
    }  # fmt: skip
    return render(request, "cases/disposal.html", context)


def _pressed(request, list_id, act, done):
    row = _list_or_404(request, list_id)
    try:
        act(by=request.acting, disposal=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, done)
    return redirect("cases:disposal", row.pk)


@require_POST
@allow(Permission.DISPOSE)
@fresh
@once
def sign(request, list_id):
    return _pressed(request, list_id, operations.sign_disposal, "Du har signerat listan.")


@require_POST
@allow(Permission.DISPOSE)
@once
def drop(request, list_id):
    return _pressed(request, list_id, operations.drop_disposal, "Listan är slängd. Ingenting är gallrat.")


@require_POST
@allow(Permission.DISPOSE)
@fresh
@once
def carry_out(request, list_id):
    """Asked for, and done as long work: many files take longer than a page."""
    return _pressed(request, list_id, operations.begin_disposal, "Gallringen har börjat. Beviset kommer här.")


@require_http_methods(["GET", "POST"])
@allow(Permission.DISPOSE)
@once
def hold(request, case_id):
    """A hold from outside the case: by number, for those who prepare destruction."""
    found = next((v for v in retention.verdicts(request.acting) if v.facts.case_id == case_id), None)
    if found is None:
        raise Http404
    operations.view_retention(by=request.acting, page="hold")
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = Case(pk=case_id, authority_id=request.acting.authority_id)
        given = {"by": request.acting, "case": case, "kind": RetentionMark.Kind.HOLD, **form.cleaned_data}
        if tried(form, operations.mark_retention, **given):
            messages.success(request, f"Ärende {found.facts.number} är spärrat och gallras inte.")
            return redirect("cases:retention")
    return render(request, "cases/retention_hold.html", {"form": form, "number": found.facts.number})


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE)
@once
def case_retention(request, case_id):
    """What the rules say of this case, and what only those who have it can answer."""
    case = case_or_404(request, case_id)
    form = MarkForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.mark_retention, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Sparat i akten.")
            return redirect("cases:case_retention", case.pk)
    house = retention.house_of(case.authority_id)
    marks = RetentionMark.objects.visible_to(request.acting).filter(case=case).select_related("set_by__user")
    context = {
        "form": form, "marks": [m for m in marks if m.ended_at is None], "ended": [m for m in marks if m.ended_at],
        "verdict": retention.judged(retention.facts_of(case), house),
    }  # fmt: skip
    return case_page(request, "cases/case_retention.html", case, context, page="retention")


@require_http_methods(["GET", "POST"])
@allow(Permission.KEEP_DOCUMENTS)
@once
def mark_end(request, case_id, mark_id):
    case = case_or_404(request, case_id)
    marks = RetentionMark.objects.visible_to(request.acting).select_related("case")
    mark = get_object_or_404(marks, pk=mark_id, case=case)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_retention_mark, by=request.acting, mark=mark, **form.cleaned_data):
            messages.success(request, "Det gäller inte längre.")
            return redirect("cases:case_retention", case.pk)
    return case_page(request, "cases/mark_end.html", case, {"form": form, "mark": mark}, page="retention")
