"""What every view of the API about cases has: one's own alone, and every reading written down with each case. Never
what an emergency has opened, nor a child's file that is read for some days: those are for somebody at a screen."""

import functools

from drf_spectacular.utils import extend_schema

from cases import operations
from cases.models import Case
from exitprogram.tenancy.roles import Permission
from exitprogram.tokens.door import ApiView

READS = frozenset({Permission.READ_CASE})
ReadOnly = functools.partial(extend_schema, request=None)


def own(model, by):
    """Rows of the cases one has."""
    return model.objects.visible_to(by).filter(case__in=Case.objects.held_by(by)).select_related("case")


class ReadView(ApiView):
    access, what = READS, ""

    def read(self, request, cases):
        """Written down with each case before anything of it is sent."""
        cases = list({case.pk: case for case in cases}.values())
        operations.view_by_system(by=request.acting, what=self.what, cases=cases, token=request.token)

    def page(self, request, rows, shape, case_of, ready=lambda row: row, within=()):
        """``within``: cases that an empty list, too, is a reading of."""
        pages = self.pagination_class()
        found = pages.paginate_queryset(rows, request, view=self)
        self.read(request, [*within, *map(case_of, found)])
        return pages.get_paginated_response(shape([ready(row) for row in found], many=True).data)
