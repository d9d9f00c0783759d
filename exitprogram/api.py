"""Wiring of the API: its addresses and its own description (OpenAPI, made by drf-spectacular)."""

import functools
import json

from django.http import HttpResponse
from django.urls import path, re_path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from cases.api import clocks
from exitprogram.tokens.door import ApiView
from exitprogram.tokens.problems import CONTENT_TYPE, KINDS, Problem
from plans.api import views
from reporting.api import views as figures
from teams.api import views as decisions

app_name = "api"
ANSWERS = {"get": (400, 401, 403, 404, 422, 429), "post": (400, 401, 403, 404, 409, 413, 415, 422, 429)}
TAKEN = {"in": "header", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 100}}
PROBLEM = {
    "type": "object", "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {
            "pointer": {"type": "string"}, "detail": {"type": "string"}}}},
    },
}  # fmt: skip


@functools.cache
def described():
    """The OpenAPI document: what drf-spectacular finds in the views, and what the door does for all of them."""
    from drf_spectacular.generators import SchemaGenerator

    shown = [pattern for pattern in urlpatterns if not pattern.name.startswith("nowhere")]
    found = SchemaGenerator(patterns=[path("api/", _included(shown))]).get_schema(public=True)
    found["info"] |= {"title": "Exitprogram", "version": "1"}
    parts = found["components"]
    parts["schemas"]["Problem"] = PROBLEM
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for address, methods in found["paths"].items():
        for method, operation in methods.items():
            _completed(operation, method, is_public=address.endswith("schema/"))
    return json.dumps(found, ensure_ascii=False)


def _included(patterns):
    from django.urls import include

    return include((patterns, app_name))


def _completed(operation, method, is_public):
    if is_public:
        operation["security"] = []
        return
    operation["security"] = [{"token": []}]
    if method == "post":
        operation.setdefault("parameters", []).append({"name": "Idempotency-Key", **TAKEN})
    titles = {status: title[1] for status, title, _detail in KINDS.values()}
    for status in ANSWERS[method]:
        content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][str(status)] = {"description": titles[status], "content": content}


class Schema(ApiView):
    """This description."""

    access = "public"

    @extend_schema(operation_id="schema", request=None, responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request):
        return HttpResponse(described(), content_type="application/json")


class Nowhere(ApiView):
    """Every other address under /api/ answers as an unknown id does."""

    access = "public"

    def initial(self, request, *args, **kwargs):
        raise Problem("not-found")


urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("bundle-schema/", views.BundleSchema.as_view(), name="bundle_schema"),
    path("cases/", views.Cases.as_view(), name="cases"),
    path("cases/<uuid:case_id>/", views.OneCase.as_view(), name="case"),
    path("cases/<uuid:case_id>/versions/", views.Versions.as_view(), name="versions"),
    path("versions/<uuid:version_id>/", views.OneVersion.as_view(), name="version"),
    path("versions/<uuid:version_id>/recipients/", views.Recipients.as_view(), name="recipients"),
    path("versions/<uuid:version_id>/copies/", views.Copies.as_view(), name="copies"),
    path("copies/<uuid:copy_id>/", views.OneCopy.as_view(), name="copy"),
    path("measures/", views.Measures.as_view(), name="measures"),
    path("measures/<uuid:measure_id>/", views.OneMeasure.as_view(), name="measure"),
    path("measures/<uuid:measure_id>/status/", views.MeasureStatus.as_view(), name="measure_status"),
    path("measures/<uuid:measure_id>/day/", views.MeasureDay.as_view(), name="measure_day"),
    path("clocks/", clocks.Clocks.as_view(), name="clocks"),
    path("clocks/<uuid:clock_id>/", clocks.OneClock.as_view(), name="clock"),
    path("decisions/", decisions.Decisions.as_view(), name="decisions"),
    path("decisions/<uuid:decision_id>/", decisions.OneDecision.as_view(), name="decision"),
    path("letters/<uuid:letter_id>/", decisions.Letter.as_view(), name="letter"),
    path("figures/", figures.Figures.as_view(), name="figures"),
    path("figures/<uuid:publication_id>/", figures.OneFigures.as_view(), name="figures_of"),
    re_path(r"[\s\S]", Nowhere.as_view(), name="nowhere"),  # a line break, too, is nowhere
    path("", Nowhere.as_view(), name="nowhere_root"),
]
