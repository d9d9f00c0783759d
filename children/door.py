"""The way into a child's case: an adult's gives the same 404 as one that is not there."""

from django.http import Http404

from cases.door import case_or_404
from cases.models import Case


def childs_case_or_404(request, case_id):
    case = case_or_404(request, case_id)
    if case.programme != Case.Programme.CHILD:
        raise Http404
    return case
