"""Those beside the child: who they are, who decides, what each may be given. Nothing goes to any of them by itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.door import case_page
from children import operations
from children.ages import steps_on
from children.agreement import asked
from children.custody import custody_on
from children.door import childs_case_or_404
from children.forms import guardians as forms
from children.models import Custody, Guardian, GuardianAnswer, GuardianMark, GuardianRelease, PartyLimit
from children.releases import GROWN, grown
from exitprogram.errors import Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.page.saving import tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, Role

PAGE = "guardians"


@require_GET
@allow(Permission.READ_CASE)
def guardians(request, case_id):
    case, today = childs_case_or_404(request, case_id), timezone.localdate()
    custody = custody_on(case, today)
    now, later = steps_on(case.individual.birth_date, today)
    found = Guardian.objects.visible_to(request.acting).filter(case=case)
    context = {
        "people": [_person(one, custody, today) for one in found], "custody": custody, "asked": asked(case, today),
        "law": rule(f"guardian.{custody.kind}", on=today) if custody.kind else None,
        "now": now, "later": later, "born": case.individual.birth_date, "today": today,
        "leads": request.acting.role == Role.UNIT_MANAGER, "grown": GROWN if grown(case, today) else "",
    }  # fmt: skip
    return case_page(request, "children/guardians.html", case, context, page=PAGE)


def _person(guardian, custody, today):
    releases = list(guardian.releases.select_related("decided_by__user", "withdrawn_by__user"))
    in_force = set(GuardianRelease.objects.in_force(on=today).filter(guardian=guardian).values_list("pk", flat=True))
    return {
        "row": guardian, "is_party": custody.has(guardian), "custody": list(guardian.custody.all()),
        "mark": guardian.marks.standing().select_related("noted_by__user").first(),
        "limit": guardian.limits.standing().select_related("decided_by__user").first(),
        "released": [(r, rule(r.ground_rule, on=r.starts_on)) for r in releases if r.pk in in_force],
        "stopped": [r for r in releases if r.pk not in in_force],
    }  # fmt: skip


def _guardian_or_404(request, case, guardian_id):
    return get_object_or_404(Guardian.objects.visible_to(request.acting), pk=guardian_id, case=case)


def _form_page(request, case, form, *, title, button, said="", guardian=None, danger=False):
    """One act on a page of its own: what it is about, the form, one button."""
    context = {"form": form, "title": title, "button": button, "said": said, "row": guardian, "danger": danger}
    return case_page(request, "children/guardian_form.html", case, context, page=PAGE)


def _carried_out(request, form, act, done, /, **given):
    """Carried out, and said so; the caller redirects."""
    if (
        request.method == "POST"
        and form.is_valid()
        and tried(form, act, by=request.acting, **given, **form.cleaned_data)
    ):
        messages.success(request, done)
        return True
    return False


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def guardian_new(request, case_id):
    case = childs_case_or_404(request, case_id)
    form = forms.GuardianForm(request.POST or None)
    if _carried_out(request, form, operations.add_guardian, "Sparat. Ingenting har gått till personen.", case=case):
        return redirect("children:guardians", case.pk)
    return _form_page(request, case, form, title="Någon nära barnet", button="Spara")


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def guardian_edit(request, case_id, guardian_id):
    case = childs_case_or_404(request, case_id)
    row = _guardian_or_404(request, case, guardian_id)
    now = {name: getattr(row, name) for name in forms.GuardianForm.base_fields}
    form, version, theirs = forms.GuardianForm(request.POST or None, initial=now), row.version, None
    if request.method == "POST" and form.is_valid():
        seen = whole_number(request.POST.get("seen_version") or request.POST.get("version"))
        try:
            operations.save_guardian(by=request.acting, case=case, guardian=row, version=seen, **form.cleaned_data)
        except Stale as stale:
            theirs, version = stale.current, stale.current.version
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Sparat.")
            return redirect("children:guardians", case.pk)
    context = {"form": form, "row": row, "version": version, "theirs": theirs, "title": row.name, "button": "Spara"}
    status = 409 if theirs else 200
    return case_page(request, "children/guardian_form.html", case, context, page=PAGE, status=status)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def custody_new(request, case_id, guardian_id):
    case = childs_case_or_404(request, case_id)
    row = _guardian_or_404(request, case, guardian_id)
    form = forms.CustodyForm(request.POST or None, initial={"starts_on": case.individual.birth_date})
    if _carried_out(request, form, operations.note_custody, "Vårdnaden är antecknad.", case=case, guardian=row):
        return redirect("children:guardians", case.pk)
    said = "Den som har vårdnaden är part. Ingenting går till personen av sig själv."
    return _form_page(request, case, form, title="Vårdnad", button="Spara", guardian=row, said=said)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def custody_end(request, case_id, custody_id):
    case = childs_case_or_404(request, case_id)
    rows = Custody.objects.visible_to(request.acting).select_related("guardian")
    row = get_object_or_404(rows, pk=custody_id, case=case)
    form = forms.EndCustodyForm(request.POST or None)
    if _carried_out(
        request, form, operations.end_custody, "Vårdnadens sista dag är antecknad.", case=case, custody=row
    ):
        return redirect("children:guardians", case.pk)
    said = "Efter den dagen kan inget lämnas på den grunden att personen har vårdnaden eller är part."
    return _form_page(request, case, form, title="Vårdnaden upphör", button="Spara", guardian=row.guardian, said=said)


@require_http_methods(["GET", "POST"])
@allow(Permission.WRITE_NOTE)
@once
def mark_new(request, case_id, guardian_id):
    case = childs_case_or_404(request, case_id)
    row = _guardian_or_404(request, case, guardian_id)
    form = forms.MarkForm(request.POST or None)
    done = "Antecknat. Allt som var släppt till personen är taget tillbaka."
    if _carried_out(request, form, operations.mark_guardian, done, case=case, guardian=row):
        return redirect("children:guardians", case.pk)
    released = GuardianRelease.objects.in_force(on=timezone.localdate()).filter(guardian=row).count()
    said = (
        f"Inget mer lämnas till personen. {released} släppta uppgifter tas tillbaka. Bara enhetschefen kan avsluta det."
    )
    return _form_page(request, case, form, title="Misstanke", button="Anteckna", guardian=row, said=said, danger=True)


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def mark_end(request, case_id, mark_id):
    case = childs_case_or_404(request, case_id)
    rows = GuardianMark.objects.visible_to(request.acting).standing().select_related("guardian")
    row = get_object_or_404(rows, pk=mark_id, case=case)
    form = forms.ReasonForm(request.POST or None)
    if _carried_out(request, form, operations.end_guardian_mark, "Avslutat.", case=case, mark=row):
        return redirect("children:guardians", case.pk)
    said = "Det som togs tillbaka förblir stängt tills det släpps på nytt."
    return _form_page(
        request, case, form, title="Misstanken gäller inte längre", button="Avsluta", guardian=row.guardian, said=said
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def limit_new(request, case_id, guardian_id):
    case = childs_case_or_404(request, case_id)
    row = _guardian_or_404(request, case, guardian_id)
    form = forms.LimitForm(request.POST or None)
    if _carried_out(request, form, operations.limit_party, "Begränsningen gäller.", case=case, guardian=row):
        return redirect("children:guardians", case.pk)
    said = "En part har rätt att ta del av det som tillförs ärendet. Bara en skriven grund kan begränsa det."
    return _form_page(request, case, form, title="Begränsa en parts insyn", button="Begränsa", guardian=row, said=said)


@require_http_methods(["GET", "POST"])
@allow(Permission.DISCLOSE)
@once
def limit_end(request, case_id, limit_id):
    case = childs_case_or_404(request, case_id)
    rows = PartyLimit.objects.visible_to(request.acting).standing().select_related("guardian")
    row = get_object_or_404(rows, pk=limit_id, case=case)
    form = forms.ReasonForm(request.POST or None)
    if _carried_out(request, form, operations.end_party_limit, "Begränsningen är avslutad.", case=case, limit=row):
        return redirect("children:guardians", case.pk)
    return _form_page(request, case, form, title="Begränsningen upphör", button="Avsluta", guardian=row.guardian)


@require_http_methods(["GET", "POST"])
@allow(Permission.RECORD_CONSENT)
@once
def answer_new(request, case_id, guardian_id):
    case = childs_case_or_404(request, case_id)
    row = _guardian_or_404(request, case, guardian_id)
    form = forms.AnswerForm(request.POST or None, initial={"about": _same_question(request, case)})
    if _carried_out(request, form, operations.note_answer, "Svaret är antecknat.", case=case, guardian=row):
        return redirect("children:guardians", case.pk)
    return _form_page(request, case, form, title="Svar från vårdnadshavare", button="Spara", guardian=row)


def _same_question(request, case):
    """What another guardian has already answered, by the id of her answer: its words would lie in every history."""
    rows = GuardianAnswer.objects.visible_to(request.acting).filter(case=case)
    wanted = request.GET.get("om", "")
    return next((row.about for row in rows if str(row.pk) == wanted), "")
