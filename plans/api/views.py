"""What another system may read and report: one's own cases, their plans, measures, clocks, and the plan as a file.
Never what an emergency has opened: that is for somebody at a screen. Every reading is logged with each case."""

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from cases.api.views import ReadOnly, ReadView, own
from cases.models import Case, Disclosure
from exitprogram.tenancy.roles import Permission
from exitprogram.tokens.door import ApiView, once_per_key
from exitprogram.tokens.fields import given
from exitprogram.tokens.models import Scope
from exitprogram.tokens.paging import Pages
from plans import operations
from plans.api import shapes
from plans.content import content_of
from plans.exchange import CONTENT_TYPE, published
from plans.exports import recipients
from plans.models import Measure, PlanVersion


def cases_of(by):
    """The cases that the membership has, by more than an emergency, with the step and day of the newest plan."""
    newest = PlanVersion.objects.filter(case=OuterRef("pk")).order_by("-plan__created_at", "-number")
    return Case.objects.held_by(by).annotate(
        state=Subquery(newest.values("state")[:1]), ended_on=Subquery(newest.values("plan__ended_on")[:1]),
        agreed_on=Subquery(newest.values("agreed_at__date")[:1]),
    )  # fmt: skip


def with_step(case):
    state = "agreed" if case.state == PlanVersion.State.SUPERSEDED else case.state or "opened"
    case.step = "closed" if case.closed_on else "ended" if case.ended_on else state
    return case


class Cases(ReadView):
    scope, what, pagination_class = Scope.CASES, "cases", Pages

    @ReadOnly(operation_id="cases", responses=shapes.CaseShape(many=True))
    def get(self, request):
        return self.page(request, cases_of(request.acting), shapes.CaseShape, lambda case: case, with_step)


class OneCase(ReadView):
    scope, what = Scope.CASES, "cases"

    @ReadOnly(operation_id="case", responses=shapes.CaseShape)
    def get(self, request, case_id):
        case = get_object_or_404(cases_of(request.acting), pk=case_id)
        self.read(request, [case])
        return Response(shapes.CaseShape(with_step(case)).data)


class Versions(ReadView):
    scope, what, pagination_class = Scope.PLANS, "versions", Pages

    @ReadOnly(operation_id="versions", responses=shapes.VersionShape(many=True))
    def get(self, request, case_id):
        case = get_object_or_404(Case.objects.held_by(request.acting), pk=case_id)
        rows = own(PlanVersion, request.acting).filter(case=case)
        return self.page(request, rows, shapes.VersionShape, lambda row: row.case, within=[case])


class OneVersion(ReadView):
    scope, what = Scope.PLANS, "plan"

    @ReadOnly(operation_id="version", responses=shapes.WholeVersionShape)
    def get(self, request, version_id):
        version = get_object_or_404(own(PlanVersion, request.acting), pk=version_id)
        self.read(request, [version.case])
        version.content = content_of(version, on=timezone.localdate())
        return Response(shapes.WholeVersionShape(version).data)


class Measures(ReadView):
    """Of the versions in force."""

    scope, what, pagination_class = Scope.MEASURES, "measures", Pages

    @ReadOnly(operation_id="measures", responses=shapes.MeasureShape(many=True))
    def get(self, request):
        rows = own(Measure, request.acting).filter(version__state=PlanVersion.State.AGREED)
        return self.page(request, rows, shapes.MeasureShape, lambda row: row.case)


class OneMeasure(ReadView):
    scope, what = Scope.MEASURES, "measures"

    @ReadOnly(operation_id="measure", responses=shapes.MeasureShape)
    def get(self, request, measure_id):
        measure = get_object_or_404(own(Measure, request.acting), pk=measure_id)
        self.read(request, [measure.case])
        return Response(shapes.MeasureShape(measure).data)


class MeasureStatus(ReadView):
    access, scope, what = frozenset({Permission.EDIT_PLAN}), Scope.REPORT, "measures"

    @extend_schema(operation_id="report", request=shapes.StatusGiven, responses=shapes.MeasureShape)
    @once_per_key
    def post(self, request, measure_id):
        measure = get_object_or_404(own(Measure, request.acting), pk=measure_id)
        return operations.set_measure_status(by=request.acting, measure=measure, **given(shapes.StatusGiven, request))

    def shown(self, request, measure_id):
        measure = get_object_or_404(own(Measure, request.acting), pk=measure_id)
        self.read(request, [measure.case])
        return Response(shapes.MeasureShape(measure).data)


class MeasureDay(MeasureStatus):
    """Another day for what is not done, with why; the agreed day stands beside it."""

    @extend_schema(operation_id="move", request=shapes.DayGiven, responses=shapes.MeasureShape)
    @once_per_key
    def post(self, request, measure_id):
        measure = get_object_or_404(own(Measure, request.acting), pk=measure_id)
        return operations.move_measure(by=request.acting, measure=measure, **given(shapes.DayGiven, request))


class Recipients(ReadView):
    access, scope, what = frozenset({Permission.EXPORT_PLAN}), Scope.COPIES, "recipients"

    @ReadOnly(operation_id="recipients", responses=shapes.RecipientShape(many=True))
    def get(self, request, version_id):
        version = get_object_or_404(own(PlanVersion, request.acting), pk=version_id)
        self.read(request, [version.case])
        return Response(shapes.RecipientShape([_told(one) for one in recipients(version.case)], many=True).data)


def _told(recipient):
    areas = None if recipient.areas is None else sorted(recipient.areas)
    return {**{name: getattr(recipient, name) for name in ("key", "kind", "name", "ground")}, "areas": areas}


class Copies(ReadView):
    """A numbered copy of an agreed version as a FHIR bundle, for one recipient; a disclosure."""

    access, scope = frozenset({Permission.EXPORT_PLAN}), Scope.COPIES

    @extend_schema(operation_id="release", request=shapes.RecipientGiven, responses={201: shapes.CopyShape})
    @once_per_key
    def post(self, request, version_id):
        version = get_object_or_404(own(PlanVersion, request.acting), pk=version_id)
        key = given(shapes.RecipientGiven, request)["recipient"]
        return operations.release_bundle(by=request.acting, plan_version=version, recipient_key=key, via="api")

    def shown(self, request, disclosure_id):
        copy = get_object_or_404(own(Disclosure, request.acting), pk=disclosure_id)
        return Response(shapes.CopyShape(copy).data, 201, headers={"Location": f"/api/copies/{copy.pk}/"})


class OneCopy(ReadView):
    """The file as it was given out: the same bytes each time."""

    access, scope = frozenset({Permission.EXPORT_PLAN}), Scope.COPIES

    @ReadOnly(operation_id="copy", responses={(200, "application/fhir+json"): OpenApiTypes.OBJECT})
    def get(self, request, copy_id):
        copies = own(Disclosure, request.acting).filter(what=operations.BUNDLE)
        copy = get_object_or_404(copies, pk=copy_id)
        return HttpResponse(operations.open_bundle(by=request.acting, disclosure=copy), content_type=CONTENT_TYPE)


class BundleSchema(ApiView):
    """JSON Schema of the file."""

    access = "public"

    @ReadOnly(operation_id="bundle_schema", responses={(200, "application/schema+json"): OpenApiTypes.OBJECT})
    def get(self, request):
        return HttpResponse(published(), content_type="application/schema+json")
