"""Django's admin over the same cases, with the same filter."""

from django.contrib import admin
from guardian.admin import GuardedModelAdmin
from guardian.shortcuts import get_objects_for_user

from bench.stock import models


def opened(request):
    return get_objects_for_user(request.user, "stock.view_case", models.Case, accept_global_perms=False)


def inline(of, *fields, raw=()):
    facts = {"model": of, "fields": fields, "raw_id_fields": raw, "extra": 0}
    return type(f"{of.__name__}Inline", (admin.TabularInline,), facts)


@admin.register(models.Case)
class Cases(GuardedModelAdmin):
    list_display = ["number", "individual", "worker", "opened_on"]
    list_select_related = ["individual", "worker__user"]
    search_fields = ["individual__name"]
    fields = ["number", "programme", "individual", "worker", "opened_on"]
    raw_id_fields = ["individual", "worker"]
    inlines = [
        inline(models.Clock, "kind", "due_on", "done_at"), inline(models.Consent, "kind", "starts_on", "ends_on"),
        inline(models.TeamMember, "membership", "function", "state", raw=["membership"]),
        inline(models.PlanVersion, "number", "state", "follow_up_on"), inline(models.Note, "kind", "event_on"),
    ]  # fmt: skip

    def get_queryset(self, request):
        return opened(request).filter(closed_on=None)


class OfCases(admin.ModelAdmin):
    def get_queryset(self, request):
        return super().get_queryset(request).filter(case__in=opened(request))


@admin.register(models.PlanVersion)
class Plans(OfCases):
    fields = ["number", "state", "what_matters", "current_situation", "strengths", "starts_on", "follow_up_on"]
    inlines = [
        inline(models.Goal, "area", "own_words", "wording"),
        inline(models.Measure, "need", "title", "status", "starts_on", "ends_on", "responsible", raw=["responsible"]),
        inline(models.Section, "area", "text", "state"),
    ]


@admin.register(models.Note)
class Notes(OfCases):
    fields = ["kind", "event_on", "fact", "assessment"]
