"""What the child has said, or why it was not heard; and what is best for it, weighed before something is decided."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_page
from children import operations
from children.ages import is_party
from children.deciding import facts
from children.door import childs_case_or_404
from children.forms import voice as forms
from children.models import BestInterest, ChildVoice
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from teams.models import Decision

PAGE = "voice"


@require_GET
@allow(Permission.READ_CASE)
def voices(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    rows = ChildVoice.objects.visible_to(request.acting).filter(case=case).select_related("written_by__user")
    weighed = BestInterest.objects.visible_to(request.acting).filter(case=case)
    weighed = weighed.select_related("voice", "decision", "written_by__user")
    waiting = Decision.objects.visible_to(request.acting).waiting().filter(case=case, best_interests=None)
    context = {
        "voices": rows, "weighed": [(one, list(facts(one))) for one in weighed], "waiting": waiting,
        "law": rule("child.best", on=today), "alone": rule("child.talk_alone", on=today),
    }  # fmt: skip
    return case_page(request, "children/voices.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def voice_new(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    form = forms.HeardForm(request.POST or None, initial={"asked_by": request.acting.user.name})
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.hear_child, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Barnets ord är sparade och låsta.")
            return redirect("children:voices", case.pk)
    context = {"form": form, "alone": rule("child.talk_alone", on=today),
               "party": is_party(case.individual.birth_date, today)}  # fmt: skip
    return case_page(request, "children/voice_form.html", case, context, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def voice_unheard(request, case_id):
    case = childs_case_or_404(request, case_id)
    form = forms.UnheardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.note_unheard, by=request.acting, case=case, **form.cleaned_data):
            messages.success(request, "Antecknat. Fråga barnet så snart det går.")
            return redirect("children:voices", case.pk)
    return case_page(request, "children/unheard_form.html", case, {"form": form}, page=PAGE)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def weigh(request, case_id, decision_id):
    """Before a decision: back to it when it is done."""
    case = childs_case_or_404(request, case_id)
    rows = Decision.objects.visible_to(request.acting).waiting()
    decision = get_object_or_404(rows, pk=decision_id, case=case)
    return _weigh(request, case, forms.WeighForm, decision=decision)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def weigh_other(request, case_id):
    return _weigh(request, childs_case_or_404(request, case_id), forms.WeighOtherForm)


def _weigh(request, case, make, decision=None):
    voices = ChildVoice.objects.visible_to(request.acting).filter(case=case)
    form = make(request.POST or None, voices=voices)
    if request.method == "POST" and form.is_valid():
        given = {"about": "decision", "decision": decision} if decision else {}
        given |= form.cleaned_data
        if tried(form, operations.weigh_best_interest, by=request.acting, case=case, **given):
            messages.success(request, "Barnets bästa är prövat. Prövningen är låst.")
            return redirect("teams:decide", decision.pk) if decision else redirect("children:voices", case.pk)
    context = {"form": form, "decision": decision, "voices": voices, "law": rule("child.best", on=timezone.localdate())}
    return case_page(request, "children/weigh.html", case, context, page=PAGE)
