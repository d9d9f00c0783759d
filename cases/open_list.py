"""*Personer*: the cases open to somebody, in order of number, a piece at a time."""

from django.db.models import Count, F, Subquery, Window
from django.db.models.functions import RowNumber

from cases.models import Case
from exitprogram.tenancy.prepared import prepared_rows


@prepared_rows
def open_to(by, most):
    return _first(Case.objects.visible_to(by).active(), most)


@prepared_rows
def cases_after(by, last, most):
    """From where the case ``last`` left off: nothing, when it is not open to her."""
    place = Case.objects.visible_to(by).filter(pk=last).values("number")
    return _first(Case.objects.visible_to(by).active().filter(number__gt=Subquery(place)), most)


def _first(cases, most):
    """The first, and how many there are from there on (``of``): counted where they are sorted."""
    cases = cases.annotate(place=Window(RowNumber(), order_by=[F("number"), F("pk")]), of=Window(Count("pk")))
    return cases.filter(place__lte=most).select_related("individual", "worker__user").order_by("number", "pk")
