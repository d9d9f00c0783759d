"""ModelViewSets; django-guardian says which cases, by the filter of ``djangorestframework-guardian`` written out."""

from guardian.shortcuts import get_objects_for_user
from rest_framework import serializers, viewsets
from rest_framework.filters import BaseFilterBackend, SearchFilter
from rest_framework.permissions import DjangoObjectPermissions

from bench.stock import models


class ObjectPermissionsFilter(BaseFilterBackend):
    def filter_queryset(self, request, queryset, view):
        return get_objects_for_user(request.user, "stock.view_case", queryset, accept_global_perms=False)


class OfOpenCases(BaseFilterBackend):
    def filter_queryset(self, request, queryset, view):
        opened = get_objects_for_user(request.user, "stock.view_case", models.Case, accept_global_perms=False)
        return queryset.filter(case__in=opened)


def of(model, *fields, **nested):
    meta = type("Meta", (), {"model": model, "fields": ["id", *fields, *nested]})
    return type(f"{model.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta, **nested})


def many(serializer):
    return serializer(many=True, read_only=True)


Listed = of(
    models.Case, "number", "opened_on", person=serializers.CharField(source="individual.name", read_only=True),
    handled_by=serializers.CharField(source="worker.user.name", read_only=True),
)  # fmt: skip
Measures = of(models.Measure, "goal", "need", "title", "status", "starts_on", "ends_on",
              who=serializers.CharField(source="responsible.membership.user.name", read_only=True))  # fmt: skip
Version = of(
    models.PlanVersion, "number", "state", "what_matters", "current_situation", "strengths", "starts_on",
    "follow_up_on", goals=many(of(models.Goal, "area", "own_words", "wording")), measures=many(Measures),
    sections=many(of(models.Section, "area", "text", "state")),
)  # fmt: skip
Note = of(models.Note, "kind", "event_on", "fact", "assessment", "signed_at")
Whole = of(
    models.Case, "number", "programme", "opened_on",
    person=serializers.CharField(source="individual.name", read_only=True),
    handled_by=serializers.CharField(source="worker.user.name", read_only=True),
    clocks=many(of(models.Clock, "kind", "due_on", "done_at")),
    consents=many(of(models.Consent, "kind", "starts_on", "ends_on")),
    team=many(of(models.TeamMember, "function", "state",
                 name=serializers.CharField(source="membership.user.name", read_only=True))),
    versions=many(of(models.PlanVersion, "number", "state", "what_matters", "follow_up_on")),
    notes=many(of(models.Note, "kind", "event_on")),
)  # fmt: skip


class Cases(viewsets.ModelViewSet):
    queryset = models.Case.objects.filter(closed_on=None).select_related("individual", "worker__user")
    permission_classes = [DjangoObjectPermissions]
    filter_backends = [ObjectPermissionsFilter, SearchFilter]
    search_fields = ["individual__name"]

    def get_serializer_class(self):
        return Whole if self.action == "retrieve" else Listed

    def get_queryset(self):
        found = super().get_queryset()
        if self.action != "retrieve":
            return found
        return found.prefetch_related("clocks", "consents", "team__membership__user", "versions", "notes")


class Plans(viewsets.ModelViewSet):
    queryset = models.PlanVersion.objects.prefetch_related(
        "goals", "measures__responsible__membership__user", "sections"
    ).order_by("id")
    permission_classes = [DjangoObjectPermissions]
    filter_backends = [OfOpenCases]
    serializer_class = Version


class Notes(viewsets.ModelViewSet):
    queryset = models.Note.objects.all()
    filter_backends = [OfOpenCases]
    serializer_class = Note
