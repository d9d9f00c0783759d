from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission
from reporting import cooperation
from reporting.flow import board_with_flow, my_questions, rows
from reporting.forms.questions import QuestionForm
from reporting.models import SupportRequest
from reporting.operations import ask_about_plan, view_region
from reporting.region import LACKS, boards


@require_GET
@allow(Permission.REGION_OVERVIEW)
def region(request):
    """What is wrong now, board by board, before anything is pressed."""
    by = request.acting
    view_region(by=by, page="region")
    context = {
        "boards": boards(), "headings": LACKS.values(),
        "asked_of_me": SupportRequest.objects.visible_to(by).waiting().count(),
        "questions": my_questions(),
    }  # fmt: skip
    return render(request, "reporting/region.html", context)


@require_GET
@allow(Permission.REGION_OVERVIEW)
def flow(request, board_id):
    """The plans behind the figures, by the reader's own words for each."""
    board = _board_or_404(board_id)
    lacking = request.GET.get("visa", "")
    lacking = lacking if lacking in LACKS else ""
    view_region(by=request.acting, page="flow", board=board)
    asked = {question.ref: question for question in reversed(my_questions())}
    found = [(row, asked.get(row.ref)) for row in rows(board, lacking=lacking)]
    return render(
        request, "reporting/flow.html", {"board": board, "rows": found, "lacks": LACKS.items(), "lacking": lacking}
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.REGION_OVERVIEW)
@once
def plan(request, board_id, ref):
    """One plan, with what has been asked about it and the form for one more question."""
    board = _board_or_404(board_id)
    row = next((row for row in rows(board) if row.ref == ref), None)
    if row is None:
        raise Http404
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, ask_about_plan, by=request.acting, board=board, ref=ref, **form.cleaned_data):
            messages.success(request, "Frågan är skickad till dem som har ärendet. Svaret visas här.")
            return redirect("reporting:flow", board.pk)
    view_region(by=request.acting, page="plan", board=board)
    asked = [question for question in my_questions() if question.ref == ref]
    return render(request, "reporting/flow_plan.html", {"board": board, "row": row, "form": form, "asked": asked})


@require_GET
@allow(Permission.REGION_OVERVIEW)
def cooperation_map(request):
    """Who works with whom, and what ends when: a picture and the same as a list."""
    view_region(by=request.acting, page="map")
    bonds = cooperation.bonds()
    return render(request, "reporting/map.html", {"bonds": bonds, "picture": cooperation.Picture(bonds)})


def _board_or_404(board_id):
    board = board_with_flow(board_id)
    if board is None:
        raise Http404
    return board
