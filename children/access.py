"""The one question before anything is written in a child's case."""

from cases.access import require
from cases.models import Case
from exitprogram.errors import Refused


def of_child(by, permission, case):
    """The case, locked, when it is a child's and the membership may do this in it."""
    require(by, permission, case)
    case = Case.objects.select_for_update(of=("self",)).select_related("individual").get(pk=case.pk)
    if case.programme != Case.Programme.CHILD:
        raise Refused("Det här hör till ett barns ärende.")
    return case
