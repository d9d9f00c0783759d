from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission, may
from teams import operations
from teams.conflicts import question_of, rests_on_me
from teams.forms.conflict import FollowerForm


@require_http_methods(["GET", "POST"])
@allow(Permission.READ_CASE, Permission.CONTRIBUTE)
@once
def question(request, case_id):
    """Before a case that somebody has added her to is opened: one question, one press. Whoever says yes and holds the
    case together chooses who takes over."""
    by = request.acting
    if question_of(by, case_id) is None:
        raise Http404
    knows = "yes" in request.POST
    resting = knows and rests_on_me(case_id)
    form = FollowerForm(request.POST if "successor" in request.POST else None, by=by)
    if request.method == "POST" and (not resting or form.is_valid()):
        follower = {"successor": form.cleaned_data["successor"]} if resting else {}
        if tried(form, operations.answer_conflict, by=by, case_id=case_id, knows=knows, **follower):
            if not knows:
                return redirect("plans:person", case_id) if may(by, Permission.READ_CASE) else redirect("tenancy:start")
            messages.success(request, "Tack. Ärendet är stängt för dig, och chefen vet att du har svarat ja.")
            return redirect("tenancy:start")
    asked = operations.view_question(by=by, case_id=case_id)
    return render(request, "teams/question.html", {"question": asked, "form": form, "resting": resting})
