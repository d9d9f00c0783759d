"""The published figures that the membership may see on *Uppföljning*, with what they mean; no row of a person."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from cases.api.views import ReadOnly
from exitprogram.tokens.door import ApiView
from exitprogram.tokens.models import Scope
from exitprogram.tokens.paging import Pages
from reporting import operations
from reporting.api import shapes
from reporting.definitions import TABLES
from reporting.models import Publication
from reporting.views.figures import READERS


class MadePages(Pages):
    ordering = ("made_at", "id")


def definitions():
    return [
        {"code": table.code, "title": table.title, "about": table.about, "chapter": table.chapter,
         "group": table.group,
         "rows": [{"category": name, "label": label} for name, label in table.categories.items()]}
        for table in TABLES
    ]  # fmt: skip


class Figures(ApiView):
    """What is published, every version of it; the cells are in each."""

    access, scope, pagination_class = frozenset(READERS), Scope.FIGURES, MadePages

    @ReadOnly(operation_id="figures", responses=shapes.PublicationShape(many=True))
    def get(self, request):
        pages = self.pagination_class()
        rows = Publication.objects.visible_to(request.acting).select_related("county")
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(shapes.PublicationShape(found, many=True).data)


class OneFigures(ApiView):
    access, scope = frozenset(READERS), Scope.FIGURES

    @ReadOnly(operation_id="figures_of", responses=shapes.WholePublicationShape)
    def get(self, request, publication_id):
        rows = Publication.objects.visible_to(request.acting).select_related("county")
        publication = get_object_or_404(rows, pk=publication_id)
        cells = operations.take_out_figures(by=request.acting, publication=publication, via="api")
        for cell in cells:
            cell.board_name = cell.board and cell.board.name
            cell.hidden = shapes.HIDDEN if cell.value is None else None
        publication.tables, publication.shown = definitions(), cells
        return Response(shapes.WholePublicationShape(publication).data)
